"""What a test makes go wrong at Microsoft's side: limits, faults, hanging calls, broken connections."""

import asyncio

import aiohttp
import pytest

from tests.teams_fake import Moment, TeamsFake
from tests.teams_fake.conftest import School
from tests.teams_fake.small_bot import SmallBot


async def test_calls_fail_in_a_sequence(teams: TeamsFake, school: School, bot: SmallBot) -> None:
    """One status each, then all is well; what was asked is noted each time."""
    teams.faults.statuses("send", 429, 502, 412, 200)
    statuses = [(await bot.says(school.chat, "x")).status for _ in range(5)]
    assert statuses == [429, 502, 412, 201, 201]
    assert [one.error for one in teams.calls_of("send")] == ["Throttled", "http 502", "http 412", None, None]
    assert len(school.tess.reads(school.chat)) == 2


async def test_a_place_is_throttled(teams: TeamsFake, school: School, bot: SmallBot) -> None:
    """With any Retry-After, even one that is no number, or none; another place is not."""
    teams.faults.throttle("send", "soon", place=school.chat.id)
    teams.faults.throttle("send", None, place=school.chat.id)
    assert (await bot.says(school.staff_room, "x")).status == 201
    first, second = [await bot.says(school.chat, "x") for _ in range(2)]
    assert (first.headers["Retry-After"], "Retry-After" in second.headers) == ("soon", False)
    assert (await bot.says(school.chat, "x")).status == 201


async def test_a_call_is_refused_by_name(teams: TeamsFake, school: School, bot: SmallBot) -> None:
    """With Teams' own status and words, or another status."""
    teams.faults.refuse("send", "BotNotInConversationRoster")
    teams.faults.refuse("send", "ServiceError", status=503)
    refused = [await bot.says(school.chat, "x") for _ in range(2)]
    assert [(one.status, one.code) for one in refused] == [(403, "BotNotInConversationRoster"), (503, "ServiceError")]


async def test_a_call_hangs_until_it_is_released(teams: TeamsFake, school: School, bot: SmallBot) -> None:
    """While it hangs nothing is done; afterwards it is done as usual."""
    held = teams.faults.hang("send")
    posting = asyncio.create_task(bot.says(school.chat, "x"))
    await held.arrived()
    assert (posting.done(), school.tess.reads(school.chat)) == (False, [])
    held.release()
    assert (await posting).status == 201
    assert len(school.tess.reads(school.chat)) == 1


@pytest.mark.parametrize(("moment", "posted"), [(Moment.BEFORE, 0), (Moment.AFTER, 1)])
async def test_a_connection_breaks_before_or_after_the_work(
    teams: TeamsFake, school: School, bot: SmallBot, moment: Moment, posted: int
) -> None:
    """The app cannot tell whether its message arrived; the test can."""
    teams.faults.drop("send", moment)
    with pytest.raises(aiohttp.ClientError):
        await bot.says(school.chat, "x")
    assert len(school.tess.reads(school.chat)) == posted


async def test_an_operation_that_is_not_there_cannot_fail(teams: TeamsFake) -> None:
    """A slip of a test is found at once."""
    with pytest.raises(LookupError, match="sned"):
        teams.faults.crash("sned")


async def test_deliveries_are_lost_and_repeated(teams: TeamsFake, school: School, bot: SmallBot) -> None:
    """What is lost comes when it is sent again; a copy has the same id."""
    teams.lose()
    lost = await school.tess.writes("x")
    assert (lost.acked, bot.heard) == (False, [])
    await teams.redeliver(lost)
    await teams.redeliver_at_once(lost, 2)
    assert {one["id"] for one in bot.heard} == {lost.activity["id"]}
    assert len(bot.heard) == 3


async def test_an_app_that_is_not_there_answers_nothing(teams: TeamsFake, school: School, bot: SmallBot) -> None:
    """The person's words stand there all the same."""
    await bot.stop()
    answer = await school.tess.writes("x")
    assert (answer.status, answer.lost, answer.acked) == (None, "no answer", False)
    assert [one.text for one in school.tess.reads()] == ["x"]
    teams.deliver_to("")
    assert (await school.tess.writes("y")).lost == "the app has no address"
