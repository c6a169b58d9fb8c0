"""The safety floor: unmistakable words of danger, abuse and disclosure, seen before anything else is looked at.

A sign is a phrase over plain words. `{name}` stands for any entry of the word list of that name, up to three other
words may stand between two neighbours, and `~` between two words allows none. Signs are a floor: they say that
someone must be told, and nothing says that no one must be.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from bot.matching.text import words
from knowledge.model import Catalogue, ConcernKind

_GAP = 3
_LONGEST = 4

Span = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Seen:
    """A concern that was seen: its category, how sure ("certain" for an unmistakable sign), and the sign."""

    kind: ConcernKind
    certainty: str
    sign: str


@dataclass(frozen=True, slots=True)
class _Sign:
    text: str
    elements: tuple[str, ...]
    gaps: tuple[int, ...]
    kind: ConcernKind


class SafetyFloor:
    """Looks for the signs of every category; the catalogue lists the categories most pressing first."""

    def __init__(self, catalogue: Catalogue) -> None:
        self._signs = [_compile(sign, kind) for kind in catalogue.concerns for sign in kind.signs]
        self._phrases: dict[tuple[str, ...], set[str]] = defaultdict(set)
        for sign in self._signs:
            for element in sign.elements:
                for phrase in _phrases(element, catalogue.sign_words):
                    self._phrases[tuple(words(phrase))].add(element)

    def see(self, tokens: Sequence[str]) -> Seen | None:
        """Return the most pressing concern in a message of these words, or None."""
        spans = self._spans(tokens)
        for sign in self._signs:
            if all(element in spans for element in sign.elements) and _chained(sign, spans):
                return Seen(sign.kind, "certain", sign.text)
        return None

    def _spans(self, tokens: Sequence[str]) -> Mapping[str, list[Span]]:
        spans: dict[str, list[Span]] = defaultdict(list)
        for start in range(len(tokens)):
            for end in range(start + 1, min(start + _LONGEST, len(tokens)) + 1):
                for element in self._phrases.get(tuple(tokens[start:end]), ()):
                    spans[element].append((start, end))
        return spans


def _compile(sign: str, kind: ConcernKind) -> _Sign:
    elements: list[str] = []
    gaps: list[int] = []
    for part in sign.replace("~", " ~ ").split():
        if part == "~":
            gaps[-1] = 0
            continue
        elements.append(part)
        gaps.append(_GAP)
    return _Sign(sign, tuple(elements), tuple(gaps), kind)


def _phrases(element: str, lists: Mapping[str, tuple[str, ...]]) -> Iterable[str]:
    if element.startswith("{") and element.endswith("}"):
        return lists.get(element[1:-1], ())
    return (element,)


def _chained(sign: _Sign, spans: Mapping[str, list[Span]]) -> bool:
    """Tell whether the elements stand in order, with no more between them than the sign allows."""
    ends = {end for _, end in spans[sign.elements[0]]}
    for position, element in enumerate(sign.elements[1:]):
        gap = sign.gaps[position]
        ends = {end for start, end in spans[element] if any(0 <= start - before <= gap for before in ends)}
        if not ends:
            return False
    return True
