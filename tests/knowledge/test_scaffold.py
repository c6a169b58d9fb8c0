"""The folder that somebody starts their own school in."""

from pathlib import Path

import pytest

from knowledge.errors import KnowledgeError
from knowledge.faults import Severity
from knowledge.loader import KnowledgeFolder, Loaded, load_catalogue, load_one
from knowledge.scaffold import new_school


def checked(root: Path, school_id: str) -> Loaded:
    """Load a school with the shipped catalogue, as `kb check` does."""
    folder = KnowledgeFolder(root)
    return load_one(folder, school_id, frozenset(topic.id for topic in load_catalogue(folder).topics))


def test_a_new_school_has_no_errors(tmp_path: Path) -> None:
    """What Signpost hands out to start from is sound, but for the document that only the school has."""
    new_school(tmp_path, "hillside-primary")
    loaded = checked(tmp_path, "hillside-primary")
    assert loaded.school
    assert loaded.school.name == "Hillside Primary"
    assert [fault.severity for fault in loaded.faults] == [Severity.WARNING]


@pytest.mark.parametrize("school_id", ["null", "yes", "2026", "3-10", "a-"])
def test_a_new_school_keeps_its_name_whatever_it_is(tmp_path: Path, school_id: str) -> None:
    """No name is mistaken for a number, a date or nothing."""
    new_school(tmp_path, school_id)
    school = checked(tmp_path, school_id).school
    assert school
    assert school.name.strip() == school_id.replace("-", " ").title().strip()


def test_the_editor_finds_the_schema_of_every_file(tmp_path: Path) -> None:
    """Each file says where its schema lies, so that editors complete and check."""
    for path in new_school(tmp_path, "hillside")[:3]:
        hint = path.read_text(encoding="utf-8").splitlines()[0]
        assert (path.parent / hint.partition("$schema=")[2]).resolve().is_file()


def test_a_new_school_is_never_written_over_an_old_one(tmp_path: Path) -> None:
    """Asked for a school that is there, Signpost touches nothing."""
    [school_file, *_] = new_school(tmp_path, "hillside")
    school_file.write_text("name: Ours\n", encoding="utf-8")
    with pytest.raises(KnowledgeError, match="is there already"):
        new_school(tmp_path, "hillside")
    assert school_file.read_text(encoding="utf-8") == "name: Ours\n"


def test_a_second_school_joins_the_first(tmp_path: Path) -> None:
    """One folder holds many schools."""
    new_school(tmp_path, "hillside")
    new_school(tmp_path, "valley")
    assert KnowledgeFolder(tmp_path).school_ids() == ["hillside", "valley"]
