"""Cards and receipts as they stand in Slack."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from adapters.chat import wording
from adapters.slack import wording as in_slack
from adapters.slack.cards import render_card, render_receipt
from bot.escalation import wording as told
from bot.escalation.message import Act, Message
from bot.escalation.model import DeliveryKind, State
from bot.escalation.receipt import receipt
from bot.escalation.render import render
from tests.adapters.slack.payloads import check, elements, hostile_words, read, shown, taps
from tests.bot.escalation.builders import (
    ASKER_INBOX,
    DSL_INBOX,
    HEAD_INBOX,
    MINUTE,
    PLACE,
    SCHOOL,
    WORDS,
    a_delivery,
    question,
    scene,
    taken,
    waiting,
)
from tests.escalation_fakes import MONDAY

CONCERN = render(a_delivery(DeliveryKind.NOTICE, PLACE), scene(waiting()))
QUESTION = render(a_delivery(DeliveryKind.NOTICE, HEAD_INBOX, question()), scene(question()))


def digest(count: int) -> Message:
    """Return the day's digest of so many questions."""
    lines = [told.question_line(f"K7-{number:04}", "Ms Patel", "10:42") for number in range(count)]
    return replace(CONCERN, kind=DeliveryKind.DIGEST, urgent=False, title=told.digest_title(count), lines=tuple(lines))


def test_a_card_says_what_and_how_urgent_and_never_the_words() -> None:
    """The card of a concern has its title, its lines and its buttons; the words of it are nowhere."""
    card = render_card(CONCERN)
    check(card)
    assert card.text == CONCERN.title
    assert card.text.startswith("Urgent: A child may be at risk of harm")
    assert shown(card.blocks)[:3] == [CONCERN.title, f"*{wording.NOT_TAKEN}*", "\n".join(CONCERN.lines)]
    assert WORDS not in read([card]) + card.text
    assert wording.OPENING_IS_NOTED in shown(card.blocks)


def test_the_buttons_are_those_of_its_state() -> None:
    """Each thing that can be done has a button, which knows the escalation and nothing else."""
    card = render_card(CONCERN)
    assert taps([card]) == {
        "desk:open": "Open",
        "desk:acknowledge": "Take it",
        "desk:assign": "Pass on",
        "desk:reply": "Reply",
        "desk:resolve": "Resolve",
    }
    assert {one["value"] for one in elements(card.blocks)} == {CONCERN.escalation}
    assert list(taps([render_card(replace(CONCERN, acts=(Act.OPEN, Act.REOPEN)))])) == ["desk:open", "desk:reopen"]
    assert taps([render_card(replace(CONCERN, acts=(Act.ANSWER,)))]) == {"asker:answer": "Add something"}
    assert taps([render_card(replace(CONCERN, acts=()))]) == {}


def test_whoever_is_asked_whether_they_still_have_it_can_say_so() -> None:
    """Taking it once more reads as what it means then."""
    card = render_card(render(a_delivery(DeliveryKind.STALE, DSL_INBOX, taken()), scene(taken())))
    assert taps([card])["desk:acknowledge"] == wording.STILL_WITH_ME


def test_a_question_shows_its_words_as_they_were_written() -> None:
    """The words of a question stand on its card in plain text, whatever signs they hold."""
    words = "> can I *friend* <!channel> :fire: `x` & co?"
    card = render_card(replace(QUESTION, quoted=words))
    check(card)
    assert words in shown(card.blocks)
    assert words not in card.text
    (block,) = [block for block in card.blocks if block["type"] == "section" and "friend" in block["text"]["text"]]
    assert block["text"]["type"] == "plain_text"
    assert block["text"]["emoji"] is False


@pytest.mark.parametrize(
    ("kind", "says"),
    [
        (DeliveryKind.CHASE, True),
        (DeliveryKind.STALE, True),
        (DeliveryKind.RECEIPT, False),
        (DeliveryKind.REPLY, False),
    ],
)
def test_what_is_urgent_says_so_in_words(kind: DeliveryKind, says: bool) -> None:
    """Those who are told read that it is urgent, also where the title does not say it; the asker knows."""
    card = render_card(replace(CONCERN, kind=kind, title="Not taken yet: a child at risk (K7-1)"))
    assert card.text.startswith("Urgent: ") is says
    assert shown(card.blocks)[0].startswith("Urgent: ") is says
    calm = render_card(replace(CONCERN, urgent=False, kind=kind, title="Not taken yet"))
    assert shown(calm.blocks)[0] == "Not taken yet"


@pytest.mark.parametrize(
    ("acts", "says"),
    [
        ((Act.OPEN, Act.ACKNOWLEDGE, Act.RESOLVE), wording.NOT_TAKEN),
        ((Act.OPEN, Act.REPLY, Act.RESOLVE), wording.TAKEN),
        ((Act.OPEN, Act.REOPEN), wording.RESOLVED),
    ],
)
def test_whether_somebody_has_it_is_seen_at_a_glance(acts: tuple[Act, ...], says: str) -> None:
    """In a channel of many cards the second line of each is one word: not taken, taken or resolved."""
    assert shown(render_card(replace(CONCERN, acts=acts)).blocks)[1] == f"*{says}*"


def test_what_is_resolved_is_urgent_no_more() -> None:
    """A card that is over does not call anybody."""
    card = render_card(replace(CONCERN, acts=(Act.OPEN, Act.REOPEN)))
    assert "Urgent" not in card.text + read([card])


def test_urgent_is_not_said_twice() -> None:
    """A card that was sent again says once that it is urgent."""
    card = render_card(replace(CONCERN, title=f"{told.AGAIN}: {CONCERN.title}"))
    assert card.text.count("Urgent") == 1


def test_a_title_too_long_for_a_header_keeps_its_reference() -> None:
    """Whoever speaks of it can still name it."""
    card = render_card(replace(CONCERN, title="A very long title " * 40))
    check(card)
    assert f"Reference {CONCERN.reference}" in shown(card.blocks)


def test_an_answer_reaches_the_asker_whole() -> None:
    """The longest reply that can be written is read whole, even one that grows when it is escaped."""
    words = "&" * told.LONGEST_REPLY
    card = render_card(replace(CONCERN, kind=DeliveryKind.REPLY, lines=(), quoted=words, acts=(Act.ANSWER,)))
    check(card)
    assert read([card]).replace("\n", "").count("&") == told.LONGEST_REPLY


def test_a_digest_lists_what_fits_and_counts_the_rest() -> None:
    """Hundreds of questions make one message, which says how many it does not list."""
    few, many = render_card(digest(30)), render_card(digest(2_000))
    check(few)
    check(many)
    assert "K7-0029" in read([few])
    assert "more." not in read([few])
    listed = read([many]).count("Ms Patel")
    assert 100 < listed < 2_000
    assert wording.more_lines(2_000 - listed) in read([many])


def test_a_list_of_several_questions_has_no_buttons_of_one_of_them() -> None:
    """Taking or resolving would leave open which is meant: each has its own card, and the home tab lists them."""
    named = ("Oakwood School", "K7-0001, from Ms Patel, 10:42", "K7-0002, from Mr Okafor, 10:50")
    several = render_card(replace(digest(2), lines=named))
    assert taps([several]) == {}
    assert in_slack.SEVERAL_WAIT in shown(several.blocks)
    assert "desk:open" in taps([render_card(replace(digest(1), lines=named[:2]))])


def test_news_for_the_asker_names_no_category_on_a_lock_screen() -> None:
    """The notification of a receipt holds its reference alone; what it is about is read in the message."""
    one = taken()
    card = render_card(render(a_delivery(DeliveryKind.RECEIPT, ASKER_INBOX, one), scene(one)))
    check(card)
    assert card.text == f"News of {one.reference}"
    assert "A child may be at risk of harm" in shown(card.blocks)[0]


@pytest.mark.parametrize("alarm", [told.NOT_SEEN, told.NOT_DELIVERED, told.NOT_TAKEN])
def test_that_nobody_has_it_is_said_first_and_on_the_lock_screen(alarm: str) -> None:
    """Whoever must phone now reads that, with the number, before what has happened so far."""
    lines = ("Recorded, 10:42.", "Delivered, 10:42.", alarm, "Front desk, School office: 01632 960000")
    card = render_card(replace(CONCERN, kind=DeliveryKind.RECEIPT, title="K7-0001: A child", lines=lines, acts=()))
    check(card)
    assert card.text == f"{CONCERN.reference}: {alarm}"
    story = "Recorded, 10:42.\nDelivered, 10:42."
    assert shown(card.blocks)[1:] == [f"*{alarm}*", "Front desk, School office: 01632 960000", story]


def test_nothing_is_called_passed_on_before_it_has_arrived() -> None:
    """A receipt is headed recorded until somebody has been reached."""
    title = "A child may be at risk of harm"
    found = receipt(waiting(), SCHOOL, title, MONDAY)
    for state, says in ((State.RECORDED, wording.RECORDED), (State.DELIVERED, wording.PASSED_ON)):
        card = render_receipt(replace(found, state=state))
        assert card.text == f"{says} {found.reference}"
        assert shown(card.blocks)[0] == f"*{card.text}*"


def test_a_number_to_phone_stands_only_beneath_a_warning() -> None:
    """Whoever has been heard is not asked to phone."""
    calm = replace(receipt(waiting(), SCHOOL, "A child", MONDAY), warning=None)
    assert calm.phone
    assert "Phone: " not in read([render_receipt(calm)])


def test_a_receipt_says_where_it_stands_and_whom_to_phone() -> None:
    """While nobody has seen it, the receipt says so, with a number; its notification names no category."""
    late = receipt(waiting(), SCHOOL, "A child may be at risk of harm", MONDAY + 20 * MINUTE)
    card = render_receipt(late)
    check(card)
    found = read([card])
    assert late.warning
    assert late.phone
    for text in (*late.lines, late.warning, "Phone: 01632 960000"):
        assert text in found
    assert found.index(late.warning) < found.index(late.lines[0])
    assert taps([card]) == {"asker:answer": "Add something"}


@pytest.mark.parametrize("kind", DeliveryKind)
@pytest.mark.parametrize("address", [PLACE, ASKER_INBOX], ids=["place", "person"])
def test_every_kind_of_message_can_be_shown(kind: DeliveryKind, address: object) -> None:
    """Whatever the courier brings is a message that Slack takes."""
    for one in (waiting(), taken(), question()):
        where = PLACE if address is PLACE else ASKER_INBOX
        check(render_card(render(a_delivery(kind, where, one), scene(one))))


@given(st.data())
@settings(max_examples=40, deadline=None)
def test_hostile_words_on_a_card_stay_words(data: st.DataObject) -> None:
    """Whatever a name, a title or a question holds, the card is one that Slack takes."""
    some = st.lists(hostile_words, max_size=30).map(tuple)
    message = replace(
        CONCERN,
        kind=data.draw(st.sampled_from(DeliveryKind)),
        title=data.draw(hostile_words),
        lines=data.draw(some),
        quoted=data.draw(st.sampled_from([None, "&" * 2_000]) | hostile_words.map(lambda text: text[:2_000])),
        acts=tuple(Act),
    )
    card = render_card(message)
    check(card)
    assert message.quoted is None or message.quoted.replace("\n", "") in read([card]).replace("\n", "")
