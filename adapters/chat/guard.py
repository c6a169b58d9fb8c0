"""Looks over the channels of all routes, so that one that is no longer safe is known before it is needed (RS-14)."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from adapters.chat.homes import Gate, Homes
from bot.escalation.alarms import Alarms
from bot.escalation.errors import EscalationError, ThrottledError
from bot.escalation.model import Address
from bot.ports import Knowledge
from bot.view import SchoolView
from knowledge.model import School

EVERY_S = 10.0
# Slack answers about fifty such questions a minute for a workspace, and the courier asks them too.
APART_S = 2.0

Pause = Callable[[float], Awaitable[None]]
_Question = tuple[str, str]  # a home, and a channel as it is seen from there


@dataclass(frozen=True, slots=True)
class _Place:
    """A channel that routes of a school name, and the homes in which it may be."""

    school: str
    channel: str
    routes: str
    homes: Sequence[str]


class Guard:
    """Rings where a channel must not be told of anything, and where a known home has no school.

    Each channel is looked at as often as the gate forgets what it was told; after a reload or a binding it is the next
    of its home. Each home has a queue of its own: one that has many channels, or of which the platform says to wait,
    holds up no other. `platform` is its name, and `now` tells the time.
    """

    def __init__(
        self,
        platform: str,
        homes: Homes,
        gate: Gate,
        knowledge: Knowledge,
        alarms: Alarms,
        now: Callable[[], datetime],
    ) -> None:
        self._platform = platform
        self._homes = homes
        self._gate = gate
        self._knowledge = knowledge
        self._alarms = alarms
        self._now = now
        self._log = logging.getLogger(f"signpost.{platform}")
        self._views: Mapping[str, SchoolView] = {}
        self._round = 0
        # The least comes first: those that have changed, the latest before the others, then whichever was asked longest
        # ago. What was asked goes to the end even where there was no answer, so that it keeps nobody from their turn.
        self._turns: dict[_Question, int] = {}
        self._held: dict[str, tuple[datetime, float]] = {}

    async def watch(self, pause: Pause) -> None:
        """Go on for ever. `pause` waits that many seconds."""
        while True:
            is_more = False
            try:
                is_more = await self.look()
            except Exception as error:  # noqa: BLE001 - one that ended here would silently look at nothing any more
                self._tell(error)
            await pause(APART_S if is_more else EVERY_S)

    async def look(self) -> bool:
        """Ask about one channel in each home where any is due; tells whether there are more."""
        self._round += 1
        self._look_at_homes()
        views = {school: self._knowledge.view(school) for school in self._knowledge.schools()}
        places = [place for school, view in views.items() for place in self._places(school, view)]
        self._views = views
        queues = self._queues(places)
        asked = [(home, self._first(home, queue)) for home, queue in queues.items() if not self._is_held(home)]
        await asyncio.gather(*(self._ask(*question) for question in asked))
        for place in places:
            await self._judge(place)
        return sum(map(len, queues.values())) > len(asked)

    def _look_at_homes(self) -> None:
        for home in self._homes.homes():
            if self._homes.schools_in(home):
                self._alarms.told(home)
            else:
                self._alarms.ring("unserved", reference=home)

    def _places(self, school: str, view: SchoolView) -> Iterator[_Place]:
        """Go through the channels of a school's routes; those of a changed school are no longer known."""
        homes, is_changed = self._homes.homes_of(school), self._views.get(school) is not view
        for channel, routes in self._channels(view.school).items():
            for home in homes if is_changed else ():
                self._gate.forget(home, channel)
                self._turns[home, channel] = -self._round
            yield _Place(school, channel, routes, homes)

    def _channels(self, school: School) -> Mapping[str, str]:
        """Return the channels that a school's routes name, each with the names of those routes."""
        found: dict[str, list[str]] = {}
        for name, route in school.routes.items():
            place = (route.place or {}).get(self._platform)
            if place:
                found.setdefault(place, []).append(name)
        return {place: ",".join(sorted(names)) for place, names in found.items()}

    def _queues(self, places: Sequence[_Place]) -> Mapping[str, Sequence[str]]:
        """Return, for each home, the channels about which the platform must be asked."""
        there = dict.fromkeys((home, place.channel) for place in places for home in place.homes)
        self._turns = {question: turn for question, turn in self._turns.items() if question in there}
        queues: dict[str, list[str]] = {}
        for home, channel in there:
            if not self._gate.knows(home, channel):
                queues.setdefault(home, []).append(channel)
        return queues

    def _first(self, home: str, queue: Sequence[str]) -> str:
        return min(queue, key=lambda channel: self._turns.get((home, channel), 0))

    def _is_held(self, home: str) -> bool:
        """Tell whether the platform has said to wait. A clock that was set back holds nothing up."""
        since, seconds = self._held.get(home, (self._now(), 0.0))
        return 0 <= (self._now() - since).total_seconds() < seconds

    async def _ask(self, home: str, channel: str) -> None:
        """Ask the platform; where it cannot say, nothing is new."""
        self._turns[home, channel] = self._round
        try:
            await self._gate.fault(home, channel)
        except ThrottledError as throttled:
            self._held[home] = (self._now(), throttled.retry_after)
        except EscalationError:
            return
        except Exception as error:  # noqa: BLE001 - one odd answer keeps no other channel from being looked at
            self._tell(error)

    async def _judge(self, place: _Place) -> None:
        """Ring, or be content, where it is known how the channel stands in each of the homes."""
        if not place.homes or not all(self._gate.knows(home, place.channel) for home in place.homes):
            return
        faults = [await self._gate.fault(home, place.channel) for home in place.homes]
        address = Address(self._platform, place.channel, "place")
        if None in faults:  # one that passes in any of the school's homes is told
            self._alarms.arrived_at(address)
        else:
            self._alarms.ring("channel-unsafe", place.school, to=address, routes=place.routes, fault=str(faults[0]))

    def _tell(self, error: Exception) -> None:
        self._log.error("channels could not be looked over, for a fault of ours: %s", type(error).__name__)
