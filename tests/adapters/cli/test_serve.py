"""`signpost serve`: the real program, from its ready line to its end."""

import asyncio
import os
import re
import shutil
import signal
import socket
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from aiohttp import ClientSession

from adapters.bootstrap import Signpost
from tests.adapters.cli.conftest import Console
from tests.fakes import ReadySession, signpost_over
from tests.packs import edit, write_school

QUESTION = "can i accept a friend request from a pupil"
TEAMS: dict[str, Any] = {
    "teams_app_id": "1b4e28ba-2fa1-41d2-883f-0016d3cca427",
    "teams_tenant_id": "6fa459ea-ee8a-4ca4-894e-db77e160355e",
    "teams_app_password": "canary",
}


async def line_with(stream: asyncio.StreamReader | None, words: str) -> str:
    """Read lines up to the one that holds these words."""
    assert stream
    while line := (await stream.readline()).decode():
        if words in line:
            return line
    raise AssertionError(f"the program ended without saying: {words}")


async def verdict(address: str) -> str:
    """Ask over HTTP, as the page does."""
    async with (
        ClientSession() as client,
        client.post(f"{address}/api/ask", json={"school": "hillside", "question": QUESTION}) as response,
    ):
        return str((await response.json())["verdict"])


@asynccontextmanager
async def serving(knowledge: Path, state: Path) -> AsyncIterator[asyncio.subprocess.Process]:
    """Start the program in a process group of its own, as a terminal does; it must have ended by itself."""
    command = [sys.executable, "-m", "adapters.cli", "--knowledge", str(knowledge), "serve", "--port", "0"]
    pipe = asyncio.subprocess.PIPE
    program = await asyncio.create_subprocess_exec(
        *command, stdout=pipe, stderr=pipe, env={**os.environ, "SIGNPOST_STATE": str(state)}, start_new_session=True
    )
    try:
        async with asyncio.timeout(120):
            yield program
            await program.communicate()  # to the end of both pipes
    finally:
        if program.returncode is None:
            os.killpg(program.pid, signal.SIGKILL)


@pytest.fixture
def known(state: Path, state_folder: Path, signpost: Signpost) -> Path:
    """Return a state folder in which the texts of the catalogue are known already."""
    assert signpost.encoder_fault is None
    shutil.copy(state_folder / "vectors.sqlite", state)
    return state


async def test_an_edit_is_live_and_sigterm_ends_the_program_cleanly(hillside: Path, known: Path) -> None:
    """The whole life of a server: ready line, answer, edit, new answer, and an end with exit code 0."""
    async with serving(hillside.parents[1], known) as program:
        ready = await line_with(program.stdout, "Signpost is ready")
        address = re.findall(r"http://127\.0\.0\.1:\d+", ready)[0]
        assert (await verdict(address)).startswith("Not allowed")
        edit(hillside / "policies" / "conduct.yaml", "stance: must-not", "stance: should-not")
        for _ in range(2):  # once at the start, once for the edit
            await line_with(program.stderr, "hillside: version")
        assert (await verdict(address)).startswith("Advised against")
        program.send_signal(signal.SIGTERM)
        assert "stopped" in await line_with(program.stderr, "Signpost has stopped")
    assert program.returncode == 0


async def test_ctrl_c_ends_the_program_without_a_traceback(hillside: Path, known: Path) -> None:
    """Ctrl+C, which reaches the parsing process too, is an ordinary end."""
    edit(hillside / "school.yaml", "england", "france")
    async with serving(hillside.parents[1], known) as program:
        await line_with(program.stdout, "Signpost is ready")
        assert "france" in await line_with(program.stderr, "hillside/school.yaml:2")
        await line_with(program.stderr, "valley: version")
        os.killpg(program.pid, signal.SIGINT)
        assert program.stderr
        told = (await program.stderr.read()).decode()
    assert program.returncode == 0
    assert told == "Signpost has stopped.\n"


def test_a_port_in_use_is_one_plain_message(console: Console) -> None:
    """Another program on the port is named with the way out, and the exit code is 2."""
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        printed = console("serve", "--port", port)
    assert (printed.code, printed.out) == (2, "")
    told = f"Port {port} is in use by another program. Stop that program, or choose another port: --port {port + 1}."
    assert printed.err.splitlines()[-1] == f"signpost: {told}"


def test_schools_that_are_not_served_are_told_at_the_start(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, signpost: Signpost
) -> None:
    """Whoever starts the server reads at once which school must be mended, and where."""
    line = edit(write_school(tmp_path) / "school.yaml", "england", "france")
    console = Console(capsys, ReadySession(signpost_over(tmp_path, signpost, tmp_path)))
    with socket.create_server(("127.0.0.1", 0)) as other:
        printed = console("serve", "--port", other.getsockname()[1])
    assert f"hillside is not served until this is mended:\n  hillside/school.yaml:{line}: " in printed.err


def test_settings_that_do_not_fit_together_are_told_at_the_start(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, signpost: Signpost
) -> None:
    """A token with a line break in it would otherwise leave Slack silent and the ready line happy."""
    write_school(tmp_path)
    ready = signpost_over(tmp_path, signpost, tmp_path)
    with socket.create_server(("127.0.0.1", 0)) as other:
        settings = replace(ready.settings, port=other.getsockname()[1], slack_bot_token="xoxb-1\n2", smtp_user="office")  # noqa: S106
        printed = Console(capsys, ReadySession(replace(ready, settings=settings)))("serve")
    told = [line for line in printed.err.splitlines() if line.startswith("MEND  ")]
    assert [line.split()[1] for line in told] == ["SLACK_BOT_TOKEN", "SLACK_BOT_TOKEN", "mail"]
    assert "xoxb-1" not in printed.err


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"teams_app_id": "canary"}, "Signpost does not start: TEAMS_TENANT_ID is not set, but Teams is set up:"),
        (
            {"teams_unauthenticated": True, "listen_host": "0.0.0.0"},  # noqa: S104 - refused
            "Signpost does not start: teams.dangerously_allow_unauthenticated is true, but listen_host is 0.0.0.0,",
        ),
    ],
)
def test_teams_that_could_let_anybody_in_keeps_signpost_from_starting(
    changes: dict[str, Any], told: str, capsys: pytest.CaptureFixture[str], tmp_path: Path, signpost: Signpost
) -> None:
    """RS-30: half of the credentials, or the way in for trying out where others reach it; the exit code says so."""
    ready = signpost_over(tmp_path, signpost, tmp_path)
    printed = Console(capsys, ReadySession(replace(ready, settings=replace(ready.settings, **changes))))("serve")
    assert (printed.code, printed.out) == (2, "")
    assert told in printed.err
    assert "Signpost is starting" not in printed.err


def test_teams_that_cannot_reach_signpost_is_warned_of_at_the_start(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, signpost: Signpost
) -> None:
    """Without the address nobody can tell from the log why Teams stays silent."""
    write_school(tmp_path)
    ready = signpost_over(tmp_path, signpost, tmp_path)
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        settings = replace(ready.settings, port=port, listen_port=port, **TEAMS)
        printed = Console(capsys, ReadySession(replace(ready, settings=settings)))("serve")
    assert [line for line in printed.err.splitlines() if line.startswith("warn  public_url is not set")]
    assert printed.code == 2
