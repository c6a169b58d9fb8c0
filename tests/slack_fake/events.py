"""The events of Slack's Events API, as Slack words them."""

import html
import re
from typing import Any

from tests.slack_fake.people import User
from tests.slack_fake.places import Channel, Message
from tests.slack_fake.workspace import Workspace
from tests.slack_fake.world import App

MENTION = re.compile(r"(<[@#][A-Z0-9]+>)")
CHANNEL_TYPES = {"im": "im", "group": "group", "channel": "channel"}
SUBSCRIBED = (
    *("app_mention", "message.im", "app_home_opened", "app_context_changed"),
    *("app_uninstalled", "tokens_revoked"),
)


def escaped(text: str) -> str:
    """Return what a person typed as Slack passes it on: with & < > as entities, and mentions as they are."""
    parts = MENTION.split(text)
    return "".join(part if number % 2 else html.escape(part, quote=False) for number, part in enumerate(parts))


def wrapped(app: App, workspace: Workspace, event: dict[str, Any], *, ext_shared: bool = False) -> dict[str, Any]:
    """Return an event in the envelope that every event comes in."""
    authorization = {
        "enterprise_id": None,
        "team_id": workspace.id,
        "user_id": workspace.bot.id,
        "is_bot": True,
        "is_enterprise_install": False,
    }
    return {
        "token": "verification-token",
        "team_id": workspace.id,
        "context_team_id": workspace.id,
        "context_enterprise_id": None,
        "api_app_id": app.id,
        "event": event,
        "type": "event_callback",
        "event_id": workspace.new_name("Ev"),
        "event_time": int(workspace.clock.time()),
        "authorizations": [authorization],
        "is_ext_shared_channel": ext_shared,
        "event_context": f"4-{workspace.id}-{app.id}",
    }


def message(workspace: Workspace, channel: Channel, said: Message, user: User) -> dict[str, Any]:
    """Return the `message` event of something that was written."""
    event = _base(workspace, channel, said, user) | {"type": "message", "channel_type": CHANNEL_TYPES[channel.kind]}
    if said.files:
        event |= {"subtype": "file_share", "files": said.files}
    return event


def app_mention(workspace: Workspace, channel: Channel, said: Message, user: User) -> dict[str, Any]:
    """Return the `app_mention` event of something that was written."""
    return _base(workspace, channel, said, user) | {"type": "app_mention"}


def message_changed(
    workspace: Workspace, channel: Channel, before: dict[str, Any], after: dict[str, Any]
) -> dict[str, Any]:
    """Return the event of an edit."""
    common = _hidden(workspace, channel, "message_changed")
    return common | {"message": after, "previous_message": before}


def message_deleted(workspace: Workspace, channel: Channel, gone: Message) -> dict[str, Any]:
    """Return the event of a deletion."""
    common = _hidden(workspace, channel, "message_deleted")
    return common | {"deleted_ts": gone.ts, "previous_message": gone.as_json()}


def app_home_opened(
    workspace: Workspace, user: User, tab: str, context: dict[str, Any] | None = None
) -> dict[str, Any]:
    """Return the event of somebody opening the app, at its Home or its messages."""
    event: dict[str, Any] = {
        "type": "app_home_opened",
        "user": user.id,
        "channel": workspace.dm(user.id).id,
        "tab": tab,
        "event_ts": workspace.new_ts(),
    }
    home = workspace.views.homes.get(user.id)
    if tab == "home" and home is not None:
        event["view"] = home.as_json()
    return event | ({"context": context} if context is not None else {})


def app_context_changed(workspace: Workspace, user: User, context: dict[str, Any]) -> dict[str, Any]:
    """Return the event of somebody looking at something else while the app is open beside it."""
    return {
        "type": "app_context_changed",
        "user": user.id,
        "channel": workspace.dm(user.id).id,
        "context": context,
        "event_ts": workspace.new_ts(),
    }


def looking_at(workspace: Workspace, channel: Channel | None) -> dict[str, Any]:
    """Return the context of somebody who looks at a channel, or at nothing the app may know."""
    if channel is None:
        return {}
    entity = {"type": "slack#/types/channel_id", "value": channel.id, "team_id": workspace.id}
    return {"entities": [entity]}


def _base(workspace: Workspace, channel: Channel, said: Message, user: User) -> dict[str, Any]:
    event = said.as_json() | {"channel": channel.id, "event_ts": said.ts}
    if said.thread_ts:
        parent = channel.message(said.thread_ts)
        event["parent_user_id"] = parent.user if parent else workspace.bot.id
    if user.team_id != workspace.id:
        event |= {"user_team": user.team_id, "source_team": user.team_id, "team": user.team_id}
    if not user.is_bot:
        event["client_msg_id"] = f"00000000-0000-0000-0000-{said.ts.replace('.', '')[-12:]}"
    return event


def _hidden(workspace: Workspace, channel: Channel, subtype: str) -> dict[str, Any]:
    ts = workspace.new_ts()
    return {
        "type": "message",
        "subtype": subtype,
        "hidden": True,
        "channel": channel.id,
        "channel_type": CHANNEL_TYPES[channel.kind],
        "ts": ts,
        "event_ts": ts,
    }
