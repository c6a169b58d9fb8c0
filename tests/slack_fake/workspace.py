"""One Slack team: its people, its channels, what was written there, and what the bot put up."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import count
from typing import Any

from tests.slack_fake.clock import SlackClock
from tests.slack_fake.people import User, UserGroup
from tests.slack_fake.places import Channel, Message
from tests.slack_fake.views import Views


@dataclass(frozen=True, slots=True)
class Status:
    """What the app shows under a thread while it works."""

    channel: str
    thread_ts: str
    words: str


@dataclass(frozen=True, slots=True)
class Prompts:
    """The suggestions the app offers in a conversation."""

    channel: str
    thread_ts: str | None
    title: str | None
    prompts: list[dict[str, str]]


@dataclass(slots=True)
class Workspace:
    """A team in which the app is installed; the bot user is there from the start."""

    id: str
    name: str
    domain: str
    app_id: str
    clock: SlackClock
    active: bool = True
    users: dict[str, User] = field(default_factory=dict)
    groups: dict[str, UserGroup] = field(default_factory=dict)
    channels: dict[str, Channel] = field(default_factory=dict)
    statuses: list[Status] = field(default_factory=list)
    showing: dict[tuple[str, str], str] = field(default_factory=dict)
    prompts: list[Prompts] = field(default_factory=list)
    titles: dict[tuple[str, str], str] = field(default_factory=dict)
    bot: User = field(init=False)
    views: Views = field(init=False)
    _moment: float = field(init=False, default=0.0)
    _number: Iterator[int] = field(init=False)

    def __post_init__(self) -> None:
        """Install the bot."""
        tail = self.id[1:]
        bot_id = f"B{tail}"
        self.bot = self.add_user(f"UBOT{tail}", "signpost", real_name="Signpost", is_bot=True, bot_id=bot_id)
        self.views = Views(self.id, self.app_id, bot_id)
        self._number = count(1)

    def add_user(self, user_id: str, name: str, *, real_name: str = "", **more: Any) -> User:
        """Let somebody in. `more` is any other field of a user: is_restricted, is_stranger, team_id and so on."""
        fields = {"team_id": self.id} | more
        self.users[user_id] = User(user_id, name, real_name or name.title(), **fields)
        return self.users[user_id]

    def add_group(self, group_id: str, handle: str, *users: str) -> UserGroup:
        """Make a user group."""
        self.groups[group_id] = UserGroup(group_id, handle, handle.title(), self.id, list(users))
        return self.groups[group_id]

    def add_channel(self, channel_id: str, name: str, *members: str, with_bot: bool = True, **flags: Any) -> Channel:
        """Make a channel. `flags` are is_private, is_ext_shared, is_archived and so on."""
        inside = [*members, self.bot.id] if with_bot else list(members)
        self.channels[channel_id] = Channel(channel_id, name, members=inside, **flags)
        return self.channels[channel_id]

    def dm(self, user_id: str) -> Channel:
        """Return the conversation of a person with the bot; it is made when it is first asked for."""
        channel_id = f"D{user_id[1:]}"
        if channel_id not in self.channels:
            members = [user_id, self.bot.id]
            self.channels[channel_id] = Channel(channel_id, "", is_im=True, members=members)
        return self.channels[channel_id]

    def messages(self, channel_id: str) -> list[Message]:
        """Return everything that stands in a channel, messages that only one person sees included."""
        return list(self.channels[channel_id].messages)

    def said_by_bot(self, channel_id: str) -> list[Message]:
        """Return what the bot wrote in a channel."""
        return [one for one in self.messages(channel_id) if one.user == self.bot.id]

    def new_ts(self) -> str:
        """Return a time stamp that no message of the team has."""
        self._moment = max(self.clock.time(), self._moment + 0.0001)
        return f"{self._moment:.6f}"

    def new_name(self, letters: str) -> str:
        """Return an id that nothing else in the team has."""
        return f"{letters}{self.id[1:]}{next(self._number):05}"

    def keep(self, message: Message) -> Message:
        """Put a message into its channel. A message of the bot ends the status shown under that thread."""
        self.channels[message.channel].messages.append(message)
        if message.user == self.bot.id:
            self.showing.pop((message.channel, message.thread_ts or message.ts), None)
        return message
