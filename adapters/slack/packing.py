"""Puts what is to be shown into as few messages as Slack takes, in its order, with nothing left out."""

from collections.abc import Iterator, Sequence

from adapters.chat import wording
from adapters.slack.blocks import Block, small
from adapters.slack.limits import BLOCKS_IN_MESSAGE, MESSAGE_TOTAL, NOTIFICATION, size
from adapters.slack.mrkdwn import cut
from adapters.slack.rendered import Rendered

_FOR_THE_NUMBER = 200
_ROOM = MESSAGE_TOTAL - _FOR_THE_NUMBER
_BLOCKS = BLOCKS_IN_MESSAGE - 1


def packed(text: str, parts: Sequence[Sequence[Block]]) -> tuple[Rendered, ...]:
    """Return messages that show all parts; `text` is their notification. A part stays in one message where it fits.

    Where several messages are needed, each says which one it is.
    """
    messages: list[list[Block]] = [[]]
    room = _ROOM
    for blocks in parts:
        whole = len(blocks) <= _BLOCKS and _length(blocks) <= _ROOM
        for together in [blocks] if whole else [[block] for block in blocks]:
            length = _length(together)
            if messages[-1] and (length > room or len(messages[-1]) + len(together) > _BLOCKS):
                messages.append([])
                room = _ROOM
            messages[-1] += together
            room -= length
    if len(messages) == 1:
        return (Rendered(cut(text, NOTIFICATION), tuple(messages[0])),)
    return tuple(_numbered(text, messages))


def _numbered(text: str, messages: Sequence[Sequence[Block]]) -> Iterator[Rendered]:
    for number, blocks in enumerate(messages, 1):
        which = wording.part(number, len(messages))
        yield Rendered(f"{cut(text, NOTIFICATION - 30)} ({which})", (*small(which), *blocks))


def _length(blocks: Sequence[Block]) -> int:
    return sum(size(block) + 1 for block in blocks)
