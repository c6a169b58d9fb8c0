"""`signpost db`: upgrading, and erasing what has been kept for long enough."""

import asyncio
import sqlite3
import stat
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from adapters.cli.escalation_speech import upgraded
from adapters.escalating import opened_store
from adapters.settings import Settings
from adapters.storage.store import SqlStore
from tests.adapters.cli.conftest import Console, Printed
from tests.adapters.cli.seeding import WORDS, raised, seed, settings_of, with_store
from tests.contract.values import resolved, turn

NOW = datetime.now(UTC)
NOTHING = {"event_keys": 0, "turns": 0, "words": 0, "entries": 0, "escalations": 0, "names": 0}


@pytest.fixture
def settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, bare_environment: None) -> Settings:
    """Return the settings in force: a state folder of its own, without a database."""
    monkeypatch.setenv("SIGNPOST_STATE", str(tmp_path / "state"))
    return settings_of(tmp_path / "state")


def run(settings: Settings, sql: str) -> list[tuple[Any, ...]]:
    """Look into the database as somebody would who is not Signpost."""
    with closing(sqlite3.connect(settings.state / "signpost.sqlite")) as connection, connection:
        return connection.execute(sql).fetchall()


# ---- upgrade ---------------------------------------------------------------------------------------------------------


def test_a_database_is_made_where_there_is_none(shell: Console, settings: Settings) -> None:
    """The first upgrade makes it, with a data key, for its owner alone; the second changes nothing."""
    first, second = shell("db", "upgrade"), shell("db", "upgrade")
    assert (first.code, first.out) == (0, "A new database was made, at revision 0001.\n")
    assert (second.code, second.out) == (0, "The database is at revision 0001 already; nothing was changed.\n")
    for name in ("signpost.sqlite", "data.key"):
        assert stat.S_IMODE((settings.state / name).stat().st_mode) == 0o600


def test_an_upgrade_keeps_what_is_there(shell: Console, settings: Settings) -> None:
    """Nobody loses an escalation by it."""
    seed(settings, raised("one"))
    assert shell("db", "upgrade").code == 0
    assert "K7-ONE" in shell("escalations", "list").out


def test_an_upgrade_names_both_revisions() -> None:
    """An admin reads what was done, and can look it up."""
    assert upgraded("0001", "0002") == "The database was brought from revision 0001 to 0002."


def test_the_database_of_a_newer_signpost_is_left_alone(shell: Console, settings: Settings) -> None:
    """An older Signpost refuses to touch it, whatever it is asked."""
    seed(settings, raised("one"))
    run(settings, "UPDATE alembic_version SET version_num = '9999'")
    for command in ("db upgrade", "db purge", "escalations list", "audit verify"):
        printed = shell(*command.split())
        assert (printed.code, printed.out) == (2, "")
        assert "made by a newer Signpost" in printed.err


def test_a_url_that_names_no_database_is_told_without_its_password(
    shell: Console, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A password in a URL never reaches the terminal."""
    for url in ("mysql://signpost:hunter2@db/signpost", "postgresql://signpost:hunter2@127.0.0.1:1/signpost"):
        monkeypatch.setenv("SIGNPOST_DATABASE_URL", url)
        printed = shell("db", "upgrade")
        assert (printed.code, printed.out) == (2, "")
        assert printed.err.startswith("signpost: ")
        assert "hunter2" not in printed.err


# ---- purge -----------------------------------------------------------------------------------------------------------


def old(settings: Settings) -> None:
    """Fill the store with what has been kept for long enough, and with what has not."""
    ended = [raised("ended"), raised("month"), raised("open")]
    seed(
        settings,
        *ended,
        resolved(ended[0].after, NOW - timedelta(days=366)),
        resolved(ended[1].after, NOW - timedelta(days=31)),
    )

    async def talk(store: SqlStore) -> None:
        await store.remember(turn("yesterday", text=WORDS, at=NOW - timedelta(hours=25)))
        await store.remember(turn("today", text=WORDS, at=NOW))

    with_store(settings, talk)


def purged(console: Console, *options: str) -> Printed:
    """Purge, and return what was printed."""
    printed = console("db", "purge", *options)
    assert (printed.code, printed.err) == (0, "")
    return printed


def test_what_was_kept_for_long_enough_is_erased_and_counted(shell: Console, settings: Settings) -> None:
    """Words after a month, the escalation after a year, a turn after a day; what is open stays whole."""
    old(settings)
    assert purged(shell).out.splitlines() == [
        "Erased:",
        "  keys of platform events: 0",
        "  last questions of conversations: 1",
        "  words of questions without an answer: 0",
        "  messages of escalations: 1",
        "  escalations with their log: 1",
        "  names: 0",
    ]
    assert purged(shell, "--format", "json").json == NOTHING | {"dry_run": False}
    assert "K7-OPEN" in shell("escalations", "list").out
    assert run(settings, "SELECT escalation FROM entries") == [("id-open",)]
    assert shell("audit", "verify").code == 0


def test_a_dry_run_counts_the_same_and_erases_nothing(shell: Console, settings: Settings) -> None:
    """What would go can be looked at first."""
    old(settings)
    before = run(settings, "SELECT count(*) FROM entries")
    assert purged(shell, "--dry-run").out.startswith("This would be erased; nothing was:\n")
    rehearsed = purged(shell, "--dry-run", "--format", "json").json
    assert rehearsed["dry_run"] is True
    assert run(settings, "SELECT count(*) FROM entries") == before
    assert purged(shell, "--format", "json").json == rehearsed | {"dry_run": False}


async def test_a_purge_runs_beside_the_server(shell: Console, settings: Settings) -> None:
    """A server that has the same file open goes on, before and after."""
    await asyncio.to_thread(old, settings)
    async with opened_store(settings) as server:
        assert await server.by_reference("K7-OPEN")
        printed = await asyncio.to_thread(purged, shell, "--format", "json")
        assert printed.json["escalations"] == 1
        assert await server.by_reference("K7-ENDED") is None
        await server.commit(raised("new"))
        assert await server.by_reference("K7-NEW")


def test_there_must_be_a_database_to_purge(shell: Console, settings: Settings) -> None:
    """Where the folder is the wrong one, nobody reads that old words were erased."""
    printed = shell("db", "purge")
    assert (printed.code, printed.out) == (2, "")
    assert "There is no database at" in printed.err
