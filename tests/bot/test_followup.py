"""Follow-ups: which texts go on from the question before them, and what is answered then."""

from dataclasses import replace

import pytest

from bot import wording
from bot.followup import goes_on
from bot.types import Asker, Outcome, Reply, Utterance
from tests.bot.builders import FRIENDS, SCHOOL, shown
from tests.bot.escalation.staffroom import PUPIL, TEACHER, NoRoomLeft, Staffroom, asker
from tests.bot.test_service import service_over

FRIEND = "can i accept a friend request from a pupil"
MORE = "and in the holidays?"
THREAD = "D0TEACHER:1"


@pytest.mark.parametrize(
    "text",
    ["and at lunch?", "What about a former pupil?", "but only for the trip", "so is that ok then", "OK so what if"],
)
def test_what_begins_in_the_middle_goes_on(text: str) -> None:
    """People who go on begin with "and", "what about", "but"."""
    assert goes_on(text)


@pytest.mark.parametrize("text", ["can i friend a parent", "", "and " + "word " * 12, "android phones in class?"])
def test_what_stands_by_itself_does_not(text: str) -> None:
    """A whole question, a long one, and a word that only begins like "and"."""
    assert not goes_on(text)


async def _ask(room: Staffroom, text: str, reply: str, thread: str | None = THREAD, by: Asker = TEACHER) -> Reply:
    return await service_over(room).answer(Utterance(reply, SCHOOL.id, text, asker=by, thread=thread))


async def test_a_follow_up_is_answered_with_the_question_before_it() -> None:
    """It says so, shows the rule, and its buttons speak of both."""
    room = Staffroom()
    await _ask(room, FRIEND, "u1")
    reply = await _ask(room, MORE, "u2")
    assert (reply.outcome, shown(reply)) == (Outcome.ANSWER, [FRIENDS.id])
    assert wording.taken_together(FRIEND) in reply.notices
    kept = await room.store.recall("u2", room.clock.now())
    assert kept is not None
    assert kept.text == f"{FRIEND} {MORE}"


@pytest.mark.parametrize(
    ("thread", "by"),
    [("D0TEACHER:2", TEACHER), (None, TEACHER), (THREAD, asker("u-other"))],
    ids=["other", "none", "by another"],
)
async def test_a_follow_up_elsewhere_stands_by_itself(thread: str | None, by: Asker) -> None:
    """Another thread, no thread, and another person's question."""
    room = Staffroom()
    await _ask(room, FRIEND, "u1")
    reply = await _ask(room, MORE, "u2", thread, by)
    assert wording.taken_together(FRIEND) not in reply.notices


async def test_what_went_on_goes_on_once_more() -> None:
    """The second follow-up has the first one and the question before it."""
    room = Staffroom()
    for number, text in enumerate((FRIEND, MORE)):
        await _ask(room, text, f"u{number}")
    reply = await _ask(room, "and now?", "u3")
    assert wording.taken_together(f"{FRIEND} {MORE}") in reply.notices


async def test_nothing_goes_on_from_a_concern() -> None:
    """The words of a concern are not answered once more as if they were a question."""
    room = Staffroom()
    await _ask(room, "a pupil has a knife", "u1")
    reply = await _ask(room, MORE, "u2")
    assert reply.escalation is None
    assert "knife" not in " ".join(reply.notices)


async def test_without_a_store_a_follow_up_stands_by_itself() -> None:
    """A question is answered though nothing could be remembered."""
    room = Staffroom(store=NoRoomLeft("remember"))
    await _ask(room, FRIEND, "u1")
    assert (await _ask(room, MORE, "u2")).outcome is not Outcome.CONCERN


async def test_what_a_pupil_asks_is_not_kept() -> None:
    """Nothing of an outsider's question is remembered."""
    room = Staffroom()
    await _ask(room, FRIEND, "u1", by=PUPIL)
    staff = replace(PUPIL, standing=TEACHER.standing)
    reply = await _ask(room, MORE, "u2", by=staff)
    assert wording.taken_together(FRIEND) not in reply.notices
