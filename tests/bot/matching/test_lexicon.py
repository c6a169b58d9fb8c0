"""Widening a question with the words a policy would use."""

from collections.abc import Mapping

import pytest

from bot.matching.lexicon import KIND_WEIGHT, MEANS_WEIGHT, Lexicon
from bot.matching.text import stem, stems, words
from knowledge.model import Synonyms

LEXICON = Lexicon(
    [
        Synonyms("instagram", ("insta", "the gram"), ("social media",)),
        Synonyms("social media", ("socials",)),
        Synonyms("photograph", ("insta", "pic")),
    ]
)


def _widened(text: str) -> Mapping[str, float]:
    return LEXICON.widen(words(text))


def test_a_questions_own_words_count_full() -> None:
    """Words the lexicon does not know stand for themselves."""
    assert _widened("stapler") == {stem("stapler"): 1.0}


def test_slang_brings_the_word_of_the_policy_and_its_kind() -> None:
    """What is meant counts more than the kind it belongs to."""
    widened = _widened("socials")
    assert {widened[one] for one in stems(["social", "media"])} <= {MEANS_WEIGHT, 1.0}
    assert _widened("the gram")[stem("instagram")] == MEANS_WEIGHT
    assert _widened("the gram")[stem("media")] == KIND_WEIGHT


def test_a_word_of_two_groups_brings_both() -> None:
    """Slang may mean more than one thing."""
    assert _widened("insta").keys() >= {stem("instagram"), stem("photograph")}


def test_a_phrase_counts_only_as_a_whole() -> None:
    """One word of a phrase is not the phrase."""
    assert stem("instagram") not in _widened("gram")


def test_a_typed_word_never_loses_weight() -> None:
    """Where a word is typed and meant too, it counts full."""
    assert _widened("insta instagram")[stem("instagram")] == 1.0


@pytest.mark.parametrize("word", ["insta", "gram", "instagram", "socials"])
def test_the_vocabulary_holds_every_word_of_the_lexicon(word: str) -> None:
    """The speller must leave these words alone."""
    assert word in LEXICON.vocabulary


def test_an_empty_lexicon_adds_nothing() -> None:
    """Without groups a question is its own words."""
    assert Lexicon([]).widen(["insta"]) == {stem("insta"): 1.0}
