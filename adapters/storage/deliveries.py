"""Deliveries in the database: the outbox, in lanes."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace
from datetime import datetime

from sqlalchemy import ColumnElement, Select, Update, and_, case, func, insert, literal, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from adapters.storage.rows import delivery_of, delivery_row
from adapters.storage.spans import CLOCK_SLACK
from adapters.storage.tables import UtcTime, deliveries
from bot.escalation.model import Delivery, DeliveryKind, DeliveryState

_ADVISORY_LOCK = 0x4C414E45  # "LANE"
_IS_PENDING = deliveries.c.state == DeliveryState.PENDING.value


async def queue(connection: AsyncConnection, new: Iterable[Delivery]) -> None:
    """Write new deliveries."""
    if rows := [delivery_row(delivery) for delivery in new]:
        await connection.execute(insert(deliveries), rows)


async def settle(connection: AsyncConnection, settled: Iterable[Delivery]) -> None:
    """Write deliveries in their new state."""
    for delivery in settled:
        await connection.execute(_rewrite(delivery))


async def put_back(connection: AsyncConnection, delivery: Delivery) -> None:
    """Write a claimed delivery that stays pending; one that was withdrawn meanwhile stays withdrawn."""
    await connection.execute(_rewrite(replace(delivery, state=DeliveryState.PENDING)).where(_IS_PENDING))


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
    connection: AsyncConnection, worker: str, now: datetime, lease_until: datetime, busy_lanes: Collection[str]
) -> Sequence[Delivery]:
    """Lease the next delivery of every free lane."""
    if connection.dialect.name == "postgresql":
        # Without it another worker could lease a second row of a lane in the moment before this one commits.
        await connection.execute(select(func.pg_advisory_xact_lock(_ADVISORY_LOCK)))
    # What somebody settles or withdraws just now is passed over, not waited for; what was settled a moment ago is asked
    # once more whether it is pending. (SQLite has one writer, and neither of the two.)
    chosen = select(deliveries.c.id).where(_IS_PENDING, deliveries.c.id.in_(_heads(now, busy_lanes)))
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
    return sorted((delivery_of(row) for row in claimed.mappings()), key=_urgent_first)


async def next_at(connection: AsyncConnection, now: datetime) -> datetime | None:
    """Return when the next pending delivery falls due."""
    falls_due = case(
        (_is_leased(now), deliveries.c.lease_until),
        (_was_set_back(now), literal(now, UtcTime)),
        else_=deliveries.c.not_before,
    )
    earliest = select(func.min(falls_due, type_=UtcTime)).where(_IS_PENDING)
    found: datetime | None = await connection.scalar(earliest)
    return found


async def of_escalation(connection: AsyncConnection, escalation: str) -> Sequence[Delivery]:
    """List the deliveries of an escalation, oldest first."""
    rows = await connection.execute(
        select(deliveries)
        .where(deliveries.c.escalation == escalation)
        .order_by(deliveries.c.created_at, deliveries.c.id)
    )
    return [delivery_of(row) for row in rows.mappings()]


async def sent_in(connection: AsyncConnection, lane: str, limit: int) -> Sequence[Delivery]:
    """List the latest deliveries that reached a lane, latest first."""
    rows = await connection.execute(
        select(deliveries)
        .where(deliveries.c.state == DeliveryState.SENT.value, deliveries.c.lane == lane)
        .order_by(deliveries.c.settled_at.desc(), deliveries.c.id.desc())
        .limit(limit)
    )
    return [delivery_of(row) for row in rows.mappings()]


def _heads(now: datetime, busy_lanes: Collection[str]) -> Select[tuple[str]]:
    """Select the first delivery that is due of every lane in which nothing is being sent."""
    leased = select(deliveries.c.lane).where(_IS_PENDING, _is_leased(now))
    place = func.row_number().over(
        partition_by=deliveries.c.lane,
        order_by=(deliveries.c.urgent.desc(), deliveries.c.created_at, deliveries.c.id),
    )
    waiting = (
        select(deliveries.c.id, place.label("place"))
        .where(_IS_PENDING, or_(deliveries.c.not_before <= now, _was_set_back(now)))
        .where(deliveries.c.lane.not_in(busy_lanes), deliveries.c.lane.not_in(leased))
        .subquery()
    )
    return select(waiting.c.id).where(waiting.c.place == 1)


def _is_leased(now: datetime) -> ColumnElement[bool]:
    """Tell a lease that runs from one that ran out, or that a clock set back has left too far ahead."""
    return and_(deliveries.c.lease_until > now, deliveries.c.lease_until <= now + CLOCK_SLACK)


def _was_set_back(now: datetime) -> ColumnElement[bool]:
    return deliveries.c.urgent & (deliveries.c.not_before > now + CLOCK_SLACK)


def _rewrite(delivery: Delivery) -> Update:
    return update(deliveries).where(deliveries.c.id == delivery.id).values(delivery_row(delivery))


def _urgent_first(delivery: Delivery) -> tuple[bool, datetime, str]:
    return (not delivery.urgent, delivery.created_at, delivery.id)
