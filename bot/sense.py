"""The sense for live concerns: learnt at start from the catalogue's example messages.

Most disclosures have no alarm word ("she flinches when he comes to fetch her"), and most alarm words are harmless
("10Y read the stabbing"). Two regressions over the traits of a message tell the one from the other: whether something
is live, and which category it is. They are fitted at start, so that they can never be older than the examples.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from bot.logistic import Examples, Weights, fit
from bot.matching.question import Question
from bot.matching.text import words
from bot.matching.vectors import VectorStore
from bot.traits import TraitFinder, Traits
from bot.triage import ADULTS, Felt, SafetyFloor
from knowledge.model import Catalogue, ConcernKind

# Topics whose questions lie so close to live concerns that they would teach the wrong lesson.
_TOO_NEAR = frozenset(
    """disclosure cry-for-help indecent-images low-level report-colleague pupil-cyberbullying account-hacked data-breach
    abuse-of-staff professional-boundaries accidental-contact fake-accounts inappropriate-material found-by-pupils
    staff-bullying whistleblowing""".split()
)
_RIDGE = 1.5
_TINY = 1e-9


@dataclass(frozen=True, slots=True)
class ConcernSense:
    """Says how likely a message is live, and which categories it may be."""

    finder: TraitFinder
    live: Weights
    kinds: tuple[ConcernKind, ...]
    by_kind: Weights

    def feel(self, question: Question) -> Felt:
        """Return what the sense makes of a message."""
        traits = self.finder.traits(question.text, question.tokens, question.vector)
        chances = self.by_kind.chances(traits)
        shares = chances / max(float(chances.sum()), _TINY)
        pairs = zip(self.kinds, shares.tolist(), strict=True)
        names_adult = not ADULTS.isdisjoint(self.finder.met(question.tokens))
        return Felt(float(self.live.chances(traits)[0]), tuple(pairs), names_adult)


def learn_sense(catalogue: Catalogue, store: VectorStore) -> ConcernSense | None:
    """Fit the sense to a catalogue; None where it has no examples of concerns, or nothing else to tell them from."""
    kinds = tuple(kind for kind in catalogue.concerns if catalogue.concern_examples.get(kind.id))
    live = [(text, number) for number, kind in enumerate(kinds) for text in catalogue.concern_examples[kind.id]]
    calm = _ordinary(catalogue)
    if not live or not calm:
        return None
    texts = [*(text for text, _ in live), *calm]
    split = [(text, words(text)) for text in texts]
    vectors = store.vectors(store.rows(texts))
    finder = TraitFinder(split, SafetyFloor(catalogue))
    traits = [finder.traits(text, tokens, vector) for (text, tokens), vector in zip(split, vectors, strict=True)]
    is_live = np.arange(len(texts))[:, None] < len(live)
    is_kind = np.eye(len(kinds), dtype=bool)[[number for _, number in live]]
    return ConcernSense(
        finder=finder,
        live=_fit(traits, finder.slots, is_live),
        kinds=kinds,
        by_kind=_fit(traits[: len(live)], finder.slots, is_kind),
    )


def _ordinary(catalogue: Catalogue) -> Sequence[str]:
    asked = [text for topic in catalogue.topics if topic.id not in _TOO_NEAR for text in topic.asked]
    return (*catalogue.ordinary, *catalogue.out_of_scope, *asked)


def _fit(traits: Sequence[Traits], slots: int, member: NDArray[np.bool_]) -> Weights:
    """Fit each class against the rest; both sides weigh the same in all, however many examples they have."""
    count = member.sum(axis=0)
    shares = np.where(member, 0.5 / np.maximum(count, 1), 0.5 / np.maximum(len(member) - count, 1)) * len(member)
    return fit(Examples(traits, slots), member.astype(np.float64), shares, _RIDGE)
