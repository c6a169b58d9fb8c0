"""The tables. A column that holds a field of the domain has the field's name.

Words, names, and the platforms' ids of people, places and messages stand sealed; where they must be found by them, a
pseudonym of theirs stands beside.

Types are portable between SQLite and PostgreSQL. The migrations make these tables; a test holds the two together.
"""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import (
    Boolean,
    Column,
    DateTime,
    Dialect,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    TypeDecorator,
    text,
)

from bot.escalation.model import DeliveryState

metadata = MetaData(
    naming_convention={
        "pk": "pk_%(table_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "uq": "uq_%(table_name)s_%(column_0_name)s",
        "ix": "ix_%(table_name)s_%(column_0_name)s",
    }
)


DAMAGED = object()


class UtcTime(TypeDecorator[datetime]):
    """An aware time, kept in UTC; SQLite keeps no time zone, so it is put back on the way out."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Turn an aware time into UTC; a naive one is refused, as nobody could say which hour it means."""
        if value is not None and value.tzinfo is None:
            raise ValueError("a time without a time zone")
        return value and value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Return the time aware, in UTC."""
        return value and (value.astimezone(UTC) if value.tzinfo else value.replace(tzinfo=UTC))

    def result_processor(self, dialect: Dialect, coltype: object) -> Callable[[Any], Any] | None:
        """Return what reads a time; it gives `DAMAGED` for what is none, so that the other rows can be read."""
        read = super().result_processor(dialect, coltype)

        def read_or_mark(value: Any) -> Any:
            try:
                return read(value) if read else value
            except (ValueError, TypeError):
                return DAMAGED

        return read_or_mark


def _of_escalation(*, primary_key: bool = False) -> Column[str]:
    return Column(
        "escalation",
        String,
        ForeignKey("escalations.id", ondelete="CASCADE"),
        primary_key=primary_key,
        nullable=False,
    )


escalations = Table(
    "escalations",
    metadata,
    Column("id", String, primary_key=True),
    Column("reference", String, nullable=False, unique=True),
    Column("source", String, nullable=False, unique=True),
    Column("school", String, nullable=False),
    Column("category", String, nullable=False),
    Column("certainty", String, nullable=False),
    Column("urgent", Boolean, nullable=False),
    Column("route", String, nullable=False),
    Column("platform", String, nullable=False),
    Column("asker", String, nullable=False),
    Column("opened_at", UtcTime, nullable=False),
    Column("staff", Boolean, nullable=False),
    Column("state", String, nullable=False),
    Column("excluded", Text, nullable=False),
    Column("told", Text, nullable=False),  # sealed
    Column("cards", Text, nullable=False),  # sealed
    Column("seen", Text, nullable=False),
    Column("holder", String),
    Column("holder_role", String),
    Column("delivered_at", UtcTime),
    Column("acknowledged_at", UtcTime),
    Column("progress_at", UtcTime),
    Column("replied_role", String),
    Column("replied_at", UtcTime),
    Column("resolved_at", UtcTime),
    Column("resolution", String),
    Column("waiting_since", UtcTime),
    Column("entries", Integer, nullable=False),
    Column("chased", Integer, nullable=False),
    Column("asked_again", Integer, nullable=False),
    Column("warned", Boolean, nullable=False),
    Column("next_at", UtcTime),
    Column("version", Integer, nullable=False),
)
Index("ix_escalations_asker", escalations.c.asker)
Index("ix_escalations_school", escalations.c.school, escalations.c.opened_at)
Index("ix_escalations_next_at", escalations.c.next_at)

entries = Table(
    "entries",
    metadata,
    _of_escalation(primary_key=True),
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("kind", String, nullable=False),
    Column("author", String, nullable=False),
    Column("role", String),
    Column("at", UtcTime, nullable=False),
    Column("words", Text, nullable=False),  # sealed
)

# The log and its anchors refer to no other table: they outlive what they tell of, and verifying finds what is missing.
# Every value is kept as the very text that was hashed.
events = Table(
    "events",
    metadata,
    Column("escalation", String, primary_key=True),
    Column("seq", Integer, primary_key=True, autoincrement=False),
    Column("kind", String, nullable=False),
    Column("at", String, nullable=False),
    Column("data", Text, nullable=False),
    Column("hash", String, nullable=False),
)
anchors = Table(
    "anchors",
    metadata,
    Column("escalation", String, primary_key=True),
    Column("length", Integer, nullable=False),
    Column("last_hash", String, nullable=False),
    Column("dropped_at", String),
    Column("seal", String, nullable=False),
)

deliveries = Table(
    "deliveries",
    metadata,
    Column("id", String, primary_key=True),
    _of_escalation(),
    Column("school", String, nullable=False),
    Column("lane", String, nullable=False),  # a pseudonym
    Column("address", Text, nullable=False),  # sealed
    Column("kind", String, nullable=False),
    Column("urgent", Boolean, nullable=False),
    Column("created_at", UtcTime, nullable=False),
    Column("not_before", UtcTime, nullable=False),
    Column("entry", Integer),
    Column("state", String, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("in_doubt", Boolean, nullable=False),
    Column("lease_until", UtcTime),
    Column("worker", String),
    Column("message_id", Text),  # sealed
    Column("settled_at", UtcTime),
    Column("fault", Text),
)
_PENDING = text(f"state = '{DeliveryState.PENDING.value}'")
_SENT = text(f"state = '{DeliveryState.SENT.value}'")
Index("ix_deliveries_escalation", deliveries.c.escalation)
Index(
    "ix_deliveries_queue",
    deliveries.c.lane,
    deliveries.c.urgent.desc(),
    deliveries.c.created_at,
    deliveries.c.id,
    sqlite_where=_PENDING,
    postgresql_where=_PENDING,
)
Index(
    "ix_deliveries_sent",
    deliveries.c.lane,
    deliveries.c.settled_at,
    sqlite_where=_SENT,
    postgresql_where=_SENT,
)

event_keys = Table(
    "event_keys",
    metadata,
    Column("key", String, primary_key=True),
    Column("claimed_at", UtcTime, nullable=False),
    Column("lease_until", UtcTime, nullable=False),
    Column("done", Boolean, nullable=False),
)
turns = Table(
    "turns",
    metadata,
    Column("reply", String, primary_key=True),
    Column("at", UtcTime, nullable=False),
    Column("turn", Text, nullable=False),  # sealed
)
feedback = Table(
    "feedback",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("school", String, nullable=False),
    Column("kind", String, nullable=False),
    Column("clause", String),
    Column("words", Text),  # sealed
    Column("at", UtcTime, nullable=False),
)

people = Table(
    "people",
    metadata,
    Column("key", String, primary_key=True),
    Column("person", Text, nullable=False),  # sealed
)
# Who had to do with which escalation: a name is forgotten with the last of them.
involvements = Table(
    "involvements",
    metadata,
    _of_escalation(primary_key=True),
    Column("person", String, primary_key=True),
)
Index("ix_involvements_person", involvements.c.person)

# Single values, each sealed; the key is a pseudonym of what it is for.
kept = Table(
    "kept",
    metadata,
    Column("key", String, primary_key=True),
    Column("kind", String, nullable=False),
    Column("value", Text, nullable=False),  # sealed
)
Index("ix_kept_kind", kept.c.kind)

# Facts about the database itself, such as which data key it was made with.
installation = Table(
    "installation",
    metadata,
    Column("name", String, primary_key=True),
    Column("value", String, nullable=False),
)
