"""Puts what is to be shown into as few messages as Teams takes, in its order, with nothing left out (RS-38)."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from adapters.chat import wording
from adapters.teams.connection import Json
from adapters.teams.elements import bell, card, faint
from adapters.teams.limits import MESSAGE, NOTIFICATION, ON_THE_WAY, size
from adapters.teams.rendered import Rendered

_FOR_THE_NUMBER = 160  # what it takes of the body
_NUMBER = 30  # what the number of a message takes of its notification


@dataclass(frozen=True, slots=True)
class Cover:
    """What goes with a message beside its body: its notification, what a screen reader calls it, and how wide it is."""

    text: str
    speak: str = ""
    wide: bool = False

    def over(self, body: Sequence[Json], refresh: Json | None = None) -> Rendered:
        """Return a message of this body; `refresh` says for whom Teams fetches it anew."""
        return Rendered(bell(self.text), card(body, speak=self.speak or self.text, wide=self.wide, refresh=refresh))


def packed(cover: Cover, parts: Sequence[Sequence[Json]]) -> tuple[Rendered, ...]:
    """Return messages that show all parts. A part stays in one message where it fits.

    Where several messages are needed, each says which one it is.
    """
    most = room_in(cover) - _FOR_THE_NUMBER
    messages: list[list[Json]] = [[]]
    room = most
    for elements in parts:
        whole = length_of(elements) <= most
        for together in [elements] if whole else [[element] for element in elements]:
            length = length_of(together)
            if messages[-1] and length > room:
                messages.append([])
                room = most
            messages[-1] += together
            room -= length
    if len(messages) == 1:
        return (cover.over(messages[0]),)
    return tuple(_numbered(cover, messages))


def room_in(cover: Cover) -> int:
    """Return how much of a message is left for its body."""
    return MESSAGE - ON_THE_WAY - size(cover.over([]).activity)


def length_of(elements: Sequence[Json]) -> int:
    """Return how much of a body some elements take, with the signs between them."""
    return sum(size(element) + 2 for element in elements)


def _numbered(cover: Cover, messages: Sequence[Sequence[Json]]) -> Iterator[Rendered]:
    for number, body in enumerate(messages, 1):
        which = wording.part(number, len(messages))
        rendered = cover.over([*faint(which), *body])
        yield Rendered(f"{bell(cover.text, NOTIFICATION - _NUMBER)} ({which})", rendered.card)
