"""What owners and members do with teams, channels and the app itself."""

from typing import Any

from tests.teams_fake.activities import activity, event_data
from tests.teams_fake.delivery import NOT_TOLD, Answer
from tests.teams_fake.people import User
from tests.teams_fake.places import Channel, ChannelType, Place, Team
from tests.teams_fake.somebody import Somebody
from tests.teams_fake.world import ROSTER_CONSENT

Json = dict[str, Any]


class Organising(Somebody):
    """The part of a person that puts things in order."""

    async def installs(self, where: Team | Place | None = None) -> list[Answer]:
        """Install the app for themselves, or put it into a team, a channel of its own members, or a group chat."""
        found: Team | Place = where or self.chat
        found.has_app = True
        if isinstance(found, Place):
            found.app_was_removed = False
        bot = {"id": self._actor.bot["id"]}
        added = [bot] if found is not self.chat else [bot, _member(self.user)]
        selected = {"settings": _selected(found)} if isinstance(found, Team) else {}
        told = await self._installation(found, "add")
        return [*told, await self._event(found, _joining(found), selected, membersAdded=added)]

    async def uninstalls(self, where: Team | Place | None = None) -> list[Answer]:
        """Take the app out again. It is told, and can write there no more."""
        found: Team | Place = where or self.chat
        found.has_app = False
        if isinstance(found, Team):
            for channel in found.channels.values():
                channel.has_app = False
        else:
            found.app_was_removed = True
        told = await self._installation(found, "remove")
        if found is not self.chat:
            bot = {"id": self._actor.bot["id"]}
            told.append(await self._event(found, _leaving(found), {}, membersRemoved=[bot]))
        return told

    async def adds(self, where: Team | Place, *users: User) -> Answer:
        """Let people into a team, a channel with members of its own, or a group chat."""
        where.members.extend(user for user in users if user not in where.members)
        return await self._membership(where, _joining(where), membersAdded=[_member(user) for user in users])

    async def removes(self, where: Team | Place, *users: User) -> Answer:
        """Take people out of a team, a channel with members of its own, or a group chat."""
        gone = set(map(id, users))
        for one in [where, *(_own_rosters(where) if isinstance(where, Team) else ())]:
            one.members[:] = [user for user in one.members if id(user) not in gone]
        return await self._membership(where, _leaving(where), membersRemoved=[_member(user) for user in users])

    async def renames(self, where: Team | Place, name: str) -> Answer:
        """Give a team, a channel or a group chat another name."""
        where.name = name
        if isinstance(where, Team):
            return await self._told_of_team(where, "teamRenamed")
        if isinstance(where, Channel):
            return await self._told_of_channel(where, "channelRenamed")
        return await self._event(where, "", {}, topicName=name) if where.works else _untold()

    async def creates_channel(
        self, team: Team, name: str, *members: User, kind: ChannelType = "standard"
    ) -> tuple[Channel, Answer]:
        """Make a channel. The app hears of it where all of the team can read it."""
        channel = self.tenant.add_channel(team, name, *members, kind=kind)
        return channel, await self._told_of_channel(channel, "channelCreated")

    async def deletes_channel(self, channel: Channel) -> Answer:
        """Delete a channel: nothing can be posted there any more."""
        is_told = channel.works
        channel.deleted = True
        return await self._told_of_channel(channel, "channelDeleted", is_told=is_told)

    async def restores_channel(self, channel: Channel) -> Answer:
        """Bring a deleted channel back."""
        channel.deleted = False
        return await self._told_of_channel(channel, "channelRestored")

    async def deletes_team(self, team: Team) -> Answer:
        """Delete a team with all its channels."""
        team.deleted = True
        return await self._told_of_team(team, "teamDeleted")

    async def _membership(self, where: Team | Place, event: str, **who: list[Json]) -> Answer:
        hidden = _has_own_members(where) and ROSTER_CONSENT not in self._actor.world.app.consents
        there = where.has_app if isinstance(where, Team) else where.works
        return await self._event(where, event, {}, **who) if there and not hidden else _untold()

    async def _told_of_team(self, team: Team, event: str) -> Answer:
        return await self._event(team, event, {}) if team.has_app else _untold()

    async def _told_of_channel(self, channel: Channel, event: str, *, is_told: bool = True) -> Answer:
        """Send an event about a channel, in the team's own conversation as Teams does."""
        if not (is_told and (channel.works or channel.deleted)):
            return _untold()
        return await self._event(channel.team, "", event_data(channel, event))

    async def _event(self, where: Team | Place, event: str, data: Json, **what: Any) -> Answer:
        place = where.general if isinstance(where, Team) else where
        told = {"channelData": {**event_data(where, event), **data}, **what}
        return await self._post.send(activity(self._actor, place, "conversationUpdate", **told))

    async def _installation(self, where: Team | Place, action: str) -> list[Answer]:
        """Send the event of an installation; a channel with members of its own has none, only its new member."""
        if _has_own_members(where):
            return []
        place = where.general if isinstance(where, Team) else where
        data = event_data(place)
        data |= {"settings": _selected(where)} if isinstance(where, Team) else {}
        told = activity(self._actor, place, "installationUpdate", action=action, channelData=data)
        return [await self._post.send(told)]


def _member(user: User) -> Json:
    return {"id": user.teams_id, "aadObjectId": user.id}


def _selected(team: Team) -> Json:
    return {"selectedChannel": {"id": team.id}}


def _has_own_members(where: Team | Place) -> bool:
    return isinstance(where, Channel) and where.type != "standard"


def _own_rosters(team: Team) -> list[Channel]:
    return [channel for channel in team.channels.values() if channel.type == "private"]


def _joining(where: Team | Place) -> str:
    return "channelMemberAdded" if _has_own_members(where) else "teamMemberAdded"


def _leaving(where: Team | Place) -> str:
    return "channelMemberRemoved" if _has_own_members(where) else "teamMemberRemoved"


def _untold() -> Answer:
    return Answer({}, None, None, lost=NOT_TOLD)
