"""Ranking clauses, and saying how sure."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.matching.matcher import Ranking, rank
from bot.matching.weights import LEXICAL
from knowledge.model import Clause
from tests.bot.builders import BARE_SCHOOL, CONDUCT, FRIENDS, PHONES, question, view, view_of, view_with

CLAUSES = (*CONDUCT.clauses, *PHONES.clauses)


def _ranking(text: str) -> Ranking:
    return rank(question(text), view().index, LEXICAL)


@pytest.mark.parametrize("clause", CLAUSES, ids=lambda clause: clause.id)
def test_an_example_question_finds_its_clause(clause: Clause) -> None:
    """What a pack says is asked is answered by the clause it stands under."""
    for text in clause.asked:
        assert _ranking(text).ranked[0].clause.id == clause.id


def test_a_reworded_question_finds_its_clause() -> None:
    """Words in common, in another order and another form, are enough."""
    assert _ranking("accepting friend requests of pupils").ranked[0].clause.id == FRIENDS.id


def test_an_example_question_is_surer_than_nonsense() -> None:
    """Confidence tells a question of the policy from one it does not know."""
    assert _ranking(FRIENDS.asked[0]).confidence > 0.9
    assert _ranking("xyzzy plugh").confidence < 0.3


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=200))
def test_a_ranking_is_in_order_and_at_most_ten_long(text: str) -> None:
    """Best first, shares of the belief that sum to at most one, and a chance between 0 and 1."""
    ranking = _ranking(text)
    shares = [one.share for one in ranking.ranked]
    assert len(shares) == 10
    assert shares == sorted(shares, reverse=True)
    assert sum(shares) <= 1.0001
    assert 0 <= ranking.confidence <= 1


def test_no_clause_is_ranked_twice() -> None:
    """Ten places are ten clauses."""
    ids = [one.clause.id for one in _ranking("phone").ranked]
    assert len(set(ids)) == len(ids)


def test_a_school_without_clauses_has_nothing_to_rank() -> None:
    """An empty ranking, and no confidence in it."""
    ranking = rank(question(), view_of(BARE_SCHOOL).index, LEXICAL)
    assert (ranking.ranked, ranking.confidence) == ((), 0.0)


def test_a_school_with_one_clause_ranks_it() -> None:
    """The only clause comes first, without a runner-up."""
    (only,) = rank(question(FRIENDS.asked[0]), view_with(FRIENDS).index, LEXICAL).ranked
    assert (only.clause, only.share) == (FRIENDS, 1.0)


def test_clauses_that_are_alike_keep_the_order_of_the_policy() -> None:
    """A draw is always decided the same way."""
    twin = replace(FRIENDS, id="twin")
    ranked = rank(question(FRIENDS.asked[0]), view_with(twin, FRIENDS).index, LEXICAL).ranked
    assert [one.share for one in ranked] == pytest.approx([0.5, 0.5], abs=0.05)


def test_the_same_question_is_ranked_the_same() -> None:
    """Nothing is drawn at random."""
    assert [one.share for one in _ranking("phone").ranked] == [one.share for one in _ranking("phone").ranked]
