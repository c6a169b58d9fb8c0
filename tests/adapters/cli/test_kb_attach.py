"""`signpost kb attach`: a school's own documents, so that answers quote them."""

import shutil
import sysconfig
from dataclasses import replace
from pathlib import Path

import pytest

from adapters.bootstrap import Signpost
from tests.adapters.cli.conftest import Console
from tests.fakes import ReadySession
from tests.packs import DOCUMENT, FRIENDS, PHONES, edit, write_school


@pytest.fixture
def document(tmp_path: Path) -> Path:
    """Return the school's document, as it lies on somebody's desk."""
    path = tmp_path / "Conduct 2026.md"
    path.write_text(DOCUMENT, encoding="utf-8")
    return path


def test_an_attached_document_is_quoted_at_once(kb: Console, document: Path) -> None:
    """One command, and every clause shows its official wording."""
    printed = kb("attach", "valley", document)
    assert printed.code == 0
    assert printed.out.endswith("valley/policies/conduct.md; 2 clauses now quoted\n")
    assert kb("check").out == "hillside: can be served\nvalley: can be served\n"


def test_a_drifted_document_lists_what_no_longer_matches(kb: Console, document: Path) -> None:
    """Each clause that lost its wording is named with the nearest passage and its line to paste."""
    document.write_text(DOCUMENT.replace(PHONES, "Phones are out of sight in class."), encoding="utf-8")
    printed = kb("attach", "valley", document)
    assert printed.code == 1
    assert "1 clause now quoted\n  phones-class: its wording is not in the document\n" in printed.out
    assert "nearest is [3] Phones are out of sight in class.\n      locator: {passages: [3], digest: " in printed.out


def test_a_document_of_headings_alone_has_no_nearest_passage(kb: Console, document: Path) -> None:
    """Where nothing is like a clause, the clause is named alone."""
    document.write_text("# Conduct\n", encoding="utf-8")
    lost = "  friends-pupils: its wording is not in the document\n  phones-class: its wording is not in the document\n"
    assert kb("attach", "valley", document).out.endswith(f"0 clauses now quoted\n{lost}")


def test_clauses_without_a_locator_are_counted(kb: Console, document: Path, hillside: Path) -> None:
    """Who attaches a document learns how many clauses cannot be quoted yet, and what to do."""
    text = (hillside / "policies" / "conduct.yaml").read_text(encoding="utf-8")
    bare = "".join(line for line in text.splitlines(keepends=True) if "passages: [3]" not in line)
    (hillside.parent / "valley" / "policies" / "conduct.yaml").write_text(bare, encoding="utf-8")
    printed = kb("attach", "valley", document)
    assert "1 clause now quoted\n  1 clause without a locator; run `signpost kb coverage valley`" in printed.out


def test_attached_as_json(kb: Console, document: Path) -> None:
    """Tools read what was quoted and what was not."""
    document.write_text(f"{FRIENDS}\n", encoding="utf-8")
    [done] = kb("attach", "valley", document, "--format", "json").json
    assert (done["school"], done["policy"], done["quoted"]) == ("valley", "conduct", 1)
    assert done["unmatched"] == [{"clause": "phones-class", "nearest": 1}]


def test_all_documents_of_a_folder_are_attached(kb: Console, document: Path, tmp_path: Path) -> None:
    """File names are school ids; what belongs to no school is left alone, and told."""
    folder = tmp_path / "documents"
    folder.mkdir()
    for name in ("hillside.md", "valley.md", "README.md"):
        shutil.copy(document, folder / name)
    printed = kb("attach", "--all", folder)
    assert printed.code == 0
    assert printed.out.count("2 clauses now quoted") == 2
    assert "README.md: there is no such school here" in printed.out


def test_one_bad_document_of_a_folder_stops_no_other(kb: Console, hillside: Path, document: Path) -> None:
    """Whatever cannot be attached is named with the reason, and the exit code is 1."""
    write_school(hillside.parents[1], "ridge")
    edit(hillside / "school.yaml", "england", "france")
    folder = document.parent / "documents"
    folder.mkdir()
    for name in ("hillside.md", "valley.md"):
        shutil.copy(document, folder / name)
    (folder / "ridge.md").touch()
    printed = kb("attach", "--all", folder)
    assert printed.code == 1
    assert printed.out.count("2 clauses now quoted") == 1
    assert "hillside.md: its school has errors" in printed.out
    assert "ridge.md: ridge.md holds no text" in printed.out


def test_what_was_left_of_a_folder_is_in_the_json(kb: Console, document: Path) -> None:
    """Tools learn which documents were left, and why."""
    folder = document.parent / "documents"
    folder.mkdir()
    shutil.copy(document, folder / "nowhere.md")
    printed = kb("attach", "--all", folder, "--format", "json")
    assert printed.code == 1
    assert printed.json == [
        {"document": "nowhere.md", "left": "there is no such school here, so the document was left alone"}
    ]


def test_an_empty_folder_has_nothing_to_attach(kb: Console, tmp_path: Path) -> None:
    """Nothing done is not success."""
    (tmp_path / "documents").mkdir()
    printed = kb("attach", "--all", tmp_path / "documents")
    assert (printed.code, printed.out) == (1, "There was nothing to attach.\n")


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["hillside"], "Give SCHOOL and FILE, or --all FOLDER"),
        ([], "Give SCHOOL and FILE, or --all FOLDER"),
        (["hillside", "--all", "."], "Give SCHOOL and FILE, or --all FOLDER"),
        (["hilside", "policy.md"], 'There is no school "hilside" here'),
        (["hillside", "nowhere.md"], "nowhere.md cannot be read: No such file or directory"),
        (["hillside", "."], "cannot be read: Is a directory"),
        (["hillside", "Conduct 2026.md", "--policy", "phones"], 'hillside has no policy "phones"'),
        (["--all", "nowhere"], "nowhere is not a folder"),
    ],
)
def test_what_cannot_be_attached_is_told_plainly(kb: Console, document: Path, arguments: list[str], told: str) -> None:
    """Bad usage is one plain message, and exit code 2."""
    assert document.is_file()
    printed = kb("attach", *arguments)
    assert (printed.code, printed.out) == (2, "")
    assert told in printed.err


def test_documents_are_not_put_into_an_installed_package(
    capsys: pytest.CaptureFixture[str], small: Signpost, document: Path
) -> None:
    """Where an update would lose them they are refused, and the way out is named."""
    settings = replace(small.settings, knowledge=Path(sysconfig.get_path("purelib")) / "knowledge")
    console = Console(capsys, ReadySession(replace(small, settings=settings)))
    printed = console("kb", "attach", "--all", document.parent)
    assert (printed.code, printed.out) == (2, "")
    assert "name it with --knowledge DIR" in printed.err
