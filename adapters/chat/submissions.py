"""Takes what was filled into a form once: a platform that has waited for too long offers to try again."""

import asyncio
from collections.abc import Awaitable, Callable

_MOST = 1_000  # of those that are known; beyond it the oldest are forgotten


class Submissions:
    """Remembers what came of each view: None where it was done, else why it was refused, so that it can be mended."""

    def __init__(self) -> None:
        self._known: dict[str, asyncio.Future[str | None]] = {}

    async def once(self, key: str | None, submit: Callable[[], Awaitable[str | None]]) -> str | None:
        """Return what comes of a view. One that is being taken, or was done, is not taken again."""
        if key is None:
            return await submit()
        known = self._known.get(key)
        if known is None or (known.done() and (known.cancelled() or known.exception() or known.result())):
            known = self._known[key] = asyncio.ensure_future(submit())
            while len(self._known) > _MOST:
                del self._known[next(iter(self._known))]
        return await asyncio.shield(known)
