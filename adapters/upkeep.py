"""Looks after the database from outside the server: how far it is migrated, whether its logs are sound, what is old."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime
from pathlib import Path

from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, make_url
from sqlalchemy.exc import ArgumentError

from adapters.bootstrap import socket_path
from adapters.control import call_server
from adapters.errors import ControlError, SettingsError
from adapters.escalating import data_key, database_url, opened_store
from adapters.settings import Settings
from adapters.storage import migrations
from adapters.storage.engine import open_database
from adapters.storage.purge import Purged, purge
from adapters.storage.store import SqlStore
from bot.escalation.errors import StoreError

_SQLITE = "sqlite"
_PATIENCE_S = 5


class _RehearsedError(Exception):
    """Ends a transaction that is not to be written."""


def database_file(settings: Settings) -> Path | None:
    """Return the file of the database; None where a server holds it, or the URL is no URL (opening it says so)."""
    try:
        url = make_url(database_url(settings))
    except ArgumentError:
        return None
    return Path(url.database) if url.drivername.startswith(_SQLITE) and url.database else None


def data_key_file(settings: Settings) -> Path | None:
    """Return where the data key is kept; None where the environment gives it."""
    return None if settings.data_key else settings.state / "data.key"


def present_revision() -> str:
    """Return the migration that this Signpost works with."""
    head = ScriptDirectory(str(Path(migrations.__path__[0]))).get_current_head()
    return head or ""


async def revision(settings: Settings) -> str | None:
    """Return the migration that the database is at; None where there is none yet. Makes and changes nothing.

    Raises SettingsError for a URL that names no database, StoreError where it cannot be read.
    """
    file = database_file(settings)
    if file is not None and not file.is_file():
        return None
    database = open_database(database_url(settings))
    try:
        async with database.reading() as connection:
            return await connection.run_sync(_revision)
    finally:
        await database.close()


@asynccontextmanager
async def existing_store(settings: Settings) -> AsyncIterator[SqlStore]:
    """Open the store that is there, and make none: an empty one would say that all is well.

    Raises SettingsError where there is none, or not its data key, and StoreError where it must be migrated first.
    """
    found = await revision(settings)
    if found is None:
        raise SettingsError(_nothing_there(settings))
    refuse_lost_key(settings)
    if found != present_revision():
        known = {script.revision for script in ScriptDirectory(str(Path(migrations.__path__[0]))).walk_revisions()}
        mend = "run `signpost db upgrade`" if found in known else "it was made by a newer Signpost; install that one"
        raise StoreError(f"the database is at revision {found}, and this Signpost needs {present_revision()}: {mend}")
    async with opened_store(settings) as store:
        yield store


async def upgraded(settings: Settings) -> tuple[str | None, str]:
    """Bring the database to the present migration, made anew where there is none; return where it was and where it is.

    Raises SettingsError and StoreError.
    """
    before = await revision(settings)
    if before is not None:
        refuse_lost_key(settings)
    async with opened_store(settings):
        return before, present_revision()


async def purged(settings: Settings, now: datetime, *, rehearse: bool) -> Purged:
    """Erase what has been kept for long enough; with `rehearse` only count it. Raises SettingsError and StoreError."""
    async with existing_store(settings) as store:
        return await (_rehearsed(settings, now) if rehearse else store.purge(now))


def refuse_lost_key(settings: Settings) -> None:
    """Refuse to make a new key beside a database: it could open nothing, and would hide that the old one is lost."""
    file = data_key_file(settings)
    if file is not None and not file.exists():
        raise SettingsError(
            f"The data key of this database is missing: bring back {file}, or set SIGNPOST_DATA_KEY to the key."
        )


async def server_runs(settings: Settings) -> bool:
    """Tell whether a server answers on the control socket of this state folder."""
    try:
        async with asyncio.timeout(_PATIENCE_S):
            await call_server(socket_path(settings.state), "GET", "/status")
    except (ControlError, TimeoutError):
        return False
    return True


async def _rehearsed(settings: Settings, now: datetime) -> Purged:
    """Purge in a transaction that is taken back."""
    database = open_database(database_url(settings))
    try:
        async with database.writing() as connection:
            counted = await purge(connection, now, data_key(settings).audit)
            raise _RehearsedError
    except _RehearsedError:
        return counted
    finally:
        await database.close()


def _revision(connection: Connection) -> str | None:
    return MigrationContext.configure(connection).get_current_revision()


def _nothing_there(settings: Settings) -> str:
    file = database_file(settings)
    if file is None:
        return "The database that SIGNPOST_DATABASE_URL names is empty. Make its tables with `signpost db upgrade`."
    return (
        f"There is no database at {file} yet: the server makes it at its first start. If yours keeps it elsewhere, "
        "set SIGNPOST_STATE or SIGNPOST_DATABASE_URL as it is set there; for the one that `make run` started, "
        "set SIGNPOST_STATE=.state."
    )
