"""What the desk says is true whatever the store does: of what was seen, and of what was done."""

from collections.abc import Awaitable, Callable, Sequence
from datetime import timedelta

import pytest

from bot.escalation.chase import is_unseen
from bot.escalation.desk import Desk, Listed, Opened, Replied
from bot.escalation.errors import StoreError
from bot.escalation.model import Change, DeliveryKind, Entry, Escalation, Resolution, State
from tests.bot.escalation.staffroom import DEPUTY, DSL, TEACHER, WORDS, Staffroom, asker, person
from tests.store_fake import MemoryStore


async def test_words_that_cannot_be_read_were_seen_by_nobody() -> None:
    """Where the store cannot give the words, nobody has opened them, and the asker is not told that somebody did."""

    class Torn(MemoryStore):
        """A store whose words cannot be read."""

        async def entries(self, escalation_id: str) -> Sequence[Entry]:
            """Fail."""
            raise StoreError("a sealed text cannot be opened")

    room = Staffroom(store=Torn())
    one = await room.told()
    with pytest.raises(StoreError):
        await room.desk.open(person(DSL), one.id)
    assert await room.read(one.id) == one
    assert "words-opened" not in await room.log(one.id)
    assert await room.waiting_for(one.id, DeliveryKind.RECEIPT) == []


async def test_whoever_raised_it_has_not_been_heard_by_opening_it_themselves() -> None:
    """A deputy who raises a concern and opens it reads no "Seen by the deputy"; that she opened it is on record."""
    room = Staffroom()
    one = await room.told(by=asker(DEPUTY))
    opened = await room.desk.open(person(DEPUTY), one.id)
    assert [said.entry.text for said in opened.thread] == [WORDS]
    after = await room.read(one.id)
    assert (after.seen, is_unseen(after, room.clock.now() + timedelta(minutes=16))) == ((), True)
    assert (await room.log(one.id))[-1] == "words-opened"
    assert await room.waiting_for(one.id, DeliveryKind.RECEIPT) == []
    await room.desk.open(person(DSL), one.id)
    assert [sight.role for sight in (await room.read(one.id)).seen] == ["dsl"]
    assert await room.waiting_for(one.id, DeliveryKind.RECEIPT) == ["u-deputy-dsl"]


class GoneAfterwards(MemoryStore):
    """A store that fails in the moment in which somebody's step has been written."""

    async def commit(self, change: Change) -> Escalation:
        """Write a step, and fail from then on."""
        after = await super().commit(change)
        self.down = change.before is not None
        return after


@pytest.mark.parametrize(
    ("step", "state"),
    [
        (lambda desk, one: desk.open(person(DSL), one), State.RECORDED),
        (lambda desk, one: desk.acknowledge(person(DSL), one), State.ACKNOWLEDGED),
        (lambda desk, one: desk.pass_on(person(DSL), one, "headteacher"), State.DELIVERED),
        (lambda desk, one: desk.reply(person(DSL), one, "Thank you."), State.ACKNOWLEDGED),
        (lambda desk, one: desk.resolve(person(DSL), one, Resolution.HANDLED), State.RESOLVED),
    ],
    ids=["open", "acknowledge", "pass on", "reply", "resolve"],
)
async def test_a_step_that_was_taken_is_never_reported_as_one_that_failed(
    step: Callable[[Desk, str], Awaitable[Listed | Opened | Replied]], state: State
) -> None:
    """Whatever the store does once the step is written, whoever took it reads what came of it."""
    room = Staffroom(store=GoneAfterwards())
    one = await room.told()
    shown = await step(room.desk, one.id)
    listed = shown if isinstance(shown, Listed) else shown.listed
    assert listed.escalation.state is state
    assert listed.lines[:2] == ("Oakwood", "Raised by Ms Patel, 10:00.")
    room.store.down = False
    assert await room.read(one.id) == listed.escalation


async def test_what_the_asker_added_is_never_reported_as_lost() -> None:
    """Whatever the store does once it is written, they read their words in the thread."""
    room = Staffroom(store=GoneAfterwards())
    one = await room.told()
    thread = await room.intake.answer(TEACHER, one.id, "she has just told me more")
    assert [said.entry.text for said in thread.said] == [WORDS, "she has just told me more"]
