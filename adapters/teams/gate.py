"""The gate before a channel: what is sent there must be read by those whom the school means, and nobody else (RS-40).

A private channel passes. A shared one does, unless somebody of another organisation reads it. Of any other, and of one
of which Teams does not say what it is, everybody in the team reads it, and whether the team is private cannot be asked:
it passes where an admin has confirmed who reads it, for exactly those people. Unknown means refused.
"""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta

from adapters.chat.cache import Lately
from adapters.chat.kept_records import KeptRecords
from adapters.teams import gate_wording as wording
from adapters.teams.connection import Connection, Json, Spot
from adapters.teams.incoming import is_id
from adapters.teams.people import People, as_member
from adapters.teams.tenants import Places
from bot.escalation.errors import EscalationError, RefusedError, UndeliverableError
from bot.escalation.ports import Kept

_KEEP = timedelta(minutes=10)
_READERS = timedelta(minutes=1)
_PRIVATE, _SHARED, _STANDARD = "private", "shared", "standard"
_NO_LONGER = frozenset({"BotNotInConversationRoster", "ConversationNotFound", "ForbiddenOperationException"})


@dataclass(frozen=True, slots=True)
class Readers:
    """Who reads a channel, by object id. `strangers` counts guests, and those of another organisation.

    `ids` are the ids by which Teams knows them.
    """

    users: frozenset[str]
    strangers: int
    ids: tuple[str, ...] = ()


class Confirmed:
    """Who reads a channel, as an admin has confirmed it. Nothing is known before `load`."""

    def __init__(self, kept: Kept) -> None:
        self._kept = KeptRecords(kept, "teams-confirmed", "tenant", "channel")

    async def load(self) -> None:
        """Take what is kept from the store. Raises StoreError."""
        await self._kept.load()

    def readers(self, tenant: str, channel: str) -> frozenset[str] | None:
        """Return who was confirmed to read a channel; None where nobody has confirmed it."""
        found = self._kept.get(tenant, channel)
        return frozenset(found["readers"].split()) if found else None

    async def put(self, tenant: str, channel: str, readers: frozenset[str], by: str) -> None:
        """Keep what an admin (their pseudonymous key) has confirmed. Raises StoreError."""
        kept = {"tenant": tenant, "channel": channel, "readers": " ".join(sorted(readers)), "by": by}
        await self._kept.put(kept)


class Gate:
    """Looks at a channel at most every ten minutes, and at who reads it every minute. `now` tells the time."""

    def __init__(
        self,
        connection: Connection,
        places: Places,
        people: People,
        confirmed: Confirmed,
        now: Callable[[], datetime],
    ) -> None:
        self._connection = connection
        self._places = places
        self._people = people
        self._confirmed = confirmed
        self._types: Lately[tuple[str, str], str] = Lately(_KEEP, now)
        self._faults: Lately[tuple[str, str], str | None] = Lately(_KEEP, now)
        self._readers: Lately[tuple[str, str], Readers] = Lately(_READERS, now)

    async def fault(self, home: str, place: str) -> str | None:
        """Say what keeps a channel from being told of anything; None where nothing does.

        Raises ChannelDownError and ThrottledError where that cannot be found out.
        """
        if home not in self._places.tenants():
            return wording.NOT_IN_TEAM
        return await self._faults.get((home, place), lambda: self._fault(home, place))

    async def check(self, home: str, place: str) -> None:
        """Raise UndeliverableError where a channel must not be told; see `fault` for the rest."""
        fault, kind = await self.fault(home, place), self._types.last((home, place))
        if fault is None and kind != _PRIVATE:
            self._readers.forget((home, place))  # whoever came a moment ago reads it too
            fault = _of_readers(await self._read(home, place), self._trusted(home, place, kind))
        if fault:
            self._faults.forget((home, place))
            raise UndeliverableError(fault)

    async def members(self, home: str, place: str) -> frozenset[str]:
        """Return the object ids of everybody who reads a channel. Raises EscalationError."""
        return (await self._read(home, place)).users

    async def ids(self, home: str, place: str) -> tuple[str, ...]:
        """Return the ids by which Teams knows everybody who reads a channel. Raises EscalationError."""
        return (await self._read(home, place)).ids

    def knows(self, home: str, place: str) -> bool:
        """Tell whether `fault` says it without asking Teams."""
        return home not in self._places.tenants() or self._faults.knows((home, place))

    def forget(self, home: str, place: str) -> None:
        """Look anew next time."""
        for known in (self._types, self._faults, self._readers):
            known.forget((home, place))

    async def confirm(self, home: str, place: str, by: str) -> None:
        """Take an admin's word that exactly those may read a channel who do so now. Raises RefusedError, StoreError."""
        self.forget(home, place)
        try:
            found = await self._read(home, place)
        except EscalationError:
            raise RefusedError(wording.READERS_UNKNOWN) from None
        if found.strangers:
            raise RefusedError(wording.STRANGERS_READ)
        await self._confirmed.put(home, place, found.users, by)
        self.forget(home, place)

    # ---- Asking Teams ----------------------------------------------------------------------------------------------

    async def _fault(self, tenant: str, channel: str) -> str | None:
        with _permanent() as refused:
            kind = await self._types.get((tenant, channel), lambda: self._type(tenant, channel))
            readers = await self._read(tenant, channel)
            return _of_readers(readers, self._trusted(tenant, channel, kind))
        return refused.fault

    async def _type(self, tenant: str, channel: str) -> str:
        """Return what a channel is, as Teams says now; what it does not say is a standard one. Raises EscalationError.

        A channel that no known team has is none that Signpost is in.
        """
        own = self._places.team_of(tenant, channel)
        teams = sorted(self._places.teams(tenant), key=lambda team: team.id != own)
        for team in teams:
            listed = await self._connection.channels(team.service_url, team.id)
            for one in listed:
                if one.get("id") == channel:
                    await self._places.note_channel(tenant, channel, team.id, _kind(one))
                    return _kind(one) or self._places.type_of(tenant, channel) or _STANDARD
        known = self._places.type_of(tenant, channel)
        if known in {_PRIVATE, _SHARED} and own:  # such a channel is not in every list; its own roster says more
            return known
        raise UndeliverableError(wording.NOT_IN_TEAM)

    def _trusted(self, tenant: str, channel: str, kind: str | None) -> frozenset[str] | None:
        """Return who may read a channel of that type; None where those are its own members, whoever they are."""
        if kind in {_PRIVATE, _SHARED}:
            return None
        return self._confirmed.readers(tenant, channel) or frozenset()

    async def _read(self, tenant: str, channel: str) -> Readers:
        return await self._readers.get((tenant, channel), lambda: self._listed(tenant, channel))

    async def _listed(self, tenant: str, channel: str) -> Readers:
        url = self._places.service_url(tenant)
        if url is None:
            raise UndeliverableError(wording.NOT_IN_TEAM)
        members = await self._connection.members(Spot(url, channel))
        self._people.learn(tenant, members)
        return _readers(tenant, members)


@dataclass(slots=True)
class _Refused:
    """What Teams refuses for good, as a fault of the channel."""

    fault: str = wording.NOT_IN_TEAM


@contextmanager
def _permanent() -> Iterator[_Refused]:
    """Take what Teams refuses for good as a fault; what is only so just now comes through."""
    refused = _Refused()
    try:
        yield refused
    except UndeliverableError as error:
        reason = str(error)
        refused.fault = wording.NOT_IN_TEAM if reason in _NO_LONGER else reason


def _readers(tenant: str, members: list[Json]) -> Readers:
    found = [as_member(one, tenant) for one in members]
    strangers = sum(1 for one in found if one is None or one.is_guest)
    ids = tuple(str(one["id"]) for one in members if is_id(one.get("id")))
    return Readers(frozenset(one.user for one in found if one), strangers, ids)


def _of_readers(readers: Readers, trusted: frozenset[str] | None) -> str | None:
    """Return what is wrong with who reads a channel. `trusted` are those who may; None where its type says who may."""
    if readers.strangers:
        return wording.STRANGERS_READ
    if not readers.users:
        return wording.READERS_UNKNOWN
    if trusted is None or readers.users <= trusted:
        return None
    return wording.OTHERS_READ if trusted else wording.NOT_CONFIRMED


def _kind(channel: Mapping[str, object]) -> str | None:
    """Return what Teams says of a channel; the Bot Connector has written it under two names."""
    found = channel.get("type") or channel.get("channelType")
    return found if isinstance(found, str) and found in {_PRIVATE, _SHARED, _STANDARD} else None
