"""Reads plain text into blocks: text copied out of Word, a web page or a PDF, with all that comes with it."""

import re
from collections import Counter
from collections.abc import Iterator

from knowledge.documents.blocks import Block, BlockKind
from knowledge.documents.signs import is_contents_line, is_heading, is_lone_number, leads_in, take_sign

_LEFTOVER = re.compile(r"\[bookmark: [^\[\]]*\]")
_PAGE = re.compile(r"^(?:page\s+\d+(?:\s+of\s+\d+)?:?|-\s*\d+\s*-)$", re.IGNORECASE)
_INLINE_NUMBER = re.compile(r"\s+(?=\d{1,2}\.\d{1,2}\s+[A-Z])")
_INLINE_BULLET = re.compile(r"\s+(?=o\s+[A-Z])")
_UNFINISHED = re.compile(r"[^.!?:;]$")
_LIST_LINK = re.compile(r";\s*(?:and|or)$")
_LIST_END = re.compile(r"(?:;|,|;\s*(?:and|or))$")
_RUNNING_HEADER = 3


def read_plain(text: str) -> list[Block]:
    """Read the text of a .txt file into blocks.

    Lines broken over blank lines are joined again, page numbers and running headers dropped, `[bookmark: ...]`
    marks taken out, and items that lost their bullet signs recognised by the lead-in before them.
    """
    return blocks_of_lines(list(_joined(_clean_lines(text))))


def blocks_of_lines(lines: list[str]) -> list[Block]:
    """Classify whole lines (a paragraph each, tabs between the cells of a row) into blocks."""
    blocks: list[Block] = []
    for line in lines:
        for piece in _pieces(line):
            blocks.append(_block(piece, blocks))
    return blocks


def _clean_lines(text: str) -> list[str]:
    lines = [_squeeze(_LEFTOVER.sub("", line)) for line in text.splitlines()]
    repeats = Counter(line for line in lines if 0 < len(line.split()) <= 12)
    seen: set[str] = set()
    kept: list[str] = []
    for line in lines:
        if not line or _PAGE.match(line):
            continue
        if repeats[line] >= _RUNNING_HEADER and line in seen and not take_sign(line).is_item:
            continue
        seen.add(line)
        kept.append(line)
    return kept


def _squeeze(line: str) -> str:
    cells = [" ".join(cell.split()) for cell in line.split("\t")]
    return "\t".join(cell for cell in cells if cell)


def _joined(lines: list[str]) -> Iterator[str]:
    """Join a sentence that goes on in the next line, and a number or sign that stands alone with its text."""
    held: list[str] = []
    for line in lines:
        if held and not (_stands_alone(held) or _goes_on(held[-1], line)):
            yield " ".join(held)
            held = []
        held.append(line)
    if held:
        yield " ".join(held)


def _stands_alone(held: list[str]) -> bool:
    """Tell a number or bullet sign that is still without its text."""
    return len(held) == 1 and (is_lone_number(held[0]) or not take_sign(held[0]).text)


def _goes_on(before: str, line: str) -> bool:
    if "\t" in before or "\t" in line or take_sign(line).is_item:
        return False
    return line[0].islower() and bool(_UNFINISHED.search(before)) and not _LIST_LINK.search(before)


def _pieces(line: str) -> Iterator[str]:
    """Cut a section that was run into one paragraph at its own numbers and lone `o` bullets."""
    parts = _INLINE_NUMBER.split(line) if re.match(r"\d{1,2}\.\d{1,2}", line) else [line]
    for part in parts:
        yield from _INLINE_BULLET.split(part)


def _block(line: str, before: list[Block]) -> Block:
    if "\t" in line:
        return Block(BlockKind.ROW, " | ".join(line.split("\t")))
    if is_contents_line(line):
        return Block(BlockKind.CONTENTS, line)
    text, number, is_item = take_sign(line)
    if is_item:
        return Block(BlockKind.BULLET, text, number, _level(number, before))
    if _is_unsigned_item(line, before):
        return Block(BlockKind.BULLET, text, number)
    if is_heading(text, numbered=number is not None):
        return Block(BlockKind.HEADING, text, number)
    return Block(BlockKind.PARAGRAPH, text, number)


def _level(number: str | None, before: list[Block]) -> int:
    """Nest bullets under a numbered item that leads in to them."""
    if number is not None or not before or before[-1].kind is not BlockKind.BULLET:
        return 0
    last = before[-1]
    return last.level + 1 if leads_in(last.text) else last.level


def _is_unsigned_item(line: str, before: list[Block]) -> bool:
    """Tell a list item that has no sign: it ends in ";" or closes a run of such items under a lead-in."""
    if not before:
        return False
    last = before[-1]
    led_in = last.kind is BlockKind.PARAGRAPH and leads_in(last.text)
    in_list = last.kind is BlockKind.BULLET and bool(_LIST_END.search(last.text))
    ends_item = bool(_LIST_END.search(line))
    return (led_in and ends_item) or (in_list and line[0].islower()) or (in_list and ends_item)
