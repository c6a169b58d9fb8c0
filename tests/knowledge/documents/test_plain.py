"""Reading plain text as it comes out of Word, a web page or a PDF: the faults of real documents, in our own words."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.documents.blocks import Block, BlockKind
from knowledge.documents.plain import read_plain
from tests.knowledge.builders import seconds


def _read(text: str) -> list[tuple[str, str]]:
    return [(block.kind.value, block.text) for block in read_plain(text)]


def test_number_glued_to_its_text_comes_apart() -> None:
    """ "18.Staff" and "1.1Social media" lack the space and are numbered all the same."""
    assert read_plain("18.Staff must ask before they post.\n1.1Social media") == [
        Block(BlockKind.PARAGRAPH, "Staff must ask before they post.", "18"),
        Block(BlockKind.HEADING, "Social media", "1.1"),
    ]


def test_number_alone_on_its_line_joins_the_next() -> None:
    """A PDF prints the number on one line and its text on the next."""
    assert read_plain("1\nINTRODUCTION\n1.1\n\nStaff are trusted to think first.\n") == [
        Block(BlockKind.HEADING, "INTRODUCTION", "1"),
        Block(BlockKind.PARAGRAPH, "Staff are trusted to think first.", "1.1"),
    ]


def test_bullet_sign_alone_on_its_line_joins_the_next() -> None:
    """A PDF may print the bullet sign on one line and its text on the next, and lose the text of the last."""
    assert _read("•\nAsk the office first.\n\n•\nwait\n•\n") == [
        ("bullet", "Ask the office first."),
        ("bullet", "wait"),
        ("bullet", ""),
    ]


def test_number_at_the_end_stays_text() -> None:
    """A lone number with nothing behind it is no heading and no item."""
    assert _read("Ask the office first.\n7") == [("paragraph", "Ask the office first."), ("paragraph", "7")]


def test_sentence_broken_over_blank_lines_is_joined() -> None:
    """A line that stops in mid-sentence goes on in the next one that begins with a small letter."""
    assert _read("Staff look after the good name\n\nof the school and what is private\n\nin relation to pupils.") == [
        ("paragraph", "Staff look after the good name of the school and what is private in relation to pupils.")
    ]


@pytest.mark.parametrize("first", ["Staff ask.", "May staff ask?", "Staff ask!", "Staff ask;"])
def test_finished_line_is_not_joined(first: str) -> None:
    """A line that ends a sentence or an item keeps the next one apart."""
    assert len(read_plain(f"{first}\nwhatever comes next.")) == 2


def test_rows_and_items_are_not_joined() -> None:
    """A line with tabs is a row, a line with a sign an item; neither swallows its neighbour nor is swallowed."""
    assert _read("Owner\tthe head\nwithout an end\nwhole\trow\n· and an item\nwith more") == [
        ("row", "Owner | the head"),
        ("paragraph", "without an end"),
        ("row", "whole | row"),
        ("bullet", "and an item with more"),
    ]


def test_bookmark_marks_are_taken_out() -> None:
    """What Word left behind is no part of the wording."""
    assert _read("[bookmark: _GoBack]Phones stay in [bookmark: a1]the locker.") == [
        ("paragraph", "Phones stay in the locker.")
    ]


def test_page_marks_are_dropped() -> None:
    """Page numbers in their usual dress are no passages."""
    text = "Phones stay off.\nPage 1\nAsk the office.\nPage 2 of 9\npage 3:\n- 4 -\nWait for a reply."
    assert _read(text) == [("paragraph", t) for t in ("Phones stay off.", "Ask the office.", "Wait for a reply.")]


def test_running_header_counts_once() -> None:
    """A short line that stands on every page is kept where it stands first."""
    text = "Hilltop School Phones Policy\nAsk first.\n" * 2 + "Hilltop School Phones Policy\nWait for a reply."
    assert _read(text) == [
        ("heading", "Hilltop School Phones Policy"),
        ("paragraph", "Ask first."),
        ("paragraph", "Ask first."),
        ("paragraph", "Wait for a reply."),
    ]


def test_repeated_items_and_long_lines_are_no_running_header() -> None:
    """The same bullet under three stems is said three times, and so is a whole sentence of many words."""
    bullet = "· ask first\n" * 3
    long = "Staff who want to bring a phone of their own to school must always ask.\n" * 3
    assert len(read_plain(bullet)) == 3
    assert len(read_plain(long)) == 3


def test_section_run_into_one_paragraph_comes_apart() -> None:
    """Inline numbers and a lone o cut a section that lost its line breaks."""
    text = "1.1 Phones stay off. 1.2 Staff ask first. o Where a pupil asks say no. o Where staff forget wait. 1.4 Ends."
    assert [(block.number, block.text) for block in read_plain(text)] == [
        ("1.1", "Phones stay off."),
        ("1.2", "Staff ask first."),
        (None, "Where a pupil asks say no."),
        (None, "Where staff forget wait."),
        ("1.4", "Ends."),
    ]


def test_numbers_inside_an_unnumbered_paragraph_do_not_cut_it() -> None:
    """A reference to another section stays in its sentence."""
    assert _read("As laid down in 4.2 Staff ask first.") == [("paragraph", "As laid down in 4.2 Staff ask first.")]


def test_contents_list_is_known() -> None:
    """The lines of a contents list are kept apart, so that they make no clauses."""
    assert _read("Contents\n1 Aims ........ 3\n2 Phones…… 4\n") == [
        ("heading", "Contents"),
        ("contents", "1 Aims ........ 3"),
        ("contents", "2 Phones…… 4"),
    ]


def test_items_without_signs_are_known_by_the_lead_in() -> None:
    """Bare paragraphs under a lead-in that end in ";" or ", or" are items, and so is the line that closes them."""
    text = "Staff must not:\nlend a phone;\nFilm a pupil; or\nshare a name.\nAsk the office about the rest of it."
    assert _read(text) == [
        ("paragraph", "Staff must not:"),
        ("bullet", "lend a phone;"),
        ("bullet", "Film a pupil; or"),
        ("bullet", "share a name."),
        ("paragraph", "Ask the office about the rest of it."),
    ]


def test_run_of_items_goes_on_while_lines_end_as_items() -> None:
    """A capital letter does not end the run while the line ends in a semicolon or comma."""
    assert [
        kind for kind, _ in _read("· ask;\nWait for the office,\nThen act;\nEverything else is allowed to staff.")
    ] == [
        "bullet",
        "bullet",
        "bullet",
        "paragraph",
    ]


def test_line_without_a_lead_in_is_no_item() -> None:
    """A first line that ends in a semicolon, or one after a heading, is a paragraph."""
    assert _read("lend a phone;\n")[0][0] == "paragraph"
    assert [kind for kind, _ in _read("Phones\nLend a phone;\n")] == ["heading", "paragraph"]


def test_bullets_nest_under_a_numbered_item() -> None:
    """A bullet behind an item that ends in a colon lies one level deeper; the next number comes back up."""
    blocks = read_plain("1. never share, for example:\n· a name;\n· a photo;\n2. never lie.")
    assert [(block.number, block.level) for block in blocks] == [("1", 0), (None, 1), (None, 1), ("2", 0)]


def test_title_in_title_case_is_a_heading_and_a_stem_is_not() -> None:
    """ "Key Principles:" heads a section; "Staff must not:" leads in to what follows."""
    assert _read("Key Principles:\nStaff must not:\n· lie\n") == [
        ("heading", "Key Principles:"),
        ("paragraph", "Staff must not:"),
        ("bullet", "lie"),
    ]


def test_row_drops_its_empty_cells() -> None:
    """Tabs make a row; empty cells and stray spaces go."""
    assert _read(" Version \t\t 2.0  beta \t\n") == [("row", "Version | 2.0 beta")]


def test_empty_text_has_no_blocks() -> None:
    """Nothing but white space, page marks and bookmarks holds no blocks."""
    assert read_plain("\n \t \nPage 1\n[bookmark: x]\n") == []


LETTERS = st.text("AbcÉß", min_size=1, max_size=8)
LINES = st.lists(st.builds("{} {}{}".format, LETTERS, LETTERS, st.sampled_from([".", ";", ":", ",", ""])), max_size=12)


@given(LINES, st.sampled_from(["\n", "\n\n", "\r\n"]))
def test_reading_loses_no_letters(lines: list[str], between: str) -> None:
    """However lines are joined and told apart, their letters come back in order."""
    distinct = [f"{line[:1]}{number} {line[1:]}" for number, line in enumerate(lines)]
    read = "".join(block.text for block in read_plain(between.join(distinct)))
    assert "".join(read.split()) == "".join("".join(distinct).split())


@pytest.mark.parametrize(
    "text",
    ["".join(f"a{n}\n" for n in range(60_000)), "A" + "." * 60_000 + "x", "[bookmark: " * 60_000, "· a:\n" * 60_000],
    ids=["one endless sentence", "dots", "open bookmarks", "stems"],
)
def test_large_documents_are_read_quickly(text: str) -> None:
    """RS-61: the work of reading grows with the text and not with its square."""
    assert seconds(lambda: read_plain(text)) < 20
