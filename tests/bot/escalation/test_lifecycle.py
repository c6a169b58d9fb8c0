"""The steps of an escalation's life, each taken by itself."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from bot.escalation.errors import RefusedError
from bot.escalation.lifecycle import (
    Actor,
    acknowledged,
    answered,
    opened,
    passed_on,
    reopened,
    replied,
    resolved,
    seen,
    sights,
)
from bot.escalation.model import (
    Change,
    DeliveryKind,
    EntryKind,
    Escalation,
    Resolution,
    Sight,
    State,
)
from bot.escalation.wording import NOT_RESOLVED, RESOLVED_ALREADY, taken_already
from knowledge.model import RouteName
from tests.bot.escalation.builders import (
    ASKER,
    ASKER_INBOX,
    DEPUTY,
    DEPUTY_INBOX,
    DSL,
    DSL_INBOX,
    EVENING,
    HEAD,
    HEAD_INBOX,
    HOUR,
    MINUTE,
    PLACE,
    PLAN,
    TUESDAY_8,
    WORDS,
    brought,
    carded,
    logged,
    moment,
    opening,
    recorded,
    taken,
    waiting,
)
from tests.escalation_fakes import MONDAY

LATER = MONDAY + 10 * MINUTE
TO_ALL = {("receipt", "asker-1"), ("update", "safe-place")}


def closed(one: Escalation) -> Escalation:
    """Return an escalation that the Designated Safeguarding Lead has resolved."""
    return resolved(one, DSL, Resolution.HANDLED, ASKER_INBOX, moment(LATER)).after


def by(actor: Actor, one: Escalation) -> Change:
    """Let somebody take an escalation ten minutes after it was opened."""
    return acknowledged(one, actor, ASKER_INBOX, moment(LATER))


# ---- Opening -------------------------------------------------------------------------------------------------------


def test_an_urgent_one_goes_at_once_to_the_first_rung() -> None:
    """Escalation, first event, words and first notice are one change, and the chase begins after five minutes."""
    change = opened(opening(event_key="event-1"), PLAN, moment(EVENING))
    (notice,) = change.deliveries
    assert change.before is None
    assert (notice.kind, notice.address, notice.not_before) == (DeliveryKind.NOTICE, PLACE, EVENING)
    assert change.after.told == (PLACE,)
    assert change.after.next_at == EVENING + 5 * MINUTE
    assert logged(change) == ["opened"]
    assert [entry.text for entry in change.entries] == [WORDS]
    assert change.event_key == "event-1"
    assert change.people == (ASKER,)


def test_those_told_besides_the_route_are_told_with_the_first_rung() -> None:
    """Each once, by direct message."""
    change = opened(opening(), replace(PLAN, beside=(HEAD_INBOX, PLACE)), moment())
    assert brought(change) == [("notice", "safe-place"), ("notice", "headteacher")]
    assert change.after.told == (PLACE, HEAD_INBOX)


def test_one_that_is_not_urgent_waits_for_the_school_to_open() -> None:
    """In the evening its notice waits for the next morning; another person follows where that reaches nobody."""
    change = opened(opening(urgent=False, category="pupil-contact"), PLAN, moment(EVENING))
    assert [one.not_before for one in change.deliveries] == [TUESDAY_8]
    assert change.after.next_at == TUESDAY_8 + 15 * MINUTE


def test_one_that_is_not_urgent_goes_at_once_in_school_hours() -> None:
    """While the school is open nothing waits."""
    change = opened(opening(urgent=False), PLAN, moment())
    assert [one.not_before for one in change.deliveries] == [MONDAY]


def test_the_log_never_holds_the_words() -> None:
    """The words stand in the thread alone; the log has the category, the route and pseudonymous keys."""
    steps = [
        opened(opening(), PLAN, moment()),
        replied(waiting(), DSL, WORDS, ASKER_INBOX, moment()),
        answered(waiting(), WORDS, [PLACE], moment()),
    ]
    for change in steps:
        assert WORDS in change.entries[0].text
        assert WORDS not in repr((change.events, change.after, change.deliveries))
        assert ASKER.name not in repr((change.events, change.after, change.deliveries))


# ---- Seeing and taking ---------------------------------------------------------------------------------------------


def test_the_asker_is_told_when_a_role_opens_the_words() -> None:
    """The first time a role opens them, the asker and those with the card learn of it."""
    change = seen(waiting(), DSL, ASKER_INBOX, moment(LATER))
    assert change.after.seen == (Sight("dsl", LATER),)
    assert set(brought(change)) == TO_ALL
    assert logged(change) == ["words-opened"]


def test_opening_the_words_again_is_logged_and_told_to_nobody() -> None:
    """Every opening is on record; only the first of a role is news."""
    once = seen(waiting(), DSL, ASKER_INBOX, moment()).after
    again = seen(once, DSL, ASKER_INBOX, moment(LATER))
    assert logged(again) == ["words-opened"]
    assert (again.after, again.deliveries) == (once, ())


def test_opening_the_words_does_not_end_the_chase() -> None:
    """Seeing is not taking: reminders stay, only what tells the old state goes."""
    change = seen(waiting(), DSL, ASKER_INBOX, moment(LATER))
    assert change.after.next_at == waiting().next_at
    assert change.withdrawn == {DeliveryKind.UPDATE, DeliveryKind.RECEIPT}


def test_taking_it_ends_the_chase() -> None:
    """Reminders on their way are withdrawn; the asker and the cards learn who has it; it is asked about later."""
    change = by(DSL, waiting())
    assert (change.after.state, change.after.holder, change.after.holder_role) == ("acknowledged", DSL.key, "dsl")
    assert change.after.acknowledged_at == LATER
    assert change.after.waiting_since is None
    assert change.after.next_at == LATER + 4 * HOUR
    assert set(brought(change)) == TO_ALL
    assert {DeliveryKind.CHASE, DeliveryKind.UPDATE, DeliveryKind.RECEIPT} <= change.withdrawn
    assert DeliveryKind.NOTICE not in change.withdrawn


def test_taking_it_is_not_seeing_it() -> None:
    """Whoever takes it from the card has not opened the words, and the asker is not told they had."""
    assert by(DSL, waiting()).after.seen == ()


def test_one_that_was_taken_before_it_arrived_counts_as_delivered() -> None:
    """Somebody found it on their desk while the channel was down."""
    after = by(DSL, recorded()).after
    assert (after.state, after.delivered_at) == ("acknowledged", LATER)


def test_nobody_takes_what_another_has() -> None:
    """The refusal names whoever has it by their title, or not at all: never by the id of a role."""
    with pytest.raises(RefusedError, match=taken_already("Designated Teacher")):
        acknowledged(taken(), DEPUTY, ASKER_INBOX, moment(LATER), "Designated Teacher")
    with pytest.raises(RefusedError, match="by the person on duty"):
        by(DEPUTY, taken())


def test_whoever_has_it_can_say_that_it_is_still_with_them() -> None:
    """The question ends for another four school hours, and nobody else is troubled."""
    change = by(DSL, taken(asked_again=2))
    assert (change.after.asked_again, change.after.next_at) == (0, LATER + 4 * HOUR)
    assert change.after.acknowledged_at == taken().acknowledged_at
    assert change.deliveries == ()
    assert change.withdrawn == {DeliveryKind.STALE}


def test_an_acknowledgement_lapses_after_four_school_hours() -> None:
    """Hours in which the school is closed do not count."""
    change = acknowledged(waiting(), DSL, None, moment(MONDAY + 5 * HOUR))
    assert change.after.next_at == TUESDAY_8 + 3 * HOUR


# ---- Passing on ----------------------------------------------------------------------------------------------------


def test_passing_on_tells_the_other_at_once_and_restarts_the_chase() -> None:
    """It waits again, from this moment, until the other takes it."""
    change = passed_on(taken(chased=3, warned=True), DSL, DEPUTY_INBOX, ASKER_INBOX, moment(LATER))
    after = change.after
    assert ("notice", "deputy-dsl") in brought(change)
    assert set(brought(change)) >= TO_ALL
    assert (after.state, after.holder, after.holder_role) == (State.DELIVERED, None, "deputy-dsl")
    assert (after.waiting_since, after.chased, after.warned) == (LATER, 0, False)
    assert after.next_at == LATER + 5 * MINUTE
    assert after.told == (PLACE, DEPUTY_INBOX)


def test_passing_on_to_somebody_who_was_told_before_tells_them_again() -> None:
    """They get a card of their own, and stand among those told only once."""
    change = passed_on(taken(told=(PLACE, DEPUTY_INBOX)), DSL, DEPUTY_INBOX, None, moment())
    assert ("notice", "deputy-dsl") in brought(change)
    assert change.after.told == (PLACE, DEPUTY_INBOX)


def test_what_is_not_urgent_is_passed_on_in_school_hours() -> None:
    """In the evening nobody is rung for it."""
    change = passed_on(taken(urgent=False), DSL, DEPUTY_INBOX, ASKER_INBOX, moment(EVENING))
    waits = {one.kind: one.not_before for one in change.deliveries}
    assert waits[DeliveryKind.NOTICE] == TUESDAY_8
    assert waits[DeliveryKind.RECEIPT] == EVENING


def test_one_that_was_passed_on_unseen_counts_as_delivered() -> None:
    """Whoever passed it on has it in hand, whatever the channel did."""
    after = passed_on(recorded(), DSL, DEPUTY_INBOX, None, moment(LATER)).after
    assert (after.state, after.delivered_at) == (State.DELIVERED, LATER)


# ---- Talking -------------------------------------------------------------------------------------------------------


def test_a_reply_reaches_the_asker_and_is_progress() -> None:
    """The asker gets the words; whoever has it is not asked again for four school hours."""
    change = replied(taken(asked_again=1), DSL, WORDS, ASKER_INBOX, moment(LATER))
    (entry,) = change.entries
    assert (entry.kind, entry.number, entry.role) == (EntryKind.REPLY, 2, "dsl")
    assert [(one.kind, one.entry) for one in change.deliveries if one.kind is DeliveryKind.REPLY] == [("reply", 2)]
    assert (change.after.asked_again, change.after.next_at) == (0, LATER + 4 * HOUR)


def test_a_reply_leaves_its_trace_for_the_others() -> None:
    """The role and the time of the latest one stay with it, and every card is told; no name, and no word of it."""
    one = taken(cards=carded(PLACE, DSL_INBOX))
    first = replied(one, DSL, WORDS, ASKER_INBOX, moment(LATER)).after
    change = replied(first, DEPUTY, WORDS, ASKER_INBOX, moment(LATER + MINUTE))
    assert (change.after.replied_role, change.after.replied_at) == ("deputy-dsl", LATER + MINUTE)
    assert brought(change)[1:] == [("update", "safe-place"), ("update", "dsl")]


def test_a_reply_that_changes_nothing_else_sends_no_receipt() -> None:
    """The asker gets the reply alone; a receipt that is still on its way to them stays on its way."""
    for one in (taken(), closed(taken())):
        change = replied(one, DEPUTY, WORDS, ASKER_INBOX, moment(LATER))
        assert brought(change) == [("reply", "asker-1"), ("update", "safe-place")]
        assert DeliveryKind.RECEIPT not in change.withdrawn


def test_whoever_replies_first_has_it() -> None:
    """A reply to one that nobody has takes it; both stand in the log, in this order."""
    change = replied(waiting(), DSL, WORDS, ASKER_INBOX, moment(LATER))
    assert (change.after.state, change.after.holder) == (State.ACKNOWLEDGED, DSL.key)
    assert logged(change) == ["acknowledged", "replied"]
    assert DeliveryKind.CHASE in change.withdrawn
    assert [kind for kind, _ in brought(change)].count("receipt") == 1


def test_a_colleague_may_reply_without_taking_it_over() -> None:
    """It stays with whoever has it."""
    change = replied(taken(), HEAD, WORDS, ASKER_INBOX, moment(LATER))
    assert change.after.holder == DSL.key


def test_a_reply_after_the_end_leaves_it_resolved() -> None:
    """A last word opens nothing anew."""
    change = replied(closed(taken()), DSL, WORDS, ASKER_INBOX, moment(LATER))
    assert (change.after.state, change.after.next_at) == (State.RESOLVED, None)


def test_the_asker_can_add_something() -> None:
    """It goes to those named, each once, and changes nothing else."""
    one = taken()
    change = answered(one, WORDS, [DSL_INBOX, DSL_INBOX], moment(LATER))
    assert brought(change) == [("answer", "dsl"), ("update", "safe-place")]
    assert replace(change.after, entries=1) == one
    assert logged(change) == ["answered"]


def test_what_the_asker_adds_to_a_resolved_one_opens_it_again() -> None:
    """Nothing a worried person adds lies unread: it waits to be taken, and is chased from now on."""
    change = answered(closed(taken()), WORDS, [PLACE], moment(LATER))
    after = change.after
    assert (after.state, after.resolution, after.resolved_at) == (State.DELIVERED, None, None)
    assert (after.waiting_since, after.next_at) == (LATER, LATER + 5 * MINUTE)
    assert logged(change) == ["answered", "reopened"]


def test_the_asker_gets_a_receipt_once_what_they_add_opens_it_again() -> None:
    """Nobody has it now, and they read so; one that is open already has nothing new to tell them."""
    change = answered(closed(taken()), WORDS, [PLACE], moment(LATER), ASKER_INBOX)
    assert brought(change) == [("answer", "safe-place"), ("receipt", "asker-1"), ("update", "safe-place")]
    assert DeliveryKind.RECEIPT in change.withdrawn
    for one in (waiting(), taken()):
        assert ("receipt", "asker-1") not in brought(answered(one, WORDS, [PLACE], moment(LATER), ASKER_INBOX))


def test_what_the_asker_adds_in_the_evening_waits_unless_it_is_urgent() -> None:
    """An urgent one goes at once, any other when the school opens."""
    for urgent, due in ((True, EVENING), (False, TUESDAY_8)):
        change = answered(taken(urgent=urgent), WORDS, [DSL_INBOX], moment(EVENING))
        assert change.deliveries[0].not_before == due


# ---- The end -------------------------------------------------------------------------------------------------------


def test_resolving_ends_everything_that_was_due() -> None:
    """The category of what came of it is kept, nothing is due any more, asker and cards learn of it."""
    change = resolved(taken(), DSL, Resolution.REFERRED, ASKER_INBOX, moment(LATER))
    assert (change.after.state, change.after.resolution) == (State.RESOLVED, Resolution.REFERRED)
    assert (change.after.next_at, change.after.resolved_at) == (None, LATER)
    assert set(brought(change)) == TO_ALL
    assert {DeliveryKind.CHASE, DeliveryKind.STALE} <= change.withdrawn


def test_one_that_nobody_took_can_be_resolved() -> None:
    """Whoever resolves it had it."""
    after = resolved(recorded(), HEAD, Resolution.BY_MISTAKE, None, moment(LATER)).after
    assert (after.holder, after.holder_role, after.acknowledged_at) == (HEAD.key, "headteacher", LATER)


def test_whoever_resolves_what_was_passed_on_had_it() -> None:
    """Not the role it was passed on to, which never took it."""
    passed = passed_on(taken(), DSL, DEPUTY_INBOX, None, moment()).after
    after = resolved(passed, HEAD, Resolution.HANDLED, None, moment(LATER)).after
    assert (after.holder, after.holder_role) == (HEAD.key, "headteacher")


def test_a_resolved_one_can_be_opened_again() -> None:
    """It waits to be taken, and the chase starts from the beginning."""
    change = reopened(closed(taken(chased=4)), DEPUTY, ASKER_INBOX, moment(LATER))
    after = change.after
    assert (after.state, after.holder, after.holder_role) == (State.DELIVERED, None, None)
    assert (after.chased, after.waiting_since, after.next_at) == (0, LATER, LATER + 5 * MINUTE)
    assert set(brought(change)) == TO_ALL


def test_who_opened_the_words_before_it_was_opened_again_has_not_seen_it_since() -> None:
    """The next opening of the same role is news again."""
    known = seen(waiting(), DSL, None, moment(MONDAY)).after
    again = reopened(closed(known), DEPUTY, None, moment(LATER)).after
    assert sights(again) == ()
    after = seen(again, DSL, ASKER_INBOX, moment(LATER + MINUTE)).after
    assert [sight.at for sight in after.seen] == [MONDAY, LATER + MINUTE]


@pytest.mark.parametrize(
    "step",
    [
        lambda one: by(DSL, one),
        lambda one: passed_on(one, DSL, DEPUTY_INBOX, None, moment()),
        closed,
    ],
    ids=["acknowledge", "pass on", "resolve"],
)
def test_a_resolved_one_must_be_opened_again_first(step: Callable[[Escalation], object]) -> None:
    """Taking, passing on and resolving are refused, with a sentence that says what to do."""
    one = closed(taken())
    with pytest.raises(RefusedError, match=RESOLVED_ALREADY):
        step(one)


def test_an_open_one_cannot_be_opened_again() -> None:
    """There is nothing to reopen."""
    with pytest.raises(RefusedError, match=NOT_RESOLVED):
        reopened(taken(), DSL, None, moment())


def test_an_asker_whose_name_was_erased_gets_nothing() -> None:
    """Nobody can be told, and the step is taken all the same."""
    change = acknowledged(waiting(cards=carded(PLACE, DSL_INBOX)), DSL, None, moment())
    assert brought(change) == [("update", "safe-place"), ("update", "dsl")]


def test_a_question_opens_like_any_other() -> None:
    """It goes to whoever answers questions."""
    change = opened(opening(category="question", urgent=False), replace(PLAN, route=RouteName.QUESTION), moment())
    assert change.after.is_question
    assert change.after.route is RouteName.QUESTION
