"""The explanation of a reply."""

from bot.matching.lexical import LexicalEncoder
from bot.matching.question import analyse
from bot.matching.shared import build_shared
from bot.matching.vectors import VectorStore
from bot.why import explain
from knowledge.model import Clause, Stance
from tests.bot.builders import (
    BARE_CATALOGUE,
    BARE_SCHOOL,
    CHAT,
    FRIENDS,
    SCHOOL,
    decide,
    question,
    ranking,
    view,
    view_of,
    view_with,
)

LEAD = ranking(0.9, {FRIENDS: 0.8, CHAT: 0.2})


def _why(text: str) -> str:
    why = decide(text).why
    assert why is not None
    return why


def test_it_names_the_nearest_example_question() -> None:
    """The lead comes with the example question that is most like the question."""
    why = explain(question("a kid in my class added me"), LEAD, view(), 0.55, None)
    assert 'Its nearest example question is "a kid in my class added me on insta"' in why


def test_it_lists_the_words_in_common_once() -> None:
    """Words shared with the clause are listed in the order they were typed."""
    why = explain(question("friend request from my friend"), LEAD, view(), 0.55, None)
    assert "Words in common: friend, request." in why


def test_it_admits_that_no_word_is_shared() -> None:
    """A clause may come up by meaning alone."""
    assert "They share no telling words." in explain(question("stapler"), LEAD, view(), 0.55, None)


def test_it_names_the_runner_up() -> None:
    """The second clause comes with its share of the belief; a lone clause has none."""
    assert 'Second came "staff-chat", with 20% of the belief.' in explain(question(), LEAD, view(), 0.55, None)
    assert "Second came" not in explain(question(), ranking(0.9, {FRIENDS: 1.0}), view(), 0.55, None)


def test_it_says_how_sure_it_is() -> None:
    """Chance and threshold stand in the last line."""
    assert "put at 90%; an answer needs 55%" in explain(question(), LEAD, view(), 0.55, None).splitlines()[-1]


def test_it_says_how_the_spelling_was_read() -> None:
    """Only a mended question is read back."""
    assert _why("frend request from a pupil").startswith('Read as: "friend request from a pupil".')
    assert "Read as" not in _why("friend request from a pupil")


def test_it_names_the_sign_of_a_concern() -> None:
    """A concern is explained by its category and its sign."""
    assert 'Seen as a concern ("Someone is in danger now") by the sign "gone~missing".' in _why("he has gone missing")


def test_it_names_the_nearest_topic() -> None:
    """The topic comes by its title."""
    assert 'The nearest topic is "Staff chat"' in _why("do i need to join the staff chat")


def test_a_clause_without_examples_comes_up_by_its_own_text() -> None:
    """A half-filled pack is explained too."""
    bare = Clause("bare", "Phones", "Keep phones away.", "keeping phones away", Stance.MUST)
    why = explain(question("phones away"), ranking(0.9, {bare: 1.0}), view_with(bare), 0.55, None)
    assert '"bare" came first by its own text' in why


def test_a_school_without_clauses_is_explained_too() -> None:
    """Nothing came first where there is nothing."""
    why = decide("can i", school=BARE_SCHOOL).why
    assert why is not None
    assert "came first" not in why
    assert "The chance that the first clause is right is put at 0%" in why


def test_a_catalogue_without_topics_names_none() -> None:
    """The topic is left out where there is none."""
    bare = build_shared(BARE_CATALOGUE, VectorStore(LexicalEncoder()), None)
    asked = analyse("can i friend a pupil", LexicalEncoder(), bare)
    assert "The nearest topic" not in explain(asked, LEAD, view_of(SCHOOL, bare), 0.55, None)
