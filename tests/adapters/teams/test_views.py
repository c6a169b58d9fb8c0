"""What a person alone is shown: in place of a card, or in a dialog."""

from collections.abc import Callable, Sequence
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from adapters.chat import wording
from adapters.chat.raising import NOT_SURE
from adapters.teams import views
from adapters.teams import wording as in_teams
from adapters.teams.connection import Json
from adapters.teams.elements import submit
from bot import wording as said
from bot.decide import MAX_QUESTION
from bot.escalation import wording as told
from bot.escalation.desk import Opened, Said
from bot.escalation.message import Act
from bot.escalation.model import Resolution, State
from bot.escalation.receipt import receipt
from bot.types import Action, Offer
from knowledge.model import ConcernKind, Contact, RouteName
from tests.adapters.slack.payloads import catalogue, schools
from tests.adapters.teams.payloads import (
    as_shown,
    buttons,
    check_card,
    check_dialog,
    fields,
    hostile_words,
    long_words,
    offered,
    squeezed,
    taps,
    texts,
    together,
)
from tests.adapters.teams.replies import ANSWER, CONCERN, DSL, HEAD, OFFER, with_clause
from tests.adapters.teams.samples import LONG_QUOTE, MANY_SCHOOLS, OPENING, REPLIED, SENT, TOLD, opened, thread_of
from tests.bot.builders import FRIENDS
from tests.bot.escalation.builders import KINDS, MINUTE, PEOPLE, SCHOOL, waiting
from tests.escalation_fakes import MONDAY

_OPENED = opened()
_ID = _OPENED.listed.escalation.id


def button(card: Json, verb: str) -> Json:
    """Return the button that does something."""
    (found,) = [one for one in buttons(card) if verb in (one.get("verb"), one["data"].get("do"))]
    return found


# ---- At the desk -----------------------------------------------------------------------------------------------------


def test_opening_shows_who_wrote_what_and_when() -> None:
    """The words stand there as they were written, each piece with its author, their role and the time."""
    view = views.opened_view(_OPENED, SCHOOL, MONDAY + 10 * MINUTE)
    check_dialog(view)
    found = texts(view)
    order = ["Ms Patel", "10:00", TOLD, "Mr B. Dale", "Designated Safeguarding Lead, 10:05", "Thank you. I am on it."]
    assert found[found.index("Ms Patel") :][: len(order)] == order
    assert found[1] == wording.NOT_TAKEN
    assert f"Reference {_OPENED.listed.escalation.reference}" in found


def test_whoever_has_opened_it_is_not_told_to_open_it() -> None:
    """With the words before them they read only that nobody has taken it yet."""
    one = "\n".join(texts(views.opened_view(_OPENED, SCHOOL, MONDAY)))
    assert (told.TAKE_IT in one, told.OPEN_IT in one) == (True, False)


def test_what_can_be_done_is_offered_beneath_the_words() -> None:
    """Whoever has read it can take it, reply, pass it on or resolve it, and need not open it again."""
    view = views.opened_view(_OPENED, SCHOOL, MONDAY)
    steps = ["desk:acknowledge", "desk:assign", "desk:reply", "desk:resolve"]
    assert list(taps(view)) == steps
    assert [one["data"] for one in buttons(view)] == [{"do": step, "e": _ID, "w": 1} for step in steps]
    alone = views.opened_view(replace(_OPENED, others=()), SCHOOL, MONDAY)
    assert "desk:assign" not in taps(alone)


def test_erased_words_are_said_to_be_erased() -> None:
    """Where the words are gone, that is said instead."""
    view = views.opened_view(Opened(_OPENED.listed, (), (), told.PURGED), SCHOOL, MONDAY)
    check_dialog(view)
    assert told.PURGED in texts(view)


def test_all_of_a_long_thread_can_be_read_page_by_page() -> None:
    """What opened it and what was said last are read first; the rest is counted, and one tap away."""
    entries = [replace(one.entry, text=f"Piece {one.entry.number}. {'word ' * 200}") for one in thread_of(60)]
    long = replace(_OPENED, thread=tuple(Said(entry, "Ms Patel") for entry in entries))
    seen: list[str] = []
    before: int | None = None
    for _ in range(60):
        view = views.opened_view(long, SCHOOL, MONDAY, before=before)
        check_dialog(view)
        found = [text.split(" word")[0] for text in texts(view) if text.startswith("Piece")]
        assert found[0] == "Piece 1."
        seen = [*found[1:], *seen]
        earlier = [one["data"]["n"] for one in buttons(view) if one["title"] == in_teams.EARLIER]
        if not earlier:
            break
        assert wording.left_out(earlier[0] - 2) in texts(view)
        before = earlier[0]
    assert seen == [f"Piece {number}." for number in range(2, 62)]
    assert in_teams.later_ones(61 - len(found)) in texts(view)
    latest = next(one for one in buttons(view) if one["title"] == in_teams.LATEST)
    assert latest["data"] == {"do": "desk:open", "e": _ID}


@pytest.mark.parametrize("letter", ["x", "😀", '"', "\n", "{{DATE(2017-02-14T06:00:00Z)}}"])
def test_the_longest_words_are_read_whole_beside_the_latest(letter: str) -> None:
    """The first words and the latest answer stand on one page, however much they grow on their way (RS-38)."""
    words = (letter * told.LONGEST_REPLY)[: told.LONGEST_REPLY]
    both = [replace(one, entry=replace(one.entry, text=words)) for one in (OPENING, REPLIED)]
    view = views.opened_view(opened([both[0], *[both[1]] * 30]), SCHOOL, MONDAY)
    check_dialog(view)
    assert "".join(texts(view)).count(words) >= 2
    assert in_teams.EARLIER in [one["title"] for one in buttons(view)]


def test_a_reply_is_as_long_as_the_desk_takes() -> None:
    """Nobody writes more than can be sent."""
    view = views.reply_view("e1", "K7-0001")
    check_dialog(view)
    box = fields(view)["text"]
    assert (box["maxLength"], box["isMultiline"], box["label"]) == (told.LONGEST_REPLY, True, wording.YOUR_REPLY)
    assert taps(view) == {"desk:send-reply": wording.SEND_REPLY}
    assert "associatedInputs" not in button(view, "desk:send-reply")
    assert "Reference K7-0001" in texts(view)


def test_what_was_typed_and_not_taken_is_not_lost() -> None:
    """It stands in the box again, with the reason above it."""
    for view in (
        views.reply_view("e1", "K7-0001", problem=told.RESOLVED_ALREADY, typed="Thank you.\n[x](http://evil)"),
        views.answer_view("e1", "K7-0001", problem=told.RESOLVED_ALREADY, typed="Thank you.\n[x](http://evil)"),
    ):
        check_dialog(view)
        assert fields(view)["text"]["value"] == "Thank you.\n[x](http://evil)"
        assert told.RESOLVED_ALREADY in texts(view)


def test_it_can_be_passed_on_to_everybody_else() -> None:
    """Each of the others is offered by name, and stands for their role."""
    view = views.assign_view("e1", "K7-0001", PEOPLE[:2])
    check_card(view)
    assert offered(view, "role") == [
        (said.contact_name(PEOPLE[0]), "dsl"),
        (said.contact_name(PEOPLE[1]), "deputy-dsl"),
    ]
    assert button(view, "desk:pass-on")["data"] == {"e": "e1"}
    assert button(view, "desk:back")["associatedInputs"] == "none"  # whoever wants to go back need not pick first
    many = [Contact(f"role-{number}", f"Role {number}") for number in range(40)]
    assert len(offered(views.assign_view("e1", "K7-0001", many), "role")) == 40


def test_nobody_to_pass_it_on_to_is_said() -> None:
    """Where there is nobody else, there is nothing to pick and nothing to send."""
    view = views.assign_view("e1", "K7-0001", ())
    check_card(view)
    assert wording.NOBODY_ELSE_HERE in texts(view)
    assert (fields(view), list(taps(view))) == ({}, ["desk:back"])


def test_resolving_picks_what_came_of_it() -> None:
    """Every result can be picked, in words, and no story is asked for."""
    view = views.resolve_view("e1", "K7-0001")
    check_card(view)
    assert [chosen for _, chosen in offered(view, "resolution")] == [str(one) for one in Resolution]
    assert offered(view, "resolution")[0][0] == "Dealt with in school"
    assert list(fields(view)) == ["resolution"]
    assert list(taps(view)) == ["desk:resolve-as", "desk:back"]


def test_a_choice_can_be_made_in_a_window_too() -> None:
    """Whoever has opened the words can pass them on and resolve them there."""
    for view, does in (
        (views.assign_view("e1", "K7-0001", PEOPLE[:2], submit), "desk:pass-on"),
        (views.resolve_view("e1", "K7-0001", submit), "desk:resolve-as"),
    ):
        check_dialog(view)
        assert button(view, does)["data"] == {"do": does, "e": "e1"}


def test_the_asker_can_add_something() -> None:
    """The asker's box takes as much as the desk reads."""
    view = views.answer_view("e1", "K7-0001")
    check_dialog(view)
    assert fields(view)["text"]["maxLength"] == told.LONGEST_REPLY
    assert list(taps(view)) == ["asker:send"]


# ---- Raising a concern -----------------------------------------------------------------------------------------------


def test_raising_a_concern_asks_what_happened_and_for_nobody() -> None:
    """There is a box, a kind that need not be known, and no field for a name; 999 stands first."""
    view = views.raise_view(KINDS, [])
    check_dialog(view)
    assert texts(view)[0] == wording.EMERGENCY
    assert list(fields(view)) == ["text", "category"]
    assert fields(view)["text"]["maxLength"] == MAX_QUESTION
    assert wording.NO_NAMES in fields(view)["text"]["placeholder"]
    assert offered(view, "category")[-1] == (wording.NOT_SURE, NOT_SURE)
    assert fields(view)["category"]["value"] == NOT_SURE
    assert button(view, "raise:describe")["title"] == wording.NEXT


def test_the_school_is_asked_for_where_it_is_not_known() -> None:
    """Whoever has chosen before, or works where there is one, is not asked which one."""
    view = views.raise_view(KINDS, [SCHOOL, replace(SCHOOL, id="elm", name="Elm School")])
    check_dialog(view)
    assert offered(view, "school") == [("Oakwood School", "oakwood"), ("Elm School", "elm")]
    assert fields(views.raise_view(KINDS, MANY_SCHOOLS))["school"]["style"] == "filtered"


def test_a_concern_about_a_message_begins_with_its_words() -> None:
    """Whoever raises it from a message need not type it again, and can still change it."""
    view = views.raise_view(KINDS, [], "they laughed at him\r\n[again](http://evil)")
    check_dialog(view)
    assert fields(view)["text"]["value"] == "they laughed at him\n[again](http://evil)"


def test_every_shipped_kind_can_be_picked() -> None:
    """The titles of all categories are read whole."""
    view = views.raise_view(catalogue().concerns, schools())
    check_dialog(view)
    assert [text for text, _ in offered(view, "category")[:-1]] == [kind.title for kind in catalogue().concerns]


def test_who_will_read_it_is_seen_before_it_is_sent() -> None:
    """The second step shows the advice and the readers; its buttons carry the seal of that list."""
    view = views.tell_view(CONCERN)
    check_dialog(view)
    found = "\n".join(texts(view))
    assert texts(view)[0] == wording.EMERGENCY
    assert all(text in found for text in (*CONCERN.advice, told.OFFERED, wording.WHO_WILL_READ, "Mrs A. Hill"))
    assert taps(view) == {
        "raise:tell": wording.ACTIONS[Action.TELL],
        "raise:involved": wording.ACTIONS[Action.INVOLVED],
    }
    assert button(view, "raise:tell")["data"] == {"do": "raise:tell", "r": "r1", "s": "seal-1"}


def test_the_readers_after_one_is_involved_are_seen_too() -> None:
    """The next list has its own seal."""
    view = views.next_offer_view("r1", replace(OFFER, seal="seal-2", readers=(HEAD,)))
    check_dialog(view)
    assert {one["data"]["s"] for one in buttons(view)} == {"seal-2"}
    assert "Mr B. Dale" not in "\n".join(texts(view))


@pytest.mark.parametrize("problem", [told.NOBODY_LEFT, told.CANNOT_CHECK])
def test_what_cannot_be_passed_on_has_nothing_to_tap(problem: str) -> None:
    """Where nobody can be told, the dialog says so, and whom to phone, and sends nothing."""
    offer = replace(OFFER, problem=problem, says=problem)
    reply = replace(CONCERN, escalation=offer, actions=(Action.NOT_MEANT,), contacts=(HEAD,))
    for view in (views.tell_view(reply), views.next_offer_view("r1", offer, (HEAD,))):
        check_dialog(view)
        assert taps(view) == {}
        assert problem in texts(view)
        assert "Phone: 01632 960001" in texts(view)


def test_what_was_sent_at_once_cannot_be_sent_again() -> None:
    """A concern that has gone out already is shown as passed on."""
    view = views.tell_view(SENT)
    check_dialog(view)
    assert list(taps(view)) == ["raise:involved"]
    assert "Passed on K7-1234" in texts(view)


def test_the_last_step_says_where_it_stands() -> None:
    """After sending, the dialog is the receipt, with nothing left to do."""
    one = replace(waiting(), state=State.RECORDED, delivered_at=None)
    found = receipt(one, SCHOOL, "A child may be at risk of harm", MONDAY)
    view = views.receipt_view(found)
    check_dialog(view)
    assert f"Recorded {found.reference}" in texts(view)
    assert taps(view) == {}


# ---- Other dialogs ---------------------------------------------------------------------------------------------------


def test_an_answer_in_a_dialog_can_be_tapped_there() -> None:
    """Teams takes no other buttons in a dialog than those that submit it."""
    view = views.answer_dialog(ANSWER)
    check_dialog(view)
    assert texts(view)[0] == said.verdict(FRIENDS)
    assert list(taps(view)) == ["reply:helped", "reply:not-meant", "reply:ask-a-person"]
    assert button(view, "reply:helped")["data"] == {"do": "reply:helped", "r": "r1"}
    concern = views.answer_dialog(CONCERN, "Oakwood School")
    check_dialog(concern)
    assert button(concern, "reply:tell")["data"] == {"do": "reply:tell", "r": "r1", "s": "seal-1"}
    assert in_teams.school("Oakwood School") in texts(concern)


def test_an_answer_too_long_for_a_dialog_says_where_the_rest_is() -> None:
    """A dialog holds one card; nobody takes the beginning of a clause for all of it."""
    view = views.answer_dialog(with_clause(replace(FRIENDS, quote=LONG_QUOTE)))
    check_dialog(view)
    assert texts(view)[-1] == in_teams.TOO_LONG_HERE


@given(words=long_words())
@settings(max_examples=20, deadline=None)
def test_what_to_do_is_read_first_however_long_the_rest_is(words: str) -> None:
    """A dialog is never too long for Teams, and what matters most is never what is left out."""
    long = (replace(CONCERN, message=words), replace(CONCERN, notices=(words,)))
    for view in (views.tell_view(long[0]), *map(views.answer_dialog, long)):
        check_dialog(view)
        assert texts(view)[:2] == [wording.EMERGENCY, wording.WHAT_TO_DO]


@given(st.data())
@settings(max_examples=40, deadline=None)
def test_hostile_words_in_a_view_stay_words(data: st.DataObject) -> None:
    """Whatever was written, and whatever people are called, each is a card that Teams takes."""
    one, two = data.draw(hostile_words), data.draw(hostile_words)
    contact = Contact("role", two, one)
    pieces = tuple(Said(replace(OPENING.entry, text=one[:2_000], number=number), two) for number in range(1, 9))
    listed = replace(_OPENED.listed, title=one, lines=(two[:200],), acts=(Act.OPEN, Act.REOPEN))
    kind = ConcernKind("kind", one, RouteName.CHILD, False, False, (), (), "ours")
    offer = Offer("kind", "possible", True, "child", readers=(contact,) * 4, seal="s", says=two)
    reply = replace(CONCERN, advice=(one, two), escalation=offer, contacts=(contact, DSL))
    school = replace(SCHOOL, name=one)
    view = views.opened_view(Opened(listed, pieces, (contact,), two[:300]), school, MONDAY)
    check_dialog(view)
    assert squeezed(as_shown(one[:2_000])) in together([view])
    for card in (views.assign_view("e1", one, (contact,) * 3), views.resolve_view("e1", one)):
        check_card(card)
    dialogs: Sequence[Callable[[], Json]] = (
        lambda: views.raise_view((kind,), (school, school), two),
        lambda: views.tell_view(reply),
        lambda: views.next_offer_view("r1", replace(offer, sent=True), (contact,)),
        lambda: views.said_dialog(two),
        lambda: views.reply_view("e1", one, problem=two, typed=two),
        lambda: views.answer_view("e1", one, problem=two, typed=two),
        lambda: views.answer_dialog(reply, one[:200]),
    )
    for make in dialogs:
        check_dialog(make())
