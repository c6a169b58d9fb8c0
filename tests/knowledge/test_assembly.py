"""Building a school from its checked pack, and from what it inherits in a trust."""

from pathlib import Path

import pytest

from knowledge.assembly import assemble
from knowledge.faults import Severity
from knowledge.locators import digest_at
from knowledge.model import (
    ConcernChange,
    Contact,
    Hours,
    Locator,
    Party,
    Reach,
    Route,
    RouteName,
    School,
    Stance,
    Tension,
)
from tests.knowledge.builders import DOCUMENT, SCHOOL, clause, document, pack_of, policy, told

REGISTER = """\
aliases: [Hilltop Primary, HPS]
contacts:
  dsl:
    name: Mr B. Dale
    example: true
    reach: [{kind: phone, value: 01632 960002}, {kind: room, value: "4"}]
    deputy: deputy-dsl
    synonyms: [safeguarding lead]
    away: [2026-10-05/2026-10-09, 2026-12-01/2026-12-01]
    left: 2027-01-05
  pool-lead: {title: Keeper of the pool}
routes:
  child: {people: [dsl, headteacher], place: {slack: C0SAFE}}
  staff: {people: [headteacher]}
hours: {days: [mon, fri], from: "07:45", to: "17:30", terms: [2026-09-02/2026-12-18]}
admins: [{slack: U0ADMIN}]
asks: {slack: {user_groups: [S0STAFF]}}
belongs: [{slack_team: T0HILL}, {teams_tenant: x}]
concerns: {pupil-cyberbullying: {urgent: true}}
"""
KEY = digest_at(document(DOCUMENT), [6])
OFF = digest_at(document(DOCUMENT), [3])

# A trust with one shared policy and two contacts.
SHARED = policy(
    clause("shared-off"),
    clause("shared-key", f"locator: {{passages: [6], digest: {KEY}}}"),
    head=['version: "1"'],
    tail=["tensions:", "  - {between: [shared-off, shared-key], says: They differ., ask: dsl}"],
)
TRUST_REGISTER = "contacts: {dsl: {name: Ms T. Trust}, dpo: {name: Mr D. Data}}\n"


def _school(folder: Path, files: dict[str, str], school: str = SCHOOL) -> School:
    return assemble(pack_of(folder / "hilltop", files, school), None)[0]


def _clause(*lines: str, document_text: str = DOCUMENT) -> dict[str, str]:
    return {"policies/phones.yaml": policy(clause("phones-off", *lines)), "policies/phones.txt": document_text}


def _warnings(folder: Path, files: dict[str, str]) -> list[str]:
    faults = assemble(pack_of(folder / "hilltop", files), None)[1]
    assert {fault.severity for fault in faults} <= {Severity.WARNING}
    return told(faults)


def test_register_and_settings_of_a_school(tmp_path: Path) -> None:
    """Everything school.yaml says stands in the school."""
    school = _school(tmp_path, {}, SCHOOL + REGISTER)
    assert (school.id, school.name, school.aliases) == ("hilltop", "Hilltop School", ("Hilltop Primary", "HPS"))
    assert school.routes == {
        RouteName.CHILD: Route(("dsl", "headteacher"), {"slack": "C0SAFE"}),
        RouteName.STAFF: Route(("headteacher",), None),
    }
    assert school.hours == Hours(("mon", "fri"), "07:45", "17:30", (("2026-09-02", "2026-12-18"),))
    assert (school.admins, school.asks) == (({"slack": "U0ADMIN"},), {"slack": {"user_groups": ("S0STAFF",)}})
    assert school.belongs == ({"slack_team": "T0HILL"}, {"teams_tenant": "x"})
    assert school.concerns == {"pupil-cyberbullying": ConcernChange(urgent=True)}


def test_contacts_are_those_of_the_register_and_the_standard_roles(tmp_path: Path) -> None:
    """A registered role has its holder; a standard one that is not registered has none; an own title counts."""
    school = _school(tmp_path, {}, SCHOOL + REGISTER)
    assert school.contact("dsl") == Contact(
        "dsl",
        "Designated Safeguarding Lead (DSL)",
        "Mr B. Dale",
        (Reach("phone", "01632 960002"), Reach("room", "4")),
        "deputy-dsl",
        ("safeguarding lead",),
        example=True,
        away=(("2026-10-05", "2026-10-09"), ("2026-12-01", "2026-12-01")),
        left="2027-01-05",
    )
    assert school.contact("headteacher") == Contact("headteacher", "Headteacher")
    assert school.contact("pool-lead").title == "Keeper of the pool"


def test_titles_are_those_of_the_jurisdiction(tmp_path: Path) -> None:
    """In Northern Ireland the DSL is the Designated Teacher, registered or not."""
    school = _school(tmp_path, {}, "name: X\njurisdiction: northern-ireland\ncontacts: {dsl: {name: Ms N. Glen}}\n")
    assert (school.contact("dsl").title, school.contact("deputy-dsl").title) == (
        "Designated Teacher",
        "Deputy Designated Teacher",
    )


def test_bare_school_has_neither_hours_nor_routes(tmp_path: Path) -> None:
    """What a school does not say is left open, never invented."""
    school = _school(tmp_path, {})
    assert (school.hours, dict(school.routes), school.policies, school.questions) == (None, {}, (), ())


def test_clause_has_everything_its_file_says(tmp_path: Path) -> None:
    """The fields of a clause, its locator and its quote stand in the model."""
    lines = ["topics: [phones]", "contacts: [dsl]", 'asked: ["may i?"]', "applies_to: [pupil]"]
    school = _school(tmp_path, _clause(*lines, f"locator: {{passages: [6], digest: {KEY}}}"))
    found = school.clause("phones-off")
    assert (found.section, found.says, found.act) == ("Phones", "Phones stay off in lessons.", "using a phone")
    assert (found.stance, found.topics, found.contacts) == (Stance.MUST_NOT, ("phones",), ("dsl",))
    assert (found.asked, found.applies_to, found.only_if) == (("may i?",), (Party.PUPIL,), None)
    assert (found.locator, found.quote) == (Locator((6,), KEY), "Ask the office for a key.")


def test_clause_applies_to_whom_the_policy_applies(tmp_path: Path) -> None:
    """A clause that does not say whom it binds binds everyone the policy does, staff where that is silent too."""
    files = {
        "policies/a.yaml": policy(clause("a"), head=["applies_to: [staff, parent]"]),
        "policies/b.yaml": policy(clause("b")),
    }
    school = _school(tmp_path, files)
    assert (school.clause("a").applies_to, school.clause("b").applies_to) == (
        (Party.STAFF, Party.PARENT),
        (Party.STAFF,),
    )


def test_quote_brings_the_stem(tmp_path: Path) -> None:
    """A clause that stands in a bullet is quoted with the stem that forbids it."""
    school = _school(tmp_path, _clause(f"locator: {{passages: [3], digest: {OFF}}}"))
    assert school.clause("phones-off").quote == "Staff must not:\nuse a phone in a lesson;"


def test_every_policy_ends_in_its_about_clause(tmp_path: Path) -> None:
    """The reserved clause comes last and speaks of the header fields."""
    school = _school(tmp_path, {"policies/phones.yaml": policy(clause(), head=['version: "2.10"'])})
    assert [found.id for found in school.policies[0].clauses] == ["phones-off", "phones-about"]
    assert 'This is the "Phones policy", version 2.10.' in school.clause("phones-about").says


def test_tensions_and_questions_stand_in_the_school(tmp_path: Path) -> None:
    """Tensions belong to their policy, questions to the school, with the line an admin finds them on."""
    tail = ["tensions:", "  - {between: [a, b], says: They differ., ask: dsl}"]
    files = {
        "policies/phones.yaml": policy(clause("a"), clause("b"), tail=tail),
        "questions.yaml": "# ours\n- {q: may i, finds: [a], outcome: clarify, known_failure: later}\n",
    }
    school = _school(tmp_path, files)
    assert school.policies[0].tensions == (Tension(("a", "b"), "They differ.", "dsl"),)
    (question,) = school.questions
    assert (question.q, question.finds, question.outcome, question.known_failure) == (
        "may i",
        ("a",),
        "clarify",
        "later",
    )


def test_policy_without_a_document_is_a_warning(tmp_path: Path) -> None:
    """Without its document a policy is served in plain words, and the admin is told."""
    assert _warnings(tmp_path, {"policies/phones.yaml": policy(clause())}) == [
        "hilltop/policies/phones.yaml: no document is attached, so answers show plain words and no quote. "
        "Expected: the policy's own document. Attach it with `signpost kb attach`."
    ]


def test_clause_without_a_locator_is_a_warning(tmp_path: Path) -> None:
    """A clause that says nothing of where it stands cannot be quoted."""
    assert _warnings(tmp_path, _clause()) == [
        "hilltop/policies/phones.yaml:3 (clause phones-off): the clause has no locator, so it is shown in plain words. "
        "Expected: a locator. Run `signpost kb coverage`."
    ]


def test_locator_without_a_digest_is_a_warning_with_the_digest(tmp_path: Path) -> None:
    """Numbers alone would quote something else after the next edit: the admin is told the digest to add."""
    files = _clause("locator: {passages: [6]}")
    assert _warnings(tmp_path, files) == [
        "hilltop/policies/phones.yaml:8 (clause phones-off): the locator has no digest. Expected: 12 hex digits. "
        f'Write "digest: {KEY}" into it.'
    ]
    assert _school(tmp_path / "again", files).clause("phones-off").quote == "Ask the office for a key."


def test_wording_that_is_gone_is_a_warning_with_the_nearest(tmp_path: Path) -> None:
    """A clause whose wording was changed in the document is not quoted, and the admin is shown what is nearest."""
    files = _clause(f"locator: {{passages: [3], digest: {OFF}}}", document_text=DOCUMENT.replace("lesson;", "class;"))
    assert _warnings(tmp_path, files) == [
        "hilltop/policies/phones.yaml:8 (clause phones-off): its wording is not in the document any more. "
        "Expected: the wording it was written for. "
        'Read it. The nearest passage is number 5: "Phones stay in the locker all day.".'
    ]
    assert _school(tmp_path / "again", files).clause("phones-off").quote is None


def test_numbers_behind_the_end_are_told_without_a_digest_to_add(tmp_path: Path) -> None:
    """A locator without a digest that points behind the end is gone, and nobody is told to write "None"."""
    (warning,) = _warnings(tmp_path, _clause("locator: {passages: [40]}"))
    assert "its wording is not in the document any more" in warning


def test_document_of_headings_has_no_nearest(tmp_path: Path) -> None:
    """Where the document holds no rules at all, no nearest passage is named."""
    (warning,) = _warnings(tmp_path, _clause("locator: {passages: [40]}", document_text="Phones\n\nCameras\n"))
    assert warning.endswith("Expected: the wording it was written for. Read it.")


def test_pack_with_a_broken_school_file_is_never_assembled(tmp_path: Path) -> None:
    """Building starts from a pack without errors; anything else is a fault of ours."""
    with pytest.raises(ValueError, match="a pack with errors cannot be assembled"):
        assemble(pack_of(tmp_path / "hilltop", {}, school="[]"), None)


def test_version_names_the_state_of_the_files(tmp_path: Path) -> None:
    """The version is that of the files; in a trust it changes with either side."""
    alone = pack_of(tmp_path / "hilltop", {})
    trust = pack_of(tmp_path / "trust", {}, SCHOOL + "# shared\n")
    assert assemble(alone, None)[0].version == alone.version
    assert assemble(alone, trust)[0].version == f"{alone.version[:6]}{trust.version[:6]}"


def _in_trust(
    folder: Path, files: dict[str, str], own: str = "", locked: str = "", school: str = SCHOOL
) -> tuple[School, list[str]]:
    shared = {"policies/shared.yaml": SHARED, "policies/shared.txt": DOCUMENT}
    trust = pack_of(folder / "trust", shared, f"{SCHOOL}{TRUST_REGISTER}{locked}")
    made, faults = assemble(pack_of(folder / "hilltop", files, school + own), trust)
    return made, told(fault for fault in faults if fault.severity is Severity.ERROR)


def test_shared_policy_is_inherited(tmp_path: Path) -> None:
    """A school with no policy of its own has the trust's, quotes, tensions and about-clause included."""
    school, faults = _in_trust(tmp_path, {})
    assert [found.id for found in school.policies[0].clauses] == ["shared-off", "shared-key", "shared-about"]
    assert school.clause("shared-key").quote == "Ask the office for a key."
    assert (len(school.policies[0].tensions), faults) == (1, [])


def test_own_policies_stand_beside_the_shared_ones(tmp_path: Path) -> None:
    """A school's own policy adds to what it inherits."""
    school, _ = _in_trust(tmp_path, {"policies/phones.yaml": policy(clause())})
    assert [found.id for found in school.policies] == ["shared", "phones"]


def test_clause_is_overridden_locally(tmp_path: Path) -> None:
    """A clause of the same id in the policy of the same id takes the place of the trust's; others stay."""
    files = {"policies/shared.yaml": policy(clause("shared-off", "stance: may"), clause("own"), head=['version: "2"'])}
    school, faults = _in_trust(tmp_path, files)
    assert [found.id for found in school.policies[0].clauses] == ["shared-off", "shared-key", "own", "shared-about"]
    assert (school.clause("shared-off").stance, school.policies[0].version, faults) == (Stance.MAY, "2", [])


def test_override_without_a_document_is_quoted_from_the_shared_one(tmp_path: Path) -> None:
    """A school that overrides a clause and attaches nothing still quotes the trust's document."""
    files = {"policies/shared.yaml": policy(clause("own", f"locator: {{passages: [3], digest: {OFF}}}"))}
    school, _ = _in_trust(tmp_path, files)
    assert school.clause("own").quote == "Staff must not:\nuse a phone in a lesson;"
    assert school.policies[0].document == document(DOCUMENT, "policies/shared.txt")


def test_own_document_serves_the_schools_own_clauses(tmp_path: Path) -> None:
    """Each clause is quoted from the document of whoever wrote it."""
    files = {
        "policies/shared.yaml": policy(clause("own", "locator: {passages: [1]}")),
        "policies/shared.txt": "Watches stay off in every lesson.",
    }
    school, _ = _in_trust(tmp_path, files)
    assert school.clause("own").quote == "Watches stay off in every lesson."
    assert school.clause("shared-key").quote == "Ask the office for a key."


def test_tensions_of_both_hold(tmp_path: Path) -> None:
    """A school's tensions join the trust's."""
    tail = ["tensions:", "  - {between: [shared-off, own], says: Ours., ask: dsl}"]
    school, _ = _in_trust(tmp_path, {"policies/shared.yaml": policy(clause("own"), tail=tail)})
    assert [tension.says for tension in school.policies[0].tensions] == ["They differ.", "Ours."]


def test_contacts_are_inherited_and_overridden(tmp_path: Path) -> None:
    """The trust's holders serve until a school names its own."""
    school, faults = _in_trust(tmp_path, {}, own="contacts: {dsl: {name: Mr B. Dale}}\n")
    assert (school.contact("dsl").name, school.contact("dpo").name, faults) == ("Mr B. Dale", "Mr D. Data", [])


def test_inherited_contact_has_the_title_of_the_school(tmp_path: Path) -> None:
    """A role is called what the school's own jurisdiction calls it."""
    school, _ = _in_trust(tmp_path, {}, school="name: X\njurisdiction: wales\n")
    assert (school.contact("dsl").title, school.contact("dsl").name) == (
        "Designated Safeguarding Person (DSP)",
        "Ms T. Trust",
    )


def test_locked_clause_cannot_be_overridden(tmp_path: Path) -> None:
    """An override of what the trust has locked is refused with its line."""
    files = {"policies/shared.yaml": policy(clause("own"), clause("shared-off"))}
    assert _in_trust(tmp_path, files, locked="locked: [shared-off]\n")[1] == [
        'hilltop/policies/shared.yaml:8: the clause "shared-off" is locked by the trust. '
        "Expected: a clause of the school's own. Take it out here, or ask the trust to unlock it."
    ]


def test_locked_role_cannot_be_overridden(tmp_path: Path) -> None:
    """A role the trust has locked keeps the trust's holder."""
    own = "contacts:\n  headteacher: {name: Mrs A. Hill}\n  dsl: {name: Mr B. Dale}\n"
    assert _in_trust(tmp_path, {}, own=own, locked="locked: [dsl]\n")[1] == [
        'hilltop/school.yaml:5: the role "dsl" is locked by the trust. '
        "Expected: a role of the school's own. Take it out here."
    ]


def test_schools_of_a_trust_are_told_apart(tmp_path: Path) -> None:
    """What one school overrides does not reach another."""
    _in_trust(tmp_path, {"policies/shared.yaml": policy(clause("shared-off", "stance: may"))})
    other, _ = _in_trust(tmp_path / "other", {})
    assert other.clause("shared-off").stance is Stance.MUST_NOT


def test_tension_with_a_locked_clause_is_refused(tmp_path: Path) -> None:
    """No school softens to "Ask first" what the trust has locked."""
    tail = ["tensions:", "  - {between: [own, shared-off], says: Ours., ask: dsl}"]
    files = {"policies/shared.yaml": policy(clause("own"), tail=tail)}
    assert _in_trust(tmp_path, files, locked="locked: [shared-off]\n")[1] == [
        'hilltop/policies/shared.yaml:9: a tension with the clause "shared-off", which is locked by the trust. '
        "Expected: clauses of the school's own. Take it out here."
    ]


def test_policy_that_holds_a_locked_clause_keeps_the_trusts_header(tmp_path: Path) -> None:
    """Title and version stay the trust's, though the school overrides a clause that is not locked."""
    own = policy(clause("shared-key", "stance: may"), head=['version: "2"']).replace("Phones policy", "Ours")
    school, faults = _in_trust(tmp_path, {"policies/shared.yaml": own}, locked="locked: [shared-off]\n")
    assert (school.policies[0].title, school.policies[0].version, faults) == ("Phones policy", "1", [])
    assert school.clause("shared-key").stance is Stance.MAY


def test_warnings_of_the_trust_are_told_for_every_school(tmp_path: Path) -> None:
    """Schools that share a policy of the trust share what is to be mended in it."""
    trust = pack_of(tmp_path / "trust", {"policies/shared.yaml": SHARED, "policies/shared.txt": DOCUMENT})
    first, second = (told(assemble(pack_of(tmp_path / name, {}), trust)[1]) for name in ("hilltop", "valley"))
    assert len(first) == 1
    assert "trust/policies/shared.yaml:4 (clause shared-off): the clause has no locator" in first[0]
    assert second == first
