"""Finds the header fields of a document: version, dates, who approved it, who owns it."""

import re
from collections.abc import Iterable, Mapping
from types import MappingProxyType

from knowledge.model import Passage, PassageKind

# Labels as schools print them, longest first where one begins another.
_LABELS = {
    "version": ("version number", "version no", "version"),
    "issued": ("date of issue", "issue date", "issued on", "issued", "date issued", "adopted", "date adopted"),
    "approved": ("date approved", "approval date", "approved on"),
    "approved_by": ("approved by", "ratified by", "agreed by"),
    "review_due": ("date for review", "review date", "review due", "next review", "date of next review", "review by"),
    "owner": ("slt member responsible", "policy owner", "owner", "author", "responsible person", "person responsible"),
    "applies_to": ("applies to", "who it applies to"),
    "school": ("school", "school name", "name of school"),
}
_FIELD_OF = {label: field for field, labels in _LABELS.items() for label in labels}
_SPLIT = re.compile(r"\s*(?:\||:)\s*")
_HISTORY_HEADER = re.compile(r"^(?:version|issue|v)\s*\|\s*date\b", re.IGNORECASE)
_MAX_VALUE_WORDS = 20


def find_metadata(passages: Iterable[Passage]) -> tuple[Mapping[str, str], frozenset[int]]:
    """Return the header fields by name, as printed, and the numbers of the passages they stand in.

    Only rows and short "Label: value" lines count; the first row that names a field wins. The rows of a version
    history count as header fields too, though no field is taken from them.
    """
    fields: dict[str, str] = {}
    numbers: set[int] = set()
    in_history = False
    for passage in passages:
        in_history = passage.kind is PassageKind.ROW and (in_history or bool(_HISTORY_HEADER.match(passage.text)))
        if in_history:
            numbers.add(passage.number)
            continue
        found = _field(passage)
        if found and found[0] not in fields:
            fields[found[0]] = found[1]
            numbers.add(passage.number)
    return MappingProxyType(fields), frozenset(numbers)


def _field(passage: Passage) -> tuple[str, str] | None:
    # "Approved by: Governors" is as short as a heading and may have been taken for one.
    if passage.kind not in {PassageKind.ROW, PassageKind.SENTENCE, PassageKind.HEADING} or passage.lead_in:
        return None
    parts = _SPLIT.split(passage.text, maxsplit=1)
    if len(parts) != 2 or not parts[1] or len(parts[1].split()) > _MAX_VALUE_WORDS:
        return None
    field = _FIELD_OF.get(parts[0].strip().lower())
    return (field, parts[1].strip()) if field else None
