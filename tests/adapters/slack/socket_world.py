"""The front door in Socket Mode: its connections to the fake's WebSocket server, and waits that take no time."""

import asyncio
import gc
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field

from adapters.slack.sockets import Pace, Sockets
from tests.adapters.slack.front_world import FrontWorld
from tests.adapters.slack.home_world import TEACHER
from tests.slack_fake import Answer, Person, Sent, SlackFake, SocketMode

OPEN = "apps.connections.open"
PATIENCE_S = 10.0
_COPIES = 4
# The server's side of a connection: it ends when the fake does.
_OF_THE_FAKE = "RequestHandler"


@dataclass
class Waits:
    """The waits that were asked for, by who asked; each is over at once, unless `gate` is closed."""

    by_line: dict[asyncio.Task[object] | None, list[float]] = field(default_factory=dict)
    gate: asyncio.Event = field(default_factory=asyncio.Event)
    _changed: asyncio.Condition = field(default_factory=asyncio.Condition)

    def __post_init__(self) -> None:
        """Open the gate."""
        self.gate.set()

    @property
    def seconds(self) -> list[float]:
        """Return all of them."""
        return [one for line in self.by_line.values() for one in line]

    async def pause(self, seconds: float) -> None:
        """Note a wait, and let the others have their turn."""
        async with self._changed:
            self.by_line.setdefault(asyncio.current_task(), []).append(seconds)
            self._changed.notify_all()
        await self.gate.wait()

    async def begun(self, number: int) -> None:
        """Wait until so many were asked for."""
        async with asyncio.timeout(PATIENCE_S), self._changed:
            await self._changed.wait_for(lambda: len(self.seconds) >= number)


@dataclass
class SocketWorld:
    """The front door, the fake's WebSocket server, and the connections between them while they are `running`."""

    front: FrontWorld
    waits: Waits
    sockets: Sockets

    @property
    def slack(self) -> SlackFake:
        """Return Slack."""
        return self.front.slack

    @property
    def server(self) -> SocketMode:
        """Return Slack's side of the connections."""
        return self.front.slack.sockets

    @property
    def tess(self) -> Person:
        """Return the teacher."""
        return self.front.slack.person(TEACHER)

    @asynccontextmanager
    async def running(self, connections: int = 2) -> AsyncIterator[None]:
        """Run until the end, which must come promptly and leave nothing behind."""
        async with nothing_left():
            stack = AsyncExitStack()
            await stack.enter_async_context(self.sockets.running())
            try:
                await self.server.connected(connections)
                for number in range(connections):  # over each of them, after its greeting
                    assert (await self.server.deliver(Sent("events_api", {"type": "unknown"}, f"first-{number}"))).acked
                yield
            finally:
                async with asyncio.timeout(PATIENCE_S):
                    await stack.aclose()

    async def becomes_ready(self, *, ready: bool = True) -> None:
        """Wait until it is ready, or no longer is."""
        async with asyncio.timeout(PATIENCE_S):
            while await self.sockets.is_ready() is not ready:  # noqa: ASYNC110 - that it changes wakes nobody
                await asyncio.sleep(0)

    async def asks(self, text: str) -> Answer:
        """Let the teacher write, and Slack send it again while it is not acknowledged, as Slack does."""
        answer = await self.tess.says_in_dm(text)
        for number in range(1, _COPIES):
            if not answer.acked:
                answer = await self.slack.redeliver(answer, number, "timeout")
        return answer


@asynccontextmanager
async def nothing_left() -> AsyncIterator[None]:
    """See that no task is left at the end which was not there at the beginning, and no session is open."""
    before = asyncio.all_tasks()
    yield
    left = asyncio.all_tasks() - before - {asyncio.current_task()}
    assert not {str(task) for task in left if _OF_THE_FAKE not in str(task.get_coro())}
    gc.collect()  # a session that was not closed says so when it goes


async def socket_world(front: FrontWorld, *, token: str = "", pace: Pace | None = None) -> SocketWorld:
    """Put Socket Mode before a front door, in the place of signed HTTP."""
    await front.slack.delivery.close()
    front.slack.delivery = front.slack.sockets
    waits = Waits()
    sockets = Sockets(front.front, token or front.slack.app_token, front.client, pause=waits.pause, pace=pace or Pace())
    return SocketWorld(front, waits, sockets)
