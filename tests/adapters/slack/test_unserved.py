"""A known workspace none of whose schools is served: whoever writes there is told so, and nobody meets silence."""

import logging
from collections.abc import Awaitable, Callable
from datetime import timedelta

import pytest

from adapters.chat import wording
from tests.adapters.slack.front_world import FrontWorld
from tests.adapters.slack.home_world import SAFE, SCHOOL, STAFF_ROOM, TEACHER, TEAM
from tests.slack_fake import Person
from tests.slack_fake.places import Message

CANARY = "zebrafinch"


@pytest.fixture
async def unserved(front: FrontWorld) -> FrontWorld:
    """Take away the only school of the workspace."""
    front.knowledge.remove(SCHOOL.id)
    return front


def said(world: FrontWorld, channel: str | None = None) -> list[Message]:
    """Return what Signpost wrote where the teacher can read it."""
    return [one for one in world.slack.person(TEACHER).reads(channel) if one.user == world.team.bot.id]


def shown(message: Message) -> str:
    """Return all that a message shows."""
    return "".join(block["text"]["text"] for block in message.blocks)


async def test_a_direct_message_is_answered_beneath_it(unserved: FrontWorld) -> None:
    """The sentence says whom to tell of a child at risk, and stands in the notification too."""
    answer = await unserved.slack.person(TEACHER).says_in_dm(CANARY)
    (written,) = said(unserved)
    (question,) = [one for one in unserved.slack.person(TEACHER).reads() if one.user == TEACHER]
    assert (answer.status, shown(written), written.thread_ts) == (200, wording.CANNOT_ANSWER, question.ts)
    assert all(part in wording.CANNOT_ANSWER for part in ("child may be at risk", "in person", "999"))
    assert unserved.notes.heard == []


async def test_a_mention_is_answered_to_the_one_who_asked(unserved: FrontWorld) -> None:
    """Nobody else in the channel reads it."""
    unserved.team.channels[STAFF_ROOM].members.append(unserved.team.bot.id)
    await unserved.slack.person(TEACHER).mentions(STAFF_ROOM, CANARY)
    (written,) = said(unserved, STAFF_ROOM)
    assert (shown(written), written.ephemeral_to) == (wording.CANNOT_ANSWER, TEACHER)


async def test_a_mention_that_cannot_be_answered_there_is_answered_directly(unserved: FrontWorld) -> None:
    """Where Slack does not let Signpost write beside it, there is still the direct message."""
    unserved.slack.faults.fail("chat.postEphemeral", "user_not_in_channel")
    await unserved.slack.person(TEACHER).mentions(STAFF_ROOM, CANARY)
    assert [shown(one) for one in said(unserved)] == [wording.CANNOT_ANSWER]


async def test_a_command_is_answered_within_the_request(unserved: FrontWorld) -> None:
    """Whichever it is."""
    for command in ("/policy", "/policy-admin"):
        answer = await unserved.slack.person(TEACHER).slash(command, CANARY, STAFF_ROOM)
        assert (answer.body["text"], answer.body["response_type"]) == (wording.CANNOT_ANSWER, "ephemeral")


async def _shortcut(tess: Person) -> None:
    await tess.shortcut("raise-a-concern")


async def _message_shortcut(tess: Person) -> None:
    await tess.says(STAFF_ROOM, CANARY)
    await tess.message_shortcut("ask-signpost", tess.reads(STAFF_ROOM)[-1])


@pytest.mark.parametrize("does", [_shortcut, _message_shortcut])
async def test_a_shortcut_is_answered_directly(unserved: FrontWorld, does: Callable[[Person], Awaitable[None]]) -> None:
    """Raising a concern first of all."""
    await does(unserved.slack.person(TEACHER))
    assert [shown(one) for one in said(unserved)] == [wording.CANNOT_ANSWER]


async def test_the_home_tab_says_it_too(unserved: FrontWorld) -> None:
    """What stood there before is of no use now."""
    tess = unserved.slack.person(TEACHER)
    await tess.opens_home()
    assert [block["text"]["text"] for block in tess.home.blocks] == [wording.CANNOT_ANSWER]


async def test_while_slack_does_not_take_it_it_is_said_a_little_later(unserved: FrontWorld) -> None:
    """Throttling makes no silence either."""
    unserved.slack.faults.limit("chat.postMessage", 1)
    await unserved.slack.person(TEACHER).says_in_dm(CANARY)
    await unserved.later.close(1)
    assert [shown(one) for one in said(unserved)] == [wording.CANNOT_ANSWER]


async def test_a_copy_is_not_answered_again(unserved: FrontWorld) -> None:
    """The event is known as answered, by its id alone."""
    answer = await unserved.slack.person(TEACHER).says_in_dm(CANARY)
    unserved.clock.move(timedelta(minutes=1))
    unserved.slack.clock.pass_by(60)
    assert (await unserved.slack.redeliver(answer, 2)).status == 200
    assert len(said(unserved)) == 1


async def test_what_nobody_wrote_to_signpost_is_left_alone(unserved: FrontWorld) -> None:
    """Neither what it said itself nor an edit is answered, so that no answer calls for another."""
    tess = unserved.slack.person(TEACHER)
    await tess.says_in_dm(CANARY)
    await tess.edits(tess.reads()[0], "another word")
    await tess.opens_messages()
    assert len(said(unserved)) == 1


async def test_no_word_is_kept_or_logged(unserved: FrontWorld, caplog: pytest.LogCaptureFixture) -> None:
    """There is no school whose words they could be."""
    caplog.set_level(logging.DEBUG)
    tess = unserved.slack.person(TEACHER)
    await tess.says_in_dm(CANARY)
    await tess.slash("/policy", CANARY, STAFF_ROOM)
    sent = [str(call.args) for call in unserved.slack.calls]
    assert [told for told in (caplog.text, *sent, repr(vars(unserved.store))) if CANARY in told] == []


async def test_that_signpost_was_taken_out_is_heard_all_the_same(unserved: FrontWorld) -> None:
    """A token must be forgotten whatever became of the school."""
    await unserved.slack.uninstall(unserved.team)
    assert unserved.notes.heard == ["removed"]


async def test_once_the_school_is_served_again_it_answers(unserved: FrontWorld) -> None:
    """The sentence is gone with its reason."""
    assert unserved.workspaces.unserved() == (TEAM,)
    unserved.knowledge.replace(SCHOOL)
    await unserved.slack.person(TEACHER).says_in_dm("hello")
    assert (unserved.workspaces.unserved(), unserved.notes.heard, said(unserved)) == ((), ["hello"], [])
    assert said(unserved, SAFE) == []
