"""A sense for concerns without alarm words: a logistic regression on the encoder, learnt from example messages.

The safety floor sees unmistakable words; most disclosures have none ("she flinches when he comes to fetch her"). The
regression is fitted at start from the catalogue's examples (a fraction of a second), so that it can never be older
than they are. It only ever adds help: it says that a person should be told, never that none need be.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from bot.matching.vectors import Rows, VectorStore
from bot.ports import Vectors
from knowledge.model import Catalogue, ConcernKind

# Categories whose messages describe a child or an adult at risk; the others are policy questions as often as not,
# and wait for the full triage.
AT_RISK = ("immediate-danger", "child-at-risk", "indecent-images", "adult-conduct", "head-conduct")
# Topics whose questions lie so close to live concerns that they would teach the wrong lesson.
_TOO_NEAR = frozenset(
    {"disclosure", "cry-for-help", "indecent-images", "low-level", "report-colleague", "pupil-cyberbullying"}
)
_RIDGE = 1.0
_STEPS = 8
_NEAREST = 3


@dataclass(frozen=True, slots=True)
class ConcernSense:
    """Says how likely a message describes someone at risk, and which category is nearest."""

    weights: NDArray[np.float64]
    store: VectorStore
    kinds: tuple[ConcernKind, ...]
    rows: tuple[Rows, ...]

    def chance(self, vector: Vectors) -> float:
        """Return the chance (0..1) that a message describes someone at risk."""
        return float(_sigmoid(np.append(vector, 1.0) @ self.weights))

    def nearest(self, vector: Vectors) -> ConcernKind:
        """Return the category whose examples lie nearest."""
        near = [np.sort(self.store.likeness(rows, vector))[-_NEAREST:].mean() for rows in self.rows]
        return self.kinds[int(np.argmax(near))]


def learn_sense(catalogue: Catalogue, store: VectorStore) -> ConcernSense | None:
    """Fit the sense to a catalogue; None where it has no examples of concerns."""
    kinds = tuple(kind for kind in catalogue.concerns if kind.id in AT_RISK and catalogue.concern_examples.get(kind.id))
    if not kinds:
        return None
    rows = tuple(store.rows(catalogue.concern_examples[kind.id]) for kind in kinds)
    calm = store.rows(_ordinary(catalogue))
    positive, negative = store.vectors(np.concatenate(rows)), store.vectors(calm)
    return ConcernSense(_fit(positive, negative), store, kinds, rows)


def _ordinary(catalogue: Catalogue) -> Sequence[str]:
    asked = [text for topic in catalogue.topics if topic.id not in _TOO_NEAR for text in topic.asked]
    return (*catalogue.ordinary, *catalogue.out_of_scope, *asked)


def _fit(positive: Vectors, negative: Vectors) -> NDArray[np.float64]:
    """Fit by Newton's method with a ridge; both classes weigh the same in all, however many examples they have."""
    samples = np.concatenate([positive, negative]).astype(np.float64)
    samples = np.hstack([samples, np.ones((len(samples), 1))])
    wanted = np.concatenate([np.ones(len(positive)), np.zeros(len(negative))])
    share = np.where(wanted == 1, 0.5 / len(positive), 0.5 / len(negative)) * len(samples)
    ridge = np.full(samples.shape[1], _RIDGE)
    ridge[-1] = 0.0
    weights = np.zeros(samples.shape[1])
    for _ in range(_STEPS):
        chance = _sigmoid(samples @ weights)
        slope = samples.T @ (share * (chance - wanted)) + ridge * weights
        curve = (samples * (share * chance * (1 - chance))[:, None]).T @ samples + np.diag(ridge + 1e-6)
        weights -= np.linalg.solve(curve, slope)
    return weights


def _sigmoid(values: NDArray[np.float64]) -> NDArray[np.float64]:
    return 1 / (1 + np.exp(-np.clip(values, -30, 30)))
