"""One of the people named is involved, and it has gone out already: who has it keeps it, and nobody else is told."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from bot.escalation import wording
from bot.escalation.courier import Courier
from bot.escalation.errors import RefusedError, StaleError, StoreError
from bot.escalation.model import Address, Change, DeliveryKind, Escalation
from bot.escalation.narrowing import Knowing
from bot.types import Offer
from knowledge.model import RouteName, School
from tests.bot.escalation.staffroom import (
    AT_RISK,
    CHAIR,
    DEPUTY,
    DSL,
    HEAD,
    PLACE,
    PUPIL_CONTACT,
    TEACHER,
    Staffroom,
    concern,
    contact,
    ids,
    person,
    school,
)
from tests.escalation_fakes import QuietBell
from tests.store_fake import MemoryStore

MINUTE = timedelta(minutes=1)
IN_PERSON = school(places={})


class Sent(Staffroom):
    """A school in which an urgent concern about a child went out at once."""

    def __init__(self, *schools: School, store: MemoryStore | None = None) -> None:
        """Begin with a courier."""
        super().__init__(*schools, store=store)
        self.bell = QuietBell()
        self.courier = Courier(self.office, self.office.channels, self.bell, "worker")

    async def send(self) -> Escalation:
        """Raise it, and let the first notice arrive."""
        one = await self.told()
        await self.pass_time(timedelta())
        return one

    async def involved(self) -> Offer:
        """Say that one of the people named is involved."""
        return (await self.intake.involved(TEACHER, "r1"))[0]

    async def pass_time(self, by: timedelta) -> None:
        """Let time pass, the courier working all the while."""
        end = self.clock.at + by
        while True:
            for _ in range(3):
                await self.courier.step()
                await self.courier.finish()
            if self.clock.at >= end:
                return
            self.clock.move(MINUTE)

    def noticed(self) -> set[str]:
        """Return where a notice has arrived."""
        return {message.address.id for message in self.channel.messages if message.kind is DeliveryKind.NOTICE}


async def test_nobody_else_who_was_named_is_told_of_it() -> None:
    """The DSL, who had it, is reminded as ever; the deputy and the headteacher, named and not told, never are."""
    room = Sent(IN_PERSON)
    one = await room.send()
    offer = await room.involved()
    assert offer.says == wording.GONE_BEFORE
    await room.pass_time(3 * 60 * MINUTE)
    assert room.noticed() == ids(DSL)
    assert DeliveryKind.CHASE in {message.kind for message in room.channel.to("u-dsl")}
    for who in (DEPUTY, HEAD):
        with pytest.raises(RefusedError):
            await room.desk.open(person(who), one.id)
    await room.desk.open(person(DSL), one.id)
    assert "narrowed" in await room.log(one.id)


async def test_whoever_reads_the_place_has_been_told_and_keeps_it() -> None:
    """The place goes on being reminded; the headteacher, who does not read it, is left out."""
    room = Sent()
    one = await room.send()
    await room.involved()
    await room.pass_time(60 * MINUTE)
    assert room.noticed() == {PLACE, *ids(DSL, DEPUTY)}
    assert DeliveryKind.CHASE in {message.kind for message in room.channel.to(PLACE)}
    await room.desk.open(person(DEPUTY), one.id)
    with pytest.raises(RefusedError):
        await room.desk.open(person(HEAD), one.id)


async def test_the_ladder_stops_where_it_had_come_to() -> None:
    """After a quarter of an hour the deputy has it too; the headteacher is not told any more."""
    room = Sent(IN_PERSON)
    await room.send()
    await room.pass_time(16 * MINUTE)
    await room.involved()
    await room.pass_time(60 * MINUTE)
    assert room.noticed() == ids(DSL, DEPUTY)


async def test_somebody_told_in_one_of_their_roles_keeps_it_in_the_other() -> None:
    """A headteacher who is the DSL as well, under another id, and was told as the DSL, is not kept from it."""
    both = contact("dsl", "Mrs A. Hill", "deputy-dsl")
    room = Sent(school(both, places={}))
    one = await room.send()
    await room.involved()
    await room.desk.open(person(both), one.id)
    await room.pass_time(60 * MINUTE)
    assert room.noticed() == ids(both, HEAD)


async def test_whoever_opened_it_of_their_own_accord_keeps_it() -> None:
    """The headteacher has read it before anybody told them: that cannot be taken back."""
    room = Sent(IN_PERSON)
    one = await room.send()
    await room.desk.open(person(HEAD), one.id)
    await room.involved()
    await room.desk.acknowledge(person(HEAD), one.id)


@pytest.mark.parametrize(
    "known", [{"told": (Address("mail", "ford@oakwood.example", role="deputy-dsl"),)}, {"holder_role": "deputy-dsl"}]
)
async def test_whoever_was_told_by_mail_or_has_it_in_hand_knows_of_it(known: dict[str, Any]) -> None:
    """A deputy who was reached by mail alone, or who took it unasked, is not left out."""
    room = Sent(IN_PERSON)
    one = replace(await room.told(), **known)
    knowing = Knowing.of(room.office.register(one.school, one.platform), one, frozenset())
    assert knowing.holds([DEPUTY])
    assert not knowing.holds([DEPUTY, HEAD])


async def test_somebody_who_may_read_the_place_under_an_unknown_id_keeps_it() -> None:
    """A DSL whose id the register does not know may have it from the place: the place is reminded as ever."""
    room = Sent(school(replace(DSL, reach=())))
    room.channel.places[PLACE] = ids(DSL, DEPUTY)
    await room.send()
    await room.involved()
    await room.pass_time(16 * MINUTE)
    assert DeliveryKind.CHASE in {message.kind for message in room.channel.to(PLACE)}
    assert "u-headteacher" not in room.noticed()


async def test_where_nobody_can_say_who_has_it_the_asker_reads_so() -> None:
    """A place whose readers are unknown: nobody is kept from it on a guess, and nothing else is promised."""
    room = Sent()
    room.channel.places[PLACE] = None
    one = await room.send()
    offer = await room.involved()
    assert offer.says == f"{wording.SENT_AND_OPEN} {wording.CANNOT_CHECK}"
    assert (await room.read(one.id)).excluded == ()
    await room.desk.open(person(DSL), one.id)


async def test_at_the_end_of_the_routes_the_asker_reads_what_became_of_it_too() -> None:
    """Whom to phone, and that it was sent and is told to nobody else."""
    room = Sent(school(routes={RouteName.CHILD: ("dsl", "headteacher")}, places={}))
    await room.send()
    offer = await room.involved()
    assert offer.says == f"{wording.SENT_BEFORE} {wording.NOBODY_LEFT}"
    assert offer.sent
    assert offer.problem == wording.NOBODY_LEFT


async def test_tapping_again_takes_no_second_step() -> None:
    """A double tap on the same list leaves one line in the log."""
    room = Sent(IN_PERSON)
    shown = await room.attend(concern(AT_RISK, at=IN_PERSON))
    assert shown.escalation
    for _ in range(3):
        await room.intake.involved(TEACHER, "r1", shown.escalation.seal)
    (one,) = await room.raised()
    assert (await room.log(one.id)).count("narrowed") == 1


async def test_what_is_sent_to_others_then_is_told_to_them() -> None:
    """The chair, to whom the asker passes it on after that, climbs into no first escalation and is in the second."""
    room = Sent(IN_PERSON)
    first = await room.send()
    await room.involved()
    second = await room.read((await room.intake.tell(TEACHER, "r1")).id)
    assert [to.id for to in second.told] == list(ids(CHAIR))
    assert [to.id for to in (await room.read(first.id)).told] == list(ids(DSL))


async def test_a_repeat_of_the_same_event_does_not_say_that_nobody_has_been_told() -> None:
    """What went out before is still owned up to where a platform delivers the same message again."""
    room = Sent(IN_PERSON)
    await room.send()
    await room.involved()
    again = await room.attend(concern(AT_RISK, at=IN_PERSON))
    assert again.escalation
    assert again.escalation.says == wording.GONE_BEFORE


async def test_what_was_not_sent_is_narrowed_for_nobody() -> None:
    """An offer that was never tapped has no escalation to narrow, and says that nobody has been told."""
    room = Sent(IN_PERSON)
    await room.attend(concern(PUPIL_CONTACT, at=IN_PERSON))
    assert (await room.involved()).says == wording.OFFERED


class Contended(MemoryStore):
    """A store in which somebody else comes first, some times, or which fails."""

    too_late = 0
    fails = False

    async def commit(self, change: Change) -> Escalation:
        """Write a step, unless somebody came first."""
        if self.fails:
            raise StoreError("disk full")
        if change.before is not None and self.too_late:
            self.too_late -= 1
            raise StaleError("somebody came first")
        return await super().commit(change)


async def test_somebody_who_comes_first_does_not_undo_it() -> None:
    """The step is taken anew; after many tries the asker reads that they must look again."""
    store = Contended()
    room = Sent(IN_PERSON, store=store)
    one = await room.send()
    store.too_late = 100
    with pytest.raises(RefusedError):
        await room.involved()
    store.too_late = 2
    await room.involved()
    assert (await room.read(one.id)).excluded


async def test_a_tap_that_could_not_be_written_can_be_tapped_again() -> None:
    """The store fails: nothing is claimed, and the same tap does it later."""
    store = Contended()
    room = Sent(IN_PERSON, store=store)
    one = await room.send()
    (shown,) = [await room.attend(concern(AT_RISK, at=IN_PERSON))]
    assert shown.escalation
    store.fails = True
    with pytest.raises(StoreError):
        await room.intake.involved(TEACHER, "r1", shown.escalation.seal)
    store.fails = False
    offer, _ = await room.intake.involved(TEACHER, "r1", shown.escalation.seal)
    assert offer.says == wording.GONE_BEFORE
    assert (await room.read(one.id)).excluded
