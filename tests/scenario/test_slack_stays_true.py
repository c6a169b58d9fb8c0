"""What stays in Slack for all to read stays true: reminders in a thread, and cards that are edited in place."""

from datetime import timedelta

import pytest

from bot.escalation import wording as told
from tests.scenario.slack_world import DEPUTY, DSL, SAFE, TEACHER, Served, bot_said, words_of
from tests.slack_fake import Message

CERTAIN = "a child told me her dad hits her"
MINUTES_5 = timedelta(minutes=5)


async def raised(day: Served) -> Message:
    """Let the teacher write an urgent concern by direct message; returns the card in the private channel."""
    await day.person(TEACHER).says_in_dm(CERTAIN)
    await day.settle()
    return bot_said(day.person(DSL), SAFE)[-1]


async def test_a_reminder_stays_true_once_somebody_has_it(day: Served) -> None:
    """It stands in the thread for ever: what it says of nobody having it has a time, and no line says "yet"."""
    card = await raised(day)
    await day.wait(MINUTES_5)
    again = bot_said(day.person(DSL), SAFE)[-1]
    await day.person(DSL).taps(card, "desk:acknowledge")
    await day.settle()
    assert "Nobody had taken it by 10:05" in words_of(again)
    assert told.TAKE_IT_UNLESS_TAKEN in words_of(again)
    assert [line for line in (told.OPEN_IT, "Nobody has it yet", " yet") if line in words_of(again)] == []


async def test_the_others_see_on_every_card_who_has_answered(day: Served) -> None:
    """The deputy replies to what the DSL has: the channel's card and the DSL's own say so, and not what was said."""
    card = await raised(day)
    await day.wait(MINUTES_5)
    dale, ford = day.person(DSL), day.person(DEPUTY)
    await dale.taps(card, "desk:acknowledge")
    await ford.taps(bot_said(ford, SAFE)[0], "desk:reply")
    await ford.submits(ford.modal, {"text": "come to the zebrafinch room"})
    await day.settle()
    for place in (SAFE, None):
        shown = words_of(bot_said(dale, place)[0])
        assert "Answered by the Deputy Designated Safeguarding Lead" in shown
        assert "zebrafinch" not in shown


async def test_whoever_opens_it_again_by_writing_reads_so(day: Served) -> None:
    """What the teacher adds after the end opens it anew: a receipt says that nobody has it, and whom to phone."""
    card = await raised(day)
    tess, dale = day.person(TEACHER), day.person(DSL)
    await dale.taps(card, "desk:resolve")
    await dale.submits(dale.modal, {"resolution": "handled"})
    await day.wait(MINUTES_5)
    receipt = bot_said(tess)[1]
    await tess.taps(receipt, "asker:answer")
    await tess.submits(tess.modal, {"text": "thank you"})
    await day.settle()
    shown = words_of(bot_said(tess)[-1])
    assert all(part in shown for part in ("Opened again, 10:05.", told.OPEN_AGAIN, "01632"))


@pytest.mark.parametrize("tap", ["reply:tell", "reply:involved"])
async def test_an_offer_of_last_week_says_that_nobody_was_told(day: Served, tap: str) -> None:
    """It is not remembered any more: the teacher reads that this tap told nobody, and what to do now."""
    tess = day.person(TEACHER)
    await tess.says_in_dm("a pupil is being bullied on snapchat by the zebrafinch gang")
    offer = bot_said(tess)[-1]
    day.pass_by(timedelta(days=7))
    await tess.taps(offer, tap)
    assert bot_said(tess)[-1].text == told.OFFER_GONE
    assert await day.escalations() == []
