"""The asker's taps on a concern: telling, and "One of these people is involved"."""

import asyncio
from dataclasses import replace
from datetime import timedelta
from types import MappingProxyType

import pytest

from bot.escalation import wording
from bot.escalation.errors import RefusedError, StoreError
from bot.escalation.model import DeliveryKind, State
from bot.types import Action
from knowledge.model import ConcernChange, RouteName
from tests.bot.escalation.staffroom import (
    ABOUT_HEAD,
    ADULT,
    AT_RISK,
    CHAIR,
    DEPUTY,
    DSL,
    HEAD,
    LADO,
    NIGHT,
    PLACE,
    PUPIL_CONTACT,
    TEACHER,
    Staffroom,
    answer,
    asker,
    concern,
    contact,
    ids,
    person,
    school,
)

EVENING = timedelta(hours=12)


# ---- Telling ---------------------------------------------------------------------------------------------------------


async def test_a_tap_passes_a_concern_on() -> None:
    """The asker gets a receipt with a short reference and the true state, and the notice is on its way."""
    room = Staffroom()
    await room.attend(concern(PUPIL_CONTACT))
    receipt = await room.intake.tell(TEACHER, "r1")
    (one,) = await room.raised()
    assert (receipt.reference, receipt.state) == (one.reference, State.RECORDED)
    assert (one.category, one.certainty, one.urgent) == (PUPIL_CONTACT.id, "certain", False)
    assert await room.waiting_for(one.id, DeliveryKind.NOTICE) == [PLACE]


async def test_tapping_again_and_again_passes_it_on_once() -> None:
    """Double taps, and taps from two phones at once, come to one escalation and one receipt."""
    room = Staffroom()
    await room.attend(concern(PUPIL_CONTACT))
    first = await room.intake.tell(TEACHER, "r1")
    again = await asyncio.gather(*(room.intake.tell(TEACHER, "r1") for _ in range(10)))
    assert {receipt.reference for receipt in again} == {first.reference}
    assert len(await room.raised()) == 1


async def test_a_tap_on_what_was_sent_at_once_records_nothing_new() -> None:
    """Telling them again what they have been told already gives the same receipt."""
    room = Staffroom()
    await room.attend(concern(AT_RISK))
    receipt = await room.intake.tell(TEACHER, "r1")
    (one,) = await room.raised()
    assert receipt.id == one.id


async def test_two_people_who_write_the_same_raise_two_concerns() -> None:
    """What one person raised is never given to another as theirs, even under one and the same id."""
    room = Staffroom()
    await room.attend(concern(AT_RISK))
    await room.attend(concern(AT_RISK), asker("u-other"))
    assert len({one.asker for one in await room.raised()}) == 2


async def test_a_tap_fails_openly_where_nothing_can_be_recorded() -> None:
    """The store's failure comes through, so that whoever renders it says that nobody was told."""
    room = Staffroom()
    await room.attend(concern(PUPIL_CONTACT))
    room.store.down = True
    for tap in (room.intake.tell, room.intake.involved):
        with pytest.raises(StoreError):
            await tap(TEACHER, "r1")
    room.store.down = False
    assert (await room.raised(), room.woken) == ([], 0)


async def test_a_refusal_names_whom_to_phone() -> None:
    """Where nobody is left by the time of the tap, the words hold a name and a number."""
    routes = {RouteName.CHILD: ("deputy-dsl",)}
    room = Staffroom(school(routes=routes, places={}))
    await room.attend(concern(PUPIL_CONTACT))
    room.knowledge.replace(school(replace(DEPUTY, left="2026-11-01"), routes=routes, places={}))
    with pytest.raises(RefusedError) as refused:
        await room.intake.tell(TEACHER, "r1")
    assert f"Mr B. Dale, {DSL.title}: {DSL.reach[0].value}." in str(refused.value)
    assert "Ms C. Ford" not in str(refused.value)


async def test_only_readers_who_were_shown_are_told() -> None:
    """Where other people would read it than those on the card, the tap is not taken."""
    room = Staffroom()
    shown = await room.attend(concern(PUPIL_CONTACT))
    assert shown.escalation
    room.knowledge.replace(school(contact("dsl", "Mr N. Newcomer")))
    with pytest.raises(RefusedError, match="has changed since you looked"):
        await room.intake.tell(TEACHER, "r1", shown.escalation.seal)
    assert await room.raised() == []


async def test_a_second_tap_is_a_receipt_whoever_has_come_since() -> None:
    """What was passed on stays passed on; a later change of the register does not refuse the same tap."""
    room = Staffroom()
    shown = await room.attend(concern(PUPIL_CONTACT))
    assert shown.escalation
    first = await room.intake.tell(TEACHER, "r1", shown.escalation.seal)
    room.knowledge.replace(school(contact("dsl", "Mr N. Newcomer")))
    assert (await room.intake.tell(TEACHER, "r1", shown.escalation.seal)).id == first.id


async def test_a_school_decides_what_is_urgent() -> None:
    """The school's own word on a category holds for what is recorded."""
    room = Staffroom()
    room.knowledge.replace(replace(school(), concerns=MappingProxyType({PUPIL_CONTACT.id: ConcernChange(urgent=True)})))
    room.clock.move(EVENING)
    shown = await room.attend(concern(PUPIL_CONTACT, "possible"))
    assert shown.escalation
    assert "morning" not in (shown.escalation.says or "")
    await room.intake.tell(TEACHER, "r1")
    (one,) = await room.raised()
    assert one.urgent


# ---- One of these people is involved ---------------------------------------------------------------------------------


async def test_one_of_these_people_is_involved_moves_past_all_of_them() -> None:
    """Nobody is asked who it is: everybody who was listed is left out from then on."""
    room = Staffroom()
    await room.attend(concern(PUPIL_CONTACT))
    offer, phone = await room.intake.involved(TEACHER, "r1")
    assert ([reader.role for reader in offer.readers], offer.route) == (["chair-of-governors"], "staff")
    assert (offer.says, offer.problem, phone) == (wording.OFFERED, None, ())
    assert await room.raised() == []


async def test_nobody_who_was_listed_can_open_it_ever() -> None:
    """Those who were moved past cannot open it, even once they hold a role of the route that it took."""
    room = Staffroom()
    await room.attend(concern(PUPIL_CONTACT))
    await room.intake.involved(TEACHER, "r1")
    receipt = await room.intake.tell(TEACHER, "r1")
    room.knowledge.replace(school(replace(DSL, role="chair-of-governors"), contact("dsl", "Mr N. Newcomer")))
    for one in (DSL, DEPUTY, HEAD):
        with pytest.raises(RefusedError):
            await room.desk.open(person(one), receipt.id)


async def test_where_no_safe_route_is_left_the_asker_reads_whom_to_phone() -> None:
    """At the end of the routes stand numbers, none of them of anybody who was listed; nothing is sent to anybody."""
    room = Staffroom()
    await room.attend(concern(PUPIL_CONTACT))
    await room.intake.involved(TEACHER, "r1")
    offer, phone = await room.intake.involved(TEACHER, "r1")
    assert (offer.problem, offer.says, offer.readers) == (wording.NOBODY_LEFT, wording.NOBODY_LEFT, ())
    assert phone
    assert {LADO, NIGHT} >= set(phone)
    assert not {"dsl", "deputy-dsl", "headteacher", "chair-of-governors"} & {one.role for one in phone}
    with pytest.raises(RefusedError):
        await room.intake.tell(TEACHER, "r1")
    assert await room.raised() == []


async def test_a_dead_end_stays_one() -> None:
    """Tapping on at the end of the routes gives the same numbers again."""
    room = Staffroom()
    await room.attend(concern(ABOUT_HEAD))
    ends = [await room.intake.involved(TEACHER, "r1") for _ in range(3)]
    assert ends[0] == ends[1] == ends[2]
    assert ends[0][0].problem


async def test_a_double_tap_moves_on_once() -> None:
    """The second tap was meant for the list that is gone: it shows the new one and skips nobody."""
    room = Staffroom()
    shown = await room.attend(concern(ADULT))
    there = school(routes={RouteName.STAFF: ("headteacher",), RouteName.HEAD: ("chair-of-governors",)}, places={})
    room.knowledge.replace(there)
    shown = await room.attend(concern(ADULT, at=there, reply="r2"))
    assert shown.escalation
    offers = [await room.intake.involved(TEACHER, "r2", shown.escalation.seal) for _ in range(3)]
    assert [[reader.role for reader in offer.readers] for offer, _ in offers] == [["chair-of-governors"]] * 3
    assert all(offer.problem is None for offer, _ in offers)


async def test_somebody_involved_reads_what_was_sent_at_once_and_others_can_be_told() -> None:
    """Of what went out at once the asker can still say so: others are offered, and what has happened is owned up to."""
    room = Staffroom()
    shown = await room.attend(concern(AT_RISK))
    assert shown.actions == (Action.INVOLVED,)
    offer, _ = await room.intake.involved(TEACHER, "r1")
    assert offer.says == wording.GONE_BEFORE
    await room.intake.tell(TEACHER, "r1")
    first, second = sorted(await room.raised(), key=lambda one: one.id)
    assert (first.route, second.route) == (RouteName.CHILD, RouteName.STAFF)
    assert [address.id for address in second.told] == list(ids(CHAIR))


async def test_whoever_tells_the_wrong_people_can_tell_others() -> None:
    """A tap on "involved" after the tap on "tell" is not swallowed: the next safe people are really told."""
    room = Staffroom()
    await room.attend(concern(PUPIL_CONTACT))
    first = await room.intake.tell(TEACHER, "r1")
    offer, _ = await room.intake.involved(TEACHER, "r1")
    assert offer.says == wording.GONE_BEFORE
    second = await room.intake.tell(TEACHER, "r1")
    assert first.reference != second.reference


async def test_a_question_is_no_concern_to_pass_on() -> None:
    """Taps for a concern do nothing for an ordinary reply."""
    room = Staffroom()
    await room.attend(answer())
    for tap in (room.intake.tell, room.intake.involved):
        with pytest.raises(RefusedError, match="no longer here"):
            await tap(TEACHER, "r1")
