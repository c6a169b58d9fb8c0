"""Socket Mode: two connections to Slack, so that one is there while the other is renewed (RS-18)."""

import asyncio
import json
import logging
import secrets
from collections.abc import AsyncIterator, Awaitable, Callable, Collection, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass

import aiohttp
from slack_bolt.adapter.socket_mode.async_internals import send_async_response
from slack_bolt.request.async_request import AsyncBoltRequest
from slack_sdk.socket_mode.aiohttp import SocketModeClient
from slack_sdk.socket_mode.async_client import AsyncBaseSocketModeClient
from slack_sdk.socket_mode.request import SocketModeRequest
from slack_sdk.web.async_client import AsyncWebClient

from adapters.slack.calls import translated
from adapters.slack.front import UNREADABLE, Front
from adapters.slack.quiet import quiet_logger
from bot.escalation.errors import ChannelDownError, EscalationError, ThrottledError, UndeliverableError

# Slack allows ten an app, and shares its events out between them: docs.slack.dev, apis/events-api/using-socket-mode.
# While each of the two is being renewed there are four.
_CONNECTIONS = 2
# The reasons of Slack for which the connection that is there may stay until the next one is: it cuts it in about 10 s.
_RENEWALS = frozenset({"warning", "refresh_requested"})
_RENEWAL_WAIT_S = 5.0
_LONGEST_WAIT_S = 60.0
_CLOSING_S = 1.0
_REMEDY = (
    " SLACK_APP_TOKEN must be the app-level token of this app (on its page Basic Information), with the scope"
    " connections:write; and Socket Mode must be on (on its page Socket Mode)."
)
_log = logging.getLogger("signpost.slack")

Pause = Callable[[float], Awaitable[None]]
Take = Callable[[AsyncBaseSocketModeClient, SocketModeRequest], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Pace:
    """How long things take.

    Slack is pinged every `ping_s`. A connection that stays silent for half as long again is closed, and replaced at the
    next ping: after 12.5 s at the most. Opening one takes at most `opening_s`. One that held `lasting_s` is replaced
    without a wait. What is being answered when a connection ends has `finishing_s`: Slack waits no longer for it.
    """

    ping_s: float = 5.0
    opening_s: float = 10.0
    lasting_s: float = 30.0
    finishing_s: float = 3.0


class Sockets:
    """The connections, for as long as they are `running`. `pause` waits that many seconds."""

    def __init__(
        self,
        front: Front,
        app_token: str,
        client: AsyncWebClient,
        *,
        pause: Pause = asyncio.sleep,
        pace: Pace = Pace(),
    ) -> None:
        self._front = front
        self._app_token = app_token
        self._client = client
        self._pause = pause
        self._pace = pace
        self._lines: list[_Line] = []

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Keep the connections open; what Slack does not answer is tried again, for ever."""
        turn = asyncio.Lock()
        self._lines = [_Line(self._connection, turn, self._pause) for _ in range(_CONNECTIONS)]
        tasks = [asyncio.create_task(line.keep()) for line in self._lines]
        try:
            yield
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    async def is_ready(self) -> bool:
        """Tell whether at least one connection is there."""
        return await self._live() is not None

    def _connection(self) -> "_Connection":
        return _Connection(self._app_token, self._client, self._take, self._pace)

    async def _live(self) -> "_Connection | None":
        for line in self._lines:
            for connection in line.connections:
                if await connection.is_connected():
                    return connection
        return None

    async def _take(self, connection: AsyncBaseSocketModeClient, sent: SocketModeRequest) -> None:
        try:
            asked = AsyncBoltRequest(mode="socket_mode", body=sent.payload, headers=_headers(sent))
        except UNREADABLE:
            return
        answer = await self._front.dispatch(asked)
        # The one over which it came may have gone meanwhile: Slack knows what is acknowledged by the envelope's id.
        way = connection if await connection.is_connected() else await self._live() or connection
        try:
            # What is not answered with 200 is not acknowledged either, so that Slack sends it again.
            await send_async_response(way, sent, answer, 0.0)
        except (ConnectionError, aiohttp.ClientError):
            _log.warning("an answer could not be sent to Slack, as the connection has just gone; an event comes again")


class _Line:
    """Keeps one connection there, after longer and longer waits while none lasts; they are opened one at a time."""

    def __init__(self, make: Callable[[], "_Connection"], turn: asyncio.Lock, pause: Pause) -> None:
        self.connections: list[_Connection] = []
        self._make = make
        self._turn = turn
        self._pause = pause
        self._wait_s = 0.0

    async def keep(self) -> None:
        """Keep a connection there until this is cancelled; then nothing is left of it."""
        wait_s = 0.0
        try:
            while True:
                connection = await self._opened(wait_s)
                for old in self.connections[:-1]:
                    await self._leave(old)
                await connection.over.wait()
                if connection.ended_for not in _RENEWALS:
                    await connection.hang_up()
                wait_s = self._wait_after(connection)
        finally:
            await asyncio.gather(*(one.close() for one in self.connections))

    async def _opened(self, wait_s: float) -> "_Connection":
        while True:
            if wait_s:
                await self._pause(wait_s)
            async with self._turn:
                connection = self._make()
                self.connections.append(connection)
                try:
                    await connection.open()
                except Exception as error:  # noqa: BLE001 - whatever it is, the school must hear from Slack again
                    wait_s = self._longer(_LONGEST_WAIT_S)
                    if isinstance(error, ThrottledError):
                        wait_s += error.retry_after
                    _warn(error, wait_s)
                else:
                    return connection
                await self._leave(connection)

    async def _leave(self, connection: "_Connection") -> None:
        await connection.retire()
        self.connections.remove(connection)

    def _wait_after(self, ended: "_Connection") -> float:
        """Return how long to wait: not at all after a connection that lasted and was not sent away."""
        is_sent_away = ended.ended_for not in _RENEWALS and ended.ended_for != ""
        if is_sent_away:
            _log.warning("Slack ends a connection (%s); Signpost connects anew", ended.ended_for)
        if ended.has_lasted:
            self._wait_s = 0.0
            if not is_sent_away:
                return 0.0
        return self._longer(_RENEWAL_WAIT_S if ended.ended_for in _RENEWALS else _LONGEST_WAIT_S)

    def _longer(self, longest_s: float) -> float:
        """Return a longer wait than the last, never all alike, so that not everybody comes back at once."""
        self._wait_s = min(self._wait_s * 2 or 1.0, longest_s)
        return self._wait_s * (0.5 + secrets.randbelow(500) / 1000)


class _Connection(SocketModeClient):
    """One connection, from its opening to its end: `over` says that it needs a successor, `ended_for` Slack's reason.

    The SDK would connect anew by itself: at once, however often it is sent away, only after it has closed the
    connection that is there, for ever with an address that is good for one use, and it leaves its tasks behind.
    """

    def __init__(self, app_token: str, client: AsyncWebClient, take: Take, pace: Pace) -> None:
        super().__init__(app_token, quiet_logger(), client, ping_interval=pace.ping_s)
        self.socket_mode_request_listeners.append(take)
        self.over = asyncio.Event()
        self.ended_for = ""
        self._pace = pace
        self._up_since: float | None = None
        self._settled = asyncio.Event()
        self._answering: set[asyncio.Task[None]] = set()

    @property
    def has_lasted(self) -> bool:
        """Tell whether it held for a while."""
        now = asyncio.get_running_loop().time()
        return self._up_since is not None and now - self._up_since >= self._pace.lasting_s

    async def open(self) -> None:
        """Connect, and wait for Slack's greeting. Raises EscalationError where Slack refuses, or does not answer."""
        with translated():
            async with asyncio.timeout(self._pace.opening_s):
                answer = await self.web_client.apps_connections_open(app_token=self.app_token)
                self.wss_uri = str(answer["url"])
                await self.connect()  # type: ignore[no-untyped-call]  # the SDK gives it no types
                await self._settled.wait()
        if self.over.is_set():
            raise ChannelDownError(f"Slack ends the connection: {self.ended_for or 'no reason given'}")

    async def is_connected(self) -> bool:
        """Tell whether Slack has greeted it, and it has not ended since."""
        return self._up_since is not None and await super().is_connected()

    async def connect_to_new_endpoint(self, force: bool = False) -> None:
        """Say that it is over: that is when the SDK calls this."""
        self._end("")

    async def enqueue_message(self, message: str) -> None:
        """Answer what Slack sends, beside everything else that is being answered."""
        try:
            sent = json.loads(message)
        except (ValueError, RecursionError):
            return
        if not isinstance(sent, dict):
            return
        if sent.get("type") == "hello":
            self._up_since = asyncio.get_running_loop().time()
            self._settled.set()
        elif sent.get("type") == "disconnect":
            self._end(str(sent.get("reason")))
        else:
            task = asyncio.create_task(self.run_message_listeners(sent, message))
            self._answering.add(task)
            task.add_done_callback(self._answering.discard)

    async def retire(self) -> None:
        """Close it once nothing is being answered; until then, or for a while, what comes is still answered."""
        await self._finish()
        await self.close()

    async def close(self) -> None:
        """Take nothing more, finish what is being answered, and leave nothing behind. It may be called again."""
        if self.message_receiver:
            self.message_receiver.cancel()
        await self._finish()
        await _stopped(self._answering)
        await self.hang_up()

    async def hang_up(self) -> None:
        """Close the WebSocket; what is being answered goes on."""
        self.closed, self.auto_reconnect_enabled = True, False
        own = (self.message_processor, self.current_session_monitor, self.message_receiver)
        await _stopped({task for task in own if task})
        with suppress(TimeoutError, OSError, aiohttp.ClientError):
            async with asyncio.timeout(_CLOSING_S):
                await self.disconnect()  # type: ignore[no-untyped-call]  # nor this
        await self.aiohttp_client_session.close()

    def _end(self, reason: str) -> None:
        self.ended_for = self.ended_for or reason
        self.over.set()
        self._settled.set()

    async def _finish(self) -> None:
        with suppress(TimeoutError):
            async with asyncio.timeout(self._pace.finishing_s):
                while self._answering:
                    await asyncio.wait(self._answering)


async def _stopped(tasks: Collection[asyncio.Future[None]]) -> None:
    """Cancel tasks, and see them end."""
    for task in tasks:
        task.cancel()
    if tasks:
        await asyncio.wait(tasks, timeout=_CLOSING_S)


def _warn(error: Exception, wait_s: float) -> None:
    # Of what is not ours the text may hold an address, and with it a ticket.
    told = str(error) if isinstance(error, EscalationError) else type(error).__name__
    todo = _REMEDY if isinstance(error, UndeliverableError) else ""
    _log.warning("Slack does not let Signpost connect (%s); it is tried again in %.0f s.%s", told, wait_s, todo)


def _headers(sent: SocketModeRequest) -> dict[str, str | Sequence[str]]:
    given = {"x-slack-retry-num": sent.retry_attempt, "x-slack-retry-reason": sent.retry_reason}
    return {name: str(value) for name, value in given.items() if value is not None}
