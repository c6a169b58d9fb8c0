"""How the database is opened: what SQLite is told, who can read the file, which URLs are understood."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from adapters.errors import SettingsError
from adapters.storage import escalations
from adapters.storage.engine import PRAGMAS, open_database
from adapters.storage.reading import RowReader
from adapters.storage.store import SqlStore, open_store
from bot.escalation.errors import StoreError
from bot.escalation.ports import Wanted
from tests.adapters.storage.conftest import KEY, DatabaseFile
from tests.contract.postgres import fresh_postgres_url
from tests.contract.values import escalation, opening


@pytest.mark.parametrize("connection", ["writing", "reading"])
async def test_every_connection_is_set_so_that_nothing_is_lost_or_left_behind(
    file: DatabaseFile, connection: str
) -> None:
    """RS-55: write-ahead log, synchronous FULL, foreign keys, a wait for other programs, deleted data overwritten."""
    database = open_database(file.url)
    found = {}
    async with getattr(database, connection)() as open_connection:
        for name in ("journal_mode", "synchronous", "foreign_keys", "busy_timeout", "secure_delete"):
            found[name] = (await open_connection.exec_driver_sql(f"PRAGMA {name}")).scalar_one()
    await database.close()
    assert found == {
        "journal_mode": "wal",
        "synchronous": 2,
        "foreign_keys": 1,
        "busy_timeout": 5000,
        "secure_delete": 1,
    }


async def test_what_sqlite_does_not_take_is_refused(file: DatabaseFile, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where SQLite passes a setting over, as it does the write-ahead log on some disks, the store does not open."""
    monkeypatch.setitem(PRAGMAS, "page_size", 1000)
    with pytest.raises(StoreError, match=r"does not keep to page_size = 1000 here, but to \(4096,\)"):
        await open_store(file.url, KEY)


async def test_a_transaction_that_writes_holds_the_database_from_its_first_moment(
    store: SqlStore, file: DatabaseFile
) -> None:
    """What it has read cannot change before it writes, not even by another program."""
    database = open_database(file.url)
    async with database.writing() as connection:
        await connection.exec_driver_sql("SELECT count(*) FROM escalations")
        with (
            closing(sqlite3.connect(file.path, timeout=0, isolation_level=None)) as other,
            pytest.raises(sqlite3.OperationalError, match="locked"),
        ):
            other.execute("BEGIN IMMEDIATE")
    await database.close()


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
async def test_a_transaction_that_reads_sees_one_state_and_changes_nothing(kind: str, file: DatabaseFile) -> None:
    """What others write meanwhile is not seen; writing is refused."""
    url = file.url if kind == "sqlite" else fresh_postgres_url()
    store, database = await open_store(url, KEY), open_database(url)
    async with database.reading() as connection:
        assert list(await escalations.listed(connection, Wanted(), RowReader(KEY))) == []
        await store.commit(opening())
        assert list(await escalations.listed(connection, Wanted(), RowReader(KEY))) == []
    with pytest.raises(StoreError, match="read-only"):
        async with database.reading() as connection:
            await escalations.insert(connection, escalation(), KEY)
    await database.close()
    await store.close()


async def test_the_files_are_their_owners_alone(store: SqlStore, file: DatabaseFile) -> None:
    """The database and its write-ahead log have mode 0600, the folder made for them 0700."""
    await store.commit(opening())
    modes = {path.name: path.stat().st_mode & 0o777 for path in file.path.parent.iterdir()}
    assert modes == {"signpost.db": 0o600, "signpost.db-wal": 0o600, "signpost.db-shm": 0o600}
    assert file.path.parent.stat().st_mode & 0o777 == 0o700


async def test_a_file_that_others_could_read_is_taken_back(file: DatabaseFile) -> None:
    """A database that was restored with a wider mode is made private at the next start."""
    file.path.parent.mkdir()
    file.path.touch(0o644)
    await (await open_store(file.url, KEY)).close()
    assert file.path.stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize(
    ("url", "complaint"),
    [
        ("nonsense", "not a URL"),
        ("mysql://user:hunter2@host/db", "mysql is not supported"),
        ("sqlite://", "names no file"),
        ("sqlite:///:memory:", "names no file"),
        ("sqlite:///signpost.db?mode=ro", "a file takes no options"),
    ],
)
def test_a_url_that_names_no_database_is_refused(url: str, complaint: str) -> None:
    """The error names the setting, and never repeats a password."""
    with pytest.raises(SettingsError, match=f"SIGNPOST_DATABASE_URL: {complaint}") as caught:
        open_database(url)
    assert "hunter2" not in str(caught.value)


@pytest.mark.parametrize("scheme", ["postgres", "postgresql", "postgresql+asyncpg"])
async def test_a_postgresql_url_is_taken_as_everybody_writes_it(scheme: str) -> None:
    """Any of the usual schemes opens the store, with a socket folder and `sslmode` among the options."""
    url = fresh_postgres_url().replace("postgresql", scheme, 1)
    store = await open_store(f"{url}&sslmode=prefer", KEY)
    await store.commit(opening())
    assert await store.escalation("id-one")
    await store.close()


async def test_a_lost_connection_is_made_anew() -> None:
    """After the database was restarted the next call works."""
    url = fresh_postgres_url()
    store = await open_store(url, KEY)
    await store.commit(opening())
    other = open_database(url)
    async with other.writing() as connection:
        await connection.exec_driver_sql(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database()"
            " AND pid <> pg_backend_pid()"
        )
    await other.close()
    assert await store.escalation("id-one")
    await store.close()


async def test_a_postgresql_that_may_lose_what_it_confirmed_is_refused() -> None:
    """Where commits are not waited for, an escalation that was acknowledged could be gone after a crash."""
    url = fresh_postgres_url()
    database = open_database(url)
    async with database.writing() as connection:
        name = (await connection.exec_driver_sql("SELECT current_database()")).scalar_one()
        await connection.exec_driver_sql(f"ALTER DATABASE {name} SET synchronous_commit = off")
    await database.close()
    with pytest.raises(StoreError, match="synchronous_commit is off"):
        await open_store(url, KEY)


async def test_a_database_that_is_not_there_is_told_without_its_password(tmp_path: Path) -> None:
    """Neither the password nor the host stands in the error."""
    with pytest.raises(StoreError) as caught:
        await open_store(f"postgresql://user:hunter2@/db?host={tmp_path}", KEY)
    assert "hunter2" not in str(caught.value)
    assert caught.value.__cause__ is None


async def test_another_data_key_is_refused(store: SqlStore, file: DatabaseFile) -> None:
    """A database opens with the key it was made with, and with no other."""
    with pytest.raises(StoreError, match="not the one this database was made with"):
        await open_store(file.url, type(KEY)(b"x" * 32))
