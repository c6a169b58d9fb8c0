"""The courier as a worker: it survives its store, its clock, its own death, and shares its work with others."""

import asyncio
from collections.abc import Callable
from datetime import timedelta
from functools import partial

import pytest

from bot.escalation.errors import StaleError
from bot.escalation.model import Change, Delivery, DeliveryState, Escalation, Person, State
from tests.bot.escalation.builders import (
    ASKER_INBOX,
    DAY,
    HOUR,
    MINUTE,
    PLACE,
    World,
    acknowledge,
    kinds_to,
    references,
)
from tests.escalation_fakes import Fault
from tests.store_fake import MemoryStore

SECOND = timedelta(seconds=1)


async def until(holds: Callable[[], bool]) -> None:
    """Let others work until something holds."""
    async with asyncio.timeout(20):
        while not holds():  # noqa: ASYNC110 - the fakes have no event of it
            await asyncio.sleep(0)


async def stopped(running: "asyncio.Task[None]") -> None:
    """Cancel a running courier and wait for it."""
    running.cancel()
    with pytest.raises(asyncio.CancelledError):
        await running


# ---- Running and stopping ------------------------------------------------------------------------------------------


async def test_a_running_courier_is_woken_by_what_is_new() -> None:
    """It does not wait for its sleep to end."""
    world = World()
    running = asyncio.create_task(world.courier.run(longest_sleep_s=3_600))
    await asyncio.sleep(0)
    await world.open()
    world.courier.wake()
    await until(lambda: bool(world.web.to(ASKER_INBOX.id)))
    await stopped(running)
    assert kinds_to(world.web, PLACE) == ["notice"]


async def test_what_the_chase_queues_is_sent_at_once() -> None:
    """The courier looks again as soon as the round has written it."""
    world = World()
    await world.open()
    await world.work()
    world.clock.move(5 * MINUTE)
    running = asyncio.create_task(world.courier.run(longest_sleep_s=3_600))
    await until(lambda: "chase" in kinds_to(world.web, PLACE))
    await stopped(running)


async def test_a_courier_that_stops_finishes_what_it_is_sending() -> None:
    """Nothing that was begun is left in doubt, and nothing new is begun (RS-58)."""
    world = World()
    one = await world.open()
    running = asyncio.create_task(world.courier.run())
    world.web.meanwhile = partial(_ring_off, running)
    with pytest.raises(asyncio.CancelledError):
        await running
    assert [sent[2] for sent in await world.states(one)] == ["sent", "pending"]
    assert len(world.web.arrived) == 1


async def _ring_off(running: "asyncio.Task[None]") -> None:
    running.cancel()
    await asyncio.sleep(0)


async def test_what_is_cut_short_goes_out_again_marked() -> None:
    """A stop that could not wait: the next courier sends it once the lease has run out."""
    world = World()
    one = await world.open()
    world.web.fail_next(Fault.HANG_ARRIVED)
    await world.courier.step()
    await until(lambda: len(world.web.arrived) == 1)
    stopping = asyncio.create_task(world.courier.finish())
    await asyncio.sleep(0)
    await stopped(stopping)
    world.restart()
    await world.work()
    assert len(world.web.arrived) == 1
    await world.pass_time(61 * SECOND, every=SECOND)
    assert [message.again for message in world.web.to(PLACE.id)] == [False, True]
    assert (await world.look(one)).state is State.DELIVERED


async def test_nothing_can_be_sent_without_the_store_and_everything_is_once_it_is_back() -> None:
    """The worker lives on, and an operator hears of it once."""
    world = World()
    await world.open()
    world.store.down = True
    running = asyncio.create_task(world.courier.run(longest_sleep_s=0.001))
    await until(lambda: len(world.bell.alarms) > 0)
    for _ in range(200):
        await asyncio.sleep(0)
    assert world.bell.kinds == ["store"]
    world.store.down = False
    await until(lambda: bool(world.web.to(ASKER_INBOX.id)))
    await stopped(running)
    assert kinds_to(world.web, PLACE) == ["notice"]


class Forgetful(MemoryStore):
    """A store that fails just as somebody writes what `fails_at` names."""

    def __init__(self) -> None:
        """Begin without failing."""
        super().__init__()
        self.fails_at: str | None = None

    async def commit(self, change: Change) -> Escalation:
        """Write a step, or fail."""
        self.down = self.fails_at == "commit"
        try:
            return await super().commit(change)
        finally:
            self.down = False

    async def put_back(self, delivery: Delivery) -> None:
        """Give a delivery back, or fail."""
        self.down = self.fails_at == "put_back"
        try:
            await super().put_back(delivery)
        finally:
            self.down = False


@pytest.mark.parametrize("fails_at", ["commit", "put_back"])
async def test_a_store_that_fails_while_the_outcome_is_written_loses_nothing(fails_at: str) -> None:
    """The message is sent again once its lease has run out, marked, and the lane is free for it."""
    store = Forgetful()
    world = World(store=store)
    one = await world.open()
    store.fails_at = fails_at
    if fails_at == "put_back":
        world.web.fail_next(Fault.DOWN)
    await world.work()
    assert "store" in world.bell.kinds
    store.fails_at = None
    await world.pass_time(61 * SECOND, every=SECOND)
    assert world.web.to(PLACE.id)[-1].again
    assert (await world.look(one)).state is State.DELIVERED
    assert await world.pending(one) == []


async def test_one_that_cannot_be_chased_does_not_stop_the_chase_of_others() -> None:
    """It is looked at again later, and an alarm rings."""
    world = World()
    bad = await world.open("bad")
    good = await world.open("good")
    await world.work()
    plain = world.store.commit

    async def commit(change: Change) -> Escalation:
        if change.before and change.before.id == bad.id and change.deliveries:
            raise ValueError("this one cannot be written")
        return await plain(change)

    world.store.commit = commit  # type: ignore[method-assign]
    await world.pass_time(5 * MINUTE)
    assert [message.reference for message in world.web.messages if message.kind == "chase"] == [good.reference]
    assert "not-chased" in world.bell.kinds
    world.store.commit = plain  # type: ignore[method-assign]
    await world.pass_time(5 * MINUTE)
    assert bad.reference in [message.reference for message in world.web.messages if message.kind == "chase"]


async def test_a_message_whose_escalation_is_gone_waits_and_blocks_nobody() -> None:
    """It is looked at again later; the lane goes on."""
    world = World()
    gone = await world.open("gone")
    other = await world.open("other")
    plain = world.store.escalation

    async def escalation(escalation_id: str) -> Escalation | None:
        return None if escalation_id == gone.id else await plain(escalation_id)

    world.store.escalation = escalation  # type: ignore[method-assign]
    await world.work()
    assert references(world.web, PLACE) == [other.reference]
    world.store.escalation = plain  # type: ignore[method-assign]
    await world.pass_time(2 * MINUTE)
    assert references(world.web, PLACE) == [other.reference, gone.reference]


async def test_a_change_that_never_fits_ends_in_an_alarm() -> None:
    """The courier does not try for ever; the lease runs out, and it is sent again, marked."""
    world = World()
    one = await world.open()
    plain = world.store.commit

    async def commit(change: Change) -> Escalation:
        raise StaleError("somebody was faster")

    world.store.commit = commit  # type: ignore[method-assign]
    await world.work()
    assert world.bell.kinds == ["courier"]
    world.store.commit = plain  # type: ignore[method-assign]
    await world.pass_time(2 * MINUTE)
    assert [message.again for message in world.web.to(PLACE.id)] == [False, True]
    assert (await world.look(one)).state is State.DELIVERED


# ---- Clocks --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("jump", [-30 * DAY, -DAY, -HOUR, -MINUTE, HOUR, 30 * DAY])
async def test_a_clock_that_jumps_stops_no_urgent_delivery(jump: timedelta) -> None:
    """It arrives at once, and is chased within the longest step of the ladder at the latest."""
    world = World()
    world.web.fail_next(Fault.DOWN)
    await world.open()
    await world.work()
    world.clock.move(jump)
    await world.pass_time(MINUTE, every=SECOND)
    assert kinds_to(world.web, PLACE)[0] == "notice"
    await world.pass_time(HOUR + 5 * MINUTE)
    assert "chase" in kinds_to(world.web, PLACE)
    assert len(world.web.arrived) < 20


async def test_a_clock_set_back_does_not_flood() -> None:
    """A day set back: each step of the ladder is taken once, with the time between them that there should be."""
    world = World()
    await world.open()
    await world.work()
    world.clock.move(-DAY)
    await world.pass_time(4 * HOUR)
    assert 3 <= kinds_to(world.web, PLACE).count("chase") <= 6


# ---- Several workers -----------------------------------------------------------------------------------------------


async def test_two_workers_send_each_message_once() -> None:
    """Leases keep them apart, and the chase of one is not taken twice (RS-52)."""
    first = World()
    second = World(store=first.store, knowledge=first.knowledge, clock=first.clock, ids=first.ids)
    second.restart("another")
    for number in range(30):
        await first.open(f"{number}", asker=Person("web", f"asker-{number}", "Somebody"))
    for _ in range(60):
        await asyncio.gather(first.courier.step(), second.courier.step())
        await asyncio.gather(first.courier.finish(), second.courier.finish())
    arrived = [*first.web.messages, *second.web.messages]
    assert len({message.key for message in arrived}) == len(arrived) == 60
    assert not any(message.again for message in arrived)
    first.clock.move(5 * MINUTE)
    for _ in range(60):
        await asyncio.gather(first.courier.step(), second.courier.step())
        await asyncio.gather(first.courier.finish(), second.courier.finish())
    chased = [message.reference for message in (*first.web.messages, *second.web.messages) if message.kind == "chase"]
    assert sorted(set(chased)) == sorted(chased)


async def test_a_worker_that_died_is_replaced_by_another() -> None:
    """Its lease runs out, and the other sends the message, marked."""
    world = World()
    one = await world.open()
    dead = World(store=world.store, knowledge=world.knowledge, clock=world.clock, ids=world.ids)
    now = world.clock.now()
    await dead.store.claim_deliveries("dead", now, now + MINUTE, ())
    await world.pass_time(59 * SECOND, every=SECOND)
    assert world.web.arrived == []
    await world.pass_time(2 * SECOND, every=SECOND)
    assert [message.again for message in world.web.to(PLACE.id)] == [True]
    assert {found.state for found in await world.store.deliveries(one.id)} == {DeliveryState.SENT}


async def test_somebody_who_acts_meanwhile_is_not_overwritten() -> None:
    """It was taken while its notice was on its way: both stand in the log."""
    world = World()
    one = await world.open()

    async def take() -> None:
        await world.take(one, acknowledge)

    world.web.meanwhile = take
    await world.work()
    after = await world.look(one)
    assert after.state is State.ACKNOWLEDGED
    assert [event.event.kind for event in await world.store.events(one.id)] == ["opened", "acknowledged", "delivered"]


# ---- Memory --------------------------------------------------------------------------------------------------------


async def test_lanes_that_are_not_in_use_are_forgotten() -> None:
    """A school of any size does not fill the memory."""
    world = World()
    for number in range(50):
        await world.open(f"{number}", asker=Person("web", f"asker-{number}", "Somebody"))
    await world.work()
    assert len(references(world.web, PLACE)) == 50
    await world.pass_time(SECOND, every=SECOND)
    assert world.courier.lanes == {}
