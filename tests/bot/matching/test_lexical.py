"""The encoder of last resort."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.matching.lexical import LexicalEncoder

ENCODER = LexicalEncoder()


def _like(one: str, other: str) -> float:
    first, second = ENCODER.encode([one, other])
    return float(first @ second)


def test_it_names_itself() -> None:
    """Its vectors are not compared with another encoder's."""
    assert ENCODER.identity() == "lexical/1"


@given(st.lists(st.text(max_size=50), max_size=5))
def test_rows_have_unit_length_or_none(texts: list[str]) -> None:
    """One row a text, of length 1, or 0 where there is no telling word."""
    rows = ENCODER.encode(texts)
    assert rows.shape == (len(texts), 512)
    assert rows.dtype == np.float32
    lengths = np.linalg.norm(rows, axis=1)
    assert all(length == pytest.approx(1, abs=1e-4) or length == 0 for length in lengths)


def test_shared_words_make_texts_alike() -> None:
    """Texts with words in common are nearer than texts without."""
    assert _like("friend request from a pupil", "accepting a pupil's friend request") > 0.7
    assert abs(_like("friend request", "sports day")) < 0.3


def test_a_misspelt_word_is_still_near() -> None:
    """Letters in common help where the word is not the same."""
    assert _like("facebook", "facebok") > 0.5


def test_stop_words_do_not_count() -> None:
    """A question put politely is the same question."""
    assert _like("can i please text a pupil", "text pupil") == pytest.approx(1, abs=1e-4)


def test_the_same_text_has_the_same_vector_always() -> None:
    """Nothing is drawn at random, in this process or another."""
    assert (ENCODER.encode(["a phone"]) == ENCODER.encode(["a phone"])).all()
