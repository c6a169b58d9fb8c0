"""The check of the logs: whatever somebody does to them in the file, it is found and named (RS-92)."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from adapters.storage.store import SqlStore
from bot.escalation.model import Escalation
from tests.adapters.storage.conftest import DatabaseFile
from tests.contract.values import DAY, NOW, SECOND, opening, resolved, step

CHANGE = "UPDATE events SET {} WHERE escalation = 'id-one' AND seq = 2"
READ = "SELECT {} FROM events WHERE escalation = 'id-one' AND seq = ?"
WRITE = "UPDATE events SET {} = CAST(? AS TEXT) WHERE escalation = 'id-one' AND seq = ?"


@pytest.fixture
async def logged(store: SqlStore) -> Escalation:
    """Write two escalations, the first with a log of five events."""
    one = await store.commit(opening("one"))
    await store.commit(opening("two"))
    one = await store.commit(step(one, "delivered", at=NOW + SECOND))
    return await store.commit(step(one, "words-opened", "chased", "acknowledged", at=NOW + 2 * SECOND))


async def _faults(store: SqlStore) -> tuple[str, ...]:
    return (await store.verify()).faults


async def test_logs_as_signpost_wrote_them_are_sound(store: SqlStore, logged: Escalation) -> None:
    """Every chain and every event is counted, and nothing is found."""
    report = await store.verify()
    assert (report.chains, report.events, report.faults, report.is_sound) == (2, 6, (), True)


async def test_an_empty_store_is_sound(store: SqlStore) -> None:
    """Where nothing was written there is nothing to find."""
    assert (await store.verify()).is_sound


async def test_the_digest_changes_with_every_event_and_with_nothing_else(store: SqlStore, logged: Escalation) -> None:
    """A digest noted elsewhere shows that a database was put back to an older state."""
    first = (await store.verify()).digest
    assert (await store.verify()).digest == first
    await store.commit(step(logged, "resolved"))
    assert (await store.verify()).digest != first


CHANGES = {
    "a kind": "kind = 'resolved'",
    "a time": "at = '2026-11-02T10:00:02.123456+00:00'",
    "a fact": """data = '{"by":"somebody"}'""",
    "a hash": "hash = replace(hash, substr(hash, 5, 1), 'x')",
    "no hash": "hash = ''",
    "a byte that is no letter": "kind = CAST(x'64656c697665726564ff' AS TEXT)",
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES.keys())
async def test_a_changed_event_is_named(store: SqlStore, file: DatabaseFile, logged: Escalation, change: str) -> None:
    """Whatever part of an event is changed, that event is named, and none of the others."""
    file.run(CHANGE.format(change))
    assert await _faults(store) == ("REF-one: event 2 was changed",)


async def test_the_last_event_is_guarded_like_any_other(
    store: SqlStore, file: DatabaseFile, logged: Escalation
) -> None:
    """Changing its text or its hash is found."""
    file.run(WRITE.format("kind"), "resolved", 5)
    assert await _faults(store) == ("REF-one: event 5 was changed",)
    file.run(WRITE.format("kind"), "acknowledged", 5)
    file.run(WRITE.format("hash"), "x", 5)
    assert await _faults(store) == (
        "REF-one: event 5 was changed",
        "REF-one: event 5 does not end the log as the anchor says",
    )


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=30)
@given(column=st.sampled_from(["kind", "at", "data", "hash"]), seq=st.integers(1, 5), where=st.data())
async def test_any_flipped_bit_is_found(
    store: SqlStore, file: DatabaseFile, logged: Escalation, column: str, seq: int, where: st.DataObject
) -> None:
    """One bit in any byte of any event is enough."""
    ((text,),) = file.run(READ.format(column), seq)
    content = bytearray(text.encode())
    bit = where.draw(st.integers(0, len(content) * 8 - 1))
    content[bit // 8] ^= 1 << bit % 8
    file.run(WRITE.format(column), bytes(content), seq)
    assert f"REF-one: event {seq} was changed" in await _faults(store)
    file.run(WRITE.format(column), text, seq)
    assert await _faults(store) == ()


TAMPERINGS = {
    "an event taken out": (
        "DELETE FROM events WHERE escalation = 'id-one' AND seq = 3",
        ("event 3 is missing",),
    ),
    "several events taken out": (
        "DELETE FROM events WHERE escalation = 'id-one' AND seq IN (2, 3)",
        ("events 2 to 3 are missing",),
    ),
    "the first event taken out": (
        "DELETE FROM events WHERE escalation = 'id-one' AND seq = 1",
        ("event 1 is missing",),
    ),
    "the last event taken out": (
        "DELETE FROM events WHERE escalation = 'id-one' AND seq = 5",
        ("event 5 is missing, at the end of the log",),
    ),
    "the last two taken out": (
        "DELETE FROM events WHERE escalation = 'id-one' AND seq > 3",
        ("events 4 to 5 are missing, at the end of the log",),
    ),
    "all events taken out": ("DELETE FROM events WHERE escalation = 'id-one'", ("all 5 events are missing",)),
    "the anchor taken out": ("DELETE FROM anchors WHERE escalation = 'id-one'", ("the anchor is missing",)),
    "an anchor set back with the last event": (
        "DELETE FROM events WHERE escalation = 'id-one' AND seq = 5;"
        "UPDATE anchors SET length = 4, last_hash = hash FROM events"
        " WHERE events.escalation = anchors.escalation AND anchors.escalation = 'id-one' AND seq = 4",
        ("the anchor was changed",),
    ),
    "an anchor that says a purge dropped the log": (
        "DELETE FROM events WHERE escalation = 'id-one';"
        "UPDATE anchors SET dropped_at = '2027-11-02T00:00:00+00:00' WHERE escalation = 'id-one'",
        ("the anchor was changed",),
    ),
    "the whole log with its anchor": (
        "DELETE FROM events WHERE escalation = 'id-one'; DELETE FROM anchors WHERE escalation = 'id-one'",
        ("the anchor and all events are missing",),
    ),
    "an event added": (
        "INSERT INTO events VALUES ('id-one', 6, 'resolved', '2026-11-02T10:00:00+00:00', '{}', 'hash')",
        ("event 6 was changed", "the log was continued after event 5, and not by Signpost"),
    ),
    "an event added far behind": (
        "INSERT INTO events VALUES ('id-one', 1000000000, 'resolved', '', '', '')",
        ("events 6 to 999999999 are missing", "the log was continued after event 5, and not by Signpost"),
    ),
    "two events that changed places": (
        "UPDATE events SET seq = 100 WHERE escalation = 'id-one' AND seq = 2;"
        "UPDATE events SET seq = 2 WHERE escalation = 'id-one' AND seq = 3;"
        "UPDATE events SET seq = 3 WHERE escalation = 'id-one' AND seq = 100",
        ("event 2 was moved", "event 3 was moved"),
    ),
    "an event taken out and the gap closed": (
        "DELETE FROM events WHERE escalation = 'id-one' AND seq = 3;"
        "UPDATE events SET seq = seq - 1 WHERE escalation = 'id-one' AND seq > 3",
        ("event 3 was changed", "event 4 was moved", "event 5 is missing, at the end of the log"),
    ),
    "an event copied from another log": (
        "UPDATE events SET kind = two.kind, at = two.at, data = two.data, hash = two.hash FROM events AS two"
        " WHERE two.escalation = 'id-two' AND events.escalation = 'id-one' AND events.seq = 2",
        ("event 2 was changed", "event 3 was changed"),
    ),
    "the escalation without its log": (
        "DELETE FROM escalations WHERE id = 'id-one'",
        ("the escalation is missing, and no purge took it",),
    ),
}


@pytest.mark.parametrize(("tampering", "faults"), TAMPERINGS.values(), ids=TAMPERINGS.keys())
async def test_what_was_done_to_a_log_is_named(
    store: SqlStore, file: DatabaseFile, logged: Escalation, tampering: str, faults: tuple[str, ...]
) -> None:
    """Each way to tamper with a log is found, and the log and the event are named."""
    for statement in tampering.split(";"):
        file.run(statement)
    named = "escalation id-one" if "FROM escalations" in tampering else "REF-one"
    assert await _faults(store) == tuple(f"{named}: {fault}" for fault in faults)


@pytest.mark.parametrize(
    "tampering",
    [
        TAMPERINGS["the last event taken out"],
        TAMPERINGS["the anchor taken out"],
        TAMPERINGS["an anchor set back with the last event"],
        TAMPERINGS["the whole log with its anchor"],
        TAMPERINGS["an event added"],
    ],
)
async def test_going_on_neither_stops_nor_hides_it(
    store: SqlStore, file: DatabaseFile, logged: Escalation, tampering: tuple[str, tuple[str, ...]]
) -> None:
    """The escalation goes on, for people wait on it; what was done to its log is still found afterwards."""
    for statement in tampering[0].split(";"):
        file.run(statement)
    await store.commit(step(logged, "resolved"))
    assert (await store.events("id-one"))[-1].event.kind == "resolved"
    assert await _faults(store) != ()


async def test_a_log_that_a_purge_dropped_leaves_its_last_hash(
    store: SqlStore, file: DatabaseFile, logged: Escalation
) -> None:
    """The anchor tells what was there; an event that turns up again is a fault."""
    await store.commit(resolved(logged, NOW))
    last = (await store.events("id-one"))[-1].hash
    await store.purge(NOW + 365 * DAY)
    assert file.run("SELECT length, last_hash, dropped_at FROM anchors WHERE escalation = 'id-one'") == [
        (6, last, (NOW + 365 * DAY).isoformat())
    ]
    report = await store.verify()
    assert (report.chains, report.events, report.faults) == (2, 1, ())
    file.run("INSERT INTO events VALUES ('id-one', 1, 'opened', '2026-11-02T10:00:00+00:00', '{}', 'hash')")
    assert "escalation id-one: the log was dropped by a purge, yet parts of it are here" in await _faults(store)


async def test_a_purge_does_not_hide_it_either(store: SqlStore, file: DatabaseFile, logged: Escalation) -> None:
    """An anchor that was changed stays as it is, and is found, also once the log is dropped."""
    await store.commit(resolved(logged, NOW))
    file.run("UPDATE anchors SET length = 2 WHERE escalation = 'id-one'")
    await store.purge(NOW + 365 * DAY)
    assert await _faults(store) == ("escalation id-one: the anchor was changed",)
