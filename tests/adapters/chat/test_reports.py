"""The answers to admins, as they are before a platform shows them."""

from dataclasses import replace
from datetime import timedelta

from adapters.chat import admin_wording as says
from adapters.chat import reports
from adapters.chat.reports import Delivering, Finding, Pack, Report, RouteLook
from adapters.chat.route_findings import route_findings, unreachable
from bot.escalation.register import Register
from bot.view import SchoolView
from knowledge.library import SchoolState
from tests.adapters.chat.admin_world import FAULT, MEETING, SAFE, SCHOOL
from tests.escalation_fakes import MONDAY, FakeChannel

PEOPLE = (SCHOOL.contact("dsl"),)
BROKEN: SchoolState[SchoolView] = SchoolState("oakwood", None, SCHOOL, MONDAY, MONDAY, ok=False, faults=(FAULT,) * 5)


def test_a_sentence_is_a_report_without_lists() -> None:
    """Everything else has at least one list, and no list is empty."""
    assert Report(says.NOT_ADMIN).is_sentence
    for report in (reports.doctor_report(SCHOOL, []), reports.check_report(MEETING, SCHOOL, [])):
        assert not report.is_sentence
        assert all(listed for _, listed in report.sections)


def test_a_broken_reload_names_the_first_faults_and_how_to_see_the_rest() -> None:
    """In the words in which the command is typed there."""
    report = reports.status_report(MEETING, Pack(SCHOOL, BROKEN), None, MONDAY)
    assert report.sections[0][1][-2:] == (str(FAULT), "And 2 more: type admin check.")


def test_what_waits_is_counted_and_the_oldest_named() -> None:
    """So that somebody phones."""
    delivering = Delivering(3, 2, 1, timedelta(minutes=7, seconds=59))
    sections = dict(reports.status_report(MEETING, Pack(SCHOOL, BROKEN), delivering, MONDAY).sections)
    assert sections[says.DELIVERING] == (says.courier(3, 2), says.undelivered(1, 7))
    assert says.ALARMS not in sections


def test_a_route_at_fault_is_named_with_the_way_to_mend_it() -> None:
    """One that is fine is said to be; one without a place is nothing to look at."""
    routes = [RouteLook("child", PEOPLE, SAFE, "others read it"), RouteLook("staff", PEOPLE), RouteLook("head", ())]
    mend = "Make a private channel, then type @Signpost admin routes bind with the name of the route."
    assert list(route_findings(MEETING, routes)) == [Finding(says.place_at_fault("child", "others read it"), mend)]
    unknown = [RouteLook("child", PEOPLE, SAFE, says.gate_unknown(MEETING))]
    assert [one.mend for one in route_findings(MEETING, unknown)] == [says.TRY_AGAIN]


def test_questions_and_concerns_in_one_channel_are_told() -> None:
    """And how their questions reach people instead."""
    routes = [RouteLook(name, PEOPLE, SAFE) for name in ("child", "question")]
    found = list(route_findings(MEETING, routes))
    assert found[:2] == [Finding(says.place_fine("child")), Finding(says.place_fine("question"))]
    assert found[2].says.endswith("They go to people face to face instead.")


def test_a_school_without_a_route_for_children_is_told() -> None:
    """Whatever else it has."""
    assert list(route_findings(MEETING, [])) == [Finding(says.NO_CHILD_ROUTE, says.MEND_CHILD_ROUTE)]


def test_whoever_has_no_id_is_named_once() -> None:
    """Somebody who has left is not asked for."""
    school = replace(SCHOOL, contacts={**SCHOOL.contacts, "dsl": replace(SCHOOL.contact("dsl"), reach=())})
    register = Register(school, FakeChannel("teams"), MONDAY.date())
    found = list(unreachable(MEETING, register))
    assert [one.says for one in found] == [says.holder_without_id(MEETING, SCHOOL.contact("dsl").title)]
    assert found[0].mend == (
        "Ask them for their id, and write it into the school.yaml under contacts, dsl, "
        "as {kind: teams, value: THE-ID}. Then type admin reload."
    )
    gone = replace(school, contacts={**school.contacts, "dsl": replace(school.contact("dsl"), left="2026-01-01")})
    assert list(unreachable(MEETING, Register(gone, FakeChannel("teams"), MONDAY.date()))) == []
