"""The files of one pack, parsed and shaped."""

from pathlib import Path

import pytest

from knowledge.documents.reader import read_document
from tests.knowledge.builders import DOCUMENT, SCHOOL, clause, pack_of, policy, told

POLICY = policy(clause())


def test_sound_pack_has_no_faults(tmp_path: Path) -> None:
    """A school, a policy with its document and a question set make a pack without faults."""
    pack = pack_of(
        tmp_path / "hilltop",
        {
            "policies/phones.yaml": POLICY,
            "policies/phones.txt": DOCUMENT,
            "questions.yaml": "- {q: may i use my phone, finds: [phones-off]}\n",
        },
    )
    assert told(pack.faults) == []
    assert (pack.id, pack.school and pack.school.name, list(pack.policies)) == ("hilltop", "Hilltop School", ["phones"])
    assert pack.policies["phones"].document == read_document("policies/phones.txt", DOCUMENT.encode())
    assert [row.q for row in pack.questions] == ["may i use my phone"]


def test_pack_needs_no_policies_and_no_questions(tmp_path: Path) -> None:
    """A school may begin with its name alone."""
    pack = pack_of(tmp_path / "hilltop", {})
    assert (pack.faults, pack.policies, pack.questions) == ([], {}, ())


def test_missing_school_file_is_told(tmp_path: Path) -> None:
    """Without school.yaml nobody knows who the school is."""
    pack = pack_of(tmp_path / "hilltop", {"policies/phones.yaml": POLICY}, school="")
    assert told(pack.faults) == [
        "hilltop/school.yaml: the file is missing. Expected: school.yaml with the school's name. "
        "Run `signpost kb new` to see one."
    ]
    assert list(pack.policies) == ["phones"]


def test_file_in_the_wrong_place_is_told(tmp_path: Path) -> None:
    """A YAML file that Signpost would never read is a fault, so that a slip in a name is not silent."""
    pack = pack_of(tmp_path / "hilltop", {"phones.yaml": POLICY, "school.yml": SCHOOL, "policy/phones.yml": POLICY})
    expected = "Expected: school.yaml, questions.yaml or policies/<id>.yaml. "
    mend = "Policies live in policies/; move or rename the file."
    assert told(pack.faults) == [
        f"hilltop/{name}: a file Signpost does not know. {expected}{mend}"
        for name in ("phones.yaml", "policy/phones.yml", "school.yml")
    ]


def test_policy_may_end_in_yml(tmp_path: Path) -> None:
    """Both endings of YAML are welcome in policies/."""
    assert list(pack_of(tmp_path / "hilltop", {"policies/phones.yml": POLICY}).policies) == ["phones"]


def test_second_file_of_one_policy_is_told(tmp_path: Path) -> None:
    """Two files that would be one policy are a fault: neither may silently win."""
    pack = pack_of(tmp_path / "hilltop", {"policies/old/phones.yaml": POLICY, "policies/phones.yml": policy()})
    assert told(pack.faults) == [
        'hilltop/policies/phones.yml: a second file for the policy "phones". Expected: one file a policy. '
        "Put it all in one, or rename one."
    ]


def test_second_document_of_one_policy_is_told(tmp_path: Path) -> None:
    """RS-64: a policy is quoted from one document."""
    pack = pack_of(tmp_path / "hilltop", {"policies/phones.md": DOCUMENT, "policies/phones.txt": DOCUMENT})
    assert told(pack.faults) == [
        'hilltop/policies/phones.txt: a second document for the policy "phones". Expected: one document a policy. '
        "Keep the one that is in force."
    ]


def test_document_that_cannot_be_read_is_told(tmp_path: Path) -> None:
    """RS-66: a damaged document is a fault of this pack and no exception."""
    pack = pack_of(tmp_path / "hilltop", {"policies/phones.docx": b"PK\x03\x04", "policies/phones.yaml": POLICY})
    assert told(pack.faults) == [
        "hilltop/policies/phones.docx: policies/phones.docx is not a Word document (.docx). "
        "Save it from Word as .docx and try again. Expected: a readable document. Attach it again."
    ]


def test_documents_elsewhere_are_left_alone(tmp_path: Path) -> None:
    """A read-me beside the policies is nobody's document."""
    assert pack_of(tmp_path / "hilltop", {"README.md": "", "notes/a.txt": ""}).faults == []


def test_faults_of_every_file_are_listed(tmp_path: Path) -> None:
    """RS-64: the faults of all files are told at once, each with its file and line."""
    files = {
        "policies/a.yaml": "title: [x]\nclauses: []\n",
        "policies/b.yaml": "clauses: &x\n",
        "questions.yaml": "- {}\n",
    }
    pack = pack_of(tmp_path / "hilltop", files, school="name: x\nname: y\n")
    assert [f"{fault.file}:{fault.line}" for fault in pack.faults] == [
        "hilltop/school.yaml:2",
        "hilltop/policies/a.yaml:1",
        "hilltop/policies/b.yaml:1",
        "hilltop/questions.yaml:1",
    ]
    assert (pack.school, pack.policies, pack.questions) == (None, {}, ())


def test_lines_of_a_policy_are_known(tmp_path: Path) -> None:
    """Later checks can name the line of any part of a policy."""
    source = pack_of(tmp_path / "hilltop", {"policies/phones.yaml": policy(clause(), clause("b"))}).policies["phones"]
    assert source.line_of("clauses", 1, "stance") == 12


@pytest.mark.parametrize(
    ("folder", "file", "place", "name"),
    [
        ("Hill Top", "phones.yaml", "Hill Top", "Hill Top"),
        ("hilltop", "My_Phones.yaml", "hilltop/policies/My_Phones.yaml", "My_Phones"),
    ],
)
def test_a_name_that_is_no_id_is_told(tmp_path: Path, folder: str, file: str, place: str, name: str) -> None:
    """A school is its folder's name and a policy its file's, so both must be names that can be typed."""
    assert told(pack_of(tmp_path / folder, {f"policies/{file}": POLICY}).faults) == [
        f'{place}: the name "{name}". Expected: lower-case letters, digits and hyphens. '
        'Rename it, such as "hillside-primary".'
    ]
