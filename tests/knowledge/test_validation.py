"""Checking a file against its shape: every fault in words an admin can act on, with its line (RS-62 to RS-64)."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.schema import ConcernsFile, LexiconFile, PolicyFile, QuestionShape, SchoolFile, TopicsFile
from knowledge.validation import validate
from knowledge.yaml_reader import Value
from tests.knowledge.builders import SCHOOL, clause, policy, seconds, told, yaml_of

ID_MEND = 'Write it in lower-case letters, digits and hyphens, such as "friends-pupils".'
LIST_MEND = "Put each item on its own line behind a hyphen, or write [one, two]."
KEYS_MEND = 'Write lines of "key: value" below it, two spaces further in.'
TIME_MEND = 'Write the time with four digits, such as "07:45".'
DATE_MEND = "Write the date as 2026-09 or 2026-09-01."
ROLE_KEYS = "one of: name, title, reach, deputy, synonyms, example, away, left"

# Lines added to a sound school.yaml of two lines, and the one fault they make.
SCHOOL_FAULTS = {
    "aliases: Hill": f'3: "aliases" is "Hill". Expected: other names of the school. {LIST_MEND}',
    "aliases:": f'3: "aliases" is empty. Expected: other names of the school. {LIST_MEND}',
    "aliases: [[Hill]]": '3: "aliases" is a list. Expected: other names of the school. '
    "Write a single value, in double quotes if it holds a colon.",
    "alias: [Hill]": '3: "alias" is not a key here. Expected: one of: name, aliases, jurisdiction, contacts, routes, '
    'hours, admins, asks, belongs, concerns, words_in_notices, locked. Did you mean "aliases"?',
    "xyz: 1": '3: "xyz" is not a key here. Expected: one of: name, aliases, jurisdiction, contacts, routes, '
    "hours, admins, asks, belongs, concerns, words_in_notices, locked. Change it or take it out.",
    "contacts: [dsl]": f'3: "contacts" is a list. Expected: the role register: one entry a role. {KEYS_MEND}',
    "contacts:\n  dsl:\n": f'4: "dsl" is empty. Expected: lines of "key: value". {KEYS_MEND}',
    "contacts:\n  Head Teacher: {name: x}": '4: the key "Head Teacher". '
    f"Expected: a short name of lower-case letters, digits and hyphens. {ID_MEND}",
    "contacts:\n  dsl: {nam: x}": f'4: "nam" is not a key here. Expected: {ROLE_KEYS}. Did you mean "name"?',
    "contacts:\n  function-head: {nam: x}": f'4: "nam" is not a key here. Expected: {ROLE_KEYS}. Did you mean "name"?',
    "contacts:\n  dsl:\n    example: perhaps": '5: "example" is "perhaps". '
    "Expected: true where the holder is made up. Write true or false.",
    "contacts:\n  dsl:\n    away: [2026-10-05]": '5: "away" is "2026-10-05". '
    "Expected: first and last day of each absence, as YYYY-MM-DD/YYYY-MM-DD; the deputy stands in. "
    "Write the first and last day, such as 2026-09-02/2026-12-18.",
    "contacts:\n  dsl:\n    away: [2026-10-09/2026-10-05]": '5: "away" is "2026-10-09/2026-10-05". '
    "Expected: first and last day of each absence, as YYYY-MM-DD/YYYY-MM-DD; the deputy stands in. "
    "The last day lies before the first.",
    "contacts:\n  dsl:\n    left: 2026-10": '5: "left" is "2026-10". '
    "Expected: the day, YYYY-MM-DD, from which nobody holds the role; take it out with the next holder. "
    "Write the day, such as 2026-09-01.",
    "contacts:\n  dsl:\n    reach: [{kind: fone, value: 1}]": '5: "fone" is not known here. '
    'Expected: one of: phone, email, slack, teams, web, room. Did you mean "phone"?',
    "contacts:\n  dsl:\n    reach: [{kind: phone}]": '5: "value" is missing. '
    'Expected: the number, address, id or room. Add a line "value: ...".',
    "routes: {kid: {people: [dsl]}}": '3: "kid" is not known here. '
    'Expected: one of: child, staff, head, question. Did you mean "child"?',
    "routes:\n  child: {people: []}": '4: "people" is a list of 0. '
    "Expected: roles in the order in which they are told. Write at least 1.",
    "routes:\n  child: {people: [dsl], place: {irc: x}}": '4: "irc" is not known here. '
    "Expected: one of: slack, teams, web. Change it or take it out.",
    'hours: {days: [], from: "07:45", to: "17:30"}': '3: "days" is a list of 0. '
    "Expected: the days it is open. Write at least 1.",
    'hours: {days: [mon], from: 7:45, to: "17:30"}': '3: "from" is "7:45". '
    f'Expected: when it opens, "HH:MM". {TIME_MEND}',
    'hours: {days: [mon], from: "07:45", to: "24:00"}': '3: "to" is "24:00". '
    f'Expected: when it closes, "HH:MM". {TIME_MEND}',
    'hours: {days: [monday], from: "07:45", to: "17:30"}': '3: "monday" is not known here. '
    'Expected: one of: mon, tue, wed, thu, fri, sat, sun. Did you mean "mon"?',
    'hours: {days: [mon], from: "07:45", to: "17:30", terms: [2026-09-02]}': '3: "terms" is "2026-09-02". '
    "Expected: first and last day of each term. Write the first and last day, such as 2026-09-02/2026-12-18.",
    "admins: [{irc: x}]": '3: "irc" is not known here. Expected: one of: slack, teams, web. Change it or take it out.',
    "admins: [{slack: }]": '3: "slack" is empty. Expected: a single value. '
    "Write a single value, in double quotes if it holds a colon.",
    "asks: {slack: {user_groups: S0}}": f'3: "user_groups" is "S0". Expected: a list. {LIST_MEND}',
    "asks: {slack: {user_group: [S0]}}": '3: "user_group" is not known here. '
    'Expected: one of: user_groups, groups, roles, people. Did you mean "user_groups"?',
    "asks: {slack: [S0]}": f'3: "slack" is a list. Expected: lines of "key: value". {KEYS_MEND}',
    "belongs: [{slak_team: T0}]": '3: "slak_team" is not known here. '
    'Expected: one of: slack_team, slack_channel, teams_tenant, teams_team. Did you mean "slack_team"?',
    "concerns: {low-level: {urgent: perhaps}}": '3: "urgent" is "perhaps". '
    "Expected: true if someone must be told at any hour. Write true or false.",
    "locked: [Phones Off]": '3: "locked" is "Phones Off". '
    f"Expected: trust folder only: clause and role ids a school may not override. {ID_MEND}",
}

# Lines added to a clause of a policy, whose id stands on line 3, and the one fault they make on line 8.
CLAUSE_KEYS = "one of: id, section, says, act, stance, only_if, topics, applies_to, contacts, asked, locator"
CLAUSE_FAULTS = {
    "topic: [phones]": f'"topic" is not a key here. Expected: {CLAUSE_KEYS}. Did you mean "topics"?',
    "applies_to: [teachers]": '"teachers" is not known here. '
    "Expected: one of: staff, governor, volunteer, parent, pupil, visitor. Change it or take it out.",
    "asked:": '"asked" is empty. '
    f"Expected: questions as staff would type them; the more varied the better. {LIST_MEND}",
    "asked: [x]": '"asked" is "x". '
    "Expected: questions as staff would type them; the more varied the better. Write at least 2.",
    "locator: 14": f'"locator" is "14". Expected: where it stands in the attached document. {KEYS_MEND}',
    "locator: {passages: []}": '"passages" is a list of 0. '
    "Expected: one to three passage numbers next to each other. Write at least 1.",
    "locator: {passages: [1, 2, 3, 4]}": '"passages" is a list of 4. '
    "Expected: one to three passage numbers next to each other. Make it shorter: at most 3.",
    "locator: {passages: [one]}": '"passages" is "one". '
    "Expected: one to three passage numbers next to each other. Write a whole number.",
    "locator: {passages: [0]}": '"passages" is "0". '
    "Expected: one to three passage numbers next to each other. Input should be greater than or equal to 1.",
    "locator: {passages: [1], digest: 5B1C}": '"digest" is "5B1C". '
    "Expected: 12 hex digits, as `kb coverage` prints them. "
    "Write the 12 letters and digits that `signpost kb coverage` prints beside the passage.",
    f"only_if: {'very ' * 60}": f'"only_if" is "{"very " * 12}…". '
    'Expected: with stance may-if: the condition, after "Only if". Make it shorter: at most 200.',
}


def _faults(text: str, shape: Any, name: str = "hilltop/school.yaml") -> list[str]:
    file = yaml_of(text, name)
    assert validate(file, shape) is None
    return told(file.faults)


@pytest.mark.parametrize(("lines", "fault"), SCHOOL_FAULTS.items(), ids=SCHOOL_FAULTS)
def test_fault_of_a_school_file(lines: str, fault: str) -> None:
    """RS-64: each slip in school.yaml is one fault: line, what was found, what was expected, how to mend it."""
    assert _faults(SCHOOL + lines, SchoolFile) == [f"hilltop/school.yaml:{fault}"]


@pytest.mark.parametrize(("line", "fault"), CLAUSE_FAULTS.items(), ids=CLAUSE_FAULTS)
def test_fault_of_a_clause(line: str, fault: str) -> None:
    """RS-64: each slip in a clause is one fault that names the clause."""
    text = policy(clause("phones-off", line))
    assert _faults(text, PolicyFile, "a.yaml") == [f"a.yaml:8 (clause phones-off): {fault}"]


def test_unknown_stance_is_answered_with_the_known_ones() -> None:
    """A stance with a slip is told with all there are and the one that was meant."""
    assert _faults(policy(clause("phones-off", "stance: mustnot")), PolicyFile, "a.yaml") == [
        'a.yaml:7 (clause phones-off): "mustnot" is not known here. '
        'Expected: one of: must-not, must, should-not, should, may-if, may, info. Did you mean "must-not"?'
    ]


def test_missing_keys_are_told_at_the_thing_that_lacks_them() -> None:
    """RS-64: what is missing is told on the line of the clause or file that lacks it."""
    assert _faults(
        "title: Phones\n\nclauses:\n  - id: phones-off\n    says: x\n    act: x\n    stance: may\n", PolicyFile
    ) == [
        'hilltop/school.yaml:4 (clause phones-off): "section" is missing. '
        'Expected: the heading it stands under, with its number if it has one. Add a line "section: ...".'
    ]
    assert _faults("name: Hilltop\n", SchoolFile) == [
        'hilltop/school.yaml:1: "jurisdiction" is missing. Expected: whose law applies. Add a line "jurisdiction: ...".'
    ]


def test_all_faults_are_told_at_once() -> None:
    """RS-64: an admin mends a file in one go, not fault by fault."""
    text = policy(clause("phones-off", "topics: x"), clause("phones-on", "stance: maybe"), head=["issued: May 2026"])
    assert [fault.split(":")[1] for fault in _faults(text, PolicyFile)] == [
        "2",
        "9 (clause phones-off)",
        "14 (clause phones-on)",
    ]


@pytest.mark.parametrize("date", ["2026-13", "2026-00", "2026-09-32", "Sept 2026", "26-09", "2026/09", "2026-9"])
def test_odd_date_is_a_fault(date: str) -> None:
    """A date is YYYY-MM or YYYY-MM-DD and nothing else."""
    assert _faults(policy(head=[f"review_due: {date}"]), PolicyFile) == [
        f'hilltop/school.yaml:2: "review_due" is "{date}". '
        f"Expected: when it is due for review, YYYY-MM or YYYY-MM-DD. {DATE_MEND}"
    ]


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("[]", f': "the file" is a list. Expected: lines of "key: value". {KEYS_MEND}'),
        ("Hilltop", f': "the file" is "Hilltop". Expected: lines of "key: value". {KEYS_MEND}'),
    ],
)
def test_file_of_another_form_is_told(text: str, fault: str) -> None:
    """A file that is no mapping at all is told so in the words of people."""
    assert _faults(text, SchoolFile) == [f"hilltop/school.yaml:1{fault}"]


def test_question_set_that_is_no_list_is_told() -> None:
    """questions.yaml is a list of rows."""
    assert _faults("q: hello there\n", list[QuestionShape]) == [
        f'hilltop/school.yaml:1: "the file" is a mapping of keys. Expected: a list. {LIST_MEND}'
    ]


def test_rows_of_a_question_set_are_told_by_their_line() -> None:
    """A row with an unknown outcome and a row without a question are told where they stand."""
    assert _faults("- q: hello there\n  outcome: answered\n- {}\n", list[QuestionShape]) == [
        'hilltop/school.yaml:2: "answered" is not known here. '
        'Expected: one of: answer, clarify, concern, no_match, help. Did you mean "answer"?',
        'hilltop/school.yaml:3: "q" is missing. Expected: a question as staff would type it. Add a line "q: ...".',
    ]


def test_route_of_a_concern_is_told_without_our_own_names() -> None:
    """A category cannot go to the question route; the fault names those it can go to."""
    keys = "id: a, title: b, urgent: yes, clauses_shown: no, contacts: [dsl], advice: [x], source: s"
    text = f"concerns:\n  - {{{keys}, route: question}}\n"
    assert _faults(text, ConcernsFile) == [
        'hilltop/school.yaml:2: "question" is not known here. Expected: one of: child, staff, head. '
        "Change it or take it out."
    ]


def test_entry_without_a_description_is_told_in_plain_words() -> None:
    """Where no field of ours says what belongs there, the fault still says it plainly."""
    assert _faults("topics: [phones]\n", TopicsFile) == [
        f'hilltop/school.yaml:1: "topics" is "phones". Expected: lines of "key: value". {KEYS_MEND}'
    ]
    assert _faults("lexicon: phones\n", LexiconFile) == [
        f'hilltop/school.yaml:1: "lexicon" is "phones". Expected: a list. {LIST_MEND}'
    ]


def test_empty_file_is_told() -> None:
    """An empty file is a fault with a way to begin."""
    assert _faults("# later\n", SchoolFile) == [
        "hilltop/school.yaml: the file is empty. Expected: a filled-in file. "
        "Start from the file that `signpost kb new` makes."
    ]


def test_unreadable_file_is_not_told_twice() -> None:
    """A file with faults of reading keeps those and is not checked for shape."""
    file = yaml_of("name: a\nname: b\n")
    assert validate(file, SchoolFile) is None
    assert len(file.faults) == 1


def test_clause_without_a_usable_id_is_told_by_its_line() -> None:
    """A fault in a clause names it only where its id is a word."""
    texts = ["- {}", "- id: [a]", "- word"]
    for text in texts:
        assert all(" (clause" not in fault for fault in _faults(f"title: x\nclauses:\n  {text}\n", PolicyFile))
    assert all(" (clause" not in fault for fault in _faults("title: x\nclauses: {a: b}\n", PolicyFile))


@pytest.mark.parametrize("typed", ["true", "false", "yes", "no", "on", "off"])
def test_switch_is_read_from_its_word(typed: str) -> None:
    """RS-63: a switch may be written in any of YAML's words; everywhere else the same words stay text."""
    shape = validate(yaml_of(f"{SCHOOL}contacts: {{dsl: {{name: {typed}, example: {typed}}}}}\n"), SchoolFile)
    assert shape
    assert (shape.contacts["dsl"].name, shape.contacts["dsl"].example) == (typed, typed in {"true", "yes", "on"})


@pytest.mark.parametrize("typed", ["no", "3.10", "012", "1:30", "2026-01-01"])
def test_section_prints_as_it_was_typed(typed: str) -> None:
    """RS-63: section "3.10" is never 3.1, version "012" never 10, a title "no" never false."""
    text = (
        f"title: {typed}\nversion: {typed}\nclauses:\n  - {{id: a, section: {typed}, says: x, act: x, stance: may}}\n"
    )
    shape = validate(yaml_of(text), PolicyFile)
    assert shape
    assert {shape.title, shape.version, shape.clauses[0].section} == {typed}


def test_sound_file_is_returned_in_its_shape() -> None:
    """A file without faults comes back as values."""
    shape = validate(yaml_of("- {q: may i, finds: [a]}\n"), list[QuestionShape])
    assert shape == [QuestionShape(q="may i", finds=["a"], outcome="answer", known_failure=None)]


def test_very_many_faults_are_told_in_good_time() -> None:
    """RS-61: a file of nothing but faults takes seconds at most."""
    text = "title: T\nclauses: [" + "{x: y}," * 10_000 + "]"
    file = yaml_of(text)
    assert seconds(lambda: validate(file, PolicyFile)) < 20
    assert len(file.faults) == 60_000


NAMES = st.sampled_from(
    ["name", "contacts", "clauses", "id", "locator", "passages", "q", "x", "nullable", "list[", "[key]"]
)
ANYTHING: st.SearchStrategy[Value] = st.recursive(
    st.none() | st.sampled_from(["", "x", "dsl", "1", "must", "true", "2026-01"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(NAMES, inner, max_size=4),
    max_leaves=15,
)


def test_key_that_the_library_uses_itself_is_told_like_any_other() -> None:
    """A key with a name that pydantic puts into its own locations is one more unknown key."""
    for key in ("nullable", "function-lead", "list[", "[key]"):
        assert _faults(f'{SCHOOL}"{key}": x\n', SchoolFile)[0].startswith(
            f'hilltop/school.yaml:3: "{key}" is not a key'
        )


@given(ANYTHING, st.sampled_from([SchoolFile, PolicyFile, TopicsFile, ConcernsFile, list[QuestionShape]]))
def test_any_value_gives_a_shape_or_faults(value: Value, shape: Any) -> None:
    """RS-64: whatever stands in a file, checking it never raises: it is sound, or every fault has words."""
    file = yaml_of(json.dumps(value), "a.yaml")
    assert (validate(file, shape) is None) == bool(file.faults)
    assert all(fault.found and fault.expected and fault.mend for fault in file.faults)
    assert all(fault.line == 1 for fault in file.faults if value is not None)
