"""Deliveries in the database: the outbox, in lanes."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace
from datetime import datetime

from sqlalchemy import ColumnElement, Select, Update, and_, case, func, insert, literal, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from adapters.storage import escalations
from adapters.storage.crypto import DataKey
from adapters.storage.reading import RowReader
from adapters.storage.rows import delivery_row, lane_key
from adapters.storage.spans import CLOCK_SLACK, DAMAGED_PAUSE, FAR_OFF
from adapters.storage.tables import DAMAGED, UtcTime, deliveries
from bot.escalation.model import Delivery, DeliveryKind, DeliveryState

_ADVISORY_LOCK = 0x4C414E45  # "LANE"
_IS_PENDING = deliveries.c.state == DeliveryState.PENDING.value


async def queue(connection: AsyncConnection, new: Iterable[Delivery], data_key: DataKey) -> None:
    """Write new deliveries."""
    if rows := [delivery_row(delivery, data_key) for delivery in new]:
        await connection.execute(insert(deliveries), rows)


async def settle(connection: AsyncConnection, settled: Iterable[Delivery], data_key: DataKey) -> None:
    """Write deliveries in their new state."""
    for delivery in settled:
        await connection.execute(_rewrite(delivery, data_key))


async def put_back(connection: AsyncConnection, delivery: Delivery, data_key: DataKey) -> None:
    """Write a claimed delivery that stays pending; one that was withdrawn meanwhile stays withdrawn."""
    pending = replace(delivery, state=DeliveryState.PENDING)
    await connection.execute(_rewrite(pending, data_key).where(_IS_PENDING))


async def withdraw(connection: AsyncConnection, escalation: str, kinds: Collection[DeliveryKind]) -> None:
    """Withdraw the pending deliveries of some kinds."""
    if kinds:
        await connection.execute(
            update(deliveries)
            .where(_IS_PENDING, deliveries.c.escalation == escalation)
            .where(deliveries.c.kind.in_([kind.value for kind in kinds]))
            .values(state=DeliveryState.WITHDRAWN.value, lease_until=None)
        )


async def claim(
    connection: AsyncConnection,
    worker: str,
    now: datetime,
    lease_until: datetime,
    busy_lanes: Collection[str],
    reader: RowReader,
) -> Sequence[Delivery]:
    """Lease the next delivery of every free lane; one that cannot be read makes way for those behind it."""
    if connection.dialect.name == "postgresql":
        # Without it another worker could lease a second row of a lane in the moment before this one commits.
        await connection.execute(select(func.pg_advisory_xact_lock(_ADVISORY_LOCK)))
    # What somebody settles or withdraws just now is passed over, not waited for; what was settled a moment ago is asked
    # once more whether it is pending. (SQLite has one writer, and neither of the two.)
    busy = [lane_key(lane, reader.data_key) for lane in busy_lanes]
    chosen = select(deliveries.c.id).where(_IS_PENDING, deliveries.c.id.in_(_heads(now, busy)))
    claimed = await connection.execute(
        update(deliveries)
        .where(deliveries.c.id.in_(chosen.with_for_update(skip_locked=True)))
        .values(
            worker=worker,
            lease_until=lease_until,
            attempts=deliveries.c.attempts + 1,
            in_doubt=or_(deliveries.c.in_doubt, deliveries.c.lease_until.is_not(None)),
        )
        .returning(deliveries)
    )
    rows = claimed.mappings().all()
    found = reader.deliveries(rows)
    known = await escalations.legible(connection, {one.escalation for one in found}, reader) if found else ()
    sound = [one for one in found if one.escalation in known]
    if damaged := {row["id"] for row in rows}.difference(one.id for one in sound):
        await _make_way(connection, damaged, now + DAMAGED_PAUSE)
    return sorted(sound, key=_urgent_first)


async def _make_way(connection: AsyncConnection, damaged: Collection[str], not_before: datetime) -> None:
    """Put back what cannot be read, or tells of something that cannot: it is kept, and its lane is free."""
    await connection.execute(
        update(deliveries)
        .where(deliveries.c.id.in_(damaged))
        .values(
            worker=None,
            lease_until=None,
            not_before=not_before,
            attempts=deliveries.c.attempts - 1,
            fault="it cannot be read",
        )
    )


async def next_at(connection: AsyncConnection, now: datetime) -> datetime | None:
    """Return when the next pending delivery falls due."""
    falls_due = case(
        (_is_leased(now), deliveries.c.lease_until),
        (_was_set_back(now), literal(now, UtcTime)),
        else_=deliveries.c.not_before,
    )
    earliest = select(func.min(falls_due, type_=UtcTime)).where(_IS_PENDING)
    found: datetime | None = await connection.scalar(earliest)
    return now if found is DAMAGED else found


async def of_escalation(connection: AsyncConnection, escalation: str, reader: RowReader) -> Sequence[Delivery]:
    """List the deliveries of an escalation, oldest first."""
    rows = await connection.execute(
        select(deliveries)
        .where(deliveries.c.escalation == escalation)
        .order_by(deliveries.c.created_at, deliveries.c.id)
    )
    return reader.deliveries(rows.mappings())


async def sent_in(connection: AsyncConnection, lane: str, limit: int, reader: RowReader) -> Sequence[Delivery]:
    """List the latest deliveries that reached a lane, latest first."""
    rows = await connection.execute(
        select(deliveries)
        .where(deliveries.c.state == DeliveryState.SENT.value)
        .where(deliveries.c.lane == lane_key(lane, reader.data_key))
        .order_by(deliveries.c.settled_at.desc(), deliveries.c.id.desc())
        .limit(limit)
    )
    return reader.deliveries(rows.mappings())


def _heads(now: datetime, busy: Collection[str]) -> Select[tuple[str]]:
    """Select the first delivery that is due of every lane in which nothing is being sent."""
    leased = select(deliveries.c.lane).where(_IS_PENDING, _is_leased(now))
    place = func.row_number().over(
        partition_by=deliveries.c.lane,
        order_by=(deliveries.c.urgent.desc(), deliveries.c.created_at, deliveries.c.id),
    )
    waiting = (
        select(deliveries.c.id, place.label("place"))
        .where(_IS_PENDING, or_(deliveries.c.not_before <= now, _was_set_back(now)))
        .where(deliveries.c.lane.not_in(busy), deliveries.c.lane.not_in(leased))
        .subquery()
    )
    return select(waiting.c.id).where(waiting.c.place == 1)


def _is_leased(now: datetime) -> ColumnElement[bool]:
    """Tell a lease that runs from one that ran out, or that a clock set back has left too far ahead."""
    return and_(deliveries.c.lease_until > now, deliveries.c.lease_until <= now + CLOCK_SLACK)


def _was_set_back(now: datetime) -> ColumnElement[bool]:
    """Tell what a clock that ran ahead has put off: it has been set back, and nobody waits for that time to come."""
    urgent = and_(deliveries.c.urgent, deliveries.c.not_before > now + CLOCK_SLACK)
    # What was put off since, to the school's next opening, has a time before that of its making.
    calm = and_(deliveries.c.created_at > now + FAR_OFF, deliveries.c.not_before >= deliveries.c.created_at)
    return or_(urgent, calm)


def _rewrite(delivery: Delivery, data_key: DataKey) -> Update:
    return update(deliveries).where(deliveries.c.id == delivery.id).values(delivery_row(delivery, data_key))


def _urgent_first(delivery: Delivery) -> tuple[bool, datetime, str]:
    return (not delivery.urgent, delivery.created_at, delivery.id)
