"""The server starts again over a pack that is broken: nobody meets silence, and what was raised before is not lost."""

from datetime import timedelta
from pathlib import Path

import pytest
from aiohttp.test_utils import make_mocked_request

from adapters.bootstrap import Signpost
from adapters.chat import wording
from adapters.listening import Health
from bot.escalation.model import State
from tests.escalation_fakes import TickingClock
from tests.packs import edit
from tests.scenario.conftest import words_are_kept
from tests.scenario.slack_world import (
    ADMIN,
    DSL,
    SAFE,
    STAFF_ROOM,
    TEACHER,
    School,
    Served,
    bot_said,
    choices_of,
    over,
    served,
    slack_of,
    words_of,
    write_pack,
)

FRIEND = "can I friend a parent?"
CERTAIN = "a child told me her dad hits her"
STANCE, BROKEN = "stance: should-not", "stance: perhaps"


async def readiness(day: Served) -> int:
    """Return what the server answers to whoever watches over it."""
    response = await Health(day.parts, day.side).ready(make_mocked_request("GET", "/readyz"))
    return response.status


async def test_a_pack_that_is_broken_at_the_start_leaves_nobody_in_silence(
    signpost: Signpost, tmp_path: Path, clock: TickingClock, mode: str, caplog: pytest.LogCaptureFixture
) -> None:
    """Each who writes is told whom to tell instead; once the pack is mended everything goes on where it stood."""
    pack = write_pack(tmp_path)
    policy = pack / "schools" / "model" / "policies" / "online-safety.yaml"
    async with slack_of(clock) as slack:
        async with served(over(signpost, pack), tmp_path, clock, mode=mode, known=slack) as before:
            tess = before.person(TEACHER)
            await tess.shortcut("raise-a-concern")
            await tess.says_in_dm(CERTAIN)
            assert await readiness(before) == 200
        edit(policy, STANCE, BROKEN)
        async with served(over(signpost, pack), tmp_path, clock, mode=mode, known=slack) as day:
            await day.settle()
            assert await readiness(day) == 503
            await tess.says_in_dm(CERTAIN)
            assert words_of(bot_said(tess)[-1]).endswith(wording.CANNOT_ANSWER)
            await tess.submits(tess.modal, {"text": CERTAIN, "category": "child-at-risk"})
            assert wording.CANNOT_ANSWER in words_of(tess.modal)
            for user, command in ((TEACHER, "/policy"), (ADMIN, "/policy-admin")):
                assert (await day.person(user).slash(command, FRIEND, STAFF_ROOM)).body["text"] == wording.CANNOT_ANSWER
            assert (await day.only()).state is State.RECORDED
            assert "school-gone" in day.alarms
            edit(policy, BROKEN, STANCE)
            await day.signpost.library.reload(None, None)
            await day.settle()
            await day.wait(timedelta(minutes=2))
            assert (await day.only()).reference in words_of(bot_said(day.person(DSL), SAFE)[-1])
            assert await readiness(day) == 200
        words_are_kept(slack, caplog)


async def test_staff_of_a_broken_school_are_not_answered_for_another(
    signpost: Signpost, tmp_path: Path, clock: TickingClock, mode: str
) -> None:
    """While one of two schools in a workspace cannot be read, whoever asked for it reads that, and no other's rules."""

    def second(school: School) -> None:
        school["name"] = "Second Primary School"

    write_pack(tmp_path)
    pack = write_pack(tmp_path, second, school="second")
    async with slack_of(clock) as slack:
        async with served(over(signpost, pack), tmp_path, clock, mode=mode, known=slack) as before:
            tess = before.person(TEACHER)
            await tess.says_in_dm(FRIEND)
            await tess.selects(
                bot_said(tess)[-1], "school:choose", choices_of(bot_said(tess)[-1])["Second Primary School"]
            )
            await tess.says_in_dm(CERTAIN)
            await before.settle()
            receipt = bot_said(tess)[-1]
        edit(pack / "schools" / "second" / "policies" / "online-safety.yaml", STANCE, BROKEN)
        async with served(over(signpost, pack), tmp_path, clock, mode=mode, known=slack) as day:
            await tess.says_in_dm("she is with me now", thread_ts=receipt.ts)
            assert bot_said(tess)[-1].text == wording.SCHOOL_AWAY
            await tess.says_in_dm(CERTAIN)
            asked = bot_said(tess)[-1]
            assert wording.SCHOOL_MISSING in words_of(asked)
            assert list(choices_of(asked)) == ["Model Primary School"]
            assert len(await day.escalations()) == 1
            await tess.shortcut("raise-a-concern")
            assert wording.WHICH_SCHOOL in words_of(tess.modal)
