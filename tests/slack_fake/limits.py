"""How fast Slack lets an app write: one message a second in a channel, when that is switched on, and on demand."""

import math
from collections import deque
from dataclasses import dataclass, field

from tests.slack_fake.clock import SlackClock
from tests.slack_fake.errors import RefusedError

PACE_SECONDS = 1.0


def too_fast(retry_after: int | str) -> RefusedError:
    """Return the refusal of a call that came too soon; `retry_after` goes out as it is, even where it is no number."""
    return RefusedError("ratelimited", status=429, headers={"Retry-After": str(retry_after)})


@dataclass(slots=True)
class Limits:
    """The buckets of every channel."""

    clock: SlackClock
    paced: bool = False
    _last: dict[str, float] = field(default_factory=dict)
    _throttled: dict[str, deque[int | str]] = field(default_factory=dict)

    def throttle(self, channel: str, times: int, retry_after: int | str) -> None:
        """Refuse the next messages in a channel."""
        self._throttled.setdefault(channel, deque()).extend([retry_after] * times)

    def spend(self, channel: str) -> None:
        """Let one message into a channel, or refuse it."""
        waiting = self._throttled.get(channel)
        if waiting:
            raise too_fast(waiting.popleft())
        now, last = self.clock.time(), self._last.get(channel)
        if self.paced and last is not None and now - last < PACE_SECONDS:
            raise too_fast(math.ceil(PACE_SECONDS - (now - last)))
        self._last[channel] = now
