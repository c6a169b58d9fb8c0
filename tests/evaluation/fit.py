"""`python -m tests.evaluation.fit`: fits the matcher's weights to the calibration sets and rewrites `weights.py`.

The ranker's weights come from a conditional logit: the right clauses of a question against all others. Besides the
calibration sets, which are few but blind, the packs' own example questions count here with a small weight: half of
each clause's are asked of an index that knows only the other half. The gate's weights come from a logistic regression
over the calibration sets alone, out-of-scope questions and all: was the first clause a right one? Nothing is drawn at
random.
"""

import sys
import tempfile
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

import bot.matching.weights
from adapters.bootstrap import Signpost, assemble
from adapters.settings import Settings
from bot.matching.index import SIGNALS, Scan, SchoolIndex, build_policy_index
from bot.matching.lexical import LexicalEncoder
from bot.matching.matcher import GATE_SIGNALS, gate_signals
from bot.matching.question import Question, analyse
from bot.matching.shared import Shared, build_shared
from bot.matching.vectors import VectorStore
from bot.ports import Encoder
from knowledge.model import Clause, School
from tests.evaluation.sets import CALIBRATION, read_sets

Numbers = NDArray[np.float64]
# What all halved example questions together weigh, where each calibration question weighs 1.
_EXAMPLES_WEIGHT = 60.0
_RANKER_PULL = 1e-3
_GATE_PULL = 2.0
_STEPS = 60


@dataclass(frozen=True, slots=True)
class Case:
    """A question held against a school, with the numbers of its right clauses."""

    question: Question
    scan: Scan
    right: frozenset[int]
    weight: float


def calibration_cases(schools: Sequence[School], shared: Shared, encoder: Encoder) -> Iterator[Case]:
    """Yield the questions of the calibration sets."""
    indexes = {school.id: _index(school, shared) for school in schools}
    for row in read_sets(CALIBRATION, {school.id: school for school in schools}):
        index = indexes[row.school]
        question = analyse(row.q, encoder, shared)
        gold = frozenset(number for number, clause in enumerate(index.clauses) if clause.id in row.gold)
        yield Case(question, index.scan(question), gold, 1.0)


def example_cases(schools: Sequence[School], shared: Shared, encoder: Encoder) -> Iterator[Case]:
    """Yield half of each clause's example questions, held against an index that knows the other half."""
    halves = [(school, first) for school in schools for first in (True, False)]
    count = sum(len(clause.asked) for school in schools for policy in school.policies for clause in policy.clauses)
    for school, first in halves:
        index = _index(_halved(school, first), shared)
        asked = [clause.asked for clause in _index_order(_halved(school, not first))]
        places = [clause.locator.passages if clause.locator else () for clause in index.clauses]
        for number, questions in enumerate(asked):
            right = frozenset(other for other in range(len(places)) if _same_place(places, number, other))
            for text in questions:
                question = analyse(text, encoder, shared)
                yield Case(question, index.scan(question), right, _EXAMPLES_WEIGHT / count)


def fit_ranker(cases: Sequence[Case]) -> Numbers:
    """Maximise the chance of the right clauses under a softmax over all clauses of the school."""
    factors = np.array([20.0, 5.0])
    known = [case for case in cases if case.right]
    for _ in range(_STEPS):
        slope, bend = -_RANKER_PULL * factors, np.eye(len(SIGNALS)) * _RANKER_PULL
        for case in known:
            signals = case.scan.signals.astype(float)
            chance = _softmax(signals @ factors)
            right = _among(chance, case.right)
            mean = chance @ signals
            slope += case.weight * (right @ signals - mean)
            bend += case.weight * ((signals * chance[:, None]).T @ signals - np.outer(mean, mean))
        factors = factors + np.linalg.solve(bend, slope)
    return factors


def fit_gate(cases: Sequence[Case], ranker: Numbers) -> Numbers:
    """Fit the chance that the first clause is a right one; returns the factors and, behind them, the constant."""
    rows, hits = [], []
    for case in cases:
        scores = case.scan.signals @ ranker.astype(np.float32)
        rows.append(gate_signals(case.question, case.scan, scores))
        hits.append(float(int(scores.argmax()) in case.right))
    signals = np.array(rows)
    mean, spread = signals.mean(axis=0), signals.std(axis=0)
    inputs = np.column_stack([(signals - mean) / spread, np.ones(len(signals))])
    pull = np.diag([_GATE_PULL] * len(GATE_SIGNALS) + [0.0])
    factors = np.zeros(inputs.shape[1])
    for _ in range(_STEPS):
        chance = 1 / (1 + np.exp(-inputs @ factors))
        slope = inputs.T @ (np.array(hits) - chance) - pull @ factors
        factors = factors + np.linalg.solve((inputs.T * (chance * (1 - chance))) @ inputs + pull, slope)
    own = factors[:-1] / spread
    return np.append(own, factors[-1] - own @ mean)


def fit(schools: Sequence[School], shared: Shared, encoder: Encoder) -> tuple[Numbers, Numbers]:
    """Return the ranker's and the gate's weights for an encoder."""
    calibration = list(calibration_cases(schools, shared, encoder))
    ranker = fit_ranker([*calibration, *example_cases(schools, shared, encoder)])
    return ranker, fit_gate(calibration, ranker)


def written(name: str, ranker: Numbers, gate: Numbers) -> str:
    """Return the weights as source text."""
    return f"{name} = Weights(\n    ranker={_listed(ranker)},\n    gate={_listed(gate)},\n)\n"


def main() -> None:
    """Fit both sets of weights and rewrite the module that holds them."""
    with tempfile.TemporaryDirectory() as state:
        signpost = assemble(Settings(None, Path(state), None, 0))
        if signpost.encoder_fault:
            sys.exit(signpost.encoder_fault)
        parts = [
            written("SENTENCE", *fit(_schools(signpost), signpost.shared, signpost.encoder)),
            written("LEXICAL", *_fit_lexical(signpost)),
        ]
    path = Path(bot.matching.weights.__file__)
    head, _, _ = path.read_text(encoding="utf-8").partition("SENTENCE = ")
    path.write_text(head + "".join(parts), encoding="utf-8")


def _fit_lexical(signpost: Signpost) -> tuple[Numbers, Numbers]:
    encoder = LexicalEncoder()
    shared = build_shared(signpost.shared.catalogue, VectorStore(encoder), signpost.shared.speller)
    return fit(_schools(signpost), shared, encoder)


def _schools(signpost: Signpost) -> list[School]:
    return [signpost.library.view(name).school for name in sorted(signpost.library.schools())]


def _index(school: School, shared: Shared) -> SchoolIndex:
    return SchoolIndex(tuple(build_policy_index(policy, shared) for policy in school.policies), shared)


def _index_order(school: School) -> list[Clause]:
    return [clause for policy in school.policies for clause in policy.clauses]


def _halved(school: School, first: bool) -> School:
    policies = []
    for policy in school.policies:
        clauses = []
        for clause in policy.clauses:
            middle = (len(clause.asked) + 1) // 2
            clauses.append(replace(clause, asked=clause.asked[:middle] if first else clause.asked[middle:]))
        policies.append(replace(policy, clauses=tuple(clauses)))
    return replace(school, policies=tuple(policies))


def _same_place(places: Sequence[tuple[int, ...]], number: int, other: int) -> bool:
    return number == other or bool(set(places[number]) & set(places[other]))


def _softmax(scores: Numbers) -> Numbers:
    powers = np.exp(scores - scores.max())
    return np.asarray(powers / powers.sum())


def _among(chance: Numbers, right: Collection[int]) -> Numbers:
    """Return the chances of the right clauses alone, brought to a sum of 1."""
    kept = np.zeros_like(chance)
    numbers = list(right)
    kept[numbers] = np.maximum(chance[numbers], 1e-12)
    return np.asarray(kept / kept.sum())


def _listed(numbers: Numbers) -> str:
    return "(" + ", ".join(f"{number:.3f}" for number in numbers) + ")"


if __name__ == "__main__":
    main()
