"""The packs that come with Signpost are whole."""

from pathlib import Path

import pytest

from knowledge.about import ABOUT_SUFFIX
from knowledge.coverage import coverage_of
from knowledge.documents.reader import read_document
from knowledge.loader import KnowledgeFolder, load_catalogue, load_one
from knowledge.locators import resolve, uncovered
from knowledge.model import Clause, School

FOLDER = KnowledgeFolder()
TOPICS = frozenset(topic.id for topic in load_catalogue(FOLDER).topics)
BUCKMINSTER = Path(__file__).parents[3] / "shared" / "policies" / "buckminster.txt"


def _school(name: str) -> School:
    school = load_one(FOLDER, name, TOPICS).school
    assert school
    return school


def _written(school: School) -> list[Clause]:
    clauses = [clause for policy in school.policies for clause in policy.clauses]
    return [clause for clause in clauses if not clause.id.endswith(ABOUT_SUFFIX)]


@pytest.mark.parametrize("name", FOLDER.school_ids())
def test_every_clause_is_asked_in_at_least_eight_ways(name: str) -> None:
    """Many voices find a clause; a few find it only for those who talk like its author."""
    assert {clause.id: len(clause.asked) for clause in _written(_school(name)) if len(clause.asked) < 8} == {}


@pytest.mark.parametrize("name", FOLDER.school_ids())
def test_every_clause_has_a_topic_and_a_locator(name: str) -> None:
    """A clause can be found by what people ask about, and quoted."""
    assert [clause.id for clause in _written(_school(name)) if not clause.topics or not clause.locator] == []


def test_the_model_policy_is_covered_whole() -> None:
    """Every passage of our own document has a clause, and every clause its quote."""
    school = _school("model")
    assert [one.missing for one in coverage_of(school)] == [()]
    assert len(_written(school)) >= 60
    assert [clause.id for clause in _written(school) if not clause.quote] == []


@pytest.mark.skipif(not BUCKMINSTER.is_file(), reason="the schools' documents are theirs and not beside this checkout")
def test_buckminsters_policy_is_covered_whole() -> None:
    """Every passage of Buckminster's document has a clause whose locator resolves."""
    document = read_document("buckminster.txt", BUCKMINSTER.read_bytes())
    clauses = _written(_school("buckminster"))
    found = [resolve(document, clause.locator, clause.says).passages for clause in clauses if clause.locator]
    assert all(found)
    assert uncovered(document, {passage.number for passages in found for passage in passages}) == []
