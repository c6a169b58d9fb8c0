"""Logistic regression over many sparse traits: fitted at start, in plain numpy, the same every time.

Minimises by L-BFGS: the curvature is guessed from the last few steps, so that no matrix of traits by traits is needed.
"""

from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from bot.traits import Traits

Matrix = NDArray[np.float64]
Rows = NDArray[np.intp]
_STEPS = 30
_MEMORY = 10
_ENOUGH = 1e-4  # of the slope at the beginning
_DESCENT = 1e-4
_SHORTEST = 1e-6


@dataclass(frozen=True, slots=True)
class Weights:
    """What was learnt: for each class the weight of every dense and sparse trait, and where its scale begins."""

    dense: NDArray[np.float32]
    sparse: NDArray[np.float32]
    start: NDArray[np.float32]

    def chances(self, traits: Traits) -> Matrix:
        """Return the chance of each class (0..1), shape (classes,)."""
        by_words = traits.values @ self.sparse[traits.slots]
        return _sigmoid((traits.dense @ self.dense + by_words + self.start).astype(np.float64))


class Examples:
    """The traits of many messages, as one table."""

    def __init__(self, traits: Sequence[Traits], slots: int) -> None:
        self._dense = np.stack([np.append(one.dense, np.float32(1)) for one in traits])
        self._slots = slots
        lengths = [len(one.slots) for one in traits]
        self._rows = np.repeat(np.arange(len(traits)), lengths)
        self._columns = np.concatenate([one.slots for one in traits])
        self._values = np.concatenate([one.values for one in traits])

    def __len__(self) -> int:
        """Return how many messages there are."""
        return len(self._dense)

    @property
    def width(self) -> int:
        """How many weights a class has: dense, start, sparse."""
        return self.start + 1 + self._slots

    @property
    def start(self) -> int:
        """Where the weight stands that every message has."""
        return int(self._dense.shape[1]) - 1

    def times(self, weights: Matrix) -> Matrix:
        """Return the scores of every message for weights of shape (width, classes)."""
        sparse = self.start + 1
        scores = self._dense @ weights[:sparse].astype(np.float32)
        return scores + _gathered(self._rows, self._columns, self._values, weights[sparse:], len(self))

    def back(self, errors: Matrix) -> Matrix:
        """Return for every trait the sum of the errors of the messages that have it, shape (width, classes)."""
        dense = self._dense.T @ errors.astype(np.float32)
        return np.vstack([dense, _gathered(self._columns, self._rows, self._values, errors, self._slots)])


def _gathered(into: Rows, of: Rows, values: NDArray[np.float32], table: Matrix, size: int) -> Matrix:
    """Sum rows of a table, each times its value, into the rows where they belong."""
    columns = np.ascontiguousarray(table.T)
    return np.stack([np.bincount(into, values * column[of], minlength=size) for column in columns], axis=1)


def fit(examples: Examples, wanted: Matrix, shares: Matrix, ridge: float) -> Weights:
    """Fit one regression a class, that class against the rest.

    `wanted` is 1 for the messages of a class and 0 for the others, `shares` how much each counts; (messages, classes).
    """
    width, classes = examples.width, wanted.shape[1]
    ridges = np.full((width, 1), ridge)
    ridges[examples.start] = 0.0

    def loss(flat: Matrix) -> tuple[float, Matrix]:
        weights = flat.reshape(width, classes)
        scores = examples.times(weights)
        missed = np.logaddexp(0, np.where(wanted > 0, -scores, scores))
        errors = shares * (_sigmoid(scores) - wanted)
        slope = examples.back(errors) + ridges * weights
        return float((shares * missed).sum() + (ridges * weights**2).sum() / 2), slope.ravel()

    weights = _lowest(loss, np.zeros(width * classes)).reshape(width, classes).astype(np.float32)
    start = examples.start
    return Weights(weights[:start], weights[start + 1 :], weights[start])


def _lowest(loss: Callable[[Matrix], tuple[float, Matrix]], at: Matrix) -> Matrix:
    """Walk downhill until the slope is a small part of what it was."""
    value, slope = loss(at)
    flat_enough = _ENOUGH * np.abs(slope).max()
    steps: deque[tuple[Matrix, Matrix]] = deque(maxlen=_MEMORY)
    for _ in range(_STEPS):
        if np.abs(slope).max() <= flat_enough:
            break
        way = -_bent(slope, steps)
        length, descent = 1.0, float(slope @ way)
        while True:
            next_value, next_slope = loss(at + length * way)
            if next_value <= value + _DESCENT * length * descent or length < _SHORTEST:
                break
            length /= 2
        step, change = length * way, next_slope - slope
        if step @ change > 0:
            steps.append((step, change))
        at, value, slope = at + step, next_value, next_slope
    return at


def _bent(slope: Matrix, steps: Sequence[tuple[Matrix, Matrix]]) -> Matrix:
    """Return the slope bent by the curvature that the last steps met (the two loops of L-BFGS)."""
    if not steps:
        return slope / max(float(np.linalg.norm(slope)), 1e-12)
    way = slope.copy()
    parts: list[float] = []
    for step, change in reversed(steps):
        parts.append(float(step @ way / (step @ change)))
        way -= parts[-1] * change
    step, change = steps[-1]
    way *= (step @ change) / (change @ change)
    for (step, change), part in zip(steps, reversed(parts), strict=True):
        way += step * (part - float(change @ way / (step @ change)))
    return way


def _sigmoid(values: Matrix) -> Matrix:
    chances: Matrix = 1 / (1 + np.exp(-np.clip(values, -30, 30)))
    return chances
