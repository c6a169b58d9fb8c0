"""Runs things beside the rest of the server, and sees them stopped before what they use is closed."""

import asyncio
import logging
from collections.abc import AsyncIterator, Coroutine
from contextlib import asynccontextmanager
from functools import partial
from typing import Any

_STOP_SECONDS = 5.0
_log = logging.getLogger("signpost.beside")


@asynccontextmanager
async def beside(*work: Coroutine[Any, Any, None]) -> AsyncIterator[None]:
    """Run something for as long as the context is open; at its end it is cancelled, and waited for.

    One that fails before that is told in the log when it happens: the rest goes on without it. A task that is cancelled
    in the midst of a statement gives its connection back first: it must not outlive the store.
    """
    tasks = [asyncio.create_task(one) for one in work]
    for task, one in zip(tasks, work, strict=True):
        task.add_done_callback(partial(_tell, getattr(one, "__qualname__", "a task")))
    try:
        yield
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.wait(tasks, timeout=_STOP_SECONDS)


def _tell(name: str, task: asyncio.Task[None]) -> None:
    """Name what has failed, by its kind alone: its text may hold what somebody wrote."""
    error = None if task.cancelled() else task.exception()
    if error is not None:
        _log.error("%s has ended, for a fault of ours: %s; restart Signpost", name, type(error).__name__)
