"""Runs a school's question set: the regression test that a pack must pass before it is taken."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from bot.decide import Decider
from bot.types import Outcome, Reply, Utterance
from bot.view import SchoolView
from knowledge.model import Question, School


@dataclass(frozen=True, slots=True)
class Asked:
    """One row of a question set with the reply it got, and whether that is what the row wants."""

    position: int
    row: Question
    reply: Reply
    right: bool

    @property
    def failed(self) -> bool:
        """Whether the row fails though nobody said that it would."""
        return not self.right and self.row.known_failure is None

    @property
    def mended(self) -> bool:
        """Whether the row passes though it is marked as known to fail."""
        return self.right and self.row.known_failure is not None


def run_question_set(school: School, view: SchoolView, decider: Decider, today: date) -> Iterator[Asked]:
    """Ask every row of a school's question set, in order."""
    for position, row in enumerate(school.questions):
        reply = decider.decide(Utterance(f"q{position + 1}", school.id, row.q), view, today)
        yield Asked(position, row, reply, _is_right(row, reply))


def _is_right(row: Question, reply: Reply) -> bool:
    """Tell whether a reply is what a row wants: the outcome, and a right clause shown or offered."""
    if str(reply.outcome) != row.outcome:
        return False
    if not row.finds:
        return True
    if reply.outcome is Outcome.CLARIFY:
        return any(set(option.clauses) & set(row.finds) for option in reply.options)
    return any(shown.clause.id in row.finds for shown in reply.clauses)
