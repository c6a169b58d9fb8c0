"""Event keys in the database: what the platforms sent, so that a repeat is known."""

from datetime import datetime
from functools import cache

from sqlalchemy import and_, bindparam, not_, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlalchemy.sql import Executable

from adapters.storage.spans import CLOCK_SLACK, EVENT_LEASE
from adapters.storage.tables import event_keys
from adapters.storage.upsert import insert_in
from bot.escalation.ports import Claim


async def claim(connection: AsyncConnection, key: str, now: datetime) -> Claim:
    """Claim an event key; the unique key decides, so of any number of copies at once one gets NEW."""
    row = {"key": key, "claimed_at": now, "lease_until": now + EVENT_LEASE, "done": False}
    spans = {"lapsed_by": now, "never_beyond": now + CLOCK_SLACK}
    claimed = await connection.execute(_claiming(connection.dialect.name), row | spans)
    if claimed.first():
        return Claim.NEW
    done = await connection.scalar(select(event_keys.c.done).where(event_keys.c.key == key))
    return Claim.DONE if done else Claim.BUSY


async def finish(connection: AsyncConnection, key: str, now: datetime) -> None:
    """Mark an event key as answered."""
    row = {"key": key, "claimed_at": now, "lease_until": now, "done": True}
    await connection.execute(_finishing(connection.dialect.name), row)


@cache
def _claiming(dialect: str) -> Executable:
    statement = insert_in(dialect, event_keys)
    lease = event_keys.c.lease_until
    lapsed = or_(lease <= bindparam("lapsed_by"), lease > bindparam("never_beyond"))
    return statement.on_conflict_do_update(
        index_elements=[event_keys.c.key],
        set_={"claimed_at": statement.excluded.claimed_at, "lease_until": statement.excluded.lease_until},
        where=and_(not_(event_keys.c.done), lapsed),
    ).returning(event_keys.c.key)


@cache
def _finishing(dialect: str) -> Executable:
    return insert_in(dialect, event_keys).on_conflict_do_update(index_elements=[event_keys.c.key], set_={"done": True})
