"""Lost data goes to the headteacher, and besides to whoever looks after data, by direct message."""

from dataclasses import replace

from bot.escalation.model import DeliveryKind
from tests.bot.escalation.staffroom import DATA_LOSS, HEAD, TEACHER, Staffroom, concern, contact, ids, person, school

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
