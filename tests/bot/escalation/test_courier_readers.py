"""The courier asks anew, before every message, who may read it; and what is not urgent wakes nobody up."""

from dataclasses import replace
from datetime import timedelta
from types import MappingProxyType
from typing import Any

import pytest

from bot.escalation.lifecycle import Actor, acknowledged, answered
from bot.escalation.model import Address, DeliveryKind, Person, State
from bot.escalation.register import tokens
from knowledge.model import Contact, Reach, School
from tests.bot.escalation.builders import (
    DAY,
    DEPUTY_INBOX,
    DSL_INBOX,
    EVENING,
    HEAD_INBOX,
    HOUR,
    MEMBERS,
    MINUTE,
    PLACE,
    SCHOOL,
    TUESDAY_8,
    World,
    acknowledge,
    answer,
    contact,
    kinds_to,
    pass_on,
    references,
    reply,
    resolve,
    without_place,
)
from tests.escalation_fakes import MONDAY
from tests.store_fake import PlainPseudonyms

SECOND = timedelta(seconds=1)
ACCUSED = contact("mentor", "Mr X. Accused")
QUESTION: dict[str, Any] = {"category": "question", "urgent": False}


def school_with(*changed: Contact) -> School:
    """Return the school with some contacts changed."""
    return replace(SCHOOL, contacts=MappingProxyType({**SCHOOL.contacts, **{one.role: one for one in changed}}))


def hidden(who: Contact) -> tuple[str, ...]:
    """Return the pseudonymous tokens of somebody who must not see an escalation."""
    return tuple(sorted(PlainPseudonyms().key(token) for token in tokens(who)))


# ---- Who may read --------------------------------------------------------------------------------------------------


async def test_a_place_that_the_accused_has_joined_gets_nothing_more() -> None:
    """It was safe when the escalation opened; people are told instead, in person (RS-82)."""
    world = World()
    world.knowledge.replace(school_with(ACCUSED))
    one = await world.open(excluded=hidden(ACCUSED))
    assert one.told == (PLACE,)
    world.web.places["safe-place"] = MEMBERS | {"mentor"}
    await world.pass_time(40 * MINUTE)
    assert world.web.to(PLACE.id) == world.web.to("mentor") == []
    assert kinds_to(world.web, DSL_INBOX)[0] == kinds_to(world.web, DEPUTY_INBOX)[0] == "notice"
    assert "undeliverable" in world.bell.kinds


async def test_a_card_in_a_place_that_is_not_safe_any_more_is_not_updated() -> None:
    """The accused joined after the card was posted: no word of what came of it reaches them."""
    world = World()
    world.knowledge.replace(school_with(ACCUSED))
    one = await world.open(excluded=hidden(ACCUSED))
    await world.work()
    world.web.places["safe-place"] = MEMBERS | {"mentor"}
    await world.take(one, acknowledge)
    await world.work()
    assert kinds_to(world.web, PLACE) == ["notice"]
    assert ("update", "safe-place", "withdrawn") in await world.states(one)


async def test_where_it_cannot_be_found_out_who_reads_a_place_what_is_about_somebody_waits() -> None:
    """It is neither sent nor given up, an operator hears of it, and the people of the ladder are told in time."""
    world = World()
    world.knowledge.replace(school_with(ACCUSED))
    one = await world.open(excluded=hidden(ACCUSED))
    world.web.blind = True
    await world.pass_time(6 * MINUTE)
    assert kinds_to(world.web, PLACE) == []
    assert kinds_to(world.web, DSL_INBOX) == ["notice"]
    assert "no-answer" in world.bell.kinds
    assert "undeliverable" not in world.bell.kinds
    world.web.blind = False
    await world.pass_time(2 * MINUTE)
    assert kinds_to(world.web, PLACE) == ["notice"]
    assert (await world.look(one)).state is State.DELIVERED


async def test_what_waits_for_a_lookup_lets_others_pass() -> None:
    """A concern about nobody goes to the place meanwhile, though the other was there first."""
    world = World()
    world.knowledge.replace(school_with(ACCUSED))
    await world.open("waits", excluded=hidden(ACCUSED))
    world.web.blind = True
    other = await world.open("other")
    await world.work()
    assert references(world.web, PLACE) == [other.reference]


async def test_a_lookup_that_fails_does_not_stop_the_chase() -> None:
    """A concern about nobody climbs the ladder as ever, and whoever has a card is reminded."""
    world = World()
    await world.open()
    world.web.blind = True
    await world.pass_time(16 * MINUTE)
    assert kinds_to(world.web, PLACE) == ["notice", "chase", "chase"]
    assert kinds_to(world.web, DSL_INBOX) == ["notice", "chase"]
    assert kinds_to(world.web, DEPUTY_INBOX) == ["notice"]


async def test_whoever_gave_their_role_to_another_is_not_reminded() -> None:
    """The new DSL has the old one's post, not the old one's inbox: nothing more reaches the old one."""
    world = World()
    world.knowledge.replace(without_place())
    await world.open()
    await world.work()
    new = replace(contact("dsl", "Mr N. Newcomer"), reach=(Reach("web", "new-dsl"),))
    world.knowledge.replace(replace(without_place(), contacts=MappingProxyType({**SCHOOL.contacts, "dsl": new})))
    await world.pass_time(HOUR)
    assert kinds_to(world.web, DSL_INBOX) == ["notice"]
    assert "notice" in kinds_to(world.web, Address("web", "new-dsl"))


async def test_whoever_reads_the_place_may_be_answered_though_they_hold_no_role() -> None:
    """A member of the safeguarding team who took it reads what the asker adds; who has left the place does not."""
    world = World()
    team = Actor("web:mentor", "safeguarding-team", Person("web", "mentor", "Mx M. Mentor"))
    mentor = Address("web", "mentor")
    world.web.places["safe-place"] = MEMBERS | {"mentor"}
    one = await world.open()
    await world.work()
    await world.take(one, lambda one, asker, at: acknowledged(one, team, asker, at))
    await world.take(one, lambda one, _, at: answered(one, "more", [mentor], at))
    world.web.blind = True
    await world.work()
    assert kinds_to(world.web, mentor) == []
    world.web.blind = False
    await world.pass_time(MINUTE)
    assert kinds_to(world.web, mentor) == ["answer"]
    world.web.places["safe-place"] = MEMBERS
    await world.take(one, lambda one, _, at: answered(one, "more", [mentor], at))
    await world.pass_time(MINUTE)
    assert kinds_to(world.web, mentor) == ["answer"]


async def test_whoever_has_left_is_not_reminded() -> None:
    """The deputy left after they were told; nothing about it reaches them any more."""
    world = World()
    one = await world.open()
    await world.pass_time(15 * MINUTE)
    assert kinds_to(world.web, DEPUTY_INBOX) == ["notice"]
    world.knowledge.replace(school_with(replace(SCHOOL.contact("deputy-dsl"), left="2026-11-23")))
    await world.pass_time(HOUR)
    await world.take(one, acknowledge)
    await world.work()
    assert kinds_to(world.web, DEPUTY_INBOX) == ["notice"]


async def test_whoever_has_left_does_not_read_what_the_asker_adds() -> None:
    """It goes to those who have the card."""
    world = World()
    one = await world.open()
    await world.work()
    await world.take(one, acknowledge)
    world.knowledge.replace(school_with(replace(SCHOOL.contact("dsl"), left="2026-11-23")))
    await world.take(one, answer)
    await world.work()
    assert kinds_to(world.web, DSL_INBOX) == []
    assert kinds_to(world.web, PLACE) == ["notice", "update", "answer"]


async def test_without_a_safe_route_an_alarm_rings() -> None:
    """The route was taken out of the pack while the escalation waited; once more after it was mended."""
    world = World()
    await world.open()
    await world.work()
    world.knowledge.replace(replace(SCHOOL, routes=MappingProxyType({})))
    await world.pass_time(5 * MINUTE)
    assert world.bell.kinds.count("no-safe-route") == 1
    world.knowledge.replace(SCHOOL)
    await world.pass_time(10 * MINUTE)
    world.knowledge.replace(replace(SCHOOL, routes=MappingProxyType({})))
    await world.pass_time(15 * MINUTE)
    assert world.bell.kinds.count("no-safe-route") == 2


async def test_a_school_whose_pack_is_broken_keeps_its_escalations() -> None:
    """Nothing is given up; once the pack is mended everything is delivered."""
    world = World()
    one = await world.open()
    calm = await world.open("calm", category="pupil-contact", urgent=False)
    world.knowledge.remove(SCHOOL.id)
    await world.pass_time(30 * MINUTE)
    assert world.web.arrived == []
    assert set(world.bell.kinds) == {"school-gone"}
    world.knowledge.replace(SCHOOL)
    await world.pass_time(6 * MINUTE)
    assert references(world.web, PLACE)[:2] == [one.reference, calm.reference]


# ---- Hours ---------------------------------------------------------------------------------------------------------


async def test_what_is_not_urgent_wakes_nobody_up() -> None:
    """Opened in the evening, it comes in the morning; an urgent one comes at once."""
    world = World()
    world.clock.at = EVENING
    calm = await world.open("calm", category="pupil-contact", urgent=False)
    urgent = await world.open("urgent")
    await world.work()
    assert references(world.web, PLACE) == [urgent.reference]
    await world.take(urgent, acknowledge)
    await world.take(urgent, resolve)
    await world.pass_time(12 * HOUR, every=10 * MINUTE)
    assert references(world.web, PLACE)[-1] == calm.reference


async def test_an_outage_that_ends_at_night_wakes_nobody_up() -> None:
    """What was due in school hours waits for the next ones; what the asker waits for comes at once."""
    world = World()
    one = await world.open(category="pupil-contact", urgent=False)
    world.web.down = True
    await world.pass_time(12 * HOUR, every=10 * MINUTE)
    await world.take(one, reply)
    world.web.down = False
    world.clock.at = EVENING + 4 * HOUR
    await world.work()
    assert {message.kind for message in world.web.messages} <= {DeliveryKind.REPLY, DeliveryKind.RECEIPT}
    assert DeliveryKind.REPLY in {message.kind for message in world.web.messages}
    world.clock.at = TUESDAY_8
    await world.work()
    assert kinds_to(world.web, PLACE) == ["notice"]


@pytest.mark.parametrize("days", [1, 3])
async def test_a_machine_that_slept_does_not_flood(days: int) -> None:
    """Everybody who was missed is told once, and everybody who has it is reminded once."""
    world = World()
    await world.open()
    await world.work()
    world.clock.move(days * DAY)
    await world.work()
    assert kinds_to(world.web, PLACE) == ["notice", "chase"]
    for inbox in (DSL_INBOX, DEPUTY_INBOX, HEAD_INBOX):
        assert kinds_to(world.web, inbox) == ["notice"]


# ---- Questions -----------------------------------------------------------------------------------------------------


async def test_open_questions_come_in_one_digest_a_day() -> None:
    """To each inbox those that were asked there and that nobody has taken."""
    world = World()
    many = [await world.open(f"{n}", **QUESTION) for n in range(3)]
    own = await world.open("own", asker=Person("web", "headteacher", "Mrs A. Hill"), **QUESTION)
    await world.work()
    await world.take(many[0], acknowledge)
    await world.pass_time(22 * HOUR, every=30 * MINUTE)
    assert kinds_to(world.web, HEAD_INBOX).count("digest") == 1
    digest = world.web.to("headteacher")[-1]
    assert [line[:7] for line in digest.lines[1:]] == [many[1].reference, many[2].reference]
    (to_deputy,) = [message for message in world.web.to("deputy-head") if message.kind is DeliveryKind.DIGEST]
    assert [line[:7] for line in to_deputy.lines[1:]] == [own.reference]


async def test_a_digest_with_nothing_left_in_it_is_not_sent() -> None:
    """The last question was taken while the digest was on its way."""
    world = World()
    one = await world.open(**QUESTION)
    await world.work()
    world.web.down = True
    await world.pass_time(22 * HOUR, every=30 * MINUTE)
    await world.take(one, acknowledge)
    world.web.down = False
    await world.pass_time(HOUR, every=30 * MINUTE)
    assert "digest" not in kinds_to(world.web, HEAD_INBOX)


async def test_what_was_taken_and_left_is_asked_about() -> None:
    """After four school hours; the second time one more person is told."""
    world = World()
    one = await world.open()
    await world.work()
    await world.take(one, acknowledge)
    await world.pass_time(4 * HOUR, every=30 * MINUTE)
    assert kinds_to(world.web, PLACE)[-1] == "stale"
    assert kinds_to(world.web, DSL_INBOX) == []
    await world.pass_time(20 * HOUR, every=30 * MINUTE)
    assert kinds_to(world.web, PLACE).count("stale") == 2
    assert kinds_to(world.web, DSL_INBOX) == ["notice"]


async def test_passing_on_in_the_evening_rings_only_for_what_is_urgent() -> None:
    """The deputy is told of the other one in the morning."""
    world = World()
    world.clock.at = MONDAY + 5 * HOUR
    urgent = await world.open("urgent")
    calm = await world.open("calm", category="pupil-contact", urgent=False)
    await world.work()
    world.clock.at = EVENING
    for one in (urgent, calm):
        await world.take(one, acknowledge)
        await world.take(one, pass_on)
    await world.work()
    assert references(world.web, DEPUTY_INBOX) == [urgent.reference]
