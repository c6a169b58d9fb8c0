"""The concern at 22:15: what is told to whom in Slack, and what those who are told do with it."""

from datetime import timedelta
from pathlib import Path

import pytest

from adapters.bootstrap import Signpost
from adapters.chat import wording
from adapters.slack import wording as in_slack
from bot.escalation import wording as told
from bot.escalation.model import Resolution, State
from tests.escalation_fakes import TickingClock
from tests.scenario.slack_world import (
    CHAIR,
    COLLEAGUE,
    DEPUTY,
    DSL,
    GUEST,
    HEAD,
    SAFE,
    STAFF_ROOM,
    STRANGER,
    TEACHER,
    School,
    Served,
    bot_said,
    buttons_of,
    over,
    served,
    words_of,
    write_pack,
)
from tests.slack_fake import Message

CERTAIN = "a child told me her dad hits her"
POSSIBLE = "a pupil is being bullied on snapchat by the zebrafinch gang"
CALM = "I have a nagging doubt about a colleague and the zebrafinch"
ABOUT_STAFF = "a colleague messages a pupil on instagram at night about a zebrafinch"
NIGHT = timedelta(hours=12, minutes=15)
MINUTES_5, MINUTES_15 = timedelta(minutes=5), timedelta(minutes=15)
OPEN_CARD = ["desk:open", "desk:acknowledge", "desk:assign", "desk:reply", "desk:resolve"]


async def raised(day: Served, text: str = CERTAIN) -> Message:
    """Let the teacher write an urgent concern by direct message; returns the card in the private channel."""
    await day.person(TEACHER).says_in_dm(text)
    await day.settle()
    return bot_said(day.person(DSL), SAFE)[-1]


# ---- What is told ----------------------------------------------------------------------------------------------------


async def test_an_urgent_concern_is_passed_on_at_once_at_night(day: Served) -> None:
    """At 22:15 the teacher reads what to do and whom to phone; a card without words stands in the private channel."""
    day.pass_by(NIGHT)
    tess, dale = day.person(TEACHER), day.person(DSL)
    card = await raised(day)
    one = await day.only()
    advice, receipt = bot_said(tess)
    assert (advice.text, advice.thread_ts) == (wording.NEWS_OF_A_CONCERN, tess.reads()[0].ts)
    assert all(part in words_of(advice) for part in (wording.EMERGENCY, one.reference, "01632 960020", f"<@{DSL}>"))
    assert receipt.text == wording.news_of(one.reference)
    assert buttons_of(receipt) == ["asker:answer"]
    assert card.text == f"Urgent: A child may be at risk of harm ({one.reference})"
    assert (buttons_of(card), "hits" in words_of(card)) == (OPEN_CARD, False)
    assert bot_said(dale) == []


async def test_a_concern_asked_in_a_channel_is_answered_by_direct_message(day: Served) -> None:
    """Whether by /policy or by mention: nothing stands in the channel but a hint that only the asker sees."""
    tess, cole = day.person(TEACHER), day.person(COLLEAGUE)
    await tess.slash("/policy", CERTAIN, STAFF_ROOM)
    await tess.mentions(STAFF_ROOM, "a boy came in with a black eye, his dad hits him")
    hints = bot_said(tess, STAFF_ROOM)
    assert {(hint.text, hint.ephemeral_to) for hint in hints} == {(in_slack.ANSWERED_DIRECTLY, TEACHER)}
    assert bot_said(cole, STAFF_ROOM) == []
    assert [message.text for message in bot_said(tess)] == [wording.NEWS_OF_A_CONCERN] * len(hints)
    assert len(hints) == 2
    await day.settle()
    assert [message.text for message in bot_said(cole, STAFF_ROOM)] == []


async def test_a_possible_concern_is_offered_with_its_readers(day: Served) -> None:
    """Nobody is told before the teacher has seen who will read it, and taps."""
    tess, dale = day.person(TEACHER), day.person(DSL)
    await tess.says_in_dm(POSSIBLE)
    offer = bot_said(tess)[-1]
    assert buttons_of(offer) == ["reply:tell", "reply:involved", "reply:not-meant"]
    listed = words_of(offer).partition(wording.WHO_WILL_READ)[2]
    assert all(name in listed for name in ("Mr B. Example", "Ms C. Example", "Mrs A. Example"))
    await day.settle()
    assert bot_said(dale, SAFE) == []
    await tess.taps(offer, "reply:tell")
    one = await day.only()
    assert bot_said(tess)[-1].text == f"{wording.RECORDED} {one.reference}"
    await day.settle()
    assert one.reference in bot_said(dale, SAFE)[-1].text
    assert "reply:tell" not in buttons_of(offer)


async def test_a_calm_concern_waits_until_morning(day: Served) -> None:
    """A nagging doubt at 22:15 wakes nobody; the headteacher reads of it when school opens."""
    day.pass_by(NIGHT)
    tess, head = day.person(TEACHER), day.person(HEAD)
    await tess.says_in_dm(CALM)
    await tess.taps(bot_said(tess)[-1], "reply:tell")
    assert "It will be delivered on the next school morning: Tue 24 Nov, 07:45." in words_of(bot_said(tess)[-1])
    await day.settle()
    assert bot_said(head) == []
    await day.wait(timedelta(hours=9, minutes=30))
    assert (await day.only()).reference in bot_said(head)[-1].text
    assert (await day.only()).state is State.DELIVERED


async def test_one_of_these_people_is_involved(day: Served) -> None:
    """It moves on to the chair of governors, whom nobody of those listed before can ask, and nobody asks who it is."""
    tess = day.person(TEACHER)
    await tess.says_in_dm(POSSIBLE)
    offer = bot_said(tess)[-1]
    await tess.taps(offer, "reply:involved")
    following = bot_said(tess)[-1]
    listed = words_of(following).partition(wording.WHO_WILL_READ)[2]
    assert ("Dr E. Example" in listed, "Mrs A. Example" in listed) == (True, False)
    await tess.taps(following, "reply:tell")
    await day.settle()
    assert (await day.only()).reference in bot_said(day.person(CHAIR))[-1].text
    assert bot_said(day.person(HEAD)) == []


async def test_what_a_guest_writes_of_a_child_at_risk_is_passed_on(day: Served) -> None:
    """A guest and a stranger read kind words; what they are certain of goes to the DSL, marked as not from staff."""
    for number, user in enumerate((GUEST, STRANGER), 1):
        person = day.person(user)
        await person.says_in_dm(CERTAIN)
        await day.settle()
        first = bot_said(person)[0]
        assert (told.NOT_STAFF_REPLY in words_of(first), told.NOT_STAFF_TOLD in words_of(first)) == (True, True)
        cards = bot_said(day.person(DSL), SAFE)
        assert (len(cards), told.NOT_STAFF in words_of(cards[-1])) == (number, True)
        receipt = words_of(bot_said(person)[-1])
        assert (told.NOT_STAFF_TITLE in receipt, "A child may be at risk" in receipt) == (True, False)


# ---- Raise a concern -------------------------------------------------------------------------------------------------


async def test_a_concern_is_raised_in_two_steps(day: Served) -> None:
    """The shortcut asks what happened, then shows who will read it; nothing is sent before that is confirmed."""
    tess = day.person(TEACHER)
    await tess.shortcut("raise-a-concern")
    first = tess.modal
    assert wording.EMERGENCY in words_of(first)
    await tess.submits(first, {"text": "he flinches when the zebrafinch sings", "category": "child-at-risk"})
    second = tess.modal
    assert second.callback_id == "raise-2"
    assert "Mr B. Example" in words_of(second).partition(wording.WHO_WILL_READ)[2]
    await day.settle()
    assert (await day.escalations(), bot_said(day.person(DSL), SAFE)) == ([], [])
    await tess.submits(second)
    one = await day.only()
    assert f"{wording.RECORDED} {one.reference}" in words_of(tess.modal)
    await day.settle()
    assert one.reference in bot_said(day.person(DSL), SAFE)[-1].text
    assert one.reference in bot_said(tess)[-1].text


async def test_somebody_is_involved_in_what_is_raised(day: Served) -> None:
    """The tap in the second step lists others in its place, and only they are told."""
    tess = day.person(TEACHER)
    await tess.shortcut("raise-a-concern")
    await tess.submits(tess.modal, {"text": POSSIBLE})
    assert "Mrs A. Example" in words_of(tess.modal).partition(wording.WHO_WILL_READ)[2]
    await tess.taps(tess.modal, "reply:involved")
    listed = words_of(tess.modal).partition(wording.WHO_WILL_READ)[2]
    assert ("Dr E. Example" in listed, "Mrs A. Example" in listed) == (True, False)
    await tess.submits(tess.modal)
    await day.settle()
    assert (await day.only()).reference in bot_said(day.person(CHAIR))[-1].text
    assert bot_said(day.person(HEAD)) == []


# ---- At the desk -----------------------------------------------------------------------------------------------------


async def test_the_words_are_opened_in_a_view(day: Served) -> None:
    """The DSL reads them where nobody else does; the teacher reads that the DSL has seen it."""
    card = await raised(day)
    tess, dale = day.person(TEACHER), day.person(DSL)
    await dale.taps(card, "desk:open")
    assert CERTAIN in words_of(dale.modal)
    await day.settle()
    assert "Seen by the Designated Safeguarding Lead (DSL)" in words_of(bot_said(tess)[-1])
    assert "hits" not in words_of(card)


async def test_taking_it_edits_the_card_in_place(day: Served) -> None:
    """One card stays one card; the teacher reads who has it, beneath the first receipt."""
    card = await raised(day)
    tess, dale = day.person(TEACHER), day.person(DSL)
    await dale.taps(card, "desk:acknowledge")
    await day.settle()
    assert bot_said(dale, SAFE) == [card]
    assert "Taken by the Designated Safeguarding Lead (DSL)" in words_of(card)
    assert buttons_of(card) == ["desk:open", "desk:reply", "desk:assign", "desk:resolve"]
    _, first, latest = bot_said(tess)
    assert latest.thread_ts == first.ts
    assert "Taken by the Designated Safeguarding Lead (DSL)" in words_of(latest)


async def test_a_reply_reaches_the_asker(day: Served) -> None:
    """What the DSL answers stands in the teacher's direct messages, and its notification says only who answered."""
    card = await raised(day)
    tess, dale = day.person(TEACHER), day.person(DSL)
    await dale.taps(card, "desk:reply")
    await dale.submits(dale.modal, {"text": "Thank you. Please note the bruise today."})
    await day.settle()
    one = await day.only()
    title = told.reply_title("Designated Safeguarding Lead (DSL)", one.reference)
    (reply,) = [message for message in bot_said(tess) if message.text == title]
    assert "Please note the bruise today." in words_of(reply)
    assert one.state is State.ACKNOWLEDGED


async def test_it_is_passed_on_resolved_and_reopened(day: Served) -> None:
    """The deputy is told in person, resolves it with a category, and opens it again."""
    card = await raised(day)
    dale, ford = day.person(DSL), day.person(DEPUTY)
    await dale.taps(card, "desk:assign")
    await dale.submits(dale.modal, {"role": "deputy-dsl"})
    await day.settle()
    own = bot_said(ford)[-1]
    assert "Passed on to the Deputy Designated Safeguarding Lead" in words_of(card)
    await ford.taps(own, "desk:acknowledge")
    await ford.taps(own, "desk:resolve")
    await ford.submits(ford.modal, {"resolution": "handled"})
    await day.settle()
    assert (await day.only()).resolution is Resolution.HANDLED
    assert buttons_of(card) == buttons_of(own) == ["desk:open", "desk:reopen"]
    await ford.taps(own, "desk:reopen")
    await day.settle()
    assert (await day.only()).state is State.DELIVERED
    assert buttons_of(card) == OPEN_CARD


async def test_a_step_is_taken_inside_the_view_with_the_words(day: Served) -> None:
    """Whoever has opened it takes it there, and sees the view as it stands then."""
    card = await raised(day)
    dale = day.person(DSL)
    await dale.taps(card, "desk:open")
    await dale.taps(dale.modal, "desk:acknowledge")
    assert "Taken by the Designated Safeguarding Lead (DSL)" in words_of(dale.modal)
    await dale.taps(dale.modal, "desk:reply")
    await dale.submits(dale.modal, {"text": "I am on my way."})
    assert not dale.has_modal
    assert (await day.only()).entries == 2


async def test_two_who_take_it_at_once_are_told_apart(day: Served) -> None:
    """The second one reads who has it already."""
    card = await raised(day)
    await day.person(DSL).taps(card, "desk:acknowledge")
    await day.person(DEPUTY).taps(card, "desk:acknowledge")
    refusal = bot_said(day.person(DEPUTY), SAFE)[-1]
    assert refusal.text == told.taken_already("Designated Safeguarding Lead (DSL)")
    assert refusal.ephemeral_to == DEPUTY


# ---- The asker writes again ------------------------------------------------------------------------------------------


async def test_the_asker_adds_something_with_the_button(day: Served) -> None:
    """It rings for those who have the card, and they read it on opening."""
    card = await raised(day)
    tess, dale = day.person(TEACHER), day.person(DSL)
    await tess.taps(bot_said(tess)[-1], "asker:answer")
    await tess.submits(tess.modal, {"text": "There is a bruise on her arm."})
    await day.settle()
    added = bot_said(dale, SAFE)[-1]
    assert added.text == f"{wording.URGENT}: {told.answer_title((await day.only()).reference)}"
    assert (added.thread_ts, added.reply_broadcast) == (card.ts, True)
    await dale.taps(card, "desk:open")
    assert "There is a bruise on her arm." in words_of(dale.modal)


async def test_the_asker_adds_something_in_the_thread_of_the_receipt(day: Served) -> None:
    """What is typed beneath the receipt, or beneath a reply, goes to whoever has it, and that is confirmed."""
    card = await raised(day)
    tess, dale = day.person(TEACHER), day.person(DSL)
    receipt = bot_said(tess)[-1]
    await tess.says_in_dm("There is a bruise on her arm.", thread_ts=receipt.ts)
    confirmed = bot_said(tess)[-1]
    assert (confirmed.text, confirmed.thread_ts) == (wording.ADDED, receipt.ts)
    await dale.taps(card, "desk:reply")
    await dale.submits(dale.modal, {"text": "Is she still there?"})
    await day.settle()
    await tess.says_in_dm("can I friend a parent?", thread_ts=receipt.ts)
    assert bot_said(tess)[-1].text == wording.ADDED
    await day.settle()
    assert bot_said(dale)[-1].text == f"{wording.URGENT}: {told.answer_title((await day.only()).reference)}"
    await dale.taps(card, "desk:open")
    assert [text in words_of(dale.modal) for text in ("There is a bruise", "can I friend a parent?")] == [True, True]
    assert len(await day.escalations()) == 1


async def test_what_is_typed_anywhere_else_stays_a_question(day: Served) -> None:
    """A new message, one in the thread of a question, and one of a colleague are no additions."""
    await raised(day)
    tess = day.person(TEACHER)
    await tess.says_in_dm("can I friend a parent?")
    await tess.says_in_dm("can I friend a parent?", thread_ts=tess.reads()[0].ts)
    await day.person(DSL).says_in_dm("can I friend a parent?")
    assert (await day.only()).entries == 1
    assert [message.text for message in bot_said(tess)].count(wording.ADDED) == 0


async def test_an_addition_that_is_too_long_is_sent_back(day: Served) -> None:
    """It says how much fits, and nothing of it is kept."""
    await raised(day)
    tess = day.person(TEACHER)
    await tess.says_in_dm("bruise " * 400, thread_ts=bot_said(tess)[-1].ts)
    assert bot_said(tess)[-1].text == told.reply_too_long(2799)
    assert (await day.only()).entries == 1


# ---- Until somebody has it -------------------------------------------------------------------------------------------


async def test_it_is_chased_beneath_the_card(day: Served) -> None:
    """After five minutes everybody in the channel is rung for again, and the DSL is told in person."""
    card = await raised(day)
    await day.wait(MINUTES_5)
    again = bot_said(day.person(DSL), SAFE)[-1]
    assert (again.thread_ts, again.reply_broadcast) == (card.ts, True)
    assert again.text.startswith("Urgent: Nobody had taken it by 10:05: ")
    assert (await day.only()).reference in bot_said(day.person(DSL))[-1].text
    await day.wait(timedelta(minutes=10))
    assert (await day.only()).reference in bot_said(day.person(DEPUTY))[-1].text
    assert told.NOT_SEEN in words_of(bot_said(day.person(TEACHER))[-1])


@pytest.fixture(scope="session")
def on_holiday(signpost: Signpost, tmp_path_factory: pytest.TempPathFactory) -> Signpost:
    """Return Signpost over a school without a private channel, whose DSL is away this week."""

    def away(school: School) -> None:
        school["contacts"]["dsl"]["away"] = ["2026-11-23/2026-11-27"]
        del school["routes"]["child"]["place"]

    return over(signpost, write_pack(tmp_path_factory.mktemp("holiday"), away))


async def test_the_dsl_is_on_holiday(on_holiday: Signpost, tmp_path: Path, clock: TickingClock, mode: str) -> None:
    """While the DSL is away the deputy is told in their place, and the DSL is left in peace."""
    async with served(on_holiday, tmp_path, clock, mode=mode) as day:
        await day.person(TEACHER).says_in_dm(CERTAIN)
        await day.settle()
        assert (await day.only()).reference in bot_said(day.person(DEPUTY))[-1].text
        await day.wait(MINUTES_15)
        assert bot_said(day.person(DSL)) == []


# ---- Who may not -----------------------------------------------------------------------------------------------------


async def test_somebody_who_is_not_on_the_route_is_refused(day: Served) -> None:
    """A colleague who got hold of the id of a card reads nothing and changes nothing."""
    await raised(day)
    one = await day.only()
    cole = day.person(COLLEAGUE)
    await cole.says_in_dm("can I friend a parent?")
    forged = bot_said(cole)[-1]
    for act in ("open", "acknowledge", "assign", "reply", "resolve", "reopen"):
        forged.blocks[-1]["elements"][0] |= {"action_id": f"desk:{act}", "value": one.id}
        await cole.taps(forged, f"desk:{act}")
        assert (bot_said(cole)[-1].text, cole.has_modal) == (told.NOT_YOURS, False)
    assert await day.only() == one


async def test_an_asker_cannot_write_beneath_what_another_raised(day: Served) -> None:
    """The button of somebody else's receipt is refused, and what was typed is kept in the view."""
    await raised(day)
    one = await day.only()
    cole = day.person(COLLEAGUE)
    await cole.says_in_dm("can I friend a parent?")
    forged = bot_said(cole)[-1]
    forged.blocks[-1]["elements"][0] |= {"action_id": "asker:answer", "value": one.id}
    await cole.taps(forged, "asker:answer")
    await cole.submits(cole.modal, {"text": "me too"})
    assert cole.modal.errors == {"text": told.GONE}
    assert (await day.only()).entries == 1
