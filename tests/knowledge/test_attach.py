"""Attaching a school's own document: its clauses are quoted, and what drifted is named."""

import sysconfig
from pathlib import Path

import pytest

from knowledge.attach import attach, documents_in
from knowledge.errors import DocumentError
from knowledge.loader import KnowledgeFolder, load_one
from knowledge.model import School
from tests.packs import DOCUMENT, FRIENDS, PHONES, POLICY, SCHOOL, TOPICS, edit, write_school


def loaded(root: Path) -> School:
    """Return the school of a folder as it is now."""
    school = load_one(KnowledgeFolder(root), "hillside", TOPICS).school
    assert school is not None
    return school


@pytest.fixture
def school(tmp_path: Path) -> School:
    """Return a school whose document is not attached."""
    write_school(tmp_path, document=None)
    return loaded(tmp_path)


def document(folder: Path, text: str = DOCUMENT, name: str = "Our Policy.md") -> Path:
    """Write a document somewhere else, under a name of its own."""
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def test_attached_clauses_are_quoted(tmp_path: Path, school: School) -> None:
    """Once the document lies beside its policy, every clause shows its official wording."""
    done = attach(KnowledgeFolder(tmp_path), school, document(tmp_path), None)
    assert (done.quoted, done.unmatched) == (2, ())
    assert loaded(tmp_path).clause("friends-pupils").quote == FRIENDS


def test_the_document_takes_the_name_of_its_policy(tmp_path: Path, school: School) -> None:
    """Whatever the file was called, it is found beside the policy file, readable for others."""
    done = attach(KnowledgeFolder(tmp_path), school, document(tmp_path, name="Final v3 (2).MD"), "conduct")
    assert done.path == tmp_path / "schools" / "hillside" / "policies" / "conduct.md"
    assert done.path.stat().st_mode & 0o777 == 0o644


def test_no_half_written_file_is_left(tmp_path: Path, school: School) -> None:
    """A document is put in place whole."""
    done = attach(KnowledgeFolder(tmp_path), school, document(tmp_path), None)
    assert sorted(path.name for path in done.path.parent.iterdir()) == ["conduct.md", "conduct.yaml"]


def test_drifted_passages_are_listed_with_the_nearest_one(tmp_path: Path, school: School) -> None:
    """Where the school reworded a rule, the clause is named with the passage that is most like it."""
    reworded = DOCUMENT.replace(PHONES, "Phones stay out of sight in every class.")
    done = attach(KnowledgeFolder(tmp_path), school, document(tmp_path, reworded), None)
    [miss] = done.unmatched
    assert done.quoted == 1
    assert miss.clause.id == "phones-class"
    assert miss.nearest
    assert miss.nearest.text == "Phones stay out of sight in every class."


def test_moved_passages_are_found_again(tmp_path: Path, school: School) -> None:
    """A paragraph that was put in front shifts the numbers and loses no quote."""
    moved = DOCUMENT.replace(FRIENDS, f"This is new. So is this.\n\n{FRIENDS}")
    assert attach(KnowledgeFolder(tmp_path), school, document(tmp_path, moved), None).unmatched == ()


def test_a_document_with_headings_alone_has_no_nearest_passage(tmp_path: Path, school: School) -> None:
    """Where nothing is like the rule, nothing is offered."""
    done = attach(KnowledgeFolder(tmp_path), school, document(tmp_path, "# Conduct\n"), None)
    assert [miss.nearest for miss in done.unmatched] == [None, None]


def test_the_old_document_of_another_kind_is_replaced(tmp_path: Path, school: School) -> None:
    """A policy has one document: the text that lay there before makes room."""
    old = attach(KnowledgeFolder(tmp_path), school, document(tmp_path, name="old.txt"), None)
    attach(KnowledgeFolder(tmp_path), school, document(tmp_path), None)
    assert not old.path.exists()
    assert loaded(tmp_path).clause("friends-pupils").quote == FRIENDS


def test_a_file_of_another_kind_is_refused(tmp_path: Path, school: School) -> None:
    """A kind of file that cannot be read is refused with the kinds that can, and nothing is written."""
    with pytest.raises(DocumentError, match=r"\.docx, \.md, \.txt"):
        attach(KnowledgeFolder(tmp_path), school, document(tmp_path, name="policy.pages"), None)
    assert [path.name for path in (tmp_path / "schools" / "hillside" / "policies").iterdir()] == ["conduct.yaml"]


def test_a_document_that_is_not_there_is_refused(tmp_path: Path, school: School) -> None:
    """A mistyped path is told in plain words."""
    with pytest.raises(DocumentError, match=r"nowhere\.md cannot be read: No such file"):
        attach(KnowledgeFolder(tmp_path), school, tmp_path / "nowhere.md", None)


def test_an_unknown_policy_is_refused_with_those_there_are(tmp_path: Path, school: School) -> None:
    """A mistyped policy id is told with the right ones."""
    with pytest.raises(DocumentError, match='has no policy "phones"'):
        attach(KnowledgeFolder(tmp_path), school, document(tmp_path), "phones")


def test_with_several_policies_one_must_be_named(tmp_path: Path, school: School) -> None:
    """Signpost does not guess which policy a document is."""
    other = "title: Phone policy\nclauses: []\n"
    (tmp_path / "schools" / school.id / "policies" / "phones.yaml").write_text(other, encoding="utf-8")
    with pytest.raises(DocumentError, match=r"name one with --policy. Its policies are: conduct, phones"):
        attach(KnowledgeFolder(tmp_path), loaded(tmp_path), document(tmp_path), None)
    done = attach(KnowledgeFolder(tmp_path), loaded(tmp_path), document(tmp_path), "phones")
    assert done.path.name == "phones.md"


def test_a_school_without_a_policy_is_told_to_write_one(tmp_path: Path, school: School) -> None:
    """A document without a policy file would never be quoted."""
    (tmp_path / "schools" / school.id / "policies" / "conduct.yaml").unlink()
    (tmp_path / "schools" / school.id / "questions.yaml").unlink()
    with pytest.raises(DocumentError, match="hillside has no policy yet"):
        attach(KnowledgeFolder(tmp_path), loaded(tmp_path), document(tmp_path), None)


@pytest.mark.usefixtures("school")
def test_a_policy_of_the_trust_is_not_attached_at_a_school(tmp_path: Path) -> None:
    """A document belongs beside its policy file; elsewhere it would never be read."""
    policies = tmp_path / "trust" / "policies"
    policies.mkdir(parents=True)
    (tmp_path / "trust" / "school.yaml").write_text(SCHOOL, encoding="utf-8")
    (policies / "shared.yaml").write_text(POLICY.replace("friends-pupils", "friends").replace("phones-class", "phones"))
    with pytest.raises(DocumentError, match="comes from the trust"):
        attach(KnowledgeFolder(tmp_path), loaded(tmp_path), document(tmp_path), "shared")


def test_an_installed_package_is_refused(school: School, tmp_path: Path) -> None:
    """Where an update would lose the document, it is not put, and the way out is named."""
    folder = KnowledgeFolder(Path(sysconfig.get_path("purelib")) / "knowledge")
    with pytest.raises(DocumentError, match="--knowledge DIR"):
        attach(folder, school, document(tmp_path), None)


def test_a_clause_without_a_locator_is_not_counted(tmp_path: Path, school: School) -> None:
    """A clause that names no passage is neither quoted nor missing."""
    conduct = tmp_path / "schools" / school.id / "policies" / "conduct.yaml"
    edit(conduct, POLICY[POLICY.index("    locator") : POLICY.index("  - id: phones")], "")
    done = attach(KnowledgeFolder(tmp_path), loaded(tmp_path), document(tmp_path), None)
    assert (done.quoted, done.unmatched) == (1, ())


def test_the_documents_of_a_folder_are_listed(tmp_path: Path) -> None:
    """Every file that can be read as a document, whatever the case of its ending."""
    for name in ("b.docx", "a.MD", "notes.xlsx", "c.txt"):
        (tmp_path / name).touch()
    assert [path.name for path in documents_in(tmp_path)] == ["a.MD", "b.docx", "c.txt"]


def test_a_folder_that_is_none_is_refused(tmp_path: Path) -> None:
    """A file in place of a folder is told in plain words."""
    with pytest.raises(DocumentError, match=r"Policy\.md is not a folder"):
        documents_in(document(tmp_path))
