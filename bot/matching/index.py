"""The index of a school: its policies' clauses, ready to be scored against a question."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from bot.matching.keywords import KeywordIndex
from bot.matching.question import Question
from bot.matching.shared import Shared
from bot.matching.text import stems, words
from bot.matching.vectors import Rows
from knowledge.model import Clause, Policy, Stance

SIGNALS = ("asked", "asked_near", "text", "keywords", "keywords_asked", "topic", "info")
# A clause without questions of its own has only its text to be found by; this is how much nearer a right clause's
# questions usually are than its text, so that half-filled packs do not lose their bare clauses.
BARE_CLAUSE_BONUS = 0.16
_KEYWORD_HALF = 8.0

Signals = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class PolicyIndex:
    """One policy, indexed. Schools that share a policy share this."""

    clauses: tuple[Clause, ...]
    text_rows: Rows
    act_rows: Rows
    asked_rows: Rows
    asked_starts: tuple[int, ...]
    keywords: KeywordIndex
    keywords_asked: KeywordIndex
    topics: tuple[tuple[int, ...], ...]
    info: NDArray[np.float32]

    def signals(self, question: Question, shared: Shared) -> Signals:
        """Return the signals of every clause, shape (clauses, SIGNALS)."""
        text = np.maximum(
            shared.store.likeness(self.text_rows, question.vector),
            shared.store.likeness(self.act_rows, question.vector),
        )
        nearest, near = self._asked(shared.store.likeness(self.asked_rows, question.vector), text)
        topics = np.array(
            [max((question.topics[topic] for topic in linked), default=0.0) for linked in self.topics], dtype=np.float32
        )
        keywords = self.keywords.scores(question.stems)
        keywords_asked = self.keywords_asked.scores(question.stems)
        columns = (
            nearest,
            near,
            text,
            keywords / (keywords + _KEYWORD_HALF),
            keywords_asked / (keywords_asked + _KEYWORD_HALF),
            topics,
            self.info,
        )
        return np.stack(columns, axis=1)

    def _asked(self, likeness: Signals, text: Signals) -> tuple[Signals, Signals]:
        """Return for each clause its nearest question, and the mean of its nearest three."""
        bounds = [*self.asked_starts, len(likeness)]
        nearest = np.empty(len(self.clauses), dtype=np.float32)
        near = np.empty(len(self.clauses), dtype=np.float32)
        for number, (start, end) in enumerate(zip(bounds, bounds[1:], strict=False)):
            if start == end:
                nearest[number] = near[number] = text[number] + BARE_CLAUSE_BONUS
                continue
            best = np.sort(likeness[start:end])[-3:]
            nearest[number], near[number] = best[-1], best.mean()
        return nearest, near


@dataclass(frozen=True, slots=True)
class SchoolIndex:
    """All policies of one school."""

    policies: tuple[PolicyIndex, ...]
    shared: Shared

    @property
    def clauses(self) -> tuple[Clause, ...]:
        """Every clause, in the order of the rows of `signals`."""
        return tuple(clause for policy in self.policies for clause in policy.clauses)

    def signals(self, question: Question) -> Signals:
        """Return the signals of every clause, shape (clauses, SIGNALS)."""
        return np.concatenate([policy.signals(question, self.shared) for policy in self.policies])


def build_policy_index(policy: Policy, shared: Shared) -> PolicyIndex:
    """Index one policy; encodes only texts that have no vector yet."""
    clauses = policy.clauses
    texts = [_text(clause) for clause in clauses]
    asked = [question for clause in clauses for question in clause.asked]
    rows = shared.store.rows([*texts, *(clause.act for clause in clauses), *asked])
    count = len(clauses)
    numbers = {topic: number for number, topic in enumerate(shared.topics)}
    if shared.speller:
        shared.speller.teach(word for text in (*texts, *asked) for word in words(text))
    return PolicyIndex(
        clauses=clauses,
        text_rows=rows[:count],
        act_rows=rows[count : 2 * count],
        asked_rows=rows[2 * count :],
        asked_starts=_starts([len(clause.asked) for clause in clauses]),
        keywords=KeywordIndex([stems(words(f"{_text(clause)} {clause.section} {clause.act}")) for clause in clauses]),
        keywords_asked=KeywordIndex([stems(words(" ".join((*clause.asked, clause.says)))) for clause in clauses]),
        topics=tuple(tuple(numbers[topic] for topic in clause.topics if topic in numbers) for clause in clauses),
        info=np.array([float(clause.stance is Stance.INFO) for clause in clauses], dtype=np.float32),
    )


def _text(clause: Clause) -> str:
    return clause.says


def _starts(counts: Sequence[int]) -> tuple[int, ...]:
    starts = np.concatenate([[0], np.cumsum(counts)])[:-1] if counts else []
    return tuple(int(start) for start in starts)
