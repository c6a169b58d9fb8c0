"""The look over all channels: one that is no longer safe rings before anything is sent there (RS-14)."""

import asyncio
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field, replace
from datetime import timedelta
from types import MappingProxyType

import pytest

from adapters.alarms import says
from adapters.chat.guard import APART_S, EVERY_S, Guard
from bot.escalation.alarms import Alarms
from knowledge.model import Route, RouteName
from tests.adapters.slack.home_world import DSL, HEAD, SAFE, SCHOOL, TEAM, HomeWorld, home_world
from tests.escalation_fakes import QuietBell

KEEP = timedelta(minutes=10)
OTHER = "C0OTHER"


@dataclass
class Watch:
    """A guard, and what it rang for; `slept` is how long it paused each time, and time goes by meanwhile."""

    world: HomeWorld
    bell: QuietBell = field(default_factory=QuietBell)
    slept: list[float] = field(default_factory=list)

    def __post_init__(self) -> None:
        """Post the guard."""
        world = self.world
        alarms = Alarms(self.bell, world.clock)
        self.guard = Guard("slack", world.workspaces, world.gate, world.bound, alarms, world.clock.now)

    async def pause(self, seconds: float) -> None:
        """Let time go by."""
        self.slept.append(seconds)
        self.world.clock.move(timedelta(seconds=seconds))

    async def look(self) -> list[str]:
        """Look once; returns what it rang for."""
        before = len(self.bell.alarms)
        await self.guard.look()
        return self.bell.kinds[before:]

    async def rounds(self, many: int) -> None:
        """Watch for some rounds."""
        ends = len(self.slept) + many

        async def pause(seconds: float) -> None:
            await self.pause(seconds)
            if len(self.slept) == ends:
                raise asyncio.CancelledError

        with pytest.raises(asyncio.CancelledError):
            await self.guard.watch(pause)

    def school(self, name: str, team: str, *channels: str) -> None:
        """Serve a school of a workspace, with a private channel for each of its first routes."""
        for channel in channels:
            self.world.slack.world.workspaces[team].add_channel(channel, channel.lower(), is_private=True)
        self.serve(name, team, *channels)

    def serve(self, name: str, team: str, *channels: str) -> None:
        """Serve a school, or a new version of it."""
        places = zip(RouteName, channels, strict=False)
        routes = {route: Route(("dsl",), MappingProxyType({"slack": channel})) for route, channel in places}
        belongs = (MappingProxyType({"slack_team": team}),)
        self.world.knowledge.replace(replace(SCHOOL, id=name, routes=MappingProxyType(routes), belongs=belongs))

    async def install(self, team: str) -> None:
        """Install Signpost in another workspace."""
        await self.world.workspaces.enter(self.world.slack.install(self.world.slack.workspace(team, team)).access.value)

    @property
    def asked(self) -> list[str]:
        """The channels that Slack was asked about."""
        return [call.args["channel"] for call in self.world.slack.calls_of("conversations.info")]


@pytest.fixture
async def watch() -> AsyncIterator[Watch]:
    """Post a guard over a workspace of one school."""
    async with home_world() as world:
        yield Watch(world)


def archive(world: HomeWorld) -> None:
    """Put the channel away."""
    world.team.channels[SAFE].is_archived = True


def share(world: HomeWorld) -> None:
    """Let another organisation in."""
    world.team.channels[SAFE].is_ext_shared = True


def leave(world: HomeWorld) -> None:
    """Take Signpost out of the channel."""
    world.team.channels[SAFE].members.remove(world.team.bot.id)


@pytest.mark.parametrize(
    ("happened", "fault"), [(archive, "archived"), (share, "another organisation"), (leave, "/invite")]
)
async def test_a_channel_that_is_not_safe_rings_at_the_start(
    watch: Watch, happened: Callable[[HomeWorld], None], fault: str
) -> None:
    """Nothing need be sent there first; the alarm names school, route and channel, what is wrong and what to do."""
    happened(watch.world)
    assert await watch.look() == ["channel-unsafe"]
    (alarm,) = watch.bell.alarms
    assert (alarm.school, alarm.detail["to"], alarm.detail["routes"]) == ("oakwood", f"slack:{SAFE}", "child")
    assert fault in says(alarm)
    assert "routes bind" in says(alarm)


async def test_a_channel_that_is_safe_rings_for_nothing(watch: Watch) -> None:
    """And neither does a route without one."""
    assert (await watch.look(), watch.asked) == ([], [SAFE])


async def test_a_channel_that_is_opened_later_rings_within_minutes(watch: Watch) -> None:
    """Slack is asked every ten minutes, and not before."""
    await watch.look()
    share(watch.world)
    watch.world.clock.move(KEEP - timedelta(minutes=1))
    assert await watch.look() == []
    watch.world.clock.move(timedelta(minutes=1))
    assert (await watch.look(), watch.asked) == (["channel-unsafe"], [SAFE, SAFE])


async def test_it_rings_once_and_hourly_until_it_is_mended(watch: Watch) -> None:
    """Mended and broken anew it rings at once."""
    archive(watch.world)
    rung = []
    for _ in range(9):
        rung.append(await watch.look())
        watch.world.clock.move(KEEP)
    assert [number for number, kinds in enumerate(rung) if kinds] == [0, 6]
    watch.world.team.channels[SAFE].is_archived = False
    assert await watch.look() == []
    watch.world.clock.move(KEEP)
    archive(watch.world)
    assert await watch.look() == ["channel-unsafe"]


async def test_a_reload_is_looked_at_at_once(watch: Watch) -> None:
    """A channel that the new version names, and one whose answer is only a minute old."""
    await watch.look()
    share(watch.world)
    watch.world.knowledge.replace(replace(SCHOOL, version="v2"))
    assert await watch.look() == ["channel-unsafe"]


async def test_a_binding_is_looked_at_at_once(watch: Watch) -> None:
    """Whoever bound it, and on whichever replica."""
    await watch.look()
    watch.world.team.add_channel(OTHER, "other", DSL, HEAD, is_private=True)
    await watch.world.bound.bind("oakwood", "staff", "slack", OTHER, "somebody")
    await watch.rounds(2)
    assert (watch.bell.kinds, watch.asked[1:]) == ([], [SAFE, OTHER])


async def test_hundreds_of_schools_of_one_workspace_are_asked_about_one_by_one(watch: Watch) -> None:
    """Slack is never flooded: there is a pause before each next question, and a longer one once all is known."""
    for number in range(50):
        watch.school(f"school-{number}", TEAM, f"C{number:05}")
    await watch.rounds(52)
    assert (len(watch.asked), watch.slept) == (51, [APART_S] * 50 + [EVERY_S] * 2)
    assert watch.bell.kinds == []
    assert APART_S >= 60 / 50  # about fifty a minute: docs.slack.dev, apis/web-api/rate-limits, tier 3


async def test_workspaces_do_not_wait_for_each_other(watch: Watch) -> None:
    """A trust with hundreds of channels keeps no other school from being looked at."""
    await watch.install("T0SMALL")
    for number in range(50):
        watch.school(f"school-{number}", TEAM, f"C{number:05}")
    watch.school("zenith", "T0SMALL", "C0SMALL")
    await watch.look()
    assert sorted(watch.asked) == [SAFE, "C0SMALL"]


async def test_what_has_changed_comes_before_what_waits(watch: Watch) -> None:
    """The latest reload is looked at within seconds, in the midst of hundreds that are still to be asked about."""
    for number in range(9):
        watch.school(f"school-{number}", TEAM, f"C{number:05}")
    await watch.rounds(3)
    watch.school("school-8", TEAM, "C0CHANGED")
    await watch.rounds(9)
    assert watch.asked[3] == "C0CHANGED"
    assert sorted(watch.asked[:10]) == sorted([SAFE, "C0CHANGED", *(f"C{number:05}" for number in range(8))])


async def test_where_slack_throttles_it_waits(watch: Watch) -> None:
    """As long as Slack says, and no longer; nothing rings meanwhile."""
    archive(watch.world)
    watch.world.slack.faults.limit("conversations.info", 30)
    assert await watch.look() == []
    watch.world.clock.move(timedelta(seconds=29))
    assert (await watch.look(), len(watch.asked)) == ([], 1)
    watch.world.clock.move(timedelta(seconds=1))
    assert await watch.look() == ["channel-unsafe"]


async def test_a_clock_that_is_set_back_holds_nothing_up(watch: Watch) -> None:
    """What Slack said counts from then on; a time that lies ahead of now is none to wait for."""
    archive(watch.world)
    watch.world.slack.faults.limit("conversations.info", 30)
    await watch.look()
    watch.world.clock.move(-timedelta(hours=1))
    assert await watch.look() == ["channel-unsafe"]


async def test_one_workspace_that_must_wait_holds_up_no_other(watch: Watch) -> None:
    """What Slack says of one is not about the others."""
    watch.world.slack.faults.limit("conversations.info", 600)
    await watch.look()
    await watch.install("T0SMALL")
    watch.school("zenith", "T0SMALL", "C0SMALL")
    watch.world.slack.world.workspaces["T0SMALL"].channels["C0SMALL"].is_archived = True
    await watch.rounds(5)
    assert (watch.asked, watch.bell.kinds) == ([SAFE, "C0SMALL"], ["channel-unsafe"])


async def test_a_channel_of_which_slack_never_answers_keeps_no_other_waiting(watch: Watch) -> None:
    """It is asked about in its turn, as the others are."""
    watch.school("alder", TEAM, "C0GONE")
    watch.school("beech", TEAM, "C0BEECH")
    watch.world.team.channels["C0BEECH"].is_archived = True
    watch.world.slack.faults.crash("conversations.info", 3)
    await watch.rounds(6)
    assert watch.bell.kinds == ["channel-unsafe"]
    assert len(set(watch.asked[:3])) == 3


async def test_where_slack_does_not_answer_nothing_rings(watch: Watch) -> None:
    """That a channel could not be looked at is no fault of the channel's, and mends none either."""
    archive(watch.world)
    assert await watch.look() == ["channel-unsafe"]
    watch.world.clock.move(KEEP)
    watch.world.slack.faults.crash("conversations.info")
    assert (await watch.look(), await watch.look()) == ([], [])


async def test_a_scope_that_is_missing_is_put_into_words(watch: Watch) -> None:
    """The alarm says what it means and what to do."""
    watch.world.slack.faults.fail("conversations.info", "missing_scope")
    await watch.look()
    assert "missing_scope" not in says(watch.bell.alarms[0])
    assert all(part in says(watch.bell.alarms[0]) for part in ("groups:read", "install the app again", "manifest"))


async def test_a_workspace_without_a_school_rings_until_it_has_one(watch: Watch) -> None:
    """Nobody there is answered."""
    watch.world.knowledge.remove(SCHOOL.id)
    assert (await watch.look(), await watch.look()) == (["unserved"], [])
    assert watch.bell.alarms[0].reference == TEAM
    watch.world.knowledge.replace(SCHOOL)
    assert await watch.look() == []
    watch.world.knowledge.remove(SCHOOL.id)
    assert await watch.look() == ["unserved"]


async def test_it_goes_on_for_ever(
    watch: Watch, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A fault of ours in one round does not end it, and is told by its kind."""
    sound, rounds = watch.world.bound.schools, 0

    async def pause(seconds: float) -> None:
        nonlocal rounds
        await watch.pause(seconds)
        if seconds != EVERY_S:
            return
        rounds += 1
        monkeypatch.setattr(watch.world.bound, "schools", _broken if rounds == 1 else sound)
        if rounds == 3:
            raise asyncio.CancelledError

    with pytest.raises(asyncio.CancelledError):
        await watch.guard.watch(pause)
    assert "ZeroDivisionError" in caplog.text
    archive(watch.world)
    watch.world.clock.move(KEEP)
    assert await watch.look() == ["channel-unsafe"]


def _broken() -> list[str]:
    raise ZeroDivisionError
