"""The courier: what it promises of every message, whatever befalls the way there."""

import asyncio
from datetime import timedelta
from functools import partial
from itertools import pairwise

import pytest

from bot.escalation.model import Person, State
from tests.bot.escalation.builders import (
    ASKER_INBOX,
    DEPUTY_INBOX,
    DSL_INBOX,
    HEAD_INBOX,
    HOUR,
    MINUTE,
    PLACE,
    REPLY,
    World,
    acknowledge,
    answer,
    kinds_to,
    pass_on,
    references,
    reopen,
    reply,
    resolve,
    without_place,
)
from tests.escalation_fakes import Fault, ShownSchools

SECOND = timedelta(seconds=1)


# ---- The plain way -------------------------------------------------------------------------------------------------


async def test_what_was_recorded_is_delivered_and_its_asker_told() -> None:
    """The card stands in the private place; the receipt follows once it does."""
    world = World()
    one = await world.open()
    await world.work()
    assert kinds_to(world.web, PLACE) == ["notice"]
    assert kinds_to(world.web, ASKER_INBOX) == ["receipt"]
    after = await world.look(one)
    assert after.state is State.DELIVERED
    assert [event.event.kind for event in await world.store.events(one.id)] == ["opened", "delivered"]


async def test_urgent_ones_come_first_and_the_others_in_order() -> None:
    """One lane, one message at a time."""
    world = World()
    calm = [await world.open(f"calm {n}", category="pupil-contact", urgent=False) for n in range(3)]
    urgent = [await world.open(f"urgent {n}") for n in range(2)]
    await world.work()
    assert references(world.web, PLACE) == [one.reference for one in (*urgent, *calm)]


async def test_a_lane_keeps_its_pace() -> None:
    """One message a second to one address, however many wait; the other addresses are paced by themselves."""
    world = World()
    world.web.pace = 1.0
    for number in range(5):
        await world.open(f"{number}", asker=Person("web", f"asker-{number}", "Somebody"))
    await world.pass_time(10 * SECOND, every=0.25 * SECOND)
    times = [one.at for one in world.web.arrived if one.message.address == PLACE]
    assert [b - a for a, b in pairwise(times)] == [SECOND] * 4


async def test_taking_it_stops_what_is_on_its_way_to_others() -> None:
    """The place is down, the reminder and the deputy's notice wait: neither is sent once somebody has it."""
    world = World()
    one = await world.open()
    await world.work()
    world.web.down = True
    await world.pass_time(15 * MINUTE)
    waits = [(str(sent.kind), sent.address.id) for sent in await world.pending(one)]
    assert {("chase", "safe-place"), ("notice", "dsl"), ("notice", "deputy-dsl")} <= set(waits)
    await world.take(one, acknowledge)
    world.web.down = False
    await world.pass_time(5 * MINUTE)
    assert kinds_to(world.web, PLACE) == ["notice", "update"]
    assert kinds_to(world.web, DSL_INBOX) == kinds_to(world.web, DEPUTY_INBOX) == []
    assert await world.pending(one) == []


async def test_opened_again_it_comes_back_to_those_who_were_spared() -> None:
    """Their notice was withdrawn when it was taken; the ladder begins anew."""
    world = World()
    one = await world.open()
    await world.work()
    world.web.down = True
    await world.pass_time(6 * MINUTE)
    await world.take(one, acknowledge)
    world.web.down = False
    await world.pass_time(2 * MINUTE)
    await world.take(one, resolve)
    await world.take(one, reopen)
    await world.pass_time(6 * MINUTE)
    assert kinds_to(world.web, DSL_INBOX) == ["notice"]
    assert kinds_to(world.web, PLACE)[-1] == "chase"


async def test_passing_on_starts_the_chase_anew() -> None:
    """Five minutes after it was passed on everybody who has it is reminded."""
    world = World()
    one = await world.open()
    await world.take(one, acknowledge)
    await world.pass_time(HOUR)
    await world.take(one, pass_on)
    await world.work()
    assert kinds_to(world.web, DEPUTY_INBOX) == ["notice"]
    await world.pass_time(5 * MINUTE)
    assert kinds_to(world.web, DEPUTY_INBOX) == ["notice", "chase"]


async def test_a_card_that_was_made_before_somebody_took_it_is_put_right() -> None:
    """It was taken in the moment the notice was on its way."""
    world = World()
    one = await world.open()
    world.web.meanwhile = partial(world.take, one, acknowledge)
    await world.work()
    await world.work()
    notice, update = world.web.to(PLACE.id)
    assert "Taken by the Designated Safeguarding Lead, 10:00." not in notice.lines
    assert "Taken by the Designated Safeguarding Lead, 10:00." in update.lines
    assert update.replaces is not None


async def test_replies_and_answers_go_to_and_fro() -> None:
    """Each word reaches whom it is for, once."""
    world = World()
    one = await world.open()
    await world.take(one, reply)
    await world.work()
    await world.take(one, answer)
    await world.work()
    assert [message.quoted for message in world.web.to(ASKER_INBOX.id)].count(REPLY) == 1
    assert kinds_to(world.web, DSL_INBOX) == ["answer"]


# ---- Throttling, outages, doubt ------------------------------------------------------------------------------------


async def test_throttling_holds_up_its_own_lane_alone() -> None:
    """The wait the platform named is kept; everybody else is served meanwhile."""
    world = World()
    first = await world.open("1")
    world.web.retry_after = 30
    world.web.fail_next(Fault.THROTTLED)
    await world.work()
    second = await world.open("2", category="adult-conduct")
    await world.pass_time(29 * SECOND, every=SECOND)
    assert references(world.web, PLACE) == []
    assert references(world.web, HEAD_INBOX) == [second.reference]
    assert world.web.rejected == 1
    await world.pass_time(2 * SECOND, every=SECOND)
    assert references(world.web, PLACE) == [first.reference]


async def test_a_long_wait_is_kept_as_well() -> None:
    """Ten minutes is what the platform asked for; people are told another way meanwhile."""
    world = World()
    await world.open()
    world.web.retry_after = 600
    world.web.fail_next(Fault.THROTTLED)
    await world.pass_time(9 * MINUTE)
    assert world.web.rejected == 1
    assert kinds_to(world.web, DSL_INBOX) == ["notice"]
    await world.pass_time(2 * MINUTE)
    assert kinds_to(world.web, PLACE) == ["notice"]


async def test_throttling_is_no_fault_of_the_message() -> None:
    """However often it is sent away it is never given up."""
    world = World()
    one = await world.open()
    world.web.retry_after = 5
    world.web.fail_next(*[Fault.THROTTLED] * 10)
    await world.pass_time(2 * MINUTE, every=SECOND)
    assert kinds_to(world.web, PLACE) == ["notice"]
    assert world.bell.kinds == []
    assert (await world.store.deliveries(one.id))[0].attempts == 1


async def test_an_outage_loses_nothing_and_keeps_the_order() -> None:
    """Pauses grow, so that a platform that is down is not hammered."""
    world = World()
    world.web.down = True
    many = [await world.open(f"{n}", category="pupil-contact", urgent=False) for n in range(5)]
    await world.pass_time(10 * MINUTE, every=SECOND)
    assert world.web.tries < 25
    world.web.down = False
    await world.pass_time(2 * MINUTE, every=SECOND)
    assert references(world.web, PLACE) == [one.reference for one in many]


@pytest.mark.parametrize("fault", [Fault.IN_DOUBT, Fault.HANG, Fault.HANG_ARRIVED])
async def test_what_may_have_arrived_goes_out_again_marked(fault: Fault) -> None:
    """The same key, and a title that says so: a duplicate is better than a loss (RS-51)."""
    world = World(patience_s=0.01)
    await world.open()
    world.web.fail_next(fault)
    await world.pass_time(5 * SECOND, every=SECOND)
    keys = {message.key for message in world.web.to(PLACE.id)}
    assert len(keys) == 1
    *first, last = world.web.to(PLACE.id)
    assert last.again
    assert last.title.startswith("Sent again")
    assert [message.again for message in first] == ([] if fault is Fault.HANG else [False])


async def test_what_certainly_did_not_arrive_is_not_marked() -> None:
    """The platform said that it is down."""
    world = World()
    await world.open()
    world.web.fail_next(Fault.DOWN, Fault.THROTTLED)
    await world.pass_time(MINUTE, every=SECOND)
    assert [message.again for message in world.web.to(PLACE.id)] == [False]


async def test_a_platform_that_hangs_delays_no_other_lane() -> None:
    """The others are sent while one still waits for its answer."""
    world = World()
    slow = await world.open("1", category="adult-conduct")
    world.web.fail_next(Fault.HANG)
    await world.courier.step()
    await world.open("2")
    for _ in range(4):
        await asyncio.sleep(0)
    await world.courier.step()
    for _ in range(20):
        await asyncio.sleep(0)
    assert kinds_to(world.web, PLACE) == ["notice"]
    assert references(world.web, HEAD_INBOX) == []
    assert (await world.look(slow)).state is State.RECORDED
    await _cut_short(world)


async def _cut_short(world: World) -> None:
    """Stop a courier without waiting for what it is sending."""
    stopping = asyncio.create_task(world.courier.finish())
    await asyncio.sleep(0)
    stopping.cancel()
    with pytest.raises(asyncio.CancelledError):
        await stopping
    assert all(lane.task is None for lane in world.courier.lanes.values())


# ---- RS-54: undelivered --------------------------------------------------------------------------------------------


async def test_five_minutes_without_a_reader_ring_an_alarm() -> None:
    """One for the escalation, and one for each address that keeps it waiting."""
    world = World()
    world.web.down = True
    await world.open()
    await world.pass_time(4 * MINUTE + 50 * SECOND, every=10 * SECOND)
    assert world.bell.kinds == []
    await world.pass_time(70 * SECOND, every=10 * SECOND)
    assert sorted(world.bell.kinds) == ["delayed", "undelivered"]


async def test_what_broke_again_rings_again() -> None:
    """A second outage of the same lane is news, of the same escalation too."""
    world = World(knowledge=ShownSchools([without_place()]))
    world.web.down = True
    one = await world.open(category="adult-conduct")
    await world.pass_time(7 * MINUTE, every=10 * SECOND)
    world.web.down = False
    await world.pass_time(2 * MINUTE, every=10 * SECOND)
    assert (await world.look(one)).state is State.DELIVERED
    world.web.down = True
    await world.pass_time(13 * MINUTE, every=10 * SECOND)
    to_head = [alarm for alarm in world.bell.alarms if alarm.detail.get("to") == "web headteacher"]
    assert [alarm.kind for alarm in to_head] == ["delayed", "delayed"]


async def test_fifteen_minutes_without_a_reader_use_the_next_contact_and_mail() -> None:
    """The place throttles; people and mail do not."""
    world = World(has_mail=True)
    await world.open()
    world.web.retry_after = 3_600
    world.web.fail_next(Fault.THROTTLED)
    world.web.dead = {"dsl", "deputy-dsl"}
    await world.pass_time(4 * MINUTE)
    assert world.web.arrived == []
    await world.pass_time(2 * MINUTE)
    assert kinds_to(world.web, HEAD_INBOX) == ["notice"]


async def test_one_that_is_not_urgent_goes_to_the_next_contact_too() -> None:
    """The lead cannot be reached by chat for a quarter of an hour: the deputy is told."""
    world = World()
    world.web.places = {}
    world.knowledge.replace(without_place())
    world.web.retry_after = 3_600
    world.web.fail_next(Fault.THROTTLED)
    await world.open(category="pupil-contact", urgent=False)
    await world.pass_time(14 * MINUTE)
    assert world.web.arrived == []
    await world.pass_time(2 * MINUTE)
    assert kinds_to(world.web, DEPUTY_INBOX) == ["notice"]
