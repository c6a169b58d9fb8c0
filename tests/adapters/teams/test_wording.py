"""What Teams says beside what every chat says."""

import re
from collections.abc import Iterator

import pytest

from adapters.teams import wording


def _sentences() -> Iterator[str]:
    yield from (text for name, text in vars(wording).items() if name.isupper() and isinstance(text, str))
    yield from (wording.later_ones(1), wording.later_ones(2), wording.school("Oakwood School"))


@pytest.mark.parametrize("text", list(_sentences()))
def test_the_words_are_calm_and_promise_nothing(text: str) -> None:
    """No exclamation, and nothing is called confidential, anonymous or a secret (RS-84)."""
    assert "!" not in text
    assert not re.search(r"confidential|anonym|secret|nobody else", text, re.IGNORECASE)


@pytest.mark.parametrize("text", list(_sentences()))
def test_nobody_is_asked_to_investigate(text: str) -> None:
    """Nothing asks who it is, or for anybody's name (RS-85)."""
    assert not re.search(r"\bwho (is|was) (it|involved)|\bnames? of\b|child's name|pupil's name", text, re.IGNORECASE)


@pytest.mark.parametrize("text", list(_sentences()))
def test_the_words_are_no_markdown(text: str) -> None:
    """Teams reads labels as markdown: none of ours holds a sign of it."""
    assert not re.search(r"[*_#`~\[\]<>|\\]|^\s*(\d+[.)]|[-+>]) ", text)


def test_what_a_shared_place_reads_says_nothing_of_a_concern() -> None:
    """A pointer to the own chat reads the same whatever the answer is about."""
    assert not re.search(r"concern|risk|child|999|worr|safeguard|danger", wording.ANSWERED_PRIVATELY, re.IGNORECASE)


@pytest.mark.parametrize(
    "text",
    [
        wording.OPEN_ME_FIRST,
        wording.SCHOOL_UNKNOWN,
        wording.CANNOT_SHOW,
        wording.SLOW_TAP,
        wording.ANSWER_COMES,
        wording.CARD_TOO_NEW,
        wording.NO_WORDS,
    ],
)
def test_whoever_gets_no_answer_reads_whom_to_tell(text: str) -> None:
    """Where Signpost fails somebody, they still know what to do about a child at risk."""
    assert "whoever leads on safeguarding" in text
    assert "999" in text
