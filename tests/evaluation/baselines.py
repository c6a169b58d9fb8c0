"""Plain matchers to compare with: each ranks clauses by the best of their strings (what they say and are asked)."""

from collections.abc import Callable, Sequence

import numpy as np
from rapidfuzz import fuzz, process

from adapters.bootstrap import Signpost
from bot.matching.text import stems, words
from tests.evaluation.keywords import KeywordIndex

Ranker = Callable[[str, str], list[str]]


def _strings(signpost: Signpost, school: str) -> tuple[list[str], list[str]]:
    """Return every string of a school's clauses, and the clause of each."""
    texts: list[str] = []
    owners: list[str] = []
    for clause in signpost.library.view(school).index.clauses:
        for text in (clause.says, *clause.asked):
            texts.append(text)
            owners.append(clause.id)
    return texts, owners


def _ranked(scores: Sequence[float], owners: Sequence[str]) -> list[str]:
    order = np.argsort(-np.asarray(scores), kind="stable")
    return list(dict.fromkeys(owners[number] for number in order))


def token_set(signpost: Signpost) -> Ranker:
    """Rank by rapidfuzz token_set_ratio."""
    known = {school: _strings(signpost, school) for school in signpost.library.schools()}

    def rank(school: str, question: str) -> list[str]:
        texts, owners = known[school]
        return _ranked(process.cdist([question.lower()], texts, scorer=fuzz.token_set_ratio)[0], owners)

    return rank


def keywords(signpost: Signpost) -> Ranker:
    """Rank by BM25 over the strings."""
    known = {school: _strings(signpost, school) for school in signpost.library.schools()}
    indexes = {school: KeywordIndex([stems(words(text)) for text in texts]) for school, (texts, _) in known.items()}

    def rank(school: str, question: str) -> list[str]:
        scores = indexes[school].scores(dict.fromkeys(stems(words(question)), 1.0))
        return _ranked(scores.tolist(), known[school][1])

    return rank


def encoder(signpost: Signpost) -> Ranker:
    """Rank by the bare encoder's cosine."""
    known = {school: _strings(signpost, school) for school in signpost.library.schools()}
    vectors = {school: signpost.encoder.encode(texts) for school, (texts, _) in known.items()}

    def rank(school: str, question: str) -> list[str]:
        scores = vectors[school] @ signpost.encoder.encode([question])[0]
        return _ranked(scores.tolist(), known[school][1])

    return rank


BASELINES: dict[str, Callable[[Signpost], Ranker]] = {
    "rapidfuzz token_set": token_set,
    "BM25": keywords,
    "bare encoder": encoder,
}
