"""Figures: a long outage, a platform that throttles, and an urgent message behind many that are not (RS-9, RS-10)."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from itertools import pairwise

import pytest

from bot.escalation.model import Address, DeliveryKind, Escalation, Person, State
from tests.bot.escalation.builders import HEAD_INBOX, MINUTE, PLACE, World, references
from tests.escalation_fakes import MONDAY, Arrival

SECOND = timedelta(seconds=1)
LONGEST_PAUSE = 60 * SECOND


def somebody(number: int) -> Person:
    """Return one of twenty people who ask."""
    return Person("web", f"asker-{number % 20}", "Somebody")


def notices(world: World, where: Address) -> list[Arrival]:
    """List the notices that arrived at an address."""
    kept = [one for one in world.web.arrived if one.message.address.lane == where.lane]
    return [one for one in kept if one.message.kind is DeliveryKind.NOTICE]


def gaps(world: World, where: Address) -> list[timedelta]:
    """List the times between the messages that arrived at an address."""
    times = [one.at for one in world.web.arrived if one.message.address.lane == where.lane]
    return [later - earlier for earlier, later in pairwise(times)]


async def tick(world: World) -> None:
    """Let a second pass."""
    world.clock.move(SECOND)
    for _ in range(2):
        await world.courier.step()
        await world.courier.finish()


async def open_all(world: World, seconds: int, each: int) -> list[Escalation]:
    """Open an escalation every few seconds, every third of them urgent."""
    opened = []
    for second in range(seconds):
        if second % each == 0:
            urgent = second // each % 3 == 0
            category = "child-at-risk" if urgent else "pupil-contact"
            opened.append(await world.open(f"{second}", somebody(second), category=category, urgent=urgent))
        await tick(world)
    return opened


def in_order(opened: Sequence[Escalation]) -> list[str]:
    """Return the references, urgent ones first, then as they were opened."""
    return [one.reference for one in sorted(opened, key=lambda one: (not one.urgent, one.opened_at))]


async def test_three_hundred_escalations_survive_ten_minutes_without_the_channel() -> None:
    """All of them are delivered once it is back: in order, urgent first, at one a second, none twice, none rejected."""
    world = World()
    world.web.pace = world.web.bucket = 1.0
    world.web.down = True
    opened = await open_all(world, seconds=600, each=2)
    assert len(opened) == 300
    assert world.web.arrived == []
    world.web.down = False
    back: datetime = world.clock.now()
    while len(notices(world, PLACE)) < 300:
        await tick(world)
        assert world.clock.now() < back + 30 * MINUTE

    here = notices(world, PLACE)
    assert [one.message.reference for one in here] == in_order(opened)
    assert here[0].at <= back + LONGEST_PAUSE
    assert set(gaps(world, PLACE)) == {SECOND}  # never faster than the pace allows, and never idle
    assert len(world.web.by_key) == len(world.web.messages)
    assert not any(message.again for message in world.web.messages)
    assert world.web.rejected == 0
    assert {(await world.look(one)).state for one in opened} == {State.DELIVERED}
    assert {"undelivered", "delayed"} <= set(world.bell.kinds)


@pytest.mark.parametrize(("restarts_at", "rejected"), [(None, 0), (50, 1)], ids=["plain", "restarted"])
async def test_a_hundred_messages_to_a_platform_that_throttles_all_arrive(
    restarts_at: int | None, rejected: int
) -> None:
    """At one a second; a new courier learns by one rejection a lane. The other lane is not delayed (RS-9)."""
    world = World()
    world.web.pace = world.web.bucket = 1.0
    many = [await world.open(f"{n}", somebody(n), category="pupil-contact", urgent=False) for n in range(100)]
    few = [await world.open(f"few {n}", somebody(n), category="adult-conduct") for n in range(10)]
    for second in range(102):
        await tick(world)
        if second == restarts_at:
            world.restart()
            await world.work()
    assert references(world.web, PLACE) == [one.reference for one in many]
    others = notices(world, HEAD_INBOX)
    assert [one.message.reference for one in others] == [one.reference for one in few]
    assert others[-1].at <= MONDAY + 11 * SECOND
    assert world.web.rejections[PLACE.id] == rejected
    assert min(gaps(world, PLACE)) >= SECOND


@pytest.mark.parametrize("after", [0, 7, 49])
async def test_an_urgent_message_overtakes_fifty_that_are_not(after: int) -> None:
    """It arrives within two seconds, however many wait in its lane (RS-10)."""
    world = World()
    world.web.pace = world.web.bucket = 1.0
    for number in range(50):
        await world.open(f"{number}", somebody(number), category="pupil-contact", urgent=False)
    for _ in range(after):
        await tick(world)
    urgent = await world.open("urgent", somebody(0))
    opened_at = world.clock.now()
    for _ in range(2):
        await tick(world)
    (arrival,) = [one for one in notices(world, PLACE) if one.message.reference == urgent.reference]
    assert arrival.at <= opened_at + 2 * SECOND
