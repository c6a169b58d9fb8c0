"""Puts a delivery into words, from the escalation as it stands when it is sent, so that no message tells an old truth.

Notices of concerns hold category, school, who raised it and what to do; the words appear only on opening, unless the
school has said otherwise. A question that was handed to people shows its words on the card.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.escalation import wording
from bot.escalation.lifecycle import WAITING, carded
from bot.escalation.message import Act, Message
from bot.escalation.model import MAIL, TO_ASKER, Delivery, DeliveryKind, Entry, Escalation, State
from bot.escalation.receipt import Receipt, progress
from bot.wording import contact_name
from knowledge.model import School

_ON_A_CARD = frozenset({DeliveryKind.CHASE, DeliveryKind.STALE, DeliveryKind.ANSWER})


@dataclass(frozen=True, slots=True)
class Scene:
    """What a message is made of.

    `asker` is a name; `waiting` are the open questions of the school with the names of those who asked, for a digest.
    `first_receipt` is the id of the message that brought the asker their first receipt. `reply_lost_at` is when the
    latest reply was written that never reached the asker.
    """

    escalation: Escalation
    school: School
    title: str
    asker: str
    entries: tuple[Entry, ...]
    receipt: Receipt
    now: datetime
    waiting: tuple[tuple[Escalation, str], ...] = ()
    reply_lost_at: datetime | None = None
    first_receipt: str | None = None


def render(delivery: Delivery, scene: Scene) -> Message:
    """Return the message of a delivery."""
    escalation = scene.escalation
    title, lines, quoted = _content(delivery, scene)
    replaces = _replaced(delivery, escalation)
    return Message(
        key=delivery.id,
        kind=delivery.kind,
        address=delivery.address,
        school=escalation.school,
        escalation=escalation.id,
        reference=escalation.reference,
        urgent=escalation.urgent,
        title=f"{wording.AGAIN}: {title}" if delivery.in_doubt and not replaces else title,
        lines=tuple(lines),
        quoted=quoted,
        acts=_acts(delivery, escalation),
        replaces=replaces,
        beneath=None if replaces else _above(delivery, scene),
        again=delivery.in_doubt,
    )


def _acts(delivery: Delivery, escalation: Escalation) -> tuple[Act, ...]:
    if delivery.address.platform == MAIL:
        return ()
    if delivery.kind in TO_ASKER:
        return acts_to_asker(escalation)
    asks = delivery.kind is DeliveryKind.STALE  # whoever has it takes it once more: it is still with them
    return (Act.OPEN, Act.ACKNOWLEDGE, *acts(escalation)[1:]) if asks else acts(escalation)


def acts(escalation: Escalation) -> tuple[Act, ...]:
    """Return the buttons of a card, by the state it is in."""
    if escalation.state is State.RESOLVED:
        return (Act.OPEN, Act.REOPEN)
    if escalation.state is State.ACKNOWLEDGED:
        return (Act.OPEN, Act.REPLY, Act.ASSIGN, Act.RESOLVE)
    return (Act.OPEN, Act.ACKNOWLEDGE, Act.ASSIGN, Act.REPLY, Act.RESOLVE)


def acts_to_asker(escalation: Escalation) -> tuple[Act, ...]:
    """Return the buttons of a receipt: the asker can always add something."""
    return (Act.ANSWER,) if escalation.entries else ()


def card_lines(scene: Scene) -> list[str]:
    """Return the lines of a card: school, who, where it stands, and what to do."""
    escalation = scene.escalation
    # The card's readers know when it reached them; they need to know who has it.
    lines = [*_raised(scene), *_so_far(scene)]
    if escalation.state in WAITING:
        lines.append(wording.TAKE_IT if escalation.is_question else wording.OPEN_IT)
    return [*lines, *_no_record(scene)]


def _raised(scene: Scene) -> list[str]:
    """Return the school, and who raised it and when."""
    escalation = scene.escalation
    at = wording.clock(escalation.opened_at, scene.now)
    who = wording.asked_by(scene.asker, at) if escalation.is_question else wording.raised_by(scene.asker, at)
    return [scene.school.name, who, *([] if escalation.staff else [wording.NOT_STAFF])]


def _no_record(scene: Scene) -> list[str]:
    """Say that Signpost is not the school's record, as long as there is something to record."""
    escalation = scene.escalation
    return [] if escalation.is_question or escalation.state is State.RESOLVED else [wording.NO_RECORD]


def _so_far(scene: Scene, *, lasting: bool = False) -> list[str]:
    """Tell what people have done about it, and what of that never reached the asker; see `progress`."""
    lines = progress(scene.escalation, scene.school, scene.now, lasting=lasting)
    lost = scene.reply_lost_at
    return [*lines, wording.reply_lost(wording.clock(lost, scene.now))] if lost else lines


_Content = tuple[str, Sequence[str], str | None]


def _content(delivery: Delivery, scene: Scene) -> _Content:
    title = wording.notice_title(scene.title, scene.escalation.reference, urgent=scene.escalation.urgent)
    if delivery.address.platform == MAIL:
        return title, (wording.MAIL_LINE, *_numbers(scene.receipt)), None
    special = {
        DeliveryKind.RECEIPT: _receipt,
        DeliveryKind.REPLY: _reply,
        DeliveryKind.ANSWER: _answer,
        DeliveryKind.CHASE: _chase,
        DeliveryKind.STALE: _stale,
        DeliveryKind.DIGEST: _digest,
    }
    if delivery.kind in special:
        return special[delivery.kind](delivery, scene)
    return title, card_lines(scene), _shown(scene)


def _reply(delivery: Delivery, scene: Scene) -> _Content:
    entry = next((entry for entry in scene.entries if entry.number == delivery.entry), None)
    title = scene.school.contact(entry.role).title if entry and entry.role else wording.SOMEBODY
    return wording.reply_title(title, scene.escalation.reference), (), entry.text if entry else None


def _answer(delivery: Delivery, scene: Scene) -> _Content:
    return wording.answer_title(scene.escalation.reference), card_lines(scene), _shown(scene, delivery.entry)


def _chase(_delivery: Delivery, scene: Scene) -> _Content:
    """Tell nothing that another step makes untrue: a reminder stays in the conversation as it was sent."""
    at = wording.clock(scene.now, scene.now)
    lines = [*_raised(scene), *_so_far(scene, lasting=True), wording.TAKE_IT_UNLESS_TAKEN, *_no_record(scene)]
    return wording.chase_title(scene.title, scene.escalation.reference, at), lines, _shown(scene)


def _stale(_delivery: Delivery, scene: Scene) -> _Content:
    title = wording.stale_title(scene.title, scene.escalation.reference)
    return title, (scene.school.name, *_so_far(scene), wording.STILL_YOURS), None


def listed_in(lane: str, scene: Scene) -> list[tuple[Escalation, str]]:
    """List the open questions that a digest brings to a lane: those with a card there that nobody has taken."""
    return [
        (one, asker)
        for one, asker in scene.waiting
        if one.state is State.DELIVERED and lane in {address.lane for address in carded(one)}
    ]


def _digest(delivery: Delivery, scene: Scene) -> _Content:
    listed = [
        wording.question_line(one.reference, asker, wording.clock(one.opened_at, scene.now))
        for one, asker in listed_in(delivery.address.lane, scene)
    ]
    return wording.digest_title(len(listed)), (scene.school.name, *listed), None


def _receipt(_delivery: Delivery, scene: Scene) -> _Content:
    found = scene.receipt
    warning = [found.warning] if found.warning else []
    lines = (*found.lines, *warning, *(_numbers(found) if warning else ()))
    return wording.receipt_title(found.reference, found.title), lines, None


def _numbers(found: Receipt) -> list[str]:
    return [
        f"{contact_name(contact)}: {', '.join(reach.value for reach in contact.reach if reach.kind == 'phone')}"
        for contact in found.phone
    ]


def _shown(scene: Scene, number: int | None = 1) -> str | None:
    """Return the words of an entry, the opening ones where none is named, where they may stand on the card."""
    if not scene.escalation.is_question and not scene.school.words_in_notices:
        return None
    return next((entry.text for entry in scene.entries if entry.number == number), None)


def _above(delivery: Delivery, scene: Scene) -> str | None:
    """Return the message to which another belongs: the card of whoever is told, the first receipt of the asker."""
    if delivery.kind in TO_ASKER:
        return scene.first_receipt
    if delivery.kind not in _ON_A_CARD:
        return None
    return _card_at(delivery, scene.escalation)


def _replaced(delivery: Delivery, escalation: Escalation) -> str | None:
    return _card_at(delivery, escalation) if delivery.kind is DeliveryKind.UPDATE else None


def _card_at(delivery: Delivery, escalation: Escalation) -> str | None:
    return next((card.message_id for card in escalation.cards if card.address == delivery.address), None)
