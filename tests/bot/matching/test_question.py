"""Analysing a question."""

import numpy as np

from bot.matching.lexical import LexicalEncoder
from bot.matching.question import analyse
from bot.matching.shared import build_shared
from bot.matching.vectors import VectorStore
from tests.bot.builders import CATALOGUE, question


def test_a_question_is_kept_as_typed_and_as_mended() -> None:
    """Spelling is repaired beside the typed words, never instead of them."""
    asked = question("frend request on Insta")
    assert asked.text == "frend request on Insta"
    assert asked.typed == ("frend", "request", "on", "insta")
    assert asked.tokens == ("friend", "request", "on", "insta")
    assert asked.mended == "friend request on insta"


def test_a_question_is_encoded_as_it_was_understood() -> None:
    """A misspelt question has the vector of the right spelling."""
    assert np.allclose(question("frend request").vector, question("friend request").vector)


def test_a_question_is_widened_by_the_lexicon() -> None:
    """Slang brings the words of the policy."""
    assert "instagram" in question("insta").stems


def test_without_a_speller_words_stay_as_typed() -> None:
    """Spelling repair is optional."""
    shared = build_shared(CATALOGUE, VectorStore(LexicalEncoder()), None)
    assert analyse("frend", LexicalEncoder(), shared).tokens == ("frend",)


def test_each_topic_has_its_score() -> None:
    """A question of a topic belongs to that topic most."""
    scores = question("do i need to join the staff chat").topics
    assert scores.shape == (len(CATALOGUE.topics),)
    assert CATALOGUE.topics[int(scores.argmax())].id == "staff-chat"


def test_an_out_of_scope_question_is_near_its_example() -> None:
    """What no policy answers is told from what one might."""
    lunch = CATALOGUE.out_of_scope[1]
    assert question(lunch).out_of_scope > question("can i be friends with a pupil").out_of_scope


def test_a_question_without_words_is_analysed() -> None:
    """Emoji alone are no error."""
    asked = question("🙂")
    assert asked.typed == ()
    assert np.isfinite(asked.vector).all()
