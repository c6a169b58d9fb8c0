"""Faults as an admin reads them, and the errors that carry them."""

from knowledge.errors import KnowledgeError, PackError
from knowledge.faults import Fault, Severity, errors_of

ERROR = Fault("a/school.yaml", 3, "x is empty", "a name", "Write one.")
WARNING = Fault("a/policies/p.yaml", None, "no document", "one", "Attach it.", Severity.WARNING, "phones-off")


def test_fault_is_one_line_place_first() -> None:
    """A fault says where, what was found, what was expected and how to mend it; line and clause where known."""
    assert str(ERROR) == "a/school.yaml:3: x is empty. Expected: a name. Write one."
    assert str(WARNING) == "a/policies/p.yaml (clause phones-off): no document. Expected: one. Attach it."


def test_fault_is_a_json_object() -> None:
    """The same as keys and values, for other programs."""
    assert WARNING.as_dict() == {
        "file": "a/policies/p.yaml",
        "line": None,
        "clause": "phones-off",
        "severity": "warning",
        "found": "no document",
        "expected": "one",
        "mend": "Attach it.",
    }


def test_warnings_keep_nothing_from_being_served() -> None:
    """Of errors and warnings only the errors count against a pack."""
    assert errors_of([WARNING, ERROR, WARNING]) == [ERROR]


def test_pack_error_carries_every_fault() -> None:
    """The error of a pack lists all its faults, a line each, and is a fault of knowledge."""
    error = PackError([ERROR, WARNING])
    assert str(error).splitlines() == [str(ERROR), str(WARNING)]
    assert error.faults == (ERROR, WARNING)
    assert isinstance(error, KnowledgeError)
