"""What goes wrong beneath the store: full disks, read-only ones, broken-off calls. It is told, and nothing is lost."""

import asyncio
import sqlite3
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import closing
from itertools import count
from pathlib import Path

import pytest
from sqlalchemy import event

from adapters.storage.engine import Database, open_database
from adapters.storage.migrate import upgrade
from adapters.storage.store import SqlStore, open_store
from bot.escalation.errors import StoreError
from bot.escalation.model import Change, Escalation
from bot.escalation.ports import Claim, Wanted
from tests.adapters.storage.conftest import KEY, DatabaseFile
from tests.contract.postgres import fresh_postgres_url
from tests.contract.values import NOW, delivery, opening, step, turn


@pytest.fixture
async def database(file: DatabaseFile, request: pytest.FixtureRequest) -> AsyncIterator[Database]:
    """Return the database beneath a store, so that it can be made to fail: SQLite's, where a test names no other."""
    kind = getattr(request, "param", "sqlite")
    opened = open_database(file.url if kind == "sqlite" else fresh_postgres_url())
    await upgrade(opened)
    yield opened
    await opened.close()


async def _set(database: Database, pragma: str) -> None:
    async with database.writing() as connection:
        await connection.exec_driver_sql(f"PRAGMA {pragma}")


async def test_a_full_disk_is_told_and_the_store_works_once_there_is_room(database: Database) -> None:
    """RS-57: what is not recorded is said not to be; what was recorded before can be read, and later all works."""
    store = SqlStore(database, KEY)
    kept = await store.commit(opening())
    await _set(database, "max_page_count = 1")  # SQLite takes the present size for the least
    with pytest.raises(StoreError, match="the disk is full"):
        await store.commit(opening("two", text="a long story " * 10_000))
    assert list(await store.escalations(Wanted())) == [kept]
    assert list(await store.events("id-two")) == []
    await _set(database, "max_page_count = 1000000")
    await store.commit(opening("two", text="a long story " * 10_000))
    assert len(await store.entries("id-two")) == 1
    assert (await store.verify()).is_sound


async def test_a_read_only_database_is_told(database: Database) -> None:
    """RS-57: every method that writes raises StoreError, every method that reads goes on."""
    store = SqlStore(database, KEY)
    kept = await store.commit(opening(deliveries=(delivery("d"),)))
    await _set(database, "query_only = 1")
    writes: list[Callable[[], Awaitable[object]]] = [
        lambda: store.commit(opening("two")),
        lambda: store.commit(step(kept, "chased")),
        lambda: store.claim("event", NOW),
        lambda: store.finish("event", NOW),
        lambda: store.claim_deliveries("worker", NOW, NOW, ()),
        lambda: store.put_back(delivery("d")),
        lambda: store.remember(turn()),
        lambda: store.purge(NOW),
    ]
    for write in writes:
        with pytest.raises(StoreError, match=r"the database is read-only \(OperationalError SQLITE_READONLY\)"):
            await write()
    assert await store.escalation("id-one") == kept
    async with database.writer.connect() as connection:
        await connection.execution_options(begin=None)
        await connection.exec_driver_sql("PRAGMA query_only = 0")
    assert await store.claim("event", NOW) is Claim.NEW


async def test_a_file_that_is_no_database_is_told(file: DatabaseFile) -> None:
    """The store does not open, and does not touch the file."""
    file.path.parent.mkdir()
    file.path.write_bytes(b"something else altogether " * 100)
    with pytest.raises(StoreError, match="the file is no database"):
        await open_store(file.url, KEY)
    assert file.path.read_bytes() == b"something else altogether " * 100


async def test_a_place_where_no_file_can_be_is_told(tmp_path: Path) -> None:
    """Where the folder cannot be made, the store does not open."""
    (tmp_path / "state").touch()
    with pytest.raises(StoreError):
        await open_store(f"sqlite:///{tmp_path}/state/signpost.db", KEY)


async def test_another_program_that_writes_is_waited_for(store: SqlStore, file: DatabaseFile) -> None:
    """A command that purges beside the running server does not make a step fail."""
    with closing(sqlite3.connect(file.path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        waiting = asyncio.create_task(store.commit(opening()))
        await store.escalation("id-one")  # readers do not wait
        other.execute("COMMIT")
        assert (await waiting).version == 1


@pytest.mark.parametrize("database", ["sqlite", "postgresql"], indirect=True)
async def test_a_step_that_is_broken_off_is_written_whole_or_not_at_all(database: Database) -> None:
    """Cancelled at any statement, as at a stop, nothing of it is left; while it commits, all or nothing."""
    store = SqlStore(database, KEY)
    names = (str(n) for n in count())
    # The errors are kept, as a log may keep them: a lock must not hang on them.
    errors: list[asyncio.CancelledError] = []
    while error := await _broken_off(store, database, opening(next(names), text="words"), len(errors)):
        errors.append(error)
    assert len(errors) > 6
    written = await store.escalations(Wanted())
    assert 1 <= len(written) <= 2
    for one in written:
        assert len(await store.events(one.id)) == len(await store.entries(one.id)) == 1
    report = await store.verify()
    assert (report.chains, report.faults) == (len(written), ())


async def _broken_off(
    store: SqlStore, database: Database, change: Change, number: int
) -> asyncio.CancelledError | None:
    """Write a step, and cancel it at its statement of that number, the commit included; None where it has fewer."""
    statements = count()

    def cancel(*_: object) -> None:
        if next(statements) == number:
            task.cancel()

    for point in ("before_cursor_execute", "commit"):
        event.listen(database.writer.sync_engine, point, cancel)
    task = asyncio.create_task(store.commit(change))
    (result,) = await asyncio.gather(task, return_exceptions=True)
    for point in ("before_cursor_execute", "commit"):
        event.remove(database.writer.sync_engine, point, cancel)
    if isinstance(result, asyncio.CancelledError):
        return result
    assert isinstance(result, Escalation)
    return None


async def test_hundreds_at_once_neither_lock_nor_lose(store: SqlStore) -> None:
    """300 openings, their steps and as many readers at the same time: all succeed."""

    async def live(n: int) -> Escalation:
        first = await store.commit(opening(str(n), text="words"))
        await store.escalations(Wanted(limit=5))
        return await store.commit(step(first, "delivered"))

    lived = await asyncio.gather(*(live(n) for n in range(300)))
    assert {one.version for one in lived} == {2}
    report = await store.verify()
    assert (report.chains, report.events, report.faults) == (300, 600, ())


async def test_what_was_confirmed_outlives_a_kill(file: DatabaseFile) -> None:
    """RS-55: a process that is killed in the middle of its work loses nothing that it has confirmed."""
    command = (sys.executable, "-m", "tests.adapters.storage.writing", file.url)
    for _ in range(3):
        process = await asyncio.create_subprocess_exec(*command, stdout=asyncio.subprocess.PIPE)
        assert process.stdout
        confirmed = [(await process.stdout.readline()).decode().strip() for _ in range(25)]
        process.kill()
        confirmed += (await process.stdout.read()).decode().split()
        await process.wait()
        store = await open_store(file.url, KEY)
        for name in confirmed:
            assert [logged.event.kind for logged in await store.events(name)] == ["opened", "delivered"], name
            assert len(await store.deliveries(name)) == len(await store.entries(name)) == 1
        assert (await store.verify()).is_sound
        await store.close()


async def test_damaged_words_are_told_without_the_words(store: SqlStore, file: DatabaseFile) -> None:
    """Words that cannot be opened raise StoreError; the rest of the escalation is there."""
    await store.commit(opening(text="canary"))
    file.run("UPDATE entries SET words = substr(words, 1, 50)")
    with pytest.raises(StoreError, match="cannot be opened"):
        await store.entries("id-one")
    assert await store.escalation("id-one")


async def test_a_damaged_log_is_told(store: SqlStore, file: DatabaseFile) -> None:
    """A log whose times cannot be read raises StoreError; the check of the logs reads it all the same."""
    await store.commit(opening())
    file.run("UPDATE events SET at = 'noon'")
    with pytest.raises(StoreError):
        await store.events("id-one")
    assert (await store.verify()).faults == ("REF-one: event 1 was changed",)
