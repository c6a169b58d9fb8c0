"""A school's question set as the judge of its packs."""

from pathlib import Path

from adapters.bootstrap import Signpost
from adapters.question_faults import question_faults
from knowledge.faults import Fault, Severity
from tests.fakes import TODAY, signpost_over

ASKED = '"can i accept a friend request from a pupil"'


def judged(signpost: Signpost, hillside: Path, questions: str) -> list[Fault]:
    """Ask the school's clauses a question set."""
    (hillside / "questions.yaml").write_text(questions, encoding="utf-8")
    small = signpost_over(hillside.parents[1], signpost, hillside)
    [state, _] = small.library.states()
    if state.view is None:
        return list(state.faults)
    return question_faults(state.view.school, state.view, small.service.decider, TODAY)


def test_a_set_that_passes_has_no_faults(signpost: Signpost, hillside: Path) -> None:
    """Every question finds its clause."""
    assert judged(signpost, hillside, f"- {{q: {ASKED}, finds: [friends-pupils]}}\n") == []


def test_a_question_that_finds_another_clause_is_an_error(signpost: Signpost, hillside: Path) -> None:
    """The row is named with what it gave, and what it wants."""
    [fault] = judged(signpost, hillside, f"- {{q: hello, outcome: help}}\n- {{q: {ASKED}, finds: [phones-class]}}\n")
    assert (fault.file, fault.line, fault.severity) == ("hillside/questions.yaml", 2, Severity.ERROR)
    assert fault.found == f"{ASKED} gives answer with friends-pupils"
    assert fault.expected == "answer with phones-class"


def test_a_question_that_should_find_nothing_is_an_error(signpost: Signpost, hillside: Path) -> None:
    """The outcome counts as much as the clause."""
    [fault] = judged(signpost, hillside, "- {q: hello, outcome: no_match}\n")
    assert fault.found == '"hello" gives help with no clause'
    assert fault.expected == "no_match with no clause"


def test_a_known_failure_is_no_fault(signpost: Signpost, hillside: Path) -> None:
    """A row that is known to fail does not hold a change up."""
    row = f"- {{q: {ASKED}, finds: [phones-class], known_failure: not written yet}}\n"
    assert judged(signpost, hillside, row) == []


def test_a_known_failure_that_passes_is_a_warning(signpost: Signpost, hillside: Path) -> None:
    """What was mended should be marked so no longer."""
    [fault] = judged(signpost, hillside, f"- {{q: {ASKED}, finds: [friends-pupils], known_failure: old}}\n")
    assert fault.severity is Severity.WARNING
    assert fault.mend == "Take known_failure out."
