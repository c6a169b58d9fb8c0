"""What Slack does with the content of a message, whichever way it came: Web API, response URL, answer to a command."""

from dataclasses import dataclass
from typing import Any

from tests.slack_fake.block_rules import MESSAGE_LETTERS, letters, message_faults
from tests.slack_fake.elements import settled
from tests.slack_fake.errors import RefusedError, invalid
from tests.slack_fake.places import Channel, Message
from tests.slack_fake.workspace import Workspace

TEXT_LETTERS = 40_000
UPDATE_BYTES = 4_000


@dataclass(frozen=True, slots=True)
class Content:
    """The content of a message; `blocks` is nothing where none were given."""

    text: str
    blocks: list[dict[str, Any]] | None = None
    metadata: dict[str, Any] | None = None


def content_of(text: Any, blocks: Any, metadata: Any = None, *, most_bytes: int | None = None) -> Content:
    """Return content that Slack takes. Refuses everything else. An edit has a limit of its own, in bytes."""
    words = "" if text is None else str(text)
    if len(words) > TEXT_LETTERS or (most_bytes is not None and len(words.encode()) > most_bytes):
        raise RefusedError("msg_too_long")
    if blocks is not None:
        _check_blocks(blocks)
    if not words and not blocks:
        raise RefusedError("no_text")
    return Content(words, blocks, _metadata(metadata))


def post(workspace: Workspace, channel: Channel, content: Content, **more: Any) -> Message:
    """Put a message of the bot into a channel. `more` is any other field of a message."""
    ts = workspace.new_ts()
    blocks = settled(content.blocks or [], ts)
    sender = {"bot_id": workspace.bot.bot_id, "app_id": workspace.app_id}
    fields = {**sender, "metadata": content.metadata, **more}
    return workspace.keep(Message(channel.id, ts, workspace.bot.id, content.text, workspace.id, blocks, **fields))


def change(workspace: Workspace, message: Message, content: Content) -> None:
    """Put new content into a message. Text without blocks takes the blocks away and shows as edited."""
    message.text = content.text
    message.blocks = settled(content.blocks or [], f"{message.ts}-{message.edits}")
    message.metadata = content.metadata or message.metadata
    message.edits += 1
    if not content.blocks:
        message.edited = {"user": workspace.bot.id, "ts": workspace.new_ts()}


def _check_blocks(blocks: Any) -> None:
    if not isinstance(blocks, list):
        raise RefusedError("invalid_blocks_format")
    faults = message_faults(blocks)
    if faults:
        raise invalid("invalid_blocks", faults)
    if letters(blocks) > MESSAGE_LETTERS:
        raise RefusedError("msg_blocks_too_long")


def _metadata(metadata: Any) -> dict[str, Any] | None:
    if metadata is None:
        return None
    if not isinstance(metadata, dict) or not isinstance(metadata.get("event_type"), str):
        raise RefusedError("invalid_metadata_format")
    # Bolt sends an empty payload with what it says in a thread of a direct message; nothing comes of it.
    payload = metadata.get("event_payload")
    if payload is not None and not isinstance(payload, dict):
        raise RefusedError("invalid_metadata_format")
    return metadata if payload else None
