"""`signpost kb status|reload`: what is served, and telling the running server to take a change."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest
import pytest_asyncio

from adapters.bootstrap import Signpost, socket_path
from adapters.control import control_app, start_control
from adapters.reloading import Reloader
from tests.adapters.cli.conftest import Console
from tests.fakes import ReadySession, signpost_over
from tests.packs import edit

CONDUCT = "policies/conduct.yaml"


def test_the_status_reads_the_packs_where_no_server_runs(console: Console) -> None:
    """Without a server the status tells what the packs would give."""
    printed = console("kb", "status")
    assert printed.code == 0
    assert "No server is running here" in printed.err
    assert "hillside (Hillside School): version " in printed.out
    assert "2 of 3 clauses quoted\n" in printed.out


def test_the_status_as_json_stands_alone(console: Console) -> None:
    """What is said beside it goes to standard error."""
    assert [school["id"] for school in console("kb", "status", "--format", "json").json["schools"]] == [
        *("hillside", "valley"),
    ]


def test_the_status_names_a_school_that_is_not_served(
    capsys: pytest.CaptureFixture[str], hillside: Path, signpost: Signpost, tmp_path: Path
) -> None:
    """A broken school is listed with its faults, and makes the exit code 1."""
    line = edit(hillside / "school.yaml", "england", "france")
    ready = ReadySession(signpost_over(hillside.parents[1], signpost, tmp_path))
    printed = Console(capsys, ready)("kb", "status")
    assert printed.code == 1
    assert f'hillside: not served\n  error: hillside/school.yaml:{line}: "france" is not' in printed.out


@pytest_asyncio.fixture
async def server(small: Signpost) -> AsyncIterator[None]:
    """Run the control listener of a server over the two schools."""
    reloader = Reloader(small)
    runner = await start_control(control_app(small, reloader), socket_path(small.settings.state))
    yield
    await runner.cleanup()
    reloader.close()


@pytest.mark.usefixtures("server")
async def test_a_reload_is_taken_by_the_running_server(console: Console, small: Signpost, hillside: Path) -> None:
    """An admin who cannot wait tells the server, and reads what became of it."""
    edit(hillside / CONDUCT, "says: Don't", "says: Never")
    printed = await asyncio.to_thread(console, "kb", "reload")
    assert (printed.code, printed.err) == (0, "")
    assert small.library.view("hillside").school.version in printed.out
    assert small.library.view("hillside").school.clause("friends-pupils").says.startswith("Never")


@pytest.mark.usefixtures("server")
async def test_a_reload_that_is_not_taken_is_1(console: Console, hillside: Path) -> None:
    """The last good version stays, and the fault is told with file and line."""
    line = edit(hillside / "school.yaml", "england", "france")
    printed = await asyncio.to_thread(console, "kb", "reload")
    assert printed.code == 1
    assert "was not taken; the last good version stays in force:\n  error: " in printed.out
    assert f"hillside/school.yaml:{line}:" in printed.out


@pytest.mark.usefixtures("server")
async def test_the_status_of_a_running_server_is_its_own(console: Console, hillside: Path) -> None:
    """What the server serves is told, not what lies in the folder."""
    edit(hillside / "school.yaml", "england", "france")
    printed = await asyncio.to_thread(console, "kb", "status", "--format", "json")
    assert (printed.code, printed.err) == (0, "")
    assert printed.json["schools"][0]["last_reload_ok"] is True


def test_a_reload_without_a_server_says_how_to_start_one(console: Console) -> None:
    """Nothing can be told to nobody."""
    printed = console("kb", "reload")
    assert (printed.code, printed.out) == (2, "")
    assert "signpost: No server is running here (state folder " in printed.err
    assert "Start one with `signpost serve`" in printed.err


def test_working_by_keywords_is_part_of_the_status(capsys: pytest.CaptureFixture[str], small: Signpost) -> None:
    """Who wonders why answers are poor reads it in the status."""
    console = Console(capsys, ReadySession(replace(small, encoder_fault="no encoder")))
    assert "  Works by keywords alone, and finds less: no encoder\n" in console("kb", "status").out
