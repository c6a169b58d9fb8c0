"""The steps of the desk: taking, passing on, replying, resolving, and what each comes to."""

from dataclasses import replace

import pytest

from bot.escalation.errors import RefusedError
from bot.escalation.message import Act
from bot.escalation.model import Change, DeliveryKind, EntryKind, Escalation, Person, Resolution, State
from knowledge.model import RouteName
from tests.bot.escalation.staffroom import (
    ABOUT_HEAD,
    ADULT,
    CHAIR,
    DEPUTY,
    DSL,
    HEAD,
    LOW_LEVEL,
    ONE_PERSON,
    TEACHER,
    Staffroom,
    asker,
    person,
    school,
)
from tests.store_fake import MemoryStore


async def test_taking_it_ends_the_chase_and_tells_the_asker() -> None:
    """The asker's receipt names the role and the time."""
    room = Staffroom()
    one = await room.told()
    listed = await room.desk.acknowledge(person(DSL), one.id)
    assert (listed.escalation.state, listed.escalation.holder_role) == (State.ACKNOWLEDGED, "dsl")
    (receipt,) = await room.intake.receipts(TEACHER)
    assert f"Taken by the {DSL.title}, 10:00." in receipt.lines
    assert (receipt.warning, receipt.phone) == (None, ())


async def test_taking_it_twice_changes_nothing_and_a_second_person_reads_who_has_it() -> None:
    """A repeated tap is no error; somebody else is told the title of whoever has it."""
    room = Staffroom()
    one = await room.told()
    for _ in range(2):
        await room.desk.acknowledge(person(DEPUTY), one.id)
    with pytest.raises(RefusedError, match="taken already, by the Deputy Designated Safeguarding Lead"):
        await room.desk.acknowledge(person(DSL), one.id)


async def test_passing_on_tells_the_other_who_must_take_it() -> None:
    """Until they do it waits like a new one."""
    room = Staffroom()
    one = await room.told()
    await room.desk.acknowledge(person(DSL), one.id)
    await room.desk.pass_on(person(DSL), one.id, "headteacher")
    after = await room.read(one.id)
    assert (after.state, after.holder, after.holder_role) == (State.DELIVERED, None, "headteacher")
    assert "u-headteacher" in await room.waiting_for(one.id, DeliveryKind.NOTICE)


@pytest.mark.parametrize("role", ["chair-of-governors", "lado", "no such role"])
async def test_nothing_is_passed_on_past_the_route(role: str) -> None:
    """Only those of the route, who are not involved and can be reached, can be picked."""
    room = Staffroom()
    one = await room.told()
    with pytest.raises(RefusedError, match="nobody who can be reached here"):
        await room.desk.pass_on(person(DSL), one.id, role)


async def test_nothing_is_passed_on_to_whom_it_is_about() -> None:
    """Even where the route names them."""
    routes = {RouteName.STAFF: ("headteacher", "chair-of-governors"), RouteName.HEAD: ("chair-of-governors", "dsl")}
    there = school(ONE_PERSON, routes=routes, places={})
    room = Staffroom(there)
    one = await room.told(ABOUT_HEAD)
    for role in ("dsl", "headteacher"):
        with pytest.raises(RefusedError, match="nobody who can be reached here"):
            await room.desk.pass_on(person(CHAIR), one.id, role)


async def test_a_reply_reaches_the_asker_and_takes_it() -> None:
    """Whoever answers has it; the asker gets the words."""
    room = Staffroom()
    one = await room.told()
    replied = await room.desk.reply(person(DSL), one.id, "  Thank you. Come and see me.  ")
    (_, reply) = await room.store.entries(one.id)
    assert (reply.kind, reply.text, reply.role) == (EntryKind.REPLY, "Thank you. Come and see me.", "dsl")
    assert (replied.said.entry, replied.said.by) == (reply, DSL.name)
    assert (await room.read(one.id)).state is State.ACKNOWLEDGED
    assert await room.waiting_for(one.id, DeliveryKind.REPLY) == ["u-teacher"]


async def test_a_reply_that_nobody_would_get_is_refused() -> None:
    """Whoever wrote from the command line reads no replies here: the DSL is told to speak to them instead."""
    room = Staffroom()
    one = await room.told(by=replace(TEACHER, person=Person("cli", "teacher", "Ms Patel")))
    with pytest.raises(RefusedError, match="Speak to them yourself"):
        await room.desk.reply(person(DSL), one.id, "Thank you.")
    assert len(await room.store.entries(one.id)) == 1


async def test_resolving_and_reopening() -> None:
    """It is closed with a category and no story; what is closed can be opened anew, what is open cannot."""
    room = Staffroom()
    one = await room.told(LOW_LEVEL)
    with pytest.raises(RefusedError, match="nothing to reopen"):
        await room.desk.reopen(person(HEAD), one.id)
    listed = await room.desk.resolve(person(HEAD), one.id, Resolution.NO_ACTION)
    assert (listed.escalation.state, listed.acts) == (State.RESOLVED, (Act.OPEN, Act.REOPEN))
    again = room.desk.resolve(person(HEAD), one.id, Resolution.HANDLED)
    for step in (again, room.desk.acknowledge(person(HEAD), one.id)):
        with pytest.raises(RefusedError, match="resolved already"):
            await step
    listed = await room.desk.reopen(person(HEAD), one.id)
    assert (listed.escalation.state, listed.escalation.resolution) == (State.DELIVERED, None)


async def test_every_step_wakes_the_courier() -> None:
    """What a step has to tell is sent at once, not at the courier's next round."""
    room = Staffroom()
    one = await room.told(ADULT)
    before = room.woken
    await room.desk.open(person(HEAD), one.id)
    await room.desk.acknowledge(person(HEAD), one.id)
    assert room.woken == before + 2


async def test_a_step_that_is_overtaken_again_and_again_is_refused_kindly() -> None:
    """After some tries the person is asked to look again."""

    class Busy(MemoryStore):
        """A store in which somebody else always comes first."""

        async def commit(self, change: Change) -> Escalation:
            """Let another go first."""
            if change.before:
                await super().commit(Change(change.before, change.before))
            return await super().commit(change)

    room = Staffroom(store=Busy())
    one = await room.told()
    with pytest.raises(RefusedError, match="changed this a moment ago"):
        await room.desk.acknowledge(person(DSL), one.id)


async def test_a_dsl_who_raises_a_concern_reads_it_as_its_asker_too() -> None:
    """Her own thread is hers; at the desk she is one of those who may take it."""
    room = Staffroom()
    one = await room.told(by=asker(DSL))
    assert (await room.intake.thread(asker(DSL), one.id)).said
    assert (await room.desk.open(person(DSL), one.id)).thread


async def test_who_may_do_nothing_is_refused_before_a_form_is_shown() -> None:
    """Nobody fills in an answer that would be refused, and those to pass it on to are listed for who may."""
    room = Staffroom()
    one = await room.told()
    await room.desk.may(person(DSL), one.id)
    assert [contact.role for contact in await room.desk.others(person(DSL), one.id)] == ["deputy-dsl", "headteacher"]
    for step in (room.desk.may, room.desk.others):
        with pytest.raises(RefusedError):
            await step(person("u-teacher"), one.id)
