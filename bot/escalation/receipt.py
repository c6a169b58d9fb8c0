"""The asker's receipt: the true state of what they raised, and whom to phone while nobody has seen it."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from operator import itemgetter

from bot.escalation import wording
from bot.escalation.chase import is_unseen
from bot.escalation.hours import Timetable
from bot.escalation.lifecycle import WAITING, sights
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
    if escalation.is_question:
        roles = dict.fromkeys(to.role for to in escalation.told if to.role)
        lines.append(wording.is_for([school.contact(role).title for role in roles]))
    if escalation.delivered_at:
        lines.append(wording.delivered_at(wording.clock(escalation.delivered_at, now)))
    return [*lines, *progress(escalation, school, now)]


def progress(escalation: Escalation, school: School, now: datetime, *, lasting: bool = False) -> list[str]:
    """Tell what people have done about it, oldest first. `lasting`: nothing that their next step makes untrue."""
    one = escalation

    def said(by: Callable[[str, str], str], role: str, at: datetime) -> tuple[datetime, str]:
        return at, by(school.contact(role).title, wording.clock(at, now))

    told = [said(wording.seen_by, sight.role, sight.at) for sight in one.seen]
    since = one.waiting_since or one.opened_at
    if one.acknowledged_at and one.holder_role:
        told.append(said(wording.taken_by, one.holder_role, one.acknowledged_at))
    elif one.holder_role and lasting:
        told.append(said(wording.passed_on, one.holder_role, since))
    elif one.holder_role:
        told.append((since, wording.with_role(school.contact(one.holder_role).title)))
    elif _is_open_again(one):
        told.append((since, wording.opened_again(wording.clock(since, now))))
    if one.replied_role and one.replied_at:
        told.append(said(wording.answered_by, one.replied_role, one.replied_at))
    if one.resolution and one.resolved_at:
        told.append((one.resolved_at, wording.resolved_as(one.resolution, wording.clock(one.resolved_at, now))))
    return [line for _, line in sorted(told, key=itemgetter(0))]


def whom_to_phone(school: School, now: datetime) -> tuple[Contact, ...]:
    """Return the office in hours, and the out-of-hours team otherwise, or where the office has no number."""
    roles = (_OFFICE, _OUT_OF_HOURS) if Timetable(school.hours).is_open(now) else (_OUT_OF_HOURS,)
    found = (school.contact(role) for role in roles)
    return tuple(contact for contact in found if any(reach.kind == "phone" for reach in contact.reach))[:1]


def _warning(escalation: Escalation, school: School, now: datetime) -> str | None:
    if is_unseen(escalation, now):
        return wording.NOT_TAKEN if escalation.seen or escalation.progress_at else wording.NOT_SEEN
    if escalation.state is not State.RECORDED:
        unseen = not escalation.is_question and not sights(escalation)
        return wording.OPEN_AGAIN if unseen and _is_open_again(escalation) else None
    opened = escalation.opened_at
    due = opened if escalation.urgent else Timetable(school.hours).opening_from(opened)
    if now < due:
        return wording.due_at(wording.clock(due, now))
    soon = now - due < wording.SOON and not escalation.warned
    if escalation.is_question:
        return wording.QUESTION_RECORDED if soon else wording.QUESTION_NOT_DELIVERED
    return wording.RECORDED if soon else wording.NOT_DELIVERED


def _is_open_again(escalation: Escalation) -> bool:
    """Tell whether it waits because it was opened again; what was passed on waits for the role it was passed on to."""
    one = escalation
    return one.waiting_since is not None and one.progress_at is not None and one.holder_role is None
