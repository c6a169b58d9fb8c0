"""Reading Word documents: what Word marks, what it hides between the lines, and what is no Word document at all."""

import contextlib
import io
import random
import zipfile
from collections.abc import Callable

import pytest
from docx.document import Document as WordDocument

from knowledge.documents.blocks import Block, BlockKind
from knowledge.documents.reader import read_document
from knowledge.documents.word import read_word
from knowledge.errors import DocumentError
from tests.knowledge.builders import add_table, led_in, seconds, word, word_xml

MUST_NOT = "Staff must not reply to pupils."
RUNS = "<w:r><w:t xml:space='preserve'>Staff must </w:t></w:r>{}<w:r><w:t>reply to pupils.</w:t></w:r>"
NOT = "<w:r><w:t xml:space='preserve'>not </w:t></w:r>"


def _read(content: bytes) -> list[tuple[str, str]]:
    return [(block.kind.value, block.text) for block in read_word("phones.docx", content)]


def _sample(made: WordDocument) -> None:
    made.add_heading("Phones policy", 0)
    made.add_heading("4.2 Lessons", 1)
    made.add_paragraph("Staff must not:")
    made.add_paragraph("lend a phone, for example:", style="List Bullet")
    made.add_paragraph("to a pupil", style="List Bullet 2")
    made.add_paragraph("film anybody", style="List Number")
    made.add_paragraph("  ")
    made.add_paragraph("Staff keep phones off in every lesson. Ask the office.")


def test_styles_say_what_a_paragraph_is() -> None:
    """Headings, titles and lists are what their styles say; an empty paragraph is nothing."""
    assert read_word("phones.docx", word(_sample)) == [
        Block(BlockKind.HEADING, "Phones policy"),
        Block(BlockKind.HEADING, "Lessons", "4.2"),
        Block(BlockKind.PARAGRAPH, "Staff must not:"),
        Block(BlockKind.BULLET, "lend a phone, for example:", None, 0),
        Block(BlockKind.BULLET, "to a pupil", None, 1),
        Block(BlockKind.BULLET, "film anybody", None, 0),
        Block(BlockKind.PARAGRAPH, "Staff keep phones off in every lesson. Ask the office."),
    ]


def test_lead_ins_chain_through_the_levels_of_a_list() -> None:
    """An inner item carries the outer one and the stem; an item further out carries the stem alone."""
    assert led_in(read_document("phones.docx", word(_sample))) == {
        "lend a phone, for example:": ["Staff must not:"],
        "to a pupil": ["Staff must not:", "lend a phone, for example:"],
        "film anybody": ["Staff must not:"],
    }


def test_numbering_makes_an_item_whatever_the_style() -> None:
    """A paragraph that Word numbers or bullets is an item of that level, though its style is plain."""
    numbered = "<w:p><w:pPr><w:numPr>{}<w:numId w:val='1'/></w:numPr></w:pPr><w:r><w:t>Ask first</w:t></w:r></w:p>"
    blocks = read_word("a.docx", word_xml(numbered.format("<w:ilvl w:val='2'/>"), numbered.format("")))
    assert [(block.kind, block.level) for block in blocks] == [(BlockKind.BULLET, 2), (BlockKind.BULLET, 0)]


def test_plain_paragraphs_are_read_by_their_look() -> None:
    """Headings, bullets and numbers that were typed by hand are known as in plain text."""
    typed = ["PHONES", "4.2 Staff must ask before they bring a phone in.", "• wait", "Owner\tThe head"]
    assert _read(word(lambda made: [made.add_paragraph(text) for text in typed])) == [
        ("heading", "PHONES"),
        ("paragraph", "Staff must ask before they bring a phone in."),
        ("bullet", "wait"),
        ("heading", "Owner The head"),
    ]


def test_contents_list_is_kept_apart() -> None:
    """The lines of Word's own contents list make no clauses."""

    def fill(made: WordDocument) -> None:
        made.styles.add_style("TOC 1", 1)
        made.add_paragraph("Aims\t3", style="TOC 1")

    assert _read(word(fill)) == [("contents", "Aims 3")]


def test_rows_of_a_table() -> None:
    """A row joins its cells; empty cells and rows go, two cells that say the same both stay."""
    rows = [("Version", "2"), ("", ""), ("yes", "yes"), ("", "Owner")]
    assert _read(word(lambda made: add_table(made, rows))) == [
        ("row", "Version | 2"),
        ("row", "yes | yes"),
        ("row", "Owner"),
    ]


def test_merged_cells_count_once_across_and_in_every_row_down() -> None:
    """A cell over two columns is said once; one that reaches down is said in each of its rows."""

    def fill(made: WordDocument) -> None:
        table = made.add_table(3, 2)
        table.cell(0, 0).merge(table.cell(0, 1)).text = "Phones"
        table.cell(1, 0).merge(table.cell(2, 0)).text = "Lessons"
        table.cell(1, 1).text, table.cell(2, 1).text = "off", "in the locker"

    assert _read(word(fill)) == [("row", "Phones"), ("row", "Lessons | off"), ("row", "Lessons | in the locker")]


@pytest.mark.parametrize(
    "around",
    [
        "<w:ins w:id='1' w:author='a'>{}</w:ins>",
        "<w:moveTo w:id='1' w:author='a'>{}</w:moveTo>",
        "<w:smartTag w:element='x'>{}</w:smartTag>",
        "<w:fldSimple w:instr='x'>{}</w:fldSimple>",
        "<w:sdt><w:sdtContent>{}</w:sdtContent></w:sdt>",
        "<w:hyperlink>{}</w:hyperlink>",
    ],
    ids=["insertion", "moved here", "smart tag", "field", "content control", "link"],
)
def test_no_word_is_lost_inside_a_sentence(around: str) -> None:
    """A tracked insertion, a link or a form field holds words like any other: a lost "not" would be a misquote."""
    content = word_xml(f"<w:p>{RUNS.format(around.format(NOT))}</w:p>")
    assert [block.text for block in read_word("a.docx", content)] == [MUST_NOT]


@pytest.mark.parametrize(
    "around",
    [
        "<w:del w:id='1' w:author='a'><w:r><w:delText>never </w:delText></w:r></w:del>",
        "<w:moveFrom w:id='1' w:author='a'>{}</w:moveFrom>",
        "<w:r><w:txbxContent><w:p>{}</w:p></w:txbxContent></w:r>",
    ],
    ids=["deletion", "moved away", "text box"],
)
def test_deleted_words_do_not_come_back(around: str) -> None:
    """What a tracked change took out, or stands in a box of its own, is no part of the sentence."""
    content = word_xml(f"<w:p>{RUNS.format(NOT + around.format(NOT))}</w:p>")
    assert [block.text for block in read_word("a.docx", content)] == [MUST_NOT]


@pytest.mark.parametrize(
    "around",
    [
        "<w:sdt><w:sdtContent>{}</w:sdtContent></w:sdt>",
        "<w:sdt><w:sdtContent><w:sdt><w:sdtContent>{}</w:sdtContent></w:sdt></w:sdtContent></w:sdt>",
        "<w:customXml>{}</w:customXml>",
        "<w:tbl><w:sdt><w:sdtContent><w:tr><w:tc>{}</w:tc></w:tr></w:sdtContent></w:sdt></w:tbl>",
        "<w:tbl><w:tr><w:sdt><w:sdtContent><w:tc>{}</w:tc></w:sdtContent></w:sdt></w:tr></w:tbl>",
        "<w:tbl><w:tr><w:tc><w:tbl><w:tr><w:tc>{}</w:tc></w:tr></w:tbl><w:p/></w:tc></w:tr></w:tbl>",
    ],
    ids=["content control", "two of them", "custom xml", "row", "cell", "table in a table"],
)
def test_no_paragraph_is_lost_inside_a_wrapper(around: str) -> None:
    """Paragraphs, rows and cells inside content controls, and tables inside tables, are read like any other."""
    paragraph = f"<w:p>{RUNS.format(NOT)}</w:p>"
    assert [block.text for block in read_word("a.docx", word_xml(around.format(paragraph)))] == [MUST_NOT]


def test_breaks_and_tabs_become_spaces() -> None:
    """A forced line break or tab inside a sentence separates words and no more."""
    content = word_xml(
        "<w:p><w:r><w:t>Staff must</w:t><w:br/><w:t>not</w:t><w:tab/><w:t>lend phones.</w:t></w:r></w:p>"
    )
    assert _read(content) == [("paragraph", "Staff must not lend phones.")]


def test_unknown_style_is_a_plain_paragraph() -> None:
    """A paragraph whose style is missing from the document is read by its look."""
    content = word_xml("<w:p><w:pPr><w:pStyle w:val='Gone'/></w:pPr><w:r><w:t>Staff must ask first.</w:t></w:r></w:p>")
    assert _read(content) == [("paragraph", "Staff must ask first.")]


def _repacked(change: Callable[[dict[str, bytes]], object]) -> bytes:
    with zipfile.ZipFile(io.BytesIO(word(_sample))) as packed:
        parts = {name: packed.read(name) for name in packed.namelist()}
    change(parts)
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, content in parts.items():
            packed.writestr(name, content)
    return held.getvalue()


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"Staff must ask first.",
        b"PK\x03\x04 and no more",
        word(_sample)[:-200],
        _repacked(lambda parts: parts.clear()),
        _repacked(lambda parts: parts.pop("word/document.xml")),
        _repacked(lambda parts: parts.pop("[Content_Types].xml")),
        _repacked(lambda parts: parts.update({"word/document.xml": b"<w:document"})),
        _repacked(lambda parts: parts.update({"word/document.xml": b"<a/>"})),
        _repacked(lambda parts: parts.update({"[Content_Types].xml": b"<a/>"})),
        word_xml("<w:tbl><w:tr><w:tc><w:tcPr><w:gridSpan w:val='x'/></w:tcPr><w:p/></w:tc></w:tr></w:tbl>"),
    ],
    ids=["empty", "text", "stub", "cut off", "no parts", "no words", "no types", "broken", "other", "types", "table"],
)
def test_what_is_no_word_document_is_refused_in_words(content: bytes) -> None:
    """A damaged or wrong file is one kind of error that says what to do, whatever the libraries stumble over."""
    with pytest.raises(DocumentError) as refused:
        read_word("phones.docx", content)
    assert str(refused.value) == (
        "phones.docx is not a Word document (.docx). Save it from Word as .docx and try again."
    )


@pytest.mark.parametrize("seed", range(60))
def test_damaged_word_documents_never_break_the_reader(seed: int) -> None:
    """RS-66: bytes that were changed anywhere give a document or a DocumentError, never another exception."""
    chance = random.Random(seed)  # noqa: S311
    content = bytearray(word(_sample))
    for _ in range(8):
        content[chance.randrange(len(content))] = chance.randrange(256)
    with contextlib.suppress(DocumentError):
        assert read_document("phones.docx", bytes(content)).passages


def test_document_that_unpacks_to_something_absurd_is_refused() -> None:
    """RS-61: a small file that unpacks to very much is refused before it is unpacked."""
    bomb = _repacked(lambda parts: parts.update({"word/media/image1.bin": b"\0" * 60_000_000}))
    assert len(bomb) < 1_000_000
    with pytest.raises(DocumentError, match=r"^phones.docx unpacks to 60,\d{3},\d{3} bytes, which no policy needs"):
        read_word("phones.docx", bomb)


def test_entities_are_never_expanded() -> None:
    """RS-61: entities that expand to very much, or read a file, stay what they are."""
    lol = '<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b SYSTEM "file:///etc/passwd">]>'
    body = "<w:body><w:p><w:r><w:t>Staff ask&a;&b; first.</w:t></w:r></w:p></w:body>"
    space = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
    xml = f'{lol}<w:document xmlns:w="{space}">{body}</w:document>'
    content = _repacked(lambda parts: parts.update({"word/document.xml": xml.encode()}))
    assert "root" not in str(_read(content))
    assert "haha" not in str(_read(content))


def test_cell_that_claims_a_billion_columns_costs_nothing() -> None:
    """RS-61: the width a cell claims is only counted, never walked."""
    wide = "<w:tbl><w:tr><w:tc><w:tcPr><w:gridSpan w:val='999999999'/></w:tcPr><w:p>{}</w:p></w:tc></w:tr></w:tbl>"
    content = word_xml(wide.format(NOT))
    assert seconds(lambda: read_word("a.docx", content)) < 5
    assert _read(content) == [("row", "not")]


def test_very_many_paragraphs_are_read_quickly() -> None:
    """RS-61: the styles are looked up once and not for every paragraph."""
    content = word_xml(*["<w:p><w:r><w:t>Staff must ask.</w:t></w:r></w:p>"] * 5_000)
    assert seconds(lambda: read_word("a.docx", content)) < 5
