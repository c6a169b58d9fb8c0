"""Deletes what has been kept for long enough (design.md, section 8)."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Delete, Update, delete, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from adapters.storage import chain
from adapters.storage.spans import TURN_KEPT
from adapters.storage.tables import entries, escalations, event_keys, feedback, involvements, people, turns
from bot.escalation.model import State

EVENT_KEYS_KEPT = timedelta(days=7)
WORDS_KEPT = timedelta(days=30)
RECORDS_KEPT = timedelta(days=365)


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
    gone = await _drop_escalations(connection, now, audit_key)
    told = select(escalations.c.id).where(_resolved(now - WORDS_KEPT))
    unnamed = people.c.key.not_in(select(involvements.c.person))
    await _count(connection, delete(feedback).where(feedback.c.at <= now - RECORDS_KEPT))
    return Purged(
        event_keys=await _count(connection, delete(event_keys).where(event_keys.c.claimed_at <= now - EVENT_KEYS_KEPT)),
        turns=await _count(connection, delete(turns).where(turns.c.at <= now - TURN_KEPT)),
        words=await _count(
            connection,
            update(feedback).where(feedback.c.at <= now - WORDS_KEPT, feedback.c.words.is_not(None)).values(words=None),
        ),
        entries=await _count(connection, delete(entries).where(entries.c.escalation.in_(told))),
        escalations=gone,
        names=await _count(connection, delete(people).where(unnamed)),
    )


async def _drop_escalations(connection: AsyncConnection, now: datetime, audit_key: bytes) -> int:
    """Delete escalations resolved a year ago with all that belongs to them; of each, the anchor of its log stays."""
    old = _resolved(now - RECORDS_KEPT)
    keys = (await connection.scalars(select(escalations.c.id).where(old).with_for_update())).all()
    for key in keys:
        await chain.drop(connection, key, now, audit_key)
        await connection.execute(delete(escalations).where(escalations.c.id == key))
    return len(keys)


def _resolved(by: datetime) -> ColumnElement[bool]:
    return (escalations.c.state == State.RESOLVED.value) & (escalations.c.resolved_at <= by)


async def _count(connection: AsyncConnection, statement: Delete | Update) -> int:
    result = await connection.execute(statement)
    return result.rowcount
