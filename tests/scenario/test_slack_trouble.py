"""When Slack itself misbehaves: events that come twice, channels that are no longer safe, throttling, outages."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from adapters.bootstrap import Signpost
from adapters.chat import wording
from adapters.slack import wording as in_slack
from bot.escalation import wording as told
from tests.adapters.mail.servers import Post, mail_server
from tests.escalation_fakes import TickingClock
from tests.scenario.slack_world import (
    DEPUTY,
    DSL,
    HEAD,
    SAFE,
    STAFF_ROOM,
    TEACHER,
    Served,
    bot_said,
    served,
    slack_of,
    words_of,
)
from tests.slack_fake import Moment

FRIEND = "can I friend a parent?"
CERTAIN = "a child told me her dad hits her"
SENDER = "signpost@model.example"
BUSY = {200, 409, None}


# ---- The duplicate event ---------------------------------------------------------------------------------------------


async def test_four_copies_are_answered_once(day: Served) -> None:
    """Slack sends an event up to four times; the later ones are content with having been answered."""
    tess = day.person(TEACHER)
    first = await tess.says_in_dm(CERTAIN)
    for number in (1, 2, 3):
        await day.slack.redeliver(first, number)
    assert len(bot_said(tess)) == 1
    assert len(await day.escalations()) == 1


async def test_only_a_copy_arrives(day: Served) -> None:
    """Where the first was lost on the way, the one that comes with the marks of a retry is answered."""
    tess = day.person(TEACHER)
    day.slack.lose()
    lost = await tess.says_in_dm(FRIEND)
    assert bot_said(tess) == []
    assert (await day.slack.redeliver(lost, 2)).acked
    assert len(bot_said(tess)) == 1
    day.slack.answers.remove(lost)


@pytest.mark.parametrize("copies", [2, 50])
async def test_copies_that_come_at_once_are_answered_once(rough_day: Served, copies: int) -> None:
    """One of them is answered, and the others are told to come again or that it was."""
    tess = rough_day.person(TEACHER)
    rough_day.slack.sockets.patience = 1.0
    rough_day.slack.lose()
    sent = await rough_day.slack.redeliver_at_once(await tess.says_in_dm(CERTAIN), copies)
    assert {answer.status for answer in sent} <= BUSY
    assert len(bot_said(tess)) == 1
    again = await rough_day.slack.redeliver(sent[0], 3)
    assert again.acked
    await rough_day.settle()
    assert len(bot_said(rough_day.person(DSL), SAFE)) == len(await rough_day.escalations()) == 1


async def test_an_answer_that_waits_for_slack_comes_once(rough_day: Served) -> None:
    """Until it has arrived its event is not called answered, so that no restart can lose it; a copy adds nothing."""
    rough_day.slack.sockets.patience = 1.0
    tess = rough_day.person(TEACHER)
    rough_day.slack.faults.limit("chat.postMessage", 1)
    asked = await tess.says_in_dm(FRIEND)
    assert (asked.acked, bot_said(tess)) == (False, [])
    await rough_day.until(lambda: len(bot_said(tess)) == 1)
    rough_day.pass_by(timedelta(minutes=1))
    assert (await rough_day.slack.redeliver(asked, 2)).acked
    assert len(bot_said(tess)) == 1


async def test_a_tap_that_comes_twice_counts_once(day: Served) -> None:
    """The same trigger is the same tap."""
    tess = day.person(TEACHER)
    await tess.says_in_dm(FRIEND)
    tapped = await tess.taps(bot_said(tess)[-1], "reply:helped")
    await day.slack.redeliver(tapped)
    assert [message.text for message in bot_said(tess)].count(told.HELPED) == 1


async def test_a_restart_forgets_nothing(school: Signpost, tmp_path: Path, clock: TickingClock, mode: str) -> None:
    """A copy that comes after a restart is not answered again; what was recorded before it is delivered after it."""
    async with slack_of(clock) as slack:
        async with served(school, tmp_path, clock, mode=mode, known=slack) as before:
            tess = before.person(TEACHER)
            first = await tess.says_in_dm(CERTAIN)
        async with served(school, tmp_path, clock, mode=mode, known=slack) as after:
            assert (await slack.redeliver(first, 1)).acked
            assert len(bot_said(tess)) == 1
            await after.settle()
            (card,) = bot_said(after.person(DSL), SAFE)
            await after.person(DSL).taps(card, "desk:open")
            assert CERTAIN in words_of(after.person(DSL).modal)


# ---- A channel that is no longer safe --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "flags",
    [
        {"is_archived": True},
        {"is_ext_shared": True},
        {"is_pending_ext_shared": True},
        {"is_org_shared": True},
        {"is_private": False},
        {"members": [DSL, DEPUTY, HEAD]},
    ],
    ids=lambda flags: next(iter(flags)),
)
async def test_a_channel_that_is_not_safe_is_told_nothing(day: Served, flags: dict[str, object]) -> None:
    """The people of the route are told one by one instead, and whoever runs Signpost hears of it."""
    for name, value in flags.items():
        setattr(day.team.channels[SAFE], name, value)
    await day.person(TEACHER).says_in_dm(CERTAIN)
    await day.settle()
    reference = (await day.only()).reference
    assert day.team.said_by_bot(SAFE) == []
    assert [reference in bot_said(day.person(user))[-1].text for user in (DSL, DEPUTY)] == [True, True]
    assert "undeliverable" in day.alarms


async def test_a_channel_that_is_opened_to_others_meanwhile_is_noticed(day: Served) -> None:
    """What was safe in the morning is looked at again ten minutes later at the latest."""
    tess = day.person(TEACHER)
    await tess.says_in_dm(CERTAIN)
    await day.settle()
    day.team.channels[SAFE].is_ext_shared = True
    day.pass_by(timedelta(minutes=11))
    await tess.says_in_dm("a child told me her mum hits her")
    await day.settle()
    earlier, latest = sorted(await day.escalations(), key=lambda one: one.opened_at)
    assert earlier.reference in bot_said(day.person(DSL), SAFE)[-1].text
    assert [message for message in bot_said(day.person(DSL), SAFE) if latest.reference in message.text] == []
    assert latest.reference in "".join(message.text for message in bot_said(day.person(DSL)))


async def test_a_channel_that_is_gone_when_it_is_posted_to_is_given_up(day: Served) -> None:
    """A card that Slack refuses for good goes to people at once, and is not tried for ever."""
    day.slack.faults.fail("chat.postMessage", "channel_not_found", 100, channel=SAFE)
    await day.person(TEACHER).says_in_dm(CERTAIN)
    await day.settle()
    assert (await day.only()).reference in bot_said(day.person(DSL))[-1].text
    assert "undeliverable" in day.alarms
    assert len([call for call in day.slack.calls if call.error == "channel_not_found"]) == 1


# ---- Throttled, down, revoked ----------------------------------------------------------------------------------------


async def test_one_channel_that_is_throttled_delays_no_other(day: Served) -> None:
    """While Slack lets nothing into the private channel, a question reaches the headteacher at once."""
    tess = day.person(TEACHER)
    day.slack.throttle(SAFE, 1, 20)
    await tess.says_in_dm(CERTAIN)
    await tess.says_in_dm("does the moon rise on tuesdays")
    await tess.taps(bot_said(tess)[-1], "reply:ask-a-person")
    await day.settle(timedelta(seconds=5))
    assert len(bot_said(day.person(HEAD))) == 1
    assert bot_said(day.person(DSL), SAFE) == []
    await day.settle(timedelta(seconds=30))
    assert len(bot_said(day.person(DSL), SAFE)) == 1


async def test_what_was_raised_while_slack_was_down_arrives_later(rough_day: Served) -> None:
    """For minutes nothing gets through, and that rings; then the card arrives once, and the receipt."""
    tess, dale = rough_day.person(TEACHER), rough_day.person(DSL)
    await tess.says_in_dm(CERTAIN)
    rough_day.goes_down()
    await rough_day.settle(timedelta(seconds=10))
    for _ in range(7):
        await rough_day.wait(timedelta(minutes=1))
    assert (bot_said(dale, SAFE), "delayed" in rough_day.alarms) == ([], True)
    rough_day.is_back()
    await rough_day.wait(timedelta(minutes=1))
    await rough_day.settle(timedelta(minutes=2))
    reference = (await rough_day.only()).reference
    cards = [message for message in bot_said(dale, SAFE) if message.thread_ts is None]
    assert [reference in card.text for card in cards] == [True]
    assert reference in bot_said(tess)[-1].text


async def test_a_message_that_may_have_arrived_is_marked_when_it_comes_again(day: Served) -> None:
    """A duplicate is better than a loss, and it says that it may be one."""
    dale = day.person(DSL)
    day.slack.faults.drop("chat.postMessage", Moment.AFTER, channel=SAFE)
    await day.person(TEACHER).says_in_dm(CERTAIN)
    await day.settle()
    first, second = bot_said(dale, SAFE)
    assert (told.AGAIN in first.text, told.AGAIN in second.text) == (False, True)


async def test_the_advice_stands_in_the_answer_while_slack_takes_no_messages(rough_day: Served) -> None:
    """Where the direct message does not get through, /policy itself says what to do, and the concern is recorded."""
    tess = rough_day.person(TEACHER)
    await tess.says_in_dm(FRIEND)
    rough_day.slack.world.tokens.revoke(rough_day.team.id)
    answer = await tess.slash("/policy", CERTAIN, STAFF_ROOM)
    assert answer.acked
    shown = words_of(bot_said(tess, STAFF_ROOM)[-1])
    assert (wording.EMERGENCY in shown, (await rough_day.only()).reference in shown) == (True, True)


async def test_a_revoked_token_is_never_silent(rough_day: Served) -> None:
    """Nobody can be told through Slack any more: whoever runs Signpost hears that at once, and it stays recorded."""
    await rough_day.person(TEACHER).says_in_dm(CERTAIN)
    rough_day.slack.world.tokens.revoke(rough_day.team.id)
    await rough_day.settle()
    assert {"undeliverable", "nobody-reachable"} <= set(rough_day.alarms)
    assert (await rough_day.only()).resolution is None


async def test_a_revoked_token_leaves_the_mail(
    school: Signpost, tmp_path: Path, clock: TickingClock, mode: str
) -> None:
    """Where the school has a mail server, those who can be reached there are told at once, without a word of it."""
    post = Post()
    async with mail_server(post) as port:
        mailing = replace(school.settings, smtp_host="127.0.0.1", smtp_port=port, smtp_tls="none", smtp_from=SENDER)
        async with served(replace(school, settings=mailing), tmp_path, clock, mode=mode) as day:
            await day.person(TEACHER).says_in_dm(CERTAIN)
            day.slack.world.tokens.revoke(day.team.id)
            await day.settle()
            reference = (await day.only()).reference
    (mail,) = post.arrived
    assert isinstance(mail.content, bytes)
    text = mail.content.decode()
    assert (mail.rcpt_tos, reference in text, "hits" in text) == (["head@model.example"], True, False)


async def test_signpost_that_is_taken_out_of_the_workspace_says_that_it_is_not_ready(rough_day: Served) -> None:
    """The token is forgotten, readiness is false, and nothing that comes from there is answered any more."""
    assert await rough_day.side.is_ready()
    await rough_day.slack.uninstall(rough_day.team)
    assert not await rough_day.side.is_ready()
    calls = len(rough_day.slack.calls)
    assert (await rough_day.person(TEACHER).says_in_dm(FRIEND)).acked
    assert len(rough_day.slack.calls) == calls


async def test_a_command_is_answered_in_time_while_slack_hangs(day: Served) -> None:
    """A concern is recorded, and within Slack's three seconds it says not to wait; the rest follows later."""
    tess = day.person(TEACHER)
    held = day.slack.faults.hang("chat.postMessage")
    answer = await tess.slash("/policy", CERTAIN, STAFF_ROOM)
    assert answer.body["text"] == in_slack.SLOW
    await held.arrived()
    assert (await day.only()).urgent
    held.release()
    await day.until(lambda: bot_said(tess, STAFF_ROOM)[-1].text == in_slack.ANSWERED_DIRECTLY)
    assert bot_said(tess)[-1].text == wording.NEWS_OF_A_CONCERN


async def test_slack_that_hangs_over_who_somebody_is_holds_up_no_concern(day: Served) -> None:
    """It is asked for a moment and no longer: what it would say changes nothing about what must be recorded."""
    tess = day.person(TEACHER)
    held = day.slack.faults.hang("users.info")
    await tess.slash("/policy", CERTAIN, STAFF_ROOM)
    await day.until(lambda: bot_said(tess, STAFF_ROOM)[-1].text == in_slack.ANSWERED_DIRECTLY)
    assert (await day.only()).staff
    held.release()
