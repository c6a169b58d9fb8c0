"""Posts a reply that Slack does not take just now a little later, for as long as somebody still waits for it."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Coroutine
from typing import Any

from bot.escalation.errors import ChannelDownError, ThrottledError, UndeliverableError

_POSTED = 0.0
_WAITS_S = (1.0, 2.0, 5.0, 15.0, 30.0, 60.0, 120.0)
_log = logging.getLogger("signpost.slack")

Post = Callable[[], Awaitable[Any]]
Pause = Callable[[float], Awaitable[None]]


class Later:
    """Runs what need not hold up an answer to Slack. `pause` waits that many seconds."""

    def __init__(self, pause: Pause = asyncio.sleep) -> None:
        self._pause = pause
        self._tasks: set[asyncio.Task[object]] = set()

    async def post(self, post: Post) -> bool:
        """Post now, or within four minutes where Slack throttles or is down; tell whether it stands there already.

        Never fails.
        """
        wait = await self._try(post, _WAITS_S[0])
        if wait:
            self.run(self._again(post, wait))
        return wait == _POSTED

    def run(self, work: Coroutine[Any, Any, object]) -> None:
        """Run something beside the answer; what goes wrong there is left to it."""
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def close(self, patience_s: float) -> None:
        """Give what is under way some time to finish, then let it go."""
        if self._tasks:
            await asyncio.wait(self._tasks, timeout=patience_s)
        for task in self._tasks:
            task.cancel()

    async def _again(self, post: Post, wait: float) -> None:
        for planned in _WAITS_S[1:]:
            await self._pause(wait)
            left = await self._try(post, planned)
            if not left:
                return
            wait = left
        _log.warning("a reply could not be posted: Slack has not taken it for minutes")

    async def _try(self, post: Post, planned: float) -> float | None:
        """Return the seconds to wait before the next try: 0 where it stands there, None where it never will."""
        try:
            await post()
        except ThrottledError as throttled:
            return max(planned, throttled.retry_after)
        except ChannelDownError:
            return planned
        except UndeliverableError as refused:
            _log.warning("a reply could not be posted: %s", refused)
            return None
        return _POSTED
