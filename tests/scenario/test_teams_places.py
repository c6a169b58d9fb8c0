"""Where Signpost can post in Teams: learnt, refreshed, forgotten, and what becomes of a concern then (RS-37)."""

from collections.abc import Awaitable, Callable
from datetime import timedelta
from pathlib import Path

import pytest

from adapters.bootstrap import Signpost
from bot.escalation import wording as told
from tests.escalation_fakes import TickingClock
from tests.scenario.teams_world import TENANT, Served, bot_said, served, user_id
from tests.teams_fake import Seen

FRIEND = "can I friend a parent?"
CERTAIN = "a child told me her dad hits her"


def cards(day: Served) -> list[Seen]:
    """Return the cards in the safeguarding channel: the first message of each thread."""
    return [one for one in bot_said(day.person("dsl"), day.at.safe) if one.root == one.id and one.cards]


async def raises(day: Served) -> str:
    """Let a teacher raise a certain concern, and whatever follows from it; returns its reference."""
    await day.person("teacher").writes(CERTAIN)
    await day.settle(timedelta(minutes=2))
    return (await day.only()).reference


def direct(day: Served, who: str, reference: str) -> bool:
    """Tell whether somebody reads of a concern in their own chat."""
    return any(reference in one.words for one in bot_said(day.person(who)))


# ---- Another address -------------------------------------------------------------------------------------------------


async def test_a_tenant_that_has_moved_is_found_again_rs37(teams_day: Served) -> None:
    """Microsoft serves it from another region: what is kept of it follows with the first message from there."""
    await teams_day.bind()
    for who in ("dsl", "deputy-dsl", "teacher"):
        await teams_day.person(who).writes(FRIEND)
    teams_day.at.tenant.moves("emea")
    reference = await raises(teams_day)
    assert [reference in card.words for card in cards(teams_day)] == [True]
    places = teams_day.side.reach.tenants.places
    assert places.service_url(TENANT) == teams_day.at.tenant.service_url.rstrip("/")
    assert "undeliverable" not in teams_day.alarms


async def test_who_wrote_long_ago_is_written_to_at_the_new_address_rs37(teams_day: Served) -> None:
    """Their chat is kept with the old one; a chat at the new one is begun, and kept."""
    dale = teams_day.person("dsl")
    await dale.writes(FRIEND)
    teams_day.at.tenant.moves("emea")
    reference = await raises(teams_day)
    assert direct(teams_day, "dsl", reference)
    chat = teams_day.side.reach.tenants.places.chat(TENANT, user_id("dsl"))
    assert chat is not None
    assert "/emea/" in chat.service_url


async def test_a_chat_that_teams_does_not_know_any_more_is_begun_anew_rs37(teams_day: Served) -> None:
    """The reference has gone stale: 404, and then the card, once."""
    await teams_day.person("dsl").writes(FRIEND)
    teams_day.teams.faults.refuse("send", "ConversationNotFound", place=teams_day.person("dsl").chat.id)
    reference = await raises(teams_day)
    shown = [one for one in bot_said(teams_day.person("dsl")) if reference in one.words]
    assert (len(shown), told.AGAIN in shown[0].words) == (1, False)


# ---- Taken out -------------------------------------------------------------------------------------------------------

Goes = Callable[[Served], Awaitable[None]]


async def out_of_the_team(day: Served) -> None:
    """Take Signpost out of the team."""
    await day.person("admin").uninstalls(day.at.staff)


async def out_of_the_channel(day: Served) -> None:
    """Take Signpost out of the private channel alone."""
    await day.person("admin").uninstalls(day.at.safe)


async def without_the_channel(day: Served) -> None:
    """Delete the channel."""
    await day.person("admin").deletes_channel(day.at.safe)


async def without_the_team(day: Served) -> None:
    """Delete the team."""
    await day.person("admin").deletes_team(day.at.staff)


async def quietly_gone(day: Served) -> None:
    """Delete the channel while Signpost was not listening."""
    day.at.safe.deleted = True


async def blocked_by_the_tenant(day: Served) -> None:
    """Let the channel refuse everything that the app writes."""
    day.teams.faults.refuse("begin", "MessageWritesBlocked", 100, place=day.at.safe.id)


GOES: list[Goes] = [
    out_of_the_team,
    out_of_the_channel,
    without_the_channel,
    without_the_team,
    quietly_gone,
    blocked_by_the_tenant,
]


@pytest.mark.parametrize("known", [True, False], ids=["checked a moment ago", "not checked lately"])
@pytest.mark.parametrize("goes", GOES)
async def test_where_the_channel_is_gone_everybody_is_told_directly_rs37(
    teams_day: Served, goes: Goes, known: bool
) -> None:
    """The people of the route read it in their own chats, and whoever runs Signpost hears that the channel is not."""
    await teams_day.bind()
    await goes(teams_day)
    if not known:
        teams_day.pass_by(timedelta(minutes=11))
    reference = await raises(teams_day)
    assert direct(teams_day, "dsl", reference)
    assert {"undeliverable", "channel-unsafe"} & set(teams_day.alarms)
    assert str((await teams_day.only()).state) == "delivered"


async def test_put_in_again_it_works_again_rs37(teams_day: Served) -> None:
    """Out of the team, and back into the team and the channel: the binding is still there, and the card arrives."""
    await teams_day.bind()
    ada = teams_day.person("admin")
    await ada.uninstalls(teams_day.at.staff)
    assert teams_day.side.reach.tenants.places.teams(TENANT) == []
    teams_day.pass_by(timedelta(minutes=11))
    await ada.installs(teams_day.at.staff)
    await ada.installs(teams_day.at.safe)
    reference = await raises(teams_day)
    assert [reference in card.words for card in cards(teams_day)] == [True]


async def test_who_takes_signpost_out_of_their_own_chat_is_passed_over_rs37(teams_day: Served) -> None:
    """The DSL has uninstalled it: what is kept of their chat is forgotten, and the deputy is told at once."""
    dale = teams_day.person("dsl")
    await dale.writes(FRIEND)
    await teams_day.person("deputy-dsl").writes(FRIEND)
    await dale.uninstalls()
    places = teams_day.side.reach.tenants.places
    assert places.chat(TENANT, user_id("dsl")) is None
    reference = await raises(teams_day)
    assert (direct(teams_day, "dsl", reference), direct(teams_day, "deputy-dsl", reference)) == (False, True)
    assert "undeliverable" in teams_day.alarms


async def test_who_takes_signpost_in_again_is_told_again_rs37(teams_day: Served) -> None:
    """Their chat is known anew, with a word of welcome."""
    dale = teams_day.person("dsl")
    await dale.writes(FRIEND)
    await dale.uninstalls()
    await dale.installs()
    await teams_day.until(lambda: len(bot_said(dale)) == 2)
    assert direct(teams_day, "dsl", await raises(teams_day))


async def test_somebody_for_whom_the_app_is_blocked_is_passed_over_rs37(teams_day: Served) -> None:
    """The deputy is told, and whoever runs Signpost hears of it."""
    for who in ("dsl", "deputy-dsl"):
        await teams_day.person(who).writes(FRIEND)
    teams_day.user("dsl").has_blocked = True
    reference = await raises(teams_day)
    assert (direct(teams_day, "dsl", reference), direct(teams_day, "deputy-dsl", reference)) == (False, True)
    assert "undeliverable" in teams_day.alarms


async def test_an_app_that_the_tenant_has_disabled_is_never_silent_rs37(rough_teams_day: Served) -> None:
    """Nobody can be told through Teams: that rings at once, and the concern stays recorded."""
    day = rough_teams_day
    await day.person("teacher").writes(CERTAIN)
    day.at.tenant.app_is_allowed = False
    await day.settle(timedelta(minutes=2))
    assert {"undeliverable", "nobody-reachable"} <= set(day.alarms)
    assert (await day.only()).resolution is None


async def test_an_asker_who_is_gone_holds_up_nothing_rs37(teams_day: Served) -> None:
    """The teacher takes Signpost out after raising something: that the DSL's reply does not arrive is no secret."""
    await teams_day.bind()
    reference = await raises(teams_day)
    await teams_day.person("teacher").uninstalls()
    one = await teams_day.only()
    parts, dale = teams_day.parts, await teams_day.side.reach.people.person(TENANT, user_id("dsl"))
    await parts.desk.reply(dale, one.id, "Come to my room.")
    await teams_day.settle(timedelta(minutes=1))
    assert one.reference == reference
    assert "undeliverable" in teams_day.alarms


# ---- After a restart -------------------------------------------------------------------------------------------------


async def test_a_restart_forgets_nothing_rs37(teams_school: Signpost, tmp_path: Path, clock: TickingClock) -> None:
    """Bindings, chats, the tenant's address and who is behind a sign-in name are known before anybody writes."""
    async with served(teams_school, tmp_path / "state", clock) as before:
        await before.bind()
        await before.person("deputy-dsl").writes(FRIEND)
        await before.person("teacher").writes(CERTAIN)
        reference = (await before.only()).reference
        async with served(teams_school, tmp_path / "state", clock, known=before.teams) as day:
            await day.settle()
            assert [reference in card.words for card in cards(day)] == [True]
            places = day.side.reach.tenants.places
            assert places.chat(TENANT, user_id("deputy-dsl")) is not None
            assert places.team_of(TENANT, day.at.safe.id) == day.at.staff.id
