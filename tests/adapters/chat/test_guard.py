"""The look over the channels of routes, on whichever platform (RS-14)."""

from datetime import timedelta

import pytest

from adapters.chat.guard import Guard
from bot.escalation.alarms import Alarms
from bot.escalation.errors import ChannelDownError, ThrottledError
from tests.adapters.chat.admin_world import HOME, SAFE, SCHOOL, AdminWorld
from tests.escalation_fakes import QuietBell


class Watch:
    """A guard over a home, and what it rang for."""

    def __init__(self) -> None:
        """Post it."""
        self.world, self.bell = AdminWorld(), QuietBell()
        world, alarms = self.world, Alarms(self.bell, self.world.clock)
        self.guard = Guard("teams", world.house, world.gate, world.places, alarms, world.clock.now)

    async def look(self) -> list[str]:
        """Look once; returns what it rang for."""
        before = len(self.bell.alarms)
        await self.guard.look()
        return self.bell.kinds[before:]


@pytest.fixture
def watch() -> Watch:
    """Post a guard over a home with one school."""
    return Watch()


async def test_a_channel_that_is_not_safe_rings_for_its_platform(watch: Watch) -> None:
    """The alarm names school, routes and channel, and what is wrong; once until it is mended."""
    watch.world.gate.faults[SAFE] = "others read it"
    assert (await watch.look(), await watch.look()) == (["channel-unsafe"], [])
    (alarm,) = watch.bell.alarms
    found = (alarm.school, alarm.detail["to"], alarm.detail["routes"], alarm.detail["fault"])
    assert found == ("oakwood", f"teams:{SAFE}", "child", "others read it")
    assert watch.world.gate.asked == [(HOME, SAFE)]


async def test_a_channel_that_another_platform_names_is_not_its_business(watch: Watch) -> None:
    """It asks about the channels of its own platform alone."""
    world = watch.world
    other = Guard("slack", world.house, world.gate, world.places, Alarms(watch.bell, world.clock), world.clock.now)
    assert (await other.look(), world.gate.asked) == (False, [])


async def test_a_home_without_a_school_rings_until_it_has_one(watch: Watch) -> None:
    """Nobody there is answered."""
    watch.world.house.installed.append("home-2")
    assert (await watch.look(), await watch.look()) == (["unserved"], [])
    assert watch.bell.alarms[0].reference == "home-2"


async def test_a_home_that_must_wait_is_asked_again_when_it_may(watch: Watch) -> None:
    """As long as the platform says, and nothing rings meanwhile."""
    watch.world.gate.faults[SAFE] = "others read it"
    watch.world.gate.refusals.append(ThrottledError(30))
    assert (await watch.look(), await watch.look()) == ([], [])
    watch.world.clock.move(timedelta(seconds=30))
    assert (await watch.look(), len(watch.world.gate.asked)) == (["channel-unsafe"], 2)


async def test_where_the_platform_does_not_answer_nothing_rings(watch: Watch) -> None:
    """It is asked again the next time."""
    watch.world.gate.refusals.append(ChannelDownError("no answer"))
    assert (await watch.look(), await watch.look()) == ([], [])
    assert len(watch.world.gate.asked) == 2


async def test_a_reload_is_looked_at_at_once(watch: Watch) -> None:
    """What was said of the channel before counts no more."""
    await watch.look()
    watch.world.gate.faults[SAFE] = "others read it"
    watch.world.knowledge.replace(SCHOOL)
    assert await watch.look() == ["channel-unsafe"]
