"""The packs that come with Signpost are whole."""

from pathlib import Path

import pytest

from knowledge.about import ABOUT_SUFFIX
from knowledge.coverage import coverage_of
from knowledge.documents.reader import read_document
from knowledge.loader import KnowledgeFolder, load_catalogue, load_one
from knowledge.locators import resolve, uncovered
from knowledge.model import Clause, RouteName, School

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


def test_the_model_school_shows_every_route() -> None:
    """Whoever tries Signpost sees all four routes work: each leads to made-up people, reachable in the try-out."""
    school = _school("model")
    assert set(school.routes) == set(RouteName)
    told = {role for route in school.routes.values() for role in route.people}
    assert {role for role in told if not school.contact(role).name or not school.contact(role).example} == set()
    assert {role for role in told if "web" not in {reach.kind for reach in school.contact(role).reach}} == set()
    assert "headteacher" not in school.routes[RouteName.HEAD].people


def test_every_number_of_the_model_school_is_kept_for_drama() -> None:
    """Nobody real is ever phoned from the example: its numbers are from the range Ofcom keeps for drama."""
    contacts = _school("model").contacts.values()
    numbers = [reach.value for contact in contacts for reach in contact.reach if reach.kind == "phone"]
    assert len(numbers) >= 8
    assert [number for number in numbers if not number.startswith("01632 960")] == []
    assert len(set(numbers)) == len(numbers)


@pytest.mark.parametrize("name", [name for name in FOLDER.school_ids() if name != "model"])
def test_a_real_school_has_nobody_invented(name: str) -> None:
    """The people and channels of the real schools are unknown: no holder, no route."""
    school = _school(name)
    assert not school.routes
    assert {contact.name for contact in school.contacts.values()} == {None}


@pytest.mark.skipif(not BUCKMINSTER.is_file(), reason="the schools' documents are theirs and not beside this checkout")
def test_buckminsters_policy_is_covered_whole() -> None:
    """Every passage of Buckminster's document has a clause whose locator resolves."""
    document = read_document("buckminster.txt", BUCKMINSTER.read_bytes())
    clauses = _written(_school("buckminster"))
    found = [resolve(document, clause.locator, clause.says).passages for clause in clauses if clause.locator]
    assert all(found)
    assert uncovered(document, {passage.number for passages in found for passage in passages}) == []
