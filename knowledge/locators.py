"""Finds the passages a locator means, and cuts the quote out of the document."""

from collections.abc import Iterable
from dataclasses import dataclass

from rapidfuzz import fuzz, process

from knowledge.documents.folding import digest, fold
from knowledge.documents.signs import leads_in
from knowledge.model import Document, Locator, Passage, PassageKind


@dataclass(frozen=True, slots=True)
class Resolution:
    """Where a locator came out: the passages, or none and the nearest one there is."""

    passages: tuple[Passage, ...]
    nearest: Passage | None = None


def digest_at(document: Document, numbers: Iterable[int]) -> str | None:
    """Return the digest of the passages of those numbers, or None where one does not exist."""
    passages = [document.passage(number) for number in numbers]
    return digest(passage.text for passage in passages if passage) if all(passages) else None


def resolve(document: Document, locator: Locator, says: str) -> Resolution:
    """Resolve a locator: by digest, equal digests by the nearest number.

    Without a digest the numbers decide. `says` is used only to name the nearest passage where nothing matches.
    """
    count = len(locator.passages)
    if locator.digest is None:
        found = tuple(passage for number in locator.passages if (passage := document.passage(number)))
        return Resolution(found) if len(found) == count else Resolution((), nearest(document, says))
    written = locator.passages[0]
    starts = sorted(range(1, len(document.passages) - count + 2), key=lambda start: abs(start - written))
    for start in starts:
        if digest_at(document, range(start, start + count)) == locator.digest:
            return Resolution(document.passages[start - 1 : start - 1 + count])
    return Resolution((), nearest(document, says))


def nearest(document: Document, text: str) -> Passage | None:
    """Return the passage whose words are most like a text."""
    texts = {passage.number: fold(passage.text) for passage in document.passages if _is_rule(passage)}
    found = process.extractOne(fold(text), texts, scorer=fuzz.token_set_ratio)
    return document.passage(found[2]) if found else None


def cut_quote(document: Document, passages: Iterable[Passage]) -> str:
    """Cut the official wording: the lead-in where there is one, then one passage a line."""
    passages = tuple(passages)
    own = {passage.number for passage in passages}
    lead_ins = [number for number in passages[0].lead_in if number not in own] if passages else []
    stems = [passage.text for number in lead_ins if (passage := document.passage(number))]
    return "\n".join([*stems, *(passage.text for passage in passages)])


def uncovered(document: Document, covered: Iterable[int]) -> list[Passage]:
    """List the passages no clause covers; headings, contents lists, bare lead-ins and header fields apart."""
    done = set(covered) | document.metadata_passages
    for passage in document.passages:
        done.update(passage.lead_in)
    return [passage for passage in document.passages if passage.number not in done and _is_rule(passage)]


def _is_rule(passage: Passage) -> bool:
    if passage.kind in {PassageKind.HEADING, PassageKind.CONTENTS}:
        return False
    return not (passage.kind is PassageKind.SENTENCE and leads_in(passage.text))
