"""What hangs together across the files of a pack."""

from pathlib import Path

import pytest

from knowledge.faults import Fault, Severity, errors_of
from knowledge.references import reference_faults
from tests.knowledge.builders import SCHOOL, TOPICS, clause, pack_of, policy, told

HEAD = "contacts: {headteacher: {name: Mrs A. Hill}, pool-lead: {name: Mr P. Dale}}\n"
PHONES = "hilltop/policies/phones.yaml"
TENSION = "  - {{between: [{}], says: x, ask: dsl}}"


def _faults(
    folder: Path, files: dict[str, str], school: str = SCHOOL, trust: dict[str, str] | None = None
) -> list[Fault]:
    shared = pack_of(folder / "trust", trust, SCHOOL + HEAD) if trust is not None else None
    pack = pack_of(folder / "hilltop", files, school)
    assert pack.faults == []
    return reference_faults(pack, TOPICS, shared)


def _of_policy(folder: Path, text: str, school: str = SCHOOL) -> list[str]:
    return told(_faults(folder, {"policies/phones.yaml": text}, school))


def test_sound_references_make_no_faults(tmp_path: Path) -> None:
    """Known topics, roles, clauses and conditions are no faults."""
    tensions = ["tensions:", "  - {between: [phones-off, b], says: x, ask: pool-lead}"]
    files = {
        "policies/phones.yaml": policy(
            clause("phones-off", "topics: [phones]", "contacts: [dsl, pool-lead]", "locator: {passages: [4, 5, 6]}"),
            clause("b", "stance: may-if", "only_if: the head agrees"),
            tail=tensions,
        ),
        "questions.yaml": "- {q: may i, finds: [phones-off, phones-about]}\n",
    }
    routes = "routes: {child: {people: [dsl, pool-lead]}}\n"
    assert _faults(tmp_path, files, SCHOOL + HEAD.replace("Dale}", "Dale, deputy: headteacher}") + routes) == []


def test_id_used_twice_is_told_with_both_places(tmp_path: Path) -> None:
    """RS-62: two clauses of a school never have one id, not even in two policies."""
    files = {"policies/a.yaml": policy(clause()), "policies/phones.yaml": policy(clause("b"), clause())}
    assert told(_faults(tmp_path, files)) == [
        f'{PHONES}:8 (clause phones-off): the id "phones-off" is used twice. Expected: ids unique in the school. '
        "See hilltop/policies/a.yaml:3."
    ]


def test_reserved_id_is_told(tmp_path: Path) -> None:
    """The id <policy>-about is Signpost's own; another clause may end in -about."""
    assert _of_policy(tmp_path, policy(clause("phones-about"), clause("pupils-about"))) == [
        f"{PHONES}:3 (clause phones-about): an id that Signpost keeps for questions about the policy itself. "
        "Expected: another id. Rename it."
    ]


def test_unknown_topic_is_told_with_the_nearest(tmp_path: Path) -> None:
    """A topic is one of the catalogue; a slip is answered with the one that was meant."""
    assert _of_policy(
        tmp_path, policy(clause("a", "topics: [phones, freind-pupil]"), clause("b", "topics: [xyz]"))
    ) == [
        f'{PHONES}:8 (clause a): the topic "freind-pupil" is not in the catalogue. '
        'Expected: a topic of the catalogue, as it was when Signpost started. Did you mean "friend-pupil"?',
        f'{PHONES}:14 (clause b): the topic "xyz" is not in the catalogue. '
        "Expected: a topic of the catalogue, as it was when Signpost started. Add it there, or take it out here.",
    ]


def test_unknown_role_of_a_clause_is_told(tmp_path: Path) -> None:
    """A clause names roles of the register."""
    assert _of_policy(tmp_path, policy(clause("a", "contacts: [dls]"))) == [
        f'{PHONES}:8 (clause a): the role "dls" is not in the register. '
        'Expected: a role under contacts in school.yaml. Did you mean "dsl"?'
    ]


def test_unknown_role_of_a_tension_is_told(tmp_path: Path) -> None:
    """The role to ask about a tension is one of the register."""
    tail = ["tensions:", "  - {between: [a, b], says: x, ask: qqq}"]
    assert _of_policy(tmp_path, policy(clause("a"), clause("b"), tail=tail)) == [
        f'{PHONES}:14: the role "qqq" is not in the register. '
        "Expected: a role under contacts in school.yaml. Add it there, or take it out here."
    ]


@pytest.mark.parametrize(
    ("lines", "line"),
    [
        ("contacts:\n  dsl:\n    deputy: deputy-dls\n", 5),
        ("routes:\n  child:\n    people: [dsl, deputy-dls]\n", 5),
    ],
)
def test_unknown_role_of_the_school_is_told(tmp_path: Path, lines: str, line: int) -> None:
    """A deputy and the people of a route are roles of the register."""
    assert told(_faults(tmp_path, {}, SCHOOL + lines)) == [
        f'hilltop/school.yaml:{line}: the role "deputy-dls" is not in the register. '
        'Expected: a role under contacts in school.yaml. Did you mean "deputy-dsl"?'
    ]


def test_condition_belongs_to_may_if_alone(tmp_path: Path) -> None:
    """may-if without its condition, and a condition with another stance, are faults."""
    text = policy(clause("a", "stance: may-if"), clause("b", "only_if: the head agrees"))
    assert _of_policy(tmp_path, text) == [
        f"{PHONES}:7 (clause a): stance may-if without only_if. Expected: the condition. "
        'Add a line "only_if: the headteacher agrees".',
        f"{PHONES}:13 (clause b): only_if with stance must-not. Expected: only_if with may-if alone. Take only_if out.",
    ]


@pytest.mark.parametrize("numbers", ["[1, 3]", "[2, 1]", "[1, 1]", "[5, 6, 8]"])
def test_passages_of_a_clause_stand_next_to_each_other(tmp_path: Path, numbers: str) -> None:
    """A quote is one run of passages; anything else is two clauses."""
    assert _of_policy(tmp_path, policy(clause("a", f"locator: {{passages: {numbers}}}"))) == [
        f"{PHONES}:8 (clause a): passages {numbers}. Expected: numbers next to each other, rising. Make it two clauses."
    ]


def test_unknown_clause_of_a_tension_is_told(tmp_path: Path) -> None:
    """The clauses of a tension exist."""
    tail = ["tensions:", "  - between: [phones-off, phones-offf]", "    says: x", "    ask: dsl"]
    assert _of_policy(tmp_path, policy(clause(), tail=tail)) == [
        f'{PHONES}:9: no clause has the id "phones-offf". Expected: the id of a clause. Did you mean "phones-off"?'
    ]


def test_unknown_clause_of_a_question_is_told(tmp_path: Path) -> None:
    """The clauses a question must find exist."""
    files = {"policies/phones.yaml": policy(clause()), "questions.yaml": "- q: may i\n  finds: [phones-off, xyz]\n"}
    assert told(_faults(tmp_path, files)) == [
        'hilltop/questions.yaml:2: no clause has the id "xyz". Expected: the id of a clause. '
        "Add it there, or take it out here."
    ]


def test_question_asked_of_two_clauses_is_a_warning(tmp_path: Path) -> None:
    """One question for two clauses can be won by neither: told, but served. Case and spaces do not count."""
    text = policy(clause("a", 'asked: ["May I?", "may  i?"]'), clause("b", 'asked: ["Can I?", "MAY I?"]'))
    faults = _faults(tmp_path, {"policies/phones.yaml": text})
    assert told(faults) == [
        f'{PHONES}:14 (clause b): "MAY I?" is asked of the clause a too. Expected: a question for one clause. '
        "Keep it where it fits best."
    ]
    assert faults[0].severity is Severity.WARNING
    assert errors_of(faults) == []


def test_pack_without_a_school_is_checked_as_far_as_it_goes(tmp_path: Path) -> None:
    """A broken school.yaml does not hide the faults of the policies."""
    pack = pack_of(tmp_path / "hilltop", {"policies/phones.yaml": policy(clause("a", "contacts: [dls]"))}, school="[]")
    assert len(reference_faults(pack, TOPICS, None)) == 1


def test_broken_question_set_is_not_told_twice(tmp_path: Path) -> None:
    """A question set that could not be read has no references."""
    pack = pack_of(tmp_path / "hilltop", {"questions.yaml": "- {}\n"})
    assert reference_faults(pack, TOPICS, None) == []


def test_one_slip_in_a_policy_is_one_fault(tmp_path: Path) -> None:
    """What names the clauses of a policy that was not taken is sound: only the slip itself is told."""
    files = {
        "policies/phones.yaml": policy(
            clause("phones-off", "stance: must-nto"), clause("b"), tail=["tensions:", TENSION.format("phones-off, b")]
        ),
        "policies/other.yaml": policy(clause("c"), tail=["tensions:", TENSION.format("phones-off, c")]),
        "questions.yaml": "- {q: may i, finds: [phones-off, b, phones-about]}\n",
    }
    pack = pack_of(tmp_path / "hilltop", files, f"{SCHOOL}locked: [phones-off]\n")
    assert [fault.found for fault in pack.faults] == ['"must-nto" is not known here']
    assert reference_faults(pack, TOPICS, None) == []


def test_slips_elsewhere_are_told_beside_a_policy_that_was_not_taken(tmp_path: Path) -> None:
    """A clause that stands nowhere is still told, with the nearest of all that stand somewhere."""
    files = {
        "policies/phones.yaml": policy(clause("phones-off", "stance: must-nto")),
        "questions.yaml": "- {q: may i, finds: [phones-of]}\n",
    }
    assert told(reference_faults(pack_of(tmp_path / "hilltop", files), TOPICS, None)) == [
        'hilltop/questions.yaml:1: no clause has the id "phones-of". Expected: the id of a clause. '
        'Did you mean "phones-off"?'
    ]


def test_nothing_is_said_of_clauses_while_a_policy_cannot_be_read(tmp_path: Path) -> None:
    """Any clause may stand in a file that is no YAML, in the school's or in the trust's."""
    broken = {"policies/phones.yaml": "clauses: [", "questions.yaml": "- {q: may i, finds: [phones-off]}\n"}
    pack = pack_of(tmp_path / "hilltop", broken, f"{SCHOOL}locked: [phones-off]\n")
    assert len(pack.faults) == 1
    assert reference_faults(pack, TOPICS, None) == []
    trust = pack_of(tmp_path / "trust", {"policies/phones.yaml": "clauses: ["}, SCHOOL)
    school = pack_of(tmp_path / "other", {"questions.yaml": broken["questions.yaml"]})
    assert reference_faults(school, TOPICS, trust) == []


@pytest.mark.parametrize("text", ["- a\n", "clauses: {a: b}\n", "clauses: [a, {id: [b]}, {}]\n"])
def test_a_policy_of_another_shape_holds_no_clauses(tmp_path: Path, text: str) -> None:
    """Whatever stands in it, what names a clause is checked against what there is."""
    files = {"policies/phones.yaml": text, "questions.yaml": "- {q: may i, finds: [phones-off]}\n"}
    assert len(reference_faults(pack_of(tmp_path / "hilltop", files), TOPICS, None)) == 1


def test_a_slip_in_the_schools_file_does_not_hide_its_roles(tmp_path: Path) -> None:
    """A role that the file has is known, though something else in the file is wrong."""
    files = {"policies/phones.yaml": policy(clause("a", "contacts: [pool-lead]"))}
    pack = pack_of(tmp_path / "hilltop", files, SCHOOL.replace("england", "engalnd") + HEAD)
    assert len(pack.faults) == 1
    assert reference_faults(pack, TOPICS, None) == []


def test_school_may_name_what_it_inherits(tmp_path: Path) -> None:
    """In a trust, a school's files may name the trust's clauses, roles and about-clauses."""
    files = {
        "policies/phones.yaml": policy(
            clause("b", "contacts: [pool-lead]"),
            tail=["tensions:", "  - {between: [shared-off, b], says: x, ask: pool-lead}"],
        ),
        "questions.yaml": "- {q: may i, finds: [shared-off, shared-about]}\n",
    }
    school = f"{SCHOOL}contacts: {{dsl: {{deputy: pool-lead}}}}\nroutes: {{child: {{people: [pool-lead]}}}}\n"
    assert _faults(tmp_path, files, school, {"policies/shared.yaml": policy(clause("shared-off"))}) == []
    assert len(_faults(tmp_path / "alone", files, school)) == 7


def test_school_may_override_a_clause_only_in_its_own_policy(tmp_path: Path) -> None:
    """An override stands in the policy of the same id; in another policy the school would have one id twice."""
    trust = {"policies/shared.yaml": policy(clause("shared-off"))}
    assert _faults(tmp_path, {"policies/shared.yaml": policy(clause("shared-off"))}, trust=trust) == []
    other = _faults(tmp_path / "other", {"policies/phones.yaml": policy(clause("shared-off"))}, trust=trust)
    assert told(other) == [
        f'{PHONES}:3 (clause shared-off): the id "shared-off" stands in the trust\'s policy "shared". '
        "Expected: ids unique in the school. Override it in policies/shared.yaml, or rename it."
    ]


def test_reserved_id_of_a_shared_policy_is_told(tmp_path: Path) -> None:
    """The about-clause of an inherited policy is Signpost's own as well."""
    faults = _faults(
        tmp_path, {"policies/phones.yaml": policy(clause("shared-about"))}, trust={"policies/shared.yaml": policy()}
    )
    assert [fault.found for fault in faults] == ["an id that Signpost keeps for questions about the policy itself"]


def test_lock_with_a_slip_in_its_name_is_told(tmp_path: Path) -> None:
    """A lock that names nothing would lock nothing: it is a fault, with the name that was meant."""
    trust = pack_of(
        tmp_path / "trust",
        {"policies/shared.yaml": policy(clause())},
        f"{SCHOOL}{HEAD}locked: [phones-of, headteacher]\n",
    )
    assert told(reference_faults(trust, TOPICS, None)) == [
        'trust/school.yaml:4: nothing has the id "phones-of". Expected: the id of a clause or role to lock. '
        'Did you mean "phones-off"?'
    ]
