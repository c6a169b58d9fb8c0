"""The channel for concerns is opened to others over the holidays: whoever runs Signpost hears of it first."""

import asyncio
from pathlib import Path

from adapters.bootstrap import Signpost
from adapters.escalating import delivering
from tests.escalation_fakes import TickingClock
from tests.scenario.slack_world import SAFE, served, slack_of


async def test_a_channel_that_is_not_safe_is_noticed_when_signpost_starts(
    school: Signpost, tmp_path: Path, clock: TickingClock, mode: str
) -> None:
    """Before anybody raises anything."""
    async with slack_of(clock) as slack:
        slack.world.workspaces["T0MODEL"].channels[SAFE].is_ext_shared = True
        async with (
            served(school, tmp_path, clock, mode=mode, known=slack) as day,
            delivering(day.parts, lambda _seconds: asyncio.sleep(0)),
        ):
            await day.until(lambda: "channel-unsafe" in day.alarms)
            assert await day.escalations() == []
