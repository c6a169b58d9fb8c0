"""What Slack was asked a short while ago, so that it need not be asked for every message."""

from collections import OrderedDict
from collections.abc import Awaitable, Callable, Hashable
from datetime import datetime, timedelta
from typing import Generic, TypeVar

Key = TypeVar("Key", bound=Hashable)
Value = TypeVar("Value")
_MOST = 10_000


class Lately(Generic[Key, Value]):
    """Keeps answers for a while, and a last one for when Slack does not answer. `now` tells the time."""

    def __init__(self, keep: timedelta, now: Callable[[], datetime], most: int = _MOST) -> None:
        self._keep = keep
        self._now = now
        self._most = most
        self._known: OrderedDict[Key, tuple[datetime, Value]] = OrderedDict()

    async def get(self, key: Key, ask: Callable[[], Awaitable[Value]]) -> Value:
        """Return what is known, asked anew where that is too old. What `ask` raises comes through."""
        if self.knows(key):
            return self._known[key][1]
        value = await ask()
        self._known[key] = (self._now(), value)
        self._known.move_to_end(key)
        while len(self._known) > self._most:
            self._known.popitem(last=False)
        return value

    def knows(self, key: Key) -> bool:
        """Tell whether there is an answer that is not too old."""
        known = self._known.get(key)
        return known is not None and timedelta() <= self._now() - known[0] < self._keep

    def last(self, key: Key) -> Value | None:
        """Return the last answer, however old."""
        known = self._known.get(key)
        return known[1] if known else None

    def forget(self, key: Key) -> None:
        """Ask anew next time."""
        self._known.pop(key, None)
