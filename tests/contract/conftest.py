"""The three stores, each of which must pass every test of the suite."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from adapters.storage.crypto import DataKey
from adapters.storage.store import open_store
from bot.escalation.ports import Store
from tests.contract.postgres import fresh_postgres_url
from tests.store_fake import MemoryStore


@pytest.fixture(params=["memory", "sqlite", "postgresql"])
async def store(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Store]:
    """Return an empty store, of each kind in turn."""
    data_key = DataKey(b"k" * 32)
    if request.param == "memory":
        yield MemoryStore(data_key.pseudonyms)
        return
    url = fresh_postgres_url() if request.param == "postgresql" else f"sqlite:///{tmp_path}/signpost.db"
    opened = await open_store(url, data_key)
    yield opened
    await opened.close()
