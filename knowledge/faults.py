"""Faults: what is wrong with a pack, said so that an admin who has never seen YAML can mend it."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum


class Severity(StrEnum):
    """An error keeps a pack from being served; a warning is told and nothing more."""

    ERROR = "error"
    WARNING = "warning"


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing wrong: the file as the admin knows it, the line (from 1), found, expected and how to mend it."""

    file: str
    line: int | None
    found: str
    expected: str
    mend: str
    severity: Severity = Severity.ERROR
    clause: str | None = None

    def __str__(self) -> str:
        """Return the fault as one line of text, place first."""
        place = f"{self.file}:{self.line}" if self.line else self.file
        clause = f" (clause {self.clause})" if self.clause else ""
        return f"{place}{clause}: {self.found}. Expected: {self.expected}. {self.mend}"

    def as_dict(self) -> dict[str, str | int | None]:
        """Return the fault as a JSON object."""
        return {
            "file": self.file,
            "line": self.line,
            "clause": self.clause,
            "severity": str(self.severity),
            "found": self.found,
            "expected": self.expected,
            "mend": self.mend,
        }


def errors_of(faults: Iterable[Fault]) -> list[Fault]:
    """Return the faults that keep a pack from being served."""
    return [fault for fault in faults if fault.severity is Severity.ERROR]
