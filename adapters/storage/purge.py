"""Deletes what has been kept for long enough (design.md, section 8)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Delete, Update, delete, func, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from adapters.storage import chain
from adapters.storage.spans import TURN_KEPT
from adapters.storage.tables import entries, escalations, event_keys, feedback, involvements, people, turns
from bot.escalation.model import State

EVENT_KEYS_KEPT = timedelta(days=7)
WORDS_KEPT = timedelta(days=30)
RECORDS_KEPT = timedelta(days=365)
_ADVISORY_LOCK = 0x50555247  # "PURG"


@dataclass(frozen=True, slots=True)
class Purged:
    """How much a purge deleted: `words` counts the feedback whose words went, the other names speak for themselves."""

    event_keys: int
    turns: int
    words: int
    entries: int
    escalations: int
    names: int


async def purge(connection: AsyncConnection, now: datetime, audit_key: bytes) -> Purged:
    """Delete what is older than its class may be."""
    if connection.dialect.name == "postgresql":  # the replicas purge one after the other
        await connection.execute(select(func.pg_advisory_xact_lock(_ADVISORY_LOCK)))
    gone = await _drop_escalations(connection, now, audit_key)
    await _count(connection, delete(feedback).where(feedback.c.at <= now - RECORDS_KEPT))
    return Purged(
        event_keys=await _count(connection, delete(event_keys).where(event_keys.c.claimed_at <= now - EVENT_KEYS_KEPT)),
        turns=await _count(connection, delete(turns).where(turns.c.at <= now - TURN_KEPT)),
        words=await _count(
            connection,
            update(feedback).where(feedback.c.at <= now - WORDS_KEPT, feedback.c.words.is_not(None)).values(words=None),
        ),
        entries=await _erase_threads(connection, now),
        escalations=gone,
        names=await _forget_names(connection),
    )


# What somebody does at the same time is waited for, and asked about once more: each of these locks the rows it is
# about, and only then looks at what has become of them. (SQLite has one writer.)


async def _drop_escalations(connection: AsyncConnection, now: datetime, audit_key: bytes) -> int:
    """Delete escalations resolved a year ago with all that belongs to them; of each, the anchor of its log stays."""
    keys = await _locked(connection, _resolved(now - RECORDS_KEPT))
    for key in keys:
        await chain.drop(connection, key, now, audit_key)
        await connection.execute(delete(escalations).where(escalations.c.id == key))
    return len(keys)


async def _erase_threads(connection: AsyncConnection, now: datetime) -> int:
    """Delete the words of escalations resolved a month ago."""
    has_words = escalations.c.id.in_(select(entries.c.escalation))
    keys = await _locked(connection, _resolved(now - WORDS_KEPT) & has_words)
    return sum([await _count(connection, delete(entries).where(entries.c.escalation == key)) for key in keys])


async def _forget_names(connection: AsyncConnection) -> int:
    """Delete the names that no escalation needs."""
    unnamed = people.c.key.not_in(select(involvements.c.person))
    await connection.execute(select(people.c.key).where(unnamed).order_by(people.c.key).with_for_update())
    # Whoever named one of them meanwhile has written it by now, and a statement sees what was written before it began.
    return await _count(connection, delete(people).where(unnamed))


async def _locked(connection: AsyncConnection, condition: ColumnElement[bool]) -> Sequence[str]:
    """Return the escalations that meet a condition, also once those that somebody changes have been changed."""
    found = select(escalations.c.id).where(condition).order_by(escalations.c.id).with_for_update()
    return (await connection.scalars(found)).all()


def _resolved(by: datetime) -> ColumnElement[bool]:
    return (escalations.c.state == State.RESOLVED.value) & (escalations.c.resolved_at <= by)


async def _count(connection: AsyncConnection, statement: Delete | Update) -> int:
    result = await connection.execute(statement)
    return result.rowcount
