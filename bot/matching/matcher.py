"""Ranks the clauses of a school for a question, and says how likely the best one is to answer it.

The ranker is a weighted sum of signals. The gate is a logistic regression over the ranking's outcome and over how
near the question lies to the policies and to examples of what no policy answers; it gives the calibrated confidence.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from bot.matching.index import SIGNALS, Scan, SchoolIndex
from bot.matching.question import Question
from bot.matching.weights import Weights
from knowledge.model import Clause

GATE_SIGNALS = ("clause", "margin", "within", "nearest_over_background", "topic")
_KEPT = 10


@dataclass(frozen=True, slots=True)
class Ranked:
    """A clause with its share of the belief (0..1 over the school) and the signals that put it there."""

    clause: Clause
    rank_score: float
    share: float
    signals: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Ranking:
    """The best clauses first, at most ten, and the chance (0..1) that the first one answers the question."""

    ranked: tuple[Ranked, ...]
    confidence: float
    gate: Mapping[str, float]


def rank(question: Question, index: SchoolIndex, weights: Weights) -> Ranking:
    """Rank the clauses of a school for a question. A school without clauses gives an empty ranking."""
    scan = index.scan(question)
    if not len(scan.signals):
        return Ranking((), 0.0, {})
    scores = scan.signals @ np.array(weights.ranker, dtype=np.float32)
    order = np.argsort(-scores, kind="stable")[:_KEPT]
    shares = np.exp(scores - scores[order[0]])
    shares = shares / shares.sum()
    clauses = index.clauses
    ranked = tuple(
        Ranked(
            clause=clauses[number],
            rank_score=float(scores[number]),
            share=float(shares[number]),
            signals=dict(zip(SIGNALS, map(float, scan.signals[number]), strict=True)),
        )
        for number in order
    )
    gate = gate_signals(question, scan, scores)
    return Ranking(ranked, _chance(gate, weights), dict(zip(GATE_SIGNALS, gate, strict=True)))


def gate_signals(question: Question, scan: Scan, scores: NDArray[np.float32]) -> tuple[float, ...]:
    """Return the GATE_SIGNALS of a ranking, given the rank score of every clause."""
    first = int(scores.argmax())
    best = np.sort(scores)[::-1]
    return (
        float(scan.signals[first, SIGNALS.index("clause")]),
        float(best[0] - best[1]) if len(best) > 1 else float(best[0]),
        scan.within,
        scan.nearest - question.out_of_scope,
        float(question.topics.max()) if question.topics.size else 0.0,
    )


def _chance(gate: tuple[float, ...], weights: Weights) -> float:
    *factors, constant = weights.gate
    total = sum(factor * signal for factor, signal in zip(factors, gate, strict=True)) + constant
    return 1 / (1 + math.exp(-max(min(total, 30.0), -30.0)))
