"""Looks whether what one transaction does is waited for by another."""

import asyncio
from typing import Any

from adapters.storage.engine import Database


async def is_waited_for(database: Database, task: asyncio.Task[Any]) -> bool:
    """Tell whether a task waits for a lock of PostgreSQL's; False where it is done instead."""
    waiting = 0
    while not (waiting or task.done()):
        async with database.reading() as connection:
            waiting = (await connection.exec_driver_sql("SELECT count(*) FROM pg_locks WHERE NOT granted")).scalar_one()
    return bool(waiting)
