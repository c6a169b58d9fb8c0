"""Everything the bot refuses, in one tree; each text is fit to show to the person who asked.

BotError
├── QuestionError        the question cannot be read: empty or too long
└── UnknownSchoolError   the school is not served here
"""

from collections.abc import Sequence

from bot import wording


class BotError(Exception):
    """The root of what the bot refuses. `code` names the reason for machines."""

    code = "error"


class QuestionError(BotError):
    """A question is empty or too long."""

    code = "bad_question"


class UnknownSchoolError(BotError):
    """The school is not served here."""

    code = "unknown_school"

    def __init__(self, school: str, known: Sequence[str]) -> None:
        """Say which schools are."""
        super().__init__(wording.unknown_school(school, known))
