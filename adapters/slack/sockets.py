"""Socket Mode: two connections to Slack, so that one is there while the other is renewed (RS-18)."""

import asyncio
import logging
import secrets
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager

from slack_bolt.adapter.socket_mode.async_internals import send_async_response
from slack_bolt.request.async_request import AsyncBoltRequest
from slack_sdk.socket_mode.aiohttp import SocketModeClient
from slack_sdk.socket_mode.async_client import AsyncBaseSocketModeClient
from slack_sdk.socket_mode.request import SocketModeRequest
from slack_sdk.web.async_client import AsyncWebClient

from adapters.slack.front import UNREADABLE, Front
from adapters.slack.quiet import quiet_logger

# Slack allows ten an app, and shares its events out between them: docs.slack.dev, apis/events-api/using-socket-mode.
_CONNECTIONS = 2
# A connection that answers no ping for four times as long is given up.
PING_S = 5.0
_LASTS_S = 30.0
_LONGEST_WAIT_S = 60.0
_log = logging.getLogger("signpost.slack")

Pause = Callable[[float], Awaitable[None]]


class Sockets:
    """The connections, for as long as they are `running`. `pause` waits that many seconds."""

    def __init__(
        self,
        front: Front,
        app_token: str,
        client: AsyncWebClient,
        *,
        pause: Pause = asyncio.sleep,
        ping_s: float = PING_S,
    ) -> None:
        self._front = front
        self._app_token = app_token
        self._client = client
        self._pause = pause
        self._ping_s = ping_s
        self._connections: list[_Connection] = []

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Keep the connections open; what Slack does not answer is tried again, for ever."""
        turn = asyncio.Lock()
        self._connections = [self._connection(turn) for _ in range(_CONNECTIONS)]
        tasks = [asyncio.create_task(self._connect(one)) for one in self._connections]
        try:
            yield
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
            for one in self._connections:
                await one.close()  # type: ignore[no-untyped-call]

    async def is_ready(self) -> bool:
        """Tell whether at least one connection is there."""
        return any([await one.is_connected() for one in self._connections])

    def _connection(self, turn: asyncio.Lock) -> "_Connection":
        connection = _Connection(self._app_token, self._client, turn, self._pause, self._ping_s)
        connection.socket_mode_request_listeners.append(self._take)
        return connection

    async def _connect(self, connection: "_Connection") -> None:
        """Connect, and try again until that succeeds; from then on the connection keeps itself up."""
        while True:
            try:
                await connection.connect_to_new_endpoint(force=True)
            except Exception as error:  # noqa: BLE001 - whatever it is, the school must hear from Slack again
                _log.warning("Slack does not let Signpost connect (%s); trying again", type(error).__name__)
            else:
                return

    async def _take(self, connection: AsyncBaseSocketModeClient, sent: SocketModeRequest) -> None:
        try:
            asked = AsyncBoltRequest(mode="socket_mode", body=sent.payload, headers=_headers(sent))
        except UNREADABLE:
            return
        # What is not answered with 200 is not acknowledged either, so that Slack sends it again.
        await send_async_response(connection, sent, await self._front.dispatch(asked), 0.0)


class _Connection(SocketModeClient):
    """A connection that renews itself: one of them at a time, and after longer and longer waits while none lasts.

    What the SDK lacks: it connects anew at once, however often it is sent away, and tries for ever with an address that
    is good for one use.
    """

    def __init__(self, app_token: str, client: AsyncWebClient, turn: asyncio.Lock, pause: Pause, ping_s: float) -> None:
        super().__init__(app_token, logger=quiet_logger(), web_client=client, ping_interval=ping_s)
        self._turn = turn
        self._pause = pause
        self._was_tried = False
        self._up_since: float | None = None
        self._wait_s = 0.0

    async def connect_to_new_endpoint(self, force: bool = False) -> None:
        """Connect, unless that has been done meanwhile; `force`: although there is a connection."""
        before = self.current_session
        await self._pause(self._wait())
        async with self._turn:
            if self.current_session is before or not await self.is_connected():
                self._up_since = None
                await super().connect_to_new_endpoint(force)

    async def connect(self) -> None:
        """Open a connection to the address that has just been asked for; a failed one is asked for anew."""
        try:
            async with asyncio.timeout(2 * self.ping_interval):
                await super().connect()  # type: ignore[no-untyped-call]
            self._up_since = asyncio.get_running_loop().time()
        finally:
            self.auto_reconnect_enabled = not self.closed  # the SDK leaves it off where it does not succeed

    def _wait(self) -> float:
        """Return how long to wait: not at all after a connection that lasted, else up to a minute, never all alike."""
        lasted = self._up_since is not None and asyncio.get_running_loop().time() - self._up_since > _LASTS_S
        if lasted or not self._was_tried:
            self._was_tried, self._wait_s = True, 0.0
            return 0.0
        self._wait_s = min(self._wait_s * 2 or 1.0, _LONGEST_WAIT_S)
        return self._wait_s * (0.5 + secrets.randbelow(500) / 1000)


def _headers(sent: SocketModeRequest) -> dict[str, str | Sequence[str]]:
    given = {"x-slack-retry-num": sent.retry_attempt, "x-slack-retry-reason": sent.retry_reason}
    return {name: str(value) for name, value in given.items() if value is not None}
