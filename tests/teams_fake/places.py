"""Where people write: personal chats, group chats, teams and their channels."""

from dataclasses import dataclass, field
from typing import Any, Literal

from tests.teams_fake.people import User

Json = dict[str, Any]
Kind = Literal["personal", "groupChat", "channel"]
ChannelType = Literal["standard", "private", "shared"]


@dataclass(slots=True)
class Message:
    """A message as Teams keeps it. `sender` is nobody where the bot wrote it, `root` the first message of its thread.

    `views` are the cards that one person alone sees in its place, by Entra id. The app `was_told` of some.
    """

    id: str
    place: "Place"
    sender: User | None
    activity: Json
    root: str
    edits: int = 0
    deleted: bool = False
    was_told: bool = False
    views: dict[str, list[Json]] = field(default_factory=dict)

    @property
    def cards(self) -> list[Json]:
        """Return the Adaptive Cards that were posted."""
        return cards_of(self.activity)


def cards_of(activity: Json) -> list[Json]:
    """Return the Adaptive Cards of an activity."""
    attached = activity.get("attachments") or []
    return [one["content"] for one in attached if one.get("contentType") == "application/vnd.microsoft.card.adaptive"]


@dataclass(slots=True, eq=False)
class Place:
    """A conversation: a personal chat with the bot, or a group chat; a channel is one more kind."""

    id: str
    tenant_id: str
    kind: Kind
    name: str = ""
    members: list[User] = field(default_factory=list)
    messages: list[Message] = field(default_factory=list)
    typing: list[float] = field(default_factory=list)
    has_app: bool = False
    app_was_removed: bool = False
    deleted: bool = False

    @property
    def roster(self) -> list[User]:
        """Return who can read here."""
        return self.members

    @property
    def works(self) -> bool:
        """Tell whether the app is installed here."""
        return self.has_app

    def message(self, message_id: str) -> Message | None:
        """Return a message that stands here."""
        return next((one for one in self.messages if one.id == message_id and not one.deleted), None)

    def thread(self, root: str) -> list[Message]:
        """Return what stands in a thread, its first message included."""
        return [one for one in self.messages if one.root == root and not one.deleted]

    def account(self, root: str = "") -> Json:
        """Return the place as an activity names its conversation."""
        found: Json = {"conversationType": self.kind, "tenantId": self.tenant_id, "id": self.id}
        return found if self.kind == "personal" else {"isGroup": True, **found}


@dataclass(slots=True, eq=False)
class Channel(Place):
    """A channel of a team. Private and shared ones have members of their own, and the app is added to each."""

    kind: Kind = "channel"
    team: "Team" = field(kw_only=True)
    type: ChannelType = "standard"

    @property
    def roster(self) -> list[User]:
        """Return who can read here."""
        return self.team.members if self.type == "standard" else self.members

    @property
    def works(self) -> bool:
        """Tell whether the app is installed here: in the team, and in a channel of its own members also there."""
        return self.team.has_app and (self.type == "standard" or self.has_app)

    def account(self, root: str = "") -> Json:
        """Return the channel, or one of its threads, as an activity names its conversation."""
        return {**Place.account(self), "id": f"{self.id};messageid={root}" if root else self.id}

    def as_info(self) -> Json:
        """Return the channel as a list of channels names it. The General channel has no name there."""
        named = {} if self.id == self.team.id else {"name": self.name}
        return {"id": self.id, **named, "type": self.type}


@dataclass(slots=True, eq=False)
class Team:
    """A team. Its id is that of its General channel."""

    id: str
    aad_group_id: str
    name: str
    tenant_id: str
    members: list[User] = field(default_factory=list)
    channels: dict[str, Channel] = field(default_factory=dict)
    has_app: bool = False
    deleted: bool = False

    @property
    def general(self) -> Channel:
        """Return the channel that every team has."""
        return self.channels[self.id]

    def as_details(self) -> Json:
        """Return what the app may know of it."""
        return {
            "id": self.id,
            "name": self.name,
            "aadGroupId": self.aad_group_id,
            "tenantId": self.tenant_id,
            "type": "standard",
            "channelCount": len(self.channels),
            "memberCount": len(self.members),
        }
