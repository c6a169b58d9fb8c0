"""What the card of an escalation says, whatever the platform: its title, who has it, and what must be read first."""

from collections.abc import Collection, Iterable, Sequence

from adapters.chat import wording
from bot.decide import MAX_QUESTION
from bot.escalation import wording as told
from bot.escalation.desk import Opened, Said
from bot.escalation.message import Act, Message
from bot.escalation.model import TO_ASKER, DeliveryKind
from bot.escalation.receipt import Receipt
from knowledge.model import School

# Of these alone it is said above all else, also on a lock screen: the asker must do something now.
_ALARMING = frozenset({told.NOT_DELIVERED, told.NOT_SEEN, told.NOT_TAKEN, told.QUESTION_NOT_DELIVERED})
# A reminder is not edited once somebody has it, so it never says that nobody has.
_SAY_WHO_HAS_IT = frozenset({DeliveryKind.NOTICE, DeliveryKind.UPDATE, DeliveryKind.ANSWER})
_SCHOOL_AND_ONE = 2  # the lines of a digest of one question
_LONGEST_WORDS = max(told.LONGEST_REPLY, MAX_QUESTION)
LONGEST_LINE = 300


def title(message: Message) -> str:
    """Say in words that it is urgent, where the title does not; what is resolved is urgent no more."""
    urgent = f"{wording.URGENT}: "
    if Act.REOPEN in message.acts:
        return message.title.replace(urgent, "", 1)
    says_so = not message.urgent or message.kind in TO_ASKER or urgent in message.title
    return message.title if says_so else f"{urgent}{message.title}"


def notification(message: Message) -> str:
    """Say on a lock screen what it is; to the asker never what it is about."""
    if message.kind is not DeliveryKind.RECEIPT:
        return title(message)
    return wording.news_of(message.reference, next((line for line in message.lines if line in _ALARMING), None))


def standing(acts: Collection[Act]) -> str:
    """Say in a word whether somebody has it, from what can be done with it."""
    if Act.REOPEN in acts:
        return wording.RESOLVED
    return wording.NOT_TAKEN if Act.ACKNOWLEDGE in acts else wording.TAKEN


def who_has_it(message: Message) -> str:
    """Say it at a glance on a card that tells so; nothing on others."""
    return standing(message.acts) if message.acts and message.kind in _SAY_WHO_HAS_IT else ""


def told_first(message: Message) -> tuple[Sequence[str], Sequence[str]]:
    """Take out of a receipt what the asker must do now, with whom to phone; return it, and the story that is left."""
    found = [number for number, line in enumerate(message.lines) if line in _ALARMING]
    if message.kind is not DeliveryKind.RECEIPT or not found:
        return (), message.lines
    return message.lines[found[0] :], message.lines[: found[0]]


def is_alarming(receipt: Receipt) -> bool:
    """Tell whether the asker must do something now: that comes before the story."""
    return receipt.warning in _ALARMING


def is_of_several(message: Message) -> bool:
    """Tell whether it lists several questions: buttons beneath it would leave open which they are about."""
    return message.kind is DeliveryKind.DIGEST and len(message.lines) > _SCHOOL_AND_ONE


def hints(message: Message) -> list[str]:
    """Say what opening it does, and how an answer reaches the asker, as far as it can be done."""
    hides = Act.OPEN in message.acts and message.quoted is None
    found = {wording.OPENING_IS_NOTED: hides, wording.TO_ANSWER: Act.REPLY in message.acts}
    return [hint for hint, shown in found.items() if shown]


def act_label(act: Act, *, stale: bool = False) -> str:
    """Return what stands on a button. `stale`: taking it says that it is still with whoever took it."""
    return wording.STILL_WITH_ME if stale and act is Act.ACKNOWLEDGE else wording.ACTS[act]


def words_of(message: Message) -> str:
    """Return the words that a message quotes, as long as anybody can have written them."""
    return cut(message.quoted or "", _LONGEST_WORDS)


def cut(text: str, most: int = LONGEST_LINE) -> str:
    """Return a text, cut where it is too long."""
    return text if len(text) <= most else f"{text[: most - 1]}…"


# ---- Once it is open -------------------------------------------------------------------------------------------------


def acts_once_open(opened: Opened) -> list[Act]:
    """Return what can be done with the words before one's eyes."""
    acts = [act for act in opened.listed.acts if act is not Act.OPEN]
    return [act for act in acts if act is not Act.ASSIGN or opened.others]


def lines_once_open(card: Iterable[str]) -> list[str]:
    """Return the lines of a card for somebody who has the words before them."""
    return [told.TAKE_IT if line == told.OPEN_IT else line for line in card]


def role_of(said: Said, school: School) -> str:
    """Return in which role somebody said a piece of a thread; nothing where it was the asker."""
    return school.contact(said.entry.role).title if said.entry.role else ""
