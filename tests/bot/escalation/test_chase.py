"""The chase: the ladder of urgent ones, the mornings of the others, and what becomes of one that was taken and left."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.escalation.chase import chase, is_unseen, step_at
from bot.escalation.lifecycle import Moment, reopened, resolved
from bot.escalation.model import Address, Change, DeliveryKind, Escalation, Resolution, Sight, State
from bot.escalation.routing import Plan
from tests.bot.escalation.builders import (
    ASKER_INBOX,
    DAY,
    DEPUTY_INBOX,
    DSL,
    DSL_INBOX,
    HEAD_INBOX,
    HOUR,
    LADDER,
    MINUTE,
    PEOPLE,
    PLACE,
    PLAN,
    TUESDAY_8,
    brought,
    carded,
    logged,
    moment,
    question,
    recorded,
    taken,
    waiting,
)
from tests.escalation_fakes import MONDAY

MAILS = (Address("mail", "dsl@oakwood.example", role="dsl"),)
NO_PLACE = replace(PLAN, rungs=LADDER[1:])


def chased(one: Escalation, after: timedelta, plan: Plan | None = PLAN, mail: tuple[Address, ...] = ()) -> Change:
    """Take the steps that are due so long after the escalation was opened."""
    return chase(one, plan, ASKER_INBOX, moment(MONDAY + after), mail=mail)


def follow(one: Escalation, until: timedelta, plan: Plan = PLAN) -> dict[int, list[tuple[str, str]]]:
    """Take every step when it is due; return what each sent, by the minutes since the opening."""
    found: dict[int, list[tuple[str, str]]] = {}
    while one.next_at and one.next_at <= MONDAY + until:
        change = chase(one, plan, ASKER_INBOX, moment(one.next_at))
        found[(one.next_at - MONDAY) // MINUTE] = brought(change)
        new = [sent.address for sent in change.deliveries if sent.kind is DeliveryKind.NOTICE]
        one = replace(change.after, cards=(*change.after.cards, *carded(*new)))
    return found


# ---- Urgent --------------------------------------------------------------------------------------------------------


def test_the_ladder_from_a_place() -> None:
    """Again after 5 minutes with the lead in person, the deputy at 15, the next person at 30, then everybody hourly."""
    told = follow(waiting(), 3 * HOUR)
    assert told == {
        5: [("notice", "dsl"), ("chase", "safe-place")],
        15: [("notice", "deputy-dsl"), ("chase", "safe-place"), ("chase", "dsl"), ("receipt", "asker-1")],
        30: [("notice", "headteacher"), ("chase", "safe-place"), ("chase", "dsl"), ("chase", "deputy-dsl")],
        90: [("chase", where.id) for where in LADDER],
        150: [("chase", where.id) for where in LADDER],
    }


def test_the_ladder_without_a_place() -> None:
    """Whoever leads the route was told first, and is told again after 5 minutes."""
    told = follow(waiting(told=(DSL_INBOX,), cards=carded(DSL_INBOX)), 30 * MINUTE, NO_PLACE)
    assert told == {
        5: [("chase", "dsl")],
        15: [("notice", "deputy-dsl"), ("chase", "dsl"), ("receipt", "asker-1")],
        30: [("notice", "headteacher"), ("chase", "dsl"), ("chase", "deputy-dsl")],
    }


@pytest.mark.parametrize(
    ("minutes", "step"),
    [(0, 0), (4.9, 0), (5, 1), (14.9, 1), (15, 2), (29.9, 2), (30, 3), (89.9, 3), (90, 4), (150, 5), (-60, 0)],
)
def test_the_steps_that_are_due(minutes: float, step: int) -> None:
    """So many steps are due after so many minutes."""
    assert step_at(timedelta(minutes=minutes)) == step


def test_the_night_stops_nothing_urgent() -> None:
    """At three in the morning everybody is told at once."""
    change = chased(waiting(), 17 * HOUR)
    assert {one.not_before for one in change.deliveries} == {MONDAY + 17 * HOUR}


def test_hours_that_were_missed_are_made_good_once() -> None:
    """A machine that slept tells everybody whom it should have told, once, and sends one reminder for all it missed."""
    change = chased(waiting(), 8 * HOUR)
    assert brought(change) == [
        ("notice", "dsl"),
        ("notice", "deputy-dsl"),
        ("notice", "headteacher"),
        ("chase", "safe-place"),
        ("receipt", "asker-1"),
    ]
    assert change.after.next_at == MONDAY + 8 * HOUR + 30 * MINUTE


def test_a_reminder_that_is_still_on_its_way_makes_room_for_the_next() -> None:
    """However long a channel is down, one reminder waits for it, and one receipt."""
    change = chased(waiting(chased=1), 15 * MINUTE)
    assert change.withdrawn == {DeliveryKind.CHASE, DeliveryKind.RECEIPT}


def test_whoever_has_no_card_yet_is_not_told_again() -> None:
    """The first notice is still on its way to the place: nothing overtakes it there."""
    change = chased(recorded(), 5 * MINUTE)
    assert brought(change) == [("notice", "dsl")]


def test_where_chat_reaches_nobody_for_fifteen_minutes_mail_does() -> None:
    """The second way out is used once, beside the next person of the ladder."""
    assert ("notice", "dsl@oakwood.example") not in brought(chased(recorded(), 5 * MINUTE, mail=MAILS))
    change = chased(recorded(chased=1), 15 * MINUTE, mail=MAILS)
    assert ("notice", "dsl@oakwood.example") in brought(change)
    again = chased(change.after, 30 * MINUTE, mail=MAILS)
    assert ("notice", "dsl@oakwood.example") not in brought(again)


def test_where_chat_has_reached_somebody_no_mail_is_sent() -> None:
    """Mail is for an outage only."""
    assert brought(chased(waiting(chased=1), 15 * MINUTE, mail=MAILS))[0] == ("notice", "dsl")
    assert not [where for kind, where in brought(chased(waiting(chased=1), 15 * MINUTE, mail=MAILS)) if "@" in where]


def test_a_place_that_was_missed_is_tried_at_the_next_step() -> None:
    """The notice to the place was set aside; the place is on the route still."""
    change = chased(recorded(told=(DSL_INBOX,)), 15 * MINUTE)
    assert brought(change)[:2] == [("notice", "safe-place"), ("notice", "deputy-dsl")]


def test_a_person_who_is_told_in_another_role_is_told_once() -> None:
    """Head and Designated Safeguarding Lead are one inbox."""
    both = replace(PLAN, rungs=(PLACE, DSL_INBOX, replace(DSL_INBOX, role="headteacher"), DEPUTY_INBOX))
    change = chased(waiting(), HOUR, both)
    assert [where for kind, where in brought(change) if kind == "notice"] == ["dsl", "deputy-dsl"]


def test_without_a_safe_route_those_who_have_it_are_still_chased() -> None:
    """Nobody new may be told; whoever was told is reminded."""
    assert brought(chased(waiting(), 5 * MINUTE, None)) == [("chase", "safe-place")]


def test_the_asker_is_warned_once() -> None:
    """At 15 minutes, and not at every step after it."""
    once = chased(waiting(chased=1), 15 * MINUTE)
    assert ("receipt", "asker-1") in brought(once)
    assert once.after.warned
    assert ("receipt", "asker-1") not in brought(chased(once.after, 30 * MINUTE))


def test_who_was_warned_at_once_is_warned_again_at_fifteen_minutes() -> None:
    """It could be delivered to nobody when it was raised; it is still unseen, and they hear it once more."""
    change = chased(recorded(chased=1, warned=True), 15 * MINUTE)
    assert ("receipt", "asker-1") in brought(change)
    assert ("receipt", "asker-1") not in brought(chased(change.after, 30 * MINUTE))


def test_the_asker_is_not_warned_once_somebody_has_seen_it() -> None:
    """They know already that a role has opened it."""
    change = chased(waiting(chased=1, seen=(Sight("dsl", MONDAY + MINUTE),)), 15 * MINUTE)
    assert ("receipt", "asker-1") not in brought(change)


@pytest.mark.parametrize("after", [timedelta(), 15 * MINUTE - timedelta(seconds=1)])
def test_not_seen_yet_is_said_at_fifteen_minutes_and_not_before(after: timedelta) -> None:
    """The sentence comes with the deputy."""
    assert not is_unseen(waiting(), MONDAY + after)
    assert is_unseen(waiting(), MONDAY + 15 * MINUTE)


@pytest.mark.parametrize(
    "one",
    [
        waiting(urgent=False),
        taken(),
        waiting(seen=(Sight("dsl", MONDAY),)),
        resolved(taken(), DSL, Resolution.HANDLED, None, moment()).after,
    ],
    ids=["not urgent", "taken", "seen", "resolved"],
)
def test_not_seen_yet_is_never_said_of(one: Escalation) -> None:
    """Somebody has it, or it is not urgent."""
    assert not is_unseen(one, MONDAY + 8 * HOUR)


def test_opened_again_it_is_unseen_until_somebody_looks() -> None:
    """That they saw it before does not count."""
    known = taken(seen=(Sight("dsl", MONDAY),))
    closed = resolved(known, DSL, Resolution.HANDLED, None, moment(MONDAY + HOUR)).after
    again = reopened(closed, DSL, None, moment(MONDAY + 2 * HOUR)).after
    assert not is_unseen(again, MONDAY + 2 * HOUR)
    assert is_unseen(again, MONDAY + 2 * HOUR + 15 * MINUTE)


# ---- Clocks that jump ----------------------------------------------------------------------------------------------


def test_a_clock_set_back_does_not_stop_the_ladder() -> None:
    """Each step comes as long after the one before as it should, whatever the clock says."""
    one, at, told = waiting(), MONDAY - DAY, list[tuple[timedelta, int]]()
    for _ in range(4):
        change = chase(one, PLAN, ASKER_INBOX, moment(at))
        one = change.after
        assert one.next_at is not None
        told.append((one.next_at - at, one.chased))
        at = one.next_at
    assert told == [(10 * MINUTE, 1), (15 * MINUTE, 2), (HOUR, 3), (HOUR, 4)]


@given(jumps=st.lists(st.timedeltas(-3 * DAY, 3 * DAY), min_size=1, max_size=8))
@settings(max_examples=100, deadline=None, derandomize=True)
def test_no_clock_floods_or_silences_the_chase(jumps: list[timedelta]) -> None:
    """Whatever the clock does, the next step lies ahead and at most an hour off, and the ladder only goes up."""
    one, at = waiting(), MONDAY
    for jump in jumps:
        at += jump
        after = chase(one, PLAN, ASKER_INBOX, moment(at)).after
        assert after.next_at is not None
        assert at < after.next_at <= at + HOUR
        assert after.chased > one.chased
        assert len({where.lane for where in after.told}) == len(after.told)
        one = after


# ---- Not urgent ----------------------------------------------------------------------------------------------------


def calm(at: datetime, one: Escalation, plan: Plan | None = PLAN, **more: tuple[Address, ...]) -> Change:
    """Take the steps that are due at a time."""
    return chase(one, plan, ASKER_INBOX, moment(at), **more)


def test_what_is_not_urgent_is_asked_about_every_school_morning() -> None:
    """The card's readers are reminded; nobody is told twice a day, and nobody at the weekend."""
    change = calm(TUESDAY_8, waiting(urgent=False))
    assert brought(change) == [("chase", "safe-place")]
    assert change.after.next_at == TUESDAY_8 + DAY
    friday = calm(TUESDAY_8 + 3 * DAY, waiting(urgent=False))
    assert friday.after.next_at == TUESDAY_8 + 6 * DAY


def test_what_has_reached_nobody_goes_to_the_next_contact() -> None:
    """Fifteen minutes after it was due the next person is told, and one more every school hour, with mail beside."""
    one = recorded(urgent=False)
    first = calm(MONDAY + 15 * MINUTE, one, mail=MAILS)
    assert brought(first)[:2] == [("notice", "dsl"), ("notice", "dsl@oakwood.example")]
    assert first.after.next_at == MONDAY + 15 * MINUTE + HOUR
    second = calm(MONDAY + 75 * MINUTE, first.after, mail=MAILS)
    assert brought(second)[:1] == [("notice", "deputy-dsl")]
    late = calm(MONDAY + 5 * HOUR + 30 * MINUTE, second.after)
    assert late.after.next_at == TUESDAY_8


@pytest.mark.parametrize("is_question", [False, True], ids=["a concern", "a question"])
def test_as_long_as_it_has_reached_nobody_its_asker_reads_so_at_every_step(is_question: bool) -> None:
    """One receipt waits for them at a time; none comes any more once it has reached somebody."""
    one = recorded(urgent=False, category="question" if is_question else "pupil-contact")
    first = calm(MONDAY + 15 * MINUTE, one)
    second = calm(MONDAY + 75 * MINUTE, first.after)
    for change in (first, second):
        assert brought(change)[-1] == ("receipt", "asker-1")
        assert DeliveryKind.RECEIPT in change.withdrawn
        assert change.after.warned
    assert ("receipt", "asker-1") not in brought(calm(TUESDAY_8, replace(second.after, state=State.DELIVERED)))


def test_an_asker_who_cannot_be_told_has_not_been_warned() -> None:
    """Their name was erased, or the store does not say it just now: they are told as soon as they can be."""
    change = chase(recorded(urgent=False), PLAN, None, moment(MONDAY + 15 * MINUTE))
    assert (("receipt", "asker-1") in brought(change), change.after.warned) == (False, False)


def test_questions_come_in_a_digest_to_those_who_have_them() -> None:
    """Only the question that is chosen for an address brings the digest there."""
    one, plan = question(cards=carded(HEAD_INBOX, DEPUTY_INBOX)), replace(PLAN, rungs=(HEAD_INBOX,))
    assert brought(calm(TUESDAY_8, one, plan, digest=(HEAD_INBOX,))) == [("digest", "headteacher")]
    assert brought(calm(TUESDAY_8, one, plan)) == []


# ---- Taken and left ------------------------------------------------------------------------------------------------


def test_one_that_was_taken_and_left_is_asked_about() -> None:
    """After four school hours the role that has it is asked, where it has a card of its own, and the place."""
    one = taken(cards=carded(PLACE, DSL_INBOX, DEPUTY_INBOX))
    change = chase(one, PLAN, None, moment(MONDAY + 4 * HOUR))
    assert brought(change) == [("stale", "safe-place"), ("stale", "dsl")]
    assert logged(change) == ["asked-again"]
    assert change.after.next_at == TUESDAY_8 + 2 * HOUR


def test_the_second_time_everybody_is_asked_and_one_more_is_told() -> None:
    """Whoever has it may have fallen ill."""
    one = taken(cards=carded(PLACE, DSL_INBOX), told=(PLACE, DSL_INBOX), asked_again=1)
    change = chase(one, PLAN, None, moment(TUESDAY_8))
    assert brought(change) == [("stale", "safe-place"), ("stale", "dsl"), ("notice", "deputy-dsl")]
    assert change.withdrawn == {DeliveryKind.STALE}


def test_one_that_was_taken_before_any_card_arrived_is_asked_about_too() -> None:
    """Where there is no card, those who were told are asked; a mail address never is."""
    told = (HEAD_INBOX, *MAILS)
    change = chase(taken(cards=(), told=told), PLAN, None, moment(TUESDAY_8))
    assert brought(change) == [("stale", "headteacher")]
    nobody = chase(taken(cards=(), told=MAILS), PLAN, None, moment(TUESDAY_8))
    assert brought(nobody) == [("stale", "safe-place")]


def test_asking_again_does_not_take_it_away() -> None:
    """It stays with whoever has it."""
    change = chase(taken(), PLAN, None, moment(TUESDAY_8))
    assert (change.after.state, change.after.holder) == (State.ACKNOWLEDGED, DSL.key)


def test_the_log_of_the_chase_holds_no_names() -> None:
    """Steps and counts."""
    for change in (chased(waiting(), HOUR), chase(taken(), PLAN, None, moment(TUESDAY_8))):
        for person in PEOPLE:
            assert (person.name or "") not in repr(change.events)


def test_a_moment_brings_its_own_ids() -> None:
    """Every delivery of a step has an id of its own."""
    at: Moment = moment(MONDAY + HOUR)
    change = chase(waiting(), PLAN, ASKER_INBOX, at)
    assert len({one.id for one in change.deliveries}) == len(change.deliveries)
