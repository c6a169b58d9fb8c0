"""Single values that must outlive a restart: each sealed, and found by a pseudonym of its key."""

from collections.abc import Sequence

from sqlalchemy import delete, select

from adapters.storage.crypto import DataKey
from adapters.storage.engine import Database
from adapters.storage.tables import kept
from adapters.storage.upsert import upsert


class SqlKept:
    """The port of bot/escalation/ports.py over a database. Each method is one transaction."""

    def __init__(self, database: Database, data_key: DataKey) -> None:
        self._database = database
        self._data_key = data_key

    async def get(self, kind: str, key: str) -> str | None:
        """Return a value; None where there is none."""
        async with self._database.reading() as connection:
            token = await connection.scalar(select(kept.c.value).where(kept.c.key == self._named(kind, key)))
            return self._data_key.unseal(token) if token else None

    async def put(self, kind: str, key: str, value: str) -> None:
        """Keep a value in place of what was kept there."""
        row = {"key": self._named(kind, key), "kind": kind, "value": self._data_key.seal(value)}
        async with self._database.writing() as connection:
            await upsert(connection, kept, row)

    async def drop(self, kind: str, key: str) -> None:
        """Forget a value."""
        async with self._database.writing() as connection:
            await connection.execute(delete(kept).where(kept.c.key == self._named(kind, key)))

    async def all(self, kind: str) -> Sequence[str]:
        """List every value of a kind."""
        async with self._database.reading() as connection:
            tokens = await connection.scalars(select(kept.c.value).where(kept.c.kind == kind))
            return [self._data_key.unseal(token) for token in tokens]

    def _named(self, kind: str, key: str) -> str:
        return self._data_key.pseudonyms.key(f"kept:{kind}:{key}")
