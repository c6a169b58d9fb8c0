"""Small records that are kept in the store and held in memory: each is written only when it has changed."""

import asyncio
import json
from collections.abc import Mapping, Sequence

from bot.escalation.ports import Kept

Record = Mapping[str, str]


class KeptRecords:
    """Records of one kind, each known by some of its fields. Nothing is known before `load`."""

    def __init__(self, kept: Kept, kind: str, *keys: str) -> None:
        self._kept = kept
        self._kind = kind
        self._keys = keys
        self._known: dict[tuple[str, ...], Record] = {}
        self._writing = asyncio.Lock()  # so that nothing older than what was just written is taken

    async def load(self) -> None:
        """Take what is kept from the store, whichever replica wrote it. Raises StoreError."""
        async with self._writing:
            found = [json.loads(written) for written in await self._kept.all(self._kind)]
            self._known = {self._key(one): one for one in found}

    def get(self, *key: str) -> Record | None:
        """Return a record by its keys, in their order."""
        return self._known.get(key)

    def all(self) -> Sequence[Record]:
        """List the records."""
        return tuple(self._known.values())

    async def put(self, record: Record, *, anew: bool = False) -> None:
        """Keep a record in place of the one with the same keys. Raises StoreError; it counts here all the same.

        `anew`: it is written also where nothing has changed here, for another replica may have dropped it.
        """
        key = self._key(record)
        if self._known.get(key) == record and not anew:
            return
        self._known[key] = record
        async with self._writing:
            self._known[key] = record
            await self._kept.put(self._kind, "\n".join(key), json.dumps(record))

    async def drop(self, *key: str) -> None:
        """Forget a record, also where only another replica knows of it. Raises StoreError; it is gone here anyway."""
        self._known.pop(key, None)
        async with self._writing:
            self._known.pop(key, None)
            await self._kept.drop(self._kind, "\n".join(key))

    def _key(self, record: Record) -> tuple[str, ...]:
        return tuple(record[name] for name in self._keys)
