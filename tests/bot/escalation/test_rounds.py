"""The rounds of the chase: what befalls one escalation delays no other, and none is lost sight of."""

import asyncio
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import Any

from bot.escalation.alarms import Alarms
from bot.escalation.readers import Readers
from bot.escalation.rounds import Rounds
from knowledge.model import Hours
from tests.bot.escalation.builders import DAY, HEAD_INBOX, MINUTE, PLACE, SCHOOL, World, kinds_to
from tests.escalation_fakes import FakeChannel

YEARS = timedelta(days=3650)
CALM: dict[str, Any] = {"category": "low-level", "urgent": False}


@dataclass(slots=True)
class Unanswering(FakeChannel):
    """A platform that does not say who reads a place until the gate is open; `asked` counts who waits for it."""

    gate: asyncio.Event = field(default_factory=asyncio.Event)
    asked: int = 0

    async def members(self, school: str, place: str) -> frozenset[str] | None:
        """Wait, then say it."""
        self.asked += 1
        await self.gate.wait()
        return await FakeChannel.members(self, school, place)


async def test_a_platform_that_does_not_answer_delays_the_chase_of_nobody_else() -> None:
    """All that are due are looked up at the same time; whoever needs no answer is chased at once."""
    world = World()
    stuck = [await world.open(f"{n}") for n in range(5)]
    other = await world.open("other", category="adult-conduct")
    world.clock.move(6 * MINUTE)
    dead = Unanswering("web", clock=world.clock, places=world.web.places)
    office = replace(world.office, channels={"web": dead})
    alarms = Alarms(world.bell, world.clock)
    going = asyncio.create_task(Rounds(office, Readers(office, alarms), alarms).go())
    for _ in range(100):
        await asyncio.sleep(0)  # gives the others their turn
    assert dead.asked == len(stuck)
    assert (await world.look(other)).chased == 1
    assert [(await world.look(one)).chased for one in stuck] == [0] * 5
    dead.gate.set()
    assert await going
    assert [(await world.look(one)).chased for one in stuck] == [1] * 5


async def test_what_was_raised_under_a_clock_years_ahead_is_chased_once_it_is_right() -> None:
    """A calm concern whose next step lies ten years off is asked about again, and then daily as any other."""
    world = World()
    world.clock.move(YEARS)
    one = await world.open("1", **CALM)
    await world.work()
    world.clock.move(-YEARS)
    await world.work()
    assert (await world.look(one)).chased == 1
    await world.pass_time(2 * DAY, every=timedelta(hours=1))
    assert kinds_to(world.web, HEAD_INBOX)[-3:] == ["chase"] * 3


async def test_a_school_that_lists_its_next_term_alone_is_chased_without_haste() -> None:
    """Where its next opening lies far off an escalation is looked at again before that, and not time and again."""
    world = World()
    today = world.clock.now().date()
    term = (_in(today, 300), _in(today, 380))
    hours = SCHOOL.hours or Hours(("mon", "tue", "wed", "thu", "fri"), "08:00", "17:00")
    world.knowledge.replace(replace(SCHOOL, hours=replace(hours, terms=(term,))))
    one = await world.open("1", **CALM)
    assert one.next_at
    assert one.next_at > world.clock.now() + 200 * DAY
    await world.work()
    after = await world.look(one)
    assert after.chased == 1
    assert after.next_at == world.clock.now() + 100 * DAY
    await world.pass_time(5 * DAY, every=DAY)
    assert (await world.look(one)).chased == 1
    assert kinds_to(world.web, PLACE) == []


def _in(day: date, days: int) -> str:
    return (day + timedelta(days=days)).isoformat()
