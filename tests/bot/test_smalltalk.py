"""Greetings, thanks and questions about Signpost, told from questions about the policy."""

import pytest

from bot.matching.text import words
from bot.smalltalk import is_smalltalk
from bot.types import Outcome
from tests.bot.builders import decide


@pytest.mark.parametrize(
    "text",
    [
        "hi", "Hello there!", "Good morning", "good afternoon everyone", "thanks", "Thank you so much", "ta", "cheers",
        "ok thanks", "bye", "help", "Help please", "What can you do?", "Who are you?", "how do I use this?",
        "What can I ask you?", "Can you help me?", "I need help", "what is signpost",
    ],
)  # fmt: skip
def test_greetings_thanks_and_calls_for_help_are_smalltalk(text: str) -> None:
    """They get the help, not a rule."""
    assert is_smalltalk(words(text))
    assert decide(text).outcome is Outcome.HELP


@pytest.mark.parametrize(
    "text",
    [
        "hi, can I friend a parent?", "thanks but what about phones", "good", "all please", "is it ok to text a pupil",
        "help a pupil added me", "Hello my colleague posted a picture", "can you help a child online",
        "good idea to friend a parent", "who are you allowed to friend",
    ],
)  # fmt: skip
def test_a_question_with_a_greeting_is_a_question(text: str) -> None:
    """A polite question is answered, not greeted."""
    assert not is_smalltalk(words(text))


@pytest.mark.parametrize("text", ["", "???", "🙂"])
def test_a_message_without_words_is_no_smalltalk(text: str) -> None:
    """Nothing to read is not a greeting."""
    assert not is_smalltalk(words(text))


def test_a_call_for_help_names_the_person_to_tell() -> None:
    """The help itself says whom to tell about a child, and 999."""
    reply = decide("help")
    assert "Designated Safeguarding Lead" in reply.message
    assert "999" in reply.message
    assert reply.confidence == 0


def test_a_greeting_does_not_hide_a_concern() -> None:
    """A sign is seen before anything else is looked at."""
    assert decide("hello, a boy has a knife").outcome is Outcome.CONCERN
