"""Loading the packs of a knowledge folder: each school for itself (RS-62, RS-66, RS-67)."""

from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path

import pytest

from knowledge.faults import errors_of
from knowledge.loader import SHIPPED, KnowledgeFolder, load_catalogue, load_one, load_school, load_schools, read_trust
from tests.knowledge.builders import DOCUMENT, SCHOOL, TOPICS, clause, load, policy, told, word, write

GOOD = {"school.yaml": SCHOOL, "policies/phones.yaml": policy(clause()), "policies/phones.txt": DOCUMENT}

# Files that break one school each, by what is wrong with them.
BROKEN: dict[str, dict[str, str | bytes]] = {
    "no name": {"school.yaml": "jurisdiction: england\n"},
    "no school file": {"school.yaml": b"", "policies/phones.yaml": "title: x\nclauses: []\n"},
    "not utf-8": {"school.yaml": b"name: caf\xe9\njurisdiction: england\n"},
    "merge bomb": {"policies/phones.yaml": "a: &a {b: c}\nd: {<<: [*a, *a]}\n"},
    "brackets": {"policies/phones.yaml": "[" * 400_000},
    "python tag": {"policies/phones.yaml": "!!python/object/apply:os._exit [1]\n"},
    "too large": {"policies/phones.yaml": "#" * 1_000_001},
    "one id twice": {"policies/other.yaml": policy(clause())},
    "one key twice": {"school.yaml": SCHOOL + "name: Other\n"},
    "hidden letter": {"policies/phones.yaml": policy(clause("phones-off", "only_if: x\u202ey"))},
    "unknown topic": {"policies/phones.yaml": policy(clause("a", "topics: [xyz]"))},
    "damaged document": {"policies/phones.txt": b"\xff\xfe", "policies/other.docx": word(lambda made: made)[:-99]},
    "stray file": {"more.yaml": "a: b\n"},
}


def _schools(**packs: dict[str, str | bytes]) -> dict[str, str | bytes]:
    return {f"schools/{school}/{name}": text for school, files in packs.items() for name, text in files.items()}


@pytest.mark.parametrize("broken", BROKEN.values(), ids=BROKEN)
def test_one_broken_school_of_three_stops_no_other(tmp_path: Path, broken: dict[str, str | bytes]) -> None:
    """RS-66: whatever is wrong with one school, it alone is not served, and every fault names its file."""
    loaded = load(tmp_path, _schools(ash={**GOOD}, birch={**GOOD, **broken}, cedar={**GOOD}))
    assert {name: one.school is not None for name, one in loaded.items()} == {
        "ash": True,
        "birch": False,
        "cedar": True,
    }
    assert errors_of(loaded["birch"].faults)
    assert all(fault.file.startswith("birch/") for fault in loaded["birch"].faults)
    assert errors_of(loaded["ash"].faults) == errors_of(loaded["cedar"].faults) == []


def test_two_clauses_with_one_id_are_told_with_their_lines(tmp_path: Path) -> None:
    """RS-62: an id that is used twice in a school is an error with both places."""
    files = {"school.yaml": SCHOOL, "policies/phones.yaml": policy(clause(), clause())}
    loaded = load(tmp_path, _schools(ash={**files}))["ash"]
    assert told(loaded.faults) == [
        'ash/policies/phones.yaml:8 (clause phones-off): the id "phones-off" is used twice. '
        "Expected: ids unique in the school. See ash/policies/phones.yaml:3."
    ]


def test_warnings_do_not_stop_a_school(tmp_path: Path) -> None:
    """A school without documents is served, with a warning."""
    loaded = load(tmp_path, _schools(ash={"school.yaml": SCHOOL, "policies/phones.yaml": policy(clause())}))["ash"]
    assert loaded.school
    assert [str(fault.severity) for fault in loaded.faults] == ["warning"]
    assert loaded.version == loaded.school.version


def test_schools_are_the_folders_in_order(tmp_path: Path) -> None:
    """Every folder below schools/ is a school; hidden ones, notes and files are none."""
    write(tmp_path, {f"schools/{name}/school.yaml": SCHOOL for name in ("birch", "ash", ".git", "_old")})
    write(tmp_path, {"schools/README.md": "x"})
    assert KnowledgeFolder(tmp_path).school_ids() == ["ash", "birch"]
    assert [loaded.id for loaded in load_schools(KnowledgeFolder(tmp_path), TOPICS)] == ["ash", "birch"]


def test_folder_without_schools_has_none(tmp_path: Path) -> None:
    """An empty knowledge folder is no error here."""
    assert KnowledgeFolder(tmp_path).school_ids() == []
    assert read_trust(KnowledgeFolder(tmp_path)) is None


def test_school_that_is_not_there_is_told(tmp_path: Path) -> None:
    """A school without a folder is one without its school.yaml."""
    loaded = load_school(KnowledgeFolder(tmp_path), "ash", TOPICS, None)
    assert (loaded.school, [fault.file for fault in loaded.faults]) == (None, ["ash/school.yaml"])


def test_catalogue_folders_are_the_shipped_and_the_added(tmp_path: Path) -> None:
    """The shipped catalogue always counts, and is not read twice for the shipped folder."""
    shipped = SHIPPED / "catalogue"
    assert KnowledgeFolder().catalogue_folders() == [shipped]
    assert KnowledgeFolder(tmp_path).catalogue_folders() == [shipped]
    write(tmp_path, {"catalogue/lexicon.yaml": "lexicon: []\n"})
    assert KnowledgeFolder(tmp_path).catalogue_folders() == [shipped, tmp_path / "catalogue"]


def _trust(school: str = SCHOOL, text: str | None = None) -> dict[str, str | bytes]:
    shared = policy(clause("shared-off")) if text is None else text
    return {"trust/school.yaml": school, "trust/policies/shared.yaml": shared}


def test_every_school_inherits_from_the_trust(tmp_path: Path) -> None:
    """Schools beside a trust folder have its policies, whether they are loaded together or alone."""
    folder = KnowledgeFolder(write(tmp_path, {**_trust(), **_schools(ash={**GOOD}, birch={**GOOD})}))
    for loaded in [*load_schools(folder, TOPICS), load_one(folder, "birch", TOPICS)]:
        assert loaded.school
        assert loaded.school.clause("shared-off")
        assert loaded.school.clause("phones-off")


def test_override_of_a_locked_clause_stops_that_school_alone(tmp_path: Path) -> None:
    """RS-66: the school that overrides what is locked is not served; the others are."""
    override = {"policies/shared.yaml": policy(clause("shared-off"))}
    files = _schools(ash={**GOOD}, birch={**GOOD, **override})
    loaded = load(tmp_path, {**_trust(SCHOOL + "locked: [shared-off]\n"), **files})
    assert {name: one.school is not None for name, one in loaded.items()} == {"ash": True, "birch": False}


@pytest.mark.parametrize(
    ("files", "file"),
    [
        (_trust(school="[]"), "trust/school.yaml"),
        (_trust(text=policy(clause("a", "topics: [xyz]"))), "trust/policies/shared.yaml"),
        (_trust(text=policy(clause("a", "contacts: [dls]"))), "trust/policies/shared.yaml"),
        (_trust(SCHOOL + "locked: [shared-of]\n"), "trust/school.yaml"),
        ({"trust/policies/shared.yaml": policy(clause("a"))}, "trust/school.yaml"),
        ({"trust/School.yaml": SCHOOL}, "trust/school.yaml"),
    ],
    ids=["broken", "topic", "role", "lock", "no school file", "slip in its name"],
)
def test_fault_of_the_trust_is_told_at_every_school(tmp_path: Path, files: dict[str, str | bytes], file: str) -> None:
    """RS-65: what all schools inherit is checked as wholly as a school, and is never silently left out."""
    loaded = load(tmp_path, {**files, **_schools(ash={**GOOD}, birch={**GOOD})})
    assert [one.school for one in loaded.values()] == [None, None]
    assert all(file in {fault.file for fault in errors_of(one.faults)} for one in loaded.values())


def test_notes_in_a_trust_folder_make_no_trust(tmp_path: Path) -> None:
    """A trust folder with nothing but a read-me is no trust yet."""
    folder = KnowledgeFolder(write(tmp_path, {"trust/README.md": "# Later"}))
    assert read_trust(folder) is None


def test_school_arrives_whole_from_another_process(tmp_path: Path) -> None:
    """RS-67: packs are parsed in a process of their own; what comes back is what would have been read here."""
    folder = KnowledgeFolder(write(tmp_path, _schools(ash={**GOOD})))
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
        loaded = pool.submit(load_one, folder, "ash", TOPICS).result(timeout=120)
    assert loaded.school
    assert loaded == load_one(folder, "ash", TOPICS)


def test_every_clause_of_the_shipped_model_school_is_quoted() -> None:
    """The model school ships without faults, and each of its clauses is found in its own document."""
    topics = frozenset(topic.id for topic in load_catalogue(KnowledgeFolder()).topics)
    loaded = load_one(KnowledgeFolder(), "model", topics)
    # its terms are listed up to July 2027; that they ended is told, and no fault of the pack
    assert [fault for fault in told(loaded.faults) if "every term listed has ended" not in fault] == []
    assert loaded.school
    assert [found.id for one in loaded.school.policies for found in one.clauses if not found.quote] == []


def test_category_the_catalogue_lacks_stops_the_school(tmp_path: Path) -> None:
    """A slip in the name of a category would leave it as it was, and nobody would know."""
    school = SCHOOL + "concerns: {pupil-cyberbulying: {urgent: true}}\n"
    folder = KnowledgeFolder(write(tmp_path, _schools(ash={"school.yaml": school})))
    known = frozenset({"pupil-cyberbullying"})
    for loaded in [*load_schools(folder, TOPICS, known), load_one(folder, "ash", TOPICS, known)]:
        assert loaded.school is None
        assert told(loaded.faults) == [
            'ash/school.yaml:3: "pupil-cyberbulying" is no category of concern. '
            'Expected: a category of the catalogue. Did you mean "pupil-cyberbullying"?'
        ]
    assert load_one(folder, "ash", TOPICS).school


def test_warning_about_a_route_does_not_stop_a_school(tmp_path: Path) -> None:
    """A route with gaps is told, and the school is served."""
    school = SCHOOL + "routes: {staff: {people: [headteacher]}}\n"
    loaded = load(tmp_path, _schools(ash={"school.yaml": school}))["ash"]
    assert loaded.school
    assert any('nobody is named as "headteacher"' in fault for fault in told(loaded.faults))
