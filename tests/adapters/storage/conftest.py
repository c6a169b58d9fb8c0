"""A store in a file, and what looks into that file from outside."""

import sqlite3
from collections.abc import AsyncIterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from adapters.storage.crypto import DataKey
from adapters.storage.store import SqlStore, open_store

KEY = DataKey(b"k" * 32)


class DatabaseFile:
    """The file of a store, as somebody sees it who is not Signpost."""

    def __init__(self, path: Path) -> None:
        """Take the path of the file."""
        self.path = path
        self.url = f"sqlite:///{path}"

    def run(self, sql: str, *values: object) -> list[tuple[Any, ...]]:
        """Run a statement, and return its rows."""
        with closing(sqlite3.connect(self.path, timeout=5)) as connection, connection:
            return connection.execute(sql, values).fetchall()

    def bytes(self) -> bytes:
        """Return all that stands in the file and in those beside it."""
        return b"".join(path.read_bytes() for path in sorted(self.path.parent.glob(f"{self.path.name}*")))


@pytest.fixture
def file(tmp_path: Path) -> DatabaseFile:
    """Return the place of a database that is not there yet."""
    return DatabaseFile(tmp_path / "state" / "signpost.db")


@pytest.fixture
async def store(file: DatabaseFile) -> AsyncIterator[SqlStore]:
    """Return an empty store in that file."""
    opened = await open_store(file.url, KEY)
    yield opened
    await opened.close()
