"""What nobody can be told of, and what Slack cannot say just now: nobody reads that it is otherwise."""

from datetime import timedelta

import pytest

from adapters.chat import wording
from bot.escalation import wording as told
from bot.escalation.model import State
from tests.scenario.slack_world import (
    CHAIR,
    COLLEAGUE,
    DEPUTY,
    DEPUTY_HEAD,
    DSL,
    HEAD,
    SAFE,
    TEACHER,
    Served,
    bot_said,
    words_of,
)

CERTAIN = "a child told me her dad hits her"
POSSIBLE = "a pupil is being bullied on snapchat by the zebrafinch gang"
QUESTION = "does the moon rise on tuesdays"


@pytest.mark.parametrize(
    ("text", "tap", "says"),
    [
        (CERTAIN, None, told.NOT_SEEN),
        (POSSIBLE, "reply:tell", told.NOT_DELIVERED),
        (QUESTION, "reply:ask-a-person", told.QUESTION_NOT_DELIVERED),
    ],
    ids=["urgent", "calm", "a question"],
)
async def test_who_raised_what_nobody_can_be_told_of_reads_so_at_once(
    day: Served, text: str, tap: str | None, says: str
) -> None:
    """Everybody who could be told has left Slack: nothing is on its way any more, and nobody is told that it is."""
    tess = day.person(TEACHER)
    await tess.says_in_dm(text)
    if tap:
        await tess.taps(bot_said(tess)[-1], tap)
    before = len(bot_said(tess))
    for user in (DSL, DEPUTY, HEAD, CHAIR, DEPUTY_HEAD):
        day.team.users[user].deleted = True
    day.team.channels[SAFE].is_archived = True
    day.pass_by(timedelta(minutes=11))  # what is known of the channel is kept for ten
    await day.settle()
    assert (await day.only()).state is State.RECORDED
    assert says in words_of(bot_said(tess)[before])
    await day.wait(timedelta(hours=2))
    assert all(says in words_of(message) for message in bot_said(tess)[before:])


async def test_who_reads_the_channel_is_not_refused_while_slack_cannot_say_so(day: Served) -> None:
    """A counsellor in the private channel taps while Slack throttles the question who reads it: they try once more."""
    day.team.channels[SAFE].members.append(COLLEAGUE)
    await day.person(TEACHER).says_in_dm(CERTAIN)
    await day.settle()
    cole = day.person(COLLEAGUE)
    card = bot_said(cole, SAFE)[-1]
    day.pass_by(timedelta(minutes=2))  # who reads a channel is kept for one
    day.slack.faults.limit("conversations.members", 30, 1)
    await cole.taps(card, "desk:acknowledge")
    assert (bot_said(cole, SAFE)[-1].text, (await day.only()).state) == (told.PERHAPS_YOURS, State.DELIVERED)
    day.pass_by(timedelta(minutes=1))
    await cole.taps(card, "desk:open")
    assert words_of(cole.modal).startswith("A child may be at risk of harm")
    await cole.taps(card, "desk:acknowledge")
    assert (await day.only()).state is State.ACKNOWLEDGED
    assert wording.NOT_DONE not in words_of(cole.modal)
