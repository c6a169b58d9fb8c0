"""When Teams itself misbehaves: copies, slowness, throttling, outages, lost answers (RS-35, RS-36)."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path

import pytest

from adapters.bootstrap import Signpost
from adapters.teams import wording as in_teams
from bot.escalation import wording as told
from tests.escalation_fakes import TickingClock
from tests.scenario.teams_world import Served, bot_said, served
from tests.teams_fake import Moment, Seen, TeamsFake

FRIEND = "can I friend a parent?"
CERTAIN = "a child told me her dad hits her"
UNKNOWN = "does the moon rise on tuesdays"
BUSY = {200, 202, 409}


def cards(day: Served) -> list[Seen]:
    """Return the cards in the safeguarding channel: the first message of each thread."""
    return [one for one in bot_said(day.person("dsl"), day.at.safe) if one.root == one.id and one.cards]


async def certain(day: Served) -> str:
    """Bind the channel and let a teacher raise a certain concern; returns its reference."""
    await day.bind()
    before = len(cards(day))
    await day.person("teacher").writes(CERTAIN)
    assert before == 0
    return (await day.only()).reference


# ---- Copies (RS-35) --------------------------------------------------------------------------------------------------


async def test_the_same_activity_twice_is_answered_once_rs35(teams_day: Served) -> None:
    """Teams may send what it has sent before; nothing is said or raised twice."""
    tess = teams_day.person("teacher")
    first = await tess.writes(CERTAIN)
    for _ in range(3):
        assert (await teams_day.teams.redeliver(first)).acked
    assert len(bot_said(tess)) == len(await teams_day.escalations()) == 1


async def test_only_a_copy_arrives_rs35(teams_day: Served) -> None:
    """Where the first was lost on the way, the second is answered."""
    tess = teams_day.person("teacher")
    teams_day.teams.lose()
    lost = await tess.writes(FRIEND)
    assert bot_said(tess) == []
    assert (await teams_day.teams.redeliver(lost)).acked
    assert len(bot_said(tess)) == 1
    teams_day.teams.answers.remove(lost)


@pytest.mark.parametrize("copies", [2, 20])
async def test_copies_that_come_at_once_are_answered_once_rs35(rough_teams_day: Served, copies: int) -> None:
    """One of them is answered, and the others are told to come again or that it was."""
    day = rough_teams_day
    await day.bind()
    tess = day.person("teacher")
    day.teams.lose()
    sent = await day.teams.redeliver_at_once(await tess.writes(CERTAIN), copies)
    assert {answer.status for answer in sent} <= BUSY
    assert (await day.teams.redeliver(sent[0])).acked
    await day.settle()
    assert len(await day.escalations()) == len(cards(day)) == 1


async def test_copies_of_a_tap_raise_one_rs35(rough_teams_day: Served) -> None:
    """A tap that comes twenty times at once passes a concern on once, and each copy is answered."""
    day = rough_teams_day
    await day.bind()
    tess = day.person("teacher")
    await tess.writes("a colleague shouts at a child every day")
    day.teams.lose()
    lost = await tess.taps(bot_said(tess)[-1], "reply:tell")
    day.teams.world.refusals.clear()
    sent = await day.teams.redeliver_at_once(lost, 20)
    assert {answer.status for answer in sent} == {200}
    await day.settle()
    assert len(await day.escalations()) == 1


async def test_a_copy_after_a_restart_says_nothing_again_rs35(
    teams_school: Signpost, tmp_path: Path, clock: TickingClock
) -> None:
    """What was answered is written down: another process answers no copy of it."""
    async with served(teams_school, tmp_path / "state", clock) as before:
        first = await before.person("teacher").writes(CERTAIN)
        async with served(teams_school, tmp_path / "state", clock, known=before.teams) as day:
            assert (await day.teams.redeliver(first)).acked
            assert len(bot_said(day.person("teacher"))) == len(await day.escalations()) == 1


# ---- Slow work (RS-35) -----------------------------------------------------------------------------------------------


@pytest.fixture
def impatient_day(teams_day: Served, monkeypatch: pytest.MonkeyPatch) -> Served:
    """Let the server wait for no answer at all before it tells Teams that it goes on by itself."""
    front = vars(teams_day.side.door)["_front"]
    monkeypatch.setattr(teams_day.side.door, "_front", replace(front, patience_s=0.0))
    return teams_day


async def test_an_answer_that_takes_long_comes_by_itself_rs35(impatient_day: Served) -> None:
    """Teams is told that the message was taken, and the answer arrives when it is there."""
    day, tess = impatient_day, impatient_day.person("teacher")
    held = day.teams.faults.hang("send")
    answer = await tess.writes(CERTAIN)
    assert answer.status == 202
    await held.arrived()
    assert bot_said(tess) == []
    assert (await day.teams.redeliver(answer)).status in BUSY
    held.release()
    await day.until(lambda: len(bot_said(tess)) == 1)
    day.teams.answers[:] = [one for one in day.teams.answers if one.status != 409]
    assert len(await day.escalations()) == 1


async def test_a_tap_that_takes_long_says_so_at_once_rs35(impatient_day: Served) -> None:
    """They read not to wait for it, and it is done all the same, once."""
    day, tess = impatient_day, impatient_day.person("teacher")
    await tess.writes("a colleague shouts at a child every day")
    await day.until(lambda: len(bot_said(tess)) == 1)
    held = day.teams.faults.hang("send")
    answer = await tess.taps(bot_said(tess)[-1], "reply:tell")
    assert tess.toasts == [in_teams.SLOW_TAP]
    await held.arrived()
    held.release()
    await day.until(lambda: len(bot_said(tess)) == 2)
    await day.teams.redeliver(answer)
    assert len(await day.escalations()) == 1


# ---- Throttled, down, lost on the way (RS-36) ------------------------------------------------------------------------

Break = Callable[[TeamsFake, str], object]


def throttled(after: float | str | None) -> Break:
    """Answer with 429, and this Retry-After."""
    return lambda teams, where: teams.faults.throttle("begin", after, 2, place=where)


def throttled_until_a_moment_from_now(teams: TeamsFake, where: str) -> None:
    """Answer with 429, and a date by this machine's clock, as the fake's answers have it."""
    throttled(format_datetime(datetime.now(UTC) + timedelta(seconds=5), usegmt=True))(teams, where)


def status(*sequence: int) -> Break:
    """Answer with one status after the other."""
    return lambda teams, where: teams.faults.statuses("begin", *sequence, place=where)


def dropped(moment: Moment) -> Break:
    """Break the connection, before or after the work is done."""
    return lambda teams, where: teams.faults.drop("begin", moment, place=where)


BREAKS: dict[str, tuple[Break, bool]] = {
    "429 with seconds": (throttled(3), False),
    "429 with a date": (throttled_until_a_moment_from_now, False),
    "429 with garbage": (throttled("soon"), False),
    "429 with something negative": (throttled(-5), False),
    "429 with nothing": (throttled(None), False),
    "412": (status(412, 412), False),
    "429, 502, 412": (status(429, 502, 412), True),
    "500": (status(500), True),
    "502": (status(502, 502), True),
    "503": (status(503), True),
    "504": (status(504), True),
    "broken off before": (dropped(Moment.BEFORE), True),
    "broken off after": (dropped(Moment.AFTER), True),
}


@pytest.mark.parametrize(("breaks", "in_doubt"), BREAKS.values(), ids=BREAKS.keys())
async def test_a_certain_concern_reaches_the_dsl_rs36(teams_day: Served, breaks: Break, in_doubt: bool) -> None:
    """One card, or a second that says it may be one; the asker reads the truth meanwhile, and then that it came."""
    await teams_day.bind()
    breaks(teams_day.teams, teams_day.at.safe.id)
    tess = teams_day.person("teacher")
    await tess.writes(CERTAIN)
    await teams_day.parts.courier.step()
    await teams_day.parts.courier.finish()
    one = await teams_day.only()
    assert (str(one.state), one.reference in bot_said(tess)[-1].words) == ("recorded", True)
    await teams_day.settle(timedelta(minutes=3))
    shown = cards(teams_day)
    assert all(one.reference in card.words for card in shown)
    assert [told.AGAIN in card.words for card in shown][1:] == [True] * (len(shown) - 1)
    assert 1 <= len(shown) <= (2 if in_doubt else 1)
    assert str((await teams_day.only()).state) == "delivered"
    assert one.reference in bot_said(tess)[-1].words
    assert len(bot_said(tess)) == 2


async def test_a_call_that_hangs_holds_up_no_other_lane_rs36(teams_day: Served) -> None:
    """While the post into the channel hangs, a question reaches the headteacher, and the asker is answered."""
    reference = await certain(teams_day)
    held = teams_day.teams.faults.hang("begin", place=teams_day.at.safe.id)
    await teams_day.parts.courier.step()
    await held.arrived()
    tess, head = teams_day.person("teacher"), teams_day.person("headteacher")
    before = len(bot_said(head))
    await tess.writes(UNKNOWN)
    await tess.taps(bot_said(tess)[-1], "reply:ask-a-person")
    await teams_day.parts.courier.step()
    await teams_day.until(lambda: len(bot_said(head)) == before + 1)
    assert cards(teams_day) == []
    held.release()
    await teams_day.parts.courier.finish()
    await teams_day.settle()
    assert [reference in card.words for card in cards(teams_day)] == [True]


async def test_a_lane_that_is_throttled_delays_no_other_rs36(teams_day: Served) -> None:
    """For minutes Teams lets nothing into the channel; the headteacher's chat is another conversation."""
    reference = await certain(teams_day)
    teams_day.teams.faults.throttle("begin", 60, 2, place=teams_day.at.safe.id)
    tess, head = teams_day.person("teacher"), teams_day.person("headteacher")
    before = len(bot_said(head))
    await tess.writes(UNKNOWN)
    await tess.taps(bot_said(tess)[-1], "reply:ask-a-person")
    await teams_day.settle(timedelta(seconds=10))
    assert (len(bot_said(head)), cards(teams_day)) == (before + 1, [])
    await teams_day.settle(timedelta(minutes=3))
    assert [reference in card.words for card in cards(teams_day)] == [True]


async def test_what_was_raised_while_teams_was_down_arrives_later_rs36(rough_teams_day: Served) -> None:
    """For minutes nothing gets through, and that rings; then the card arrives once, and the receipt."""
    day = rough_teams_day
    reference = await certain(day)
    for operation in ("begin", "send", "members", "member", "channels"):
        day.teams.faults.crash(operation, 10_000, status=502)
    await day.settle(timedelta(seconds=10))
    for _ in range(7):
        await day.wait(timedelta(minutes=1))
    assert (cards(day), "delayed" in day.alarms) == ([], True)
    day.teams.faults.clear()
    for _ in range(6):  # the pauses between two tries have grown
        await day.wait(timedelta(minutes=1))
    assert reference in cards(day)[0].words
    assert all(told.AGAIN in card.words for card in cards(day)[1:])
    assert reference in bot_said(day.person("teacher"))[-1].words


async def test_a_token_that_is_refused_is_had_anew_rs36(teams_day: Served) -> None:
    """Entra took it back: the very next call is made with another, and nobody notices."""
    reference = await certain(teams_day)
    teams_day.pass_by(timedelta(minutes=2))
    teams_day.teams.tickets.revoke()
    await teams_day.settle()
    assert [reference in card.words for card in cards(teams_day)] == [True]


async def test_without_a_token_everything_waits_and_rings_rs36(rough_teams_day: Served) -> None:
    """A secret that has expired: nothing is lost, whoever runs Signpost hears of it, and it says it is not ready."""
    day = rough_teams_day
    reference = await certain(day)
    day.pass_by(timedelta(minutes=2))
    day.teams.tickets.revoke()
    day.teams.faults.crash("token", 10_000, status=503)
    day.teams.faults.crash("tenant", 10_000, status=503)
    await day.settle(timedelta(seconds=20))
    for _ in range(7):
        await day.wait(timedelta(minutes=1))
    assert (cards(day), await day.side.is_ready(), "delayed" in day.alarms) == ([], False, True)
    day.teams.faults.clear()
    for _ in range(12):  # the pauses between two tries have grown
        await day.wait(timedelta(minutes=1))
    assert [reference in card.words for card in cards(day)] == [True]
