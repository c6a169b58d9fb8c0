"""Opens the database a URL names, so that what it says is written is on the disk.

SQLite has one connection that writes and a few that only read; PostgreSQL has one pool for both.
"""

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, cast

from sqlalchemy import URL, Connection, event, make_url
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import ArgumentError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine
from sqlalchemy.pool import ConnectionPoolEntry

from adapters.errors import SettingsError
from adapters.storage.failures import store_failures
from adapters.storage.tables import metadata
from bot.escalation.errors import StoreError

_SQLITE = {"sqlite", "sqlite+aiosqlite"}
_POSTGRESQL = {"postgres", "postgresql", "postgresql+asyncpg"}
_READERS = 4
PATIENCE_S = 10.0
_LONG = 60  # times that, for what goes through the whole database

# RS-55. FULL: a commit that was answered survives a power cut. secure_delete: what is purged is overwritten.
PRAGMAS: dict[str, object] = {
    "journal_mode": "wal",
    "synchronous": 2,
    "foreign_keys": 1,
    "busy_timeout": 5000,
    "secure_delete": 1,
}


@dataclass(frozen=True, slots=True)
class Database:
    """A database that is open: transactions to write and to read, each of which sees one state of it.

    A transaction that has not ended after `patience_s` is broken off, connecting and waiting for others included: a
    server that fell silent would hold it for ever. None for a file, which does not fall silent.
    """

    writer: AsyncEngine
    reader: AsyncEngine
    patience_s: float | None = None

    @property
    def is_sqlite(self) -> bool:
        """Whether it is a file of SQLite's."""
        return self.writer.dialect.name == "sqlite"

    @asynccontextmanager
    async def writing(self, *, takes_long: bool = False) -> AsyncIterator[AsyncConnection]:
        """Begin a transaction; it is written whole at the end of the block, or not at all. Raises StoreError."""
        with store_failures():
            async with self._in_time(takes_long=takes_long), self.writer.begin() as connection:
                yield connection

    @asynccontextmanager
    async def reading(self, *, takes_long: bool = False) -> AsyncIterator[AsyncConnection]:
        """Begin a transaction that only reads. Raises StoreError."""
        with store_failures():
            async with self._in_time(takes_long=takes_long), self.reader.begin() as connection:
                yield connection

    async def make_sure_of_durability(self) -> None:
        """Refuse a PostgreSQL that confirms what it may still lose (SQLite is asked at every connection)."""
        if not self.is_sqlite:
            async with self.reading() as connection:
                if (await connection.exec_driver_sql("SHOW synchronous_commit")).scalar_one() == "off":
                    raise StoreError(
                        "synchronous_commit is off: PostgreSQL would lose what it has confirmed; turn it on"
                    )

    async def compact(self) -> None:
        """Take what was deleted out of the files too. Raises StoreError where somebody reads for too long."""
        with store_failures():
            async with self._in_time(takes_long=True), self.writer.connect() as connection:
                if not self.is_sqlite:
                    await connection.execution_options(isolation_level="AUTOCOMMIT")
                    await connection.exec_driver_sql(f"VACUUM {', '.join(metadata.tables)}")
                    return
                await connection.execution_options(begin=None)
                await connection.exec_driver_sql("VACUUM")
                busy = (await connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")).scalar_one()
        if busy:
            raise StoreError("deleted words are still in the write-ahead log: another program reads the database")

    async def close(self) -> None:
        """Close every connection; a server that does not answer is not waited for."""
        with suppress(TimeoutError):
            async with self._in_time(takes_long=False):
                await self.writer.dispose()
                await self.reader.dispose()

    def _in_time(self, *, takes_long: bool) -> asyncio.Timeout:
        patience = self.patience_s
        return asyncio.timeout(patience * _LONG if patience and takes_long else patience)


def open_database(url: str, patience_s: float = PATIENCE_S) -> Database:
    """Return the database of a URL, not yet connected; a server gets `patience_s` for a transaction.

    Raises SettingsError, which never repeats the URL.
    """
    try:
        parsed = make_url(url)
    except ArgumentError:
        raise SettingsError("SIGNPOST_DATABASE_URL: not a URL (sqlite:///FILE or postgresql://... expected)") from None
    if parsed.drivername in _SQLITE:
        return _sqlite(parsed.set(drivername="sqlite+aiosqlite"))
    if parsed.drivername in _POSTGRESQL:
        return _postgresql(parsed.set(drivername="postgresql+asyncpg"), patience_s)
    raise SettingsError(
        f"SIGNPOST_DATABASE_URL: {parsed.drivername} is not supported (sqlite:///FILE or postgresql://... expected)"
    )


def _sqlite(url: URL) -> Database:
    if not url.database or url.database == ":memory:":
        raise SettingsError("SIGNPOST_DATABASE_URL: names no file; what is stored must outlive the process")
    if url.query:
        raise SettingsError("SIGNPOST_DATABASE_URL: a file takes no options; Signpost sets them")
    _make_private(Path(url.database))
    return Database(
        writer=_sqlite_engine(url, pool_size=1, begin="BEGIN IMMEDIATE"),
        reader=_sqlite_engine(url, pool_size=_READERS, begin="BEGIN", query_only=1),
    )


def _make_private(path: Path) -> None:
    """Make the file so that only its owner reads it; SQLite gives its log the same mode."""
    with store_failures():
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        path.touch(mode=0o600)
        path.chmod(0o600)


def _sqlite_engine(url: URL, *, pool_size: int, begin: str, **pragmas: int) -> AsyncEngine:
    engine = create_async_engine(
        url,
        hide_parameters=True,
        pool_size=pool_size,
        max_overflow=0,
        execution_options={"begin": begin},
        # The driver must not begin transactions by itself: it would begin them late, and not IMMEDIATE.
        connect_args={"isolation_level": None},
    )

    @event.listens_for(engine.sync_engine, "connect")
    def set_up(connection: DBAPIConnection, _: ConnectionPoolEntry) -> None:
        # A damaged byte must show as a changed text where it stands, not make a whole table unreadable.
        cast(Any, connection).driver_connection.text_factory = partial(str, encoding="utf-8", errors="replace")
        _set_pragmas(connection, {**PRAGMAS, **pragmas})

    @event.listens_for(engine.sync_engine, "invalidate")
    def roll_back(connection: DBAPIConnection, *_: object) -> None:
        # A call that was cancelled: SQLite keeps a closed connection, and its lock on the database, for as long as
        # anything refers to the last statement, and the error's traceback does.
        connection.rollback()

    @event.listens_for(engine.sync_engine, "begin")
    def begin_transaction(connection: Connection) -> None:
        if statement := connection.get_execution_options()["begin"]:
            connection.exec_driver_sql(statement)

    return engine


def _set_pragmas(connection: DBAPIConnection, pragmas: Mapping[str, object]) -> None:
    """Set each and read it back: SQLite says nothing where it cannot do what it is told."""
    cursor = connection.cursor()
    for name, value in pragmas.items():
        cursor.execute(f"PRAGMA {name} = {value}")
        cursor.execute(f"PRAGMA {name}")
        if (found := cursor.fetchone()) != (value,):
            raise StoreError(f"SQLite does not keep to {name} = {value} here, but to {found}")
    cursor.close()


def _postgresql(url: URL, patience_s: float) -> Database:
    if "sslmode" in url.query:  # what everybody else's URLs call it
        url = url.update_query_dict({"ssl": url.query["sslmode"]}).difference_update_query(["sslmode"])
    writer = create_async_engine(url, hide_parameters=True, pool_pre_ping=True)
    reader = writer.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
    return Database(writer, reader, patience_s)
