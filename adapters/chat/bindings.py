"""Which channel a route goes to: looking at it as it is now, and binding it from inside a private channel."""

import logging
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Protocol

from adapters.chat import admin_wording as says
from adapters.chat.admin_wording import Platform
from adapters.chat.announcing import Announcing
from adapters.chat.asking import Somewhere
from adapters.chat.homes import Gate, Homes
from adapters.chat.reports import RouteLook
from bot.escalation.errors import EscalationError, RefusedError
from bot.escalation.office import Office
from knowledge.model import Route, RouteName, School

_NO_ROUTE = Route(())


class Typed(Somewhere, Protocol):
    """Where somebody types a command."""

    @property
    def channel(self) -> str:
        """The id of the conversation, by which a route can name it; empty where there is none."""
        ...

    @property
    def is_direct(self) -> bool:
        """Tell whether nobody else reads there."""
        ...


class Places(Protocol):
    """The channels that admins have bound to routes; the schools that are served show them as their own."""

    async def bind(self, school: str, route: str, platform: str, place: str, by: str) -> None:
        """Bind a place to a route from now on, and log it. `by` is a pseudonymous key. Raises StoreError."""
        ...

    async def unbind(self, school: str, route: str, platform: str, by: str) -> bool:
        """Take a binding away, and log it; False where there is none. Raises StoreError."""
        ...


class Confirms(Protocol):
    """Takes an admin's word for who reads a channel of which the platform itself cannot say so."""

    async def confirm(self, home: str, place: str, by: str, /) -> None:
        """Note that the channel is private, so that the gate may let it pass. `by` is a pseudonymous key.

        Raises RefusedError where nobody's word is enough, and StoreError.
        """
        ...


@dataclass(frozen=True, slots=True)
class Bindings:
    """Looks at the channels of routes, and binds them. `confirms` is None where nobody's word is ever taken."""

    platform: Platform
    office: Office
    homes: Homes
    gate: Gate
    places: Places
    announcing: Announcing
    confirms: Confirms | None = None

    async def look(self, school: School) -> Sequence[RouteLook]:
        """Return every route of a school as it stands now."""
        return [await self._look(school, name) for name in RouteName]

    async def bind(self, where: Typed, school: str, name: str, *, confirmed: bool = False) -> str:
        """Bind the channel in which somebody types to a route; returns what to tell them. Raises RefusedError.

        `confirmed`: they give their word for who reads the channel.
        """
        route = self._route(school, name)
        if where.is_direct or not where.channel:
            raise RefusedError(says.bind_inside(self.platform))
        self.gate.forget(where.home, where.channel)
        if confirmed and self.confirms:
            await self._check_readers(where, school, route)  # nobody's word is kept for a channel that is refused
            await self.confirms.confirm(where.home, where.channel, self._key(where))
        await self._check_gate(where)
        readers = await self._check_readers(where, school, route)
        before = self._place(self.office.school(school).routes[route])
        await self.places.bind(school, route, self.platform.id, where.channel, self._key(where))
        self._log("%s: the route %s was bound to the channel %s", school, route, where.channel)
        if before != where.channel:
            await self._announce(where, school, route, before)
        told = says.bound(route, len(readers))
        outside = self._outside(self.office.school(school), route, readers)
        return f"{told} {says.not_inside(self.platform, outside)}" if outside else told

    async def unbind(self, where: Typed, school: str, name: str) -> str:
        """Take the binding of a route away; returns what to tell whoever did. Raises RefusedError."""
        route = self._route(school, name)
        before = self._place(self.office.school(school).routes[route])
        if not await self.places.unbind(school, route, self.platform.id, self._key(where)):
            return says.not_bound(self.platform, route)
        self._log("%s: the route %s was unbound", school, route)
        await self._announce(where, school, route, before)
        return says.unbound(route)

    # ---- Looking ---------------------------------------------------------------------------------------------------

    async def _look(self, school: School, name: RouteName) -> RouteLook:
        route = school.routes.get(name, _NO_ROUTE)
        people, place = tuple(map(school.contact, route.people)), self._place(route)
        if place is None:
            return RouteLook(name, people)
        homes = self.homes.homes_of(school.id)
        fault = await self._fault(homes, place)
        readers = None if fault else await self._readers(homes, place)
        return RouteLook(name, people, place, fault, readers)

    async def _fault(self, homes: Sequence[str], place: str) -> str | None:
        """Say what keeps a channel from being told just now; one that passes in any of the homes is told."""
        faults = [await self._fault_in(home, place) for home in homes]
        return None if None in faults else next(iter(faults), says.gate_unknown(self.platform))

    async def _fault_in(self, home: str, place: str) -> str | None:
        self.gate.forget(home, place)
        try:
            return await self.gate.fault(home, place)
        except EscalationError:
            return says.gate_unknown(self.platform)

    async def _readers(self, homes: Sequence[str], place: str) -> frozenset[str] | None:
        """Return who reads a channel; None where that cannot be found out just now."""
        for home in homes:
            with suppress(EscalationError):
                return await self.gate.members(home, place)
        return None

    # ---- Binding ---------------------------------------------------------------------------------------------------

    def _route(self, school: str, name: str) -> RouteName:
        """Return a route that the school has set, with people to tell."""
        if name not in list(RouteName):
            raise RefusedError(says.bind_which(self.platform))
        if RouteName(name) not in self.office.school(school).routes:
            raise RefusedError(says.no_such_route(name))
        return RouteName(name)

    async def _check_gate(self, where: Typed) -> None:
        """Raise RefusedError where others than those of the school may read a channel."""
        fault = await self._fault([where.home], where.channel)
        if fault:
            raise RefusedError(f"{says.refused(fault)} {says.mend_channel(self.platform, fault)}")

    async def _check_readers(self, where: Typed, school: str, route: RouteName) -> frozenset[str]:
        """Return who reads a channel. Raises RefusedError where it does not fit the route."""
        if self._mixes(where, route):
            raise RefusedError(says.QUESTION_APART)
        readers = await self._readers([where.home], where.channel)
        if readers is None:
            raise RefusedError(f"{says.refused(says.gate_unknown(self.platform))} {says.TRY_AGAIN}")
        # Whoever reads the channel can open what is raised: an admin alone must not make themselves a reader.
        if not self._inside(self.office.school(school), route, readers):
            raise RefusedError(says.nobody_of_the_route(self.platform))
        return readers

    def _mixes(self, where: Typed, route: RouteName) -> bool:
        """Tell whether questions and concerns would share a channel, of whichever school of the home."""
        schools = [self.office.school(school) for school in self.homes.schools_in(where.home)]
        routes = [one for school in schools for one in school.routes.items()]
        with_it = {name for name, found in routes if self._place(found) == where.channel} | {route}
        return RouteName.QUESTION in with_it and len(with_it) > 1

    def _inside(self, school: School, name: RouteName, readers: frozenset[str]) -> bool:
        """Tell whether somebody whom a route tells reads its channel."""
        register = self.office.register(school.id, self.platform.id)
        return any(register.address(school.contact(role)) in readers for role in school.routes[name].people)

    def _outside(self, school: School, name: RouteName, readers: frozenset[str]) -> list[str]:
        """Return the roles of a route whose holders have a known id and do not read its channel."""
        register = self.office.register(school.id, self.platform.id)
        people = map(school.contact, school.routes[name].people)
        known = [(contact.title, register.address(contact)) for contact in people]
        return [title for title, member in known if member and member not in readers]

    async def _announce(self, where: Typed, school: str, route: RouteName, before: str | None) -> None:
        elsewhere = before if before != where.channel else None
        await self.announcing.moved(where.home, where.user, self.office.school(school), route, elsewhere)

    def _place(self, route: Route) -> str | None:
        return (route.place or {}).get(self.platform.id)

    def _key(self, where: Typed) -> str:
        return self.office.pseudonyms.key(f"{self.platform.id}:{where.user}")

    def _log(self, message: str, *about: str) -> None:
        logging.getLogger(f"signpost.{self.platform.id}").info(message, *about)
