"""What becomes of a delivery: it arrived, it never will, or it does not matter any more."""

from dataclasses import replace
from typing import Any

import pytest

from bot.escalation.lifecycle import acknowledged, reopened, replied, resolved
from bot.escalation.model import (
    Address,
    Delivery,
    DeliveryKind,
    DeliveryState,
    Escalation,
    Resolution,
    State,
)
from bot.escalation.settling import (
    arrived,
    aside,
    instead_of,
    nobody_left,
    reply_lost_at,
    still_matters,
    withdrawn,
)
from tests.bot.escalation.builders import (
    ASKER_INBOX,
    DAY,
    DEPUTY_INBOX,
    DSL,
    DSL_INBOX,
    HEAD_INBOX,
    LADDER,
    MINUTE,
    PLACE,
    PLAN,
    TUESDAY_8,
    a_delivery,
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

MAIL = Address("mail", "dsl@oakwood.example", role="dsl")
RESOLVED = resolved(taken(), DSL, Resolution.HANDLED, None, moment()).after
REOPENED = reopened(RESOLVED, DSL, None, moment()).after
NOTICE, CHASE, STALE = DeliveryKind.NOTICE, DeliveryKind.CHASE, DeliveryKind.STALE


def notice(to: Address = PLACE, of: Escalation | None = None, **changes: Any) -> Delivery:
    """Return a notice that the platform has just taken."""
    return replace(a_delivery(NOTICE, to, of), message_id="message-1", **changes)


# ---- Still worth sending -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "to", "of", "matters"),
    [
        (NOTICE, DSL_INBOX, waiting(), True),
        (NOTICE, DSL_INBOX, taken(), False),
        (NOTICE, DSL_INBOX, RESOLVED, False),
        (NOTICE, DSL_INBOX, REOPENED, True),
        (NOTICE, DEPUTY_INBOX, taken(asked_again=2), True),
        (NOTICE, PLACE, taken(), True),
        (CHASE, PLACE, waiting(), True),
        (CHASE, PLACE, taken(), False),
        (CHASE, PLACE, RESOLVED, False),
        (STALE, PLACE, taken(asked_again=1), True),
        (STALE, PLACE, taken(), False),
        (STALE, PLACE, REOPENED, False),
        (DeliveryKind.UPDATE, PLACE, taken(), True),
        (DeliveryKind.UPDATE, DSL_INBOX, taken(), False),
        (DeliveryKind.ANSWER, DSL_INBOX, taken(), True),
        (DeliveryKind.REPLY, ASKER_INBOX, RESOLVED, True),
        (DeliveryKind.RECEIPT, ASKER_INBOX, RESOLVED, True),
    ],
)
def test_nobody_is_rung_for_what_another_has(kind: DeliveryKind, to: Address, of: Escalation, matters: bool) -> None:
    """Words on their way to somebody always arrive; what calls people ends with the reason for it."""
    assert still_matters(a_delivery(kind, to, of), of) is matters


def test_whoever_was_not_told_after_all_may_be_told_later() -> None:
    """The notice was withdrawn when somebody took it; opened again, the chase comes back to them."""
    one = taken(told=(PLACE, DSL_INBOX))
    change = withdrawn(one, notice(DSL_INBOX, one), moment())
    assert change.after.told == (PLACE,)
    assert [sent.state for sent in change.settled] == [DeliveryState.WITHDRAWN]
    assert withdrawn(one, a_delivery(CHASE, PLACE, one), moment()).after.told == one.told


# ---- Arrived -------------------------------------------------------------------------------------------------------


def test_the_first_notice_to_arrive_makes_it_delivered() -> None:
    """The asker is told, once, and the card can be edited from now on."""
    one = recorded()
    change = arrived(one, notice(of=one), one, ASKER_INBOX, moment(MONDAY + MINUTE))
    assert (change.after.state, change.after.delivered_at) == (State.DELIVERED, MONDAY + MINUTE)
    assert [(card.address, card.message_id) for card in change.after.cards] == [(PLACE, "message-1")]
    assert brought(change) == [("receipt", "asker-1")]
    assert logged(change) == ["delivered"]
    assert change.after.next_at == one.next_at
    (sent,) = change.settled
    assert (sent.state, sent.lease_until, sent.settled_at) == (DeliveryState.SENT, None, MONDAY + MINUTE)


def test_the_second_notice_brings_a_card_and_no_receipt() -> None:
    """The asker knows already that it arrived."""
    one = waiting()
    change = arrived(one, notice(DSL_INBOX, one), one, ASKER_INBOX, moment())
    assert [card.address for card in change.after.cards] == [PLACE, DSL_INBOX]
    assert brought(change) == []


def test_a_new_card_at_an_address_takes_the_place_of_the_old_one() -> None:
    """The newest is the one that is kept up to date."""
    one = waiting()
    change = arrived(one, notice(of=one), one, None, moment())
    assert [(card.address, card.message_id) for card in change.after.cards] == [(PLACE, "message-1")]


def test_what_is_not_urgent_is_asked_about_on_the_morning_after_it_arrived() -> None:
    """The hurry to reach anybody is over."""
    one = recorded(urgent=False, next_at=TUESDAY_8 + 15 * MINUTE)
    assert arrived(one, notice(of=one), one, None, moment(TUESDAY_8)).after.next_at == TUESDAY_8 + DAY


def test_a_card_that_tells_an_old_state_is_updated_at_once() -> None:
    """Somebody took it while the notice was on its way."""
    shown = waiting()
    one = acknowledged(shown, DSL, None, moment()).after
    change = arrived(one, notice(DSL_INBOX, one), shown, ASKER_INBOX, moment())
    assert brought(change) == [("update", "dsl")]


def test_a_card_that_knows_nothing_of_a_reply_is_updated_at_once() -> None:
    """Somebody answered while the notice was on its way: its readers must not answer again."""
    shown = taken()
    one = replied(shown, DSL, "words", None, moment()).after
    change = arrived(one, notice(DSL_INBOX, one), shown, ASKER_INBOX, moment())
    assert brought(change) == [("update", "dsl")]


def test_a_mail_tells_somebody_and_leaves_no_card() -> None:
    """Nobody is chased or updated by mail."""
    one = recorded()
    change = arrived(one, notice(MAIL, one), one, ASKER_INBOX, moment())
    assert (change.after.state, change.after.cards) == (State.DELIVERED, ())


@pytest.mark.parametrize(("kind", "noted"), [(CHASE, ["chase"]), (STALE, ["stale"]), (DeliveryKind.RECEIPT, [])])
def test_a_reminder_that_arrived_is_on_record(kind: DeliveryKind, noted: list[str]) -> None:
    """Receipts and edits are not."""
    one = waiting()
    change = arrived(one, a_delivery(kind, PLACE, one), one, ASKER_INBOX, moment())
    assert logged(change) == noted
    assert change.after == one


def test_the_log_says_that_a_message_was_sent_again() -> None:
    """And to which role or place, never to whom."""
    one = recorded()
    (note,) = arrived(one, notice(DSL_INBOX, one, in_doubt=True), one, None, moment()).events
    assert dict(note.data) == {"to": "dsl", "again": True}


# ---- Never will ----------------------------------------------------------------------------------------------------


def instead(failed: Delivery, of: Escalation, *known: Delivery, mail: tuple[Address, ...] = ()) -> list[str]:
    """Name who gets what a delivery brought that will never arrive."""
    return [address.id for address in instead_of(failed, of, PLAN, mail, (failed, *known))]


def dead(to: Address) -> Delivery:
    """Return a notice that was set aside."""
    return replace(notice(to), state=DeliveryState.ASIDE)


def test_where_a_place_is_gone_two_people_are_told() -> None:
    """The next two of the route, in person."""
    assert instead(notice(), recorded()) == ["dsl", "deputy-dsl"]


def test_where_a_person_is_gone_the_next_is_told() -> None:
    """One for one."""
    one = recorded(told=(PLACE, DSL_INBOX))
    assert instead(notice(DSL_INBOX), one) == ["deputy-dsl"]


def test_where_everybody_is_gone_mail_is_sent() -> None:
    """To those who have had none."""
    one = recorded(told=LADDER)
    assert instead(notice(HEAD_INBOX), one, mail=(MAIL,)) == [MAIL.id]
    assert instead(notice(HEAD_INBOX), replace(one, told=(*LADDER, MAIL)), mail=(MAIL,)) == []


def test_an_address_that_failed_before_is_not_tried_in_a_circle() -> None:
    """It left the list of those told; only the chase comes back to it."""
    one = recorded(told=(PLACE,))
    assert instead(notice(), one, dead(DSL_INBOX), dead(DEPUTY_INBOX)) == ["headteacher"]


@pytest.mark.parametrize("kind", [CHASE, STALE, DeliveryKind.DIGEST])
def test_a_reminder_that_cannot_arrive_tells_the_next_person(kind: DeliveryKind) -> None:
    """Whoever should have been reminded is out of reach."""
    assert instead(a_delivery(kind, PLACE), waiting()) == ["dsl", "deputy-dsl"]


@pytest.mark.parametrize("kind", [DeliveryKind.UPDATE, DeliveryKind.RECEIPT, DeliveryKind.REPLY])
def test_an_edit_or_a_receipt_that_cannot_arrive_is_nobody_elses_business(kind: DeliveryKind) -> None:
    """The asker's words go to nobody else, and an edit calls nobody."""
    assert instead(a_delivery(kind, PLACE), waiting()) == []


def test_a_reply_that_never_reaches_its_asker_is_told_on_every_card() -> None:
    """Whoever replied believes that it arrived: each card is brought up to date, and nobody else gets the words."""
    one = taken(cards=carded(PLACE, DEPUTY_INBOX))
    change = aside(one, a_delivery(DeliveryKind.REPLY, ASKER_INBOX, one, entry=2), [], moment())
    assert brought(change) == [("update", "safe-place"), ("update", "deputy-dsl")]
    assert change.withdrawn == {DeliveryKind.UPDATE}
    assert [dict(note.data) for note in change.events] == [{"to": "person", "brought": "reply"}]
    assert aside(one, a_delivery(DeliveryKind.RECEIPT, ASKER_INBOX, one), [], moment()).deliveries == ()


def test_the_latest_reply_that_was_lost_is_known() -> None:
    """Not one that arrived or may still do so, and nothing else that was set aside."""
    first, later, sent, under_way = (
        a_delivery(DeliveryKind.REPLY, ASKER_INBOX, created_at=MONDAY + number * MINUTE, state=state)
        for number, state in enumerate(
            (DeliveryState.ASIDE, DeliveryState.ASIDE, DeliveryState.SENT, DeliveryState.PENDING)
        )
    )
    assert reply_lost_at([later, first, sent, under_way, dead(PLACE)]) == MONDAY + MINUTE
    assert reply_lost_at([sent, under_way, dead(PLACE)]) is None


def test_what_the_asker_added_goes_to_everybody_with_a_card() -> None:
    """Where whoever has it cannot be reached; else to the next person of the route."""
    one = taken(cards=carded(PLACE, DEPUTY_INBOX))
    failed = a_delivery(DeliveryKind.ANSWER, DSL_INBOX, one, entry=2)
    assert instead(failed, one) == ["safe-place", "deputy-dsl"]
    assert instead(failed, one, dead(PLACE), dead(DEPUTY_INBOX)) == ["headteacher"]
    change = aside(one, failed, [PLACE], moment())
    assert [(sent.kind, sent.entry) for sent in change.deliveries] == [(DeliveryKind.ANSWER, 2)]
    assert change.after.told == one.told


def test_what_is_set_aside_is_on_record() -> None:
    """With what it brought, and who is told instead."""
    one = recorded()
    change = aside(one, notice(of=one), [DSL_INBOX, DEPUTY_INBOX], moment())
    assert [sent.state for sent in change.settled] == [DeliveryState.ASIDE]
    assert brought(change) == [("notice", "dsl"), ("notice", "deputy-dsl")]
    assert change.after.told == (DSL_INBOX, DEPUTY_INBOX)
    (note,) = change.events
    assert (note.kind, dict(note.data)) == ("undeliverable", {"to": "place", "brought": "notice"})


def test_an_address_with_a_card_stays_among_those_told() -> None:
    """They were told once; only a reminder failed."""
    one = waiting()
    assert aside(one, a_delivery(CHASE, PLACE, one), [], moment()).after.told == one.told


def test_a_question_has_a_next_person_too() -> None:
    """The headteacher cannot be reached."""
    plan = replace(PLAN, rungs=(HEAD_INBOX, DSL_INBOX))
    failed = a_delivery(NOTICE, HEAD_INBOX, question())
    assert instead_of(failed, question(cards=()), plan, (), [failed]) == [DSL_INBOX]


def test_nobody_is_left_only_where_no_other_notice_arrived_or_may_arrive() -> None:
    """Then an operator must phone."""
    failed = notice()
    assert nobody_left(failed, [], [failed])
    assert nobody_left(failed, [], [failed, dead(DSL_INBOX)])
    assert not nobody_left(failed, [DSL_INBOX], [failed])
    assert not nobody_left(failed, [], [failed, notice(DSL_INBOX)])
    assert not nobody_left(failed, [], [failed, replace(notice(DSL_INBOX), state=DeliveryState.SENT)])
    assert not nobody_left(a_delivery(CHASE, PLACE), [], [])
