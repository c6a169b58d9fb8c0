"""Shows as much of a list as there is room for, and says how many more there are."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from adapters.chat import wording
from adapters.chat.fitting import LONGEST, items_that_fit, lines_that_fit
from adapters.slack.blocks import Block, lines, small

_FOR_MORE = 600  # what a sentence that says how many more there are takes at most

More = Callable[[int], str]


@dataclass(frozen=True, slots=True)
class Room:
    """What there is room for: so many blocks, and so much of a payload, as `measure` counts it."""

    blocks: int
    length: int
    measure: Callable[[Any], int]

    def holds(self, blocks: Sequence[Block]) -> bool:
        """Tell whether there is room for some blocks."""
        return len(blocks) <= self.blocks and self.measure(list(blocks)) <= self.length


def as_many(parts: Sequence[Sequence[Block]], room: Room, more: More = wording.more_lines) -> list[Block]:
    """Return as many parts as there is room for, each of them whole, and how many more there are."""
    kept: list[Block] = []
    length = 0
    for number, part in enumerate(parts):
        left = len(parts) - number
        length += room.measure(list(part))
        kept_free = int(left > 1)
        if len(kept) + len(part) + kept_free > room.blocks or length + kept_free * _FOR_MORE > room.length:
            return [*kept, *small(more(left))]
        kept += part
    return kept


def lines_within(texts: Sequence[str], room: Room, longest: int = LONGEST) -> list[Block]:
    """Return as many lines as there is room for, and how many more there are; what is too long for a line is cut."""
    return lines(lines_that_fit(texts, lambda some: room.holds(lines(some)), longest))


def options_within(options: Sequence[Block], room: Room) -> list[Block]:
    """Return as many things to choose as there is room for."""
    return items_that_fit(options[: room.blocks], room.length, lambda one: room.measure([one]))
