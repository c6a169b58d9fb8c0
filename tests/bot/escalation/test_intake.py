"""What happens to a reply before its asker reads it: what is sent at once, what waits for a tap, and what is said."""

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest

from bot import wording as bot_wording
from bot.escalation import wording
from bot.escalation.model import DeliveryKind, State
from bot.escalation.ports import Claim
from bot.types import Action, Offer, Outcome, Reply
from knowledge.model import ConcernKind, RouteName
from tests.bot.escalation.staffroom import (
    ABOUT_HEAD,
    ADULT,
    AT_RISK,
    CHAIR,
    DEPUTY,
    DSL,
    HEAD,
    KINDS,
    LOW_LEVEL,
    NIGHT,
    ONE_PERSON,
    PLACE,
    PUPIL,
    PUPIL_CONTACT,
    TEACHER,
    WORDS,
    NoRoomLeft,
    Staffroom,
    answer,
    asker,
    concern,
    ids,
    person,
    school,
)

EVENING = timedelta(hours=12)


def _offer(reply: Reply) -> Offer:
    assert reply.escalation is not None
    return reply.escalation


def _roles(reply: Reply) -> list[str]:
    return [one.role for one in reply.contacts]


# ---- What is sent at once, and what waits ----------------------------------------------------------------------------


@pytest.mark.parametrize("certainty", ["certain", "possible"])
@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.id)
async def test_only_a_certain_urgent_concern_about_a_child_is_sent_at_once(kind: ConcernKind, certainty: str) -> None:
    """Everything else waits for a tap; nothing of it is recorded before."""
    room = Staffroom()
    shown = await room.attend(concern(kind, certainty))
    at_once = certainty == "certain" and kind.urgent and kind.route is RouteName.CHILD
    assert len(await room.raised()) == int(at_once)
    assert _offer(shown).state == ("recorded" if at_once else "offered")
    assert (Action.TELL in shown.actions) is not at_once


async def test_what_is_sent_at_once_says_so_and_names_its_reference() -> None:
    """The asker reads that it is recorded, under which reference and who reads it; nothing says that nobody knows."""
    room = Staffroom()
    shown = await room.attend(concern(AT_RISK))
    (one,) = await room.raised()
    offer = _offer(shown)
    assert (offer.reference, offer.id, offer.state) == (one.reference, one.id, "recorded")
    assert shown.notices == (wording.RECORDED,) == (offer.says,)
    assert {reader.role for reader in offer.readers} == {"dsl", "deputy-dsl", "headteacher"}
    assert (shown.advice, room.woken) == (AT_RISK.advice, 1)


async def test_what_was_written_is_kept_in_the_thread_and_goes_to_the_place() -> None:
    """The opening words are the first entry, and the notice is for the school's own place."""
    room = Staffroom()
    one = await room.told()
    assert [entry.text for entry in await room.store.entries(one.id)] == [WORDS]
    assert await room.waiting_for(one.id, DeliveryKind.NOTICE) == [PLACE]


async def test_an_offer_lists_its_readers_before_anything_is_sent() -> None:
    """Whoever is to read it stands on the card, and the asker reads that nobody has been told yet."""
    shown = await Staffroom().attend(concern(ADULT))
    offer = _offer(shown)
    assert [reader.role for reader in offer.readers] == ["headteacher", "chair-of-governors"]
    assert shown.notices == (wording.OFFERED,)
    assert (shown.actions, offer.problem) == ((Action.TELL, Action.INVOLVED, Action.NOT_MEANT), None)


@pytest.mark.parametrize(
    ("members", "said"),
    [
        (ids(DSL) | {"u-stranger"}, "1 other person in their channel"),
        (ids(DSL) | {"u-stranger", "u-other"}, "2 others in their channel"),
        (None, "Signpost cannot see who is in their channel"),
    ],
)
@pytest.mark.parametrize("kind", [pytest.param(AT_RISK, id="sent at once"), pytest.param(PUPIL_CONTACT, id="offered")])
async def test_readers_who_cannot_be_named_are_owned_up_to(
    kind: ConcernKind, members: frozenset[str] | None, said: str
) -> None:
    """Somebody in the channel whom the register does not know is counted; an unknown channel is said to be unknown."""
    room = Staffroom()
    room.channel.places[PLACE] = members
    assert said in (_offer(await room.attend(concern(kind))).says or "")


async def test_the_platforms_event_is_done_with_the_escalation() -> None:
    """What is sent at once marks its event as answered in the same step, so that no crash comes between."""
    room = Staffroom()
    assert await room.store.claim("event-1", room.clock.now()) is Claim.NEW
    await room.attend(concern(AT_RISK), event="event-1")
    assert await room.store.claim("event-1", room.clock.now()) is Claim.DONE


async def test_the_same_event_again_records_nothing_new() -> None:
    """However often and however closely together an utterance is delivered, there is one escalation."""
    room = Staffroom()
    shown = await asyncio.gather(*(room.attend(concern(AT_RISK)) for _ in range(10)))
    (one,) = await room.raised()
    assert {_offer(reply).reference for reply in shown} == {one.reference}


async def test_the_same_event_again_says_what_is_true_by_then() -> None:
    """A repeat that comes once somebody has taken it does not call it on its way."""
    room = Staffroom()
    one = await room.told()
    await room.desk.open(person(DSL), one.id)
    await room.desk.acknowledge(person(DSL), one.id)
    again = await room.attend(concern(AT_RISK))
    assert (_offer(again).state, _offer(again).seen_by_roles) == ("acknowledged", ("dsl",))
    assert again.notices == (wording.TAKEN_BEFORE,)


async def test_the_same_event_again_keeps_who_is_involved() -> None:
    """A repeat after "One of these people is involved" does not offer it to those people again."""
    room = Staffroom()
    await room.attend(concern(PUPIL_CONTACT))
    await room.intake.involved(TEACHER, "r1")
    again = await room.attend(concern(PUPIL_CONTACT))
    assert [reader.role for reader in _offer(again).readers] == ["chair-of-governors"]
    await room.intake.tell(TEACHER, "r1")
    (one,) = await room.raised()
    assert (one.route, [address.id for address in one.told]) == (RouteName.STAFF, list(ids(CHAIR)))


# ---- Where it cannot be recorded or passed on ------------------------------------------------------------------------


@pytest.mark.parametrize("kind", [pytest.param(AT_RISK, id="sent at once"), pytest.param(PUPIL_CONTACT, id="offered")])
async def test_a_store_that_is_down_is_owned_up_to_and_the_advice_still_given(kind: ConcernKind) -> None:
    """RS-57: "not recorded, phone": the advice stands, somebody with a number is named, and no button pretends."""
    room = Staffroom()
    room.store.down = True
    shown = await room.attend(concern(kind))
    assert shown.notices == (wording.NOT_RECORDED,)
    assert (_offer(shown).problem, _offer(shown).reference) == (wording.NOT_RECORDED, None)
    assert (shown.advice, shown.actions) == (kind.advice, ())
    assert shown.contacts[0] == DSL
    assert any(reach.kind == "phone" for reach in shown.contacts[0].reach)
    assert room.woken == 0


async def test_a_disk_that_is_full_for_the_escalation_alone_is_owned_up_to() -> None:
    """Where only the record fails, the asker reads that nobody was told."""
    room = Staffroom(store=NoRoomLeft("commit"))
    assert (await room.attend(concern(AT_RISK))).notices == (wording.NOT_RECORDED,)


async def test_what_was_recorded_stays_recorded_where_its_buttons_cannot_be_kept() -> None:
    """A concern that was sent is not called lost because its reply could not be remembered."""
    room = Staffroom(store=NoRoomLeft("remember"))
    shown = await room.attend(concern(AT_RISK))
    assert (shown.notices, shown.actions) == ((wording.RECORDED,), ())


@pytest.mark.parametrize("outcome", [Outcome.ANSWER, Outcome.CLARIFY, Outcome.NO_MATCH])
async def test_a_question_is_answered_without_a_store(outcome: Outcome) -> None:
    """The answer is given as it was decided; only its buttons are missing (RS-57)."""
    room = Staffroom()
    room.store.down = True
    assert await room.attend(answer(outcome)) == answer(outcome)


async def test_a_question_that_cannot_be_noted_keeps_its_buttons() -> None:
    """What nobody could answer is noted where that can be; the asker loses nothing by it."""
    room = Staffroom(store=NoRoomLeft("note"))
    assert Action.ASK_A_PERSON in (await room.attend(answer(Outcome.NO_MATCH))).actions


async def test_a_school_that_leaves_in_that_very_moment_is_owned_up_to() -> None:
    """A school that is no longer served can have nothing recorded, and its asker reads so."""
    room = Staffroom()
    room.knowledge.remove("oakwood")
    shown = await room.attend(concern(AT_RISK))
    assert (shown.notices, shown.actions) == ((wording.NOT_RECORDED,), ())


async def test_a_school_without_routes_says_so_and_names_people() -> None:
    """Where the school has not said who is told, nobody is, and the asker reads whom to go to."""
    room = Staffroom(school(routes={}))
    shown = await room.attend(concern(AT_RISK))
    assert shown.notices == (wording.NOT_SET_UP,) == (_offer(shown).problem,)
    assert {"dsl", "headteacher", "out-of-hours"} <= set(_roles(shown))
    assert (shown.actions, await room.raised()) == ((Action.NOT_MEANT,), [])


async def test_a_place_that_cannot_be_checked_is_not_used_for_a_concern_about_somebody() -> None:
    """A concern about the headteacher is not put where the headteacher may be reading."""
    there = school(routes={RouteName.HEAD: ("headteacher",)}, places={RouteName.HEAD: "heads"})
    room = Staffroom(there)
    shown = await room.attend(concern(ABOUT_HEAD, at=there))
    assert _offer(shown).problem in {wording.CANNOT_CHECK, wording.NOBODY_LEFT}
    assert "chair-of-governors" in _roles(shown)
    assert not {"headteacher", "deputy-head"} & set(_roles(shown))


# ---- Who is named ----------------------------------------------------------------------------------------------------


async def test_whom_a_concern_is_about_is_not_named_as_somebody_to_tell() -> None:
    """A concern about the headteacher names everybody of its category but the headteacher."""
    shown = await Staffroom().attend(concern(ABOUT_HEAD))
    assert _roles(shown) == ["dsl", "chair-of-governors"]
    assert [reader.role for reader in _offer(shown).readers] == ["chair-of-governors"]


async def test_the_other_roles_of_whom_it_is_about_are_not_named_either() -> None:
    """Where headteacher and DSL are one person, a concern about them names neither role and goes to the chair."""
    there = school(ONE_PERSON)
    room = Staffroom(there)
    shown = await room.attend(concern(ABOUT_HEAD, at=there))
    assert _roles(shown) == ["chair-of-governors"]
    receipt = await room.intake.tell(TEACHER, "r1")
    one = await room.read(receipt.id)
    assert (one.route, [address.id for address in one.told]) == (RouteName.HEAD, ["u-chair-of-governors"])


async def test_a_dsl_who_raises_a_concern_is_not_told_to_tell_herself() -> None:
    """The reply names the others; they are told, in the place as well as in person."""
    room = Staffroom()
    shown = await room.attend(concern(AT_RISK), asker(DSL))
    assert _roles(shown) == ["deputy-dsl", "headteacher"]
    assert {reader.role for reader in _offer(shown).readers} == {"deputy-dsl", "headteacher"}
    (one,) = await room.raised()
    assert [address.id for address in one.told] == [PLACE]


async def test_a_head_who_is_also_the_dsl_is_not_told_to_tell_herself() -> None:
    """In a small school the deputy reads what the head writes."""
    there = school(ONE_PERSON)
    room = Staffroom(there)
    room.channel.places[PLACE] = ids(ONE_PERSON, DEPUTY)
    shown = await room.attend(concern(AT_RISK, at=there), asker(HEAD))
    assert {reader.role for reader in _offer(shown).readers} == {"deputy-dsl"}


async def test_a_head_who_raises_a_worry_about_staff_reaches_the_chair() -> None:
    """The route of the headteacher leads past the headteacher who asks."""
    room = Staffroom()
    shown = await room.attend(concern(LOW_LEVEL), asker(HEAD))
    assert [reader.role for reader in _offer(shown).readers] == ["chair-of-governors"]
    assert _roles(shown) == ["chair-of-governors"]


async def test_whoever_is_alone_on_a_route_reads_that_there_is_nobody_to_tell() -> None:
    """Nobody is told to rely on a message to themselves: the reply names whom to phone instead."""
    there = school(routes={RouteName.CHILD: ("dsl",)}, places={})
    room = Staffroom(there)
    shown = await room.attend(concern(AT_RISK, at=there), asker(DSL))
    assert shown.notices == (wording.NOBODY_LEFT,)
    assert "out-of-hours" in _roles(shown)
    assert "dsl" not in _roles(shown)
    assert await room.raised() == []


# ---- The hour --------------------------------------------------------------------------------------------------------


async def test_out_of_hours_what_can_wait_says_so_and_shows_the_number() -> None:
    """In the evening the offer says that it would be read next morning, and names who answers the phone at night."""
    room = Staffroom()
    room.clock.move(EVENING)
    shown = await room.attend(concern(PUPIL_CONTACT))
    assert "next school morning" in (_offer(shown).says or "")
    assert NIGHT in shown.contacts
    receipt = await room.intake.tell(TEACHER, "r1")
    assert "next school morning" in (receipt.warning or "")
    assert receipt.phone == (NIGHT,)


async def test_in_school_hours_nothing_waits() -> None:
    """The offer says nothing of the next morning, and nobody is sent to the night's number."""
    shown = await Staffroom().attend(concern(PUPIL_CONTACT))
    assert "morning" not in (_offer(shown).says or "")
    assert NIGHT not in shown.contacts


async def test_an_urgent_concern_goes_out_at_night_with_the_nights_number() -> None:
    """A certain concern about a child is on its way at once at any hour; the reply has the number as well."""
    room = Staffroom()
    room.clock.move(EVENING)
    shown = await room.attend(concern(AT_RISK))
    (one,) = await room.raised()
    (notice,) = [sent for sent in await room.store.deliveries(one.id) if sent.kind is DeliveryKind.NOTICE]
    assert notice.not_before == room.clock.now()
    assert (shown.notices, NIGHT in shown.contacts) == ((wording.RECORDED,), True)


# ---- Somebody who is not staff ---------------------------------------------------------------------------------------


async def test_a_pupil_gets_a_kind_reply_and_nothing_of_the_policies() -> None:
    """No clause, no advice, no people, no buttons; nothing of it is kept."""
    room = Staffroom()
    for reply in (answer(), answer(Outcome.NO_MATCH), answer(Outcome.HELP), concern(AT_RISK, "possible")):
        shown = await room.attend(reply, PUPIL)
        assert (shown.id, shown.outcome, shown.message) == (reply.id, Outcome.HELP, wording.NOT_STAFF_REPLY)
        assert not any([shown.clauses, shown.advice, shown.contacts, shown.options, shown.candidates, shown.actions])
        assert (shown.escalation, shown.notices, shown.verdict) == (None, (), None)
    assert (await room.raised(), room.store.noted) == ([], [])
    assert await room.store.recall("r1", room.clock.now()) is None


@pytest.mark.parametrize("kind", [AT_RISK, ADULT, PUPIL_CONTACT], ids=lambda kind: kind.id)
async def test_a_pupils_certain_concern_is_opened_and_marked(kind: ConcernKind) -> None:
    """Whatever its route, it is recorded as not from staff; the pupil reads that an adult is being told."""
    room = Staffroom()
    shown = await room.attend(concern(kind), PUPIL)
    (one,) = await room.raised()
    assert (one.staff, one.route, one.state) == (False, kind.route, State.RECORDED)
    assert shown.notices == (wording.NOT_STAFF_TOLD,)
    assert (shown.escalation, shown.contacts) == (None, ())


async def test_a_pupil_is_not_told_that_somebody_reads_it_before_somebody_does() -> None:
    """What waits for the morning says so; what is urgent does not wait."""
    room = Staffroom()
    room.clock.move(EVENING)
    assert (await room.attend(concern(PUPIL_CONTACT), PUPIL)).notices == (wording.NOT_STAFF_WAITS,)
    urgent = await room.attend(concern(AT_RISK, reply="r2"), PUPIL)
    assert urgent.notices == (wording.NOT_STAFF_TOLD,)


@pytest.mark.parametrize("trouble", ["store down", "no routes", "school gone"])
async def test_nothing_is_promised_to_a_pupil_that_did_not_happen(trouble: str) -> None:
    """Where nobody could be told, the reply says whom to turn to and claims nothing."""
    there = school(routes={}) if trouble == "no routes" else school()
    room = Staffroom(there)
    room.store.down = trouble == "store down"
    if trouble == "school gone":
        room.knowledge.remove("oakwood")
    shown = await room.attend(concern(AT_RISK), PUPIL)
    assert (shown.message, shown.notices) == (wording.NOT_STAFF_REPLY, (wording.NOT_STAFF_LOST,))


async def test_a_pupils_concern_about_the_headteacher_goes_past_the_headteacher() -> None:
    """Nobody shows a pupil a list to choose from, so the category itself keeps it from whom it is about."""
    room = Staffroom()
    await room.attend(concern(ABOUT_HEAD), PUPIL)
    (one,) = await room.raised()
    assert [address.id for address in one.told] == list(ids(CHAIR))
    assert one.excluded


async def test_the_notice_of_an_unattended_reply_is_replaced_by_what_is_true() -> None:
    """The line "Signpost tells nobody from here" never stands beside an offer; what else was noticed stays."""
    reply = concern(ADULT)
    kept = replace(reply, notices=(*reply.notices, "Overdue."))
    shown = await Staffroom().attend(kept)
    assert shown.notices == (wording.OFFERED, "Overdue.")
    assert bot_wording.OFFER_NOTICE not in shown.notices
