"""Finding the header fields of a document."""

import pytest

from knowledge.documents.reader import read_document
from knowledge.locators import uncovered
from tests.knowledge.builders import add_table, document, texts, word

LABELS = {
    "Version Number": "version",
    "Version": "version",
    "Date of Issue": "issued",
    "Adopted": "issued",
    "Approval date": "approved",
    "Approved by": "approved_by",
    "Ratified by": "approved_by",
    "Next review": "review_due",
    "Date for Review": "review_due",
    "Policy owner": "owner",
    "SLT member responsible": "owner",
    "Applies to": "applies_to",
    "Name of school": "school",
}

TABLE = "Phones policy\n\nVersion\t2.1\nDate of issue\tMay 2026\nApproved by\tThe governors\n\nStaff must ask first.\n"


@pytest.mark.parametrize(("label", "field"), LABELS.items())
@pytest.mark.parametrize("between", ["\t", ": ", " : "])
def test_label_is_known(label: str, field: str, between: str) -> None:
    """A label as schools print it names its field, in a table row or before a colon, in any case."""
    for shown in (label, label.upper()):
        found = document(f"Phones policy\n\n{shown}{between}Something printed\n\nStaff must ask first.")
        assert dict(found.metadata) == {field: "Something printed"}


def test_header_fields_of_a_text_file() -> None:
    """The version table of a .txt file is found, as printed, with the passages it stands in."""
    found = document(TABLE)
    assert dict(found.metadata) == {"version": "2.1", "issued": "May 2026", "approved_by": "The governors"}
    assert found.metadata_passages == {2, 3, 4}


def test_header_fields_of_a_word_file() -> None:
    """The version table of a .docx file is found the same way."""
    rows = [("Version", "2.1"), ("Review date", "May 2027"), ("Owner", "The deputy head")]
    found = read_document("phones.docx", word(lambda made: add_table(made, rows)))
    assert dict(found.metadata) == {"version": "2.1", "review_due": "May 2027", "owner": "The deputy head"}


def test_header_fields_of_a_markdown_file() -> None:
    """A table or lines of a .md file are read alike."""
    found = document("| Version | 3 |\n|---|---|\n| Owner | The head |\n\nApproved by: The governors\n", "phones.md")
    assert dict(found.metadata) == {"version": "3", "owner": "The head", "approved_by": "The governors"}


def test_version_history_is_header_but_gives_no_field() -> None:
    """The rows of a version history are header passages; the version in force is not taken from them."""
    found = document("Version\tDate\tChange\n1\t2020\tFirst\n2\t2021\tWatches\nStaff must ask before they post.\n")
    assert dict(found.metadata) == {}
    assert found.metadata_passages == {1, 2, 3}


def test_field_after_a_history_is_found() -> None:
    """A history ends with its table; what is labelled behind it counts again."""
    found = document("Issue\tDate\n1\t2020\nStaff must ask before they post.\nOwner\tThe head\n")
    assert dict(found.metadata) == {"owner": "The head"}


def test_first_of_two_wins() -> None:
    """A field that is printed twice counts where it stands first; the second is an ordinary passage."""
    found = document("Version\t2\nVersion\t3\nStaff must ask first.")
    assert dict(found.metadata) == {"version": "2"}
    assert found.metadata_passages == {1}


@pytest.mark.parametrize(
    "line",
    [
        "Version:",
        "Version\t",
        "Colour: red",
        "The approved version",
        f"Owner: {'word ' * 21}",
        "· Owner: the head",
        "Staff must: ask first.",
    ],
)
def test_other_lines_are_no_fields(line: str) -> None:
    """A label without a value, another label, a long text and a bullet are no header fields."""
    found = document(f"{line}\nStaff must ask first.")
    assert (dict(found.metadata), found.metadata_passages) == ({}, frozenset())


def test_header_fields_are_not_asked_to_be_covered() -> None:
    """Header fields need no clause: the rest of the document does."""
    assert texts(uncovered(document(TABLE), ())) == ["Staff must ask first."]
