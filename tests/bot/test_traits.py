"""What the sense notices in a message."""

import numpy as np
import pytest

from bot.matching.text import words
from bot.traits import TraitFinder, Traits
from bot.triage import SafetyFloor
from tests.bot.builders import BARE_CATALOGUE, CATALOGUE

VECTOR = np.array([0.6, 0.8], np.float32)
ENDS, BEGINS, SUPPOSES, LEAVE = range(4)
EXAMPLES = ("she hit him", "she hit him", "he hit out")


def _finder(*examples: str, bare: bool = True) -> TraitFinder:
    floor = SafetyFloor(BARE_CATALOGUE if bare else CATALOGUE)
    return TraitFinder([(text, words(text)) for text in examples], floor)


def _traits(text: str, finder: TraitFinder | None = None) -> Traits:
    return (finder or _finder()).traits(text, words(text), VECTOR)


def _form(text: str) -> list[bool]:
    return [bool(one) for one in _traits(text).dense[len(VECTOR) :]]


def test_the_meaning_is_kept_as_it_is() -> None:
    """The vector comes first, unchanged."""
    assert (_traits("she hit him").dense[: len(VECTOR)] == VECTOR).all()


@pytest.mark.parametrize(
    ("text", "form"),
    [
        ("can i call a pupil?", [True, True, False, True]),
        ("can i call a pupil", [False, True, False, True]),
        ("a pupil told me he is scared", [False, False, False, False]),
        ("what if a pupil told me he is scared", [False, True, True, False]),
        ("suppose a pupil told me", [False, False, True, False]),
        ("he hits her, what should we do? ", [True, False, False, True]),
        ("", [False, False, False, False]),
    ],
)
def test_asking_supposing_and_telling_are_told_apart(text: str, form: list[bool]) -> None:
    """Whether it ends and begins as a question, supposes something, and asks for leave."""
    found = _form(text)
    assert [found[ENDS], found[BEGINS], found[SUPPOSES], found[LEAVE]] == form


def test_a_word_of_one_example_alone_teaches_nothing() -> None:
    """Words and pairs count from the second example on; unknown ones are left out."""
    finder = _finder(*EXAMPLES)
    known = set(_traits("she hit him", finder).slots.tolist())
    assert known
    assert set(_traits("she hit out", finder).slots.tolist()) < known
    assert _traits("zebra crossing", finder).slots.size == 0


def test_a_repeated_word_counts_once() -> None:
    """Saying a word twice adds only the new pair of neighbours, not the word again."""
    finder = _finder(*EXAMPLES)
    assert len(set(slots := _traits("she hit him she hit him", finder).slots.tolist())) == len(slots)


def test_the_order_of_words_is_noticed() -> None:
    """ "She hit him" and "him hit she" share their words and not their pairs."""
    finder = _finder("she hit him", "she hit him", "him hit she", "him hit she")
    told, turned = (set(_traits(text, finder).slots.tolist()) for text in ("she hit him", "him hit she"))
    assert told & turned
    assert told - turned


def test_the_end_of_a_question_is_another_end() -> None:
    """The last word of a question is another trait than the last word of a statement."""
    finder = _finder("she hit him", "she hit him", "she hit him?", "she hit him?")
    assert set(_traits("she hit him", finder).slots.tolist()) != set(_traits("she hit him?", finder).slots.tolist())


def test_the_floors_word_lists_are_traits() -> None:
    """Two messages with entries of one word list share that list, though they share no word that was learnt."""
    finder = _finder(*EXAMPLES, bare=False)
    by_one, by_other = (set(_traits(f"zebra {one} zebra", finder).slots.tolist()) for one in ("pupil", "a boy"))
    assert by_one & by_other
    assert _traits("zebra zebra", finder).slots.size == 0


def test_long_messages_do_not_shout() -> None:
    """The words of a message weigh the same together, however many they are."""
    texts = ("she hit him", "she hit him and then he hit her and she hit him again")
    finder = _finder(*texts, *texts)
    short, long = (float((_traits(text, finder).values ** 2).sum()) for text in texts)
    assert short == pytest.approx(long)


def test_every_slot_is_within_the_table() -> None:
    """What is found can be looked up in weights of as many slots as the finder says."""
    finder = _finder(*EXAMPLES, bare=False)
    found = _traits("a boy has a knife, she hit him", finder).slots
    assert found.size
    assert found.max() < finder.slots
