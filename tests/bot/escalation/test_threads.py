"""What an asker reads of what they raised, and what becomes of an answer of theirs."""

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.escalation import wording
from bot.escalation.desk import worth_saying
from bot.escalation.errors import RefusedError, StaleError, StoreError
from bot.escalation.model import Change, DeliveryKind, Entry, Escalation, Resolution, State
from bot.types import Asker
from knowledge.model import RouteName
from tests.bot.escalation.staffroom import (
    AT_RISK,
    DEPUTY,
    DSL,
    HEAD,
    PLACE,
    TEACHER,
    WORDS,
    Staffroom,
    asker,
    concern,
    contact,
    ids,
    person,
    school,
)
from tests.store_fake import MemoryStore

MORE = "she has just told me more"


class Contended(MemoryStore):
    """A store in which somebody else is quicker: the next steps of an escalation come too late, as often as said."""

    def __init__(self, too_late: int = 0) -> None:
        """Begin with so many."""
        super().__init__()
        self.too_late = too_late

    async def commit(self, change: Change) -> Escalation:
        """Write a step, unless another was quicker."""
        if change.before and self.too_late:
            self.too_late -= 1
            raise StaleError("somebody was quicker")
        return await super().commit(change)


class Forgetful(MemoryStore):
    """A store whose time for keeping words is over."""

    def __init__(self) -> None:
        """Keep words at first."""
        super().__init__()
        self.purged = False

    async def entries(self, escalation_id: str) -> list[Entry]:
        """Return the words that are still kept."""
        return [] if self.purged else list(await super().entries(escalation_id))


# ---- Reading ---------------------------------------------------------------------------------------------------------


async def test_an_asker_reads_their_own_thread_with_the_replies_in_it() -> None:
    """What they wrote and what they were answered, each with the name of who said it."""
    room = Staffroom()
    one = await room.told()
    await room.desk.reply(person(DSL), one.id, "Thank you. Come and see me.")
    thread = await room.intake.thread(TEACHER, one.id)
    assert [(said.by, said.entry.text) for said in thread.said] == [
        ("Ms Patel", WORDS),
        ("Mr B. Dale", "Thank you. Come and see me."),
    ]
    assert (thread.note, thread.receipt.state) == (None, State.ACKNOWLEDGED)


@pytest.mark.parametrize("other", [asker("u-other"), asker(DSL)], ids=["a colleague", "the DSL herself"])
async def test_nobody_reads_anothers_thread_as_an_asker(other: Asker) -> None:
    """Not even those who may open it at their desk, where that is noted."""
    room = Staffroom()
    one = await room.told()
    with pytest.raises(RefusedError, match="no longer here"):
        await room.intake.thread(other, one.id)
    with pytest.raises(RefusedError, match="no longer here"):
        await room.intake.answer(other, one.id, MORE)
    assert await room.intake.receipts(other) == []


async def test_receipts_come_oldest_first_and_from_schools_that_are_served() -> None:
    """Somebody who works at two schools sees all their own; a school that has left is not shown."""
    room = Staffroom(school(), school(name="elmwood"))
    first = await room.told()
    room.clock.move(timedelta(minutes=1))
    await room.attend(concern(AT_RISK, at=school(name="elmwood"), reply="r2"))
    assert [receipt.category for receipt in await room.intake.receipts(TEACHER)] == [AT_RISK.id] * 2
    assert [one.id for one in await room.intake.receipts(TEACHER, "oakwood")] == [first.id]
    room.knowledge.remove("elmwood")
    assert [one.id for one in await room.intake.receipts(TEACHER)] == [first.id]


async def test_of_a_school_that_has_left_nothing_is_read() -> None:
    """There is nobody any more who could answer for it."""
    room = Staffroom()
    one = await room.told()
    room.knowledge.remove("oakwood")
    with pytest.raises(RefusedError, match="no longer here"):
        await room.intake.thread(TEACHER, one.id)


async def test_a_thread_that_was_purged_says_so_kindly() -> None:
    """The words are gone and the asker reads why; so does whoever opens it."""
    store = Forgetful()
    room = Staffroom(store=store)
    one = await room.told()
    store.purged = True
    thread = await room.intake.thread(TEACHER, one.id)
    assert (thread.said, thread.note) == ((), wording.PURGED)
    opened = await room.desk.open(person(DSL), one.id)
    assert (opened.thread, opened.note) == ((), wording.PURGED)


# ---- Answering -------------------------------------------------------------------------------------------------------


async def test_an_answer_goes_to_whoever_has_it() -> None:
    """Once somebody has taken it, they alone are rung for what the asker adds."""
    room = Staffroom()
    one = await room.told()
    await room.desk.acknowledge(person(DEPUTY), one.id)
    thread = await room.intake.answer(TEACHER, one.id, MORE)
    assert thread.said[-1].entry.text == MORE
    assert await room.waiting_for(one.id, DeliveryKind.ANSWER) == list(ids(DEPUTY))


async def test_an_answer_goes_to_everybody_who_was_told_while_nobody_has_it() -> None:
    """Nobody has taken it yet, so the place reads that there is more."""
    room = Staffroom()
    one = await room.told()
    await room.intake.answer(TEACHER, one.id, MORE)
    assert await room.waiting_for(one.id, DeliveryKind.ANSWER) == [PLACE]


async def test_an_answer_does_not_wait_with_somebody_who_left() -> None:
    """Where whoever had it has left since, those who are told today read that there is more."""
    room = Staffroom()
    one = await room.told()
    await room.desk.acknowledge(person(DEPUTY), one.id)
    room.knowledge.replace(school(replace(DEPUTY, left="2026-11-01")))
    await room.intake.answer(TEACHER, one.id, MORE)
    assert await room.waiting_for(one.id, DeliveryKind.ANSWER) == [PLACE]


async def test_an_answer_never_goes_where_somebody_involved_reads_since() -> None:
    """A place that somebody who is excluded has joined meanwhile is passed over; the people are rung themselves."""
    there = school(places={RouteName.STAFF: "heads"})
    room = Staffroom(there)
    room.channel.places["heads"] = ids(contact("chair-of-governors", "Dr E. Glen"))
    await room.attend(concern(AT_RISK, "possible", at=there))
    await room.intake.involved(TEACHER, "r1")
    one = await room.read((await room.intake.tell(TEACHER, "r1")).id)
    assert [address.id for address in one.told] == ["heads"]
    room.channel.places["heads"] = ids(HEAD, contact("chair-of-governors", "Dr E. Glen"))
    await room.intake.answer(TEACHER, one.id, MORE)
    assert await room.waiting_for(one.id, DeliveryKind.ANSWER) == ["u-chair-of-governors"]


async def test_an_answer_that_nobody_may_read_is_refused_openly() -> None:
    """Rather than lie unread it is not taken, and the asker reads that they must phone."""
    room = Staffroom(school(routes={RouteName.CHILD: ("deputy-dsl",)}, places={}))
    one = await room.told()
    gone = school(replace(DEPUTY, left="2026-11-01"), routes={RouteName.CHILD: ("deputy-dsl",)}, places={})
    room.knowledge.replace(gone)
    with pytest.raises(RefusedError, match="nobody left"):
        await room.intake.answer(TEACHER, one.id, MORE)
    assert len(await room.store.entries(one.id)) == 1


async def test_an_answer_to_what_was_resolved_opens_it_anew() -> None:
    """Nothing that a worried person adds may lie unread."""
    room = Staffroom()
    one = await room.told()
    await room.desk.resolve(person(DSL), one.id, Resolution.HANDLED)
    thread = await room.intake.answer(TEACHER, one.id, MORE)
    assert (thread.receipt.state, thread.receipt.warning) == (State.DELIVERED, wording.OPEN_AGAIN)
    assert await room.waiting_for(one.id, DeliveryKind.ANSWER) == [PLACE]
    receipts = [sent for sent in await room.store.deliveries(one.id) if sent.kind is DeliveryKind.RECEIPT]
    assert [sent.state for sent in receipts] == ["withdrawn", "pending"]


async def test_an_answer_that_comes_too_late_is_made_anew() -> None:
    """Where somebody took it in this very moment, the answer goes to them; after many tries the asker is told."""
    store = Contended()
    room = Staffroom(store=store)
    one = await room.told()
    store.too_late = 2
    assert len((await room.intake.answer(TEACHER, one.id, MORE)).said) == 2
    store.too_late = 100
    with pytest.raises(RefusedError, match="changed this a moment ago"):
        await room.intake.answer(TEACHER, one.id, MORE)


async def test_an_answer_without_a_store_is_not_called_sent() -> None:
    """The failure comes through to whoever renders it."""
    room = Staffroom()
    one = await room.told()
    room.store.down = True
    with pytest.raises(StoreError):
        await room.intake.answer(TEACHER, one.id, MORE)


# ---- What is worth saying --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("text", ["", " ", "\n\t", "\u00a0"])
async def test_an_empty_answer_is_refused_kindly(text: str) -> None:
    """Nothing but space is no answer, from either side."""
    room = Staffroom()
    one = await room.told()
    with pytest.raises(RefusedError, match="Type what you want to say first"):
        await room.intake.answer(TEACHER, one.id, text)
    with pytest.raises(RefusedError, match="Type what you want to say first"):
        await room.desk.reply(person(DSL), one.id, text)


async def test_an_overlong_answer_is_refused_with_its_length() -> None:
    """2,000 characters fit, 2,001 do not."""
    room = Staffroom()
    one = await room.told()
    await room.intake.answer(TEACHER, one.id, "a" * 2_000)
    for step in (room.intake.answer(TEACHER, one.id, "a" * 2_001), room.desk.reply(person(DSL), one.id, "a" * 2_001)):
        with pytest.raises(RefusedError, match="2,001 characters; at most 2,000"):
            await step


@given(st.text(st.characters(), min_size=1, max_size=50))
def test_whatever_is_kept_can_be_written_down(text: str) -> None:
    """Half characters become question marks; everything else stays as it was typed."""
    try:
        said = worth_saying(text)
    except RefusedError:
        assert not text.strip()
        return
    assert said.encode()
    assert said == text.encode("utf-8", "replace").decode().strip()


async def test_a_name_with_half_a_character_can_be_written_down() -> None:
    """A platform's odd name for somebody keeps no concern from being recorded, and no step from being taken."""
    room = Staffroom()
    odd = replace(TEACHER, person=replace(TEACHER.person, name="Ms Patel \ud83d"))
    await room.attend(concern(AT_RISK), odd)
    (one,) = await room.raised()
    await room.desk.reply(replace(person(DSL), name="Mr B. \udc00"), one.id, "Thank you.")
    assert [said.by for said in (await room.intake.thread(TEACHER, one.id)).said] == ["Ms Patel ?", "Mr B. ?"]
