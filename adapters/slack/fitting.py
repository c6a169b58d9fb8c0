"""Shows as much of a list as there is room for, and says how many more there are."""

from bisect import bisect_left
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from adapters.chat import wording
from adapters.slack.blocks import Block, lines, small

_FOR_MORE = 600  # what a sentence that says how many more there are takes at most
_LONGEST = 400

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


def lines_within(texts: Sequence[str], room: Room, longest: int = _LONGEST) -> list[Block]:
    """Return as many lines as there is room for, and how many more there are; what is too long for a line is cut."""
    shown = [short(text, longest) for text in texts]

    def first(count: int) -> list[Block]:
        more = [wording.more_lines(len(shown) - count)] if count < len(shown) else []
        return lines([*shown[:count], *more])

    if room.holds(first(len(shown))):
        return first(len(shown))
    too_many = bisect_left(range(len(shown)), True, key=lambda count: not room.holds(first(count)))
    return first(max(0, too_many - 1))


def options_within(options: Sequence[Block], room: Room) -> list[Block]:
    """Return as many things to choose as there is room for."""
    kept: list[Block] = []
    length = 0
    for one in options[: room.blocks]:
        length += room.measure([one])
        if length > room.length:
            break
        kept.append(one)
    return kept


def short(text: str, most: int = _LONGEST) -> str:
    """Return a text in one line, cut where it is too long."""
    line = " ".join(text.split())
    return line if len(line) <= most else f"{line[: most - 1]}…"
