"""Escalations in the database."""

from collections.abc import Collection, Sequence
from datetime import datetime
from itertools import count

from sqlalchemy import ColumnElement, and_, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from adapters.storage.crypto import DataKey
from adapters.storage.reading import RowReader
from adapters.storage.rows import escalation_row
from adapters.storage.spans import CHASE_HORIZON, FAR_OFF
from adapters.storage.tables import escalations
from adapters.storage.upsert import insert_into
from bot.escalation.model import Escalation, State
from bot.escalation.ports import Wanted

_WAITING = (State.RECORDED.value, State.DELIVERED.value)


async def insert(connection: AsyncConnection, escalation: Escalation, data_key: DataKey) -> bool:
    """Write a new escalation; False, and nothing written, where its source opened one before."""
    statement = insert_into(connection, escalations).values(escalation_row(escalation, data_key))
    written = await connection.execute(statement.on_conflict_do_nothing(index_elements=[escalations.c.source]))
    return written.rowcount == 1


async def replace_version(connection: AsyncConnection, version: int, after: Escalation, data_key: DataKey) -> bool:
    """Write an escalation over the given version of it; False where it is at another version by now."""
    is_that = and_(escalations.c.id == after.id, escalations.c.version == version)
    written = await connection.execute(update(escalations).where(is_that).values(escalation_row(after, data_key)))
    return written.rowcount == 1


async def by_id(connection: AsyncConnection, escalation_id: str, reader: RowReader) -> Escalation | None:
    """Return an escalation by its id."""
    return await _one(connection, escalations.c.id == escalation_id, reader)


async def by_reference(connection: AsyncConnection, reference: str, reader: RowReader) -> Escalation | None:
    """Return an escalation by the reference people use."""
    return await _one(connection, escalations.c.reference == reference, reader)


async def by_source(connection: AsyncConnection, source: str, reader: RowReader) -> Escalation | None:
    """Return the escalation that a source opened."""
    return await _one(connection, escalations.c.source == source, reader)


async def listed(connection: AsyncConnection, wanted: Wanted, reader: RowReader) -> Sequence[Escalation]:
    """List escalations, the urgent ones first, then the oldest."""
    statement = select(escalations).order_by(escalations.c.urgent.desc(), escalations.c.opened_at, escalations.c.id)
    if wanted.school is not None:
        statement = statement.where(escalations.c.school == wanted.school)
    if wanted.asker is not None:
        statement = statement.where(escalations.c.asker == wanted.asker)
    if wanted.open_only:
        statement = statement.where(escalations.c.state != State.RESOLVED.value)
    if wanted.since is not None:
        statement = statement.where(escalations.c.opened_at >= wanted.since)
    rows = await connection.execute(statement.limit(wanted.limit))
    return reader.escalations(rows.mappings())


async def due(connection: AsyncConnection, now: datetime, limit: int, reader: RowReader) -> Sequence[Escalation]:
    """List escalations whose next step has come, or was put too far off by a clock that has been set back since."""
    was_set_back = or_(
        escalations.c.next_at > now + FAR_OFF,
        and_(escalations.c.urgent, escalations.c.state.in_(_WAITING), escalations.c.next_at > now + CHASE_HORIZON),
    )
    statement = (
        select(escalations)
        .where(or_(escalations.c.next_at <= now, was_set_back))
        .order_by(escalations.c.urgent.desc(), escalations.c.next_at, escalations.c.id)
    )
    found: list[Escalation] = []
    for page in count():  # however many cannot be read, those behind them are reached
        rows = (await connection.execute(statement.limit(limit).offset(page * limit))).mappings().all()
        found += reader.escalations(rows)
        if len(rows) < limit or len(found) >= limit:
            break
    return found[:limit]


async def legible(connection: AsyncConnection, ids: Collection[str], reader: RowReader) -> frozenset[str]:
    """Return which escalations, of some, can be read."""
    rows = await connection.execute(select(escalations).where(escalations.c.id.in_(ids)))
    return frozenset(one.id for one in reader.escalations(rows.mappings()))


async def _one(connection: AsyncConnection, condition: ColumnElement[bool], reader: RowReader) -> Escalation | None:
    row = (await connection.execute(select(escalations).where(condition))).mappings().first()
    return reader.escalation(row) if row else None
