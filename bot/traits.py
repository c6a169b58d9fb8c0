"""What the sense notices in a message: its meaning, its words in pairs, the floor's word lists, and how it asks.

The vector says what a message is about. Whether it tells of something live or only asks about a rule hangs on little
words ("she said", "can I", "what if"), so those are looked at too. What each is worth, the regression learns.
"""

import math
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from bot.matching.text import stem
from bot.ports import Vectors
from bot.triage import SafetyFloor

# How much words, lists and form count beside the vector, whose length is 1; chosen on held-out messages.
_WORDS_SHARE = 3.0
_LISTS_SHARE = 1.0
_RARE = 2  # a word or pair that only one example has teaches nothing
_ASKING = frozenset(
    """can could may am is are do does did should would will must has have what how who when where if which why
    whats whos""".split()
)
_SUPPOSING = (
    ("what", "if"),
    ("if",),
    ("suppose",),
    ("supposing",),
    ("imagine",),
    ("lets",),
    ("say",),
    ("in", "theory"),
)
_LEAVE = frozenset(["can", "may", "could", "should", "must", "am", "are", "do"])
_STAFF = frozenset(["i", "we", "you", "staff", "teachers", "tas", "they"])


@dataclass(frozen=True, slots=True)
class Traits:
    """The traits of one message: the dense ones (vector, form), and where the sparse ones stand with their values."""

    dense: NDArray[np.float32]
    slots: NDArray[np.intp]
    values: NDArray[np.float32]


class TraitFinder:
    """Finds the traits of messages: the words that the examples have, and the word lists of the safety floor."""

    def __init__(self, examples: Sequence[tuple[str, Sequence[str]]], floor: SafetyFloor) -> None:
        """Learn the words from examples, each a text with its tokens."""
        self._floor = floor
        words = Counter(word for text, tokens in examples for word in _words(text, tokens))
        known = [word for word, times in words.items() if times >= _RARE]
        self._words = {word: slot for slot, word in enumerate(known)}
        self._lists = {element: len(known) + number for number, element in enumerate(floor.elements)}

    @property
    def slots(self) -> int:
        """How many sparse traits there are."""
        return len(self._words) + len(self._lists)

    def met(self, tokens: Sequence[str]) -> Iterable[str]:
        """Name the word lists of the floor that a message of these words has."""
        return self._floor.met(tokens)

    def traits(self, text: str, tokens: Sequence[str], vector: Vectors) -> Traits:
        """Return the traits of a message, given its words and its vector."""
        words = _placed(_words(text, tokens), self._words, _WORDS_SHARE)
        lists = _placed(set(self._floor.met(tokens)), self._lists, _LISTS_SHARE)
        found = {**words, **lists}
        slots = np.fromiter(found.keys(), dtype=np.intp, count=len(found))
        values = np.fromiter(found.values(), dtype=np.float32, count=len(found))
        return Traits(np.concatenate([vector, _form(text, tokens)]), slots, values)


def _placed(found: set[str], known: dict[str, int], share: float) -> dict[int, float]:
    value = share / math.sqrt(max(len(found), 1))
    return {known[name]: value for name in found if name in known}


def _words(text: str, tokens: Sequence[str]) -> set[str]:
    """List the stems and the pairs of neighbouring words; a question's end is another end than a statement's."""
    end = "$?" if text.rstrip().endswith("?") else "$"
    pairs = {f"{first} {second}" for first, second in pairwise(["^", *tokens, end])}
    return {stem(token) for token in tokens} | pairs


def _form(text: str, tokens: Sequence[str]) -> NDArray[np.float32]:
    """Tell whether a message ends as a question, begins as one, supposes something, and asks for leave."""
    supposes = any(tuple(tokens[: len(start)]) == start for start in _SUPPOSING)
    leave = any(one in _LEAVE and other in _STAFF for one, other in pairwise(tokens))
    asks = bool(tokens) and tokens[0] in _ASKING
    return np.array([text.rstrip().endswith("?"), asks, supposes, leave], dtype=np.float32)
