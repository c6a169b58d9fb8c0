"""Vectors: each text's is made once and stored once, however many schools share it."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from bot.ports import Encoder, Vectors

Rows = NDArray[np.intp]
_GROWTH = 1.5
_NEAREST = 3


class VectorStore:
    """Keeps one vector a text. Grows only; a reader's rows stay valid while others are added."""

    def __init__(self, encoder: Encoder) -> None:
        self._encoder = encoder
        self._rows: dict[str, int] = {}
        self._matrix: Vectors = np.zeros((0, 0), dtype=np.float32)

    def __len__(self) -> int:
        """Return how many texts have a vector."""
        return len(self._rows)

    def rows(self, texts: Sequence[str]) -> Rows:
        """Return the row of each text, encoding the new ones in one batch."""
        new = list(dict.fromkeys(text for text in texts if text not in self._rows))
        if new:
            self._append(new, self._encoder.encode(new))
        return np.array([self._rows[text] for text in texts], dtype=np.intp)

    def likeness(self, rows: Rows, vector: Vectors) -> NDArray[np.float32]:
        """Return the cosine of each row with a vector of unit length, shape (rows,)."""
        if not rows.size:
            return np.zeros(0, dtype=np.float32)
        first, last = int(rows[0]), int(rows[-1])
        together = last - first + 1 == rows.size and bool((np.diff(rows) == 1).all())
        vectors = self._matrix[first : last + 1] if together else self._matrix[rows]
        likeness: NDArray[np.float32] = vectors @ vector
        return likeness

    def vectors(self, rows: Rows) -> Vectors:
        """Return the vectors of rows, shape (rows, dimensions)."""
        return self._matrix[rows]

    def _append(self, texts: Sequence[str], vectors: Vectors) -> None:
        start = len(self._rows)
        needed = start + len(texts)
        if needed > len(self._matrix):
            grown = np.zeros((max(int(needed * _GROWTH), 64), vectors.shape[1]), dtype=np.float32)
            grown[:start] = self._matrix[:start] if start else grown[:0]
            self._matrix = grown
        self._matrix[start:needed] = vectors
        for offset, text in enumerate(texts):
            self._rows[text] = start + offset


def nearest_mean(likeness: NDArray[np.float32]) -> float:
    """Return the mean of the three highest; 0 where there is nothing."""
    if not likeness.size:
        return 0.0
    count = min(_NEAREST, likeness.size)
    return float(np.partition(likeness, -count)[-count:].mean())
