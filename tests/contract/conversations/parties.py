"""Who takes part in a conversation, in the words of the school: who asks, who is told, and the day on which it is."""

from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Protocol

from adapters.escalating import Escalating
from bot.escalation.message import Act
from bot.escalation.model import Escalation, Resolution
from bot.escalation.ports import Wanted
from knowledge.model import School
from tests.contract.conversations.reading import Read
from tests.escalation_fakes import TickingClock

_SECOND = timedelta(seconds=1)


@dataclass(frozen=True, slots=True)
class Recorded:
    """An escalation as it is recorded, without what differs from one platform to another."""

    school: str
    category: str
    certainty: str
    urgent: bool
    route: str
    state: str
    staff: bool
    told: tuple[str, ...]
    seen: tuple[str, ...]
    holder: str | None
    resolution: str | None
    entries: int
    events: tuple[str, ...]
    reference: str = field(default="", compare=False)
    id: str = field(default="", compare=False)


@dataclass(frozen=True, slots=True)
class Card:
    """What is told to somebody: the words, the labels of the buttons, and what the platform taps on."""

    words: str
    buttons: frozenset[str]
    shown: object = field(default=None, compare=False, repr=False)


class Asker(Protocol):
    """Somebody who asks."""

    async def asks(self, text: str, *, after: Read | None = None) -> Read:
        """Ask something; `after` is what they read before, and follow up on."""
        ...

    async def taps(self, read: Read, label: str) -> Read:
        """Tap a button beneath what they have read; returns what they read then."""
        ...

    async def taps_twice(self, read: Read, label: str) -> Read:
        """Tap a button, and let the tap arrive a second time; returns all that they read then."""
        ...

    async def receipt(self, reference: str) -> str:
        """Return what they read last of how something stands that they raised."""
        ...

    async def heard(self, reference: str) -> str:
        """Return all that they can read of something that they raised, answers included."""
        ...

    async def adds(self, reference: str, text: str) -> None:
        """Add to something that they raised."""
        ...


class Reader(Protocol):
    """Somebody in a role of the school, who is told."""

    async def card(self, reference: str) -> Card | None:
        """Return what they read of something now; None where they were not told of it."""
        ...

    async def opens(self, card: Card) -> str:
        """Open the words; returns what is read then."""
        ...

    async def does(self, card: Card, act: Act) -> str:
        """Take it, or reopen it: what takes one tap. Returns why it was refused, or ""."""
        ...

    async def replies(self, card: Card, text: str) -> None:
        """Answer whoever raised it."""
        ...

    async def passes_on(self, card: Card, role: str) -> None:
        """Pass it on to another role."""
        ...

    async def resolves(self, card: Card, what: Resolution) -> None:
        """Resolve it with what came of it."""
        ...


class Day(ABC):
    """A school day on one platform, with the real adapter behind it."""

    platform: str
    parts: Escalating
    clock: TickingClock

    @abstractmethod
    def asker(self) -> Asker:
        """Be a teacher."""

    @abstractmethod
    def colleague(self) -> Asker:
        """Be another teacher."""

    @abstractmethod
    def outsider(self) -> Asker:
        """Be somebody who is not staff."""

    @abstractmethod
    def reader(self, role: str) -> Reader:
        """Be the holder of a role."""

    @abstractmethod
    async def asks_first(self, text: str, school: str) -> tuple[Sequence[str], Read]:
        """Let the teacher ask where schools share a home, and pick theirs; returns those offered, and the answer."""

    @abstractmethod
    def pass_by(self, time: timedelta) -> None:
        """Let time pass."""

    def school(self, school: str = "model") -> School:
        """Return a school of the pack."""
        return self.parts.office.school(school)

    async def wait(self, time: timedelta) -> None:
        """Let time pass, and the courier do what has fallen due."""
        self.pass_by(time)
        await self.settle()

    async def settle(self, within: timedelta = timedelta(seconds=30)) -> None:
        """Let the courier deliver what falls due within some time; only as much of it passes as that takes."""
        end = self.clock.now() + within
        while self.clock.now() <= end:
            await self.parts.courier.step()
            await self.parts.courier.finish()
            due = await self.parts.store.next_delivery_at(self.clock.now())
            if due is None or due > end:
                return
            self.pass_by(_SECOND)

    async def recorded(self) -> list[Recorded]:
        """List what was recorded, oldest first."""
        return [await self._recorded(one) for one in await self.parts.store.escalations(Wanted())]

    async def only(self) -> Recorded:
        """Return the one escalation that was recorded."""
        (one,) = await self.recorded()
        return one

    async def _recorded(self, one: Escalation) -> Recorded:
        events = await self.parts.store.events(one.id)
        return Recorded(
            school=one.school,
            category=one.category,
            certainty=one.certainty,
            urgent=one.urgent,
            route=str(one.route),
            state=str(one.state),
            staff=one.staff,
            told=tuple(to.role or to.kind for to in one.told),
            seen=tuple(sight.role for sight in one.seen),
            holder=one.holder_role,
            resolution=one.resolution,
            entries=one.entries,
            events=tuple(logged.event.kind for logged in events),
            reference=one.reference,
            id=one.id,
        )
