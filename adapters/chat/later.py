"""Posts a reply that a platform does not take just now a little later, for as long as somebody still waits for it."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Coroutine
from dataclasses import dataclass
from enum import Enum, auto
from typing import Any

from bot.escalation.errors import ChannelDownError, ThrottledError, UndeliverableError

_WAITS_S = (1.0, 2.0, 5.0, 15.0, 30.0, 60.0, 120.0)
_CANCELLED_S = 1.0  # for giving back what is held, such as a connection to the store
_MOST = 10_000  # of those that are known by a key; beyond it the oldest are forgotten
_log = logging.getLogger("signpost.chat")

Post = Callable[[], Awaitable[Any]]
Pause = Callable[[float], Awaitable[None]]


class Posted(Enum):
    """What has become of a reply: it stands there, it waits for the platform, or that never takes it."""

    ARRIVED = auto()
    WAITS = auto()
    REFUSED = auto()


class Later:
    """Runs what need not hold up an answer to the platform. `pause` waits that many seconds."""

    def __init__(self, pause: Pause = asyncio.sleep) -> None:
        self._pause = pause
        self._tasks: set[asyncio.Task[object]] = set()
        self._known: dict[str, Posted] = {}

    async def post(self, *posts: Post, key: str | None = None) -> Posted:
        """Post the messages of a reply in their order, now or within four minutes where they cannot be posted yet.

        `key` names the reply: under the same one nothing is posted twice, unless it was given up. Never fails for what
        the platform does.
        """
        if key is not None and key in self._known:
            return self._known[key]
        reply = _Reply(list(posts), key)
        wait = await reply.go_on(_WAITS_S[0])
        if wait is None:
            return self._note(reply, reply.ended)
        self.run(self._again(reply, wait))
        return self._note(reply, Posted.WAITS)

    def run(self, work: Coroutine[Any, Any, object]) -> asyncio.Task[object]:
        """Run something beside the answer; what goes wrong there is left to it."""
        task = asyncio.create_task(work)
        self.keep(task)
        return task

    def keep(self, task: asyncio.Task[Any]) -> None:
        """Let a task go on to its end, also where nobody waits for it any more."""
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def close(self, patience_s: float) -> None:
        """Give what is under way some time to finish, then let it go."""
        if self._tasks:
            await asyncio.wait(self._tasks, timeout=patience_s)
        for task in self._tasks:
            task.cancel()
        if self._tasks:
            await asyncio.wait(self._tasks, timeout=_CANCELLED_S)

    async def _again(self, reply: "_Reply", wait: float) -> None:
        for planned in _WAITS_S[1:]:
            await self._pause(wait)
            left = await reply.go_on(planned)
            if left is None:
                self._note(reply, reply.ended)
                return
            wait = left
        _log.warning("a reply could not be posted: the platform has not taken it for minutes")
        self._known.pop(reply.key or "", None)

    def _note(self, reply: "_Reply", posted: Posted) -> Posted:
        if reply.key is not None:
            self._known.pop(reply.key, None)
            self._known[reply.key] = posted
            while len(self._known) > _MOST:
                del self._known[next(iter(self._known))]
        return posted


@dataclass(slots=True)
class _Reply:
    """The messages of a reply that do not stand there yet, and how those that are over have ended."""

    left: list[Post]
    key: str | None
    ended: Posted = Posted.ARRIVED

    async def go_on(self, planned: float) -> float | None:
        """Post what is left, in order; return the seconds to wait before the next try, None where nothing is left."""
        while self.left:
            try:
                await self.left[0]()
            except ThrottledError as throttled:
                return max(planned, throttled.retry_after)
            except ChannelDownError:
                return planned
            except UndeliverableError as refused:
                _log.warning("a reply could not be posted: %s", refused)
                self.ended = Posted.REFUSED
            del self.left[0]
        return None
