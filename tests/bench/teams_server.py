"""The servers of the Teams benchmark, each in a process of its own: Signpost as it serves, or the SDK's adapter.

Whoever starts one writes a line of JSON to its stdin, gets its port as a line, and from then on a line of measures for
every line written. It stops when its stdin ends. Microsoft's names lead to the port of the stub, over plain HTTP: that
is all that is changed beneath the SDK.
"""

import asyncio
import json
import os
import sys
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import replace
from functools import cache, partial
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from urllib.parse import urlsplit

import aiohttp
import msal
from aiohttp import web
from botbuilder.core import ActivityHandler, TurnContext
from botbuilder.integration.aiohttp import CloudAdapter, ConfigurationBotFrameworkAuthentication
from botframework.connector.auth import microsoft_app_credentials
from requests import PreparedRequest, Response
from requests.adapters import HTTPAdapter
from yarl import URL

from adapters.bootstrap import SchoolClock, Signpost, assemble
from adapters.escalating import delivering, escalating
from adapters.listening import listening
from adapters.reloading import Reloader
from adapters.settings import Settings
from adapters.teams.manifest import REQUEST_PATH
from adapters.teams_reach import Network
from adapters.teams_wiring import teams_side
from tests.bench.slack_server import Measures, TimedEncoder
from tests.teams_fake.network import HOSTS

_HOST = "127.0.0.1"


def main() -> None:
    """Serve what stdin asks for."""
    asked = json.loads(sys.stdin.readline())
    if asked["cpu"] is not None:
        os.sched_setaffinity(0, {asked["cpu"]})
    _lead_requests_to(asked["stub"])
    asyncio.run(_run(asked, Measures()))


async def _run(asked: dict[str, Any], measures: Measures) -> None:
    serving = _signpost(asked, measures) if asked["serves"] == "signpost" else _echo(asked)
    async with serving as port:
        beating = asyncio.create_task(measures.beat())
        _say(str(port))
        lines = asyncio.StreamReader()
        loop = asyncio.get_running_loop()
        await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(lines), sys.stdin)
        while await lines.readline():
            _say(measures.taken())
        beating.cancel()


@asynccontextmanager
async def _signpost(asked: dict[str, Any], measures: Measures) -> AsyncIterator[int]:
    signpost = _assembled(asked, measures)
    network = Network(partial(aiohttp.ClientSession, middlewares=(partial(_led_to, asked["stub"]),)))
    async with AsyncExitStack() as stack:
        reloader = Reloader(signpost)
        stack.callback(reloader.close)
        parts = await stack.enter_async_context(escalating(signpost, SchoolClock(), network))
        side = await stack.enter_async_context(teams_side(signpost, parts, reloader))
        await stack.enter_async_context(delivering(parts))
        yield await stack.enter_async_context(listening(signpost.settings, parts, None, side))


def _assembled(asked: dict[str, Any], measures: Measures) -> Signpost:
    signpost = assemble(Settings(Path(asked["knowledge"]), Path(asked["vectors"]), None, 0))
    decider = replace(signpost.service.decider, encoder=TimedEncoder(signpost.encoder, measures))
    settings = replace(
        signpost.settings,
        state=Path(asked["state"]),
        teams_app_id=asked["app"],
        teams_tenant_id=asked["tenant"],
        teams_app_password=asked["secret"],
        listen_port=0,
    )
    return replace(signpost, settings=settings, service=replace(signpost.service, decider=decider))


# ---- The SDK by itself -----------------------------------------------------------------------------------------------


class _Echo(ActivityHandler):  # type: ignore[misc]  # the SDK has no types
    """What the SDK's own examples begin with."""

    async def on_message_activity(self, turn_context: TurnContext) -> None:
        await turn_context.send_activity(f"Echo: {turn_context.activity.text}")


@asynccontextmanager
async def _echo(asked: dict[str, Any]) -> AsyncIterator[int]:
    """Serve the SDK's adapter as it comes. "echo, token kept" has it ask Entra once, and not for every message."""
    if asked["serves"] == "echo, token kept":
        # What is written there is meant to be kept, and is made anew for every message.
        microsoft_app_credentials.ConfidentialClientApplication = cache(msal.ConfidentialClientApplication)
    settings = SimpleNamespace(
        APP_ID=asked["app"], APP_PASSWORD=asked["secret"], APP_TYPE="SingleTenant", APP_TENANTID=asked["tenant"]
    )
    adapter, bot = CloudAdapter(ConfigurationBotFrameworkAuthentication(settings)), _Echo()

    async def take(request: web.Request) -> web.Response:
        answer: web.Response = await adapter.process(request, bot)
        return answer

    app = web.Application()
    app.router.add_post(REQUEST_PATH, take)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, _HOST, 0).start()
    yield int(runner.addresses[0][1])
    await runner.cleanup()


# ---- The way to the stub ---------------------------------------------------------------------------------------------


async def _led_to(
    port: int, request: aiohttp.ClientRequest, handler: aiohttp.ClientHandlerType
) -> aiohttp.ClientResponse:
    if request.url.raw_host not in HOSTS:
        raise aiohttp.InvalidURL(request.url)
    request.url = URL(f"http://{_HOST}:{port}{request.url.raw_path_qs}", encoded=True)
    return await handler(request)


def _lead_requests_to(port: int) -> None:
    send = HTTPAdapter.send

    def led(self: HTTPAdapter, request: PreparedRequest, *given: Any, **more: Any) -> Response:
        parts = urlsplit(request.url or "")
        assert parts.hostname in HOSTS
        request.url = f"http://{_HOST}:{port}{parts.path}{f'?{parts.query}' if parts.query else ''}"
        return send(self, request, *given, **more)

    HTTPAdapter.send = led  # type: ignore[method-assign]  # beneath everything that the SDK and msal do


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    with suppress(KeyboardInterrupt):
        main()
