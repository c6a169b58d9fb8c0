"""Running a school's question set."""

from dataclasses import replace

import pytest

from bot.question_set import Asked, run_question_set
from knowledge.model import Question
from tests.bot.builders import FRIENDS, SCHOOL, decider, view
from tests.fakes import TODAY

FRIEND = "can i accept a friend request from a pupil"
LUNCH = "what is for lunch today"


def _asked(*rows: Question) -> list[Asked]:
    return list(run_question_set(replace(SCHOOL, questions=rows), view(), decider(), TODAY))


@pytest.mark.parametrize(
    ("row", "right"),
    [
        (Question(FRIEND, (FRIENDS.id,)), True),
        (Question(FRIEND, ("staff-chat", FRIENDS.id)), True),
        (Question(FRIEND, ("staff-chat",)), False),
        (Question(FRIEND), True),
        (Question(FRIEND, outcome="no_match"), False),
        (Question("xyzzy", outcome="no_match"), True),
        (Question("a boy has a knife", outcome="concern"), True),
        (Question(LUNCH, ("staff-chat",), outcome="clarify"), True),
        (Question(LUNCH, (FRIENDS.id,), outcome="clarify"), False),
    ],
)
def test_a_row_wants_an_outcome_and_a_clause(row: Question, right: bool) -> None:
    """A row is right with its outcome, and with one of its clauses shown, or offered where it asks back."""
    (asked,) = _asked(row)
    assert asked.right is right
    assert asked.failed is not right
    assert not asked.mended


def test_a_known_failure_does_not_fail() -> None:
    """A row that says why it fails may fail."""
    (asked,) = _asked(Question(FRIEND, ("staff-chat",), known_failure="too hard"))
    assert not asked.right
    assert not asked.failed
    assert not asked.mended


def test_a_known_failure_that_passes_is_mended() -> None:
    """A row that passes although marked is reported, so that the mark can go."""
    (asked,) = _asked(Question(FRIEND, (FRIENDS.id,), known_failure="too hard"))
    assert asked.mended
    assert not asked.failed


def test_rows_are_asked_in_order() -> None:
    """Each row keeps its position, and its reply is its own."""
    asked = _asked(Question(FRIEND), Question("hello", outcome="help"))
    assert [one.position for one in asked] == [0, 1]
    assert [one.reply.question for one in asked] == [FRIEND, "hello"]
