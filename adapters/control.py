"""How the command line speaks to the running server: HTTP over a Unix socket that only its owner can open."""

import asyncio
import os
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

from aiohttp import ClientConnectorError, ClientError, ClientSession, ClientTimeout, UnixConnector, web

from adapters.bootstrap import Signpost
from adapters.errors import ControlError
from adapters.reloading import Reloader, status_of

_TIMEOUT = ClientTimeout(total=120)


Report = Callable[[], Awaitable[dict[str, Any]]]


async def no_report() -> dict[str, Any]:
    """Report nothing: no escalations are kept here."""
    return {}


def control_app(signpost: Signpost, reloader: Reloader, report: Report = no_report) -> web.Application:
    """Build the control listener: GET /status and POST /reload. `report` adds to the status how escalating fares."""

    async def answer() -> web.Response:
        return web.json_response(status_of(signpost) | await report())

    async def status(_request: web.Request) -> web.Response:
        return await answer()

    async def reload(_request: web.Request) -> web.Response:
        await reloader.reload(None)
        return await answer()

    app = web.Application()
    app.router.add_get("/status", status)
    app.router.add_post("/reload", reload)
    return app


async def start_control(app: web.Application, path: Path) -> web.AppRunner:
    """Listen on the socket; one left over by a server that died is replaced.

    Raises ControlError where a server listens there already, or the socket cannot be made.
    """
    await _clear(path)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    before = os.umask(0o177)
    try:
        await web.UnixSite(runner, str(path)).start()
    except OSError as error:
        await runner.cleanup()
        raise ControlError(
            f"The socket {path} cannot be made ({error.strerror or error}). "
            "Set SIGNPOST_STATE to a folder that can be written and has a shorter name."
        ) from error
    finally:
        os.umask(before)
    return runner


async def call_server(path: Path, method: str, route: str) -> dict[str, Any]:
    """Send one request to the running server. Raises ControlError where none runs."""
    try:
        async with (
            ClientSession(connector=UnixConnector(str(path)), timeout=_TIMEOUT) as session,
            session.request(method, f"http://signpost{route}") as response,
        ):
            answer: dict[str, Any] = await response.json()
            return answer
    except ClientConnectorError as error:
        raise ControlError(
            f"No server is running here (state folder {path.parent}). Start one with `signpost serve`; "
            "for the one that `make run` started, set SIGNPOST_STATE=.state."
        ) from error
    except (ClientError, TimeoutError, OSError) as error:
        raise ControlError("The server does not answer. Start it again with `signpost serve`.") from error


async def _clear(path: Path) -> None:
    """Take a dead server's socket away, and leave a live one's alone."""
    try:
        _, writer = await asyncio.open_unix_connection(str(path))
    except OSError:
        _unlink(path)
        return
    writer.close()
    raise ControlError(
        f"A server runs already with the state folder {path.parent}. Stop it, or set SIGNPOST_STATE to another folder."
    )


def _unlink(path: Path) -> None:
    path.unlink(missing_ok=True)
