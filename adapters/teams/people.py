"""Who somebody is in a tenant: what they are called, whether they are a guest, and which teams they are in.

Nobody is taken for the holder of a role by their mail address: a guest's can be anything. A user principal name counts
where Teams itself names it for a full member of the tenant.
"""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterable, Iterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from datetime import datetime, timedelta

from adapters.chat.cache import Lately
from adapters.chat.kept_records import KeptRecords
from adapters.teams.connection import Connection, Json, Spot
from adapters.teams.incoming import Incoming, is_object_id
from adapters.teams.tenants import Places, Team
from bot.escalation.authority import Standing, standing
from bot.escalation.errors import ChannelDownError, EscalationError, UndeliverableError
from bot.escalation.model import Person
from bot.escalation.ports import Kept
from bot.escalation.register import Register

PLATFORM = "teams"
_KEEP = timedelta(minutes=10)
_AGAIN = timedelta(seconds=5)
_PATIENCE_S = 2.0  # whoever writes waits for it
_MOST = 10_000
_SOMEBODY = "Somebody in Teams"
_GUEST_MARK = "#ext#"


@dataclass(frozen=True, slots=True)
class Member:
    """Somebody in a tenant. `principal` is their user principal name, lower case; "" where it may not be trusted.

    `is_guest`: no full member of the tenant.
    """

    user: str
    name: str
    principal: str
    is_guest: bool


@dataclass(frozen=True, slots=True)
class _Seen:
    """Where somebody wrote last, and by which id Teams knows them there."""

    spot: Spot
    member: str
    name: str


class Names:
    """Which Entra object id stands behind a user principal name, as Teams has said last."""

    def __init__(self, kept: Kept) -> None:
        self._users: dict[str, str] = {}
        self._principals: dict[str, str] = {}
        self._kept = KeptRecords(kept, "teams-name", "principal")

    async def load(self) -> None:
        """Take what is kept from the store; what Teams has said since goes before it. Raises StoreError."""
        await self._kept.load()
        self._users = {one["principal"]: one["user"] for one in self._kept.all()} | self._users

    def learn(self, member: Member) -> None:
        """Take up a full member of a tenant."""
        if member.principal and not member.is_guest:
            self._users[member.principal] = member.user
            self._principals[member.user] = member.principal

    async def keep(self, named: Iterable[str]) -> None:
        """Keep those whom a school names, and nobody else. Raises StoreError."""
        for principal in {one.strip().lower() for one in named}:
            user = self.user(principal)
            if user is not None:
                await self._kept.put({"principal": principal, "user": user})
            elif self._kept.get(principal) is not None:
                await self._kept.drop(principal)

    def user(self, named: str) -> str | None:
        """Return the object id of whoever is named by their object id or user principal name; None where unknown.

        Who goes by another name since is not meant any more.
        """
        plain = named.strip().lower()
        if "@" not in plain:
            return plain
        user = self._users.get(plain)
        return user if user is not None and self._principals.get(user, plain) == plain else None


class People:
    """Asks Teams who people are, at most every ten minutes each. `now` tells the time; `names` learns of them."""

    def __init__(self, connection: Connection, places: Places, names: Names, now: Callable[[], datetime]) -> None:
        self._connection = connection
        self._places = places
        self.names = names
        self.now = now
        self._seen: dict[tuple[str, str], _Seen] = {}
        self._ids: dict[tuple[str, str], str] = {}
        self._members: Lately[tuple[str, str], Member] = Lately(_KEEP, now, again=_AGAIN)
        self._rosters: Lately[tuple[str, str], frozenset[str]] = Lately(_KEEP, now, again=_AGAIN)

    def heard(self, heard: Incoming) -> None:
        """Note where somebody wrote: Teams is asked there who they are."""
        key = (heard.tenant, heard.user)
        self._seen.pop(key, None)
        self._seen[key] = _Seen(heard.spot, heard.member, heard.name)
        while len(self._seen) > _MOST:
            del self._seen[next(iter(self._seen))]

    def member_id(self, tenant: str, user: str) -> str:
        """Return the id by which Teams knows somebody, or their Entra id where it has not said."""
        seen = self._seen.get((tenant, user))
        return seen.member if seen else self._ids.get((tenant, user), user)

    async def member(self, tenant: str, user: str) -> Member | None:
        """Return who somebody is; None where Teams cannot say just now and has not said before."""
        key = (tenant, user)
        try:
            return await self._members.get(key, lambda: self._member(tenant, user))
        except EscalationError:
            return self._members.last(key)

    async def person(self, tenant: str, user: str) -> Person:
        """Return somebody with the name they go by, as far as it is known; from now on their sign-in name is known."""
        member, seen = await self.member(tenant, user), self._seen.get((tenant, user))
        return Person(PLATFORM, user, member.name if member else (seen and seen.name) or _SOMEBODY)

    async def standing(self, tenant: str, user: str, register: Register) -> Standing:
        """Say whether somebody asks as a member of staff, as far as Teams says it now or has said it before."""
        if not is_object_id(user):
            return Standing.OUTSIDER
        member = await self.member(tenant, user)
        if member is None:
            return Standing.STAFF if register.roles_of(user) else Standing.UNKNOWN
        listed = register.school.asks.get(PLATFORM) or {}
        rosters = {one: await self._roster(tenant, one) for one in listed.get("groups", ())}
        own = frozenset(one for one, roster in rosters.items() if roster is not None and user in roster)
        if not member.is_guest and {user, member.principal} & set(map(str.lower, listed.get("people", ()))):
            return Standing.STAFF
        found = standing(register, user, own, is_guest=member.is_guest)
        unsure = None in rosters.values() and not member.is_guest
        return Standing.UNKNOWN if found is Standing.OUTSIDER and unsure else found

    async def roster(self, team: Team) -> frozenset[str]:
        """Return the object ids of everybody in a team. Raises EscalationError."""
        return await self._rosters.get((team.tenant, team.id), lambda: self._listed(team))

    async def learn_group(self, team: Team) -> None:
        """Ask for the id of a team's group, where no event has named it. Raises EscalationError."""
        if team.group:
            return
        async with _within():
            group = (await self._connection.team(team.service_url, team.id)).get("aadGroupId")
        if isinstance(group, str) and is_object_id(group):
            await self._places.note_team(team.tenant, team.id, group)

    def learn(self, tenant: str, members: list[Json]) -> None:
        """Take up the members that Teams has listed."""
        for given in members:
            one = as_member(given, tenant)
            if one is not None:
                self.names.learn(one)
                self._ids[tenant, one.user] = str(given.get("id") or one.user)

    async def _roster(self, tenant: str, named: str) -> frozenset[str] | None:
        """Return who is in a team; None where Signpost is not in it, or Teams cannot say and has not said before."""
        team = self._places.team(tenant, named)
        if team is None:
            return None
        try:
            return await self.roster(team)
        except EscalationError:
            return self._rosters.last((team.tenant, team.id))

    async def _listed(self, team: Team) -> frozenset[str]:
        async with _within():
            members = await self._connection.members(team.spot)
        self.learn(team.tenant, members)
        return frozenset(one.user for one in _members(team.tenant, members))

    async def _member(self, tenant: str, user: str) -> Member:
        seen, chat = self._seen.get((tenant, user)), self._places.chat(tenant, user)
        spots = [(seen.spot, seen.member)] if seen else []
        spots += [(chat, user)] if chat else []
        spots += [(team.spot, user) for team in self._places.teams(tenant)]
        for spot, known in spots:
            with suppress(UndeliverableError):  # they are not in that conversation any more
                async with _within():
                    found = as_member(await self._connection.member(spot, known), tenant)
                if found and found.user == user:
                    self.names.learn(found)
                    return found
        raise ChannelDownError("Teams does not say who this is")


@asynccontextmanager
async def _within() -> AsyncIterator[None]:
    """Ask Teams something for which somebody waits. Raises ChannelDownError where Teams is slow."""
    try:
        async with asyncio.timeout(_PATIENCE_S):
            yield
    except TimeoutError:
        raise ChannelDownError("Teams is slow") from None


def as_member(given: Json, tenant: str) -> Member | None:
    """Read a member as Teams describes one (TeamsChannelAccount); None for one without an Entra id."""
    user = given.get("aadObjectId") or given.get("objectId")
    if not isinstance(user, str) or not is_object_id(user):
        return None
    principal = given.get("userPrincipalName")
    principal = principal.strip().lower() if isinstance(principal, str) else ""
    own = str(given.get("tenantId") or "").lower() == tenant
    # Whoever is not called a full member of this very tenant is none.
    is_guest = not own or str(given.get("userRole") or "").lower() != "user" or _GUEST_MARK in principal
    name = given.get("name")
    called = name.strip() if isinstance(name, str) and name.strip() else _SOMEBODY
    return Member(user.lower(), called, "" if is_guest else principal, is_guest)


def _members(tenant: str, members: list[Json]) -> Iterator[Member]:
    yield from filter(None, (as_member(one, tenant) for one in members))
