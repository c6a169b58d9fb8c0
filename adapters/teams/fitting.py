"""Shows as many lines as there is room for in a card, and says how many more there are."""

from collections.abc import Sequence

from adapters.chat.fitting import LONGEST, lines_that_fit
from adapters.teams.connection import Json
from adapters.teams.elements import lines
from adapters.teams.packing import length_of


def lines_within(texts: Sequence[str], room: int, longest: int = LONGEST) -> list[Json]:
    """Return as many lines as there is room for, and how many more there are; what is too long for a line is cut."""
    return lines(lines_that_fit(texts, lambda some: length_of(lines(some)) <= room, longest))
