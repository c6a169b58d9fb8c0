"""Socket Mode where Slack refuses or sends connections away: it is tried again, never in a rush (RS-18)."""

from collections.abc import AsyncIterator

import pytest

from adapters.slack.sockets import Pace
from tests.adapters.slack.front_world import FrontWorld
from tests.adapters.slack.socket_world import OPEN, SocketWorld, socket_world
from tests.slack_fake import Moment
from tests.slack_fake.socket_mode import Reason

SENT_AWAY: list[Reason] = ["too_many_websockets", "link_disabled"]
LASTING = Pace(lasting_s=0.0)


@pytest.fixture
async def world(front: FrontWorld) -> SocketWorld:
    """Return Socket Mode, not yet running."""
    return await socket_world(front)


@pytest.fixture
async def running(world: SocketWorld) -> AsyncIterator[SocketWorld]:
    """Run Socket Mode."""
    async with world.running():
        yield world


# ---- Refused --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("code", ["invalid_auth", "token_revoked", "missing_scope", "not_allowed_token_type"])
async def test_a_refused_app_token_is_named_with_slacks_code_and_what_to_do(
    front: FrontWorld, caplog: pytest.LogCaptureFixture, code: str
) -> None:
    """Nothing is ready meanwhile, and it is tried again."""
    book = front.slack.world.tokens
    tokens = {
        "invalid_auth": "xapp-unknown",
        "token_revoked": book.app_token().value,
        "missing_scope": book.app_token(("authorizations:read",)).value,
        "not_allowed_token_type": front.slack.install(front.team).access.value,
    }
    book.tokens[tokens["token_revoked"]].revoked = True
    world = await socket_world(front, token=tokens[code])
    world.waits.gate.clear()
    async with world.running(0):
        await world.waits.begun(2)
        assert not await world.sockets.is_ready()
        world.waits.gate.set()
        await world.waits.begun(6)
    assert f"({code})" in caplog.text
    assert "SLACK_APP_TOKEN" in caplog.text
    assert "connections:write" in caplog.text
    assert tokens[code] not in caplog.text


async def test_a_refused_app_token_is_tried_again_after_longer_and_longer_waits(world: SocketWorld) -> None:
    """They grow to a minute, each is up to half shorter, and no two connections keep step."""
    world.slack.faults.fail(OPEN, "invalid_auth", 24)
    async with world.running():
        assert await world.sockets.is_ready()
    assert len(world.waits.seconds) == 24
    shares = []
    for line in world.waits.by_line.values():
        for number, seconds in enumerate(line):
            shares.append(seconds / min(2.0**number, 60.0))
    assert all(0.5 <= share <= 1.0 for share in shares)
    assert len(set(shares)) > 12


@pytest.mark.parametrize("retry_after", [30, 300])
async def test_slack_is_left_alone_for_as_long_as_it_says(world: SocketWorld, retry_after: int) -> None:
    """Each connection waits out what it was told, and a little more of its own."""
    world.slack.faults.limit(OPEN, retry_after, 2)
    async with world.running():
        waits = world.waits.seconds
    assert len(waits) == 2
    assert all(retry_after + 0.5 <= seconds <= retry_after + 2 for seconds in waits)


@pytest.mark.parametrize("way", ["fails", "breaks off"])
async def test_slack_may_be_down_for_a_while(world: SocketWorld, way: str, caplog: pytest.LogCaptureFixture) -> None:
    """It is said in the log without the token, and ends by itself."""
    if way == "fails":
        world.slack.faults.crash(OPEN, 8, status=503)
    else:
        world.slack.faults.drop(OPEN, Moment.BEFORE, 8)
    async with world.running():
        assert (await world.asks("hello")).acked
    assert len(world.waits.seconds) == 8
    assert caplog.text.count("Slack does not let Signpost connect") == 8
    assert "xapp" not in caplog.text
    assert "ticket" not in caplog.text


# ---- Sent away ------------------------------------------------------------------------------------------------------


async def test_where_there_are_too_many_connections_one_is_enough(
    world: SocketWorld, caplog: pytest.LogCaptureFixture
) -> None:
    """The other comes back after longer and longer waits, and never in step with those of another server."""
    world.server.most = 1
    async with world.running(1):
        await world.waits.begun(10)
        assert await world.sockets.is_ready()
        assert (await world.asks("hello")).acked
        world.server.most = 10
        await world.server.connected(2)
    (waits,) = world.waits.by_line.values()
    shares = [seconds / min(2.0**number, 60.0) for number, seconds in enumerate(waits)]
    assert all(0.5 <= share <= 1.0 for share in shares)
    assert len(set(shares)) > 5
    assert "too_many_websockets" in caplog.text


@pytest.mark.parametrize("reason", SENT_AWAY)
async def test_a_connection_that_is_sent_away_closes_and_waits_before_it_comes_back(
    front: FrontWorld, caplog: pytest.LogCaptureFixture, reason: Reason
) -> None:
    """However long it lasted; the log says what Slack said."""
    world = await socket_world(front, pace=LASTING)
    async with world.running():
        world.waits.gate.clear()
        await world.server.connections[0].disconnect(reason)
        await world.waits.begun(1)
        await world.server.connected(1)
        assert await world.sockets.is_ready()
        world.waits.gate.set()
        await world.server.connected(2)
    assert all(0.5 <= seconds <= 1.0 for seconds in world.waits.seconds)
    assert reason in caplog.text


async def test_where_socket_mode_is_switched_off_nothing_is_ready(
    running: SocketWorld, caplog: pytest.LogCaptureFixture
) -> None:
    """It is tried again until it is switched on."""
    running.waits.gate.clear()
    running.slack.faults.fail(OPEN, "no_permission", 4)
    for connection in list(running.server.connections):
        await connection.disconnect("link_disabled")
    await running.server.connected(0)
    assert not await running.sockets.is_ready()
    running.waits.gate.set()
    await running.server.connected(2)
    assert (await running.asks("hello")).acked
    assert "link_disabled" in caplog.text
    assert "Socket Mode must be on" in caplog.text
