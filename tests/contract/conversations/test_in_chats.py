"""What Slack and Teams have alike and a page does not: threads, a form for a concern, events that come twice."""

from adapters.chat import wording
from bot import wording as said
from bot.types import Outcome
from tests.contract.conversations.chats import ChatDay
from tests.contract.conversations.story import BULLIED, CERTAIN, FRIEND, INVOLVED, TELL, VERDICT, told_roles

FIRST = "can I be on my phone in the playground?"


async def test_a_follow_up_is_taken_with_the_question_before_it(chat: ChatDay) -> None:
    """ "And at lunch?" is understood with what was asked before, and that is said."""
    tess = chat.asker()
    second = await tess.asks("and at lunch?", after=await tess.asks(FIRST))
    assert said.taken_together(FIRST) in second.words
    assert second.outcome in {Outcome.ANSWER, Outcome.CLARIFY}


async def test_a_follow_up_to_somebody_elses_question_is_none(chat: ChatDay) -> None:
    """What a colleague asked before has nothing to do with it."""
    await chat.colleague().asks(FIRST)
    assert said.taken_together(FIRST) not in (await chat.asker().asks("and at lunch?")).words


async def test_a_question_that_is_delivered_twice_is_answered_once(chat: ChatDay) -> None:
    """The platform repeats what it is not sure has arrived; the teacher reads one answer."""
    read = await chat.asks_twice(FRIEND)
    assert (read.verdict, read.words.count(VERDICT)) == (VERDICT, 1)


async def test_a_concern_that_is_delivered_twice_is_recorded_once(chat: ChatDay) -> None:
    """One child, one card, one advice."""
    read = await chat.asks_twice(CERTAIN)
    await chat.settle()
    one = await chat.only()
    assert (read.words.count(wording.WHAT_TO_DO), one.events) == (1, ("opened", "delivered"))


async def test_a_concern_is_raised_in_a_form_of_two_steps(chat: ChatDay) -> None:
    """What happened, then who will read it: nothing is recorded before that is confirmed."""
    second = await chat.raises("he flinches when the zebrafinch sings", "child-at-risk")
    assert (second.outcome, second.readers) == (Outcome.CONCERN, ("dsl", "deputy-dsl", "headteacher"))
    await chat.settle()
    assert await chat.recorded() == []
    last = await chat.asker().taps(second, TELL)
    one = await chat.only()
    assert f"{wording.RECORDED} {one.reference}" in last.words
    assert (one.category, one.route) == ("child-at-risk", "child")
    await chat.settle()
    assert await told_roles(chat, one.reference) == second.readers


async def test_somebody_is_involved_in_what_is_raised_in_the_form(chat: ChatDay) -> None:
    """The tap lists others in their place, and only these are told."""
    second = await chat.raises(BULLIED, "pupil-cyberbullying")
    following = await chat.asker().taps(second, INVOLVED)
    assert following.readers == ("chair-of-governors",)
    await chat.asker().taps(following, TELL)
    await chat.settle()
    assert await told_roles(chat, (await chat.only()).reference) == ("chair-of-governors",)


async def test_a_concern_in_the_staff_room_is_between_two(chat: ChatDay) -> None:
    """The advice is for the teacher alone: no colleague reads what it was about, or that it was one."""
    alone, others = await chat.asks_where_others_read(CERTAIN)
    assert (wording.WHAT_TO_DO in alone, (await chat.only()).state) == (True, "recorded")
    assert not any(part in others for part in (wording.WHAT_TO_DO, "999", "hits", (await chat.only()).reference))
