"""What happens to Signpost itself: it is taken into a chat or a team, taken out, and a channel comes to its end."""

from collections.abc import Callable
from dataclasses import dataclass

from adapters.teams.asking import where
from adapters.teams.greeting import Greeting
from adapters.teams.incoming import PERSONAL, Incoming
from adapters.teams.tenants import Places

_CHANNEL_GONE = "channelDeleted"
_OUT_OF_CHANNEL = "channelMemberRemoved"
_TEAM_GONE = frozenset({"teamDeleted", "teamHardDeleted"})


@dataclass(frozen=True, slots=True)
class Happenings:
    """Takes what happens. Raises StoreError where something could not be forgotten: then Teams should say it again.

    `look_anew` forgets who reads a channel of a tenant.
    """

    places: Places
    greeting: Greeting
    look_anew: Callable[[str, str], None]

    async def take(self, heard: Incoming) -> None:
        """Take up one; where Signpost was put in, that has been noted already."""
        if heard.place.team and (heard.added or heard.removed):
            for channel in self.places.channels_of(heard.tenant, heard.place.team):
                self.look_anew(heard.tenant, channel)
        if is_out(heard):
            await self._left(heard)
        elif heard.event == _CHANNEL_GONE and heard.place.channel:
            await self.places.forget_channel(heard.tenant, heard.place.channel)
        elif _is_in(heard) and heard.kind == PERSONAL and not heard.is_own:
            await self.greeting.greet(where(heard))

    async def _left(self, heard: Incoming) -> None:
        if heard.kind == PERSONAL:
            await self.places.forget_chat(heard.tenant, heard.user)
            await self.greeting.forget(where(heard))
        elif heard.event == _OUT_OF_CHANNEL and heard.place.channel:
            await self.places.forget_channel(heard.tenant, heard.place.channel)
        elif heard.place.team:
            await self.places.forget_team(heard.tenant, heard.place.team)


def is_out(heard: Incoming) -> bool:
    """Tell whether Signpost was taken out of where an activity came from."""
    return heard.action == "remove" or heard.recipient in heard.removed or heard.event in _TEAM_GONE


def _is_in(heard: Incoming) -> bool:
    return heard.action in {"add", "add-upgrade"} or heard.recipient in heard.added
