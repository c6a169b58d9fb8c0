"""What is deleted when: by the clock, from the tables and from the files (RS-89; design.md, section 8)."""

import sqlite3
from contextlib import closing
from dataclasses import astuple, replace

import pytest

from adapters.storage.engine import PRAGMAS
from adapters.storage.purge import Purged
from adapters.storage.store import SqlStore, open_store
from bot.escalation.errors import StoreError
from bot.escalation.model import Change, Entry, EntryKind, Feedback, State
from bot.escalation.ports import Claim
from tests.adapters.storage.conftest import KEY, DatabaseFile
from tests.contract.postgres import fresh_postgres_url
from tests.contract.values import ASKER, DAY, MINUTE, NOW, SECOND, delivery, opening, resolved, step, turn

YEAR = 365 * DAY
NOTHING = Purged(event_keys=0, turns=0, words=0, entries=0, escalations=0, names=0)
COUNT = "SELECT count(*) FROM {}"
ASKER_KEY = KEY.pseudonyms.key("slack:U1")


async def _resolved(store: SqlStore, name: str = "one", text: str = "It hurts.") -> None:
    """Write an escalation with words, and resolve it."""
    asked = opening(name, text=text, deliveries=(delivery(f"d-{name}", of=name),), asker=ASKER_KEY)
    await store.commit(resolved(await store.commit(asked), NOW))


async def test_a_new_store_has_nothing_to_purge(store: SqlStore) -> None:
    """Purging finds nothing, and finds nothing again."""
    assert await store.purge(NOW) == NOTHING
    assert await store.purge(NOW) == NOTHING


async def test_event_keys_are_kept_for_a_week(store: SqlStore) -> None:
    """A copy of an event that comes within seven days is known."""
    await store.claim("event", NOW)
    await store.finish("event", NOW)
    assert await store.purge(NOW + 7 * DAY - SECOND) == NOTHING
    assert await store.claim("event", NOW + 7 * DAY - SECOND) is Claim.DONE
    assert await store.purge(NOW + 7 * DAY) == replace(NOTHING, event_keys=1)
    assert await store.claim("event", NOW + 7 * DAY) is Claim.NEW


async def test_an_event_that_a_step_answered_is_kept_from_the_step_on(store: SqlStore) -> None:
    """An old escalation does not make the event of a new step old."""
    first = await store.commit(opening(opened_at=NOW - 30 * DAY))
    await store.commit(replace(step(first, "replied", at=NOW), event_key="event"))
    assert await store.purge(NOW + DAY) == NOTHING
    assert await store.claim("event", NOW + DAY) is Claim.DONE


async def test_turns_are_kept_for_a_day(store: SqlStore, file: DatabaseFile) -> None:
    """After that the row is gone, not only hidden."""
    await store.remember(turn())
    assert await store.purge(NOW + DAY - SECOND) == NOTHING
    assert await store.purge(NOW + DAY) == replace(NOTHING, turns=1)
    assert file.run("SELECT count(*) FROM turns") == [(0,)]


async def test_the_words_of_feedback_are_kept_for_thirty_days(store: SqlStore, file: DatabaseFile) -> None:
    """That somebody found no answer is counted for a year; the words go after 30 days."""
    await store.note(Feedback("model", "unanswered", None, "what about [a person]?", NOW))
    await store.note(Feedback("model", "helped", "clause", None, NOW))
    assert await store.purge(NOW + 30 * DAY - SECOND) == NOTHING
    assert await store.purge(NOW + 30 * DAY) == replace(NOTHING, words=1)
    assert file.run("SELECT kind, clause, words FROM feedback") == [
        ("unanswered", None, None),
        ("helped", "clause", None),
    ]
    await store.purge(NOW + YEAR)
    assert file.run("SELECT count(*) FROM feedback") == [(0,)]


async def test_the_words_of_an_escalation_go_thirty_days_after_it_was_resolved(store: SqlStore) -> None:
    """The thread goes; the escalation, its log and the names stay."""
    await _resolved(store)
    assert await store.purge(NOW + 30 * DAY - SECOND) == NOTHING
    assert await store.purge(NOW + 30 * DAY) == replace(NOTHING, entries=1)
    assert list(await store.entries("id-one")) == []
    assert len(await store.events("id-one")) == 2
    assert await store.person(ASKER_KEY) == ASKER


async def test_what_is_not_resolved_is_never_purged(store: SqlStore) -> None:
    """However old it is: somebody still waits. One that was reopened waits again."""
    await store.commit(opening("open", text="It hurts."))
    await _resolved(store, "reopened")
    again = await store.escalation("id-reopened")
    assert again is not None
    await store.commit(step(again, "reopened", state=State.DELIVERED, resolved_at=None))
    assert await store.purge(NOW + 10 * YEAR) == NOTHING
    assert len(await store.entries("id-open")) == len(await store.entries("id-reopened")) == 1


async def test_a_year_after_it_was_resolved_all_of_an_escalation_goes(store: SqlStore, file: DatabaseFile) -> None:
    """Escalation, thread, deliveries, log and names are gone; of the log the anchor is left."""
    await _resolved(store)
    assert (await store.purge(NOW + YEAR - SECOND)).escalations == 0
    assert await store.purge(NOW + YEAR) == replace(NOTHING, escalations=1, names=1)
    assert await store.escalation("id-one") is None
    assert await store.person(ASKER_KEY) is None
    tables = ("escalations", "entries", "events", "deliveries", "people", "involvements", "anchors")
    assert [file.run(COUNT.format(table)) for table in tables] == [[(0,)]] * 6 + [[(1,)]]
    assert (await store.verify()).is_sound


@pytest.mark.parametrize("part", ["asker", "holder", "author", "named"])
async def test_a_name_stays_while_any_escalation_needs_it(store: SqlStore, part: str) -> None:
    """A name is kept for a younger escalation that refers to it, whether or not that one brought it."""
    await _resolved(store, "old")
    young = opening("young", asker=ASKER_KEY if part == "asker" else "another")
    held = await store.commit(replace(young, people=()))
    reply = Entry(EntryKind.REPLY, ASKER_KEY if part == "author" else "another", "Come in.", NOW, 1)
    after = replace(held, holder=ASKER_KEY if part == "holder" else None)
    await store.commit(Change(held, after, entries=(reply,), people=(ASKER,) if part == "named" else ()))
    assert await store.purge(NOW + YEAR) == replace(NOTHING, escalations=1)
    assert await store.person(ASKER_KEY) == ASKER


async def test_purged_words_are_gone_from_the_files(store: SqlStore, file: DatabaseFile) -> None:
    """Neither the database nor its write-ahead log holds a byte of a sealed text once it was purged."""
    filler = "A long story about something else. " * 100
    for n in range(10):
        await store.commit(opening(f"other-{n}", text=filler))
    await _resolved(store, text=filler * 5)
    await store.remember(turn())
    sealed = [
        *file.run("SELECT words FROM entries WHERE escalation = 'id-one'"),
        *file.run("SELECT turn FROM turns"),
    ]
    # A long text lies on many pages, whole nowhere: any piece of it counts.
    pieces = [text[at : at + 24].encode() for (text,) in sealed for at in range(0, len(text) - 24, 24)]
    before = file.bytes()
    assert sum(piece in before for piece in pieces) > len(pieces) * 0.9
    await store.purge(NOW + 30 * DAY)
    after = file.bytes()
    assert not any(piece in after for piece in pieces)
    assert (file.path.with_name(file.path.name + "-wal")).stat().st_size == 0
    assert file.run("PRAGMA freelist_count") == [(0,)]  # and the room is given back


async def test_words_that_a_backup_keeps_in_the_files_are_told(
    file: DatabaseFile, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where another program reads the log the purge is done, and an error says that the files still hold the words."""
    monkeypatch.setitem(PRAGMAS, "busy_timeout", 20)
    store = await open_store(file.url, KEY)
    await _resolved(store)
    with closing(sqlite3.connect(file.path)) as reader:
        reader.execute("BEGIN")
        reader.execute("SELECT * FROM entries").fetchall()
        with pytest.raises(StoreError, match="still in the write-ahead log"):
            await store.purge(NOW + 30 * DAY)
    assert await store.purge(NOW + 30 * DAY) == NOTHING
    assert (file.path.with_name(file.path.name + "-wal")).stat().st_size == 0
    await store.close()


async def test_postgresql_is_purged_alike() -> None:
    """The same clock, the same counts."""
    store = await open_store(fresh_postgres_url(), KEY)
    await _resolved(store)
    await store.remember(turn())
    await store.claim("event", NOW)
    await store.note(Feedback("model", "unanswered", None, "words", NOW))
    assert astuple(await store.purge(NOW + MINUTE)) == (0, 0, 0, 0, 0, 0)
    assert astuple(await store.purge(NOW + 30 * DAY)) == (1, 1, 1, 1, 0, 0)
    assert astuple(await store.purge(NOW + YEAR)) == (0, 0, 0, 0, 1, 1)
    assert (await store.verify()).is_sound
    await store.close()
