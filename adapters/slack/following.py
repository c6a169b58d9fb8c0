"""Keeps up with what changes by itself: what other replicas have written, and tokens that come to their end."""

import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from itertools import count
from typing import Protocol

from adapters.slack.installing import Installing

EVERY_S = 30.0
_SELDOM = 10  # what asks Slack about every workspace happens every so many rounds
_log = logging.getLogger("signpost.slack")


class Bound(Protocol):
    """The channels that admins have bound to routes."""

    async def load(self) -> None:
        """Take what is bound from the store. Raises StoreError."""
        ...


@dataclass(frozen=True, slots=True)
class Following:
    """Takes up bindings and tokens within a minute of their writing, and renews tokens before they end."""

    installing: Installing
    places: Bound

    async def follow(self, pause: Callable[[float], Awaitable[None]]) -> None:
        """Go on for ever. `pause` waits that many seconds."""
        for number in count():
            await self._take(self.places.load)
            await self._take(self.installing.take_up)
            if number % _SELDOM == 0:
                await self._take(self.installing.renew)
                await self._take(self.installing.tidy)
                await self._take(self.installing.look)
            await pause(EVERY_S)

    async def _take(self, step: Callable[[], Awaitable[None]]) -> None:
        try:
            await step()
        except Exception as error:  # noqa: BLE001 - one that ended here would silently renew no token any more
            _log.warning("Slack tokens or bindings could not be looked at: %s", type(error).__name__)
