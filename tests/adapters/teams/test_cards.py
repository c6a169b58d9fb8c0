"""Cards and receipts as they stand in Teams."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from adapters.chat import wording
from adapters.teams import limits
from adapters.teams import wording as in_teams
from adapters.teams.cards import REFRESH, desk_card, render_card, render_receipt
from bot.escalation import wording as told
from bot.escalation.message import Act, Message
from bot.escalation.model import Address, DeliveryKind, Escalation, State
from bot.escalation.receipt import receipt
from bot.escalation.render import render
from tests.adapters.teams.payloads import as_shown, buttons, check, hostile_words, read, squeezed, taps, texts, together
from tests.adapters.teams.samples import listed
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
    title = told.digest_title(count)
    return replace(CONCERN, kind=DeliveryKind.DIGEST, urgent=False, title=title, lines=("Oakwood School", *lines))


def test_a_card_says_what_and_how_urgent_and_never_the_words() -> None:
    """The card of a concern has its title, its lines and its buttons; the words of it are nowhere."""
    card = render_card(CONCERN)
    check(card)
    assert card.text == CONCERN.title
    assert card.text.startswith("Urgent: A child may be at risk of harm")
    assert texts(card.card)[:3] == [CONCERN.title, wording.NOT_TAKEN, "\n".join(CONCERN.lines)]
    assert WORDS not in str(card.activity)
    assert wording.OPENING_IS_NOTED in read([card])


def test_what_is_urgent_and_has_nobody_stands_out() -> None:
    """It is said in words, and has a ground of its own; once somebody has it, that ground is gone."""
    assert render_card(CONCERN).card["body"][0]["style"] == "attention"
    has_it = render_card(replace(CONCERN, acts=(Act.OPEN, Act.REPLY, Act.RESOLVE)))
    assert "attention" not in str(has_it.card["body"])
    assert "attention" not in str(render_card(QUESTION).card["body"])


def test_the_buttons_are_those_of_its_state() -> None:
    """Each thing that can be done has a button, which knows the escalation and nothing else."""
    card = render_card(CONCERN).card
    assert taps(card) == {
        "desk:open": "Open",
        "desk:acknowledge": "Take it",
        "desk:assign": "Pass on",
        "desk:reply": "Reply",
        "desk:resolve": "Resolve",
    }
    assert {one["data"]["e"] for one in buttons(card)} == {CONCERN.escalation}
    assert list(taps(render_card(replace(CONCERN, acts=(Act.OPEN, Act.REOPEN))).card)) == ["desk:open", "desk:reopen"]
    assert taps(render_card(replace(CONCERN, acts=(Act.ANSWER,))).card) == {"asker:answer": "Add something"}
    assert taps(render_card(replace(CONCERN, acts=())).card) == {}


def test_what_is_read_or_written_at_length_opens_a_window() -> None:
    """Words in a window stay when the card is edited for everybody; a step that takes one tap needs none."""
    both = [*buttons(render_card(CONCERN).card), *buttons(render_card(replace(CONCERN, acts=(Act.ANSWER,))).card)]
    opening = {one["data"]["do"]: one["data"] for one in both if one["type"] == "Action.Submit"}
    assert list(opening) == ["desk:open", "desk:reply", "asker:answer"]
    assert {str(data["msteams"]) for data in opening.values()} == {"{'type': 'task/fetch'}"}
    assert [one["verb"] for one in both if one["type"] == "Action.Execute"] == [
        "desk:acknowledge",
        "desk:assign",
        "desk:resolve",
    ]


def test_whoever_is_asked_whether_they_still_have_it_can_say_so() -> None:
    """Taking it once more reads as what it means then."""
    card = render_card(render(a_delivery(DeliveryKind.STALE, DSL_INBOX, taken()), scene(taken())))
    assert taps(card.card)["desk:acknowledge"] == wording.STILL_WITH_ME


def test_a_question_shows_its_words_as_they_were_written() -> None:
    """The words of a question stand on its card, set apart, whatever signs they hold, and not on a lock screen."""
    words = "> can I *friend* [x](http://evil) <at>everyone</at> & co?\n\nplease"
    card = render_card(replace(QUESTION, quoted=words))
    check(card)
    assert words in texts(card.card)
    assert "friend" not in card.text
    (apart,) = [one for one in card.card["body"] if one["type"] == "Container"]
    assert (apart["style"], "friend" in str(apart)) == ("emphasis", True)


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
    assert texts(card.card)[0].startswith("Urgent: ") is says
    calm = render_card(replace(CONCERN, urgent=False, kind=kind, title="Not taken yet"))
    assert texts(calm.card)[0] == "Not taken yet"


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
    assert texts(render_card(replace(CONCERN, acts=acts)).card)[1] == says


def test_what_is_resolved_is_urgent_no_more() -> None:
    """A card that is over does not call anybody."""
    card = render_card(replace(CONCERN, acts=(Act.OPEN, Act.REOPEN)))
    assert "Urgent" not in card.text + read([card])


def test_a_title_too_long_for_a_card_keeps_its_reference() -> None:
    """Whoever speaks of it can still name it."""
    card = render_card(replace(CONCERN, title="A very long title " * 40))
    check(card)
    assert f"Reference {CONCERN.reference}" in texts(card.card)


@pytest.mark.parametrize("letter", ["&", "😀", '"', "\n", "\x00", "{{DATE(2017-02-14T06:00:00Z)}}"])
def test_an_answer_reaches_the_asker_whole(letter: str) -> None:
    """The longest reply that can be written is read whole in one card, even one that grows on its way (RS-38)."""
    words = (letter * told.LONGEST_REPLY)[: told.LONGEST_REPLY]
    card = render_card(replace(CONCERN, kind=DeliveryKind.REPLY, lines=(), quoted=words, acts=(Act.ANSWER,)))
    check(card)
    assert "".join(texts(card.card)[1:]) == as_shown(words)


def test_a_digest_lists_what_fits_and_counts_the_rest() -> None:
    """Hundreds of questions make one message, which says how many it does not list."""
    few, many = render_card(digest(30)), render_card(digest(2_000))
    check(few)
    check(many)
    assert "K7-0029" in read([few])
    assert "more." not in read([few])
    shown = read([many]).count("Ms Patel")
    assert 100 < shown < 2_000
    assert wording.more_lines(2_000 - shown) in read([many])


def test_a_list_of_several_questions_has_no_buttons_of_one_of_them() -> None:
    """Taking or resolving would leave open which is meant: each has its own card."""
    several = render_card(digest(2))
    assert taps(several.card) == {}
    assert in_teams.SEVERAL_WAIT in texts(several.card)
    assert "desk:open" in taps(render_card(digest(1)).card)


# ---- Fetched anew ----------------------------------------------------------------------------------------------------


def test_a_card_is_fetched_anew_for_those_who_read_it() -> None:
    """Teams asks for the card as it stands when one of them looks at it; nobody else is asked about."""
    card = render_card(CONCERN, ["29:one", "29:two"]).card
    assert card["refresh"]["userIds"] == ["29:one", "29:two"]
    assert card["refresh"]["action"]["verb"] == REFRESH
    assert card["refresh"]["action"]["data"] == {"e": CONCERN.escalation}
    assert "refresh" not in render_card(CONCERN).card


def test_teams_is_asked_for_no_more_people_than_it_takes() -> None:
    """Sixty at most, and fewer where the words need the room: these are never cut for it."""
    ids = [f"29:{number:0110}" for number in range(100)]
    short_ids = [f"29:{number}" for number in range(100)]
    assert render_card(CONCERN, short_ids).card["refresh"]["userIds"] == short_ids[: limits.REFRESHED]
    card = render_card(replace(QUESTION, quoted="😀" * 2_000), ids)
    check(card)
    assert "😀" * 2_000 in squeezed("".join(texts(card.card)))
    assert 20 < len(card.card["refresh"]["userIds"]) < limits.REFRESHED
    full = render_card(digest(2_000), ids)
    check(full)


# ---- In answer to a tap ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("one", [waiting(), taken(), question()], ids=["waiting", "taken", "a question"])
def test_the_card_after_a_tap_is_the_card_that_the_others_get(one: Escalation) -> None:
    """Whoever tapped sees what the courier brings everybody a moment later."""
    brought = render(a_delivery(DeliveryKind.UPDATE, PLACE, one), scene(one))
    assert desk_card(listed(one), ["29:1"], quoted=brought.quoted) == render_card(brought, ["29:1"])


# ---- The asker -------------------------------------------------------------------------------------------------------


def test_news_for_the_asker_names_no_category_on_a_lock_screen() -> None:
    """The notification of a receipt holds its reference alone; what it is about is read in the message."""
    one = taken()
    card = render_card(render(a_delivery(DeliveryKind.RECEIPT, ASKER_INBOX, one), scene(one)))
    check(card)
    assert card.text == f"News of {one.reference}"
    assert "A child may be at risk of harm" in texts(card.card)[0]


@pytest.mark.parametrize("alarm", [told.NOT_SEEN, told.NOT_DELIVERED, told.NOT_TAKEN])
def test_that_nobody_has_it_is_said_first_and_on_the_lock_screen(alarm: str) -> None:
    """Whoever must phone now reads that, with the number, before what has happened so far."""
    lines = ("Recorded, 10:42.", "Delivered, 10:42.", alarm, "Front desk, School office: 01632 960000")
    card = render_card(replace(CONCERN, kind=DeliveryKind.RECEIPT, title="K7-0001: A child", lines=lines, acts=()))
    check(card)
    assert card.text == f"{CONCERN.reference}: {alarm}"
    story = "Recorded, 10:42.\nDelivered, 10:42."
    assert texts(card.card)[1:] == [alarm, "Front desk, School office: 01632 960000", story]


def test_nothing_is_called_passed_on_before_it_has_arrived() -> None:
    """A receipt is headed recorded until somebody has been reached."""
    found = receipt(waiting(), SCHOOL, "A child may be at risk of harm", MONDAY)
    for state, says in ((State.RECORDED, wording.RECORDED), (State.DELIVERED, wording.PASSED_ON)):
        card = render_receipt(replace(found, state=state))
        check(card)
        assert card.text == f"{says} {found.reference}"
        assert texts(card.card)[0] == card.text


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
    assert taps(card.card) == {"asker:answer": "Add something"}


@pytest.mark.parametrize("kind", DeliveryKind)
@pytest.mark.parametrize("where", [PLACE, ASKER_INBOX], ids=["place", "person"])
def test_every_kind_of_message_can_be_shown(kind: DeliveryKind, where: Address) -> None:
    """Whatever the courier brings is a message that Teams takes."""
    for one in (waiting(), taken(), question()):
        check(render_card(render(a_delivery(kind, where, one), scene(one)), ["29:1"]))


@given(st.data())
@settings(max_examples=40, deadline=None)
def test_hostile_words_on_a_card_stay_words(data: st.DataObject) -> None:
    """Whatever a name, a title or a question holds, the card is one that Teams takes, its words whole."""
    message = replace(
        CONCERN,
        kind=data.draw(st.sampled_from(DeliveryKind)),
        title=data.draw(hostile_words),
        lines=data.draw(st.lists(hostile_words, max_size=30).map(tuple)),
        quoted=data.draw(st.sampled_from([None, '"' * 2_000]) | hostile_words.map(lambda text: text[:2_000])),
        acts=tuple(Act),
    )
    card = render_card(message, ["29:1"] * 10)
    check(card)
    assert squeezed(as_shown(message.quoted or "")) in together([card.card])
