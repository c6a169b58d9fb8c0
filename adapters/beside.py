"""Runs things beside the rest of the server, and sees them stopped before what they use is closed."""

import asyncio
from collections.abc import AsyncIterator, Coroutine
from contextlib import asynccontextmanager
from typing import Any

_STOP_SECONDS = 5.0


@asynccontextmanager
async def beside(*work: Coroutine[Any, Any, None]) -> AsyncIterator[None]:
    """Run something for as long as the context is open; at its end it is cancelled, and waited for.

    A task that is cancelled in the midst of a statement gives its connection back first: it must not outlive the store.
    """
    tasks = [asyncio.create_task(one) for one in work]
    try:
        yield
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.wait(tasks, timeout=_STOP_SECONDS)
