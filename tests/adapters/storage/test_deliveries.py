"""The queue in the database hands out what the queue in memory does, whatever stands in it."""

import asyncio
import tempfile
from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from adapters.storage import deliveries
from adapters.storage.engine import Database, open_database
from adapters.storage.migrate import upgrade
from adapters.storage.reading import RowReader
from adapters.storage.store import SqlStore, open_store
from bot.escalation.model import Delivery
from bot.escalation.ports import Store
from tests.adapters.storage.conftest import KEY
from tests.adapters.storage.locks import is_waited_for
from tests.contract.postgres import fresh_postgres_url
from tests.contract.values import MINUTE, NOW, delivery, opening, sent, step
from tests.store_fake import MemoryStore


@pytest.fixture
async def database() -> AsyncIterator[Database]:
    """Return a PostgreSQL with the tables of a store."""
    opened = open_database(fresh_postgres_url())
    await upgrade(opened)
    yield opened
    await opened.close()


MINUTES = st.integers(-25, 25).map(lambda minutes: timedelta(minutes=minutes))
LANES = ("A", "B", "C")


@dataclass(frozen=True)
class Round:
    """One claim: when it happens, how long its lease is, what is busy, and whether the first delivery goes back."""

    after: timedelta
    lease: timedelta
    busy: frozenset[str]
    puts_back: bool


QUEUES = st.lists(
    st.builds(
        lambda lane, urgent, created, due: delivery(
            "?", lane, urgent=urgent, created_at=NOW + created, not_before=NOW + due
        ),
        st.sampled_from(LANES),
        st.booleans(),
        MINUTES,
        MINUTES,
    ),
    min_size=1,
    max_size=12,
)
ROUNDS = st.lists(
    st.builds(
        Round,
        after=MINUTES,
        lease=st.integers(1, 15).map(lambda minutes: timedelta(minutes=minutes)),
        busy=st.frozensets(st.sampled_from([f"slack:{lane}" for lane in LANES])),
        puts_back=st.booleans(),
    ),
    max_size=6,
)


@settings(deadline=None, max_examples=40)
@given(queue=QUEUES, rounds=ROUNDS)
async def test_the_database_claims_as_the_memory_does(queue: list[Delivery], rounds: list[Round]) -> None:
    """Over any queue and any clock, both lease the same deliveries in the same order and name the same next time."""
    waiting = tuple(replace(one, id=f"d{n:02}") for n, one in enumerate(queue))
    memory = MemoryStore(KEY.pseudonyms)
    with tempfile.TemporaryDirectory() as folder:
        database = await open_store(f"sqlite:///{folder}/signpost.db", KEY)
        await memory.commit(opening(deliveries=waiting))
        await database.commit(opening(deliveries=waiting))
        for one in rounds:
            assert await _play(memory, one) == await _play(database, one)
        await database.close()


async def _play(store: Store, one: Round) -> tuple[datetime | None, list[Delivery], datetime | None]:
    """Take a round; return what it came to."""
    now = NOW + one.after
    before = await store.next_delivery_at(now)
    claimed = list(await store.claim_deliveries("worker", now, now + one.lease, one.busy))
    if one.puts_back and claimed:
        await store.put_back(replace(claimed[0], lease_until=None, not_before=now + one.lease))
    return before, claimed, await store.next_delivery_at(now)


async def test_workers_on_postgresql_choose_one_after_the_other(database: Database) -> None:
    """While one worker claims, another waits: it must not take a lane's next delivery beside the first."""
    store = SqlStore(database, KEY)
    escalation = await store.commit(opening(deliveries=(delivery("first"),)))
    async with database.writing() as connection:
        (first,) = await deliveries.claim(connection, "one", NOW, NOW + MINUTE, (), RowReader(KEY))
        await store.commit(replace(step(escalation), deliveries=(delivery("urgent", urgent=True),)))
        other = asyncio.create_task(store.claim_deliveries("two", NOW, NOW + MINUTE, ()))
        assert await is_waited_for(database, other)
    assert first.id == "first"
    assert list(await other) == []


async def test_a_delivery_that_is_being_settled_holds_no_worker_up(database: Database) -> None:
    """What another transaction has in hand is passed over; the other lanes are claimed at once."""
    store = SqlStore(database, KEY)
    await store.commit(opening(deliveries=(delivery("a", "A"), delivery("b", "B"))))
    async with database.writing() as connection:
        await deliveries.settle(connection, [sent(delivery("a", "A"))], KEY)
        claim = asyncio.create_task(store.claim_deliveries("worker", NOW, NOW + MINUTE, ()))
        assert not await is_waited_for(database, claim)
        assert [one.id for one in await claim] == ["b"]
