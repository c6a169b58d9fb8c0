"""What /policy-admin answers, and what the home tab shows of a school's knowledge. Pure: nothing here asks anybody."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from adapters.chat import wording
from adapters.slack import home_wording as says
from adapters.slack import limits
from adapters.slack.blocks import Block, header, heading
from adapters.slack.fitting import Room, lines_within
from adapters.slack.limits import size
from adapters.slack.mrkdwn import cut
from adapters.slack.rendered import Rendered
from bot.escalation import wording as told
from bot.escalation.hours import local_date
from bot.escalation.model import Feedback
from bot.review import overdue_since
from bot.view import SchoolView
from bot.wording import contact_name
from knowledge.faults import Fault, Severity, errors_of
from knowledge.library import SchoolState
from knowledge.model import Contact, School

UNANSWERED_KEPT = timedelta(days=30)
_FIRST_FAULTS = 3
_ROOM = limits.MESSAGE_TOTAL - 1_000  # the rest is for headings
_BLOCKS = 40


@dataclass(frozen=True, slots=True)
class Pack:
    """A school's knowledge as it stands. `unanswered`: what found no answer lately, None where that is unknown."""

    school: School
    state: SchoolState[SchoolView]
    unanswered: tuple[Feedback, ...] | None = ()


@dataclass(frozen=True, slots=True)
class Delivering:
    """How delivering fares for a school, in numbers, with the latest alarms, oldest first."""

    open: int
    waiting: int
    undelivered: int
    oldest: timedelta
    alarms: tuple[tuple[datetime, str], ...] = ()


@dataclass(frozen=True, slots=True)
class RouteLook:
    """A route as it stands in Slack. `place` is its channel; `fault` says why that is not used, None where it is.

    `readers` are the ids of those who read it, None where that is unknown.
    """

    name: str
    people: tuple[Contact, ...]
    place: str | None = None
    fault: str | None = None
    readers: frozenset[str] | None = None


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that was looked at, and how to mend it; `mend` is None where it is in order."""

    says: str
    mend: str | None = None


Section = tuple[str, Sequence[str]]


# ---- The answers -----------------------------------------------------------------------------------------------------


def status_report(pack: Pack, delivering: Delivering | None, now: datetime) -> Rendered:
    """Say what is in force, what is overdue, and how delivering fares; `delivering` is None where that is unknown."""
    policies = [says.policy(one.title, one.version, wording.day(one.review_due)) for one in pack.school.policies]
    sections = [
        ("", list(state_lines(pack.state, now))),
        (says.POLICIES, policies),
        (says.OVERDUE, overdue_lines(pack.school, now) or [says.NO_OVERDUE]),
        (says.DELIVERING, _delivering_lines(delivering)),
        (says.ALARMS, [f"{told.clock(at, now)}: {what}" for at, what in (delivering.alarms if delivering else ())]),
    ]
    return _report(says.of_school(says.STATUS, pack.school.name), sections)


def check_report(school: School, faults: Sequence[Fault]) -> Rendered:
    """List what is wrong with a school's files as they are now."""
    errors = len(errors_of(faults))
    verdict = says.checked(errors, len(faults) - errors) if faults else says.NO_FAULTS
    return _report(says.of_school(says.CHECK, school.name), [("", [verdict]), *_fault_sections(faults)])


def reload_report(school: School, outcome: str, faults: Sequence[Fault] = ()) -> Rendered:
    """Say what a reload came to, and why."""
    return _report(says.of_school(says.RELOAD, school.name), [("", [outcome]), *_fault_sections(faults)])


def routes_report(school: School, routes: Sequence[RouteLook], here: str) -> Rendered:
    """List the routes, who is told, and where. `here` is the channel in which it was asked."""
    sections = [(says.route(one.name), list(_route_lines(one, here))) for one in routes]
    return _report(says.of_school(says.ROUTES, school.name), sections)


def doctor_report(school: School, findings: Sequence[Finding]) -> Rendered:
    """List what is wrong and how to mend it, then what is in order."""
    wrong = [f"{one.says} {one.mend}" for one in findings if one.mend]
    fine = [one.says for one in findings if not one.mend]
    verdict = [] if wrong else [says.ALL_IN_ORDER]
    sections = [("", verdict), (says.TO_MEND, wrong), (says.IN_ORDER, fine)]
    return _report(says.of_school(says.DOCTOR, school.name), sections)


def help_report(*, understood: bool = True) -> Rendered:
    """List what can be typed; `understood`: nothing was typed that was not."""
    return _report(says.HELP, [("", () if understood else (says.NOT_UNDERSTOOD,)), ("", says.HELP_LINES)])


# ---- What they are made of -------------------------------------------------------------------------------------------


def state_lines(state: SchoolState[SchoolView], now: datetime) -> Iterator[str]:
    """Yield which version is in force, and what became of the last reload."""
    version = state.school.version if state.school else ""
    yield says.in_force(version, told.clock(state.taken_at, now) if state.taken_at else None)
    at = told.clock(state.tried_at, now)
    if state.ok:
        yield says.reloaded(at)
        return
    yield says.not_reloaded(at)
    faults = errors_of(state.faults)
    yield from (str(fault) for fault in faults[:_FIRST_FAULTS])
    if len(faults) > _FIRST_FAULTS:
        yield says.more_faults(len(faults) - _FIRST_FAULTS)


def overdue_lines(school: School, now: datetime) -> list[str]:
    """List the policies whose review is overdue."""
    due = [(policy.title, overdue_since(policy, local_date(now))) for policy in school.policies]
    return [says.overdue(title, since) for title, since in due if since]


def unanswered_lines(pack: Pack, now: datetime) -> list[str]:
    """List what was asked lately and not answered, the latest first; its words are redacted before they are kept."""
    if pack.unanswered is None:
        return [says.UNANSWERED_UNKNOWN]
    lately = [one for one in pack.unanswered if one.words and one.at > now - UNANSWERED_KEPT]
    if not lately:
        return [says.NOTHING_UNANSWERED]
    latest = sorted(lately, key=lambda one: one.at, reverse=True)
    asked = [says.unanswered(one.words or "", told.clock(one.at, now)) for one in latest]
    return [says.unanswered_count(len(asked)), *asked]


def _delivering_lines(delivering: Delivering | None) -> list[str]:
    if delivering is None:
        return [says.STORE_UNREADABLE]
    minutes = int(delivering.oldest.total_seconds() // 60)
    return [
        says.courier(delivering.open, delivering.waiting),
        says.undelivered(delivering.undelivered, minutes),
    ]


def _fault_sections(faults: Sequence[Fault]) -> list[Section]:
    warnings = [str(fault) for fault in faults if fault.severity is Severity.WARNING]
    return [(says.TO_MEND, [str(fault) for fault in errors_of(faults)]), (says.WARNINGS, warnings)]


def _route_lines(route: RouteLook, here: str) -> Iterator[str]:
    if not route.people:
        yield says.NOBODY_SET
        return
    yield says.told_on([contact_name(contact) for contact in route.people])
    if route.place is None:
        yield says.NO_PLACE
        return
    where = says.place(route.place, here=route.place == here)
    if route.fault:
        yield says.place_refused(where, route.fault)
    else:
        yield says.place_ready(where, None if route.readers is None else len(route.readers))


def _report(named: str, sections: Sequence[Section]) -> Rendered:
    """Return one message of headed lists. A short list leaves its room to the longer ones."""
    filled = [(title, texts) for title, texts in sections if texts]
    shown: dict[int, list[Block]] = {}
    left = _ROOM
    for number in sorted(range(len(filled)), key=lambda one: size(list(filled[one][1]))):
        share = Room(_BLOCKS, left // (len(filled) - len(shown)), size)
        shown[number] = lines_within(filled[number][1], share)
        left -= size(shown[number])
    blocks: list[Block] = [header(named)]
    for number, (title, _) in enumerate(filled):
        blocks += [*([heading(title)] if title else []), *shown[number]]
    return Rendered(cut(named, limits.NOTIFICATION), tuple(blocks))
