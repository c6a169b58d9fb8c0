"""Ranks the clauses of a school for a question, and says how likely the best one is to answer it.

The ranker is a weighted sum of signals. The gate is a logistic regression over the ranking's outcome and over how
near the question lies to topics and to examples of what no policy answers; it gives the calibrated confidence.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from bot.matching.index import SIGNALS, SchoolIndex
from bot.matching.question import Question
from bot.matching.weights import Weights
from knowledge.model import Clause

GATE_SIGNALS = ("best", "margin", "nearest", "topic", "out_of_scope", "topic_over_scope", "keywords", "length")
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
    signals = index.signals(question)
    if not len(signals):
        return Ranking((), 0.0, {})
    scores = signals @ np.array(weights.ranker, dtype=np.float32)
    order = np.argsort(-scores, kind="stable")[:_KEPT]
    shares = np.exp(scores - scores[order[0]])
    shares = shares / shares.sum()
    clauses = index.clauses
    ranked = tuple(
        Ranked(
            clause=clauses[number],
            rank_score=float(scores[number]),
            share=float(shares[number]),
            signals=dict(zip(SIGNALS, map(float, signals[number]), strict=True)),
        )
        for number in order
    )
    gate = gate_signals(question, scores[order], signals[order])
    return Ranking(ranked, _chance(gate, weights), dict(zip(GATE_SIGNALS, gate, strict=True)))


def gate_signals(question: Question, scores: NDArray[np.float32], signals: NDArray[np.float32]) -> tuple[float, ...]:
    """Return the GATE_SIGNALS of a ranking; `scores` and `signals` are those of the best clauses, best first."""
    topic = float(question.topics.max()) if question.topics.size else 0.0
    second = float(scores[1]) if len(scores) > 1 else 0.0
    return (
        float(scores[0]),
        float(scores[0]) - second,
        float(signals[0][SIGNALS.index("asked_near")]),
        topic,
        question.out_of_scope,
        topic - question.out_of_scope,
        float(signals[0][SIGNALS.index("keywords_asked")]),
        math.log(1 + len(question.tokens)),
    )


def _chance(gate: tuple[float, ...], weights: Weights) -> float:
    *factors, constant = weights.gate
    total = sum(factor * signal for factor, signal in zip(factors, gate, strict=True)) + constant
    return 1 / (1 + math.exp(-max(min(total, 30.0), -30.0)))
