"""What all schools share, made searchable: topics, out-of-scope examples, lexicon and spelling."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from bot.matching.features import Features, Featuriser
from bot.matching.lexicon import Lexicon
from bot.matching.regression import Regression, fit
from bot.matching.spelling import Speller
from bot.matching.text import words
from bot.matching.vectors import Rows, VectorStore, nearest_mean
from bot.ports import Vectors
from knowledge.model import Catalogue

Scores = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Shared:
    """The catalogue's index. Its scores are worked out once a question, whatever the school."""

    catalogue: Catalogue
    store: VectorStore
    lexicon: Lexicon
    speller: Speller | None
    featuriser: Featuriser
    topics: tuple[str, ...]
    topic_rows: Rows
    out_of_scope_rows: Rows
    regression: Regression

    def background(self, vector: Vectors) -> Scores:
        """Return how near each out-of-scope example is, shape (examples,)."""
        return self.store.likeness(self.out_of_scope_rows, vector)

    def topic_scores(self, vector: Vectors, features: Features, background: Scores) -> Scores:
        """Return for each topic how much a question belongs to it, about 0..1, shape (topics,)."""
        likeness = np.concatenate([self.store.likeness(self.topic_rows, vector), background])
        return self.regression.scores(likeness, features)[: len(self.topics)]

    @staticmethod
    def out_of_scope_score(background: Scores) -> float:
        """Return how near the nearest out-of-scope examples are (mean of the best three)."""
        return nearest_mean(background)


def build_shared(catalogue: Catalogue, store: VectorStore, speller: Speller | None) -> Shared:
    """Index a catalogue. A topic without questions is found by its title and description."""
    lexicon = Lexicon(catalogue.lexicon)
    texts: list[str] = []
    labels: list[int] = []
    for number, topic in enumerate(catalogue.topics):
        examples = topic.asked or (topic.title, topic.description)
        texts.extend(examples)
        labels.extend([number] * len(examples))
    if speller:
        speller.teach(lexicon.vocabulary)
        speller.teach(word for text in texts for word in words(text))
    everything = [*texts, *catalogue.out_of_scope]
    rows = store.rows(everything)
    featuriser = Featuriser(lexicon, everything)
    labels.extend([len(catalogue.topics)] * len(catalogue.out_of_scope))
    targets = np.eye(len(catalogue.topics) + 1, dtype=np.float32)[labels]
    return Shared(
        catalogue=catalogue,
        store=store,
        lexicon=lexicon,
        speller=speller,
        featuriser=featuriser,
        topics=tuple(topic.id for topic in catalogue.topics),
        topic_rows=rows[: len(texts)],
        out_of_scope_rows=rows[len(texts) :],
        regression=fit(store.vectors(rows), featuriser.matrix(everything), targets),
    )
