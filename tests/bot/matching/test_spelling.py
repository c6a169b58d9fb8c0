"""Repairing spelling."""

import pytest

from bot.matching.spelling import Speller


@pytest.fixture
def speller() -> Speller:
    """Return a speller of a little English that knows a school's words."""
    speller = Speller([("friend", 900), ("beach", 500), ("request", 400), ("question", 300), ("fiend", 200)])
    speller.teach(["whatsapp", "beech", "x", "c3po"])
    return speller


@pytest.mark.parametrize(
    ("typed", "mended"),
    [
        ("freind", "friend"),
        ("requst", "request"),
        ("qestoin", "question"),
        ("whatsap", "whatsapp"),
        ("bexch", "beech"),
    ],
    ids=["swapped", "left out", "long and two off", "taught", "taught wins over English"],
)
def test_a_misspelt_word_is_mended(speller: Speller, typed: str, mended: str) -> None:
    """The nearest known word takes its place; the school's own words win over English."""
    assert speller.mend([typed]) == [mended]


@pytest.mark.parametrize(
    "typed",
    ["friend", "whatsapp", "frd", "abc123", "zzzzzz", "frxxnd", ""],
    ids=["English", "taught", "short", "not letters", "unlike all", "short and two off", "empty"],
)
def test_other_words_are_left_alone(speller: Speller, typed: str) -> None:
    """Known words, short words, codes and words nobody knows stay as typed."""
    assert speller.mend([typed]) == [typed]


def test_words_keep_their_order(speller: Speller) -> None:
    """Each word is mended where it stands."""
    assert speller.mend(["a", "freind", "requst"]) == ["a", "friend", "request"]


def test_a_kept_word_is_never_changed(speller: Speller) -> None:
    """A school's own word stays as typed, however near a common one it lies."""
    speller.keep(["freind"])
    assert speller.mend(["freind"]) == ["freind"]


def test_nothing_is_mended_towards_a_kept_word(speller: Speller) -> None:
    """What one school writes does not show in another's questions."""
    speller.keep(["zebracanary"])
    assert speller.mend(["zebracanery"]) == ["zebracanery"]


@pytest.mark.parametrize("typed", ["untrained", "expupil", "upskirt", "trained"])
def test_a_repair_that_drops_or_adds_a_front_part_is_not_made(typed: str) -> None:
    """A front part turns the meaning round, so that the word without it is another word."""
    known = {"untrained": "trained", "expupil": "pupil", "upskirt": "skirt", "trained": "retrained"}
    assert Speller([(known[typed], 900)]).mend([typed]) == [typed]
