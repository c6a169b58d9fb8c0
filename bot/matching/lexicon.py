"""What staff type and what a policy says: widens a question with the words a policy would use."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

from bot.matching.text import stems, words
from knowledge.model import Synonyms

MEANS_WEIGHT = 0.8
KIND_WEIGHT = 0.4


class Lexicon:
    """Finds the slang, brands and abbreviations in a question and says what they mean."""

    def __init__(self, groups: Iterable[Synonyms]) -> None:
        self._meanings: dict[tuple[str, ...], dict[str, float]] = defaultdict(dict)
        self.vocabulary: frozenset[str] = frozenset()
        seen: set[str] = set()
        self._longest = 1
        for group in groups:
            meaning = dict.fromkeys(stems(words(group.means)), MEANS_WEIGHT)
            for kind in group.kind_of:
                for stem in stems(words(kind)):
                    meaning.setdefault(stem, KIND_WEIGHT)
            for phrase in (group.means, *group.also):
                tokens = tuple(words(phrase))
                self._longest = max(self._longest, len(tokens))
                seen.update(tokens)
                self._meanings[tokens].update(meaning)
        self.vocabulary = frozenset(seen)

    def widen(self, tokens: Sequence[str]) -> Mapping[str, float]:
        """Return the stems of a question with their weights: its own 1.0, what they mean less."""
        weights = dict.fromkeys(stems(tokens), 1.0)
        for length in range(1, self._longest + 1):
            for start in range(len(tokens) - length + 1):
                for stem, weight in self._meanings.get(tuple(tokens[start : start + length]), {}).items():
                    weights[stem] = max(weights.get(stem, 0.0), weight)
        return weights
