"""The control socket: how the command line speaks to the running server."""

import socket as sockets
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio
from aiohttp import web

from adapters.bootstrap import Signpost, socket_path
from adapters.control import call_server, control_app, start_control
from adapters.errors import ControlError
from adapters.reloading import Reloader
from tests.packs import edit


@pytest_asyncio.fixture
async def socket(small: Signpost) -> AsyncIterator[Path]:
    """Start the control listener of a server; return its socket."""
    reloader = Reloader(small)
    path = socket_path(small.settings.state)
    runner = await start_control(control_app(small, reloader), path)
    yield path
    await runner.cleanup()
    reloader.close()


async def test_the_status_names_every_school(socket: Path) -> None:
    """The command line learns what the server serves."""
    status = await call_server(socket, "GET", "/status")
    assert [school["id"] for school in status["schools"]] == ["hillside", "valley"]


async def test_a_reload_takes_an_edit(socket: Path, hillside: Path) -> None:
    """The server takes the packs as they are now, and says what became of it."""
    before = await call_server(socket, "GET", "/status")
    edit(hillside / "policies" / "conduct.yaml", "says: Don't", "says: Never")
    after = await call_server(socket, "POST", "/reload")
    assert after["schools"][0]["version"] != before["schools"][0]["version"]
    assert after["schools"][1] | {"last_reload_at": ""} == before["schools"][1] | {"last_reload_at": ""}


async def test_a_reload_that_is_not_taken_is_told(socket: Path, hillside: Path) -> None:
    """The fault comes back with its file and line."""
    line = edit(hillside / "school.yaml", "england", "france")
    after = await call_server(socket, "POST", "/reload")
    school = after["schools"][0]
    assert (school["served"], school["last_reload_ok"]) == (True, False)
    assert (school["faults"][0]["file"], school["faults"][0]["line"]) == ("hillside/school.yaml", line)


def test_only_its_owner_can_open_the_socket(socket: Path) -> None:
    """Others on the machine can neither read the status nor reload."""
    assert socket.stat().st_mode & 0o777 == 0o600


async def test_a_socket_left_by_a_dead_server_is_replaced(state: Path) -> None:
    """A crash does not stop the next start."""
    path = state / "left.sock"
    path.touch()
    runner = await start_control(web.Application(), path)
    assert path.is_socket()
    await runner.cleanup()


async def test_a_socket_nobody_listens_on_is_replaced(state: Path) -> None:
    """A killed server leaves a dead socket, and the next one answers in its place."""
    path = state / "dead.sock"
    with sockets.socket(sockets.AF_UNIX) as dead:
        dead.bind(str(path))
    runner = await start_control(web.Application(), path)
    with sockets.socket(sockets.AF_UNIX) as caller:
        caller.connect(str(path))
    await runner.cleanup()


async def test_a_second_server_with_the_same_state_folder_is_refused(socket: Path) -> None:
    """The running server keeps its socket, and the message names the folder that the two would share."""
    with pytest.raises(ControlError, match=f"A server runs already with the state folder {socket.parent}"):
        await start_control(web.Application(), socket)
    assert (await call_server(socket, "GET", "/status"))["schools"]


async def test_without_a_server_the_caller_is_told_to_start_one(tmp_path: Path) -> None:
    """No server is no crash."""
    with pytest.raises(ControlError, match=r"No server is running here .*Start one with `signpost serve`"):
        await call_server(tmp_path / "nothing.sock", "GET", "/status")


async def test_a_server_that_answers_otherwise_is_told(state: Path) -> None:
    """What does not speak our language is not mistaken for a status."""
    path = state / "other.sock"
    runner = await start_control(web.Application(), path)
    with pytest.raises(ControlError, match="does not answer"):
        await call_server(path, "GET", "/status")
    await runner.cleanup()


async def test_a_state_folder_with_too_long_a_name_is_told(tmp_path: Path) -> None:
    """Sockets have short names; the way out is named."""
    with pytest.raises(ControlError, match="Set SIGNPOST_STATE"):
        await start_control(web.Application(), tmp_path / ("long" * 40))
