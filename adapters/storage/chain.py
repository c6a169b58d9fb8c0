"""The log of an escalation: a chain of hashes, and an anchor that says how long it is and how it ends.

The keyed hash of an event covers the one before it, so no event can be changed, taken out or moved unnoticed by
anybody without the data key; the anchor, sealed by the same key, does so for the end of the chain.
"""

import hashlib
import hmac
import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from types import MappingProxyType

from sqlalchemy import RowMapping, delete, func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from adapters.storage.tables import anchors, events
from bot.escalation.model import Event, LoggedEvent


@dataclass(frozen=True, slots=True)
class Link:
    """An event as it is kept, text for text."""

    escalation: str
    seq: int
    kind: str
    at: str
    data: str

    def hash_after(self, before: str, audit_key: bytes) -> str:
        """Return the event's hash, where `before` is the hash of the one before it ("" for the first)."""
        return _keyed(audit_key, before, "event", self.escalation, self.seq, self.kind, self.at, self.data)


@dataclass(frozen=True, slots=True)
class Anchor:
    """How long a chain is and the hash of its last event. `dropped_at`: when a purge dropped the chain."""

    escalation: str
    length: int = 0
    last_hash: str = ""
    dropped_at: str | None = None

    def seal(self, audit_key: bytes) -> str:
        """Return what nobody can make without the key."""
        return _keyed(audit_key, "", "anchor", self.escalation, self.length, self.last_hash, self.dropped_at)


async def begin(connection: AsyncConnection, escalation: str, first: Sequence[Event], audit_key: bytes) -> None:
    """Begin the chain of a new escalation with its first events, and lay the anchor."""
    anchor = await _write(connection, Anchor(escalation), first, audit_key)
    await connection.execute(insert(anchors).values(_anchor_row(anchor, audit_key)))


async def append(connection: AsyncConnection, escalation: str, new: Sequence[Event], audit_key: bytes) -> None:
    """Add events to the chain of an escalation.

    Where the anchor is missing or was tampered with the events are kept all the same, for people wait on them, but
    the anchor is left as it is: a new one would hide what was done.
    """
    if new:
        end, is_sound = await _end_of_chain(connection, escalation, audit_key)
        anchor = await _write(connection, end, new, audit_key)
        if is_sound:
            await _move(connection, anchor, audit_key)


async def drop(connection: AsyncConnection, escalation: str, now: datetime, audit_key: bytes) -> None:
    """Delete a whole chain; its anchor stays, with the length and the last hash it had."""
    row = (await connection.execute(select(anchors).where(anchors.c.escalation == escalation))).mappings().first()
    await connection.execute(delete(events).where(events.c.escalation == escalation))
    if row and is_sealed(row, audit_key):
        await _move(connection, replace(anchor_of(row), dropped_at=now.isoformat()), audit_key)


async def log_of(connection: AsyncConnection, escalation: str) -> Sequence[LoggedEvent]:
    """Return the events of an escalation, oldest first."""
    rows = await connection.execute(select(events).where(events.c.escalation == escalation).order_by(events.c.seq))
    return [_logged(row) for row in rows.mappings()]


def anchor_of(row: RowMapping) -> Anchor:
    """Return the anchor of a row."""
    return Anchor(row["escalation"], row["length"], row["last_hash"], row["dropped_at"])


def link_of(row: RowMapping) -> Link:
    """Return the link of a row."""
    return Link(row["escalation"], row["seq"], row["kind"], row["at"], row["data"])


def is_sealed(row: RowMapping, audit_key: bytes) -> bool:
    """Tell whether an anchor is as Signpost wrote it."""
    return hmac.compare_digest(anchor_of(row).seal(audit_key).encode(), row["seal"].encode())


async def _write(connection: AsyncConnection, end: Anchor, new: Sequence[Event], audit_key: bytes) -> Anchor:
    """Write events behind the end of a chain; return its new end."""
    rows = []
    for event in new:
        data = json.dumps(dict(event.data), sort_keys=True, separators=(",", ":"))
        link = Link(end.escalation, end.length + 1, event.kind, event.at.astimezone(UTC).isoformat(), data)
        end = replace(end, length=link.seq, last_hash=link.hash_after(end.last_hash, audit_key))
        rows.append({**asdict(link), "hash": end.last_hash})
    if rows:
        await connection.execute(insert(events), rows)
    return end


async def _end_of_chain(connection: AsyncConnection, escalation: str, audit_key: bytes) -> tuple[Anchor, bool]:
    """Return the end of a chain, and whether the anchor there is sound."""
    last = select(func.max(events.c.seq)).where(events.c.escalation == escalation).scalar_subquery()
    laid = await connection.execute(select(anchors, last.label("last")).where(anchors.c.escalation == escalation))
    row = laid.mappings().first()
    if row and is_sealed(row, audit_key):
        anchor = anchor_of(row)
        # Further events than the anchor knows of were put there by somebody: they stay where they are, and are found.
        return replace(anchor, length=max(anchor.length, row["last"] or 0)), True
    log = select(events.c.seq, events.c.hash).where(events.c.escalation == escalation)
    end = (await connection.execute(log.order_by(events.c.seq.desc()).limit(1))).first()
    return (Anchor(escalation, end.seq, end.hash) if end else Anchor(escalation)), False


async def _move(connection: AsyncConnection, anchor: Anchor, audit_key: bytes) -> None:
    await connection.execute(
        update(anchors).where(anchors.c.escalation == anchor.escalation).values(_anchor_row(anchor, audit_key))
    )


def _anchor_row(anchor: Anchor, audit_key: bytes) -> dict[str, object]:
    return {**asdict(anchor), "seal": anchor.seal(audit_key)}


def _logged(row: RowMapping) -> LoggedEvent:
    event = Event(row["kind"], datetime.fromisoformat(row["at"]), MappingProxyType(json.loads(row["data"])))
    return LoggedEvent(row["escalation"], row["seq"], event, row["hash"])


def _keyed(key: bytes, before: str, *parts: object) -> str:
    return hmac.new(key, (before + json.dumps(parts, separators=(",", ":"))).encode(), hashlib.sha256).hexdigest()
