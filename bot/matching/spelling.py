"""Spelling repair: mends words nobody knows, and never touches a word of the knowledge, the lexicon or English.

Words are mended towards the catalogue's first, then common English, and never towards a school's own: what one school
writes must not show in another's questions.
"""

from collections.abc import Iterable, Sequence

from symspellpy import SymSpell, Verbosity

_KNOWN_COUNT = 50_000_000_000
_SHORTEST = 4
_LONG = 7


class Speller:
    """Mends misspelt words towards the words it was taught, then towards common English."""

    def __init__(self, english: Iterable[tuple[str, int]]) -> None:
        """Take English words with their frequencies, most frequent first."""
        self._spell = SymSpell(max_dictionary_edit_distance=2, prefix_length=7)
        self._kept: set[str] = set()
        for word, count in english:
            self._spell.create_dictionary_entry(word, count)

    def teach(self, vocabulary: Iterable[str]) -> None:
        """Make words known: they are never changed, and others are mended towards them before English."""
        for word in vocabulary:
            if len(word) > 1 and word.isalpha():
                self._spell.create_dictionary_entry(word, _KNOWN_COUNT)

    def keep(self, vocabulary: Iterable[str]) -> None:
        """Make words known that are never changed, and that no other word is mended towards."""
        self._kept.update(vocabulary)

    def mend(self, tokens: Sequence[str]) -> list[str]:
        """Return the tokens with unknown words mended where one likely word lies near."""
        return [self._mend(token) for token in tokens]

    def _mend(self, token: str) -> str:
        if len(token) < _SHORTEST or not token.isalpha() or token in self._kept or token in self._spell.words:
            return token
        distance = 2 if len(token) >= _LONG else 1
        near = self._spell.lookup(token, Verbosity.TOP, max_edit_distance=distance)
        mended = str(near[0].term) if near else token
        return token if _turns_round(token, mended) else mended


def _turns_round(token: str, mended: str) -> bool:
    """Tell a repair that drops or adds a front part, and the meaning with it: "untrained", "expupil", "upskirt"."""
    return token != mended and (token.endswith(mended) or mended.endswith(token))
