"""The school's server as the network sees it: the real listener, the real store, and whatever somebody throws at it."""

import asyncio
import logging
import sqlite3
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, closing
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlencode

import pytest
from aiohttp import ClientSession

from adapters.bootstrap import Signpost
from adapters.listening import listening
from adapters.slack.manifest import REQUEST_PATH
from tests.escalation_fakes import TickingClock
from tests.scenario.slack_world import Served, served
from tests.slack_fake import SignedHttp, signature

JSON = "application/json"
# A word of a concern that would be recorded at once, if any of this were heard.
CANARY = "zebrafinch"
CONCERN = f"a child told me her dad hits her {CANARY}"
Headers = list[tuple[str, str]]


class Siege:
    """A server, the address it listens at, and what stood in its store and in Slack before anybody came."""

    def __init__(self, world: Served, port: int, database: Path) -> None:
        """Look at how everything stands."""
        self.world = world
        self.port = port
        self._database = database
        self.look()

    def look(self) -> None:
        """Look at how everything stands now; `is_untouched` compares with it."""
        self._before = self._stands()

    def is_untouched(self) -> bool:
        """Tell whether nothing was written down, and Slack was asked and told nothing."""
        return self._stands() == self._before

    @property
    def secret(self) -> str:
        """Return the app's signing secret."""
        return self.world.slack.world.app.signing_secret

    def stamp(self, seconds: float = 0) -> str:
        """Return the stamp of so many seconds from now."""
        return str(int((self.world.clock.now() + timedelta(seconds=seconds)).timestamp()))

    def signed(self, body: bytes, stamp: str | None = None, content_type: str = JSON) -> Headers:
        """Return the headers of a request as Slack signs it."""
        stamp = self.stamp() if stamp is None else stamp
        good = ("X-Slack-Signature", signature(self.secret, stamp, body))
        return [("Content-Type", content_type), ("X-Slack-Request-Timestamp", stamp), good]

    async def raw(self, sent: bytes) -> int:
        """Send bytes to the port, and return the status of the answer."""
        reader, writer = await asyncio.open_connection("127.0.0.1", self.port)
        writer.write(sent)
        await writer.drain()
        line = await reader.readline()
        writer.close()
        await writer.wait_closed()
        return int(line.split()[1])

    async def post(self, body: bytes, headers: Headers, *, length: bool = True) -> int:
        """Post bytes with these headers and no others; without its length it goes in chunks."""
        lines = [f"POST {REQUEST_PATH} HTTP/1.1", "Host: signpost", *(f"{name}: {value}" for name, value in headers)]
        if length:
            framed, how = body, f"Content-Length: {len(body)}"
        else:
            parts = [body[start : start + 65_536] for start in range(0, len(body), 65_536)]
            framed = b"".join(b"%x\r\n%b\r\n" % (len(part), part) for part in parts) + b"0\r\n\r\n"
            how = "Transfer-Encoding: chunked"
        return await self.raw("\r\n".join([*lines, how, "", ""]).encode() + framed)

    async def deliver(self, body: bytes, content_type: str = JSON) -> int:
        """Post something as Slack would: signed."""
        return await self.post(body, self.signed(body, content_type=content_type))

    async def is_alive(self) -> bool:
        """Tell whether the server still answers."""
        async with ClientSession() as session, session.get(f"http://127.0.0.1:{self.port}/healthz") as answer:
            return answer.status == 200

    def _stands(self) -> tuple[str, int]:
        with closing(sqlite3.connect(self._database)) as connection:
            return "\n".join(connection.iterdump()), len(self.world.slack.calls)


@asynccontextmanager
async def besieged(signpost: Signpost, state: Path) -> AsyncIterator[Siege]:
    """Serve the school over HTTP, by the listener that a real server has."""
    async with served(signpost, state, TickingClock(), mode="http") as world:
        settings = replace(world.signpost.settings, listen_host="127.0.0.1", listen_port=0)
        async with listening(settings, world.parts, world.side) as port:
            address = f"http://127.0.0.1:{port}{REQUEST_PATH}"
            await world.slack.delivery.close()
            world.slack.delivery = SignedHttp(address, world.slack.world.app.signing_secret, now=world.slack.clock.time)
            await world.until(lambda: len(world.slack.calls_of("auth.test")) == 2)  # one more, once it runs
            yield Siege(world, port, state / "signpost.sqlite")
            await world.slack.delivery.close()


def form(**fields: str) -> bytes:
    """Return a form as Slack sends it."""
    return urlencode(fields).encode()


def says_no_words(caplog: pytest.LogCaptureFixture) -> bool:
    """Tell whether no record of the log holds a word of what was sent, not even among what was never printed."""
    written = logging.Formatter()
    records = [one for phase in ("setup", "call", "teardown") for one in caplog.get_records(phase)]
    held = [f"{written.format(one)} {one.args} {one.exc_info} {one.stack_info}" for one in records]
    return not any(CANARY in text.lower() for text in held)


def everything_logged(caplog: pytest.LogCaptureFixture) -> None:
    """Turn on every log that a server has, as an operator might who looks for a fault."""
    for name in (None, "signpost", "slack_bolt", "slack_sdk", "aiohttp", "asyncio"):
        caplog.set_level(logging.DEBUG, name)
    caplog.set_level(logging.INFO, "aiosqlite")  # it writes out what it stores, ids and what is encrypted
