"""What admins are answered in chat, and what is shown of a school's knowledge. Pure: nothing here asks anybody."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from adapters.chat import admin_wording as says
from adapters.chat import wording
from adapters.chat.admin_wording import Platform
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

Section = tuple[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Report:
    """An answer to an admin: headed lists under a title, or one sentence, which is the title then.

    A heading can be empty. A list never is: what has nothing to say is left out.
    """

    title: str
    sections: tuple[Section, ...] = ()

    @property
    def is_sentence(self) -> bool:
        """Tell whether the title is all there is."""
        return not self.sections


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
    """A route as it stands on a platform. `place` is its channel; `fault` says why that is not used, None where it is.

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


# ---- The answers -----------------------------------------------------------------------------------------------------


def status_report(platform: Platform, pack: Pack, delivering: Delivering | None, now: datetime) -> Report:
    """Say what is in force, what is overdue, and how delivering fares; `delivering` is None where that is unknown."""
    policies = [says.policy(one.title, one.version, wording.day(one.review_due)) for one in pack.school.policies]
    sections = [
        ("", list(state_lines(platform, pack.state, now))),
        (says.POLICIES, policies),
        (says.OVERDUE, overdue_lines(pack.school, now) or [says.NO_OVERDUE]),
        (says.DELIVERING, _delivering_lines(delivering)),
        (says.ALARMS, [f"{told.clock(at, now)}: {what}" for at, what in (delivering.alarms if delivering else ())]),
    ]
    return _report(says.of_school(says.STATUS, pack.school.name), sections)


def check_report(platform: Platform, school: School, faults: Sequence[Fault]) -> Report:
    """List what is wrong with a school's files as they are now."""
    errors = len(errors_of(faults))
    verdict = says.checked(errors, len(faults) - errors) if faults else says.no_faults(platform)
    return _report(says.of_school(says.CHECK, school.name), [("", [verdict]), *_fault_sections(faults)])


def reload_report(school: School, outcome: str, faults: Sequence[Fault] = ()) -> Report:
    """Say what a reload came to, and why."""
    return _report(says.of_school(says.RELOAD, school.name), [("", [outcome]), *_fault_sections(faults)])


def routes_report(platform: Platform, school: School, routes: Sequence[RouteLook], here: str) -> Report:
    """List the routes, who is told, and where. `here` is the channel in which it was asked."""
    sections = [(says.route(one.name), list(_route_lines(platform, one, here))) for one in routes]
    return _report(says.of_school(says.ROUTES, school.name), sections)


def doctor_report(school: School, findings: Sequence[Finding]) -> Report:
    """List what is wrong and how to mend it, then what is in order."""
    wrong = [f"{one.says} {one.mend}" for one in findings if one.mend]
    fine = [one.says for one in findings if not one.mend]
    verdict = [] if wrong else [says.ALL_IN_ORDER]
    sections = [("", verdict), (says.TO_MEND, wrong), (says.IN_ORDER, fine)]
    return _report(says.of_school(says.DOCTOR, school.name), sections)


def help_report(platform: Platform, *, understood: bool = True) -> Report:
    """List what can be typed; `understood`: nothing was typed that was not."""
    wrong = [] if understood else [says.NOT_UNDERSTOOD]
    return _report(says.HELP, [("", wrong), ("", says.help_lines(platform))])


# ---- What they are made of -------------------------------------------------------------------------------------------


def state_lines(platform: Platform, state: SchoolState[SchoolView], now: datetime) -> Iterator[str]:
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
        yield says.more_faults(platform, len(faults) - _FIRST_FAULTS)


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


def _fault_sections(faults: Sequence[Fault]) -> list[tuple[str, Sequence[str]]]:
    warnings = [str(fault) for fault in faults if fault.severity is Severity.WARNING]
    return [(says.TO_MEND, [str(fault) for fault in errors_of(faults)]), (says.WARNINGS, warnings)]


def _route_lines(platform: Platform, route: RouteLook, here: str) -> Iterator[str]:
    if not route.people:
        yield says.NOBODY_SET
        return
    yield says.told_on([contact_name(contact) for contact in route.people])
    if route.place is None:
        yield says.no_place(platform)
        return
    where = says.place(route.place, here=route.place == here)
    if route.fault:
        yield says.place_refused(where, route.fault)
    else:
        yield says.place_ready(where, None if route.readers is None else len(route.readers))


def _report(title: str, sections: Sequence[tuple[str, Sequence[str]]]) -> Report:
    return Report(title, tuple((heading, tuple(lines)) for heading, lines in sections if lines))
