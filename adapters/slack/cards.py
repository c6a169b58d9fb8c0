"""Messages about an escalation as Slack shows them: cards for those who are told, and receipts for the asker."""

from collections.abc import Collection, Sequence

from adapters.chat import wording
from adapters.slack import limits
from adapters.slack import wording as in_slack
from adapters.slack.blocks import Block, actions, button, fits, header, heading, lines, small, words
from adapters.slack.contacts import people
from adapters.slack.fitting import Room, lines_within
from adapters.slack.limits import size
from adapters.slack.mrkdwn import cut
from adapters.slack.rendered import Rendered
from bot.decide import MAX_QUESTION
from bot.escalation import wording as told
from bot.escalation.message import Act, Message
from bot.escalation.model import TO_ASKER, DeliveryKind
from bot.escalation.receipt import Receipt

# Of these alone it is said above all else, also on a lock screen: the asker must do something now.
_ALARMING = frozenset({told.NOT_DELIVERED, told.NOT_SEEN, told.NOT_TAKEN, told.QUESTION_NOT_DELIVERED})
_SAY_WHO_HAS_IT = frozenset({DeliveryKind.NOTICE, DeliveryKind.UPDATE, DeliveryKind.ANSWER})
_SCHOOL_AND_ONE = 2  # the lines of a digest of one question
_LONGEST_LINE = 300
# Of a receipt: what must be done now and whom to phone keep their place.
_STORY = Room(limits.BLOCKS_IN_MESSAGE, 6_000, size)
_LONGEST_WORDS = max(told.LONGEST_REPLY, MAX_QUESTION)


def render_card(message: Message) -> Rendered:
    """Return a message as one card, since it is edited in place. The words that it quotes stand there whole."""
    named = _title(message)
    above: list[Block] = [header(named), *_who_has_it(message)]
    if not fits(named, limits.HEADER):
        above += small(wording.reference(message.reference))
    alarm, texts = _told_first(message)
    above += alarm
    quoted = words(_short(message.quoted or "", _LONGEST_WORDS))
    below = _beneath(message)
    room = limits.MESSAGE_TOTAL - size([*above, *quoted, *below])
    return Rendered(
        cut(_notification(message), limits.NOTIFICATION),
        (*above, *lines_within(texts, Room(limits.BLOCKS_IN_MESSAGE, room, size), _LONGEST_LINE), *quoted, *below),
    )


def render_receipt(receipt: Receipt) -> Rendered:
    """Return the asker's receipt as it stands now: the state, its story, and whom to phone while nobody has seen it."""
    named = wording.receipt_head(receipt.reference, receipt.state)
    return Rendered(cut(named, limits.NOTIFICATION), (*receipt_blocks(receipt), *buttons((Act.ANSWER,), receipt.id)))


def receipt_blocks(receipt: Receipt) -> list[Block]:
    """Return the blocks of a receipt, without its buttons; what the asker must do now comes before its story."""
    story = [*words(_short(receipt.title, _LONGEST_LINE)), *lines_within(receipt.lines, _STORY, _LONGEST_LINE)]
    if receipt.warning:
        is_alarm = receipt.warning in _ALARMING
        said = [heading(receipt.warning)] if is_alarm else words(receipt.warning)
        warning = [*said, *people(receipt.phone)]
        story = [*warning, *story] if is_alarm else [*story, *warning]
    return [heading(wording.receipt_head(receipt.reference, receipt.state)), *story]


def standing(acts: Collection[Act]) -> str:
    """Say in a word whether somebody has it, from what can be done with it."""
    if Act.REOPEN in acts:
        return wording.RESOLVED
    return wording.NOT_TAKEN if Act.ACKNOWLEDGE in acts else wording.TAKEN


def buttons(acts: Sequence[Act], escalation: str, *, stale: bool = False) -> list[Block]:
    """Return the buttons of an escalation. `stale`: taking it says that it is still with whoever took it."""
    return actions([_button(act, escalation, stale=stale) for act in dict.fromkeys(acts)])


def _button(act: Act, escalation: str, *, stale: bool) -> Block:
    whose = "asker" if act is Act.ANSWER else "desk"
    label = wording.STILL_WITH_ME if stale and act is Act.ACKNOWLEDGE else wording.ACTS[act]
    return button(label, f"{whose}:{act}", escalation, main=act is Act.OPEN)


def _title(message: Message) -> str:
    """Say in words that it is urgent, where the title does not; what is resolved is urgent no more."""
    urgent = f"{wording.URGENT}: "
    if Act.REOPEN in message.acts:
        return message.title.replace(urgent, "", 1)
    says_so = not message.urgent or message.kind in TO_ASKER or urgent in message.title
    return message.title if says_so else f"{urgent}{message.title}"


def _notification(message: Message) -> str:
    """Say on a lock screen what it is; to the asker never what it is about."""
    if message.kind is not DeliveryKind.RECEIPT:
        return _title(message)
    return wording.news_of(message.reference, next((line for line in message.lines if line in _ALARMING), None))


def _who_has_it(message: Message) -> list[Block]:
    return [heading(standing(message.acts))] if message.acts and message.kind in _SAY_WHO_HAS_IT else []


def _told_first(message: Message) -> tuple[list[Block], Sequence[str]]:
    """Take out of a receipt what the asker must do now, with whom to phone; return it, and the story that is left."""
    found = [number for number, line in enumerate(message.lines) if line in _ALARMING]
    if message.kind is not DeliveryKind.RECEIPT or not found:
        return [], message.lines
    start = found[0]
    return [heading(message.lines[start]), *lines(message.lines[start + 1 :])], message.lines[:start]


def _beneath(message: Message) -> list[Block]:
    """Return the buttons. Those of one question beneath a list of several would leave open which they are about."""
    if message.kind is DeliveryKind.DIGEST and len(message.lines) > _SCHOOL_AND_ONE:
        return small(in_slack.SEVERAL_WAIT)
    below = buttons(message.acts, message.escalation, stale=message.kind is DeliveryKind.STALE)
    hides = Act.OPEN in message.acts and message.quoted is None
    noted = wording.OPENING_IS_NOTED if hides else ""
    answers = wording.TO_ANSWER if Act.REPLY in message.acts else ""
    return [*below, *small(noted, answers)]


def _short(text: str, most: int) -> str:
    return text if len(text) <= most else f"{text[: most - 1]}…"
