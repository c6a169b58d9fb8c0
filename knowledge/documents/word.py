"""Reads Word documents (.docx) into blocks."""

import io
import zipfile
from collections.abc import Iterator
from typing import Any

import docx
from docx.document import Document as WordDocument
from docx.oxml.ns import qn

from knowledge.documents.blocks import Block, BlockKind
from knowledge.documents.plain import blocks_of_lines
from knowledge.documents.signs import take_sign
from knowledge.errors import DocumentError

_MAX_UNPACKED = 50_000_000
# What stands around paragraphs without being one: content controls, accepted insertions, custom XML.
_WRAPPERS = frozenset(qn(f"w:{name}") for name in ("sdt", "sdtContent", "customXml", "ins", "moveTo"))
# The words as printed: tracked insertions, content controls and fields count; what was moved away and boxes do not.
_RUNS = ".//w:r[not(ancestor::w:del or ancestor::w:moveFrom or ancestor::w:txbxContent)]"
_CELL_PARAGRAPHS = ".//w:p[not(ancestor::w:txbxContent)]"


def read_word(name: str, content: bytes) -> list[Block]:
    """Read a .docx into blocks: heading and list styles as Word has them, plain paragraphs by their look.

    Raises DocumentError where the file is not a Word document or unpacks to something absurd.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            unpacked = sum(entry.file_size for entry in packed.infolist())
        if unpacked <= _MAX_UNPACKED:
            return _blocks(docx.Document(io.BytesIO(content)))
    except Exception as error:
        # A damaged file raises whatever zip, the XML parser and python-docx stumble over: there is no shorter list.
        raise DocumentError(
            f"{name} is not a Word document (.docx). Save it from Word as .docx and try again."
        ) from error
    raise DocumentError(f"{name} unpacks to {unpacked:,} bytes, which no policy needs. Save it anew from Word.")


def _blocks(document: WordDocument) -> list[Block]:
    styles = {style.style_id: style.name or "" for style in document.styles}
    blocks: list[Block] = []
    for element in _elements(document.element.body):
        if element.tag == qn("w:tbl"):
            blocks.extend(_rows(element))
        else:
            blocks.extend(_paragraph(element, styles.get(element.style, "")))
    return blocks


def _elements(parent: Any) -> Iterator[Any]:
    """Walk the paragraphs and tables in order, those inside wrappers too."""
    for element in parent:
        if element.tag in {qn("w:p"), qn("w:tbl")}:
            yield element
        elif element.tag in _WRAPPERS:
            yield from _elements(element)


def _words(paragraph: Any) -> str:
    """Return the text of a paragraph; python-docx's own leaves tracked insertions out, a "not" among them."""
    return " ".join("".join(run.text for run in paragraph.xpath(_RUNS)).split())


def _paragraph(paragraph: Any, style: str) -> list[Block]:
    text = _words(paragraph)
    if not text:
        return []
    marked = take_sign(text)
    if style.startswith(("Heading", "Title")):
        return [Block(BlockKind.HEADING, marked.text, marked.number)]
    if style.startswith("TOC"):
        return [Block(BlockKind.CONTENTS, text)]
    level = _list_level(paragraph, style)
    if level is not None:
        return [Block(BlockKind.BULLET, marked.text, marked.number, level)]
    return blocks_of_lines([text])


def _list_level(paragraph: Any, style: str) -> int | None:
    """Return the nesting level of a list item, or None for a paragraph that is none."""
    # python-docx has no public reading of numbering, so the XML is asked.
    numbering = paragraph.find(f"./{qn('w:pPr')}/{qn('w:numPr')}")
    nesting = numbering.find(qn("w:ilvl")) if numbering is not None else None
    if nesting is not None:
        return int(nesting.get(qn("w:val"), "0"))
    if style.startswith("List"):
        tail = style.rsplit(maxsplit=1)[-1]
        return int(tail) - 1 if tail.isdigit() else 0
    return 0 if numbering is not None else None


def _rows(table: Any) -> list[Block]:
    """Read the rows of a table; a cell that reaches down over several rows counts in each."""
    rows: list[Block] = []
    above: dict[int, str] = {}
    for row in table.xpath("./w:tr | ./w:sdt/w:sdtContent/w:tr"):
        cells: list[str] = []
        column = 0
        for cell in row.xpath("./w:tc | ./w:sdt/w:sdtContent/w:tc"):
            own = " ".join(" ".join(_words(paragraph) for paragraph in cell.xpath(_CELL_PARAGRAPHS)).split())
            above[column] = own or (above.get(column, "") if cell.vMerge == "continue" else "")
            cells.append(above[column])
            column += cell.grid_span
        if any(cells):
            rows.append(Block(BlockKind.ROW, " | ".join(cell for cell in cells if cell)))
    return rows
