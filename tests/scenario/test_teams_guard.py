"""Which channels may be told of a concern: private ones, and those for whose readers an admin answers (RS-40)."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import cast

import pytest

from adapters.bootstrap import Signpost
from adapters.escalating import delivering
from adapters.teams import gate_wording as fault
from tests.escalation_fakes import TickingClock
from tests.scenario.teams_world import Served, bot_said, served, user_id
from tests.teams_fake import Channel, guid
from tests.teams_fake.places import ChannelType

CERTAIN = "a child told me her dad hits her"
FEW = ("dsl", "deputy-dsl", "headteacher", "admin")
Premises = tuple[Served, Channel]


async def binds(day: Served, channel: Channel, *words: str) -> str:
    """Let an admin bind a channel to the route for concerns; returns what they read."""
    ada = day.person("admin")
    await ada.writes_in(channel, " ".join(["policy-admin routes bind child", *words]))
    return bot_said(ada, channel)[-1].words


def small_team(day: Served, *also: str) -> Channel:
    """Return the only channel of a team in which are the few who may open what is raised."""
    tenant = day.at.tenant
    team = tenant.add_team("Safeguarding team", *(day.user(who) for who in (*FEW, *also)))
    day.teams.install(team)
    return team.general


def cards(day: Served, channel: Channel) -> int:
    """Return how many concerns stand in a channel."""
    return len([one for one in channel.messages if one.sender is None and one.cards and one.root == one.id])


async def raises(day: Served) -> None:
    """Let a teacher raise a certain concern, and whatever follows from it."""
    await day.person("teacher").writes(CERTAIN)
    await day.settle(timedelta(minutes=2))


def told_directly(day: Served, before: dict[str, int]) -> list[str]:
    """Return who of the route has been written to in their own chat since."""
    return [who for who in FEW if len(bot_said(day.person(who))) > before[who]]


def messages(day: Served) -> dict[str, int]:
    """Return how many messages stand in the chat of each of the few."""
    return {who: len(bot_said(day.person(who))) for who in FEW}


# ---- Binding ---------------------------------------------------------------------------------------------------------


async def test_a_private_channel_passes_rs40(teams_day: Served) -> None:
    """It is bound at once, and the concern stands there."""
    assert fault.NOT_CONFIRMED not in await binds(teams_day, teams_day.at.safe)
    await raises(teams_day)
    assert cards(teams_day, teams_day.at.safe) == 1


async def test_a_standard_channel_is_refused_until_it_is_confirmed_rs40(teams_day: Served) -> None:
    """Everybody in the team reads it: an admin must say that those may."""
    channel = small_team(teams_day)
    assert fault.NOT_CONFIRMED in await binds(teams_day, channel)
    before = messages(teams_day)
    await raises(teams_day)
    assert (cards(teams_day, channel), "dsl" in told_directly(teams_day, before)) == (0, True)
    assert fault.NOT_CONFIRMED not in await binds(teams_day, channel, "confirm")
    await teams_day.person("colleague").writes("my pupil says her uncle beats her")
    await teams_day.settle(timedelta(minutes=2))
    assert cards(teams_day, channel) == len(await teams_day.escalations()) - 1 == 1


async def test_who_joins_the_team_makes_it_unsafe_until_it_is_confirmed_anew_rs40(teams_day: Served) -> None:
    """From the moment they can read it: nothing is posted there, whoever runs Signpost hears of it, the DSL is told."""
    channel = small_team(teams_day)
    await binds(teams_day, channel, "confirm")
    await teams_day.person("admin").adds(channel.team, teams_day.user("teacher"))
    before = messages(teams_day)
    await teams_day.person("colleague").writes(CERTAIN)
    await teams_day.settle(timedelta(minutes=2))
    assert (cards(teams_day, channel), "dsl" in told_directly(teams_day, before)) == (0, True)
    assert {"channel-unsafe", "undeliverable"} & set(teams_day.alarms)
    assert fault.OTHERS_READ in await binds(teams_day, channel)
    assert fault.OTHERS_READ not in await binds(teams_day, channel, "confirm")
    await teams_day.person("colleague").writes("my pupil says her uncle beats her")
    await teams_day.settle(timedelta(minutes=2))
    assert cards(teams_day, channel) == 1


async def test_who_leaves_the_team_changes_nothing_rs40(teams_day: Served) -> None:
    """Fewer readers than were confirmed are no fault."""
    channel = small_team(teams_day)
    await binds(teams_day, channel, "confirm")
    await teams_day.person("admin").removes(channel.team, teams_day.user("deputy-dsl"))
    await raises(teams_day)
    assert cards(teams_day, channel) == 1


async def test_somebodys_word_is_not_taken_for_strangers_rs40(teams_day: Served) -> None:
    """A shared channel that people of another organisation read is refused, whatever an admin says."""
    tenant = teams_day.at.tenant
    outsider = tenant.add_user("Olga Outside", guid("olga"), home=guid("other tenant"))
    few = [teams_day.user(who) for who in FEW]
    shared = tenant.add_channel(teams_day.at.staff, "With the council", *few, outsider, kind="shared")
    teams_day.teams.install(shared)
    for words in ((), ("confirm",)):
        assert fault.STRANGERS_READ in await binds(teams_day, shared, *words)
    shared.members.remove(outsider)
    assert fault.STRANGERS_READ not in await binds(teams_day, shared)
    await raises(teams_day)
    assert cards(teams_day, shared) == 1


async def test_a_stranger_who_comes_later_is_noticed_before_anything_is_posted_rs40(teams_day: Served) -> None:
    """A shared channel is let out to another organisation after it was bound."""
    tenant = teams_day.at.tenant
    shared = tenant.add_channel(teams_day.at.staff, "Inner", *(teams_day.user(who) for who in FEW), kind="shared")
    teams_day.teams.install(shared)
    await binds(teams_day, shared)
    shared.members.append(tenant.add_user("Olga Outside", guid("olga"), home=guid("other tenant")))
    before = messages(teams_day)
    await raises(teams_day)
    assert (cards(teams_day, shared), "dsl" in told_directly(teams_day, before)) == (0, True)


async def test_the_staff_room_is_refused_rs40(teams_day: Served) -> None:
    """Everybody on the staff reads it."""
    assert fault.STRANGERS_READ in await binds(teams_day, teams_day.at.staff_room, "confirm")  # a guest is in the team
    teams_day.at.staff.members.remove(teams_day.user("guest"))
    assert fault.NOT_CONFIRMED in await binds(teams_day, teams_day.at.staff_room)
    await raises(teams_day)
    assert cards(teams_day, teams_day.at.staff_room) == 0


@pytest.mark.parametrize("kind", ["holographic", "Private", "", None, 7])
async def test_a_channel_of_a_kind_that_nobody_knows_is_refused_rs40(teams_day: Served, kind: object) -> None:
    """What Teams may invent one day is taken for one that everybody in the team reads."""
    channel = small_team(teams_day)
    channel.members, channel.has_app, channel.type = channel.team.members, True, cast(ChannelType, kind)
    assert fault.NOT_CONFIRMED in await binds(teams_day, channel)
    await raises(teams_day)
    assert cards(teams_day, channel) == 0


# ---- Looking again ---------------------------------------------------------------------------------------------------


@pytest.fixture
async def watched(teams_school: Signpost, tmp_path: Path, clock: TickingClock) -> AsyncIterator[Premises]:
    """Serve the school with a confirmed channel, and the guard at work."""
    async with served(teams_school, tmp_path / "state", clock) as day:
        channel = small_team(day)
        await binds(day, channel, "confirm")
        async with delivering(day.parts, lambda _seconds: asyncio.sleep(0)):
            yield day, channel


async def test_a_channel_that_is_not_safe_any_more_is_noticed_within_ten_minutes_rs40(watched: Premises) -> None:
    """Nobody has raised anything yet, and whoever runs Signpost knows it already."""
    day, channel = watched
    assert "channel-unsafe" not in day.alarms
    channel.team.members.append(day.user("teacher"))
    day.pass_by(timedelta(minutes=10))
    await day.until(lambda: "channel-unsafe" in day.alarms)
    assert await day.escalations() == []


async def test_a_channel_is_looked_at_after_a_reload_rs40(watched: Premises) -> None:
    """Without waiting for its turn."""
    day, channel = watched
    channel.team.members.append(day.user("teacher"))
    path = day.signpost.settings.knowledge
    assert path is not None
    written = path / "schools" / "model" / "school.yaml"
    before = written.read_text(encoding="utf-8")
    written.write_text(before + "\n# touched\n", encoding="utf-8")
    try:
        await day.signpost.library.reload(None, None)
        await day.until(lambda: "channel-unsafe" in day.alarms)
    finally:
        written.write_text(before, encoding="utf-8")
        await day.signpost.library.reload(None, None)


async def test_a_channel_that_is_not_safe_is_noticed_when_signpost_starts_rs40(
    teams_school: Signpost, tmp_path: Path, clock: TickingClock
) -> None:
    """What an admin confirmed is known after a restart, and so is who came since."""
    async with served(teams_school, tmp_path / "state", clock) as before:
        before.at.staff.members.remove(before.user("guest"))
        await binds(before, before.at.staff_room, "confirm")
        before.at.staff.members.append(before.user("pupil"))
        async with (
            served(teams_school, tmp_path / "state", clock, known=before.teams) as day,
            delivering(day.parts, lambda _seconds: asyncio.sleep(0)),
        ):
            await day.until(lambda: "channel-unsafe" in day.alarms)
            assert await day.escalations() == []


# ---- Who must not read it --------------------------------------------------------------------------------------------


async def test_what_is_about_a_reader_is_told_to_the_others_directly_rs40(teams_day: Served) -> None:
    """The headteacher reads the channel, and is who it is about: it does not go there, nor to her."""
    await binds(teams_day, teams_day.at.safe)
    before = messages(teams_day)
    await teams_day.person("teacher").writes("the headteacher hits the children")
    shown = bot_said(teams_day.person("teacher"))[-1]
    if "reply:tell" in shown.verbs:
        await teams_day.person("teacher").taps(shown, "reply:tell")
    await teams_day.settle(timedelta(minutes=2))
    assert len(await teams_day.escalations()) == 1
    assert cards(teams_day, teams_day.at.safe) == 0
    assert "headteacher" not in told_directly(teams_day, before)
    assert user_id("headteacher") in {one.id for one in teams_day.at.safe.roster}
