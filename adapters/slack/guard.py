"""Looks over the channels of all routes, so that one that is no longer safe is known before it is needed (RS-14)."""

import logging
from collections.abc import Awaitable, Callable, Mapping

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


class Guard:
    """Rings where a channel must not be told of anything, and where a known workspace has no school.

    Each channel is looked at as often as the gate forgets what it was told, and at once after a reload or a binding.
    """

    def __init__(self, workspaces: Workspaces, gate: Gate, knowledge: Knowledge, alarms: Alarms) -> None:
        self._workspaces = workspaces
        self._gate = gate
        self._knowledge = knowledge
        self._alarms = alarms
        self._views: dict[str, SchoolView] = {}

    async def watch(self, pause: Pause) -> None:
        """Go on for ever. `pause` waits that many seconds."""
        while True:
            try:
                await self.look(pause)
            except Exception as error:  # noqa: BLE001 - one that ended here would silently look at nothing any more
                _log.error("channels could not be looked over, for a fault of ours: %s", type(error).__name__)
            await pause(EVERY_S)

    async def look(self, pause: Pause) -> None:
        """Look once at whatever is due."""
        unserved = self._workspaces.unserved()
        for team in self._workspaces.teams():
            if team in unserved:
                self._alarms.ring("unserved", reference=team)
            else:
                self._alarms.told(team)
        for school in self._knowledge.schools():
            try:
                view = self._knowledge.view(school)
            except KeyError:  # taken out while the others were looked at
                continue
            is_changed, self._views[school] = self._views.get(school) is not view, view
            for place, routes in _places(view.school).items():
                if is_changed:
                    self._forget(school, place)
                await self._look_at(school, place, routes, pause)

    def _forget(self, school: str, place: str) -> None:
        for team in self._workspaces.teams_of(school):
            self._gate.forget(team, place)

    async def _look_at(self, school: str, place: str, routes: str, pause: Pause) -> None:
        """Look at one channel; where Slack cannot say, nothing is new."""
        faults: list[str | None] = []
        for team in self._workspaces.teams_of(school):
            if not self._gate.knows(team, place):
                await pause(APART_S)
            try:
                faults.append(await self._gate.fault(team, place))
            except ThrottledError as throttled:
                await pause(throttled.retry_after)
                return
            except EscalationError:
                return
        address = Address(PLATFORM, place, "place")
        if None in faults:  # one that passes in any of the school's workspaces is told
            self._alarms.arrived_at(address)
        elif faults:
            self._alarms.ring("channel-unsafe", school, to=address, routes=routes, fault=str(faults[0]))


def _places(school: School) -> Mapping[str, str]:
    """Return the channels that a school's routes name, each with the names of those routes."""
    found: dict[str, list[str]] = {}
    for name, route in school.routes.items():
        place = (route.place or {}).get(PLATFORM)
        if place:
            found.setdefault(place, []).append(name)
    return {place: ",".join(sorted(names)) for place, names in found.items()}
