"""A question, analysed once: its words mended and widened, its vector, its topics."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from bot.matching.features import Features
from bot.matching.text import with_words, words
from bot.ports import Encoder, Vectors

if TYPE_CHECKING:
    from bot.matching.shared import Shared


@dataclass(frozen=True, slots=True)
class Question:
    """What the matcher knows of a question before it looks at any clause.

    `background` holds how near each out-of-scope example is, `topics` how much the question belongs to each topic.
    """

    text: str
    typed: tuple[str, ...]
    tokens: tuple[str, ...]
    stems: Mapping[str, float]
    vector: Vectors
    features: Features
    background: NDArray[np.float32]
    topics: NDArray[np.float32]
    out_of_scope: float

    @property
    def mended(self) -> str:
        """The question as it was understood, its spelling repaired."""
        return " ".join(self.tokens)


def analyse(text: str, encoder: Encoder, shared: Shared) -> Question:
    """Analyse a question: repair its spelling, widen its words, encode it, score the topics."""
    typed = words(text)
    tokens = shared.speller.mend(typed) if shared.speller else typed
    widened = shared.lexicon.widen(tokens)
    vector = encoder.encode([text if tokens == typed else with_words(text, tokens)])[0]
    features = shared.featuriser.features(tokens, widened)
    background = shared.background(vector)
    return Question(
        text=text,
        typed=tuple(typed),
        tokens=tuple(tokens),
        stems=widened,
        vector=vector,
        features=features,
        background=background,
        topics=shared.topic_scores(vector, features, background),
        out_of_scope=shared.out_of_scope_score(background),
    )
