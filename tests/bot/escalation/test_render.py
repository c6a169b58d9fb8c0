"""What a message says and never says."""

import inspect
from dataclasses import replace
from types import MappingProxyType

import pytest

from bot.escalation import wording
from bot.escalation.lifecycle import acknowledged, passed_on, replied, resolved, seen
from bot.escalation.message import Act
from bot.escalation.model import Address, DeliveryKind, Entry, EntryKind, Escalation, Resolution, State
from bot.escalation.render import Scene, card_lines, listed_in, render
from tests.bot.escalation.builders import (
    ASKER,
    ASKER_INBOX,
    DEPUTY,
    DEPUTY_INBOX,
    DSL,
    DSL_INBOX,
    HEAD_INBOX,
    HOUR,
    MINUTE,
    PLACE,
    SCHOOL,
    WORDS,
    a_delivery,
    carded,
    moment,
    question,
    recorded,
    scene,
    taken,
    waiting,
)
from tests.escalation_fakes import MONDAY

TO_SCHOOL = [DeliveryKind.NOTICE, DeliveryKind.CHASE, DeliveryKind.STALE, DeliveryKind.UPDATE, DeliveryKind.ANSWER]
MAIL_BOX = Address("mail", "dsl@oakwood.example", role="dsl")
RESOLVED = resolved(taken(), DSL, Resolution.HANDLED, None, moment(MONDAY + HOUR)).after
THREAD = (
    Entry(EntryKind.OPENING, "key", WORDS, MONDAY, 1),
    Entry(EntryKind.REPLY, "key", "a reply", MONDAY, 2, "dsl"),
    Entry(EntryKind.ANSWER, "key", "an answer", MONDAY, 3),
)


# ---- Words ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", TO_SCHOOL)
@pytest.mark.parametrize("one", [waiting(), taken(), RESOLVED], ids=["waiting", "taken", "resolved"])
def test_the_words_of_a_concern_are_in_no_notice(kind: DeliveryKind, one: Escalation) -> None:
    """Neither the opening words nor what the asker adds: they appear only on opening."""
    message = render(a_delivery(kind, PLACE, one, entry=3), scene(one, entries=THREAD))
    assert message.quoted is None
    assert not [said.text for said in THREAD if said.text in repr(message)]


def test_a_school_can_show_the_words_in_its_notices() -> None:
    """It has said so in its pack."""
    open_school = replace(SCHOOL, words_in_notices=True)
    notice = render(a_delivery(DeliveryKind.NOTICE, PLACE), scene(waiting(), open_school))
    assert notice.quoted == WORDS
    assert WORDS not in (notice.title, *notice.lines)


def test_a_question_shows_its_words_on_the_card() -> None:
    """Whoever asked a person handed them the words; what they add is shown as well."""
    one = question()
    assert render(a_delivery(DeliveryKind.NOTICE, HEAD_INBOX, one), scene(one)).quoted == WORDS
    added = a_delivery(DeliveryKind.ANSWER, HEAD_INBOX, one, entry=3)
    assert render(added, scene(one, entries=THREAD)).quoted == "an answer"


def test_words_that_were_purged_leave_the_card_standing() -> None:
    """Nothing is quoted, and the message is made all the same."""
    one = question()
    assert render(a_delivery(DeliveryKind.NOTICE, HEAD_INBOX, one), scene(one, entries=())).quoted is None
    reply = render(a_delivery(DeliveryKind.REPLY, ASKER_INBOX, one, entry=2), scene(one, entries=()))
    assert reply.quoted is None


def test_a_reply_brings_its_words_to_the_asker_alone() -> None:
    """The entry it belongs to, with the title of the role that wrote it."""
    message = render(a_delivery(DeliveryKind.REPLY, ASKER_INBOX, taken(), entry=2), scene(taken(), entries=THREAD))
    assert message.quoted == "a reply"
    assert message.title.startswith("Designated Safeguarding Lead has answered you (")
    assert message.acts == (Act.ANSWER,)


def test_a_mail_holds_reference_category_and_whom_to_phone() -> None:
    """No words, no name, no button."""
    message = render(a_delivery(DeliveryKind.NOTICE, MAIL_BOX, recorded()), scene(recorded()))
    assert "A child may be at risk of harm" in message.title
    assert message.reference in message.title
    assert message.lines == (wording.MAIL_LINE, "Front desk, School office: 01632 960000")
    assert message.acts == ()
    assert message.quoted is None
    assert ASKER.name not in repr(message)


# ---- Cards ---------------------------------------------------------------------------------------------------------


def test_a_notice_says_what_where_and_who() -> None:
    """Category, reference and urgency in its title; school, asker and what to do beneath."""
    one = waiting()
    message = render(a_delivery(DeliveryKind.NOTICE, PLACE, one), scene(one))
    assert message.title == f"Urgent: A child may be at risk of harm ({one.reference})"
    assert message.lines == (
        "Oakwood School",
        f"Raised by {ASKER.name}, 10:00.",
        wording.OPEN_IT,
        wording.NO_RECORD,
    )
    assert message.urgent


def test_only_an_urgent_one_is_called_urgent() -> None:
    """The word keeps its weight."""
    one = waiting(urgent=False)
    assert "Urgent" not in render(a_delivery(DeliveryKind.NOTICE, PLACE, one), scene(one)).title


def test_a_card_says_where_it_stands() -> None:
    """Who opened it, who has it, what came of it; not when it reached those who read it."""
    one = acknowledged(seen(waiting(), DSL, None, moment()).after, DSL, None, moment(MONDAY + MINUTE)).after
    lines = card_lines(scene(one))
    assert lines[2:4] == [
        "Seen by the Designated Safeguarding Lead, 10:00.",
        "Taken by the Designated Safeguarding Lead, 10:01.",
    ]
    assert not [line for line in lines if line.startswith(("Delivered", "Recorded"))]
    assert wording.OPEN_IT not in lines


def test_a_card_that_was_seen_before_anything_arrived_says_so() -> None:
    """Somebody found it on their desk while the channel was down."""
    one = seen(recorded(), DSL, None, moment()).after
    assert "Seen by the Designated Safeguarding Lead, 10:00." in card_lines(scene(one))


def test_a_card_says_that_a_reply_was_lost_and_what_to_do() -> None:
    """Whoever has it must not believe that it arrived: on the card, and where they are asked whether they have it."""
    line = "The reply of 10:02 did not reach the person who wrote. Speak to them in person."
    lost = scene(taken(), reply_lost_at=MONDAY + 2 * MINUTE)
    for kind in (DeliveryKind.UPDATE, DeliveryKind.STALE, DeliveryKind.ANSWER):
        assert line in render(a_delivery(kind, PLACE), lost).lines
    assert line not in render(a_delivery(DeliveryKind.RECEIPT, ASKER_INBOX), lost).lines
    assert line not in card_lines(scene(taken()))


def test_a_card_says_who_has_answered_last() -> None:
    """By their role and the time, so that no two people answer; wherever the card stands, and no word of the answer."""
    one = replied(taken(), DSL, "the first", None, moment(MONDAY + 6 * MINUTE)).after
    one = replied(one, DEPUTY, "the second", None, moment(MONDAY + 7 * MINUTE)).after
    for address in (PLACE, DSL_INBOX):
        lines = render(a_delivery(DeliveryKind.UPDATE, address, one), scene(one)).lines
        found = [line for line in lines if line.startswith("Answered")]
        assert found == ["Answered by the Deputy Designated Safeguarding Lead, 10:07."]
        assert "second" not in repr(lines)


def test_a_reminder_says_what_stays_true_once_somebody_has_it() -> None:
    """It is never edited: that nobody had it has a time, and nothing says "yet"."""
    seen_by_one = seen(waiting(), DSL, None, moment(MONDAY + MINUTE)).after
    one = passed_on(seen_by_one, DSL, DEPUTY_INBOX, None, moment(MONDAY + 2 * MINUTE)).after
    message = render(a_delivery(DeliveryKind.CHASE, PLACE, one), scene(one, now=MONDAY + 15 * MINUTE))
    assert message.title == f"Nobody had taken it by 10:15: A child may be at risk of harm ({one.reference})"
    assert message.lines == (
        "Oakwood School",
        f"Raised by {ASKER.name}, 10:00.",
        "Seen by the Designated Safeguarding Lead, 10:01.",
        "Passed on to the Deputy Designated Safeguarding Lead, 10:02.",
        wording.TAKE_IT_UNLESS_TAKEN,
        wording.NO_RECORD,
    )


def test_a_card_says_that_its_asker_is_not_staff() -> None:
    """Whoever takes it must know."""
    assert wording.NOT_STAFF in card_lines(scene(waiting(staff=False)))
    assert wording.NOT_STAFF not in card_lines(scene(waiting()))


def test_a_card_says_that_signpost_is_not_the_record() -> None:
    """As long as there is something to record; never of a question."""
    assert wording.NO_RECORD in card_lines(scene(taken()))
    assert wording.NO_RECORD not in card_lines(scene(RESOLVED))
    assert wording.NO_RECORD not in card_lines(scene(question()))


@pytest.mark.parametrize(
    ("one", "acts"),
    [
        (waiting(), (Act.OPEN, Act.ACKNOWLEDGE, Act.ASSIGN, Act.REPLY, Act.RESOLVE)),
        (taken(), (Act.OPEN, Act.REPLY, Act.ASSIGN, Act.RESOLVE)),
        (RESOLVED, (Act.OPEN, Act.REOPEN)),
    ],
    ids=["waiting", "taken", "resolved"],
)
def test_the_buttons_of_a_card_fit_its_state(one: Escalation, acts: tuple[Act, ...]) -> None:
    """What cannot be done is not offered."""
    assert render(a_delivery(DeliveryKind.UPDATE, PLACE, one), scene(one)).acts == acts


def test_whoever_is_asked_whether_they_have_it_still_can_say_so() -> None:
    """The message names who took it and when, and has the button."""
    message = render(a_delivery(DeliveryKind.STALE, PLACE, taken()), scene(taken()))
    assert message.title.startswith("Is this still with you?")
    assert "Taken by the Designated Safeguarding Lead, 10:05." in message.lines
    assert Act.ACKNOWLEDGE in message.acts


def test_an_update_edits_the_card_of_its_own_address() -> None:
    """Nothing new is posted."""
    one = taken(cards=carded(PLACE, DSL_INBOX))
    assert render(a_delivery(DeliveryKind.UPDATE, DSL_INBOX, one), scene(one)).replaces == "card-at-dsl"
    assert render(a_delivery(DeliveryKind.CHASE, DSL_INBOX, one), scene(one)).replaces is None
    for kind in (DeliveryKind.CHASE, DeliveryKind.STALE, DeliveryKind.ANSWER):
        assert render(a_delivery(kind, DSL_INBOX, one), scene(one)).beneath == "card-at-dsl"
    for kind in (DeliveryKind.NOTICE, DeliveryKind.UPDATE, DeliveryKind.DIGEST):
        assert render(a_delivery(kind, DSL_INBOX, one), scene(one)).beneath is None
    told = replace(scene(one), first_receipt="receipt-1")
    for kind in (DeliveryKind.RECEIPT, DeliveryKind.REPLY):
        assert render(a_delivery(kind, DSL_INBOX, one), told).beneath == "receipt-1"


def test_what_may_have_arrived_before_says_so() -> None:
    """In the title, where a notification shows it; an edit of a card needs no such word."""
    again = render(a_delivery(DeliveryKind.NOTICE, PLACE, in_doubt=True), scene(waiting()))
    assert again.again
    assert again.title.startswith(wording.AGAIN)
    edit = render(a_delivery(DeliveryKind.UPDATE, PLACE, taken(), in_doubt=True), scene(taken()))
    assert edit.again
    assert not edit.title.startswith(wording.AGAIN)


def test_the_key_of_a_message_is_that_of_its_delivery() -> None:
    """So that a platform that can tell shows it once."""
    sent = a_delivery(DeliveryKind.NOTICE, PLACE)
    assert render(sent, scene(waiting())).key == sent.id


def test_a_name_that_was_erased_is_not_made_up() -> None:
    """The card says that it has been erased."""
    assert f"Raised by {wording.NAME_ERASED}, 10:00." in card_lines(scene(waiting(), asker=wording.NAME_ERASED))


# ---- The digest ----------------------------------------------------------------------------------------------------


def digest_scene() -> Scene:
    """Return a school with two questions that wait at the headteacher's, and some that do not."""
    one, two = question(reference="A"), question(reference="B")
    elsewhere, gone = question(reference="C", cards=carded(DSL_INBOX)), question(reference="D", cards=())
    has = question(reference="E", state=State.ACKNOWLEDGED)
    listed = tuple((each, ASKER.name) for each in (one, two, elsewhere, gone, has))
    return scene(one, waiting=listed)


def test_a_digest_lists_what_waits_at_its_address() -> None:
    """Not what others were asked, nor what somebody has taken."""
    made = digest_scene()
    message = render(a_delivery(DeliveryKind.DIGEST, HEAD_INBOX, made.escalation), made)
    assert message.title == "2 questions are waiting for an answer"
    assert message.lines == ("Oakwood School", f"A, from {ASKER.name}, 10:00", f"B, from {ASKER.name}, 10:00")
    assert message.quoted is None


def test_a_digest_for_somebody_who_was_asked_nothing_is_empty() -> None:
    """So it is not sent."""
    assert listed_in(PLACE.lane, digest_scene()) == []


# ---- Receipts ------------------------------------------------------------------------------------------------------


def test_a_receipt_gives_the_number_where_it_warns() -> None:
    """At 15 minutes; the asker can always add something."""
    message = render(a_delivery(DeliveryKind.RECEIPT, ASKER_INBOX), scene(waiting(), now=MONDAY + 15 * MINUTE))
    assert message.lines[-2:] == (wording.NOT_SEEN, "Front desk, School office: 01632 960000")
    assert message.acts == (Act.ANSWER,)


def test_a_receipt_without_a_warning_names_nobody_to_phone() -> None:
    """Calm where all is well."""
    message = render(a_delivery(DeliveryKind.RECEIPT, ASKER_INBOX), scene(taken()))
    assert not [line for line in message.lines if "01632" in line]


# ---- What is never said --------------------------------------------------------------------------------------------


def test_no_sentence_promises_what_cannot_be_kept() -> None:
    """Nothing is called confidential, anonymous, private or a secret, to anybody (RS-84)."""
    source = inspect.getsource(wording).casefold()
    for promise in ("confiden", "anonym", "secret", "nobody will know", "in private", "promise"):
        assert promise not in source


def test_no_message_asks_for_names_or_for_the_story() -> None:
    """No who, what or why: Signpost does not investigate (RS-85)."""
    for kind in DeliveryKind:
        message = render(a_delivery(kind, PLACE, entry=2), scene(waiting(), entries=THREAD))
        said = " ".join((message.title, *message.lines)).casefold()
        assert not [word for word in ("who did", "what happened", "tell us", "name of the child") if word in said]


def test_every_kind_of_message_can_be_made_of_every_state() -> None:
    """No delivery finds its escalation in a state that has no words, in a school that has nobody."""
    bare = replace(SCHOOL, contacts=MappingProxyType({}))
    for one in (recorded(), waiting(), taken(), RESOLVED, question()):
        for kind in DeliveryKind:
            for address in (PLACE, MAIL_BOX):
                message = render(a_delivery(kind, address, one, entry=9), scene(one, bare))
                assert message.title
