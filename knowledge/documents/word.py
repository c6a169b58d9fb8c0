"""Reads Word documents (.docx) into blocks."""

import io
import zipfile

import docx
from docx.document import Document as WordDocument
from docx.opc.exceptions import PackageNotFoundError
from docx.oxml.ns import qn
from docx.table import Table
from docx.text.paragraph import Paragraph

from knowledge.documents.blocks import Block, BlockKind
from knowledge.documents.plain import blocks_of_lines
from knowledge.documents.signs import take_sign
from knowledge.errors import DocumentError

_MAX_UNPACKED = 200_000_000


def read_word(name: str, content: bytes) -> list[Block]:
    """Read a .docx into blocks: heading and list styles as Word has them, plain paragraphs by their look.

    Raises DocumentError where the file is not a Word document or unpacks to something absurd.
    """
    blocks: list[Block] = []
    for item in _open(name, content).iter_inner_content():
        if isinstance(item, Table):
            blocks.extend(_rows(item))
        else:
            blocks.extend(_paragraph(item))
    return blocks


def _open(name: str, content: bytes) -> WordDocument:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            unpacked = sum(entry.file_size for entry in packed.infolist())
        if unpacked > _MAX_UNPACKED:
            raise DocumentError(f"{name} unpacks to {unpacked:,} bytes, which no policy needs. Save it anew from Word.")
        return docx.Document(io.BytesIO(content))
    except (zipfile.BadZipFile, PackageNotFoundError, KeyError, ValueError) as error:
        raise DocumentError(
            f"{name} is not a Word document (.docx). Save it from Word as .docx and try again."
        ) from error


def _paragraph(paragraph: Paragraph) -> list[Block]:
    text = " ".join(paragraph.text.split())
    if not text:
        return []
    style = (paragraph.style.name or "") if paragraph.style is not None else ""
    marked = take_sign(text)
    if style.startswith(("Heading", "Title")):
        return [Block(BlockKind.HEADING, marked.text, marked.number)]
    if style.startswith("TOC"):
        return [Block(BlockKind.CONTENTS, text)]
    level = _list_level(paragraph, style)
    if level is not None:
        return [Block(BlockKind.BULLET, marked.text, marked.number, level)]
    return blocks_of_lines([text])


def _list_level(paragraph: Paragraph, style: str) -> int | None:
    """Return the nesting level of a list item, or None for a paragraph that is none."""
    # python-docx has no public reading of numbering, so the XML is asked.
    numbering = paragraph._p.find(f"./{qn('w:pPr')}/{qn('w:numPr')}")  # noqa: SLF001
    nesting = numbering.find(qn("w:ilvl")) if numbering is not None else None
    if nesting is not None:
        return int(nesting.get(qn("w:val"), "0"))
    if style.startswith("List"):
        tail = style.rsplit(maxsplit=1)[-1]
        return int(tail) - 1 if tail.isdigit() else 0
    return 0 if numbering is not None else None


def _rows(table: Table) -> list[Block]:
    rows: list[Block] = []
    for row in table.rows:
        cells: list[str] = []
        for cell in row.cells:
            text = " ".join(cell.text.split())
            if text and (not cells or cells[-1] != text):
                cells.append(text)
        if cells:
            rows.append(Block(BlockKind.ROW, " | ".join(cells)))
    return rows
