"""Delivery as Slack does it in Socket Mode: over a WebSocket that the app opens."""

import asyncio
import json
import time
from collections import deque
from contextlib import suppress
from itertools import count
from typing import Any, Literal

from aiohttp import WSMessage, WSMsgType, web

from tests.slack_fake.delivery import Answer, Sent
from tests.slack_fake.world import World

Reason = Literal["refresh_requested", "warning", "too_many_websockets", "link_disabled"]
MOST_CONNECTIONS = 10
WAIT_SECONDS = 10.0


class Connection:
    """One WebSocket of the app. Where `half_open` is set, nothing gets through any more, and nobody is told."""

    def __init__(self, name: str, request: web.Request, socket: web.WebSocketResponse) -> None:
        """Take over a socket."""
        self.name = name
        self.half_open = False
        self.pings = 0
        self._request = request
        self._socket = socket

    async def send(self, message: dict[str, Any]) -> None:
        """Send one message, where anything still gets through."""
        await self.send_text(json.dumps(message))

    async def send_text(self, text: str) -> None:
        """Send a text that need not be a message."""
        if not self.half_open and not self._socket.closed:
            with suppress(ConnectionError):
                await self._socket.send_str(text)

    async def disconnect(self, reason: Reason) -> None:
        """Ask the app to connect anew; the socket stays open until one side closes it."""
        debug_info = {"host": "applink-1"}
        await self.send({"type": "disconnect", "reason": reason, "debug_info": debug_info})

    def drop(self) -> None:
        """Break the connection off."""
        if self._request.transport:
            self._request.transport.abort()

    async def pong(self, message: WSMessage) -> None:
        """Answer a ping."""
        self.pings += 1
        if not self.half_open:
            await self._socket.pong(message.data)


class SocketMode:
    """The WebSocket server. It waits `patience` seconds for an ack; the ack may come over any connection.

    It lets `most` connections in, and greets them unless `greets` is off. `counts` is how many there were after each
    that came or went.
    """

    def __init__(self, world: World, *, patience: float = 5.0) -> None:
        """Serve a world."""
        self.patience = patience
        self.connections: list[Connection] = []
        self.accepted = 0
        self.most = MOST_CONNECTIONS
        self.greets = True
        self.counts: list[int] = []
        self._world = world
        self._numbers = count(1)
        self._turn = count()
        self._waiting: dict[str, deque[asyncio.Future[Any]]] = {}
        self._changed = asyncio.Condition()

    def add_to(self, server: web.Application) -> None:
        """Add the route."""
        server.router.add_get("/link/", self._serve)

    async def connected(self, exactly: int = 1) -> None:
        """Wait until the app has so many connections. Raises TimeoutError where that does not happen."""
        async with asyncio.timeout(WAIT_SECONDS), self._changed:
            await self._changed.wait_for(lambda: len(self.connections) == exactly)

    async def renewed(self, accepted: int) -> None:
        """Wait until the app has connected so many times in all, and a connection is open."""
        async with asyncio.timeout(WAIT_SECONDS), self._changed:
            await self._changed.wait_for(lambda: self.accepted >= accepted and bool(self.connections))

    async def deliver(self, sent: Sent) -> Answer:
        """Send one thing over one of the connections, in turn, and wait for the ack."""
        began = time.perf_counter()
        if not self.connections:
            return Answer(sent, None, None, 0.0, "no connection")
        connection = self.connections[next(self._turn) % len(self.connections)]
        ack: asyncio.Future[Any] = asyncio.get_running_loop().create_future()
        self._waiting.setdefault(sent.envelope_id, deque()).append(ack)
        await connection.send(_envelope(sent))
        try:
            body = await asyncio.wait_for(ack, self.patience)
        except TimeoutError:
            self._waiting[sent.envelope_id].remove(ack)
            return Answer(sent, None, None, time.perf_counter() - began, "no ack")
        return Answer(sent, 200, body, time.perf_counter() - began)

    async def close(self) -> None:
        """Break every connection off."""
        for connection in self.connections:
            connection.drop()

    async def _serve(self, request: web.Request) -> web.StreamResponse:
        ticket = request.query.get("ticket", "")
        if ticket not in self._world.links:
            return web.Response(status=403)
        self._world.links.remove(ticket)
        socket = web.WebSocketResponse(autoping=False)
        await socket.prepare(request)
        connection = Connection(f"connection-{next(self._numbers)}", request, socket)
        if len(self.connections) >= self.most:
            await connection.disconnect("too_many_websockets")
            await socket.close()
            return socket
        await self._open(connection)
        try:
            async for message in socket:
                await self._receive(connection, message)
        finally:
            async with self._changed:
                self.connections.remove(connection)
                self.counts.append(len(self.connections))
                self._changed.notify_all()
        return socket

    async def _open(self, connection: Connection) -> None:
        async with self._changed:
            self.connections.append(connection)
            self.accepted += 1
            self.counts.append(len(self.connections))
            self._changed.notify_all()
        hello = {
            "type": "hello",
            "num_connections": len(self.connections),
            "connection_info": {"app_id": self._world.app.id},
            "debug_info": {"host": "applink-1", "approximate_connection_time": 18060},
        }
        if self.greets:
            await connection.send(hello)

    async def _receive(self, connection: Connection, message: WSMessage) -> None:
        if message.type is WSMsgType.PING:
            await connection.pong(message)
        if message.type is not WSMsgType.TEXT or connection.half_open:
            return
        ack = json.loads(message.data)
        waiting = self._waiting.get(ack.get("envelope_id"), deque())
        while waiting:
            future = waiting.popleft()
            if not future.done():
                future.set_result(ack.get("payload") or None)
                break


def _envelope(sent: Sent) -> dict[str, Any]:
    envelope: dict[str, Any] = {
        "envelope_id": sent.envelope_id,
        "type": sent.kind,
        "payload": sent.payload,
        "accepts_response_payload": sent.kind != "events_api",
    }
    if sent.kind == "events_api":
        envelope["retry_attempt"] = sent.retry.number if sent.retry else 0
        envelope["retry_reason"] = sent.retry.reason if sent.retry else ""
    return envelope
