"""The encoder of last resort: likeness of letters and word stems, for when the sentence encoder is missing."""

import zlib
from collections.abc import Iterator, Sequence

import numpy as np

from bot.matching.text import stems, words
from bot.ports import Vectors

_SIZE = 512
_STEM_WEIGHT = 2.0


class LexicalEncoder:
    """Hashes word stems and character trigrams into 512 numbers. Knows spelling, not meaning."""

    def identity(self) -> str:
        """Name the encoder."""
        return "lexical/1"

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Return one row of unit length for each text, shape (texts, 512)."""
        rows = np.zeros((len(texts), _SIZE), dtype=np.float32)
        for number, text in enumerate(texts):
            for feature, weight in _features(text):
                slot = zlib.crc32(feature.encode())
                rows[number, slot % _SIZE] += weight if slot & 0x10000 else -weight
        lengths = np.linalg.norm(rows, axis=1, keepdims=True)
        unit: Vectors = rows / np.maximum(lengths, 1e-9)
        return unit


def _features(text: str) -> Iterator[tuple[str, float]]:
    tokens = words(text)
    for stem in stems(tokens):
        yield stem, _STEM_WEIGHT
        padded = f"<{stem}>"
        for start in range(len(padded) - 2):
            yield padded[start : start + 3], 1.0
