"""One call of a Web API method: its arguments, read as leniently as Slack reads them, and who may see what."""

import base64
import binascii
import json
from dataclasses import dataclass
from typing import Any

from tests.slack_fake.errors import RefusedError
from tests.slack_fake.people import User
from tests.slack_fake.places import Channel
from tests.slack_fake.tokens import Token
from tests.slack_fake.workspace import Workspace
from tests.slack_fake.world import World

PAGE = 100
BIGGEST_PAGE = 1000


@dataclass(frozen=True, slots=True)
class Call:
    """What a method works on."""

    world: World
    method: str
    args: dict[str, Any]
    token: Token

    @property
    def workspace(self) -> Workspace:
        """Return the team of the token."""
        return self.world.workspaces[self.token.team_id]

    def text(self, name: str) -> str | None:
        """Return an argument as text; nothing where it was not given or is empty."""
        value = self.args.get(name)
        return None if value in (None, "") else str(value)

    def needed(self, name: str, error: str = "invalid_arguments") -> str:
        """Return an argument that must be there."""
        value = self.text(name)
        if value is None:
            missing = [f"[ERROR] missing required field: {name}"]
            raise RefusedError(error, response_metadata={"messages": missing})
        return value

    def flag(self, name: str) -> bool:
        """Return a yes or no."""
        return str(self.args.get(name, "")).lower() in ("1", "true")

    def parsed(self, name: str, error: str) -> Any:
        """Return an argument that is JSON, sent as such or as a string of it; nothing where it was not given."""
        value = self.args.get(name)
        if not isinstance(value, str):
            return value
        try:
            return json.loads(value) if value else None
        except json.JSONDecodeError as wrong:
            raise RefusedError(error) from wrong

    def may(self, *scopes: str) -> None:
        """Refuse unless the token has one of the scopes."""
        if scopes and not set(scopes) & set(self.token.scopes):
            raise RefusedError("missing_scope", needed=scopes[0], provided=",".join(self.token.scopes))

    def channel(self, name: str = "channel") -> Channel:
        """Return a channel that the bot can see: a public one, or one it is a member of."""
        channel = self.workspace.channels.get(self.needed(name, "channel_not_found"))
        bot = self.workspace.bot.id
        if channel is None or ((channel.is_private or channel.is_im) and bot not in channel.members):
            raise RefusedError("channel_not_found")
        return channel

    def readable(self, name: str = "channel", what: str = "read") -> Channel:
        """Return a channel whose facts, or history, the token may read."""
        channel = self.channel(name)
        prefix = {"im": "im", "group": "groups"}.get(channel.kind, "channels")
        self.may(f"{prefix}:{what}")
        return channel

    def writable(self, name: str = "channel") -> Channel:
        """Return a channel the bot may write in. A person's id stands for their direct message."""
        user = self.workspace.users.get(str(self.args.get(name)))
        channel = self.dm_with(user) if user else self.channel(name)
        if channel.is_archived:
            raise RefusedError("is_archived")
        if self.workspace.bot.id not in channel.members:
            raise RefusedError("not_in_channel")
        return channel

    def dm_with(self, user: User) -> Channel:
        """Return the direct message with somebody. Refuses bots and people who have left."""
        if user.is_bot:
            raise RefusedError("cannot_dm_bot")
        if user.deleted:
            raise RefusedError("user_disabled")
        return self.workspace.dm(user.id)

    def user(self, name: str = "user") -> User:
        """Return somebody the workspace knows."""
        user = self.workspace.users.get(self.needed(name, "user_not_found"))
        if user is None:
            raise RefusedError("user_not_found")
        return user

    def page(self, things: list[Any]) -> tuple[list[Any], dict[str, Any]]:
        """Return one page of a list, and the metadata that leads to the next."""
        try:
            limit = int(self.text("limit") or PAGE)
            start = int(base64.b64decode(self.text("cursor") or "", validate=True).decode().removeprefix("next:") or 0)
        except (ValueError, binascii.Error) as wrong:
            raise RefusedError("invalid_cursor") from wrong
        if not 0 < limit <= BIGGEST_PAGE:
            raise RefusedError("invalid_limit")
        end = start + limit
        cursor = base64.b64encode(f"next:{end}".encode()).decode() if end < len(things) else ""
        return things[start:end], {"response_metadata": {"next_cursor": cursor}}
