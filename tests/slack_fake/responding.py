"""Messages that come without the Web API: through a response URL, or as the answer to a slash command."""

from typing import Any

from tests.slack_fake.errors import RefusedError
from tests.slack_fake.places import Channel, Message
from tests.slack_fake.posting import Content, change, content_of, post
from tests.slack_fake.tickets import ResponseUrl
from tests.slack_fake.workspace import Workspace
from tests.slack_fake.world import World


def respond(world: World, path: str, body: dict[str, Any]) -> None:
    """Do what the app posts to a response URL."""
    url = world.tickets.use(path)
    workspace = world.workspaces[url.team_id]
    channel = workspace.channels[url.channel]
    original = _original(channel, url)
    if _yes(body.get("delete_original")):
        if original is None:
            raise RefusedError("message_not_found", status=404)
        channel.remove(original)
        return
    content = _content(body)
    if original is not None and _replaces(body, original):
        change(workspace, original, content)
        return
    say(workspace, channel, url.user, content, body)


def say(workspace: Workspace, channel: Channel, user: str, content: Content, body: dict[str, Any]) -> Message:
    """Show an answer: to the person alone, or in the channel where the app asks for it."""
    alone = body.get("response_type", "ephemeral") != "in_channel"
    thread = body.get("thread_ts")
    return post(workspace, channel, content, ephemeral_to=user if alone else None, thread_ts=thread)


def _content(body: dict[str, Any]) -> Content:
    try:
        return content_of(body.get("text"), body.get("blocks"), body.get("metadata"))
    except RefusedError as refused:
        # What a response URL refuses, it refuses with a status, unlike the Web API.
        refused.status = 400
        raise


def _original(channel: Channel, url: ResponseUrl) -> Message | None:
    if url.message_ts is None:
        return None
    return next((one for one in channel.messages if one.ts == url.message_ts), None)


def _replaces(body: dict[str, Any], original: Message) -> bool:
    # Only a message that one person sees is replaced where the app does not say; say it, to be safe.
    given = body.get("replace_original")
    return _yes(given) if given is not None else original.ephemeral_to is not None


def _yes(value: Any) -> bool:
    return str(value).lower() == "true"
