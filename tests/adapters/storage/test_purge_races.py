"""A purge and a step at the same moment, on PostgreSQL: what somebody still needs is never erased."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace

import pytest

from adapters.storage import escalations, words
from adapters.storage.engine import Database, open_database
from adapters.storage.migrate import upgrade
from adapters.storage.store import SqlStore
from bot.escalation.errors import StaleError
from bot.escalation.model import Escalation, State
from tests.adapters.storage.conftest import KEY
from tests.adapters.storage.locks import is_waited_for
from tests.contract.postgres import fresh_postgres_url
from tests.contract.values import ASKER, DAY, NOW, opening, resolved, step

ASKER_KEY = KEY.pseudonyms.key("slack:U1")


@pytest.fixture
async def database() -> AsyncIterator[Database]:
    """Return a PostgreSQL with the tables of a store."""
    opened = open_database(fresh_postgres_url())
    await upgrade(opened)
    yield opened
    await opened.close()


async def _resolved(store: SqlStore) -> Escalation:
    """Write an escalation with words, and resolve it."""
    first = await store.commit(opening(text="It hurts.", asker=ASKER_KEY))
    return await store.commit(resolved(first, NOW))


def _reopened(one: Escalation) -> Escalation:
    return replace(one, state=State.DELIVERED, resolved_at=None, version=one.version + 1)


async def test_the_name_of_somebody_who_raises_anew_is_kept(database: Database) -> None:
    """Their only other concern is a year old, and is purged in the moment in which they raise the next one."""
    store = SqlStore(database, KEY)
    await _resolved(store)
    again = opening("again", asker=ASKER_KEY, opened_at=NOW + 365 * DAY)
    async with database.writing() as connection:
        await escalations.insert(connection, again.after, KEY)
        await words.name_people(connection, again, KEY)
        purging = asyncio.create_task(store.purge(NOW + 365 * DAY))
        assert await is_waited_for(database, purging)
    purged = await purging
    assert (purged.escalations, purged.names) == (1, 0)
    assert await store.person(ASKER_KEY) == ASKER


async def test_the_words_of_what_is_reopened_are_kept(database: Database) -> None:
    """It was resolved 30 days ago, and its words are purged in the moment in which it is opened again."""
    store = SqlStore(database, KEY)
    before = await _resolved(store)
    async with database.writing() as connection:
        assert await escalations.replace_version(connection, before.version, _reopened(before), KEY)
        purging = asyncio.create_task(store.purge(NOW + 30 * DAY))
        assert await is_waited_for(database, purging)
    assert (await purging).entries == 0
    assert [entry.text for entry in await store.entries("id-one")] == ["It hurts."]


async def test_what_is_reopened_after_a_year_is_kept_whole(database: Database) -> None:
    """Nothing of it is purged: neither the escalation, its words, its log nor the name."""
    store = SqlStore(database, KEY)
    before = await _resolved(store)
    async with database.writing() as connection:
        assert await escalations.replace_version(connection, before.version, _reopened(before), KEY)
        purging = asyncio.create_task(store.purge(NOW + 365 * DAY))
        assert await is_waited_for(database, purging)
    purged = await purging
    assert (purged.escalations, purged.entries, purged.names) == (0, 0, 0)
    assert await store.escalation("id-one") == _reopened(before)
    assert len(await store.entries("id-one")) == 1
    assert (await store.verify()).is_sound


async def test_of_a_purge_and_a_reopening_at_once_one_comes_first(database: Database) -> None:
    """However the two meet, an escalation is there with its words, its log and the name, or gone with all of them."""
    store = SqlStore(database, KEY)
    for _ in range(10):
        before = await _resolved(store)
        reopening = step(before, "reopened", state=State.DELIVERED, resolved_at=None)
        _, written = await asyncio.gather(store.purge(NOW + 365 * DAY), store.commit(reopening), return_exceptions=True)
        kept = await store.escalation("id-one")
        assert isinstance(written, Escalation if kept else StaleError)
        assert len(await store.entries("id-one")) == (1 if kept else 0)
        assert await store.person(ASKER_KEY) == (ASKER if kept else None)
        if kept:
            await store.commit(resolved(kept, NOW))
            await store.purge(NOW + 365 * DAY)
        async with database.writing() as connection:
            await connection.exec_driver_sql("DELETE FROM anchors")


async def test_replicas_purge_one_after_the_other(database: Database) -> None:
    """Two at once count every row once between them."""
    store = SqlStore(database, KEY)
    await _resolved(store)
    purged = await asyncio.gather(*(store.purge(NOW + 365 * DAY) for _ in range(4)))
    assert sum(one.escalations for one in purged) == sum(one.names for one in purged) == 1
    assert (await store.verify()).is_sound
