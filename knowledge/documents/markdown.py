"""Reads Markdown into blocks."""

from collections.abc import Sequence

from markdown_it import MarkdownIt
from markdown_it.token import Token

from knowledge.documents.blocks import Block, BlockKind
from knowledge.documents.plain import blocks_of_lines, read_plain
from knowledge.documents.signs import take_sign


def read_markdown(text: str) -> list[Block]:
    """Read CommonMark with tables into blocks; emphasis and links become their text, HTML stays as it was typed."""
    tokens = MarkdownIt("commonmark", {"html": False}).enable("table").parse(text)
    blocks: list[Block] = []
    cells: list[str] = []
    depth = 0
    for position, token in enumerate(tokens):
        depth += {"bullet_list_open": 1, "ordered_list_open": 1}.get(token.type, 0)
        depth -= {"bullet_list_close": 1, "ordered_list_close": 1}.get(token.type, 0)
        if token.type == "tr_close":
            blocks.append(Block(BlockKind.ROW, " | ".join(cell for cell in cells if cell)))
            cells = []
        elif token.type in {"code_block", "fence"}:
            # Indented text is code to Markdown; in a policy it is a paragraph.
            blocks.extend(read_plain(token.content))
        elif token.type == "inline":
            holder = tokens[position - 1].type
            if holder in {"td_open", "th_open"}:
                cells.append(_text(token))
            else:
                blocks.extend(_blocks(_text(token), holder, depth, _printed(tokens, position)))
    return blocks


def _blocks(text: str, holder: str, depth: int, printed: str | None) -> list[Block]:
    if not text:
        return []
    marked = take_sign(text)
    if holder == "heading_open":
        return [Block(BlockKind.HEADING, marked.text, marked.number)]
    if depth:
        return [Block(BlockKind.BULLET, marked.text, marked.number or printed, depth - 1)]
    return blocks_of_lines([text])


def _printed(tokens: Sequence[Token], position: int) -> str | None:
    """Return the number an ordered list prints before an item."""
    item = tokens[position - 2] if position >= 2 else None
    return item.info or None if item and item.type == "list_item_open" else None


def _text(token: Token) -> str:
    parts = [" " if child.type in {"softbreak", "hardbreak"} else child.content for child in token.children or []]
    return " ".join("".join(parts).split())
