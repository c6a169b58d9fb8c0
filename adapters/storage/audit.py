"""Checks the logs: every event against its hash, every chain against its anchor, every escalation against its chain.

What cannot be read any more, of escalations and deliveries, is named too: the courier passes it over.
"""

import hashlib
import json
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from dataclasses import dataclass, replace

from sqlalchemy import RowMapping, select
from sqlalchemy.ext.asyncio import AsyncConnection

from adapters.storage.chain import Anchor, anchor_of, is_sealed, link_of
from adapters.storage.crypto import DataKey
from adapters.storage.rows import delivery_of, escalation_of
from adapters.storage.tables import anchors, deliveries, escalations, events
from bot.escalation.errors import StoreError

# Finding out where a moved event stood takes the cube of the log's length.
_TRIED = 100


@dataclass(frozen=True, slots=True)
class AuditReport:
    """What a check of the logs found. `faults` are sentences.

    `digest` sums up all anchors: while nothing is written it stays the same, so a digest noted elsewhere shows later
    whether the whole database was put back to an older state.
    """

    chains: int
    events: int
    faults: tuple[str, ...]
    digest: str

    @property
    def is_sound(self) -> bool:
        """Whether nothing was found."""
        return not self.faults


async def verify(connection: AsyncConnection, data_key: DataKey) -> AuditReport:
    """Check every chain and every row. The connection must show one state of the database throughout."""
    kept = await connection.execute(select(escalations.c.id, escalations.c.reference))
    references: dict[str, str] = {row["id"]: row["reference"] for row in kept.mappings()}
    laid = {row["escalation"]: row for row in (await connection.execute(select(anchors))).mappings()}
    chains: dict[str, list[RowMapping]] = {}
    logged = await connection.execute(select(events).order_by(events.c.escalation, events.c.seq))
    for link in logged.mappings():
        chains.setdefault(link["escalation"], []).append(link)
    known = sorted({*references, *laid, *chains})
    faults = tuple(
        f"{references.get(key, f'escalation {key}')}: {fault}"
        for key in known
        for fault in _faults(laid.get(key), chains.get(key, []), key in references, data_key.audit)
    )
    faults += tuple([f"{references[key]}: {fault}" async for key, fault in _damaged(connection, data_key)])
    return AuditReport(len(known), sum(map(len, chains.values())), faults, _digest(laid))


async def _damaged(connection: AsyncConnection, data_key: DataKey) -> AsyncIterator[tuple[str, str]]:
    """Name the escalations and deliveries that cannot be read, each with the id of its escalation."""
    for row in (await connection.execute(select(escalations).order_by(escalations.c.id))).mappings():
        if not _opens(escalation_of, row, data_key):
            yield row["id"], "the escalation cannot be read: its row was damaged"
    listed = select(deliveries).order_by(deliveries.c.escalation, deliveries.c.id)
    for row in (await connection.execute(listed)).mappings():
        if not _opens(delivery_of, row, data_key):
            yield row["escalation"], f"delivery {row['id']} cannot be read: its row was damaged"


def _opens(read: Callable[[RowMapping, DataKey], object], row: RowMapping, data_key: DataKey) -> bool:
    try:
        read(row, data_key)
    except StoreError:
        return False
    return True


def _faults(
    anchor_row: RowMapping | None, rows: Sequence[RowMapping], is_kept: bool, audit_key: bytes
) -> Iterator[str]:
    """Name what is wrong with one chain."""
    yield from _broken_links(rows, audit_key)
    if anchor_row is None:
        yield "the anchor is missing" if rows else "the anchor and all events are missing"
        return
    if not is_sealed(anchor_row, audit_key):
        yield "the anchor was changed"
        return
    anchor = anchor_of(anchor_row)
    if anchor.dropped_at:
        if rows or is_kept:
            yield "the log was dropped by a purge, yet parts of it are here"
        return
    if not is_kept:
        yield "the escalation is missing, and no purge took it"
    yield from _broken_end(anchor, rows)


def _broken_links(rows: Sequence[RowMapping], audit_key: bytes) -> Iterator[str]:
    """Name the events that are missing, that were moved and that were changed.

    An event is checked against the hash of the one before it: as that one has it stored, or as it should be, so that
    one changed hash is one fault. After a gap there is nothing to check the next event against, and the gap is told.
    """
    hashes = {"", *(row["hash"] for row in rows)}
    before, expected, is_broken = {""}, 1, False
    for row in rows:
        link, seq = link_of(row), row["seq"]
        if seq > expected:
            yield f"{_events(expected, seq - 1)} missing"
        computed = {link.hash_after(one, audit_key) for one in before}
        is_right = row["hash"] in computed
        if seq == expected and not is_right:
            stood_at = _places(row, hashes, audit_key)
            # One that was right here, after an event that has been moved or changed, has no fault of its own.
            if not (is_broken and seq in stood_at):
                yield f"event {seq} was {'moved' if stood_at else 'changed'}"
            is_broken = True
        is_broken = is_broken or seq != expected
        before, expected = {row["hash"]} if is_right else {row["hash"], *computed}, seq + 1


def _places(row: RowMapping, hashes: set[str], audit_key: bytes) -> set[int]:
    """Return the places in the log for which the hash of an event is right; of long logs, none are tried."""
    if len(hashes) > _TRIED:
        return set()
    link = link_of(row)
    return {
        seq
        for seq in range(1, 2 * len(hashes))
        for before in hashes
        if replace(link, seq=seq).hash_after(before, audit_key) == row["hash"]
    }


def _broken_end(anchor: Anchor, rows: Sequence[RowMapping]) -> Iterator[str]:
    last = rows[-1] if rows else None
    length = last["seq"] if last else 0
    if length == 0 and anchor.length > 0:
        yield f"all {anchor.length} events are missing"
        return
    if length < anchor.length:
        yield f"{_events(length + 1, anchor.length)} missing, at the end of the log"
    if length > anchor.length:
        yield f"the log was continued after event {anchor.length}, and not by Signpost"
    if last and length == anchor.length and last["hash"] != anchor.last_hash:
        yield f"event {length} does not end the log as the anchor says"


def _events(first: int, last: int) -> str:
    return f"event {first} is" if first == last else f"events {first} to {last} are"


def _digest(laid: dict[str, RowMapping]) -> str:
    lines = (json.dumps(list(laid[key].values())) for key in sorted(laid))
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()
