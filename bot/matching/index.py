"""The index of a school: its policies' clauses, ready to be scored against a question."""

from collections import Counter
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from bot.matching.question import Question
from bot.matching.regression import Regression, fit
from bot.matching.shared import Shared
from bot.matching.text import words
from bot.matching.vectors import Rows, nearest_mean
from knowledge.model import Catalogue, Clause, Policy

SIGNALS = ("clause", "topic")
# A clause with fewer texts than its neighbours would be outvoted by them. Each of its texts counts for more, so that
# half-filled packs do not lose their bare clauses.
_EVENING = 0.7

Signals = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Scan:
    """A question held against clauses.

    `signals` has the shape (clauses, SIGNALS). `within` says how much the question belongs to the policy as a whole
    (about 1 where it does, 0 where it is out of scope), `nearest` how near the nearest example questions are.
    """

    signals: Signals
    within: float
    nearest: float


@dataclass(frozen=True, slots=True, weakref_slot=True)
class PolicyIndex:
    """One policy, indexed. Schools that share a policy share this."""

    clauses: tuple[Clause, ...]
    rows: Rows
    asked: int
    regression: Regression
    topics: Signals

    def scan(self, question: Question, shared: Shared) -> Scan:
        """Hold a question against every clause."""
        likeness = shared.store.likeness(self.rows, question.vector)
        clause = self.regression.scores(np.concatenate([likeness, question.background]), question.features)
        topic = self.topics @ question.topics
        return Scan(
            signals=np.stack([clause, topic], axis=1),
            within=float(clause.sum()),
            nearest=nearest_mean(likeness[: self.asked] if self.asked else likeness),
        )


@dataclass(frozen=True, slots=True)
class SchoolIndex:
    """All policies of one school."""

    policies: tuple[PolicyIndex, ...]
    shared: Shared

    @property
    def clauses(self) -> tuple[Clause, ...]:
        """Every clause, in the order of the rows of a scan's signals."""
        return tuple(clause for policy in self.policies for clause in policy.clauses)

    def scan(self, question: Question) -> Scan:
        """Hold a question against every clause of every policy."""
        scans = [policy.scan(question, self.shared) for policy in self.policies]
        return Scan(
            signals=np.concatenate([np.zeros((0, len(SIGNALS)), dtype=np.float32), *(scan.signals for scan in scans)]),
            within=max((scan.within for scan in scans), default=0.0),
            nearest=max((scan.nearest for scan in scans), default=0.0),
        )


def build_policy_index(policy: Policy, shared: Shared) -> PolicyIndex:
    """Index one policy; encodes only texts that have no vector yet."""
    clauses = policy.clauses
    asked = _asked(clauses, shared.catalogue)
    own = [(number, text) for number, clause in enumerate(clauses) for text in (clause.says, clause.act)]
    texts = [text for _, text in (*asked, *own)]
    if shared.speller:
        shared.speller.keep(word for text in texts for word in words(text))
    rows = shared.store.rows(texts)
    return PolicyIndex(
        clauses=clauses,
        rows=rows,
        asked=len(asked),
        regression=_fit(len(clauses), [number for number, _ in (*asked, *own)], texts, rows, shared),
        topics=_topic_links(clauses, shared.topics),
    )


def _asked(clauses: tuple[Clause, ...], catalogue: Catalogue) -> list[tuple[int, str]]:
    """List the example questions with the number of their clause.

    A clause without questions borrows those of a topic that no other such clause is ticked for.
    """
    ticked = Counter(topic for clause in clauses if not clause.asked for topic in clause.topics)
    of_topic = {topic.id: topic.asked for topic in catalogue.topics if ticked[topic.id] == 1}
    asked: list[tuple[int, str]] = []
    for number, clause in enumerate(clauses):
        borrowed = [text for topic in clause.topics for text in of_topic.get(topic, ())]
        asked.extend((number, text) for text in clause.asked or borrowed)
    return asked


def _fit(count: int, labels: list[int], texts: list[str], rows: Rows, shared: Shared) -> Regression:
    """Learn the clauses from their texts, and from the out-of-scope examples, which belong to none."""
    background = shared.catalogue.out_of_scope
    targets = np.zeros((len(texts) + len(background), count), dtype=np.float32)
    if labels:
        sizes = np.bincount(labels, minlength=count)
        counts_for = np.maximum(sizes.mean() / np.maximum(sizes, 1), 1.0) ** _EVENING
        targets[np.arange(len(labels)), labels] = counts_for[labels]
    vectors = shared.store.vectors(np.concatenate([rows, shared.out_of_scope_rows]))
    return fit(vectors, shared.featuriser.matrix([*texts, *background]), targets)


def _topic_links(clauses: tuple[Clause, ...], topics: tuple[str, ...]) -> Signals:
    """Return how much of a topic's score goes to each clause it is ticked for: less where many share it."""
    numbers = {topic: number for number, topic in enumerate(topics)}
    links = np.zeros((len(clauses), len(topics)), dtype=np.float32)
    for row, clause in enumerate(clauses):
        for topic in clause.topics:
            if topic in numbers:
                links[row, numbers[topic]] = 1.0
    shared_by = np.maximum(links.sum(axis=0, keepdims=True), 1.0)
    evened: Signals = links / np.sqrt(shared_by)
    return evened
