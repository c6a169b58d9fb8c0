"""What every store promises of deliveries: who gets to send what, and when."""

import asyncio
from collections import Counter
from dataclasses import replace
from datetime import datetime

from bot.escalation.model import Delivery, DeliveryKind, DeliveryState
from bot.escalation.ports import Store
from tests.contract.values import DAY, MINUTE, NOW, SECOND, delivery, opening, sent, step

LEASE = NOW + 2 * MINUTE


async def _queued(store: Store, *deliveries: Delivery) -> None:
    await store.commit(opening(deliveries=deliveries))


async def _claimed(store: Store, now: datetime = NOW, busy: tuple[str, ...] = ()) -> list[str]:
    """Return the ids of what one claim leases for two minutes."""
    return [one.id for one in await store.claim_deliveries("worker", now, now + 2 * MINUTE, busy)]


async def test_a_claim_leases_and_counts_an_attempt(store: Store) -> None:
    """What is claimed carries the worker, the lease and one more attempt, and is not in doubt."""
    waiting = delivery("d", entry=3, attempts=1, fault="try later", urgent=True)
    await _queued(store, waiting)
    leased = replace(waiting, worker="worker", lease_until=LEASE, attempts=2)
    assert list(await store.claim_deliveries("worker", NOW, LEASE, ())) == [leased]
    assert list(await store.deliveries("id-one")) == [leased]


async def test_lanes_are_claimed_urgent_first_then_oldest_then_by_id(store: Store) -> None:
    """One claim takes the first of every lane; the urgent ones of all lanes come first."""
    await _queued(
        store,
        delivery("a-late", "A", created_at=NOW - SECOND),
        delivery("a-urgent", "A", urgent=True),
        delivery("b-late", "B", created_at=NOW - SECOND),
        delivery("b-early", "B", created_at=NOW - MINUTE),
        delivery("c-2", "C", created_at=NOW - DAY),
        delivery("c-1", "C", created_at=NOW - DAY),
    )
    assert await _claimed(store) == ["a-urgent", "c-1", "b-early"]


async def test_a_lane_in_which_something_is_being_sent_is_not_free(store: Store) -> None:
    """While a lease runs in a lane nothing else of it is claimed, so that its order holds; then the next one is."""
    await _queued(store, delivery("first", created_at=NOW - MINUTE), delivery("second"), delivery("elsewhere", "B"))
    assert await _claimed(store) == ["first", "elsewhere"]
    assert await _claimed(store, NOW + SECOND) == []
    leased = (await store.deliveries("id-one"))[0]
    escalation = await store.escalation("id-one")
    assert escalation is not None
    await store.commit(replace(step(escalation), settled=(sent(leased),)))
    assert await _claimed(store, NOW + SECOND) == ["second"]


async def test_what_is_being_sent_is_not_overtaken_in_its_lane(store: Store) -> None:
    """An urgent delivery that comes meanwhile waits until the one before it in its lane is sent."""
    escalation = await store.commit(opening(deliveries=(delivery("first"),)))
    assert await _claimed(store) == ["first"]
    (leased,) = await store.deliveries("id-one")
    urgent = delivery("urgent", urgent=True, created_at=NOW - DAY)
    escalation = await store.commit(replace(step(escalation), deliveries=(urgent,)))
    assert await _claimed(store, NOW + SECOND) == []
    await store.commit(replace(step(escalation), settled=(sent(leased),)))
    assert await _claimed(store, NOW + SECOND) == ["urgent"]


async def test_a_busy_lane_is_passed_over(store: Store) -> None:
    """Nothing is claimed in a lane the worker says is busy."""
    await _queued(store, delivery("a", "A"), delivery("b", "B"))
    assert await _claimed(store, busy=("slack:A", "slack:Z")) == ["b"]


async def test_nothing_is_sent_before_its_time(store: Store) -> None:
    """A delivery whose time has not come does not hold up those behind it in its lane."""
    await _queued(store, delivery("later", created_at=NOW - DAY, urgent=True, not_before=NOW + SECOND), delivery("now"))
    assert await _claimed(store) == ["now"]


async def test_a_lease_that_ran_out_leaves_the_delivery_in_doubt(store: Store) -> None:
    """A worker that died may have sent it: the next claim says so, and counts one more attempt."""
    await _queued(store, delivery("d"))
    await _claimed(store)
    assert list(await store.claim_deliveries("other", LEASE - SECOND, LEASE + MINUTE, ())) == []
    (again,) = await store.claim_deliveries("other", LEASE, LEASE + MINUTE, ())
    assert (again.worker, again.attempts, again.in_doubt) == ("other", 2, True)


async def test_a_delivery_put_back_waits_for_its_new_time(store: Store) -> None:
    """A claimed delivery goes back with its new time, fault and doubt, and is claimed again when the time comes."""
    await _queued(store, delivery("d"))
    (leased,) = await store.claim_deliveries("worker", NOW, LEASE, ())
    back = replace(leased, lease_until=None, worker=None, attempts=0, in_doubt=True, fault="slow", not_before=LEASE)
    await store.put_back(replace(back, state=DeliveryState.SENT))
    assert list(await store.deliveries("id-one")) == [back]
    assert await _claimed(store, LEASE - SECOND) == []
    assert await _claimed(store, LEASE) == ["d"]


async def test_what_is_settled_stays_settled(store: Store) -> None:
    """A delivery that was withdrawn or sent is neither claimed nor put back."""
    await _queued(store, delivery("gone", "A"), delivery("sent", "B", kind=DeliveryKind.UPDATE))
    gone, done = await store.claim_deliveries("worker", NOW, LEASE, ())
    escalation = await store.escalation("id-one")
    assert escalation is not None
    await store.commit(replace(step(escalation), withdrawn=frozenset({gone.kind}), settled=(sent(done),)))
    for one in (gone, done):
        await store.put_back(replace(one, lease_until=None, state=DeliveryState.ASIDE))
    kept = await store.deliveries("id-one")
    assert {one.id: one.state for one in kept} == {"gone": DeliveryState.WITHDRAWN, "sent": DeliveryState.SENT}
    assert {one.lease_until for one in kept} == {None}
    assert await _claimed(store, NOW + DAY) == []
    assert await store.next_delivery_at(NOW) is None


async def test_a_clock_set_back_holds_nothing_urgent_up(store: Store) -> None:
    """An urgent delivery more than 10 minutes off is due at once; one that waits its turn or is not urgent is not."""
    await _queued(
        store,
        delivery("urgent", "A", urgent=True, not_before=NOW + 11 * MINUTE),
        delivery("retried", "B", urgent=True, not_before=NOW + 10 * MINUTE),
        delivery("calm", "C", not_before=NOW + 11 * MINUTE),
    )
    assert await store.next_delivery_at(NOW) == NOW
    assert await _claimed(store) == ["urgent"]


async def test_what_was_made_under_a_clock_years_ahead_is_due(store: Store) -> None:
    """A calm delivery made and put off far ahead goes out; once it is put off under the right clock, it waits."""
    ahead = NOW + 3650 * DAY
    await _queued(
        store, delivery("calm", created_at=ahead, not_before=ahead + DAY), delivery("b", "B", not_before=LEASE)
    )
    assert await store.next_delivery_at(NOW) == NOW
    (leased,) = await store.claim_deliveries("worker", NOW, LEASE, ())
    assert leased.id == "calm"
    await store.put_back(replace(leased, lease_until=None, not_before=NOW + DAY))
    assert await _claimed(store) == []
    assert await store.next_delivery_at(NOW) == LEASE


async def test_a_clock_set_back_ends_leases_that_lie_far_ahead(store: Store) -> None:
    """A lease that ends more than 10 minutes from now was made by a clock that ran ahead: it counts as run out."""
    await _queued(
        store,
        delivery("first", created_at=NOW - MINUTE, not_before=NOW - DAY),
        delivery("second", not_before=NOW - DAY),
    )
    assert await _claimed(store) == ["first"]
    assert await _claimed(store, LEASE - 10 * MINUTE) == []
    (again,) = await store.claim_deliveries("worker", LEASE - 10 * MINUTE - SECOND, LEASE, ())
    assert (again.id, again.in_doubt) == ("first", True)


async def test_the_next_delivery_falls_due_at_its_time_or_when_its_lease_ends(store: Store) -> None:
    """The earliest time counts; what is being sent counts when its lease ends."""
    assert await store.next_delivery_at(NOW) is None
    await _queued(store, delivery("now", "A"), delivery("later", "B", not_before=NOW + 5 * MINUTE))
    assert await store.next_delivery_at(NOW) == NOW
    await _claimed(store)
    assert await store.next_delivery_at(NOW) == LEASE
    assert await store.next_delivery_at(LEASE + SECOND) == NOW


async def test_what_reached_a_lane_is_listed_latest_first(store: Store) -> None:
    """Only what was sent there counts."""
    a, b, c = (delivery(name, "A") for name in "abc")
    escalation = await store.commit(opening(deliveries=(a, b, c, delivery("elsewhere", "B"), delivery("waits", "A"))))
    settled = (
        sent(a, NOW + SECOND),
        sent(b, NOW + MINUTE),
        sent(c),
        sent(delivery("elsewhere", "B"), NOW + DAY),
    )
    await store.commit(replace(step(escalation), settled=settled))
    assert [one.id for one in await store.delivered_to("slack:A", 10)] == ["b", "a", "c"]
    assert [one.id for one in await store.delivered_to("slack:A", 2)] == ["b", "a"]


async def test_two_workers_send_two_hundred_deliveries_once_each(store: Store) -> None:
    """Four workers at once: nothing is sent twice, no lane is used by two of them, and each lane keeps its order."""
    lanes = [f"L{n}" for n in range(20)]
    await _queued(
        store,
        *(delivery(f"{lane}-{n}", lane, created_at=NOW + n * SECOND) for lane in lanes for n in range(10)),
    )
    order: list[str] = []
    sending: Counter[str] = Counter()

    async def work(worker: str) -> None:
        while claimed := await store.claim_deliveries(worker, NOW + MINUTE, NOW + 3 * MINUTE, ()):
            sending.update(one.address.lane for one in claimed)
            assert max(sending.values()) == 1
            order.extend(one.id for one in claimed)
            await asyncio.gather(*map(settle, claimed))

    async def settle(one: Delivery) -> None:
        sending.subtract([one.address.lane])
        await store.put_back(replace(one, not_before=NOW + DAY, lease_until=None))

    while len(order) < 200:
        await asyncio.gather(*(work(f"worker-{n}") for n in range(4)))
    assert len(set(order)) == len(order) == 200
    for lane in lanes:
        assert [name for name in order if name.startswith(f"{lane}-")] == [f"{lane}-{n}" for n in range(10)]
