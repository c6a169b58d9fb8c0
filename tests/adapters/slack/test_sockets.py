"""Socket Mode: Slack's events arrive while connections are renewed, break or are refused (RS-1, RS-18)."""

import asyncio
import json
from collections.abc import AsyncIterator
from typing import Any, cast

import pytest

from adapters.slack.sockets import Pace
from tests.adapters.slack.front_world import FrontWorld
from tests.adapters.slack.home_world import TEAM
from tests.adapters.slack.socket_world import OPEN, SocketWorld, nothing_left, socket_world
from tests.adapters.slack.test_front import CANARY, LEASE, tapped
from tests.slack_fake import Sent
from tests.slack_fake.delivery import Kind
from tests.slack_fake.socket_mode import Reason

RENEWALS: list[Reason] = ["refresh_requested", "warning"]
SENT_AWAY: list[Reason] = ["too_many_websockets", "link_disabled"]
SHORT = Pace(ping_s=0.2)
LASTING = Pace(lasting_s=0.0)
PAYLOADS: list[Any] = [None, 7, [], {}, CANARY, {"event": CANARY}, {"team_id": TEAM, "event": 7}]


@pytest.fixture
async def world(front: FrontWorld) -> SocketWorld:
    """Return Socket Mode, not yet running."""
    return await socket_world(front)


@pytest.fixture
async def running(world: SocketWorld) -> AsyncIterator[SocketWorld]:
    """Run Socket Mode."""
    async with world.running():
        yield world


# ---- There ----------------------------------------------------------------------------------------------------------


async def test_two_connections_are_there_and_share_the_events(running: SocketWorld) -> None:
    """Each event is acknowledged by its envelope, with nothing else in it, and nothing had to wait."""
    answers = [await running.asks(text) for text in ("one", "two", "three", "four")]
    assert [(answer.status, answer.body) for answer in answers] == [(200, None)] * 4
    assert running.front.notes.heard == ["one", "two", "three", "four"]
    assert await running.sockets.is_ready()
    assert (running.server.accepted, running.waits.seconds) == (2, [])


async def test_the_answer_to_a_command_goes_with_its_acknowledgement(running: SocketWorld) -> None:
    """That is the quickest way to whoever waits for it."""
    answer = await running.tess.slash("/policy", "phones")
    assert (answer.status, answer.body) == (200, {"text": "heard", "response_type": "ephemeral"})


async def test_what_is_not_answered_is_not_acknowledged(running: SocketWorld) -> None:
    """Slack sends it again then, until it is answered."""
    running.server.patience = 0.2
    running.front.notes.fault = ValueError(CANARY)
    first = await running.tess.says_in_dm("hello")
    running.front.notes.fault = None
    running.front.clock.move(LEASE)
    assert (await running.slack.redeliver(first, 1, "timeout")).acked
    assert (first.lost, running.front.notes.heard) == ("no ack", ["hello"])


async def test_nothing_is_ready_before_slack_says_hello(front: FrontWorld) -> None:
    """A connection that Slack has opened and not greeted carries no event, and another takes its place in time."""
    world = await socket_world(front, pace=Pace(opening_s=0.3))
    world.server.greets = False
    world.waits.gate.clear()
    async with world.running(0):
        await world.waits.begun(2)
        assert not await world.sockets.is_ready()
        world.server.greets = True
        world.waits.gate.set()
        await world.server.connected(2)
        assert (await world.asks("hello")).acked


# ---- Renewed --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("reason", RENEWALS)
async def test_no_event_is_lost_while_connections_are_renewed_time_and_again(
    running: SocketWorld, reason: Reason
) -> None:
    """Each event is answered once, and there are never fewer than two connections."""
    server = running.server
    server.patience = 0.5
    server.counts.clear()
    for accepted in range(3, 13):
        texts = [f"question {accepted}-{number}" for number in range(5)]
        renewing = server.connections[0].disconnect(reason)
        await asyncio.gather(renewing, *(running.asks(text) for text in texts))
        await server.renewed(accepted)
        await server.connected(2)
        assert sorted(running.front.notes.heard[-5:]) == texts
    assert len(running.front.notes.heard) == 50
    assert all(answer.acked for answer in [await running.asks("one"), await running.asks("another")])
    assert (min(server.counts), max(server.counts)) == (2, 3)


async def test_two_connections_that_end_together_are_renewed_one_after_the_other(front: FrontWorld) -> None:
    """Both stay until their successors are there."""
    world = await socket_world(front, pace=LASTING)
    async with world.running():
        held = world.slack.faults.hang(OPEN)
        for connection in world.server.connections:
            await connection.disconnect("refresh_requested")
        await held.arrived()
        assert (await world.asks("meanwhile")).acked
        assert (await world.asks("still")).acked
        assert (len(world.slack.calls_of(OPEN)), len(world.server.connections)) == (2, 2)
        assert await world.sockets.is_ready()
        world.server.counts.clear()
        held.release()
        await world.server.renewed(4)
        await world.server.connected(2)
        assert min(world.server.counts) == 2
        assert world.front.notes.heard == ["meanwhile", "still"]
        assert not world.waits.seconds


async def test_what_is_being_answered_is_acknowledged_over_the_connection_that_ends(running: SocketWorld) -> None:
    """The old connection stays for as long as that takes."""
    notes, server = running.front.notes, running.server
    notes.gate.clear()
    asking = asyncio.create_task(running.tess.says_in_dm("hello"))
    await notes.entered.wait()
    for connection in list(server.connections):
        await connection.disconnect("refresh_requested")
    await server.connected(4)
    notes.gate.set()
    assert (await asking).acked
    await server.connected(2)
    assert notes.heard == ["hello"]


# ---- Broken ---------------------------------------------------------------------------------------------------------


async def test_a_dropped_connection_is_replaced(front: FrontWorld) -> None:
    """The other one is there meanwhile."""
    world = await socket_world(front, pace=SHORT)
    async with world.running():
        world.server.connections[0].drop()
        await world.server.renewed(3)
        assert await world.sockets.is_ready()
        await world.server.connected(2)
        assert (await world.asks("hello")).acked
    assert world.front.notes.heard == ["hello"]


async def test_without_a_connection_nothing_is_ready(front: FrontWorld) -> None:
    """What was written meanwhile is answered when one is back."""
    world = await socket_world(front, pace=SHORT)
    async with world.running():
        held = world.slack.faults.hang(OPEN)
        await world.server.close()
        await world.becomes_ready(ready=False)
        missed = await world.tess.says_in_dm("hello")
        await held.arrived()
        held.release()
        await world.server.connected(2)
        await world.becomes_ready()
        assert (await world.slack.redeliver(missed, 1, "timeout")).acked
    assert (missed.acked, world.front.notes.heard) == (False, ["hello"])


async def test_a_half_open_connection_is_given_up_after_one_ping_without_an_answer(front: FrontWorld) -> None:
    """Nobody says that it is dead; what Slack sent over it comes again over another."""
    world = await socket_world(front, pace=SHORT)
    async with world.running():
        world.server.patience = 0.05
        dead = world.server.connections[0]
        dead.half_open, before = True, dead.pings
        lost = [await world.tess.says_in_dm(text) for text in ("one", "two")]
        world.server.patience = 5.0
        await world.server.renewed(3)
        await world.server.connected(2)
        assert dead not in world.server.connections
        assert dead.pings - before <= 3  # the one that counts, and those that keep the time
        for answer in lost:
            assert answer.acked or (await world.slack.redeliver(answer, 1, "timeout")).acked
    assert sorted(world.front.notes.heard) == ["one", "two"]


async def test_an_answer_whose_connection_has_gone_is_sent_over_another(front: FrontWorld) -> None:
    """Slack knows by the envelope what is acknowledged."""
    world = await socket_world(front, pace=SHORT)
    async with world.running():
        notes = world.front.notes
        notes.gate.clear()
        asking = asyncio.create_task(world.tess.says_in_dm("hello"))
        await notes.entered.wait()
        world.server.connections[0].drop()
        await world.server.renewed(3)
        notes.gate.set()
        assert (await asking).acked
    assert notes.heard == ["hello"]


async def test_an_event_whose_acknowledgement_was_lost_is_answered_once(
    front: FrontWorld, caplog: pytest.LogCaptureFixture
) -> None:
    """It comes again, and is acknowledged without being answered again."""
    world = await socket_world(front, pace=SHORT)
    async with world.running():
        world.server.patience = 0.5
        notes, held = world.front.notes, world.slack.faults.hang(OPEN)
        notes.gate.clear()
        asking = asyncio.create_task(world.tess.says_in_dm(CANARY))
        await notes.entered.wait()
        await world.server.close()
        await world.becomes_ready(ready=False)
        notes.gate.set()
        lost = await asking
        held.release()
        await world.server.connected(2)
        assert (await world.slack.redeliver(lost, 1, "timeout")).acked
    assert (lost.acked, notes.heard) == (False, [CANARY])
    assert "an answer could not be sent to Slack" in caplog.text
    assert CANARY not in caplog.text


# ---- Strange things -------------------------------------------------------------------------------------------------


async def test_a_kind_of_envelope_that_nobody_knows_is_acknowledged(running: SocketWorld) -> None:
    """Slack may send more than is asked for; nothing listens to it."""
    sent = Sent(cast(Kind, "brand_new"), {"type": "brand_new", "team_id": TEAM}, "envelope")
    assert (await running.server.deliver(sent)).acked
    assert not running.front.notes.heard


@pytest.mark.parametrize(
    "text",
    [
        *("", "Ping from applink", "{", "[1]", "7", "null", "{}", "[" * 100_000, '{"a":' * 100_000),
        *(json.dumps({"type": kind}) for kind in (None, 7, "events_api", "brand_new")),
        *(
            json.dumps({"type": "events_api", "envelope_id": envelope, "payload": payload})
            for envelope in ("e", None, 7)
            for payload in PAYLOADS
        ),
    ],
)
async def test_what_is_no_envelope_disturbs_nothing(
    running: SocketWorld, text: str, caplog: pytest.LogCaptureFixture
) -> None:
    """The connection goes on, and nothing of it is in the log."""
    for connection in running.server.connections:
        await connection.send_text(text)
    assert [(await running.asks(words)).acked for words in ("one", "two")] == [True, True]
    assert (running.front.notes.heard, running.server.accepted) == (["one", "two"], 2)
    assert CANARY not in caplog.text


async def test_the_same_envelope_twice_is_answered_once(running: SocketWorld) -> None:
    """Over the one connection and then over the other."""
    assert [(await running.server.deliver(tapped())).acked for _ in range(2)] == [True, True]
    assert running.front.notes.heard == ["a"]


# ---- The end --------------------------------------------------------------------------------------------------------
# `running` asserts that it comes promptly, and that no task is left.


async def test_it_stops_while_it_connects(world: SocketWorld) -> None:
    """Slack need not have answered."""
    held = world.slack.faults.hang(OPEN)
    async with world.running(0):
        await held.arrived()
    held.release()


async def test_it_stops_while_slack_has_not_said_hello(world: SocketWorld) -> None:
    """A connection that is not greeted makes nothing ready, and does not hold up the end."""
    world.server.greets = False
    async with world.running(1):
        assert not await world.sockets.is_ready()
    await world.server.connected(0)


async def test_it_stops_while_it_waits(world: SocketWorld) -> None:
    """Nor need a wait be over."""
    world.waits.gate.clear()
    world.slack.faults.crash(OPEN, 2)
    async with world.running(0):
        await world.waits.begun(2)


async def test_what_is_being_answered_when_it_stops_is_acknowledged(world: SocketWorld) -> None:
    """For that there is as much time as Slack gives; nothing more is taken meanwhile."""
    world.server.patience = 0.5
    notes = world.front.notes
    notes.gate.clear()
    async with nothing_left():
        running = world.sockets.running()
        await running.__aenter__()
        await world.server.connected(2)
        asking = asyncio.create_task(world.asks("hello"))
        await notes.entered.wait()
        ending = asyncio.create_task(running.__aexit__(None, None, None))
        while (await world.server.deliver(Sent("events_api", {"type": "unknown"}, "late"))).acked:
            assert not ending.done()
        assert not ending.done()
        notes.gate.set()
        await ending
        assert (await asking).acked
    assert notes.heard == ["hello"]
    await world.server.connected(0)


async def test_an_answer_that_never_comes_does_not_hold_up_the_end(front: FrontWorld) -> None:
    """The event is not acknowledged, and comes again when the server is back."""
    world = await socket_world(front, pace=Pace(finishing_s=0.05))
    world.server.patience = 0.1
    world.front.notes.gate.clear()
    async with world.running():
        asked = await world.tess.says_in_dm("hello")
    world.front.notes.gate.set()
    world.front.clock.move(LEASE)
    async with world.running():
        assert (await world.slack.redeliver(asked, 1, "timeout")).acked
    assert (asked.acked, world.front.notes.heard) == (False, ["hello"])


@pytest.mark.parametrize("reason", [*RENEWALS, *SENT_AWAY])
@pytest.mark.parametrize("pace", [Pace(), LASTING], ids=["young", "lasting"])
async def test_it_stops_right_after_slack_ends_its_connections(front: FrontWorld, reason: Reason, pace: Pace) -> None:
    """In the midst of renewing them."""
    world = await socket_world(front, pace=pace)
    async with world.running():
        for connection in list(world.server.connections):
            await connection.disconnect(reason)
    await world.server.connected(0)


async def test_it_stops_in_the_midst_of_renewing(front: FrontWorld) -> None:
    """The old connections are still there, and the new one is not yet."""
    world = await socket_world(front, pace=LASTING)
    async with world.running():
        held = world.slack.faults.hang(OPEN)
        await world.server.connections[0].disconnect("warning")
        await held.arrived()
    held.release()
    await world.server.connected(0)


async def test_it_stops_right_after_its_connections_broke(world: SocketWorld) -> None:
    """It need not have noticed."""
    async with world.running():
        await world.server.close()


async def test_it_stops_with_connections_that_are_half_open(world: SocketWorld) -> None:
    """Nobody answers that they are closed."""
    async with world.running():
        for connection in world.server.connections:
            connection.half_open = True
