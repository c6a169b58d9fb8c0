"""Reading policies written in Markdown."""

import pytest

from knowledge.documents.markdown import read_markdown
from tests.knowledge.builders import document, led_in, seconds


def _read(text: str) -> list[tuple[str, str]]:
    return [(block.kind.value, block.text) for block in read_markdown(text)]


def test_headings_paragraphs_and_lists() -> None:
    """Headings, paragraphs and list items are what Markdown says they are."""
    assert _read("# Phones\n\nStaff keep phones off in every lesson.\n\n- Ask first\n- wait\n") == [
        ("heading", "Phones"),
        ("paragraph", "Staff keep phones off in every lesson."),
        ("bullet", "Ask first"),
        ("bullet", "wait"),
    ]


def test_underlined_heading() -> None:
    """A heading may be underlined instead."""
    assert _read("Phones at work\n======\n") == [("heading", "Phones at work")]


def test_number_of_a_heading_is_kept_apart() -> None:
    """The number in a heading is kept for people."""
    (block,) = read_markdown("## 4.2 Phones\n")
    assert (block.text, block.number) == ("Phones", "4.2")


def test_ordered_list_keeps_its_numbers_and_nesting() -> None:
    """The printed number of an item is kept, and lists nest."""
    blocks = read_markdown("1. share, for example:\n   - a name\n   - a photo\n2) lie\n")
    assert [(block.text, block.number, block.level) for block in blocks] == [
        ("share, for example:", "1", 0),
        ("a name", None, 1),
        ("a photo", None, 1),
        ("lie", "2", 0),
    ]


def test_lead_in_is_carried_to_the_items() -> None:
    """A paragraph that ends in a colon leads in to the list below it, down to the inner list."""
    found = document("Staff must not:\n\n- share:\n  - a name\n- lie\n", "phones.md")
    assert led_in(found) == {
        "share:": ["Staff must not:"],
        "a name": ["Staff must not:", "share:"],
        "lie": ["Staff must not:"],
    }


def test_second_paragraph_of_an_item_is_kept() -> None:
    """An item of two paragraphs makes two passages, both in the list."""
    assert _read("- Ask first.\n\n  Then wait.\n") == [("bullet", "Ask first."), ("bullet", "Then wait.")]


def test_table_rows() -> None:
    """The rows of a table are rows, the head too; empty cells go, equal ones stay."""
    assert _read("| Version | Date |\n|---|---|\n| 2 | |\n| yes | yes |\n") == [
        ("row", "Version | Date"),
        ("row", "2"),
        ("row", "yes | yes"),
    ]


def test_emphasis_links_and_images_become_their_text() -> None:
    """What Markdown adds for looks goes, the words stay."""
    text = "**Staff** _must_ ask the [office](https://x.example) `first` ![now](a.png).\n"
    assert _read(text) == [("paragraph", "Staff must ask the office first now.")]


def test_broken_lines_are_joined() -> None:
    """A paragraph may be broken over lines."""
    assert _read("Staff must not\nlend a phone  \nto any pupil.\n") == [
        ("paragraph", "Staff must not lend a phone to any pupil.")
    ]


def test_indented_text_is_no_code() -> None:
    """What Markdown takes for code is a paragraph somebody has indented: its words are not lost."""
    assert _read("Phones\n\n    Staff must ask first.\n") == [
        ("heading", "Phones"),
        ("paragraph", "Staff must ask first."),
    ]
    assert _read("```\nStaff must ask first.\n```\n") == [("paragraph", "Staff must ask first.")]


def test_html_stays_as_typed() -> None:
    """HTML is not interpreted: nothing in it can hide a word of the policy."""
    assert _read("Staff <b>must not</b> <!-- ever --> lend a phone.\n") == [
        ("paragraph", "Staff <b>must not</b> <!-- ever --> lend a phone.")
    ]


def test_empty_item_is_nothing() -> None:
    """A hyphen without words makes no block."""
    assert _read("-\n\n- \n") == []
    assert _read("# \n") == []


def test_numbers_typed_as_text_come_apart() -> None:
    """Paragraphs that carry their own numbers are read like plain text."""
    (block,) = read_markdown("1.1Staff must ask first.\n")
    assert (block.text, block.number) == ("Staff must ask first.", "1.1")


@pytest.mark.parametrize("text", ["[" * 20_000, "> " * 5_000 + "a", "- " * 5_000 + "a", "*a_" * 20_000, "|a" * 20_000])
def test_hostile_markdown_is_read_quickly(text: str) -> None:
    """RS-61: brackets, quotes and emphasis without end take seconds at most."""
    assert seconds(lambda: read_markdown(text)) < 20
