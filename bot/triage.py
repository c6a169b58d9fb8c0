"""Triage: whether a message tells of something that a person must hear of, which category it is, and how sure that is.

Two look at a message. The safety floor looks for signs: phrases over plain words, in which `{name}` stands for any
entry of the word list of that name, up to three other words may stand between two neighbours, and `~` between two words
allows none. The sense (`bot.sense`) has learnt from example messages. What either sees is enough for the reply to say
whom to tell; advice and an offer need the sense, or a sign that it does not find far-fetched ("10Y read the stabbing").
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from bot.matching.text import words
from bot.wording import WHOLE_MESSAGE
from knowledge.model import Catalogue, ConcernKind, RouteName

# Chances of the sense, chosen on tests/evaluation/triage/open.yaml, safety/disclosures.yaml and held-out examples.
# From here on a message is a concern: with a sign (less is far-fetched), without one, and without one but with a rule
# that answers it.
SIGN_AT = 0.30
CONCERN_AT = 0.36
ANSWERED_AT = 0.60
# From here on a concern is certain, with a sign and without one.
SIGN_CERTAIN_AT = 0.60
CERTAIN_AT = 0.90
# From here on the reply says whom to tell, whatever else it says.
MENTION_AT = 0.16
SIGN_MENTION_AT = 0.05
# Shares from which a concern is taken to be about the headteacher, or about another adult, whatever else it may be: it
# must not reach the person it is about. Where a sign names another category, it takes more to go against it. Where no
# word names an adult, more must speak for one than for a child: an unsure worry ("he looks sad") is about a child.
_HEAD_AT = 0.30
_ADULT_AT = 0.35
_AGAINST_SIGN_AT = 0.50
# A certain concern for the DSL can be sent unasked, and the DSL is a colleague too: no more may speak for its being
# about one, without a sign and with one.
_COLLEAGUE_AT_MOST = 0.10
_COLLEAGUE_WITH_SIGN = 0.22
_ABOUT_ADULTS = frozenset({"adult-conduct", "low-level"})
# The word lists of the floor that name adults who work in a school.
ADULTS = frozenset({"{staff}", "{title}", "{head}"})
_UNSURE = "child-at-risk"
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
class Felt:
    """What the sense makes of a message: the chance that it is live, and each category with its share of that.

    `names_adult` tells whether a word of the message names an adult who works in a school.
    """

    chance: float
    shares: tuple[tuple[ConcernKind, float], ...]
    names_adult: bool

    @property
    def about_head(self) -> float:
        """The share of a concern about the headteacher."""
        return sum(share for kind, share in self.shares if kind.route is RouteName.HEAD)

    @property
    def about_adult(self) -> float:
        """The share of a concern about another adult."""
        return sum(share for kind, share in self.shares if kind.id in _ABOUT_ADULTS)

    @property
    def about_child(self) -> float:
        """The share of a concern about a child that the DSL is told of."""
        return sum(share for kind, share in self.shares if kind.route is RouteName.CHILD)

    @property
    def about_colleague(self) -> float:
        """The share of concerns about somebody who may be among those told first."""
        return self.about_head + self.about_adult

    def likeliest(self, among: Callable[[ConcernKind], bool] = lambda kind: True) -> ConcernKind:
        """Return the category with the largest share, among all or among some."""
        return max((pair for pair in self.shares if among(pair[0])), key=lambda pair: pair[1])[0]


def judge(sign: Seen | None, felt: Felt | None, *, answered: bool = False) -> Seen | None:
    """Return the concern in a message, by its sign and by what the sense makes of it; None where neither is enough.

    Without a sense a sign is enough. Where a rule answers the message, the sense must be surer.
    """
    if felt is None:
        return sign
    without_sign = ANSWERED_AT if answered else CONCERN_AT
    if felt.chance < (SIGN_AT if sign else without_sign):
        return None
    kind = _kind(sign, felt)
    certainty = "certain" if _is_certain(sign, felt, kind) else "possible"
    return Seen(kind, certainty, sign.sign if sign else WHOLE_MESSAGE)


def likeliest(sign: Seen | None, felt: Felt | None, kinds: Sequence[ConcernKind], category: str | None) -> ConcernKind:
    """Return the category of what somebody raises: the one they name, else by sign and sense, else a child at risk."""
    named = next((kind for kind in kinds if kind.id == category), None)
    if named:
        return named
    if felt is not None:
        return _kind(sign, felt)
    return sign.kind if sign else next((kind for kind in kinds if kind.id == _UNSURE), kinds[0])


def needs_safety_line(sign: Seen | None, felt: Felt | None) -> bool:
    """Tell whether the reply must say whom to tell, for a message that is not treated as a concern."""
    if felt is None:
        return False
    return felt.chance >= (SIGN_MENTION_AT if sign else MENTION_AT)


def _is_certain(sign: Seen | None, felt: Felt, kind: ConcernKind) -> bool:
    """Tell whether it is certain that a concern is live and, where it may be sent unasked, that the DSL may see it."""
    if felt.chance < (SIGN_CERTAIN_AT if sign else CERTAIN_AT):
        return False
    doubt = _COLLEAGUE_WITH_SIGN if sign else _COLLEAGUE_AT_MOST
    return kind.route is not RouteName.CHILD or felt.about_colleague <= doubt


def _kind(sign: Seen | None, felt: Felt) -> ConcernKind:
    """Return the category: about the headteacher before about another adult before about a child."""
    if felt.about_head >= (_AGAINST_SIGN_AT if sign else _HEAD_AT):
        return felt.likeliest(lambda kind: kind.route is RouteName.HEAD)
    if sign and sign.kind.route is not RouteName.CHILD:
        return sign.kind
    if felt.about_adult >= _adult_at(sign, felt):
        return felt.likeliest(lambda kind: kind.id in _ABOUT_ADULTS)
    return sign.kind if sign else felt.likeliest(lambda kind: felt.names_adult or kind.id not in _ABOUT_ADULTS)


def _adult_at(sign: Seen | None, felt: Felt) -> float:
    """Return the share from which a concern is taken to be about another adult."""
    if sign:
        return _AGAINST_SIGN_AT
    return _ADULT_AT if felt.names_adult else max(_ADULT_AT, felt.about_child)


@dataclass(frozen=True, slots=True)
class _Sign:
    text: str
    elements: tuple[str, ...]
    gaps: tuple[int, ...]
    kind: ConcernKind


class SafetyFloor:
    """Looks for the signs of every category; the catalogue lists the categories most pressing first."""

    def __init__(self, catalogue: Catalogue) -> None:
        self.kinds = catalogue.concerns
        self._signs = [_compile(sign, kind) for kind in catalogue.concerns for sign in kind.signs]
        self._phrases: dict[tuple[str, ...], set[str]] = defaultdict(set)
        for element in self.elements:
            for phrase in _phrases(element, catalogue.sign_words):
                self._phrases[tuple(words(phrase))].add(element)
        # Most words of a message begin no phrase, and most signs begin with an element that it does not have.
        self._longest: dict[str, int] = {}
        for first, *rest in filter(None, self._phrases):
            self._longest[first] = min(max(self._longest.get(first, 0), 1 + len(rest)), _LONGEST)
        self._beginning: dict[str, list[int]] = defaultdict(list)
        for number, sign in enumerate(self._signs):
            self._beginning[sign.elements[0]].append(number)

    @property
    def elements(self) -> Iterable[str]:
        """The words and word lists of which signs are made, each once."""
        return dict.fromkeys(element for sign in self._signs for element in sign.elements)

    def met(self, tokens: Sequence[str]) -> Iterable[str]:
        """Name the elements that a message of these words has, whether or not a sign comes of them."""
        return self._spans(tokens)

    def see(self, tokens: Sequence[str]) -> Seen | None:
        """Return the most pressing concern in a message of these words, or None."""
        spans = self._spans(tokens)
        for number in sorted(number for element in spans for number in self._beginning.get(element, ())):
            sign = self._signs[number]
            if all(element in spans for element in sign.elements) and _chained(sign, spans):
                return Seen(sign.kind, "certain", sign.text)
        return None

    def _spans(self, tokens: Sequence[str]) -> Mapping[str, list[Span]]:
        spans: dict[str, list[Span]] = defaultdict(list)
        for start in range(len(tokens)):
            longest = self._longest.get(tokens[start], 0)
            for end in range(start + 1, min(start + longest, len(tokens)) + 1):
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
