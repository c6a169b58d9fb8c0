"""The servers of the Slack benchmarks, each in a process of its own: Signpost as it serves, or Bolt that only acks.

Whoever starts one writes a line of JSON to its stdin, gets its port as a line, and from then on a line of measures for
every line written. It stops when its stdin ends.
"""

import asyncio
import json
import os
import signal
import sys
import time
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from aiohttp import web
from slack_bolt.adapter.aiohttp import to_aiohttp_response, to_bolt_request
from slack_bolt.async_app import AsyncAck, AsyncApp
from slack_bolt.authorization import AuthorizeResult
from slack_sdk.web.async_client import AsyncWebClient

from adapters.bootstrap import Signpost, assemble
from adapters.running import run_server
from adapters.settings import Settings
from adapters.slack.manifest import REQUEST_PATH
from adapters.slack.quiet import quiet_logger
from bot.ports import Encoder, Vectors

_BEAT_S = 0.005
_HOST = "127.0.0.1"


@dataclass(slots=True)
class Measures:
    """What is measured inside a server since it was last asked (seconds), but for `rss` (MB).

    `stall` is how long something else ran when the event loop's heartbeat was due, by the clock; `busy` is the longest
    time on the processor between two beats, which other programs have no part in.
    """

    stall: float = 0.0
    busy: float = 0.0
    encoding: list[float] = field(default_factory=list)

    async def beat(self) -> None:
        """Beat until cancelled."""
        while True:
            due, used = time.perf_counter() + _BEAT_S, time.thread_time()
            await asyncio.sleep(_BEAT_S)
            self.stall = max(self.stall, time.perf_counter() - due)
            self.busy = max(self.busy, time.thread_time() - used)

    def taken(self) -> str:
        """Return them as JSON, and begin anew."""
        pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
        found = {"stall": self.stall, "busy": self.busy, "encoding": self.encoding, "cpu": time.process_time()}
        self.stall, self.busy, self.encoding = 0.0, 0.0, []
        return json.dumps(found | {"rss": pages * os.sysconf("SC_PAGE_SIZE") / 1e6})


@dataclass(frozen=True, slots=True)
class TimedEncoder:
    """The encoder, with the time that each question took it."""

    encoder: Encoder
    measures: Measures

    def identity(self) -> str:
        """Name the encoder."""
        return self.encoder.identity()

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Encode, and note how long that took."""
        began = time.perf_counter()
        found = self.encoder.encode(texts)
        self.measures.encoding.append(time.perf_counter() - began)
        return found


def main() -> None:
    """Serve what stdin asks for."""
    asked = json.loads(sys.stdin.readline())
    if asked["cpu"] is not None:
        os.sched_setaffinity(0, {asked["cpu"]})
    measures = Measures()
    if asked["serves"] == "signpost":
        signpost = _signpost(asked, measures)
        serve: Callable[[Callable[[int | None], None]], Awaitable[None]] = lambda on_ready: run_server(  # noqa: E731
            signpost, on_ready
        )
    else:
        app = _bare_bolt(asked)
        serve = lambda on_ready: _serve_bolt(app, asked["port"], on_ready)  # noqa: E731
    asyncio.run(_run(serve, measures, asked["port"]))


async def _run(serve: Callable[[Callable[[int | None], None]], Awaitable[None]], measures: Measures, port: int) -> None:
    beating = asyncio.create_task(measures.beat())
    answering = asyncio.create_task(_answer(measures))
    await serve(lambda _: _say(str(port)))
    for task in (beating, answering):
        task.cancel()


async def _answer(measures: Measures) -> None:
    lines = asyncio.StreamReader()
    loop = asyncio.get_running_loop()
    await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(lines), sys.stdin)
    while await lines.readline():
        _say(measures.taken())
    os.kill(os.getpid(), signal.SIGTERM)


def _signpost(asked: dict[str, Any], measures: Measures) -> Signpost:
    signpost = assemble(Settings(Path(asked["knowledge"]), Path(asked["vectors"]), None, 0))
    decider = replace(signpost.service.decider, encoder=TimedEncoder(signpost.encoder, measures))
    settings = replace(
        signpost.settings,
        state=Path(asked["state"]),
        slack_api_url=asked["api"],
        slack_bot_token=asked["token"],
        slack_signing_secret=asked["secret"],
        listen_port=asked["port"],
    )
    return replace(signpost, settings=settings, service=replace(signpost.service, decider=decider))


def _bare_bolt(asked: dict[str, Any]) -> AsyncApp:
    """Return an app that checks the signature and acks. `serves` says when: "bolt", or "bolt within the request"."""

    async def authorize(team_id: str) -> AuthorizeResult:
        return AuthorizeResult(enterprise_id=None, team_id=team_id, bot_user_id="UBOT", bot_token="xoxb-bench")  # noqa: S106

    async def acked(ack: AsyncAck) -> None:
        await ack("ok")

    app = AsyncApp(
        signing_secret=asked["secret"],
        authorize=authorize,
        client=AsyncWebClient(base_url=asked["api"]),
        logger=quiet_logger(),
        process_before_response=asked["serves"] != "bolt",
    )
    app.command("/policy")(acked)
    return app


async def _serve_bolt(app: AsyncApp, port: int, on_ready: Callable[[int | None], None]) -> None:
    async def take(request: web.Request) -> web.Response:
        return await to_aiohttp_response(await app.async_dispatch(await to_bolt_request(request)))

    stop = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stop.set)
    listener = web.Application()
    listener.router.add_post(REQUEST_PATH, take)
    runner = web.AppRunner(listener, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, _HOST, port).start()
    on_ready(None)
    await stop.wait()
    await runner.cleanup()


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    with suppress(KeyboardInterrupt):
        main()
