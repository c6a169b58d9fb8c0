"""Messages about an escalation as Slack shows them: cards for those who are told, and receipts for the asker."""

from bisect import bisect_left
from collections.abc import Sequence

from adapters.slack import limits, wording
from adapters.slack.blocks import Block, actions, button, fits, header, heading, lines, small, words
from adapters.slack.contacts import reachable
from adapters.slack.limits import size
from adapters.slack.mrkdwn import cut
from adapters.slack.rendered import Rendered
from bot.decide import MAX_QUESTION
from bot.escalation import wording as told
from bot.escalation.message import Act, Message
from bot.escalation.model import DeliveryKind
from bot.escalation.receipt import Receipt

_TO_ASKER = frozenset({DeliveryKind.RECEIPT, DeliveryKind.REPLY})
_LONGEST_LINE = 300
_LONGEST_WORDS = max(told.LONGEST_REPLY, MAX_QUESTION)


def render_card(message: Message) -> Rendered:
    """Return a message as one card, since it is edited in place. The words that it quotes stand there whole."""
    named = _title(message)
    above: list[Block] = [header(named)]
    if not fits(named, limits.HEADER):
        above += small(wording.reference(message.reference))
    quoted = words(_short(message.quoted or "", _LONGEST_WORDS))
    below = buttons(message.acts, message.escalation, stale=message.kind is DeliveryKind.STALE)
    if Act.OPEN in message.acts:
        below += small(wording.OPENING_IS_NOTED)
    room = limits.MESSAGE_TOTAL - size([*above, *quoted, *below])
    return Rendered(cut(named, limits.NOTIFICATION), (*above, *_as_many(message.lines, room), *quoted, *below))


def render_receipt(receipt: Receipt) -> Rendered:
    """Return the asker's receipt as it stands now: the state, its story, and whom to phone while nobody has seen it."""
    named = f"{wording.PASSED_ON} {receipt.reference}"
    return Rendered(cut(named, limits.NOTIFICATION), (*receipt_blocks(receipt), *buttons((Act.ANSWER,), receipt.id)))


def receipt_blocks(receipt: Receipt) -> list[Block]:
    """Return the blocks of a receipt, without its buttons."""
    return [
        heading(f"{wording.PASSED_ON} {receipt.reference}"),
        *words(receipt.title),
        *lines(receipt.lines),
        *words(receipt.warning or ""),
        *reachable(wording.WHO_TO_TELL, receipt.phone),
    ]


def buttons(acts: Sequence[Act], escalation: str, *, stale: bool = False) -> list[Block]:
    """Return the buttons of an escalation. `stale`: taking it says that it is still with whoever took it."""
    return actions([_button(act, escalation, stale=stale) for act in dict.fromkeys(acts)])


def _button(act: Act, escalation: str, *, stale: bool) -> Block:
    whose = "asker" if act is Act.ANSWER else "desk"
    label = wording.STILL_WITH_ME if stale and act is Act.ACKNOWLEDGE else wording.ACTS[act]
    return button(label, f"{whose}:{act}", escalation, main=act is Act.OPEN)


def _title(message: Message) -> str:
    """Say in words that it is urgent, where the title does not."""
    says_so = not message.urgent or message.kind in _TO_ASKER or f"{wording.URGENT}: " in message.title
    return message.title if says_so else f"{wording.URGENT}: {message.title}"


def _as_many(texts: Sequence[str], room: int) -> list[Block]:
    """Return as many lines as there is room for, and say how many more there are."""
    shown = [_short(text, _LONGEST_LINE) for text in texts]

    def without(last: int) -> list[Block]:
        more = [wording.more_lines(last)] if last else []
        return lines([*shown[: len(shown) - last], *more])

    left_out = bisect_left(range(len(shown)), True, key=lambda last: size(without(last)) <= room)
    return without(left_out)


def _short(text: str, most: int) -> str:
    return text if len(text) <= most else f"{text[: most - 1]}…"
