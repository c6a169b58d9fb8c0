"""Turns whatever a database reports into StoreError, in words that hold nothing of what was stored."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager

import asyncpg  # type: ignore[import-untyped]
from sqlalchemy.exc import DBAPIError, SQLAlchemyError

from bot.escalation.errors import StoreError

# ValueError: a row that was damaged cannot be read as what it should be.
_FAILURES = (SQLAlchemyError, sqlite3.Error, asyncpg.PostgresError, asyncpg.InterfaceError, OSError, ValueError)

# SQLite names its errors, PostgreSQL numbers them by SQLSTATE; silence is Python's own.
_PLAIN_WORDS = {
    "SQLITE_FULL": "the disk is full",
    "SQLITE_READONLY": "the database is read-only",
    "SQLITE_CANTOPEN": "the database file cannot be opened",
    "SQLITE_BUSY": "another program holds the database",
    "SQLITE_CORRUPT": "the database file is damaged",
    "SQLITE_NOTADB": "the file is no database",
    "SQLITE_IOERR": "the disk fails",
    "53100": "the disk is full",
    "25006": "the database is read-only",
    "28P01": "the database refuses the password",
    "3D000": "there is no such database",
    "TimeoutError": "the database does not answer",
}


@contextmanager
def store_failures() -> Iterator[None]:
    """Raise StoreError for what a database reports. The cause is left behind: it may quote what was to be stored."""
    try:
        yield
    except _FAILURES as error:
        raise StoreError(_reason(error)) from None


def _reason(error: BaseException) -> str:
    while isinstance(error, DBAPIError) and error.orig is not None:
        error = error.orig
    code = str(getattr(error, "sqlite_errorname", None) or getattr(error, "sqlstate", None) or "")
    named = f"{type(error).__name__} {code}".strip()
    words = next((words for known, words in _PLAIN_WORDS.items() if known in named), None)
    return f"{words} ({named})" if words else f"the database cannot be used ({named})"
