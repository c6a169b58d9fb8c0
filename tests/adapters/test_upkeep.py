"""Looking after the database from outside the server."""

import asyncio
from pathlib import Path

import pytest

from adapters import upkeep
from adapters.bootstrap import socket_path
from adapters.errors import SettingsError
from adapters.settings import Settings


def settings_of(state: Path, database_url: str | None = None) -> Settings:
    """Return the settings of a state folder."""
    return Settings(None, state, None, 0, database_url=database_url)


async def test_a_server_that_hangs_counts_as_none(state: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody waits for minutes to read that their concern was recorded."""
    monkeypatch.setattr(upkeep, "_PATIENCE_S", 0.05)
    connections: list[asyncio.StreamWriter] = []
    hung = await asyncio.start_unix_server(
        lambda _, writer: connections.append(writer), str(socket_path(settings_of(state).state))
    )
    assert not await upkeep.server_runs(settings_of(state))
    for writer in connections:
        writer.close()
    hung.close()
    await hung.wait_closed()


def test_looking_makes_nothing(tmp_path: Path) -> None:
    """Asking for the revision of a database that is not there leaves it so."""
    settings = settings_of(tmp_path / "state", f"sqlite:///{tmp_path}/elsewhere/signpost.db")
    assert asyncio.run(upkeep.revision(settings)) is None
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("url", ["not a url", "mysql://db/signpost", "sqlite://"])
async def test_a_url_that_names_no_database_is_refused(tmp_path: Path, url: str) -> None:
    """Every command tells the same, whether it reads or writes."""
    settings = settings_of(tmp_path, url)
    with pytest.raises(SettingsError, match="SIGNPOST_DATABASE_URL"):
        await upkeep.revision(settings)
    with pytest.raises(SettingsError, match="SIGNPOST_DATABASE_URL"):
        await upkeep.upgraded(settings)
