"""Keeps up with what changes by itself: what other replicas have written, and who is behind a sign-in name."""

import logging
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass
from itertools import count
from typing import Protocol

from adapters.teams.gate import Confirmed
from adapters.teams.people import PLATFORM, Names, People
from adapters.teams.tenants import Places
from bot.escalation.errors import EscalationError
from bot.ports import Knowledge

EVERY_S = 30.0
_SELDOM = 10  # keys and token hold for hours
_log = logging.getLogger("signpost.teams")


class Bound(Protocol):
    """The channels that admins have bound to routes."""

    async def load(self) -> None:
        """Take what is bound from the store. Raises StoreError."""
        ...


@dataclass(frozen=True, slots=True)
class Following:
    """Takes up within a minute what was written elsewhere, and learns who the people of each school are."""

    bound: Bound
    places: Places
    confirmed: Confirmed
    names: Names
    people: People
    knowledge: Knowledge
    prefetch: Callable[[], Awaitable[None]]

    async def follow(self, pause: Callable[[float], Awaitable[None]]) -> None:
        """Go on for ever. `pause` waits that many seconds."""
        for number in count():
            for step in (self.bound.load, self.places.load, self.confirmed.load, self.names.load):
                await self._take(step)
            if number % _SELDOM == 0:
                await self._take(self.prefetch)
            await self._take(self.learn)
            await self._take(self._keep)
            await pause(EVERY_S)

    async def learn(self) -> None:
        """Ask about the teams that Signpost is in, each every ten minutes: rosters say who is behind a sign-in name."""
        for tenant in self.places.tenants():
            for team in self.places.teams(tenant):
                try:
                    await self.people.roster(team)
                    await self.people.learn_group(team)
                except EscalationError as error:
                    _log.info("who is in a team could not be read: %s", error)

    async def _keep(self) -> None:
        await self.names.keep(self._named())

    def _named(self) -> Iterator[str]:
        """Go through the user principal names that the schools give."""
        for school in [self.knowledge.view(one).school for one in self.knowledge.schools()]:
            reach = [one for contact in school.contacts.values() for one in contact.reach if one.kind == PLATFORM]
            yield from (one.value for one in reach if "@" in one.value)
            yield from (one[PLATFORM] for one in school.admins if "@" in one.get(PLATFORM, ""))

    async def _take(self, step: Callable[[], Awaitable[None]]) -> None:
        try:
            await step()
        except Exception as error:  # noqa: BLE001 - one that ended here would silently follow nothing any more
            _log.warning("what changes in Teams could not be looked at: %s", type(error).__name__)
