"""Slash commands and interactions, as Slack words them."""

from dataclasses import dataclass
from typing import Any

from tests.slack_fake.elements import Found, chosen
from tests.slack_fake.events import escaped
from tests.slack_fake.people import User
from tests.slack_fake.places import Channel, Message
from tests.slack_fake.views import View
from tests.slack_fake.workspace import Workspace
from tests.slack_fake.world import World


@dataclass(frozen=True, slots=True)
class Actor:
    """Somebody who does something in a workspace, and what Slack hands the app for it."""

    world: World
    workspace: Workspace
    user: User

    def trigger(self, *, from_view: bool = False) -> str:
        """Hand out a trigger."""
        return self.world.tickets.trigger(self.workspace.id, self.user.id, from_view=from_view)

    def response_url(self, channel: Channel, message: Message | None = None) -> str:
        """Hand out a response URL."""
        ts = message.ts if message else None
        return self.world.root + self.world.tickets.url(self.workspace.id, self.user.id, channel.id, ts).path

    def common(self, kind: str) -> dict[str, Any]:
        """Return what every interaction carries."""
        user = {"id": self.user.id, "username": self.user.name, "name": self.user.name, "team_id": self.user.team_id}
        return {
            "type": kind,
            "token": "verification-token",
            "api_app_id": self.world.app.id,
            "team": {"id": self.workspace.id, "domain": self.workspace.domain},
            "user": user,
            "enterprise": None,
            "is_enterprise_install": False,
        }


def slash(actor: Actor, command: str, text: str, channel: Channel) -> dict[str, Any]:
    """Return the form of a slash command."""
    return {
        "token": "verification-token",
        "team_id": actor.workspace.id,
        "team_domain": actor.workspace.domain,
        "channel_id": channel.id,
        "channel_name": channel.payload_name,
        "user_id": actor.user.id,
        "user_name": actor.user.name,
        "command": command,
        "text": escaped(text),
        "api_app_id": actor.world.app.id,
        "is_enterprise_install": "false",
        "response_url": actor.response_url(channel),
        "trigger_id": actor.trigger(),
    }


def message_action(actor: Actor, channel: Channel, message: Message, found: Found, choice: Any) -> dict[str, Any]:
    """Return the payload of a tap or a choice in a message. One that a single person sees is not shown to the app."""
    container: dict[str, Any] = {
        "type": "message",
        "message_ts": message.ts,
        "channel_id": channel.id,
        "is_ephemeral": message.ephemeral_to is not None,
    }
    if message.thread_ts:
        container["thread_ts"] = message.thread_ts
    payload = actor.common("block_actions") | {
        "container": container,
        "trigger_id": actor.trigger(),
        "channel": {"id": channel.id, "name": channel.payload_name},
        "state": {"values": {}},
        "response_url": actor.response_url(channel, message),
        "actions": [_action(actor.workspace, found, choice)],
    }
    return payload if message.ephemeral_to else payload | {"message": message.as_json()}


def view_action(actor: Actor, view: View, found: Found, choice: Any) -> dict[str, Any]:
    """Return the payload of a tap or a choice in a modal or the Home."""
    return actor.common("block_actions") | {
        "container": {"type": "view", "view_id": view.id},
        "trigger_id": actor.trigger(from_view=view.content["type"] == "modal"),
        "view": view.as_json(),
        "actions": [_action(actor.workspace, found, choice)],
    }


def shortcut(actor: Actor, callback_id: str) -> dict[str, Any]:
    """Return the payload of a global shortcut."""
    more = {"callback_id": callback_id, "trigger_id": actor.trigger(), "action_ts": actor.workspace.new_ts()}
    return actor.common("shortcut") | more


def message_shortcut(actor: Actor, callback_id: str, channel: Channel, message: Message) -> dict[str, Any]:
    """Return the payload of a shortcut on a message."""
    return actor.common("message_action") | {
        "callback_id": callback_id,
        "trigger_id": actor.trigger(),
        "action_ts": actor.workspace.new_ts(),
        "response_url": actor.response_url(channel, message),
        "message_ts": message.ts,
        "channel": {"id": channel.id, "name": channel.payload_name},
        "message": message.as_json(),
    }


def view_submission(actor: Actor, view: View) -> dict[str, Any]:
    """Return the payload of a submitted modal."""
    more = {"view": view.as_json(), "trigger_id": actor.trigger(from_view=True), "response_urls": []}
    return actor.common("view_submission") | more


def view_closed(actor: Actor, view: View, *, everything: bool) -> dict[str, Any]:
    """Return the payload of a modal that was closed without being submitted."""
    return actor.common("view_closed") | {"view": view.as_json(), "is_cleared": everything}


def _action(workspace: Workspace, found: Found, choice: Any) -> dict[str, Any]:
    shown: dict[str, Any] = {name: found.element[name] for name in ("text", "value", "style") if name in found.element}
    state = shown if found.kind == "button" else chosen(found, choice)
    return {
        "type": found.kind,
        "action_id": found.action_id,
        "block_id": found.block_id,
        **state,
        "action_ts": workspace.new_ts(),
    }
