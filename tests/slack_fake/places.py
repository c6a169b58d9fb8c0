"""Where people write, and what stands there."""

from dataclasses import dataclass, field
from typing import Any


@dataclass(slots=True)
class Message:
    """A message as the workspace keeps it; `ephemeral_to` names the only one who can see it."""

    channel: str
    ts: str
    user: str
    text: str
    team: str
    blocks: list[dict[str, Any]] = field(default_factory=list)
    thread_ts: str | None = None
    metadata: dict[str, Any] | None = None
    bot_id: str | None = None
    app_id: str | None = None
    ephemeral_to: str | None = None
    reply_broadcast: bool = False
    edited: dict[str, Any] | None = None
    edits: int = 0
    reactions: dict[str, list[str]] = field(default_factory=dict)
    files: list[dict[str, Any]] = field(default_factory=list)

    def as_json(self) -> dict[str, Any]:
        """Return the message as Slack shows it."""
        shown: dict[str, Any] = {
            "type": "message",
            "user": self.user,
            "ts": self.ts,
            "text": self.text,
            "team": self.team,
            "blocks": self.blocks,
            "thread_ts": self.thread_ts,
            "metadata": self.metadata,
            "edited": self.edited,
            "files": self.files,
            "subtype": "thread_broadcast" if self.reply_broadcast else None,
            "reactions": [{"name": k, "users": v, "count": len(v)} for k, v in self.reactions.items()],
        }
        if self.bot_id:
            profile = {"id": self.bot_id, "app_id": self.app_id, "user_id": self.user, "team_id": self.team}
            shown |= {"bot_id": self.bot_id, "app_id": self.app_id, "bot_profile": profile}
        return {name: value for name, value in shown.items() if value not in (None, [])}


@dataclass(slots=True)
class Channel:
    """A channel, private or not, or a direct message between a person and the bot."""

    id: str
    name: str
    is_private: bool = False
    is_im: bool = False
    is_ext_shared: bool = False
    is_shared: bool = False
    is_org_shared: bool = False
    is_pending_ext_shared: bool = False
    is_archived: bool = False
    members: list[str] = field(default_factory=list)
    messages: list[Message] = field(default_factory=list)
    deleted: list[Message] = field(default_factory=list)

    @property
    def kind(self) -> str:
        """Return the kind that events and scopes are named by: channel, group or im."""
        return "im" if self.is_im else "group" if self.is_private else "channel"

    @property
    def payload_name(self) -> str:
        """Return the name that interaction payloads and commands carry."""
        return {"im": "directmessage", "group": "privategroup"}.get(self.kind, self.name)

    def message(self, ts: str) -> Message | None:
        """Return a message that everybody in the channel can see."""
        return next((one for one in self.messages if one.ts == ts and one.ephemeral_to is None), None)

    def seen_by(self, user: str) -> list[Message]:
        """Return what one person reads here."""
        return [one for one in self.messages if user in self.members and one.ephemeral_to in (None, user)]

    def remove(self, message: Message) -> None:
        """Take a message away, and remember that it stood here."""
        self.messages.remove(message)
        self.deleted.append(message)

    def as_json(self, bot_user: str, *, with_count: bool = False) -> dict[str, Any]:
        """Return the channel as conversations.info shows it to the bot."""
        shared = {
            "id": self.id,
            "created": 1700000000,
            "is_archived": self.is_archived,
            "is_im": self.is_im,
            "is_org_shared": self.is_org_shared,
        }
        if self.is_im:
            return shared | {"user": next(one for one in self.members if one != bot_user), "is_user_deleted": False}
        shown: dict[str, Any] = shared | {
            "name": self.name,
            "name_normalized": self.name,
            "is_channel": True,
            "is_group": False,
            "is_mpim": False,
            "is_private": self.is_private,
            "is_general": False,
            "is_shared": self.is_shared,
            "is_ext_shared": self.is_ext_shared,
            "is_pending_ext_shared": self.is_pending_ext_shared,
            "pending_shared": [],
            "is_member": bot_user in self.members,
            "topic": {"value": "", "creator": "", "last_set": 0},
            "purpose": {"value": "", "creator": "", "last_set": 0},
        }
        return shown | ({"num_members": len(self.members)} if with_count else {})
