"""What every store promises of escalations: bot/escalation/ports.py."""

import asyncio
from dataclasses import fields, replace
from datetime import timedelta

import pytest

from adapters.storage.crypto import DataKey
from bot.escalation.errors import StaleError, StoreError
from bot.escalation.model import (
    Address,
    Card,
    Change,
    DeliveryKind,
    DeliveryState,
    Entry,
    EntryKind,
    Escalation,
    Person,
    Resolution,
    Sight,
    State,
)
from bot.escalation.ports import Claim, Store, Wanted
from tests.contract.values import ASKER, DAY, MINUTE, NOW, SECOND, delivery, escalation, opening, resolved, sent, step


async def test_an_opened_escalation_is_found_by_id_and_by_reference(store: Store) -> None:
    """What was opened comes back as it was written, at version 1."""
    written = await store.commit(opening())
    assert written == replace(escalation(), version=1)
    assert await store.escalation("id-one") == written
    assert await store.by_reference("REF-one") == written


async def test_an_unknown_escalation_is_none(store: Store) -> None:
    """An id, a reference or a key that was never written finds nothing."""
    assert await store.escalation("none") is None
    assert await store.by_reference("none") is None
    assert await store.person("none") is None
    assert list(await store.events("none")) == []
    assert list(await store.entries("none")) == []
    assert list(await store.deliveries("none")) == []


async def test_every_field_comes_back(store: Store) -> None:
    """An escalation late in its life comes back with every field as it was."""
    late = escalation(
        staff=False,
        state=State.RESOLVED,
        excluded=("token-a", "token-b"),
        told=(Address("slack", "C0SAFE", "place"), Address("teams", "29:x", role="deputy-dsl")),
        cards=(Card(Address("slack", "C0SAFE", "place", "dsl"), "1730541600.000100"),),
        seen=(Sight("dsl", NOW + SECOND),),
        holder="key-of-holder",
        holder_role="dsl",
        delivered_at=NOW + SECOND,
        acknowledged_at=NOW + 2 * SECOND,
        progress_at=NOW + 3 * SECOND,
        replied_role="deputy-dsl",
        replied_at=NOW + 3 * SECOND,
        resolved_at=NOW + 4 * SECOND,
        resolution=Resolution.HANDLED,
        waiting_since=NOW - SECOND,
        entries=3,
        chased=2,
        asked_again=1,
        warned=True,
        version=7,
    )
    plain = escalation()
    untouched = {"id", "reference", "source", "school", "category", "certainty", "urgent", "route", "platform"}
    same = {field.name for field in fields(Escalation) if getattr(late, field.name) == getattr(plain, field.name)}
    assert same == untouched | {"asker", "opened_at", "next_at"}
    first = await store.commit(opening())
    assert await store.commit(Change(first, late)) == replace(late, version=2)
    assert await store.escalation("id-one") == replace(late, version=2)


async def test_a_source_opens_one_escalation(store: Store) -> None:
    """Opening again with a source already known returns the earlier escalation, and nothing is written."""
    first = await store.commit(opening())
    again = replace(
        opening("two", "other words", (delivery("d2", of="two"),)), after=escalation("two", source="source-one")
    )
    assert await store.commit(replace(again, people=(Person("slack", "U2", "Mr Other"),), event_key="event")) == first
    assert await store.escalation("id-two") is None
    assert await store.deliveries("id-two") == []
    assert await store.entries("id-two") == []
    assert len(await store.events("id-one")) == 1
    assert await store.claim("event", NOW) is Claim.NEW


async def test_fifty_openings_at_once_open_one(store: Store) -> None:
    """Of 50 parallel openings with one source, one is written, and all return it."""
    openings = [replace(opening(str(n)), after=escalation(str(n), source="source")) for n in range(50)]
    written = await asyncio.gather(*map(store.commit, openings))
    assert len({one.id for one in written}) == 1
    assert await store.escalations(Wanted()) == [written[0]]
    assert len(await store.events(written[0].id)) == 1


async def test_an_escalation_that_changed_meanwhile_is_stale(store: Store) -> None:
    """A step from an old version raises StaleError, and nothing of it is written."""
    first = await store.commit(opening())
    second = await store.commit(step(first, "delivered", state=State.DELIVERED))
    assert second.version == 2
    with pytest.raises(StaleError):
        await store.commit(
            replace(
                step(first, "acknowledged", state=State.ACKNOWLEDGED), deliveries=(delivery("d1"),), event_key="event"
            )
        )
    assert await store.escalation("id-one") == second
    assert [logged.event.kind for logged in await store.events("id-one")] == ["opened", "delivered"]
    assert await store.deliveries("id-one") == []
    assert await store.claim("event", NOW) is Claim.NEW


async def test_of_steps_taken_at_once_one_is_written(store: Store) -> None:
    """Of 20 parallel steps from one version, one succeeds and 19 are stale."""
    first = await store.commit(opening())
    steps = [step(first, "acknowledged", holder=f"key-{n}") for n in range(20)]
    results = await asyncio.gather(*map(store.commit, steps), return_exceptions=True)
    assert sum(isinstance(result, StaleError) for result in results) == 19
    written = next(result for result in results if isinstance(result, Escalation))
    assert await store.escalation("id-one") == written
    assert len(await store.events("id-one")) == 2


async def test_a_step_on_an_escalation_that_is_gone_is_stale(store: Store) -> None:
    """A step on something that is not in the store raises StaleError."""
    with pytest.raises(StaleError):
        await store.commit(step(escalation(version=1), "delivered"))


async def test_a_step_is_written_whole_or_not_at_all(store: Store) -> None:
    """Where one part of a step cannot be written, no part of it is."""
    first = await store.commit(opening(deliveries=(delivery("d1"),)))
    with pytest.raises(StoreError):
        await store.commit(replace(step(first, "chased", chased=1), deliveries=(delivery("d2"), delivery("d1"))))
    assert await store.escalation("id-one") == first
    assert len(await store.events("id-one")) == 1
    assert [one.id for one in await store.deliveries("id-one")] == ["d1"]


async def test_a_reference_names_one_escalation(store: Store) -> None:
    """A reference that is taken is refused, so that nobody reads out one that means two."""
    await store.commit(opening())
    with pytest.raises(StoreError):
        await store.commit(replace(opening("two"), after=escalation("two", reference="REF-one")))


async def test_lists_are_narrowed_and_ordered(store: Store) -> None:
    """Urgent ones come first, then the oldest; school, asker, state and time narrow the list."""
    await store.commit(opening("calm", urgent=False, opened_at=NOW - DAY))
    await store.commit(opening("late", opened_at=NOW + MINUTE))
    await store.commit(opening("early"))
    await store.commit(opening("elsewhere", school="other", asker="key-of-another"))
    done = await store.commit(opening("done", opened_at=NOW - 2 * DAY))
    await store.commit(resolved(done, NOW))

    async def names(wanted: Wanted) -> list[str]:
        return [one.id.removeprefix("id-") for one in await store.escalations(wanted)]

    assert await names(Wanted()) == ["done", "early", "elsewhere", "late", "calm"]
    assert await names(Wanted(school="model", open_only=True)) == ["early", "late", "calm"]
    assert await names(Wanted(asker="key-of-another")) == ["elsewhere"]
    assert await names(Wanted(since=NOW)) == ["early", "elsewhere", "late"]
    assert await names(Wanted(limit=2)) == ["done", "early"]


async def test_what_is_due_comes_urgent_first(store: Store) -> None:
    """An escalation is due once its `next_at` has come: urgent ones first, then by time; never without `next_at`."""
    await store.commit(opening("calm", urgent=False, next_at=NOW - MINUTE))
    await store.commit(opening("second", next_at=NOW))
    await store.commit(opening("first", next_at=NOW - SECOND))
    await store.commit(opening("later", next_at=NOW + SECOND))
    await store.commit(opening("never", next_at=None))
    assert [one.id for one in await store.due(NOW, 10)] == ["id-first", "id-second", "id-calm"]
    assert [one.id for one in await store.due(NOW, 2)] == ["id-first", "id-second"]


async def test_a_clock_set_back_does_not_stop_the_chase(store: Store) -> None:
    """An urgent escalation that waits for longer than any step of the chase is due; a taken or a calm one is not."""
    far = NOW + timedelta(hours=3)
    await store.commit(opening("waiting", next_at=far))
    await store.commit(opening("hourly", next_at=NOW + timedelta(hours=1)))
    await store.commit(opening("calm", urgent=False, next_at=far))
    await store.commit(opening("taken", state=State.ACKNOWLEDGED, next_at=far))
    assert [one.id for one in await store.due(NOW, 10)] == ["id-waiting"]


async def test_a_clock_that_was_years_ahead_stops_no_chase(store: Store) -> None:
    """What is not urgent, or was taken, waits over the longest holidays and no longer."""
    holidays, ahead = NOW + 120 * DAY, NOW + 3650 * DAY
    await store.commit(opening("calm-over-the-holidays", urgent=False, next_at=holidays))
    await store.commit(opening("calm", urgent=False, next_at=ahead))
    await store.commit(opening("taken-over-the-holidays", state=State.ACKNOWLEDGED, next_at=holidays))
    await store.commit(opening("taken", state=State.ACKNOWLEDGED, next_at=ahead))
    assert [one.id for one in await store.due(NOW, 10)] == ["id-taken", "id-calm"]


async def test_a_thread_keeps_its_words_in_order(store: Store) -> None:
    """The words of a thread come back as they were written, whatever letters they are in."""
    first = await store.commit(opening(text="He said “no” – 😟\nand\x00left"))
    answer = Entry(EntryKind.REPLY, "key-of-holder", "Come to my office.", NOW + MINUTE, 2, "dsl")
    await store.commit(replace(step(first, "replied"), entries=(answer,)))
    opened = Entry(EntryKind.OPENING, "key-of-asker", "He said “no” – 😟\nand\x00left", NOW, 1)
    assert await store.entries("id-one") == [opened, answer]


async def test_the_log_is_a_chain(store: Store) -> None:
    """Events are numbered from 1 in each escalation, and each has a hash of its own, also where two are alike."""
    first = await store.commit(opening())
    await store.commit(step(first, "words-opened", "words-opened", at=NOW + SECOND))
    await store.commit(opening("two"))
    log = await store.events("id-one")
    assert [(one.escalation, one.seq) for one in log] == [("id-one", 1), ("id-one", 2), ("id-one", 3)]
    assert [one.event.kind for one in log] == ["opened", "words-opened", "words-opened"]
    assert dict(log[0].event.data) == {"category": "child-at-risk", "by": "key-of-asker"}
    assert [one.event.at for one in log] == [NOW, NOW + SECOND, NOW + SECOND]
    assert len({one.hash for one in log} | {one.hash for one in await store.events("id-two")}) == 4


async def test_people_are_known_by_their_key(store: Store) -> None:
    """A step brings names, found by pseudonymous key; a newer name replaces the older one."""
    key = DataKey(b"k" * 32).pseudonyms.key("slack:U1")
    first = await store.commit(opening())
    assert await store.person(key) == ASKER
    await store.commit(replace(step(first, "answered"), people=(replace(ASKER, name="Ms Newname"),)))
    assert await store.person(key) == Person("slack", "U1", "Ms Newname")


async def test_a_step_withdraws_and_settles(store: Store) -> None:
    """A step withdraws the pending deliveries of the kinds it names, its own new ones apart, and settles others."""
    update = delivery("update", kind=DeliveryKind.UPDATE, created_at=NOW + SECOND)
    first = await store.commit(opening(deliveries=(delivery("claimed"), delivery("waiting"), update)))
    (claimed,) = await store.claim_deliveries("worker", NOW, NOW + MINUTE, ())
    acknowledged = replace(
        step(first, "acknowledged"),
        settled=(sent(claimed),),
        withdrawn=frozenset({DeliveryKind.NOTICE}),
        deliveries=(delivery("new"),),
    )
    await store.commit(acknowledged)
    assert {one.id: one.state for one in await store.deliveries("id-one")} == {
        "claimed": DeliveryState.SENT,
        "waiting": DeliveryState.WITHDRAWN,
        "update": DeliveryState.PENDING,
        "new": DeliveryState.PENDING,
    }
    assert list(await store.delivered_to("slack:C0SAFE", 1)) == [sent(claimed)]
