"""Which channel a route goes to: looking at it as it is now, and binding it from inside a private channel."""

import logging
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Protocol

from adapters.slack import home_wording as says
from adapters.slack.admin_views import RouteLook
from adapters.slack.announcing import Announcing
from adapters.slack.asking import Where
from adapters.slack.gate import Gate
from adapters.slack.people import PLATFORM
from adapters.slack.workspaces import Workspaces
from bot.escalation.errors import EscalationError, RefusedError
from bot.escalation.office import Office
from knowledge.model import Route, RouteName, School

_log = logging.getLogger("signpost.slack")
_NO_ROUTE = Route(())


class Places(Protocol):
    """The channels that admins have bound to routes; the schools that are served show them as their own."""

    async def bind(self, school: str, route: str, platform: str, place: str, by: str) -> None:
        """Bind a place to a route from now on, and log it. `by` is a pseudonymous key. Raises StoreError."""
        ...

    async def unbind(self, school: str, route: str, platform: str, by: str) -> bool:
        """Take a binding away, and log it; False where there is none. Raises StoreError."""
        ...


@dataclass(frozen=True, slots=True)
class Bindings:
    """Looks at the channels of routes, and binds them."""

    office: Office
    workspaces: Workspaces
    gate: Gate
    places: Places
    announcing: Announcing

    async def look(self, school: School) -> Sequence[RouteLook]:
        """Return every route of a school as it stands now."""
        return [await self._look(school, name) for name in RouteName]

    async def bind(self, where: Where, school: str, name: str) -> str:
        """Bind the channel in which somebody types to a route; returns what to tell them. Raises RefusedError."""
        route = self._route(school, name)
        if where.is_direct or not where.channel:
            raise RefusedError(says.BIND_INSIDE)
        fault = await self._fault([where.team], where.channel)
        if fault:
            raise RefusedError(f"{says.refused(fault)} {says.mend_channel(fault)}")
        if self._mixes(where, route):
            raise RefusedError(says.QUESTION_APART)
        readers = await self._readers([where.team], where.channel)
        if readers is None:
            raise RefusedError(f"{says.refused(says.GATE_UNKNOWN)} {says.TRY_AGAIN}")
        # Whoever reads the channel can open what is raised: an admin alone must not make themselves a reader.
        if not self._inside(self.office.school(school), route, readers):
            raise RefusedError(says.NOBODY_OF_THE_ROUTE)
        before = _place(self.office.school(school).routes[route])
        await self.places.bind(school, route, PLATFORM, where.channel, self._key(where))
        _log.info("%s: the route %s was bound to the channel %s", school, route, where.channel)
        await self.announcing.moved(where, self.office.school(school), route, before)
        told = says.bound(route, len(readers))
        outside = self._outside(self.office.school(school), route, readers)
        return f"{told} {says.not_inside(outside)}" if outside else told

    async def unbind(self, where: Where, school: str, name: str) -> str:
        """Take the binding of a route away; returns what to tell whoever did. Raises RefusedError."""
        route = self._route(school, name)
        before = _place(self.office.school(school).routes[route])
        if not await self.places.unbind(school, route, PLATFORM, self._key(where)):
            return says.not_bound(route)
        _log.info("%s: the route %s was unbound", school, route)
        await self.announcing.moved(where, self.office.school(school), route, before)
        return says.unbound(route)

    # ---- Looking ---------------------------------------------------------------------------------------------------

    async def _look(self, school: School, name: RouteName) -> RouteLook:
        route = school.routes.get(name, _NO_ROUTE)
        people, place = tuple(map(school.contact, route.people)), _place(route)
        if place is None:
            return RouteLook(name, people)
        teams = self.workspaces.teams_of(school.id)
        fault = await self._fault(teams, place)
        readers = None if fault else await self._readers(teams, place)
        return RouteLook(name, people, place, fault, readers)

    async def _fault(self, teams: Sequence[str], place: str) -> str | None:
        """Say what keeps a channel from being told just now; one that passes in any of the workspaces is told."""
        faults = [await self._fault_in(team, place) for team in teams]
        return None if None in faults else next(iter(faults), says.GATE_UNKNOWN)

    async def _fault_in(self, team: str, place: str) -> str | None:
        self.gate.forget(team, place)
        try:
            return await self.gate.fault(team, place)
        except EscalationError:
            return says.GATE_UNKNOWN

    async def _readers(self, teams: Sequence[str], place: str) -> frozenset[str] | None:
        """Return who reads a channel; None where that cannot be found out just now."""
        for team in teams:
            with suppress(EscalationError):
                return await self.gate.members(team, place)
        return None

    # ---- Binding ---------------------------------------------------------------------------------------------------

    def _route(self, school: str, name: str) -> RouteName:
        """Return a route that the school has set, with people to tell."""
        if name not in list(RouteName):
            raise RefusedError(says.BIND_WHICH)
        if RouteName(name) not in self.office.school(school).routes:
            raise RefusedError(says.no_such_route(name))
        return RouteName(name)

    def _mixes(self, where: Where, route: RouteName) -> bool:
        """Tell whether questions and concerns would share a channel, of whichever school of the workspace."""
        schools = [self.office.school(school) for school in self.workspaces.schools_in(where.team)]
        there = {name for school in schools for name, found in school.routes.items() if _place(found) == where.channel}
        with_it = there | {route}
        return RouteName.QUESTION in with_it and len(with_it) > 1

    def _inside(self, school: School, name: RouteName, readers: frozenset[str]) -> bool:
        """Tell whether somebody whom a route tells reads its channel."""
        register = self.office.register(school.id, PLATFORM)
        return any(register.address(school.contact(role)) in readers for role in school.routes[name].people)

    def _outside(self, school: School, name: RouteName, readers: frozenset[str]) -> list[str]:
        """Return the roles of a route whose holders have a known id and do not read its channel."""
        register = self.office.register(school.id, PLATFORM)
        people = map(school.contact, school.routes[name].people)
        known = [(contact.title, register.address(contact)) for contact in people]
        return [title for title, member in known if member and member not in readers]

    def _key(self, where: Where) -> str:
        return self.office.pseudonyms.key(f"{PLATFORM}:{where.user}")


def _place(route: Route) -> str | None:
    return (route.place or {}).get(PLATFORM)
