"""The one service: which utterances it refuses, and that it keeps no word of them."""

import logging
import traceback
from collections.abc import Sequence

import pytest

from bot.errors import BotError, QuestionError, UnknownSchoolError
from bot.service import Service
from bot.types import Outcome, Reply, Utterance
from bot.view import SchoolView
from tests.bot.builders import FRIENDS, SCHOOL, decider, shown, view
from tests.fakes import FixedClock

CANARY = "zanzibarcanary"


class OneSchool:
    """Knowledge of the tiny school alone."""

    def view(self, school: str) -> SchoolView:
        """Return the school. Raises KeyError for any other."""
        return {SCHOOL.id: view()}[school]

    def schools(self) -> Sequence[str]:
        """List the school."""
        return [SCHOOL.id]


async def _answer(text: str, school: str = SCHOOL.id) -> Reply:
    return await Service(OneSchool(), decider(), FixedClock()).answer(Utterance("u1", school, text))


async def test_a_question_is_answered_at_the_clocks_date() -> None:
    """The service gives the utterance and today's date to the decider."""
    reply = await _answer("can i bring my own phone to school")
    assert reply.outcome is Outcome.ANSWER
    assert "was due for review in February 2021" in reply.notices[0]


async def test_the_reply_belongs_to_its_utterance() -> None:
    """Id, school and question come back as they were sent."""
    reply = await _answer("can i accept a friend request from a pupil")
    assert (reply.id, reply.school, shown(reply)) == ("u1", SCHOOL.id, [FRIENDS.id])
    assert reply.question == "can i accept a friend request from a pupil"


@pytest.mark.parametrize("text", ["", " ", "\n\t ", "\u00a0"])
async def test_an_empty_question_is_refused(text: str) -> None:
    """Nothing but space is no question."""
    with pytest.raises(QuestionError, match="The question is empty"):
        await _answer(text)


async def test_an_overlong_question_is_refused_with_its_length() -> None:
    """2,000 characters are read, 2,001 are not; space around does not count."""
    assert (await _answer("  " + "a" * 2_000 + "  ")).outcome is Outcome.NO_MATCH
    with pytest.raises(QuestionError, match="2,001 characters; at most 2,000"):
        await _answer("a" * 2_001)


@pytest.mark.parametrize("text", ["can a pupil \ud83d phone", "\udc00", "frend \ud800"])
async def test_half_characters_are_read_as_question_marks(text: str) -> None:
    """JSON can carry half an emoji, which nothing can encode or print: it is answered all the same."""
    reply = await _answer(text)
    assert reply.question == text.encode("utf-8", "replace").decode()
    assert "?" in reply.question


async def test_half_a_character_in_a_schools_name_can_be_told_back() -> None:
    """The refusal of an unknown school can be printed, whatever was sent as its name; whole emoji stay."""
    with pytest.raises(UnknownSchoolError) as refused:
        await _answer("can i", school="oak\ud83d\N{GRINNING FACE}")
    assert "oak?\N{GRINNING FACE}" in str(refused.value)


async def test_a_school_that_is_not_served_is_refused() -> None:
    """The refusal says which schools there are."""
    with pytest.raises(UnknownSchoolError, match="The schools here are: oakwood"):
        await _answer("can i", school="elsewhere")


def test_refusals_have_codes_of_their_own() -> None:
    """Machines tell refusals apart by code, and one root catches all."""
    assert (QuestionError.code, UnknownSchoolError.code) == ("bad_question", "unknown_school")
    assert issubclass(QuestionError, BotError)
    assert issubclass(UnknownSchoolError, BotError)


@pytest.mark.parametrize("around", ["{}", "can a pupil {} phone", "a boy {} has a knife", "hello {}"])
async def test_no_word_of_a_question_reaches_a_log(around: str, caplog: pytest.LogCaptureFixture) -> None:
    """Whatever the outcome, the logs of every library stay free of what was asked (RS-88)."""
    caplog.set_level(logging.DEBUG)
    await _answer(around.format(CANARY))
    assert CANARY not in caplog.text


@pytest.mark.parametrize(("text", "school"), [(CANARY * 200, SCHOOL.id), (CANARY, "elsewhere")])
async def test_no_word_of_a_question_reaches_an_error(text: str, school: str) -> None:
    """A refusal with its whole traceback may be written down: it holds no word of the question (RS-88)."""
    with pytest.raises(BotError) as refused:
        await _answer(text, school)
    assert CANARY not in "".join(traceback.format_exception(refused.value))
