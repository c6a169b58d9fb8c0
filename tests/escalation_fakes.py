"""Stand-ins for the world around escalating: a channel, a clock, a bell, ids. They keep the promises of the ports."""

import asyncio
from collections import Counter, deque
from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from enum import StrEnum

from bot.escalation.errors import ChannelDownError, ThrottledError, UndeliverableError
from bot.escalation.message import Message
from bot.escalation.ports import Alarm
from bot.view import SchoolView
from knowledge.model import Contact, School
from tests.bot.builders import view_of

MONDAY = datetime(2026, 11, 23, 10, 0, tzinfo=UTC)


class TickingClock:
    """A clock that goes only when it is told to."""

    def __init__(self, at: datetime = MONDAY) -> None:
        """Begin at a time; a school morning where none is given."""
        self.at = at

    def now(self) -> datetime:
        """Return the time."""
        return self.at

    def move(self, by: timedelta) -> None:
        """Go forward, or back."""
        self.at += by


class QuietBell:
    """A bell that notes what it was rung for."""

    def __init__(self) -> None:
        """Begin unrung."""
        self.alarms: list[Alarm] = []

    def ring(self, alarm: Alarm) -> None:
        """Note an alarm."""
        self.alarms.append(alarm)

    @property
    def kinds(self) -> list[str]:
        """The kinds of the alarms, in the order they rang."""
        return [alarm.kind for alarm in self.alarms]


class CountingIds:
    """Ids that can be told apart and sort in the order they were made."""

    def __init__(self) -> None:
        """Begin at 1."""
        self._made = 0

    def new(self) -> str:
        """Return the next id."""
        self._made += 1
        return f"{self._made:032x}"

    def reference(self) -> str:
        """Return the next reference."""
        self._made += 1
        return f"K7-{self._made:04d}"


class Fault(StrEnum):
    """What can befall one send."""

    THROTTLED = "throttled"  # the platform says to wait; nothing arrived
    DOWN = "down"  # no answer; nothing arrived
    IN_DOUBT = "in doubt"  # the message arrived, and the answer was lost
    REFUSED = "refused"  # this address takes no messages
    BROKEN = "broken"  # the adapter itself fails
    HANG = "hang"  # no answer, ever; nothing arrived
    HANG_ARRIVED = "hang arrived"  # the message arrived, and no answer ever comes


@dataclass(frozen=True, slots=True)
class Arrival:
    """A message that somebody could read, and when it came."""

    message: Message
    at: datetime


@dataclass(slots=True)
class FakeChannel:
    """A platform whose people and places read everything that arrives.

    `arrived` holds what came through, in order; `tries` counts every send, `rejections` those that were throttled.
    `faults` befall the next sends, one each. While `down` is set nothing arrives; an address in `dead` takes
    nothing, one in `faulty` breaks the adapter. `bucket` is what the platform itself allows: seconds between two
    messages to one address, else it throttles. `places` says who reads a place; one that is not listed is not
    known, and while `blind` is set the adapter fails to say anything at all. Contacts are reached by the ids the
    register gives for this platform. `meanwhile` is awaited once, while the next message is on its way;
    `watch` hears of every message as it arrives.
    """

    platform: str = "web"
    pace: float = 0.0
    clock: TickingClock = field(default_factory=TickingClock)
    places: dict[str, frozenset[str] | None] = field(default_factory=dict)
    arrived: list[Arrival] = field(default_factory=list)
    tries: int = 0
    rejections: Counter[str] = field(default_factory=Counter)
    down: bool = False
    dead: set[str] = field(default_factory=set)
    faulty: set[str] = field(default_factory=set)
    blind: bool = False
    bucket: float = 0.0
    retry_after: float = 5.0
    faults: deque[Fault] = field(default_factory=deque)
    meanwhile: Callable[[], Awaitable[object]] | None = None
    watch: Callable[[Message], None] | None = None
    _last: dict[str, datetime] = field(default_factory=dict)

    def fail_next(self, *faults: Fault) -> None:
        """Let these befall the next sends, one each, whatever address they are for."""
        self.faults.extend(faults)

    def address(self, contact: Contact) -> str | None:
        """Return the id that the register gives for this platform ("email" for mail)."""
        kind = "email" if self.platform == "mail" else self.platform
        return next((reach.value for reach in contact.reach if reach.kind == kind), None)

    async def members(self, school: str, place: str) -> frozenset[str] | None:
        """Return who reads a place."""
        if self.blind:
            raise OSError("no answer")
        return self.places.get(place)

    async def send(self, message: Message) -> str:
        """Let a message arrive, or not."""
        self.tries += 1
        await asyncio.sleep(0)  # as a real one does, it gives the others their turn
        meanwhile, self.meanwhile = self.meanwhile, None
        if meanwhile:
            await meanwhile()
        fault = self.faults.popleft() if self.faults else None
        if fault:
            await self._befall(fault, message)
        if self.down:
            raise ChannelDownError("no answer")
        if message.address.id in self.faulty:
            raise ValueError("this message cannot be put into the platform's form")
        if message.address.id not in self.dead:
            self._throttle(message)
        return self._take(message)

    def to(self, address_id: str) -> list[Message]:
        """List what arrived at an address."""
        return [one.message for one in self.arrived if one.message.address.id == address_id]

    @property
    def rejected(self) -> int:
        """How many messages the platform sent away."""
        return self.rejections.total()

    @property
    def messages(self) -> list[Message]:
        """What arrived, in order."""
        return [one.message for one in self.arrived]

    @property
    def by_key(self) -> Mapping[str, Sequence[Message]]:
        """What arrived under each key; more than one where it was sent again."""
        found: dict[str, list[Message]] = {}
        for message in self.messages:
            found.setdefault(message.key, []).append(message)
        return found

    async def _befall(self, fault: Fault, message: Message) -> None:
        match fault:
            case Fault.THROTTLED:
                self.rejections[message.address.id] += 1
                raise ThrottledError(self.retry_after)
            case Fault.DOWN:
                raise ChannelDownError("no answer")
            case Fault.IN_DOUBT:
                self._take(message)
                raise ChannelDownError("the answer was lost", in_doubt=True)
            case Fault.REFUSED:
                raise UndeliverableError("refused")
            case Fault.BROKEN:
                raise ValueError("this message cannot be put into the platform's form")
            case Fault.HANG:
                await asyncio.Event().wait()
            case Fault.HANG_ARRIVED:
                self._take(message)
                await asyncio.Event().wait()

    def _throttle(self, message: Message) -> None:
        now, last = self.clock.now(), self._last.get(message.address.id)
        since = (now - last).total_seconds() if last else self.bucket
        if 0 <= since < self.bucket:  # the platform's own clock is never set back
            self.rejections[message.address.id] += 1
            raise ThrottledError(self.bucket - since)
        self._last[message.address.id] = now

    def _take(self, message: Message) -> str:
        if message.address.id in self.dead:
            raise UndeliverableError("no such address")
        if self.watch:
            self.watch(message)
        self.arrived.append(Arrival(message, self.clock.now()))
        return message.replaces or f"{message.address.id}-{len(self.arrived)}"


class ShownSchools:
    """The knowledge in force: the schools given, each as one consistent version. They can be replaced, or leave."""

    def __init__(self, schools: Collection[School]) -> None:
        """Serve these schools."""
        self._views = {school.id: view_of(school) for school in schools}
        self._generation = 0

    def view(self, school: str) -> SchoolView:
        """Return a school. Raises KeyError for one that is not served."""
        return self._views[school]

    def schools(self) -> Sequence[str]:
        """List the schools."""
        return list(self._views)

    def generation(self) -> int:
        """Return a number that is another one after each change."""
        return self._generation

    def replace(self, school: School) -> None:
        """Serve a new version of a school."""
        self._views[school.id] = view_of(school)
        self._generation += 1

    def remove(self, school: str) -> None:
        """Serve a school no more."""
        del self._views[school]
        self._generation += 1
