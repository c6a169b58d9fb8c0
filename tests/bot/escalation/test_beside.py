"""Lost data goes to the headteacher, and besides to whoever looks after data, by direct message."""

from dataclasses import replace
from datetime import timedelta

from bot.escalation.courier import Courier
from bot.escalation.model import DeliveryKind
from tests.bot.escalation.staffroom import (
    DATA_LOSS,
    DEPUTY,
    DSL,
    HEAD,
    PLACE,
    PUPIL_CONTACT,
    TEACHER,
    Staffroom,
    asker,
    concern,
    contact,
    ids,
    person,
    school,
)
from tests.escalation_fakes import QuietBell

DPO = contact("dpo", "Ms F. Lake")
IT = replace(contact("it-support", "Mr I. Marsh"), reach=())
AT = school(DPO, IT)


async def test_whoever_looks_after_data_is_shown_and_told_too() -> None:
    """The card lists them before anything is sent, and both get the notice; who has no inbox here is left out."""
    there = Staffroom(AT)
    reply = await there.attend(concern(DATA_LOSS, at=AT))
    assert reply.escalation is not None
    assert [one.role for one in reply.escalation.readers] == ["headteacher", "chair-of-governors", "dpo"]
    await there.intake.tell(TEACHER, "r1")
    (one,) = await there.raised()
    assert set(await there.waiting_for(one.id, DeliveryKind.NOTICE)) == ids(HEAD, DPO)


async def test_the_notice_reaches_them() -> None:
    """The courier delivers to both; a notice that could not be delivered there is sent again the next morning."""
    there = Staffroom(AT)
    await there.attend(concern(DATA_LOSS, at=AT))
    await there.intake.tell(TEACHER, "r1")
    there.channel.dead.update(ids(DPO))
    courier = Courier(there.office, there.office.channels, QuietBell(), "w")
    for _ in range(4):
        await courier.step()
        await courier.finish()
    assert there.channel.to(*ids(HEAD))
    assert not there.channel.to(*ids(DPO))
    there.channel.dead.clear()
    there.clock.move(timedelta(days=1))
    for _ in range(4):
        await courier.step()
        await courier.finish()
    assert there.channel.to(*ids(DPO))


async def test_whoever_looks_after_data_is_not_told_of_what_they_raise_themselves() -> None:
    """A DPO who reports lost data reads who will be told, and is not told it as if somebody else had."""
    there = Staffroom(AT)
    reply = await there.attend(concern(DATA_LOSS, at=AT), asker(DPO))
    assert reply.escalation is not None
    assert [one.role for one in reply.escalation.readers] == ["headteacher", "chair-of-governors"]
    await there.intake.tell(asker(DPO), "r1")
    (one,) = await there.raised()
    assert [to.id for to in one.told] == list(ids(HEAD))
    found = await there.office.plan_for(one)
    assert found is not None
    assert found.beside == ()


async def test_a_headteacher_who_looks_after_data_too_is_told_once() -> None:
    """One inbox gets one notice, in the role in which the route has it."""
    at = school(contact("dpo", "Mrs A. Hill", inbox="u-headteacher"))
    there = Staffroom(at)
    one = await there.told(DATA_LOSS)
    assert await there.waiting_for(one.id, DeliveryKind.NOTICE) == list(ids(HEAD))


async def test_they_can_take_it() -> None:
    """Whoever was told can open it and take it, though they are not on the route."""
    there = Staffroom(AT)
    await there.attend(concern(DATA_LOSS, at=AT))
    await there.intake.tell(TEACHER, "r1")
    (one,) = await there.raised()
    await there.desk.acknowledge(person(DPO), one.id)
    (taken,) = await there.raised()
    assert taken.holder_role == "dpo"


async def test_nobody_who_is_involved_is_told_besides() -> None:
    """After "One of these people is involved" those who were shown are left out, in whatever role."""
    there = Staffroom(AT)
    await there.attend(concern(DATA_LOSS, at=AT))
    offer, _ = await there.intake.involved(TEACHER, "r1")
    assert "dpo" not in [one.role for one in offer.readers]


async def test_a_place_whose_readers_are_all_away_is_not_told_alone() -> None:
    """What can wait a day does not wait for them to come back: the deputy who stands in is told at once, in person."""
    away = replace(DSL, away=(("2026-11-01", "2026-12-20"),))
    there = Staffroom(school(away))
    there.channel.places[PLACE] = ids(DSL)
    one = await there.told(PUPIL_CONTACT)
    assert await there.waiting_for(one.id, DeliveryKind.NOTICE) == [PLACE, *ids(DEPUTY)]


async def test_whoever_reads_the_place_goes_away_later_and_somebody_else_is_told() -> None:
    """The next school morning the first person who is there is told besides, and once."""
    there = Staffroom()
    there.channel.places[PLACE] = ids(DSL)
    courier = Courier(there.office, there.office.channels, QuietBell(), "w")
    one = await there.told(PUPIL_CONTACT)
    there.knowledge.replace(school(replace(DSL, away=(("2026-11-24", "2026-12-20"),))))
    for _ in range(3):
        for _ in range(4):
            await courier.step()
            await courier.finish()
        there.clock.move(timedelta(days=1))
    assert there.channel.to(*ids(DEPUTY))[0].kind is DeliveryKind.NOTICE
    assert (await there.waiting_for(one.id, DeliveryKind.NOTICE)).count(*ids(DEPUTY)) == 1
