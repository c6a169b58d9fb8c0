"""The channel of the try-out: it plays the school's private channel and direct messages, on the page itself."""

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from enum import StrEnum

from bot.escalation.message import Message
from bot.ports import Knowledge
from knowledge.model import Contact, School

PLATFORM = "web"
HEARTBEAT_S = 15.0
# A page that has this much to look at anew need not be told once more.
_WAITING = 8


class Heard(StrEnum):
    """What a listening page hears: something changed, nothing did for a while, or the server stops."""

    CHANGED = "changed"
    NOTHING = "nothing"
    END = "end"


@dataclass(eq=False, slots=True)
class Listener:
    """One open page. It hears that something changed in one of its inboxes, never what: the page looks for itself."""

    inboxes: frozenset[str]
    pause: Callable[[float], Awaitable[None]]
    _queue: asyncio.Queue[Heard] = field(default_factory=lambda: asyncio.Queue(_WAITING))

    async def next(self) -> Heard:
        """Wait for something to hear, at most until the next heartbeat is due."""
        heard = asyncio.ensure_future(self._queue.get())
        beat = asyncio.ensure_future(self.pause(HEARTBEAT_S))
        try:
            await asyncio.wait({heard, beat}, return_when=asyncio.FIRST_COMPLETED)
            return heard.result() if heard.done() else Heard.NOTHING
        finally:
            heard.cancel()
            beat.cancel()

    def tell(self, heard: Heard) -> None:
        """Put something on the way to the page."""
        with suppress(asyncio.QueueFull):
            self._queue.put_nowait(heard)

    def end(self) -> None:
        """Make the end the next thing that the page hears."""
        while not self._queue.empty():
            self._queue.get_nowait()
        self.tell(Heard.END)


@dataclass(slots=True)
class WebChannel:
    """The inboxes of the try-out. What reached them stands in the store, so that a restart loses nothing.

    A place is read by everybody on the routes that name it. `pause` waits that many seconds.
    """

    knowledge: Knowledge
    pause: Callable[[float], Awaitable[None]] = asyncio.sleep
    _listeners: set[Listener] = field(default_factory=set)

    @property
    def platform(self) -> str:
        """Its name."""
        return PLATFORM

    @property
    def pace(self) -> float:
        """Nobody is paced on a page."""
        return 0.0

    def address(self, contact: Contact) -> str | None:
        """Return the inbox of a contact: the one the school names, else that of the role; none without a holder."""
        named = next((reach.value for reach in contact.reach if reach.kind == PLATFORM), None)
        return named or (contact.role if contact.name or contact.reach else None)

    async def members(self, school: str, place: str) -> frozenset[str] | None:
        """Return the inboxes of everybody on the routes of a place; None where no route names it."""
        found = self.knowledge.view(school).school
        named = [route for route in found.routes.values() if (route.place or {}).get(PLATFORM) == place]
        if not named:
            return None
        inboxes = [self.address(found.contact(role)) for route in named for role in route.people]
        return frozenset(inbox for inbox in inboxes if inbox)

    async def inboxes(self, school: School, own: str) -> frozenset[str]:
        """Return what somebody reads: their own inbox, and the places of the school they are a member of."""
        read = [place for place in _places(school) if own in (await self.members(school.id, place) or ())]
        return frozenset({own, *read})

    def all_inboxes(self, school: School) -> frozenset[str]:
        """Return every inbox of a school."""
        own = [self.address(contact) for contact in school.contacts.values()]
        return frozenset(inbox for inbox in own if inbox) | _places(school)

    async def send(self, message: Message) -> str:
        """Tell the pages that show the inbox to look anew. The same message gets the same id again."""
        for listener in self._listeners:
            if message.address.id in listener.inboxes:
                listener.tell(Heard.CHANGED)
        return message.replaces or message.key

    @contextmanager
    def listening(self, inboxes: frozenset[str]) -> Iterator[Listener]:
        """Listen to some inboxes for as long as a page is open."""
        listener = Listener(inboxes, self.pause)
        self._listeners.add(listener)
        try:
            yield listener
        finally:
            self._listeners.discard(listener)

    def close(self) -> None:
        """Let every page go, because the server stops."""
        for listener in self._listeners:
            listener.end()


def _places(school: School) -> frozenset[str]:
    named = [(route.place or {}).get(PLATFORM) for route in school.routes.values()]
    return frozenset(place for place in named if place)
