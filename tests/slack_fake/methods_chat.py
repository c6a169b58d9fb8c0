"""chat.* and reactions.add."""

from typing import Any

from tests.slack_fake.call import Call
from tests.slack_fake.errors import RefusedError
from tests.slack_fake.places import Channel, Message
from tests.slack_fake.posting import UPDATE_BYTES, Content, change, content_of, post


def post_message(call: Call) -> dict[str, Any]:
    """Post a message that everybody in the channel sees."""
    channel = call.writable()
    content = _content(call)
    thread = _thread(call, channel)
    call.world.limits.spend(channel.id)
    message = post(
        call.workspace,
        channel,
        content,
        thread_ts=thread,
        reply_broadcast=bool(thread) and call.flag("reply_broadcast"),
    )
    return {"channel": channel.id, "ts": message.ts, "message": message.as_json()}


def post_ephemeral(call: Call) -> dict[str, Any]:
    """Post a message that one person sees."""
    channel = call.writable()
    content = _content(call)
    thread = _thread(call, channel)
    user = call.needed("user", "user_not_found")
    if user not in channel.members:
        raise RefusedError("user_not_in_channel")
    call.world.limits.spend(channel.id)
    message = post(call.workspace, channel, content, thread_ts=thread, ephemeral_to=user)
    return {"message_ts": message.ts}


def update(call: Call) -> dict[str, Any]:
    """Change a message of the bot."""
    message = _own(call, "cant_update_message")
    blocks = call.parsed("blocks", "invalid_blocks_format")
    kept = message.blocks if blocks is None and call.text("text") is None else blocks
    metadata = call.parsed("metadata", "invalid_metadata_format")
    content = content_of(call.text("text"), kept, metadata, most_bytes=UPDATE_BYTES)
    change(call.workspace, message, content)
    return {"channel": message.channel, "ts": message.ts, "text": message.text, "message": message.as_json()}


def delete(call: Call) -> dict[str, Any]:
    """Delete a message of the bot."""
    message = _own(call, "cant_delete_message")
    call.workspace.channels[message.channel].remove(message)
    return {"channel": message.channel, "ts": message.ts}


def add_reaction(call: Call) -> dict[str, Any]:
    """Put a sign on a message."""
    channel = call.channel()
    if channel.is_archived:
        raise RefusedError("is_archived")
    message = channel.message(call.needed("timestamp", "no_item_specified"))
    name = call.needed("name", "invalid_name")
    if message is None:
        raise RefusedError("message_not_found")
    if not name.replace("_", "").replace("-", "").replace("+", "").isalnum():
        raise RefusedError("invalid_name")
    users = message.reactions.setdefault(name, [])
    if call.workspace.bot.id in users:
        raise RefusedError("already_reacted")
    users.append(call.workspace.bot.id)
    return {}


def _content(call: Call) -> Content:
    blocks = call.parsed("blocks", "invalid_blocks_format")
    metadata = call.parsed("metadata", "invalid_metadata_format")
    return content_of(call.text("text"), blocks, metadata)


def _thread(call: Call, channel: Channel) -> str | None:
    ts = call.text("thread_ts")
    if ts is None:
        return None
    parent = channel.message(ts)
    if parent is None:
        raise RefusedError("cannot_reply_to_message")
    return parent.thread_ts or ts


def _own(call: Call, error: str) -> Message:
    channel = call.channel()
    message = channel.message(call.needed("ts", "message_not_found"))
    if message is None:
        raise RefusedError("message_not_found")
    if message.user != call.workspace.bot.id:
        raise RefusedError(error)
    if channel.is_archived:
        raise RefusedError("is_archived")
    return message
