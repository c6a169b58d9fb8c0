"""INSERT that says what to do where the row is already there; SQLite and PostgreSQL share the words for it.

What is written all the time is put together once for each database: that takes longer than writing it.
"""

from collections.abc import Mapping
from functools import cache
from typing import Any

from sqlalchemy import Table
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncConnection

Insert = sqlite.Insert | postgresql.Insert


def insert_into(connection: AsyncConnection, table: Table) -> Insert:
    """Return the INSERT of the database at hand, which knows ON CONFLICT."""
    return insert_in(connection.dialect.name, table)


def insert_in(dialect: str, table: Table) -> Insert:
    """Return the INSERT of a kind of database, which knows ON CONFLICT."""
    return sqlite.insert(table) if dialect == "sqlite" else postgresql.insert(table)


async def upsert(connection: AsyncConnection, table: Table, row: Mapping[str, Any]) -> None:
    """Write a row, over the one that has the same key."""
    await connection.execute(_over(connection.dialect.name, table, tuple(row)), dict(row))


@cache
def _over(dialect: str, table: Table, names: tuple[str, ...]) -> Insert:
    statement = insert_in(dialect, table)
    keys = [column.name for column in table.primary_key]
    others = {name: statement.excluded[name] for name in names if name not in keys}
    return statement.on_conflict_do_update(index_elements=keys, set_=others)
