"""What another replica has written is taken up within a minute, and tokens are renewed for as long as Signpost runs."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta

import pytest

from adapters.places import BoundPlaces
from adapters.slack.following import EVERY_S, Following
from bot.escalation.errors import StoreError
from knowledge.model import RouteName
from tests.adapters.slack.home_world import SAFE, SCHOOL, TEACHER, TEAM, home_world
from tests.adapters.slack.install_world import LIFETIME, OTHER, TEN_MINUTES, Install, Watched

BOUND = "C0BOUND"


@pytest.fixture
async def install() -> AsyncIterator[Install]:
    """Run a workspace, with another beside it."""
    async with home_world() as world:
        yield Install(world, world.slack.workspace(OTHER, "Other"), Watched())


def places_of(replica: Install) -> BoundPlaces:
    """Return the bindings as a replica knows them."""
    return BoundPlaces(replica.world.knowledge, replica.kept)


async def follow(replica: Install, places: BoundPlaces, rounds: int = 1) -> list[float]:
    """Let a replica keep up for some rounds; returns how long it waited after each."""
    waited: list[float] = []

    async def pause(seconds: float) -> None:
        waited.append(seconds)
        replica.pass_by(timedelta(seconds=seconds))
        if len(waited) == rounds:
            raise asyncio.CancelledError

    with pytest.raises(asyncio.CancelledError):
        await Following(replica.installing, places).follow(pause)
    return waited


def child_place(places: BoundPlaces) -> str | None:
    """Return the channel of the route for children at risk."""
    return (places.view(SCHOOL.id).school.routes[RouteName.CHILD].place or {}).get("slack")


async def test_a_binding_of_another_replica_is_taken_up(install: Install) -> None:
    """And so is that it was taken back."""
    ours, theirs = places_of(install), places_of(install)
    await theirs.bind(SCHOOL.id, "child", "slack", BOUND, "somebody")
    assert child_place(ours) == SAFE
    await follow(install, ours)
    assert child_place(ours) == BOUND
    await theirs.unbind(SCHOOL.id, "child", "slack", "somebody")
    await follow(install, ours)
    assert child_place(ours) == SAFE


async def test_what_another_replica_bound_can_be_taken_back_at_once(install: Install) -> None:
    """Whichever replica hears the command."""
    ours, theirs = places_of(install), places_of(install)
    await theirs.bind(SCHOOL.id, "child", "slack", BOUND, "somebody")
    assert await ours.unbind(SCHOOL.id, "child", "slack", "somebody")


async def test_a_school_whose_bindings_stay_stays_the_same(install: Install) -> None:
    """Nothing is made anew where nothing has changed."""
    ours = places_of(install)
    await ours.bind(SCHOOL.id, "child", "slack", BOUND, "somebody")
    before = ours.view(SCHOOL.id)
    await follow(install, ours, 3)
    assert ours.view(SCHOOL.id) is before


async def test_a_workspace_that_another_replica_took_in_is_taken_up(install: Install) -> None:
    """And one that was taken out again is left, whoever heard of it."""
    other = install.replica()
    await install.install()
    assert other.workspaces.homes() == ()
    await follow(other, places_of(other))
    assert (other.workspaces.homes(), await other.works()) == ((TEAM,), True)
    await install.installing.removed(TEAM)
    await follow(other, places_of(other))
    assert other.workspaces.homes() == ()


async def test_a_token_that_another_replica_renewed_is_taken_up(install: Install) -> None:
    """The old one works for two hours yet; the new one is used long before."""
    other = install.replica()
    install.rotating()
    await install.install()
    await follow(other, places_of(other))
    install.pass_by(LIFETIME - timedelta(hours=1))
    await install.installing.renew()
    await follow(other, places_of(other))
    assert other.token == install.token
    assert len(install.world.slack.calls_of("oauth.v2.access")) == 2


async def test_a_token_that_could_not_be_forgotten_in_the_store_stays_forgotten_here(install: Install) -> None:
    """The store was down in that moment: a workspace that took Signpost out is not brought back by it."""
    await install.install()
    install.kept.down = True
    with pytest.raises(StoreError):
        await install.installing.removed(TEAM)
    install.kept.down = False
    await follow(install, places_of(install))
    assert install.workspaces.homes() == ()
    await install.install()
    assert (install.workspaces.homes(), await install.works()) == ((TEAM,), True)


async def test_the_token_of_the_settings_stays_in_use(install: Install) -> None:
    """It stands in no store, and nothing there takes its place."""
    own = install.world.slack.install(install.world.team).access.value
    await install.install()
    await install.installing.load(own)
    await follow(install, places_of(install), 2)
    assert install.token == own


async def test_ways_to_slack_from_which_nobody_came_back_are_forgotten(install: Install) -> None:
    """Whoever opens the link again and again fills no store; one that is still open stays."""
    for _ in range(3):
        await install.installing.begin()
    install.pass_by(TEN_MINUTES)
    state = await install.installing.begin()
    await follow(install, places_of(install))
    assert len(await install.kept.all("slack-state")) == 1
    code = install.world.slack.consent(install.world.team, TEACHER)
    assert await install.installing.finish(state, code) == TEAM


async def test_it_goes_on_for_ever(install: Install, caplog: pytest.LogCaptureFixture) -> None:
    """Half a day later there is another token; a store that fails for a while does not end it."""
    install.rotating()
    await install.install()
    first, places = install.token, places_of(install)
    install.kept.down = True
    await follow(install, places, 3)
    install.kept.down = False
    waited = await follow(install, places, round(LIFETIME.total_seconds() / EVERY_S))
    assert max(waited) <= 60
    assert (install.token != first, await install.works()) == (True, True)
    assert "StoreError" in caplog.text
    assert len(install.world.slack.calls_of("oauth.v2.access")) == 2
