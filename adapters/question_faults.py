"""Turns failing rows of a question set into faults, so that a reload that breaks one is not taken."""

from datetime import date

from bot.decide import Decider
from bot.question_set import Asked, run_question_set
from bot.view import SchoolView
from knowledge.faults import Fault, Severity
from knowledge.model import School


def question_faults(school: School, view: SchoolView, decider: Decider, today: date) -> list[Fault]:
    """Ask a school's question set; every row that fails is an error, one that is mended a warning."""
    faults: list[Fault] = []
    for asked in run_question_set(school, view, decider, today):
        if asked.failed or asked.mended:
            faults.append(_fault(school, asked))
    return faults


def _fault(school: School, asked: Asked) -> Fault:
    file = f"{school.id}/questions.yaml"
    line = asked.row.line
    if asked.mended:
        found = f'"{asked.row.q}" is marked as a known failure, and passes'
        return Fault(
            file, line, found, "known_failure only where a row fails", "Take known_failure out.", Severity.WARNING
        )
    shown = ", ".join(clause.clause.id for clause in asked.reply.clauses) or "no clause"
    found = f'"{asked.row.q}" gives {asked.reply.outcome} with {shown}'
    finds = " or ".join(asked.row.finds) or "no clause"
    mend = "Mend the clause that lost it, or mark the row with known_failure and the reason."
    return Fault(file, line, found, f"{asked.row.outcome} with {finds}", mend)
