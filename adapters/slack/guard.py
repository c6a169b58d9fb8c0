"""Looks over the channels of all routes, so that one that is no longer safe is known before it is needed (RS-14)."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from adapters.slack.gate import Gate
from adapters.slack.people import PLATFORM
from adapters.slack.workspaces import Workspaces
from bot.escalation.alarms import Alarms
from bot.escalation.errors import EscalationError, ThrottledError
from bot.escalation.model import Address
from bot.ports import Knowledge
from bot.view import SchoolView
from knowledge.model import School

EVERY_S = 10.0
# Slack answers about fifty such questions a minute for a workspace, and the courier asks them too.
APART_S = 2.0
_log = logging.getLogger("signpost.slack")

Pause = Callable[[float], Awaitable[None]]
_Question = tuple[str, str]  # a workspace, and a channel as it is seen from there


@dataclass(frozen=True, slots=True)
class _Place:
    """A channel that routes of a school name, and the workspaces in which it may be."""

    school: str
    channel: str
    routes: str
    teams: Sequence[str]


class Guard:
    """Rings where a channel must not be told of anything, and where a known workspace has no school.

    Each channel is looked at as often as the gate forgets what it was told; after a reload or a binding it is the next
    of its workspace. Each workspace has a queue of its own: one that has many channels, or of which Slack says to wait,
    holds up no other. `now` tells the time.
    """

    def __init__(
        self, workspaces: Workspaces, gate: Gate, knowledge: Knowledge, alarms: Alarms, now: Callable[[], datetime]
    ) -> None:
        self._workspaces = workspaces
        self._gate = gate
        self._knowledge = knowledge
        self._alarms = alarms
        self._now = now
        self._views: Mapping[str, SchoolView] = {}
        self._round = 0
        # The least comes first: those that have changed, the latest before the others, then whichever was asked longest
        # ago. What was asked goes to the end even where Slack did not answer, so that it keeps nobody from their turn.
        self._turns: dict[_Question, int] = {}
        self._held: dict[str, tuple[datetime, float]] = {}

    async def watch(self, pause: Pause) -> None:
        """Go on for ever. `pause` waits that many seconds."""
        while True:
            is_more = False
            try:
                is_more = await self.look()
            except Exception as error:  # noqa: BLE001 - one that ended here would silently look at nothing any more
                _tell(error)
            await pause(APART_S if is_more else EVERY_S)

    async def look(self) -> bool:
        """Ask about one channel in each workspace where any is due; tells whether there are more."""
        self._round += 1
        self._look_at_workspaces()
        views = {school: self._knowledge.view(school) for school in self._knowledge.schools()}
        places = [place for school, view in views.items() for place in self._places(school, view)]
        self._views = views
        queues = self._queues(places)
        asked = [(team, self._first(team, queue)) for team, queue in queues.items() if not self._is_held(team)]
        await asyncio.gather(*(self._ask(*question) for question in asked))
        for place in places:
            await self._judge(place)
        return sum(map(len, queues.values())) > len(asked)

    def _look_at_workspaces(self) -> None:
        unserved = self._workspaces.unserved()
        for team in self._workspaces.teams():
            if team in unserved:
                self._alarms.ring("unserved", reference=team)
            else:
                self._alarms.told(team)

    def _places(self, school: str, view: SchoolView) -> Iterator[_Place]:
        """Go through the channels of a school's routes; those of a changed school are no longer known."""
        teams, is_changed = self._workspaces.teams_of(school), self._views.get(school) is not view
        for channel, routes in _channels(view.school).items():
            for team in teams if is_changed else ():
                self._gate.forget(team, channel)
                self._turns[team, channel] = -self._round
            yield _Place(school, channel, routes, teams)

    def _queues(self, places: Sequence[_Place]) -> Mapping[str, Sequence[str]]:
        """Return, for each workspace, the channels about which Slack must be asked."""
        there = dict.fromkeys((team, place.channel) for place in places for team in place.teams)
        self._turns = {question: turn for question, turn in self._turns.items() if question in there}
        queues: dict[str, list[str]] = {}
        for team, channel in there:
            if not self._gate.knows(team, channel):
                queues.setdefault(team, []).append(channel)
        return queues

    def _first(self, team: str, queue: Sequence[str]) -> str:
        return min(queue, key=lambda channel: self._turns.get((team, channel), 0))

    def _is_held(self, team: str) -> bool:
        """Tell whether Slack has said to wait. A clock that was set back holds nothing up."""
        since, seconds = self._held.get(team, (self._now(), 0.0))
        return 0 <= (self._now() - since).total_seconds() < seconds

    async def _ask(self, team: str, channel: str) -> None:
        """Ask Slack; where it cannot say, nothing is new."""
        self._turns[team, channel] = self._round
        try:
            await self._gate.fault(team, channel)
        except ThrottledError as throttled:
            self._held[team] = (self._now(), throttled.retry_after)
        except EscalationError:
            return
        except Exception as error:  # noqa: BLE001 - one odd answer keeps no other channel from being looked at
            _tell(error)

    async def _judge(self, place: _Place) -> None:
        """Ring, or be content, where it is known how the channel stands in each of the workspaces."""
        if not place.teams or not all(self._gate.knows(team, place.channel) for team in place.teams):
            return
        faults = [await self._gate.fault(team, place.channel) for team in place.teams]
        address = Address(PLATFORM, place.channel, "place")
        if None in faults:  # one that passes in any of the school's workspaces is told
            self._alarms.arrived_at(address)
        else:
            self._alarms.ring("channel-unsafe", place.school, to=address, routes=place.routes, fault=str(faults[0]))


def _tell(error: Exception) -> None:
    _log.error("channels could not be looked over, for a fault of ours: %s", type(error).__name__)


def _channels(school: School) -> Mapping[str, str]:
    """Return the channels that a school's routes name, each with the names of those routes."""
    found: dict[str, list[str]] = {}
    for name, route in school.routes.items():
        place = (route.place or {}).get(PLATFORM)
        if place:
            found.setdefault(place, []).append(name)
    return {place: ",".join(sorted(names)) for place, names in found.items()}
