"""Keyword search, to compare with: BM25 (Robertson and Zaragoza 2009) over the clauses of one policy."""

import math
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

_K1 = 1.2
_B = 0.6


class KeywordIndex:
    """Scores every document of a fixed list against weighted stems."""

    def __init__(self, documents: Sequence[Sequence[str]]) -> None:
        """Index documents, each a list of stems."""
        self._count = len(documents)
        lengths = np.array([max(len(document), 1) for document in documents], dtype=np.float32)
        mean = float(lengths.mean()) if self._count else 1.0
        postings: dict[str, list[tuple[int, float]]] = defaultdict(list)
        for number, document in enumerate(documents):
            norm = _K1 * (1 - _B + _B * lengths[number] / mean)
            for stem, times in Counter(document).items():
                postings[stem].append((number, times * (_K1 + 1) / (times + norm)))
        self._postings = {stem: self._posting(found) for stem, found in postings.items()}

    def _posting(self, found: Sequence[tuple[int, float]]) -> tuple[NDArray[np.intp], NDArray[np.float32]]:
        idf = math.log(1 + (self._count - len(found) + 0.5) / (len(found) + 0.5))
        numbers = np.array([number for number, _ in found], dtype=np.intp)
        return numbers, np.array([idf * weight for _, weight in found], dtype=np.float32)

    def scores(self, stems: Mapping[str, float]) -> NDArray[np.float32]:
        """Return a score for each document, shape (documents,); 0 where no word is shared."""
        totals = np.zeros(self._count, dtype=np.float32)
        for stem, weight in stems.items():
            posting = self._postings.get(stem)
            if posting is not None:
                totals[posting[0]] += weight * posting[1]
        return totals
