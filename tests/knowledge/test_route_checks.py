"""What keeps a concern from reaching somebody is told before it happens."""

from datetime import date
from pathlib import Path

import pytest

from knowledge.faults import Fault, Severity
from knowledge.route_checks import route_faults
from tests.knowledge.builders import SCHOOL, pack_of, told

TODAY = date(2026, 11, 2)
CATEGORIES = frozenset({"low-level", "pupil-cyberbullying"})
REGISTER = """\
contacts:
  headteacher: {name: Mrs A. Hill, reach: [{kind: slack, value: U0HEAD}]}
  dsl: {name: Mr B. Dale, reach: [{kind: slack, value: U0DSL}]}
  chair-of-governors: {name: Dr E. Glen, reach: [{kind: email, value: e@hill.sch}]}
"""
CHILD = "routes:\n  child: {people: [dsl], place: {slack: C0SAFE}}\n"
OTHERS = "  staff: {people: [headteacher]}\n  head: {people: [chair-of-governors]}\n"
HOURS = 'hours: {days: [mon], from: "07:45", to: "17:30", terms: [2026-09-02/2026-12-18]}\n'
WHOLE = REGISTER + CHILD + OTHERS + HOURS


def _faults(folder: Path, lines: str, trust: str | None = None) -> list[Fault]:
    shared = pack_of(folder / "trust", {}, SCHOOL + trust) if trust is not None else None
    pack = pack_of(folder / "hilltop", {}, SCHOOL + lines)
    assert pack.faults == []
    return route_faults(pack, shared, CATEGORIES, TODAY)


def _warned(folder: Path, lines: str) -> list[str]:
    faults = _faults(folder, lines)
    assert {fault.severity for fault in faults} <= {Severity.WARNING}
    return [f"{fault.line}: {fault.found}" for fault in faults]


def test_whole_school_has_no_faults(tmp_path: Path) -> None:
    """Routes that lead to people who can be reached, with hours, are no faults."""
    assert told(_faults(tmp_path, WHOLE)) == []


@pytest.mark.parametrize("lines", ["", REGISTER, 'hours: {days: [mon], from: "07:45", to: "17:30"}\n'])
def test_school_without_routes_is_left_alone(tmp_path: Path, lines: str) -> None:
    """Where nothing is sent, nothing about sending is told."""
    assert _faults(tmp_path, lines) == []


def test_broken_school_is_told_elsewhere(tmp_path: Path) -> None:
    """A school.yaml that could not be read has no routes to check."""
    assert route_faults(pack_of(tmp_path / "hilltop", {}, "[]"), None, CATEGORIES, TODAY) == []


@pytest.mark.parametrize(
    ("before", "after", "warning"),
    [
        ("name: Mr B. Dale, ", "", '8: nobody is named as "dsl"'),
        ("name: Mr B. Dale", "left: 2026-11-02, name: Mr B. Dale", '8: nobody is named as "dsl"'),
        (", reach: [{kind: slack, value: U0DSL}]", "", '8: there is no way to reach "dsl"'),
        (
            "kind: slack, value: U0HEAD",
            "kind: phone, value: '1'",
            '9: nothing can be sent to "headteacher", who has a telephone or a room alone',
        ),
    ],
)
def test_route_that_reaches_nobody_is_a_warning(tmp_path: Path, before: str, after: str, warning: str) -> None:
    """Each role on a route needs a holder and a way to be sent something."""
    assert before in WHOLE
    assert _warned(tmp_path, WHOLE.replace(before, after)) == [warning]


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("kind: slack, value: U0DSL", "kind: phone, value: '1'"),
        ("name: Mr B. Dale", "left: 2026-11-03, name: Mr B. Dale"),
    ],
    ids=["a place reaches whoever has a telephone alone", "leaving tomorrow"],
)
def test_person_who_is_reached_is_no_warning(tmp_path: Path, before: str, after: str) -> None:
    """A place stands for its people, and whoever leaves tomorrow is still there."""
    assert before in WHOLE
    assert _warned(tmp_path, WHOLE.replace(before, after)) == []


def test_gap_of_a_role_is_told_once(tmp_path: Path) -> None:
    """A role on three routes that nobody holds is one thing to mend."""
    lines = WHOLE.replace("people: [headteacher]", "people: [headteacher, dsl]").replace("name: Mr B. Dale, ", "")
    assert _warned(tmp_path, lines) == ['8: nobody is named as "dsl"']


def test_what_the_trust_gives_counts(tmp_path: Path) -> None:
    """In a trust, a role may be held and reached by what the school inherits."""
    alone = WHOLE.replace("  dsl: {name: Mr B. Dale, reach: [{kind: slack, value: U0DSL}]}\n", "")
    trust = "contacts:\n  dsl: {name: Ms T. Trust, reach: [{kind: email, value: t@trust.sch}]}\n"
    assert _warned(tmp_path, alone) == ['7: nobody is named as "dsl"']
    assert _faults(tmp_path / "inheriting", alone, trust) == []


def test_unknown_role_is_told_by_the_references_alone(tmp_path: Path) -> None:
    """A slip in a role is a warning here at most; that it is an error is told elsewhere."""
    assert _warned(tmp_path, WHOLE.replace("[dsl]", "[dls, dsl]")) == ['8: nobody is named as "dls"']


SAME_NAME = ("Mr B. Dale", "mrs a. HILL")
SAME_ID = ("U0DSL", "U0HEAD")
SAME_PHONE = "reach: [{kind: phone, value: '1'}, "
ONE_PERSON = "the headteacher and the DSL are one person, and no route head leads to somebody else"


@pytest.mark.parametrize("same", [SAME_NAME, SAME_ID], ids=["name", "id"])
@pytest.mark.parametrize("head", ["", "  head: {people: [dsl]}\n", "  head: {people: [pool-lead]}\n"])
def test_head_who_is_dsl_needs_somebody_else(tmp_path: Path, same: tuple[str, str], head: str) -> None:
    """Where head and DSL are one person, a concern about them must have somewhere to go."""
    again = "  pool-lead: {name: Mrs A. Hill, reach: [{kind: slack, value: U0HEAD}]}\n"
    staff = OTHERS.partition("\n")[0] + "\n"
    lines = (REGISTER + again + CHILD + staff + head + HOURS).replace(*same)
    assert f"{11 if head else 8}: {ONE_PERSON}" in _warned(tmp_path, lines)


def test_head_who_is_dsl_with_a_way_round_is_no_warning(tmp_path: Path) -> None:
    """A chair on the route head is enough; so is sharing no more than a telephone."""
    assert _warned(tmp_path, WHOLE.replace(*SAME_NAME)) == []
    shared = WHOLE.replace("reach: [", SAME_PHONE).replace("chair-of-governors]", "dsl]")
    assert _warned(tmp_path / "phone", shared) == []


def test_urgent_routes_without_hours_are_a_warning(tmp_path: Path) -> None:
    """Without hours Signpost counts office hours, and says so; questions alone need none."""
    found = "7: there are no hours, so Monday to Friday, 08:00 to 17:00, counts as open"
    assert _warned(tmp_path, WHOLE.replace(HOURS, "")) == [found]
    questions = REGISTER + "routes: {question: {people: [headteacher]}}\n"
    assert _warned(tmp_path / "questions", questions) == []


@pytest.mark.parametrize(("last", "told_of"), [("2026-11-01", True), ("2026-11-02", False)])
def test_terms_that_have_ended_are_a_warning(tmp_path: Path, last: str, told_of: bool) -> None:
    """Once the last term has ended nobody knows the holidays, and all weekdays count."""
    warned = _warned(tmp_path, WHOLE.replace("2026-12-18", last))
    assert ("11: every term listed has ended, so all weekdays count as open" in warned) is told_of


def test_child_route_without_the_others_is_a_warning(tmp_path: Path) -> None:
    """Whoever can be told about a child should be able to tell somebody about an adult and about the head."""
    assert _warned(tmp_path, REGISTER + CHILD + HOURS) == [
        "7: there is no route staff, so a concern about a member of staff is sent to nobody",
        "7: there is no route head, so a concern about the headteacher is sent to nobody",
    ]


def test_head_route_to_the_head_is_an_error(tmp_path: Path) -> None:
    """A concern about the headteacher never goes to the headteacher: such a school is not served."""
    [fault] = _faults(tmp_path, WHOLE.replace("[chair-of-governors]", "[chair-of-governors, headteacher]"))
    assert fault.severity is Severity.ERROR
    assert str(fault) == (
        "hilltop/school.yaml:10: concerns about the headteacher would go to the headteacher. "
        "Expected: somebody else. Put the chair of governors there instead."
    )


def test_category_the_catalogue_lacks_is_an_error(tmp_path: Path) -> None:
    """A change to a category that does not exist would change nothing, with or without routes."""
    faults = _faults(tmp_path, "concerns: {low-levl: {urgent: true}, xyz: {urgent: true}, low-level: {urgent: true}}\n")
    assert {fault.severity for fault in faults} == {Severity.ERROR}
    assert told(faults) == [
        'hilltop/school.yaml:3: "low-levl" is no category of concern. Expected: a category of the catalogue. '
        'Did you mean "low-level"?',
        'hilltop/school.yaml:3: "xyz" is no category of concern. Expected: a category of the catalogue. '
        "Take it out here.",
    ]


@pytest.mark.parametrize("closes", ["07:45", "06:00"])
def test_hours_that_end_before_they_begin_are_an_error(tmp_path: Path, closes: str) -> None:
    """A school that never opens would never be reminded of anything."""
    [fault] = _faults(tmp_path, HOURS.replace("17:30", closes))
    assert fault.severity is Severity.ERROR
    assert fault.found == f"the school opens at 07:45 and closes at {closes}"
