"""A school as the bot sees it while it answers one utterance: knowledge and index of the same version."""

from dataclasses import dataclass

from bot.matching.index import SchoolIndex
from knowledge.model import School


@dataclass(frozen=True, slots=True)
class SchoolView:
    """One school and the index built from it."""

    school: School
    index: SchoolIndex
