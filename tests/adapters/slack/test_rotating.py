"""Renewing the tokens that Slack rotates: in time, in one write, and whatever happens in between (RS-17)."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta

import pytest

from tests.adapters.slack.home_world import TEACHER, TEAM, home_world
from tests.adapters.slack.install_world import AHEAD, LIFETIME, OTHER, SECOND, CrashError, Install, Watched

LEASE = timedelta(seconds=30)


@pytest.fixture
async def install() -> AsyncIterator[Install]:
    """Run a workspace."""
    async with home_world() as world:
        yield Install(world, world.slack.workspace(OTHER, "Other"), Watched())


@pytest.fixture
async def rotating(install: Install) -> Install:
    """Install Signpost with tokens that rotate."""
    install.rotating()
    await install.install()
    return install


async def test_a_token_is_renewed_two_hours_ahead(rotating: Install) -> None:
    """Not earlier, and in good time; the new one works when the old one has ended."""
    first = rotating.token
    rotating.pass_by(LIFETIME - AHEAD - SECOND)
    await rotating.installing.renew()
    assert rotating.token == first
    rotating.pass_by(SECOND)
    await rotating.installing.renew()
    assert rotating.token != first
    rotating.pass_by(AHEAD + SECOND)
    assert await rotating.works()


async def test_tokens_are_renewed_day_after_day(rotating: Install) -> None:
    """Thirteen hours later, and the day after, and the week after it works still."""
    seen = {rotating.token}
    for _ in range(14):
        rotating.pass_by(LIFETIME - AHEAD)
        await rotating.installing.renew()
        assert await rotating.works()
        seen.add(rotating.token)
    assert len(seen) == 15
    rotating.restart()
    await rotating.installing.load(None)
    assert await rotating.works()


async def test_both_tokens_are_kept_in_one_write(rotating: Install) -> None:
    """No crash can part the token from the one that renews it."""
    rotating.pass_by(LIFETIME - AHEAD)
    before = len(rotating.kept.writes)
    await rotating.installing.renew()
    (written,) = rotating.kept.writes[before:]
    (fresh,) = [name for name, grant in rotating.world.slack.world.tokens.refreshes.items() if not grant.used]
    assert str(rotating.token) in written
    assert fresh in written


async def test_a_crash_between_renewing_and_keeping_is_seen_and_survived(
    rotating: Install, caplog: pytest.LogCaptureFixture
) -> None:
    """The refresh token is used up by then: the old token works to its end, and the admin is told what to do."""
    rotating.pass_by(LIFETIME - AHEAD)
    rotating.kept.crash = True
    with pytest.raises(CrashError):
        await rotating.installing.renew()
    rotating.kept.crash = False
    rotating.restart()
    await rotating.installing.load(None)
    assert await rotating.works()
    await rotating.installing.renew()
    assert await rotating.works()
    rotating.pass_by(AHEAD)
    await rotating.installing.look()
    assert not rotating.installing.can_act()
    assert "install Signpost again" in caplog.text
    assert await rotating.install() == TEAM
    assert (rotating.installing.can_act(), await rotating.works()) == (True, True)


async def test_where_slack_does_not_answer_it_is_renewed_later(rotating: Install) -> None:
    """There are two hours for it."""
    rotating.pass_by(LIFETIME - AHEAD)
    first = rotating.token
    rotating.world.slack.faults.crash("oauth.v2.access")
    await rotating.installing.renew()
    rotating.pass_by(LEASE)
    rotating.world.slack.faults.limit("oauth.v2.access", 30)
    await rotating.installing.renew()
    assert rotating.token == first
    rotating.pass_by(LEASE)
    await rotating.installing.renew()
    assert (rotating.token != first, await rotating.works()) == (True, True)


async def test_one_workspace_that_refuses_does_not_hold_up_the_others(rotating: Install) -> None:
    """Each is renewed by itself."""
    code = rotating.world.slack.consent(rotating.other, TEACHER)
    await rotating.installing.finish(await rotating.installing.begin(), code)
    rotating.pass_by(LIFETIME - AHEAD)
    before = {team: rotating.workspaces.workspace(team) for team in (TEAM, OTHER)}
    rotating.world.slack.faults.fail("oauth.v2.access", "invalid_refresh_token")
    await rotating.installing.renew()
    renewed = [team for team, known in before.items() if rotating.workspaces.workspace(team) != known]
    assert len(renewed) == 1


async def test_a_token_that_does_not_rotate_is_left_alone(install: Install) -> None:
    """It has no end."""
    await install.install()
    install.pass_by(timedelta(days=365))
    await install.installing.renew()
    assert len(install.world.slack.calls_of("oauth.v2.access")) == 1
    assert await install.works()


# ---- Replicas --------------------------------------------------------------------------------------------------------


async def test_of_two_replicas_one_renews_a_token(rotating: Install) -> None:
    """A refresh token is good for one use: whoever came second would be refused, and call for a new installation."""
    other = rotating.replica()
    await other.installing.load(None)
    rotating.pass_by(LIFETIME - AHEAD)
    await asyncio.gather(rotating.installing.renew(), other.installing.renew())
    asked = rotating.world.slack.calls_of("oauth.v2.access")
    assert [call.error for call in asked if "refresh_token" in call.args] == [None]
    for one in (rotating, other):
        await one.installing.take_up()
    rotating.pass_by(AHEAD)
    assert (rotating.token, await rotating.works(), await other.works()) == (other.token, True, True)


async def test_a_renewal_that_failed_is_tried_by_another_once_its_lease_is_over(rotating: Install) -> None:
    """A replica that died in the midst of it holds nobody up for long."""
    other = rotating.replica()
    rotating.pass_by(LIFETIME - AHEAD)
    first = rotating.token
    rotating.world.slack.faults.crash("oauth.v2.access")
    await rotating.installing.renew()
    await other.installing.renew()
    assert other.token is None
    rotating.pass_by(LEASE)
    await other.installing.renew()
    assert other.token not in (None, first)
