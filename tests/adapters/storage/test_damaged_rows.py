"""A row that was damaged: it is passed over and told, and nobody else waits for it."""

import logging
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import bindparam, text

from adapters.storage.engine import Database, open_database
from adapters.storage.migrate import upgrade
from adapters.storage.store import SqlStore
from bot.escalation.errors import StoreError
from bot.escalation.model import Delivery
from bot.escalation.ports import Wanted
from tests.adapters.storage.conftest import KEY, DatabaseFile
from tests.contract.postgres import fresh_postgres_url
from tests.contract.values import MINUTE, NOW, SECOND, delivery, opening, sent, step

Damage = Callable[[str, str, object], Awaitable[None]]

OTHER_KEY = type(KEY)(b"x" * 32)
OF_ESCALATIONS = {
    "a broken seal": ("told", KEY.seal("[]")[:-5]),
    "another key": ("cards", OTHER_KEY.seal("[]")),
    "bad JSON under the seal": ("told", KEY.seal("[")),
    "a strange address": ("told", KEY.seal('[{"where": "here"}]')),
    "no list": ("cards", KEY.seal("7")),
    "bad JSON": ("seen", "[{"),
    "an unknown state": ("state", "lost"),
    "an unknown route": ("route", ""),
    "an unknown resolution": ("resolution", "perhaps"),
}
OF_DELIVERIES = {
    "a broken seal": ("address", KEY.seal("{}")[:-5]),
    "another key": ("address", OTHER_KEY.seal("{}")),
    "bad JSON under the seal": ("address", KEY.seal("{")),
    "a strange address": ("address", KEY.seal('{"where": "here"}')),
    "a broken message": ("message_id", "nothing"),
    "an unknown kind": ("kind", "pigeon"),
}
# SQLite takes anything for a time.
TIMES = ("opened_at", "next_at", "resolved_at")


@pytest.fixture(params=["sqlite", "postgresql"])
async def database(request: pytest.FixtureRequest, file: DatabaseFile) -> AsyncIterator[Database]:
    """Return the database beneath a store, of each kind in turn."""
    opened = open_database(file.url if request.param == "sqlite" else fresh_postgres_url())
    await upgrade(opened)
    yield opened
    await opened.close()


@pytest.fixture
def damage(database: Database) -> Damage:
    """Return what damages a field of a row: table and column, id, and what stands there then."""

    async def damaged(field: str, key: str, value: object) -> None:
        table, column = field.split(".")
        async with database.writing() as connection:
            sql = text(f"UPDATE {table} SET {column} = :value WHERE id = :key")  # noqa: S608 - a test's own names
            await connection.execute(sql.bindparams(bindparam("value", value), bindparam("key", key)))

    return damaged


async def _ids(store: SqlStore) -> list[str]:
    return [one.id for one in await store.escalations(Wanted())]


@pytest.mark.parametrize(("column", "value"), OF_ESCALATIONS.values(), ids=OF_ESCALATIONS.keys())
async def test_an_escalation_that_cannot_be_read_stops_no_other(
    database: Database, damage: Damage, caplog: pytest.LogCaptureFixture, column: str, value: str
) -> None:
    """The others are listed and chased; it is told by its id, once, and asking for it alone is an error."""
    store = SqlStore(database, KEY)
    for name in ("one", "two", "three"):
        await store.commit(opening(name, text="words", next_at=NOW))
    await damage(f"escalations.{column}", "id-one", value)
    assert await _ids(store) == ["id-three", "id-two"]
    for limit in (1, 10):
        assert [one.id for one in await store.due(NOW, limit)] == ["id-three", "id-two"][:limit]
    assert [record.levelno for record in caplog.records] == [logging.ERROR]
    assert "escalation id-one [damaged-row]" in caplog.text
    with pytest.raises(StoreError, match="cannot be"):
        await store.escalation("id-one")
    assert (await store.verify()).faults == ("REF-one: the escalation cannot be read: its row was damaged",)


@pytest.mark.parametrize("column", TIMES)
async def test_a_time_that_is_none_stops_no_other(store: SqlStore, file: DatabaseFile, column: str) -> None:
    """SQLite keeps whatever is written; a time that cannot be read is not taken for never."""
    await store.commit(opening("one", next_at=NOW))
    await store.commit(opening("two", next_at=NOW))
    file.run(f"UPDATE escalations SET {column} = '0000-noon' WHERE id = 'id-one'")  # noqa: S608 - a test's own names
    assert await _ids(store) == ["id-two"]
    assert [one.id for one in await store.due(NOW, 10)] == ["id-two"]
    assert not (await store.verify()).is_sound


async def test_those_behind_many_that_cannot_be_read_are_chased(database: Database, damage: Damage) -> None:
    """However many stand before them, all of one round's worth and more."""
    store = SqlStore(database, KEY)
    for n in range(7):
        await store.commit(opening(f"{n}", next_at=NOW + n * SECOND))
    for n in range(5):
        await damage("escalations.told", f"id-{n}", "damaged")
    assert [one.id for one in await store.due(NOW + MINUTE, 2)] == ["id-5", "id-6"]
    assert [one.id for one in await store.due(NOW + MINUTE, 1)] == ["id-5"]


@pytest.mark.parametrize(("column", "value"), OF_DELIVERIES.values(), ids=OF_DELIVERIES.keys())
async def test_a_delivery_that_cannot_be_read_stops_no_other(
    database: Database, damage: Damage, caplog: pytest.LogCaptureFixture, column: str, value: str
) -> None:
    """What waits behind it, in its own lane too, is claimed; it stays pending, is tried again, and is told."""
    store = SqlStore(database, KEY)
    await store.commit(opening(deliveries=(*_in_lane_a(), delivery("elsewhere", "B"))))
    await damage(f"deliveries.{column}", "first", value)
    assert await _claimed(store, 0) == ["elsewhere"]
    assert await _claimed(store, 0) == ["second"]
    assert [one.id for one in await store.deliveries("id-one")] == ["elsewhere", "second"]
    assert (await store.verify()).faults == ("REF-one: delivery first cannot be read: its row was damaged",)
    assert "delivery first [damaged-row]" in caplog.text
    await damage("deliveries.message_id", "first", None)
    await damage("deliveries.kind", "first", "notice")
    await damage("deliveries.address", "first", KEY.seal('{"platform": "slack", "id": "A"}'))
    assert await _claimed(store, 4) == ["elsewhere", "second"]
    assert await _claimed(store, 5) == ["first", "elsewhere"]
    (mended,) = [one for one in await store.deliveries("id-one") if one.id == "first"]
    assert (mended.attempts, mended.fault) == (1, "it cannot be read")


async def test_what_was_sent_and_cannot_be_read_hides_no_other(database: Database, damage: Damage) -> None:
    """Whoever looks for what reached a lane is shown the rest of it."""
    store = SqlStore(database, KEY)
    queued = _in_lane_a()
    escalation = await store.commit(opening(deliveries=queued))
    await store.commit(replace(step(escalation), settled=tuple(map(sent, queued))))
    await damage("deliveries.message_id", "second", "nothing")
    assert [one.id for one in await store.delivered_to("slack:A", 10)] == ["first"]


async def test_what_tells_of_an_escalation_that_cannot_be_read_holds_no_lane(
    database: Database, damage: Damage
) -> None:
    """Nothing can be said of it; the next message of the lane goes out, and it is tried again later."""
    store = SqlStore(database, KEY)
    await store.commit(opening("one", deliveries=(delivery("first", "A", urgent=True),)))
    await store.commit(opening("two", deliveries=(delivery("second", "A", of="two"),)))
    await damage("escalations.told", "id-one", "damaged")
    assert await _claimed(store, 0) == []
    assert await _claimed(store, 0) == ["second"]


async def test_a_delivery_whose_time_cannot_be_read_stops_no_other(store: SqlStore, file: DatabaseFile) -> None:
    """The courier learns when to look again, and claims the rest of the lane."""
    await store.commit(opening(deliveries=_in_lane_a()))
    file.run("UPDATE deliveries SET not_before = '' WHERE id = 'first'")
    assert await store.next_delivery_at(NOW) == NOW
    assert await _claimed(store, 0) == []
    assert await _claimed(store, 0) == ["second"]


def _in_lane_a() -> tuple[Delivery, ...]:
    """Return two deliveries that wait in one lane."""
    return delivery("first", "A", created_at=NOW - SECOND), delivery("second", "A")


async def _claimed(store: SqlStore, minutes: int) -> list[str]:
    """Return the ids of what a worker leases, so many minutes on, for a minute."""
    now = NOW + timedelta(minutes=minutes)
    return [one.id for one in await store.claim_deliveries("worker", now, now + MINUTE, ())]
