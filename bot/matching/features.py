"""The words of a text as numbers: hashed word stems and letter trigrams, weighted by how telling they are."""

import math
import zlib
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from bot.matching.lexicon import Lexicon
from bot.matching.text import words
from bot.ports import Vectors

_SLOTS = 2048
FEATURES = 2 * _SLOTS
# How much of the likeness of two texts comes from their stems and from their trigrams; a vector's cosine counts 1.
_STEMS_SHARE = 0.20
_TRIGRAMS_SHARE = 0.15
_SIGN = 1 << 28


@dataclass(frozen=True, slots=True)
class Features:
    """The features of one text that are not zero: where they stand (0..FEATURES) and what they are."""

    slots: NDArray[np.intp]
    values: NDArray[np.float32]


class Featuriser:
    """Turns texts into features. The product of two texts' features says how alike their words are."""

    def __init__(self, lexicon: Lexicon, texts: Sequence[str]) -> None:
        """Learn from texts how rare a stem or trigram is."""
        self._lexicon = lexicon
        self._count = len(texts)
        self._stems: Counter[str] = Counter()
        self._trigrams: Counter[str] = Counter()
        for text in texts:
            tokens = words(text)
            self._stems.update(lexicon.widen(tokens).keys())
            self._trigrams.update(_trigrams(tokens).keys())

    def features(self, tokens: Sequence[str], stems: Mapping[str, float]) -> Features:
        """Return the features of a text, given its words and its widened stems."""
        own = _block(self._weighted(stems, self._stems), 0, _STEMS_SHARE)
        own.update(_block(self._weighted(_trigrams(tokens), self._trigrams), _SLOTS, _TRIGRAMS_SHARE))
        return Features(np.array(list(own), dtype=np.intp), np.array(list(own.values()), dtype=np.float32))

    def matrix(self, texts: Sequence[str]) -> Vectors:
        """Return the features of texts, shape (texts, FEATURES)."""
        rows = np.zeros((len(texts), FEATURES), dtype=np.float32)
        for number, text in enumerate(texts):
            tokens = words(text)
            features = self.features(tokens, self._lexicon.widen(tokens))
            rows[number, features.slots] = features.values
        return rows

    def _weighted(self, found: Mapping[str, float], seen: Mapping[str, int]) -> Iterable[tuple[str, float]]:
        for name, weight in found.items():
            yield name, weight * math.log(1 + self._count / (1 + seen.get(name, 0)))


def _block(weighted: Iterable[tuple[str, float]], start: int, share: float) -> dict[int, float]:
    """Hash features into slots from `start` on, with a random sign each, at the length that gives them their share."""
    values: dict[int, float] = {}
    for name, weight in weighted:
        number = zlib.crc32(name.encode())
        slot = start + number % _SLOTS
        values[slot] = values.get(slot, 0.0) + (weight if number & _SIGN else -weight)
    length = math.sqrt(sum(value * value for value in values.values()))
    scale = math.sqrt(share) / length if length else 0.0
    return {slot: value * scale for slot, value in values.items()}


def _trigrams(tokens: Sequence[str]) -> Mapping[str, float]:
    counts: Counter[str] = Counter()
    for token in tokens:
        padded = f"<{token}>"
        counts.update(padded[start : start + 3] for start in range(len(padded) - 2))
    return {trigram: 1 + math.log(times) for trigram, times in counts.items()}
