"""Blocks: what a reader of one file format hands over, before it is cut into passages."""

from dataclasses import dataclass
from enum import StrEnum


class BlockKind(StrEnum):
    """What a stretch of a document is on the page."""

    HEADING = "heading"
    PARAGRAPH = "paragraph"
    BULLET = "bullet"
    ROW = "row"
    CONTENTS = "contents"


@dataclass(frozen=True, slots=True)
class Block:
    """One heading, paragraph, list item or table row, in document order.

    `text` is clean (one line, single spaces) and keeps its words as printed; a bullet sign or printed number in
    front of it has been taken off, the number kept in `number`. `level` counts list nesting from 0. The cells of
    a row are joined by " | ".
    """

    kind: BlockKind
    text: str
    number: str | None = None
    level: int = 0
