"""Keeps as much of a list as there is room for, and says how many more there are; `fits` knows the platform's room."""

from bisect import bisect_left
from collections.abc import Callable, Sequence
from typing import TypeVar

from adapters.chat import wording

Item = TypeVar("Item")
LONGEST = 400


def lines_that_fit(
    texts: Sequence[str], fits: Callable[[Sequence[str]], bool], longest: int = LONGEST
) -> Sequence[str]:
    """Return as many lines as fit, and how many more there are; what is too long for a line is cut."""
    shown = [short(text, longest) for text in texts]

    def first(count: int) -> Sequence[str]:
        more = [wording.more_lines(len(shown) - count)] if count < len(shown) else []
        return [*shown[:count], *more]

    if fits(first(len(shown))):
        return first(len(shown))
    too_many = bisect_left(range(len(shown)), True, key=lambda count: not fits(first(count)))
    return first(max(0, too_many - 1))


def items_that_fit(items: Sequence[Item], length: int, measure: Callable[[Item], int]) -> list[Item]:
    """Return as many things as there is room for."""
    kept: list[Item] = []
    for one in items:
        length -= measure(one)
        if length < 0:
            break
        kept.append(one)
    return kept


def short(text: str, most: int = LONGEST) -> str:
    """Return a text in one line, cut where it is too long."""
    line = " ".join(text.split())
    return line if len(line) <= most else f"{line[: most - 1]}…"
