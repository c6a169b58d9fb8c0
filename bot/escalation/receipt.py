"""The asker's receipt: the true state of what they raised, and whom to phone while nobody has seen it."""

from dataclasses import dataclass
from datetime import datetime

from bot.escalation import wording
from bot.escalation.chase import is_unseen
from bot.escalation.hours import Timetable
from bot.escalation.lifecycle import WAITING
from bot.escalation.model import Escalation, State
from knowledge.model import Contact, School

_OUT_OF_HOURS = "out-of-hours"
_OFFICE = "school-office"


@dataclass(frozen=True, slots=True)
class Receipt:
    """What the asker sees: a short reference, the state, its story line by line, a warning and whom to phone.

    `seen_by` lists the roles that opened it. `warning` is None once somebody has it.
    """

    id: str
    school: str
    reference: str
    category: str
    title: str
    state: State
    seen_by: tuple[str, ...]
    lines: tuple[str, ...]
    warning: str | None
    phone: tuple[Contact, ...]


def receipt(escalation: Escalation, school: School, title: str, now: datetime) -> Receipt:
    """Return the receipt of an escalation as it stands. `title` is what its category is called."""
    waits = escalation.state in WAITING and not escalation.is_question
    return Receipt(
        id=escalation.id,
        school=escalation.school,
        reference=escalation.reference,
        category=escalation.category,
        title=title,
        state=escalation.state,
        seen_by=tuple(dict.fromkeys(sight.role for sight in escalation.seen)),
        lines=tuple(story(escalation, school, now)),
        warning=_warning(escalation, school, now),
        phone=whom_to_phone(school, now) if waits else (),
    )


def story(escalation: Escalation, school: School, now: datetime) -> list[str]:
    """Tell what has happened, oldest first."""
    lines = [wording.recorded_at(wording.clock(escalation.opened_at, now))]
    if escalation.delivered_at:
        lines.append(wording.delivered_at(wording.clock(escalation.delivered_at, now)))
    return [*lines, *progress(escalation, school, now)]


def progress(escalation: Escalation, school: School, now: datetime) -> list[str]:
    """Tell what people have done about it, oldest first."""
    lines = [
        wording.seen_by(school.contact(sight.role).title, wording.clock(sight.at, now)) for sight in escalation.seen
    ]
    if escalation.acknowledged_at and escalation.holder_role:
        title = school.contact(escalation.holder_role).title
        lines.append(wording.taken_by(title, wording.clock(escalation.acknowledged_at, now)))
    elif escalation.holder_role:
        lines.append(wording.with_role(school.contact(escalation.holder_role).title))
    elif escalation.waiting_since and escalation.waiting_since > escalation.opened_at:
        lines.append(wording.opened_again(wording.clock(escalation.waiting_since, now)))
    if escalation.resolution and escalation.resolved_at:
        lines.append(wording.resolved_as(escalation.resolution, wording.clock(escalation.resolved_at, now)))
    return lines


def whom_to_phone(school: School, now: datetime) -> tuple[Contact, ...]:
    """Return the office in hours, and the out-of-hours team otherwise, or where the office has no number."""
    roles = (_OFFICE, _OUT_OF_HOURS) if Timetable(school.hours).is_open(now) else (_OUT_OF_HOURS,)
    found = (school.contact(role) for role in roles)
    return tuple(contact for contact in found if any(reach.kind == "phone" for reach in contact.reach))[:1]


def _warning(escalation: Escalation, school: School, now: datetime) -> str | None:
    if is_unseen(escalation, now):
        return wording.NOT_TAKEN if escalation.seen else wording.NOT_SEEN
    if escalation.state is not State.RECORDED:
        return None
    opened = escalation.opened_at
    due = opened if escalation.urgent else Timetable(school.hours).opening_from(opened)
    if now < due:
        return wording.due_at(wording.clock(due, now))
    return wording.RECORDED if now - due < wording.SOON else wording.NOT_DELIVERED
