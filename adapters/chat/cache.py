"""What a platform was asked a short while ago, so that it need not be asked for every message."""

import asyncio
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Hashable
from datetime import datetime, timedelta
from typing import Generic, TypeVar

from bot.escalation.errors import ChannelDownError, ThrottledError

Key = TypeVar("Key", bound=Hashable)
Value = TypeVar("Value")
_MOST = 10_000


class Lately(Generic[Key, Value]):
    """Keeps answers for a while, and a last one for when the platform does not answer. `now` tells the time.

    Those who ask at once share one call. After one that failed the platform is left alone `again`, or for as long as
    it says: whoever writes meanwhile is not kept waiting for another.
    """

    def __init__(
        self, keep: timedelta, now: Callable[[], datetime], most: int = _MOST, again: timedelta | None = None
    ) -> None:
        self._keep = keep
        self._again = again
        self._now = now
        self._most = most
        self._known: OrderedDict[Key, tuple[datetime, Value]] = OrderedDict()
        self._asked: dict[Key, asyncio.Task[Value]] = {}
        self._failed: dict[Key, tuple[datetime, ChannelDownError | ThrottledError]] = {}

    async def get(self, key: Key, ask: Callable[[], Awaitable[Value]]) -> Value:
        """Return what is known, asked anew where that is too old. What `ask` raises comes through."""
        if self.knows(key):
            return self._known[key][1]
        since, failed = self._failed.get(key, (self._now(), None))
        if failed is not None and timedelta() <= self._now() - since < self._pause(failed):
            raise failed
        asked = self._asked.get(key)
        if asked is None:
            asked = self._asked[key] = asyncio.create_task(self._ask(key, ask))
        return await asyncio.shield(asked)

    def knows(self, key: Key) -> bool:
        """Tell whether `get` answers without asking."""
        known = self._known.get(key)
        return known is not None and timedelta() <= self._now() - known[0] < self._keep

    def last(self, key: Key) -> Value | None:
        """Return the last answer, however old."""
        known = self._known.get(key)
        return known[1] if known else None

    def forget(self, key: Key) -> None:
        """Ask anew next time."""
        self._known.pop(key, None)
        self._failed.pop(key, None)
        self._asked.pop(key, None)

    async def _ask(self, key: Key, ask: Callable[[], Awaitable[Value]]) -> Value:
        own = asyncio.current_task()
        try:
            value = await ask()
        except (ChannelDownError, ThrottledError) as error:
            self._failed[key] = (self._now(), error)
            raise
        finally:
            if self._asked.get(key) is own:
                del self._asked[key]
        self._failed.pop(key, None)
        self._known[key] = (self._now(), value)
        self._known.move_to_end(key)
        while len(self._known) > self._most:
            self._known.popitem(last=False)
        return value

    def _pause(self, error: ChannelDownError | ThrottledError) -> timedelta:
        if self._again is None:
            return timedelta()
        said = timedelta(seconds=error.retry_after) if isinstance(error, ThrottledError) else timedelta()
        return max(said, self._again)
