"""`signpost audit verify`: whether somebody has changed the log."""

import sqlite3
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest

from adapters.settings import Settings
from bot.escalation.model import Change
from tests.adapters.cli.conftest import Console
from tests.adapters.cli.seeding import no_canary, raised, seed, settings_of
from tests.contract.values import NOW, resolved, step


@pytest.fixture
def settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, bare_environment: None) -> Settings:
    """Return the settings of a store with two escalations in it."""
    monkeypatch.setenv("SIGNPOST_STATE", str(tmp_path))
    found = settings_of(tmp_path)
    one = raised("one")
    seed(found, one, raised("two"), taken(one), resolved(one.after, NOW))
    return found


def taken(opened: Change) -> Change:
    """Return a step on an escalation."""
    return step(opened.after, "acknowledged", at=NOW)


def run(settings: Settings, sql: str) -> None:
    """Change the database as somebody would who is not Signpost."""
    with closing(sqlite3.connect(settings.state / "signpost.sqlite")) as connection, connection:
        connection.execute(sql)


def digest(console: Console) -> str:
    """Return the digest of the log as it is."""
    return str(console("audit", "verify", "--format", "json").json["digest"])


def test_a_sound_log_is_counted_and_summed_up(shell: Console, settings: Settings) -> None:
    """How much was looked at, that it is sound, the digest and what it is for."""
    printed = shell("audit", "verify")
    looked, verdict, digested, use = printed.out.splitlines()
    assert (printed.code, printed.err) == (0, "")
    assert looked == "Logs checked: 2, with 4 events."
    assert verdict == "Nothing was changed, added or taken out."
    assert digested == f"Digest: {digest(shell)}"
    assert use.startswith("Note the digest and the time outside this machine")


def test_the_check_as_json(shell: Console, settings: Settings) -> None:
    """Tools read the same."""
    told = shell("audit", "verify", "--format", "json").json
    assert (told["sound"], told["chains"], told["events"], told["faults"]) == (True, 2, 4, [])
    assert len(told["digest"]) == 64


@pytest.mark.parametrize(
    ("tampering", "fault"),
    [
        ("UPDATE events SET kind = 'helped' WHERE escalation = 'id-one' AND seq = 2", "K7-ONE: event 2 was changed"),
        ("DELETE FROM events WHERE escalation = 'id-one' AND seq = 2", "K7-ONE: event 2 is missing"),
        ("DELETE FROM events WHERE escalation = 'id-one' AND seq = 3", "K7-ONE: event 3 is missing, at the end"),
        ("DELETE FROM anchors WHERE escalation = 'id-two'", "K7-TWO: the anchor is missing"),
    ],
)
def test_a_log_that_was_changed_is_told(shell: Console, settings: Settings, tampering: str, fault: str) -> None:
    """Exit code 1, each fault in plain words with its reference, and nothing of what was written."""
    run(settings, tampering)
    printed = shell("audit", "verify")
    assert printed.code == 1
    assert f"  {fault}" in printed.out
    assert "Nothing was changed" not in printed.out
    assert no_canary(printed.out)
    told = shell("audit", "verify", "--format", "json")
    assert (told.code, told.json["sound"]) == (1, False)
    assert told.json["faults"][0].startswith(fault)


def test_a_database_put_back_shows_an_earlier_digest(shell: Console, settings: Settings) -> None:
    """The digest moves with every event, and comes back with an old copy: what the printed sentence promises."""
    file = settings.state / "signpost.sqlite"
    run(settings, "PRAGMA wal_checkpoint(TRUNCATE)")
    old, copy = digest(shell), file.read_bytes()
    assert digest(shell) == old
    seed(settings, raised("three", opened_at=NOW + timedelta(hours=1)))
    assert digest(shell) != old
    for beside in settings.state.glob("signpost.sqlite-*"):
        beside.unlink()
    file.write_bytes(copy)
    assert digest(shell) == old


def test_no_database_is_not_a_sound_one(shell: Console, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A check that looked at nothing does not say that all is well."""
    monkeypatch.setenv("SIGNPOST_STATE", str(tmp_path / "elsewhere"))
    printed = shell("audit", "verify")
    assert (printed.code, printed.out) == (2, "")
    assert "There is no database at" in printed.err
