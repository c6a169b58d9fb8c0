"""The server starts again over a pack that is broken: nobody meets silence, and what was raised before is not lost."""

from datetime import timedelta
from pathlib import Path

import pytest

from adapters.bootstrap import Signpost
from adapters.chat import wording
from bot.escalation.message import Act
from bot.escalation.model import State
from tests.escalation_fakes import TickingClock
from tests.packs import edit
from tests.scenario.conftest import teams_words_are_kept
from tests.scenario.slack_world import over
from tests.scenario.teams_world import School, Served, bot_said, furnish, served, write_pack
from tests.teams_fake import TeamsFake, words_of

FRIEND = "can I friend a parent?"
CERTAIN = "a child told me her dad hits her"
STANCE, BROKEN = "stance: should-not", "stance: perhaps"


async def everything_is_answered(day: Served) -> None:
    """Let the teacher and the admin do all that they can, and look at what they read."""
    tess, room = day.person("teacher"), day.at.staff_room
    await tess.writes(CERTAIN)
    assert bot_said(tess)[-1].words == wording.CANNOT_ANSWER
    await tess.writes_in(room, FRIEND)
    assert bot_said(tess, room)[-1].words == wording.CANNOT_ANSWER
    await tess.submits(wording.NEXT, text=CERTAIN, category="child-at-risk")
    shown = words_of(tess.dialog.card)
    assert (wording.CANNOT_ANSWER in shown, CERTAIN in shown) == (True, True)  # what was typed is not lost
    await tess.uses("raise-a-concern", place=day.at.chat)
    assert words_of(tess.dialog.card) == wording.CANNOT_ANSWER
    assert await tess.searches(FRIEND, place=day.at.chat) == []
    assert tess.toasts[-1] == wording.CANNOT_ANSWER
    ada = day.person("admin")
    await ada.writes("policy-admin status")
    assert bot_said(ada)[-1].words == wording.CANNOT_ANSWER


async def test_a_pack_that_is_broken_at_the_start_leaves_nobody_in_silence(
    signpost: Signpost, tmp_path: Path, clock: TickingClock, caplog: pytest.LogCaptureFixture
) -> None:
    """Each who writes, taps or searches is told whom to tell instead; once the pack is mended all goes on."""
    pack = write_pack(tmp_path)
    policy = pack / "schools" / "model" / "policies" / "online-safety.yaml"
    async with TeamsFake() as teams:
        teams.clock.at = clock.now().timestamp()
        furnish(teams)
        async with served(over(signpost, pack), tmp_path / "state", clock, known=teams) as before:
            await before.bind()
            tess = before.person("teacher")
            await tess.writes(FRIEND)
            answer = bot_said(tess)[-1]
            await tess.writes(CERTAIN)
            await tess.uses("raise-a-concern", place=before.at.chat)
        edit(policy, STANCE, BROKEN)
        async with served(over(signpost, pack), tmp_path / "state", clock, known=teams) as day:
            await day.settle()
            await everything_is_answered(day)
            await tess.taps(answer, "reply:helped")
            assert tess.toasts[-1] == wording.CANNOT_ANSWER
            assert (await day.only()).state is State.RECORDED
            assert "school-gone" in day.alarms
            edit(policy, BROKEN, STANCE)
            await day.signpost.library.reload(None, None)
            await day.settle()
            await day.wait(timedelta(minutes=2))
            assert (await day.only()).reference in bot_said(day.person("dsl"), day.at.safe)[-1].summary
        teams_words_are_kept(teams, caplog)


async def test_a_card_of_a_school_that_is_away_says_that_what_was_passed_on_stays_so(
    signpost: Signpost, tmp_path: Path, clock: TickingClock
) -> None:
    """The DSL cannot open or take it just now, in the card or in a dialog, and reads that nothing is lost."""
    pack = write_pack(tmp_path)
    async with TeamsFake() as teams:
        teams.clock.at = clock.now().timestamp()
        furnish(teams)
        async with served(over(signpost, pack), tmp_path / "state", clock, known=teams) as before:
            await before.bind()
            await before.person("teacher").writes(CERTAIN)
            await before.settle()
            card = bot_said(before.person("dsl"), before.at.safe)[-1]
        edit(pack / "schools" / "model" / "policies" / "online-safety.yaml", STANCE, BROKEN)
        async with served(over(signpost, pack), tmp_path / "state", clock, known=teams) as day:
            dale = day.person("dsl")
            await dale.taps(card, wording.ACTS[Act.ACKNOWLEDGE])
            assert dale.toasts[-1] == wording.SCHOOL_AWAY
            for act in (Act.OPEN, Act.REPLY):
                await dale.taps(card, wording.ACTS[act])
                assert words_of(dale.dialog.card) == wording.SCHOOL_AWAY
            assert (await day.only()).seen == ()


async def test_a_reply_that_is_typed_while_the_school_is_away_is_not_lost(
    signpost: Signpost, tmp_path: Path, clock: TickingClock
) -> None:
    """The DSL reads that it was not sent, with the words that they typed."""
    pack = write_pack(tmp_path)
    async with TeamsFake() as teams:
        teams.clock.at = clock.now().timestamp()
        furnish(teams)
        async with served(over(signpost, pack), tmp_path / "state", clock, known=teams) as before:
            dale = before.person("dsl")
            await before.bind()
            await before.person("teacher").writes(CERTAIN)
            await before.settle()
            await dale.taps(bot_said(dale, before.at.safe)[-1], wording.ACTS[Act.REPLY])
        edit(pack / "schools" / "model" / "policies" / "online-safety.yaml", STANCE, BROKEN)
        async with served(over(signpost, pack), tmp_path / "state", clock, known=teams):
            await dale.submits(wording.SEND_REPLY, text="I am on my way.")
            shown = words_of(dale.dialog.card)
            assert (wording.SCHOOL_AWAY in shown, "I am on my way." in shown) == (True, True)


async def test_staff_of_a_broken_school_are_not_answered_for_another(
    signpost: Signpost, tmp_path: Path, clock: TickingClock
) -> None:
    """While one of two schools in a tenant cannot be read, whoever asked for it reads that, and no other's rules."""

    def second(school: School) -> None:
        school["name"] = "Second Primary School"

    write_pack(tmp_path)
    pack = write_pack(tmp_path, second, school="second")
    async with TeamsFake() as teams:
        teams.clock.at = clock.now().timestamp()
        furnish(teams)
        async with served(over(signpost, pack), tmp_path / "state", clock, known=teams) as before:
            tess = before.person("teacher")
            await tess.writes(FRIEND)
            await tess.taps(bot_said(tess)[-1], "school:choose", school="second")
            await tess.writes(CERTAIN)
            await before.settle()
            receipt = bot_said(tess)[-1]
        edit(pack / "schools" / "second" / "policies" / "online-safety.yaml", STANCE, BROKEN)
        async with served(over(signpost, pack), tmp_path / "state", clock, known=teams) as day:
            await tess.writes("she is with me now", quotes=receipt)
            assert bot_said(tess)[-1].words == wording.SCHOOL_AWAY
            await tess.writes(CERTAIN)
            asked = bot_said(tess)[-1]
            assert wording.SCHOOL_MISSING in asked.words
            assert ("Model Primary School" in asked.words, "Second Primary School" in asked.words) == (True, False)
            assert len(await day.escalations()) == 1
            await tess.taps(receipt, wording.ACTS[Act.ANSWER])
            assert words_of(tess.dialog.card) == wording.SCHOOL_AWAY
