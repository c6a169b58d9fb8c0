"""The index of a school."""

from dataclasses import replace

import numpy as np
import pytest

from bot.matching.index import SchoolIndex, build_policy_index
from bot.matching.lexical import LexicalEncoder
from bot.matching.matcher import rank
from bot.matching.shared import build_shared
from bot.matching.spelling import Speller
from bot.matching.vectors import VectorStore
from bot.matching.weights import LEXICAL
from knowledge.model import Clause, Policy, Stance
from tests.bot.builders import BARE_SCHOOL, CATALOGUE, CONDUCT, IN_CLASS, PHONES, question, shared, view, view_of
from tests.fakes import CountingEncoder

BARE = Clause("bare", "Phones", "Keep smart watches away.", "keeping smart watches away", Stance.MUST)


def _first(text: str, *policies: Policy) -> str:
    index = SchoolIndex(tuple(build_policy_index(policy, shared()) for policy in policies), shared())
    return rank(question(text), index, LEXICAL).ranked[0].clause.id


def test_a_school_has_the_clauses_of_all_its_policies() -> None:
    """In the order of the policies."""
    assert view().index.clauses == (*CONDUCT.clauses, *PHONES.clauses)


def test_a_school_without_policies_has_none() -> None:
    """An empty school is no error."""
    assert view_of(BARE_SCHOOL).index.clauses == ()


def test_a_second_index_of_a_policy_encodes_nothing() -> None:
    """Texts that have a vector keep it."""
    encoder = CountingEncoder()
    own = build_shared(CATALOGUE, VectorStore(encoder), None)
    build_policy_index(CONDUCT, own)
    before = len(encoder.encoded)
    build_policy_index(CONDUCT, own)
    assert len(encoder.encoded) == before


def test_the_speller_learns_the_words_of_a_policy() -> None:
    """A word of a clause is not taken for a mistake."""
    speller = Speller([("stuff", 10**9)])
    own = build_shared(CATALOGUE, VectorStore(LexicalEncoder()), speller)
    build_policy_index(replace(PHONES, clauses=(replace(IN_CLASS, asked=("may i keep my staf phone",)),)), own)
    assert speller.mend(["staf"]) == ["staf"]


def test_a_clause_without_questions_is_found_by_its_text() -> None:
    """Half-filled packs do not lose their bare clauses."""
    policy = replace(PHONES, clauses=(*PHONES.clauses, BARE))
    assert _first("smart watches away", CONDUCT, policy) == BARE.id


def test_a_clause_without_questions_is_found_by_its_topics_questions() -> None:
    """A bare clause borrows the questions of a topic that is its own."""
    bare = replace(BARE, topics=("friend-parent",))
    assert _first("can i friend a parent", replace(PHONES, clauses=(IN_CLASS, bare))) == bare.id


def test_an_unknown_topic_does_no_harm() -> None:
    """A clause may be ticked for a topic that the catalogue has not."""
    odd = replace(IN_CLASS, topics=("nobody-knows",))
    assert _first("may i keep my phone on my desk in a lesson", replace(PHONES, clauses=(odd, BARE))) == odd.id


@pytest.mark.parametrize("clauses", [(), (BARE,)], ids=["no clause", "one clause"])
def test_a_policy_may_be_tiny(clauses: tuple[Clause, ...]) -> None:
    """A policy just begun can be indexed and asked."""
    index = SchoolIndex((build_policy_index(replace(PHONES, clauses=clauses), shared()),), shared())
    assert len(rank(question("smart watches"), index, LEXICAL).ranked) == len(clauses)


def test_a_scan_has_a_finite_row_for_each_clause() -> None:
    """Whatever is asked, every clause is weighed."""
    scan = view().index.scan(question("🙂"))
    assert len(scan.signals) == len(view().index.clauses)
    assert np.isfinite(scan.signals).all()
