"""What /policy-admin answers, whatever the sizes."""

from dataclasses import replace
from datetime import timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from adapters.chat import admin_wording as says
from adapters.chat import reports, wording
from adapters.chat.reports import Delivering, Finding, Pack, RouteLook
from adapters.slack.admin_views import render_report
from adapters.slack.admin_words import SLACK
from bot.view import SchoolView
from knowledge.faults import Severity
from knowledge.library import SchoolState
from knowledge.model import Contact
from tests.adapters.slack.home_world import FAULT, SCHOOL
from tests.adapters.slack.payloads import check, hostile_words, read
from tests.bot.builders import PHONES
from tests.escalation_fakes import MONDAY


def test_many_faults_are_counted_out() -> None:
    """Where more is wrong than one message takes, the first are listed and the others counted."""
    faults = [replace(FAULT, line=number) for number in range(1, 1_000)]
    report = render_report(reports.check_report(SLACK, SCHOOL, faults))
    check(report)
    lines = read([report]).splitlines()
    listed = [line for line in lines if line.startswith("oakwood/school.yaml:")]
    assert len(listed) >= 50
    assert wording.more_lines(999 - len(listed)) in lines


def test_a_short_list_leaves_its_room_to_a_long_one() -> None:
    """One warning does not take half of the message from the errors."""
    warning = replace(FAULT, severity=Severity.WARNING, found="no hours")
    faults = [replace(FAULT, line=number) for number in range(1, 1_000)]
    alone = read([render_report(reports.check_report(SLACK, SCHOOL, faults))]).count("oakwood/school.yaml:")
    beside = read([render_report(reports.check_report(SLACK, SCHOOL, [warning, *faults]))])
    assert str(warning) in beside
    assert beside.count("oakwood/school.yaml:") >= alone - 4


def test_a_notification_names_the_report_and_the_school() -> None:
    """What a screen reader reads first is what was asked for."""
    assert render_report(reports.doctor_report(SCHOOL, [])).text == "Doctor: Oakwood School"


@settings(max_examples=60, deadline=None)
@given(words=hostile_words, many=st.sampled_from([1, 5, 40, 300]))
def test_slack_takes_every_answer(words: str, many: int) -> None:
    """Whatever stands in the school's files and however much is wrong, one message holds the answer."""
    school = replace(SCHOOL, name=words, version=words, policies=(replace(PHONES, title=words),) * many)
    faults = tuple(
        replace(FAULT, file=words, found=words, severity=severity) for severity in Severity for _ in range(many)
    )
    state: SchoolState[SchoolView] = SchoolState(school.id, None, school, None, MONDAY, ok=False, faults=faults)
    delivering = Delivering(many, many, many, timedelta(days=many), ((MONDAY, words),) * many)
    people = (Contact("dsl", words, words),) * many
    routes = [RouteLook("child", people, words, words), RouteLook("staff", people, words), RouteLook("head", ())]
    findings = [Finding(words, words), Finding(words)] * many
    for report in (
        reports.status_report(SLACK, Pack(school, state), delivering, MONDAY),
        reports.status_report(SLACK, Pack(school, state, None), None, MONDAY),
        reports.check_report(SLACK, school, faults),
        reports.reload_report(school, says.LAST_GOOD, faults),
        reports.routes_report(SLACK, school, routes, words),
        reports.doctor_report(school, findings),
        reports.help_report(SLACK),
    ):
        check(render_report(report))
