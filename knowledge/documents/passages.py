"""Cuts blocks into numbered passages: one sentence, bullet or table row each, with heading and lead-in."""

import re
from collections.abc import Iterable, Iterator

from knowledge.documents.blocks import Block, BlockKind
from knowledge.documents.signs import leads_in
from knowledge.model import Passage, PassageKind

_BOUNDARY = re.compile(r"(?<=[.!?])(?P<close>[\"'’”‟)\]]*)\s+(?=[\"'‘“(\[]?[A-Z0-9])")
_GLUED = re.compile(r"(?<=[a-z0-9)])([.!?])(?=[A-Z][a-z]+\s)")
_ABBREVIATION = re.compile(
    r"(?:\b(?:e\.?g|i\.?e|Mr|Mrs|Ms|Dr|St|No|Nos|cf|vs|p|pp|para|approx|Rev)|\b[A-Z])\.$", re.IGNORECASE
)
_LONGEST_ABBREVIATION = 8
_SHORT_LEAD_IN = 4
_DEEPEST_LEVEL = 8
_KINDS = {
    BlockKind.HEADING: PassageKind.HEADING,
    BlockKind.BULLET: PassageKind.BULLET,
    BlockKind.ROW: PassageKind.ROW,
    BlockKind.CONTENTS: PassageKind.CONTENTS,
}


def split_sentences(text: str) -> list[str]:
    """Split a paragraph into sentences; abbreviations hold, a missing space after a full stop does not."""
    spaced = _GLUED.sub(r"\1 ", text)
    sentences: list[str] = []
    start = 0
    for found in _BOUNDARY.finditer(spaced):
        end = found.end("close")
        if _ABBREVIATION.search(spaced, max(start, end - _LONGEST_ABBREVIATION), end):
            continue
        sentences.append(spaced[start:end].strip())
        start = found.end()
    sentences.append(spaced[start:].strip())
    return [sentence for sentence in sentences if sentence]


def cut_passages(blocks: Iterable[Block]) -> tuple[Passage, ...]:
    """Number every block of a document from 1 and give each passage its heading and lead-in."""
    return tuple(_Cutter().cut(blocks))


class _Cutter:
    """Walks the blocks once, knowing the heading and the open lead-ins, outermost first."""

    def __init__(self) -> None:
        self._count = 0
        self._heading: str | None = None
        self._section: str | None = None
        self._lead_ins: list[tuple[int, tuple[int, ...]]] = []

    def cut(self, blocks: Iterable[Block]) -> Iterator[Passage]:
        for block in blocks:
            if block.kind is BlockKind.PARAGRAPH:
                yield from self._paragraph(block)
            elif block.text:
                yield self._single(block)

    def _single(self, block: Block) -> Passage:
        if block.kind is BlockKind.HEADING:
            self._heading, self._section = block.text.rstrip(":"), block.number
        if block.kind is not BlockKind.BULLET:
            self._lead_ins = []
        level = min(block.level, _DEEPEST_LEVEL)
        while self._lead_ins and self._lead_ins[-1][0] >= level:
            self._lead_ins.pop()
        lead_in = self._lead_ins[-1][1] if self._lead_ins else ()
        passage = self._passage(_KINDS[block.kind], block.text, block.number, lead_in)
        if block.kind is BlockKind.BULLET and leads_in(block.text):
            self._lead_ins.append((level, (*lead_in, passage.number)))
        return passage

    def _paragraph(self, block: Block) -> Iterator[Passage]:
        self._lead_ins = []
        passages = [
            self._passage(PassageKind.SENTENCE, sentence, block.number, ()) for sentence in split_sentences(block.text)
        ]
        if passages and leads_in(passages[-1].text):
            short = len(passages[-1].text.split()) < _SHORT_LEAD_IN
            stem = passages[-2:] if short else passages[-1:]
            self._lead_ins = [(-1, tuple(passage.number for passage in stem))]
        yield from passages

    def _passage(self, kind: PassageKind, text: str, number: str | None, lead_in: tuple[int, ...]) -> Passage:
        self._count += 1
        return Passage(
            number=self._count,
            kind=kind,
            text=text,
            heading=self._heading,
            printed=number or self._section,
            lead_in=lead_in,
        )
