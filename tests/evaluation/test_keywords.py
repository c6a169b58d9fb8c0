"""Keyword search."""

import pytest

from tests.evaluation.keywords import KeywordIndex

INDEX = KeywordIndex([["friend", "pupil"], ["friend", "parent"], ["phone", "phone", "class"], []])


def test_a_document_without_a_shared_word_scores_nothing() -> None:
    """Only shared words count."""
    assert list(INDEX.scores({"stapler": 1.0})) == [0, 0, 0, 0]
    assert [score > 0 for score in INDEX.scores({"phone": 1.0})] == [False, False, True, False]


def test_a_rare_word_tells_more() -> None:
    """A word of one document lifts it more than a word of many."""
    assert INDEX.scores({"pupil": 1.0})[0] > INDEX.scores({"friend": 1.0})[0]


def test_a_word_counts_by_its_weight() -> None:
    """A word that is only meant counts less than one that was typed."""
    assert INDEX.scores({"pupil": 0.5})[0] == pytest.approx(INDEX.scores({"pupil": 1.0})[0] / 2)


def test_scores_of_several_words_add_up() -> None:
    """The document with both words comes first."""
    scores = INDEX.scores({"friend": 1.0, "parent": 1.0})
    assert scores.argmax() == 1


def test_an_index_of_nothing_scores_nothing() -> None:
    """A policy without clauses is no error."""
    assert KeywordIndex([]).scores({"phone": 1.0}).shape == (0,)
