"""Lanes: one address on one platform each. One message at a time, paced by itself, delaying no other lane."""

import asyncio
import random
from dataclasses import dataclass
from datetime import datetime, timedelta

FIRST_PAUSE_S = 1.0
LONGEST_PAUSE_S = 60.0
LONGEST_THROTTLE_S = 3_600.0
_REMEMBERED = timedelta(minutes=10)


@dataclass(slots=True)
class Lane:
    """What the courier knows of a lane: until when it must wait, since when, and how often it failed in a row."""

    held_since: datetime
    free_at: datetime
    failures: int = 0
    task: "asyncio.Task[None] | None" = None

    def is_busy(self, now: datetime) -> bool:
        """Tell whether something is being sent, or the lane must wait. A clock that was set back frees it."""
        return self.task is not None or self.held_since <= now < self.free_at

    def is_forgotten(self, now: datetime) -> bool:
        """Tell whether there is nothing left worth remembering of the lane."""
        fails = self.failures > 0 and self.held_since <= now < self.free_at + _REMEMBERED
        return not self.is_busy(now) and not fails

    def worked(self, now: datetime, pace: float) -> None:
        """The platform took a message, or refused it: it is there. The next one waits for the pace."""
        self.failures = 0
        self._hold(now, pace)

    def throttled(self, now: datetime, retry_after: float) -> None:
        """The platform says to wait; what it says is believed within reason, whatever it is."""
        sane = retry_after if 0 <= retry_after <= LONGEST_THROTTLE_S else LONGEST_PAUSE_S
        self._hold(now, max(sane, FIRST_PAUSE_S))

    def failed(self, now: datetime, chance: random.Random) -> None:
        """The platform does not answer: wait longer each time, and never in step with other lanes."""
        self.failures += 1
        longest = min(LONGEST_PAUSE_S, FIRST_PAUSE_S * 2 ** min(self.failures - 1, 10))
        self._hold(now, longest * chance.uniform(0.5, 1.0))

    def _hold(self, now: datetime, seconds: float) -> None:
        self.held_since, self.free_at = now, now + timedelta(seconds=seconds)
