"""Messages about an escalation as Slack shows them: cards for those who are told, and receipts for the asker."""

from collections.abc import Sequence

from adapters.chat import wording
from adapters.chat.messages import (
    LONGEST_LINE,
    act_label,
    hints,
    is_alarming,
    is_of_several,
    notification,
    told_first,
    who_has_it,
    words_of,
)
from adapters.chat.messages import cut as shortened
from adapters.chat.messages import title as title_of
from adapters.slack import limits
from adapters.slack import wording as in_slack
from adapters.slack.blocks import Block, actions, button, fits, header, heading, lines, small, words
from adapters.slack.contacts import people
from adapters.slack.fitting import Room, lines_within
from adapters.slack.limits import size
from adapters.slack.mrkdwn import cut
from adapters.slack.rendered import Rendered
from bot.escalation.message import Act, Message
from bot.escalation.model import DeliveryKind
from bot.escalation.receipt import Receipt

# Of a receipt: what must be done now and whom to phone keep their place.
_STORY = Room(limits.BLOCKS_IN_MESSAGE, 6_000, size)


def render_card(message: Message) -> Rendered:
    """Return a message as one card, since it is edited in place. The words that it quotes stand there whole."""
    named, standing = title_of(message), who_has_it(message)
    above: list[Block] = [header(named), *([heading(standing)] if standing else [])]
    if not fits(named, limits.HEADER):
        above += small(wording.reference(message.reference))
    alarm, texts = _told_first(message)
    above += alarm
    quoted = words(words_of(message))
    below = _beneath(message)
    room = limits.MESSAGE_TOTAL - size([*above, *quoted, *below])
    return Rendered(
        cut(notification(message), limits.NOTIFICATION),
        (*above, *lines_within(texts, Room(limits.BLOCKS_IN_MESSAGE, room, size), LONGEST_LINE), *quoted, *below),
    )


def render_receipt(receipt: Receipt) -> Rendered:
    """Return the asker's receipt as it stands now: the state, its story, and whom to phone while nobody has seen it."""
    named = wording.receipt_head(receipt.reference, receipt.state)
    return Rendered(cut(named, limits.NOTIFICATION), (*receipt_blocks(receipt), *buttons((Act.ANSWER,), receipt.id)))


def receipt_blocks(receipt: Receipt) -> list[Block]:
    """Return the blocks of a receipt, without its buttons; what the asker must do now comes before its story."""
    story = [*words(shortened(receipt.title)), *lines_within(receipt.lines, _STORY, LONGEST_LINE)]
    if receipt.warning:
        first = is_alarming(receipt)
        said = [heading(receipt.warning)] if first else words(receipt.warning)
        warning = [*said, *people(receipt.phone)]
        story = [*warning, *story] if first else [*story, *warning]
    return [heading(wording.receipt_head(receipt.reference, receipt.state)), *story]


def buttons(acts: Sequence[Act], escalation: str, *, stale: bool = False) -> list[Block]:
    """Return the buttons of an escalation. `stale`: taking it says that it is still with whoever took it."""
    return actions([_button(act, escalation, stale=stale) for act in dict.fromkeys(acts)])


def _button(act: Act, escalation: str, *, stale: bool) -> Block:
    whose = "asker" if act is Act.ANSWER else "desk"
    return button(act_label(act, stale=stale), f"{whose}:{act}", escalation, main=act is Act.OPEN)


def _told_first(message: Message) -> tuple[list[Block], Sequence[str]]:
    """Take out of a receipt what the asker must do now, with whom to phone; return it, and the story that is left."""
    now, story = told_first(message)
    return ([heading(now[0]), *lines(now[1:])] if now else []), story


def _beneath(message: Message) -> list[Block]:
    """Return the buttons. Those of one question beneath a list of several would leave open which they are about."""
    if is_of_several(message):
        return small(in_slack.SEVERAL_WAIT)
    below = buttons(message.acts, message.escalation, stale=message.kind is DeliveryKind.STALE)
    return [*below, *small(*hints(message))]
