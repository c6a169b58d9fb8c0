"""The tenants that Signpost may answer in, and where it can post in each: learnt from signed activities alone.

A tenant is known by its id in an activity that was authenticated, and counts only where a school's school.yaml names it
(RS-34). What is needed to post there later is kept: refreshed when it changes, forgotten when Signpost is taken out
(RS-37).
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

from adapters.chat.belonging import Belonging, Served, homes_named
from adapters.chat.kept_records import KeptRecords
from adapters.teams.connection import Spot
from adapters.teams.incoming import PERSONAL, Incoming
from bot.escalation.ports import Kept
from knowledge.model import School

TENANT, TEAM = "teams_tenant", "teams_team"
_HAPPENINGS = frozenset({"conversationUpdate", "installationUpdate"})


@dataclass(frozen=True, slots=True)
class Team:
    """A team that Signpost is installed in. `group` is the id of its Microsoft 365 group, "" where that is unknown."""

    tenant: str
    id: str
    group: str
    service_url: str

    @property
    def spot(self) -> Spot:
        """The team as a conversation, for its roster."""
        return Spot(self.service_url, self.id)


class Places:
    """What is kept of where Signpost can post. Nothing is known before `load`."""

    def __init__(self, kept: Kept) -> None:
        self._homes = KeptRecords(kept, "teams-home", "tenant")
        self._chats = KeptRecords(kept, "teams-chat", "tenant", "user")
        self._teams = KeptRecords(kept, "teams-team", "tenant", "team")
        self._channels = KeptRecords(kept, "teams-channel", "tenant", "channel")

    async def load(self) -> None:
        """Take what is kept from the store, whichever replica wrote it. Raises StoreError."""
        for records in (self._homes, self._chats, self._teams, self._channels):
            await records.load()

    def service_url(self, tenant: str) -> str | None:
        """Return the address of the service of a tenant, as it last wrote; None for one that never has."""
        found = self._homes.get(tenant)
        return found["service_url"] if found else None

    def bot(self, tenant: str) -> str | None:
        """Return Signpost's own id in a tenant."""
        found = self._homes.get(tenant)
        return found["bot"] if found else None

    def tenants(self) -> Sequence[str]:
        """List the tenants that have written."""
        return tuple(one["tenant"] for one in self._homes.all())

    def chat(self, tenant: str, user: str) -> Spot | None:
        """Return the personal chat with somebody; None where none is known."""
        found = self._chats.get(tenant, user)
        return Spot(found["service_url"], found["conversation"]) if found else None

    def team(self, tenant: str, named: str) -> Team | None:
        """Return a team by its id, or by that of its group; None where Signpost is not in it."""
        wanted = named.lower()
        return next((one for one in self.teams(tenant) if wanted in (one.id.lower(), one.group)), None)

    def teams(self, tenant: str) -> Sequence[Team]:
        """List the teams of a tenant that Signpost is in; where the tenant moves to, they are found too."""
        found = [one for one in self._teams.all() if one["tenant"] == tenant]
        return [Team(tenant, one["team"], one["group"], self.service_url(tenant) or "") for one in found]

    def team_of(self, tenant: str, channel: str) -> str | None:
        """Return the id of a channel's team; None for a channel that is not known."""
        found = self._channels.get(tenant, channel)
        return found["team"] if found else None

    def type_of(self, tenant: str, channel: str) -> str | None:
        """Return what Teams last called a channel: standard, private or shared; None where it has not said."""
        found = self._channels.get(tenant, channel)
        return found["type"] or None if found else None

    def channels_of(self, tenant: str, team: str) -> Sequence[str]:
        """List the channels of a team that are known."""
        return tuple(one["channel"] for one in self._channels.all() if one["tenant"] == tenant and one["team"] == team)

    # ---- Writing ---------------------------------------------------------------------------------------------------

    async def note(self, heard: Incoming) -> None:
        """Keep where an activity came from, as far as it is new. Raises StoreError; it counts here all the same."""
        url, tenant, anew = heard.spot.service_url, heard.tenant, heard.type in _HAPPENINGS
        if not heard.is_own:
            await self._homes.put({"tenant": tenant, "service_url": url, "bot": heard.recipient})
        if heard.kind == PERSONAL and not heard.is_own:
            await self.note_chat(tenant, heard.user, heard.spot, anew=anew)
        place = heard.place
        if place.team:
            await self.note_team(tenant, place.team, place.group, anew=anew)
        if place.team and place.channel:
            await self.note_channel(tenant, place.channel, place.team, place.channel_type)

    async def note_chat(self, tenant: str, user: str, spot: Spot, *, anew: bool = False) -> None:
        """Keep the personal chat with somebody. `anew`: Signpost was put in again. Raises StoreError."""
        kept = {"tenant": tenant, "user": user, "conversation": spot.conversation, "service_url": spot.service_url}
        await self._chats.put(kept, anew=anew)

    async def note_team(self, tenant: str, team: str, group: str | None, *, anew: bool = False) -> None:
        """Keep a team, and its group's id where Teams says it. `anew`: Signpost was put in again. Raises StoreError."""
        known = self._teams.get(tenant, team) or {}
        kept = {"tenant": tenant, "team": team, "group": (group or known.get("group", "")).lower()}
        await self._teams.put(kept, anew=anew)

    async def note_channel(self, tenant: str, channel: str, team: str, kind: str | None) -> None:
        """Keep which team a channel is of, and its type where Teams says it. Raises StoreError."""
        known = self._channels.get(tenant, channel) or {}
        await self._channels.put(
            {"tenant": tenant, "channel": channel, "team": team, "type": kind or known.get("type", "")}
        )

    async def forget_chat(self, tenant: str, user: str) -> None:
        """Forget the personal chat with somebody who has taken Signpost out. Raises StoreError."""
        await self._chats.drop(tenant, user)

    async def forget_team(self, tenant: str, team: str) -> None:
        """Forget a team that has taken Signpost out, with its channels. Raises StoreError."""
        await self._teams.drop(tenant, team)
        for channel in self.channels_of(tenant, team):
            await self._channels.drop(tenant, channel)

    async def forget_channel(self, tenant: str, channel: str) -> None:
        """Forget a channel that is gone. Raises StoreError."""
        await self._channels.drop(tenant, channel)


@dataclass(frozen=True, slots=True)
class Tenants:
    """Which schools belong to a tenant, and to a team of it, by whichever of its two ids a school.yaml names it."""

    places: Places
    belonging: Belonging = field(repr=False)

    def schools_in(self, home: str, place: str | None = None) -> Sequence[str]:
        """List the schools of a tenant, by id; that of the team alone where the team is one school's own."""
        return self.belonging.schools_in(home, self._named(home, place))

    def is_of_one_school(self, home: str, place: str | None) -> bool:
        """Tell whether a team is one school's own."""
        return self.belonging.is_of_one_school(home, self._named(home, place))

    def homes(self) -> Sequence[str]:
        """List the tenants that Signpost has heard of."""
        return self.places.tenants()

    def homes_of(self, school: str) -> Sequence[str]:
        """List those of a school; none for one that is not served."""
        return tuple(one for one in self.belonging.homes_of(school) if self.places.service_url(one))

    def belongs(self, school: str, home: str) -> bool:
        """Tell whether a school belongs to a tenant."""
        return home in self.belonging.homes_of(school)

    def _named(self, home: str, place: str | None) -> str | None:
        """Return a team by the one of its ids that a school names."""
        team = self.places.team(home, place) if place else None
        both = (team.id, team.group) if team else (place,)
        return next((one for one in both if one and self.belonging.is_of_one_school(home, one)), place)


def tenants(knowledge: Served, places: Places) -> Tenants:
    """Put together which schools belong to which tenants."""
    return Tenants(places, Belonging(knowledge, TENANT, TEAM, str.lower))


def tenants_named(school: School) -> Sequence[str]:
    """List the tenants that a school says it belongs to, each once."""
    return homes_named(school, TENANT)
