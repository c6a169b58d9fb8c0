"""`signpost doctor` on what is kept: database, data key, what lies undelivered, and who would be told."""

import sqlite3
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from adapters.settings import Settings
from bot.escalation.model import State
from tests.adapters.cli.conftest import Console
from tests.adapters.cli.seeding import no_canary, raised, seed, settings_of
from tests.adapters.cli.test_doctor import doctor, mended
from tests.packs import edit

__all__ = ["doctor"]

NO_ROUTE = (
    "warn  nobody is told of a child at risk at hillside, valley; set `routes` with `child` in the school.yaml of"
)


@pytest.fixture
def settings(doctor: Console) -> Settings:
    """Return the settings that doctor looks at."""
    return settings_of(Path("state"))


def ago(minutes: float) -> datetime:
    """Return a time in the past."""
    return datetime.now(UTC) - timedelta(minutes=minutes)


def test_a_fresh_installation_has_no_database_yet(doctor: Console) -> None:
    """Nothing is made by looking, and nothing need be mended."""
    lines = doctor().out.splitlines()
    assert "ok    database state/signpost.sqlite is not there yet; the server makes it at its first start" in lines
    assert "warn  no data key is given; the server makes one at its first start (state/data.key)" in lines
    assert list(Path("state").iterdir()) == []


def test_a_database_at_the_present_revision_is_well(doctor: Console, settings: Settings) -> None:
    """The admin sees which file, and at which revision."""
    seed(settings, raised("one", opened_at=ago(0)))
    lines = doctor().out.splitlines()
    assert "ok    database state/signpost.sqlite is at revision 0001" in lines
    assert "ok    no urgent escalation is waiting to be delivered" in lines


def test_a_data_key_in_the_state_folder_is_a_warning(doctor: Console, settings: Settings) -> None:
    """It works, and whoever takes a copy of the folder has both: nothing fails, and it is said."""
    seed(settings)
    printed = doctor()
    assert printed.code == 0
    assert "\nwarn  the data key was made in the state folder (state/data.key): whoever copies" in printed.out
    told = [finding for finding in doctor("--format", "json").json if finding["found"].startswith("warning: ")]
    assert [finding["ok"] for finding in told] == [True, True]


def test_a_data_key_from_the_environment_is_well(doctor: Console, monkeypatch: pytest.MonkeyPatch) -> None:
    """The key itself is never printed."""
    key = "a2tra2tra2tra2tra2tra2tra2tra2tra2tra2tra2s="
    monkeypatch.setenv("SIGNPOST_DATA_KEY", key)
    printed = doctor()
    assert "ok    the data key is given by the environment" in printed.out.splitlines()
    assert key not in printed.out


@pytest.mark.parametrize(
    ("key", "told"),
    [
        ("not a key", "the store cannot be used: SIGNPOST_DATA_KEY: not a data key"),
        ("a2tra2tra2tra2tra2tra2tra2tra2tra2tra2tra2s=", "the store cannot be used: the data key is not the one"),
    ],
)
def test_a_data_key_that_does_not_fit_is_told(
    doctor: Console, settings: Settings, monkeypatch: pytest.MonkeyPatch, key: str, told: str
) -> None:
    """With another key nothing of what is there can be opened."""
    seed(settings, raised("one"))
    monkeypatch.setenv("SIGNPOST_DATA_KEY", key)
    [found] = mended(doctor)
    assert found.startswith(told)


def test_a_lost_data_key_is_told_once_and_no_other_is_made(doctor: Console, settings: Settings) -> None:
    """The admin learns which file to bring back."""
    seed(settings, raised("one"))
    (settings.state / "data.key").unlink()
    [found] = mended(doctor)
    assert "The data key of this database is missing: bring back state/data.key" in found
    assert not (settings.state / "data.key").exists()


def test_a_data_key_that_others_can_read_is_told(doctor: Console, settings: Settings) -> None:
    """With the command that mends it."""
    seed(settings)
    (settings.state / "data.key").chmod(0o644)
    [found] = mended(doctor)
    assert found.endswith("mend it with: chmod 600 state/data.key")


def test_a_database_of_another_revision_is_told(doctor: Console, settings: Settings) -> None:
    """With the command that brings it up to date."""
    seed(settings)
    with closing(sqlite3.connect(settings.state / "signpost.sqlite")) as connection, connection:
        connection.execute("UPDATE alembic_version SET version_num = '0000'")
    assert mended(doctor) == ["database state/signpost.sqlite is at revision 0000; run `signpost db upgrade`"]


def test_a_database_that_is_none_is_told(doctor: Console, settings: Settings) -> None:
    """A damaged file cannot be passed over."""
    settings.state.mkdir()
    (settings.state / "signpost.sqlite").write_bytes(b"no database at all" * 1000)
    [found] = mended(doctor)
    assert found.startswith("the store cannot be used: the file is no database")


def test_a_database_server_that_does_not_answer_is_told(doctor: Console, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without the password of its URL."""
    monkeypatch.setenv("SIGNPOST_DATABASE_URL", "postgresql://signpost:hunter2@127.0.0.1:1/signpost")
    [found] = mended(doctor)
    assert found.startswith("the store cannot be used: ")
    assert "hunter2" not in found


def test_urgent_ones_that_nobody_got_are_told(doctor: Console, settings: Settings) -> None:
    """What lies for five minutes needs a person: named by reference, never by its words."""
    seed(
        settings,
        raised("lies", opened_at=ago(6)),
        raised("fresh", opened_at=ago(0)),
        raised("calm", opened_at=ago(60), urgent=False),
        raised("there", opened_at=ago(60), state=State.DELIVERED),
    )
    [found] = mended(doctor)
    assert found.startswith("1 urgent and delivered to nobody for 5 minutes or more (K7-LIES): phone the people")
    assert no_canary(found)


def test_of_many_that_lie_the_first_are_named(doctor: Console, settings: Settings) -> None:
    """One line stays one line."""
    seed(settings, *(raised(f"n{number}", opened_at=ago(60 - number)) for number in range(7)))
    [found] = mended(doctor)
    assert found.startswith(
        "7 urgent and delivered to nobody for 5 minutes or more (K7-N0, K7-N1, K7-N2, K7-N3, K7-N4, ...)"
    )


def test_schools_where_nobody_is_told_of_a_child_are_named(doctor: Console, hillside: Path) -> None:
    """A school may leave it so; nobody should find it out by a concern that goes nowhere."""
    assert NO_ROUTE in doctor().out
    route = "jurisdiction: england\nroutes: {child: {people: [headteacher]}}\n"
    edit(hillside / "school.yaml", "jurisdiction: england\n", route)
    edit(hillside.parent / "valley" / "school.yaml", "jurisdiction: england\n", route)
    assert "ok    every school has a route for concerns about a child" in doctor().out
