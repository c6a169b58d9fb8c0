"""The migrations: they make the very tables that the code uses, and can be run at every start."""

import asyncio

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Connection, create_engine, text

from adapters.storage.engine import Database, open_database
from adapters.storage.migrate import upgrade
from adapters.storage.store import SqlStore, open_store
from adapters.storage.tables import metadata
from bot.escalation.errors import StoreError
from tests.adapters.storage.conftest import KEY, DatabaseFile
from tests.contract.postgres import fresh_postgres_url
from tests.contract.values import opening


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, file: DatabaseFile) -> str:
    """Return the URL of an empty database, of each kind in turn."""
    return file.url if request.param == "sqlite" else fresh_postgres_url()


def _differences(connection: Connection) -> list[object]:
    return list(compare_metadata(MigrationContext.configure(connection), metadata))


async def test_the_migrations_make_the_tables_the_code_uses(url: str) -> None:
    """Nothing is missing in a migrated database, nothing is too much, and every type is right."""
    database = open_database(url)
    await upgrade(database)
    async with database.writing() as connection:
        assert await connection.run_sync(_differences) == []
    await database.close()


async def test_the_migrations_make_the_same_constraints_and_indexes(file: DatabaseFile) -> None:
    """In SQLite the definitions are equal word for word, conditions of indexes and names of constraints included."""
    await (await open_store(file.url, KEY)).close()
    definitions = "SELECT name, sql FROM sqlite_master WHERE name NOT LIKE 'alembic%' AND name NOT LIKE 'sqlite%'"
    plain = create_engine("sqlite://")
    with plain.begin() as connection:
        metadata.create_all(connection)
        wanted = {name: _words(sql) for name, sql in connection.execute(text(definitions))}
    plain.dispose()
    assert {name: _words(sql) for name, sql in file.run(definitions)} == wanted


def _words(sql: str) -> list[str]:
    return sorted(part.strip(" \t\n()") for part in sql.replace("\n", " ").split(","))


async def test_a_second_start_keeps_what_is_there(url: str) -> None:
    """Upgrading a database that is up to date changes nothing."""
    store = await open_store(url, KEY)
    written = await store.commit(opening())
    await store.close()
    again = await open_store(url, KEY)
    assert await again.escalation("id-one") == written
    await again.close()


async def test_a_database_of_a_newer_signpost_is_refused(store: SqlStore, file: DatabaseFile) -> None:
    """An older Signpost does not touch tables it does not know."""
    file.run("UPDATE alembic_version SET version_num = '9999'")
    with pytest.raises(StoreError, match="made by a newer Signpost"):
        await open_store(file.url, KEY)


async def test_a_migration_that_fails_leaves_no_trace(file: DatabaseFile) -> None:
    """Migrations run in one transaction: a table in the way stops them, and none of theirs is left."""
    file.path.parent.mkdir()
    file.run("CREATE TABLE turns (mine TEXT)")
    with pytest.raises(StoreError):
        await open_store(file.url, KEY)
    assert file.run("SELECT name FROM sqlite_master") == [("turns",)]


async def test_replicas_that_start_together_migrate_once() -> None:
    """Two that upgrade one PostgreSQL at once both succeed."""
    url = fresh_postgres_url()
    databases: list[Database] = [open_database(url) for _ in range(4)]
    await asyncio.gather(*map(upgrade, databases))
    for database in databases:
        await database.close()
