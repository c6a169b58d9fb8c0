"""What all schools share, made searchable: topics, out-of-scope examples, lexicon and spelling."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from bot.matching.lexicon import Lexicon
from bot.matching.spelling import Speller
from bot.matching.text import words
from bot.matching.vectors import Rows, VectorStore
from bot.ports import Vectors
from knowledge.model import Catalogue

Scores = NDArray[np.float32]
_BEST_OF_TOPIC = 3


@dataclass(frozen=True, slots=True)
class Shared:
    """The catalogue's index. Its scores are worked out once a question, whatever the school."""

    catalogue: Catalogue
    store: VectorStore
    lexicon: Lexicon
    speller: Speller | None
    topics: tuple[str, ...]
    topic_rows: Rows
    topic_starts: tuple[int, ...]
    out_of_scope_rows: Rows

    def topic_scores(self, vector: Vectors) -> Scores:
        """Return for each topic how near its nearest questions are (mean of the best three), shape (topics,)."""
        likeness = self.store.likeness(self.topic_rows, vector)
        bounds = [*self.topic_starts, len(likeness)]
        best = [_best_mean(likeness[start:end]) for start, end in zip(bounds, bounds[1:], strict=False)]
        return np.array(best, dtype=np.float32)

    def out_of_scope_score(self, vector: Vectors) -> float:
        """Return how near the nearest out-of-scope examples are (mean of the best three)."""
        return _best_mean(self.store.likeness(self.out_of_scope_rows, vector))


def build_shared(catalogue: Catalogue, store: VectorStore, speller: Speller | None) -> Shared:
    """Index a catalogue. A topic without questions is found by its title and description."""
    lexicon = Lexicon(catalogue.lexicon)
    texts: list[str] = []
    starts: list[int] = []
    for topic in catalogue.topics:
        starts.append(len(texts))
        texts.extend(topic.asked or (topic.title, topic.description))
    if speller:
        speller.teach(lexicon.vocabulary)
        speller.teach(word for text in texts for word in words(text))
    rows = store.rows([*texts, *catalogue.out_of_scope])
    return Shared(
        catalogue=catalogue,
        store=store,
        lexicon=lexicon,
        speller=speller,
        topics=tuple(topic.id for topic in catalogue.topics),
        topic_rows=rows[: len(texts)],
        topic_starts=tuple(starts),
        out_of_scope_rows=rows[len(texts) :],
    )


def _best_mean(likeness: Scores | Sequence[float]) -> float:
    values = np.asarray(likeness, dtype=np.float32)
    if not values.size:
        return 0.0
    count = min(_BEST_OF_TOPIC, values.size)
    return float(np.partition(values, -count)[-count:].mean())
