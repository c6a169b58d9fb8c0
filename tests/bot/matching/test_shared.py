"""What all schools share, made searchable."""

import pytest

from bot.matching.lexical import LexicalEncoder
from bot.matching.question import analyse
from bot.matching.shared import build_shared
from bot.matching.spelling import Speller
from bot.matching.vectors import VectorStore
from knowledge.model import Topic
from tests.bot.builders import BARE_CATALOGUE, CATALOGUE, question, shared


def test_topics_stand_in_the_order_of_the_catalogue() -> None:
    """Scores and topics go by the same numbers."""
    assert shared().topics == tuple(topic.id for topic in CATALOGUE.topics)


@pytest.mark.parametrize("topic", CATALOGUE.topics, ids=lambda topic: topic.id)
def test_a_topic_is_found_by_its_own_words(topic: Topic) -> None:
    """By its questions, or by title and description where it has none."""
    scores = question(topic.asked[0] if topic.asked else topic.description).topics
    assert shared().topics[int(scores.argmax())] == topic.id


def test_the_speller_learns_the_words_of_lexicon_and_topics() -> None:
    """Slang and the words of topics are not taken for mistakes."""
    speller = Speller([("instal", 10**9), ("frond", 10**9)])
    build_shared(CATALOGUE, VectorStore(LexicalEncoder()), speller)
    assert speller.mend(["insta", "friend"]) == ["insta", "friend"]


def test_an_empty_catalogue_is_no_error() -> None:
    """Without topics and examples a question has no topic, and nothing is out of scope."""
    bare = build_shared(BARE_CATALOGUE, VectorStore(LexicalEncoder()), None)
    asked = analyse("can i friend a pupil", LexicalEncoder(), bare)
    assert asked.topics.shape == (0,)
    assert asked.out_of_scope == 0
