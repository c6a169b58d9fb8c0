"""The store of vectors."""

import numpy as np
import pytest

from bot.matching.vectors import VectorStore, nearest_mean
from tests.fakes import CountingEncoder


def test_each_text_is_encoded_once() -> None:
    """However often a text is asked for, and however many schools share it, its vector is made once."""
    encoder = CountingEncoder()
    store = VectorStore(encoder)
    store.rows(["a phone", "a friend", "a phone"])
    store.rows(["a friend", "a parent"])
    assert encoder.encoded == ["a phone", "a friend", "a parent"]
    assert len(store) == 3


def test_a_text_keeps_its_row_while_the_store_grows() -> None:
    """Rows that a reader holds stay valid."""
    store = VectorStore(CountingEncoder())
    rows = store.rows(["a phone", "a friend"])
    before = store.vectors(rows).copy()
    store.rows([f"text number {number}" for number in range(500)])
    assert (store.vectors(rows) == before).all()
    assert (store.rows(["a phone", "a friend"]) == rows).all()


@pytest.mark.parametrize("picked", [[0, 1, 2], [2, 0], [1], [1, 1]], ids=["together", "apart", "one", "twice"])
def test_likeness_is_the_cosine_of_each_row(picked: list[int]) -> None:
    """A text is wholly like itself, whichever rows are asked for."""
    texts = ["a phone in class", "a friend request", "a staff chat"]
    store = VectorStore(CountingEncoder())
    rows = store.rows(texts)[picked]
    likeness = store.likeness(rows, store.vectors(store.rows(["a friend request"]))[0])
    assert [value > 0.999 for value in likeness] == [texts[one] == "a friend request" for one in picked]


def test_no_rows_have_no_likeness() -> None:
    """Nothing compared gives nothing."""
    store = VectorStore(CountingEncoder())
    assert store.likeness(store.rows([]), np.zeros(512, dtype=np.float32)).shape == (0,)


@pytest.mark.parametrize(
    ("likeness", "mean"),
    [([], 0.0), ([0.5], 0.5), ([0.1, 0.3], 0.2), ([0.9, 0.1, 0.6, 0.3], 0.6)],
)
def test_the_nearest_mean_is_of_the_best_three(likeness: list[float], mean: float) -> None:
    """Fewer than three count as they are, none as 0."""
    assert nearest_mean(np.array(likeness, dtype=np.float32)) == pytest.approx(mean)
