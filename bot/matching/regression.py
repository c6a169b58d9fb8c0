"""Kernel ridge regression: learns from example texts which class a question belongs to.

Examples vote for their classes by how like the question they are, in meaning and in words, and the votes are weighed
against each other so that every example is explained: near-duplicates share their say, misleading words lose theirs.
Fitted in closed form when a pack is loaded; nothing is drawn at random.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from bot.matching.features import Features
from bot.ports import Vectors

Scores = NDArray[np.float32]
# Chosen with questions by one hand held out against questions by another; see CONTRIBUTING.md, "Matching".
_WIDTH = 0.3
_RIDGE = 1.0


@dataclass(frozen=True, slots=True)
class Regression:
    """What was learnt: the say of each example, and of each word feature, for each class."""

    examples: Scores
    features: Scores

    def scores(self, likeness: Scores, features: Features) -> Scores:
        """Return a score a class, about 1 for a sure one and 0 for the others.

        `likeness` holds the cosine of the question's vector with each example's, in the order of fitting.
        """
        by_meaning = _kernel(likeness) @ self.examples
        by_words = features.values @ self.features[features.slots]
        total: Scores = by_meaning + by_words
        return total


def fit(vectors: Vectors, features: Vectors, targets: Scores) -> Regression:
    """Fit examples (one row each in all three) to their targets, shape (examples, classes)."""
    kernel = _kernel(vectors @ vectors.T) + features @ features.T
    kernel[np.diag_indices_from(kernel)] += _RIDGE
    examples = np.linalg.solve(kernel, targets).astype(np.float32)
    return Regression(examples, features.T @ examples)


def _kernel(cosines: Scores) -> Scores:
    kernel: Scores = np.exp((cosines - 1) / np.float32(_WIDTH))
    return kernel
