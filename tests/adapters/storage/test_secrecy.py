"""No word and no name stands anywhere but sealed (RS-88; design.md, section 8)."""

import base64
import logging
from dataclasses import replace

import pytest

from adapters.storage.store import SqlStore
from bot.escalation.errors import StoreError
from bot.escalation.model import Address, Card, Entry, EntryKind, Feedback, Person
from tests.adapters.storage.conftest import KEY, DatabaseFile
from tests.contract.values import MINUTE, NOW, delivery, opening, sent, step, turn

CANARY = "Xylophone-Quagmire"


async def _tell(store: SqlStore) -> None:
    """Put the canary wherever words or names go."""
    first = await store.commit(replace(opening(text=f"He said {CANARY}."), people=(Person("slack", "U1", CANARY),)))
    reply = Entry(EntryKind.REPLY, "key", CANARY, NOW + MINUTE, 2, "dsl")
    await store.commit(replace(step(first, "replied"), entries=(reply,)))
    await store.remember(turn(text=CANARY))
    await store.note(Feedback("model", "unanswered", None, CANARY, NOW))


async def test_words_and_names_cannot_be_read_from_the_files(store: SqlStore, file: DatabaseFile) -> None:
    """Neither the database nor what lies beside it holds a word or a name, in plain text or in base64."""
    await _tell(store)
    content = file.bytes()
    assert b"REF-one" in content
    for shift in range(3):
        assert base64.b64encode(b" " * shift + CANARY.encode())[4:20] not in content
    assert CANARY.encode() not in content
    assert CANARY.encode("utf-16-le") not in content
    assert [entry.text for entry in await store.entries("id-one")] == [f"He said {CANARY}.", CANARY]


async def test_nobodys_id_can_be_read_from_the_files(store: SqlStore, file: DatabaseFile) -> None:
    """Who was told, where, and in which message: neither the platform's ids nor the lane, at any stage."""
    place, inbox = Address("slack", CANARY, "place", "dsl"), Address("mail", f"{CANARY}@school.example", role="dsl")
    told, raised = (place, inbox), opening()
    queued = tuple(replace(delivery(f"d{n}"), address=address) for n, address in enumerate(told))
    after = replace(raised.after, told=told, cards=(Card(place, CANARY),))
    opened = await store.commit(replace(raised, after=after, deliveries=queued))
    (first, second) = await store.claim_deliveries("worker", NOW, NOW + MINUTE, ())
    await store.put_back(replace(first, fault="later"))
    await store.commit(replace(step(opened), settled=(replace(sent(second), message_id=CANARY),)))
    assert await store.delivered_to(inbox.lane, 1) == [replace(sent(second), message_id=CANARY)]
    assert CANARY.encode() not in file.bytes()
    # Nor can the lane be compared with the key of a person, which other tables hold.
    lanes = {lane for (lane,) in file.run("SELECT lane FROM deliveries")}
    assert len(lanes) == 2
    assert lanes.isdisjoint({KEY.pseudonyms.key(place.lane), KEY.pseudonyms.key(inbox.lane)})


async def test_words_and_names_stand_in_no_log(store: SqlStore, caplog: pytest.LogCaptureFixture) -> None:
    """Not even where an operator turns every log of the database on."""
    with caplog.at_level(logging.DEBUG):
        await _tell(store)
        await store.entries("id-one")
    assert caplog.records
    assert CANARY not in caplog.text


async def test_an_error_repeats_nothing_of_what_was_to_be_written(store: SqlStore) -> None:
    """A step that fails leaves neither words nor parameters in the error, nor in what led to it."""
    await store.commit(opening(text=CANARY))
    with pytest.raises(StoreError) as caught:
        await store.commit(opening("two", text=CANARY, reference="REF-one"))
    assert str(caught.value) == "the database cannot be used (IntegrityError SQLITE_CONSTRAINT_UNIQUE)"
    shown = str(caught.getrepr(style="long", chain=True))
    assert "IntegrityError" in shown
    assert CANARY not in shown
    assert "source-two" not in shown
