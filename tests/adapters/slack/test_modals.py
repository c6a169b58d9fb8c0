"""The modals, as views that Slack takes."""

import json
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from adapters.chat import wording
from adapters.chat.raising import NOT_SURE
from adapters.slack import modals
from bot import wording as said
from bot.escalation import wording as told
from bot.escalation.desk import Listed, Opened, Said
from bot.escalation.message import Act
from bot.escalation.model import Entry, EntryKind, Resolution, State
from bot.escalation.receipt import receipt
from bot.escalation.render import acts
from bot.types import Action, Offer
from knowledge.model import ConcernKind, Contact, RouteName
from tests.adapters.slack.payloads import catalogue, check_view, elements, hostile_words, schools, shown
from tests.adapters.slack.replies import CONCERN, DSL, HEAD, OFFER
from tests.bot.escalation.builders import KINDS, MINUTE, PEOPLE, SCHOOL, WORDS, waiting
from tests.escalation_fakes import MONDAY

OPENING = Said(Entry(EntryKind.OPENING, "key", WORDS, MONDAY, 1), "Ms Patel")
REPLY = Said(Entry(EntryKind.REPLY, "key", "Thank you.", MONDAY + 5 * MINUTE, 2, role="dsl"), "Mr B. Dale")
LISTED = Listed(waiting(), "A child may be at risk of harm", ("Oakwood School",), acts(waiting()))
OPENED = Opened(LISTED, (OPENING, REPLY), PEOPLE[1:3])


def metadata(view: Mapping[str, Any]) -> Any:
    """Return what a view keeps for when it comes back."""
    return json.loads(view["private_metadata"])


def offered(view: Mapping[str, Any], name: str) -> list[tuple[str, str]]:
    """List what can be chosen in a view: what it says, and what it stands for."""
    (block,) = [block for block in view["blocks"] if block.get("block_id") == name]
    assert block["element"]["action_id"] == name
    return [(one["text"]["text"], one["value"]) for one in block["element"]["options"]]


def fields(view: Mapping[str, Any]) -> list[str]:
    """List what there is to fill in."""
    return [block["block_id"] for block in view["blocks"] if block["type"] == "input"]


def box(view: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return the box in which somebody writes."""
    (block,) = [block for block in view["blocks"] if block.get("block_id") == "text"]
    element: Mapping[str, Any] = block["element"]
    return element


# ---- At the desk -----------------------------------------------------------------------------------------------------


def test_whoever_has_opened_it_is_not_told_to_open_it() -> None:
    """With the words before them they read only that nobody has taken it yet."""
    opened = replace(OPENED, listed=replace(LISTED, lines=("Oakwood School", told.OPEN_IT)))
    texts = " ".join(shown(modals.opened_view(opened, SCHOOL, MONDAY)["blocks"]))
    assert (told.TAKE_IT in texts, told.OPEN_IT in texts) == (True, False)


def test_opening_shows_who_wrote_what_and_when() -> None:
    """The words stand there as they were written, each piece with its author, their role and the time."""
    view = modals.opened_view(OPENED, SCHOOL, MONDAY + 10 * MINUTE)
    check_view(view)
    texts = shown(view["blocks"])
    assert view["callback_id"] == "opened"
    assert texts.index("Ms Patel") < texts.index(WORDS) < texts.index("Mr B. Dale") < texts.index("Thank you.")
    assert texts[texts.index("Mr B. Dale") + 1 :][:2] == ["Designated Safeguarding Lead", "10:05"]
    assert metadata(view) == {"e": LISTED.escalation.id}


def test_what_can_be_done_is_offered_beneath_the_words() -> None:
    """Whoever has read it can take it, reply, pass it on or resolve it, and need not open it again."""
    view = modals.opened_view(OPENED, SCHOOL, MONDAY)
    assert [one["action_id"] for one in elements(view["blocks"])] == [
        "desk:acknowledge",
        "desk:assign",
        "desk:reply",
        "desk:resolve",
    ]
    alone = modals.opened_view(replace(OPENED, others=()), SCHOOL, MONDAY)
    assert "desk:assign" not in [one["action_id"] for one in elements(alone["blocks"])]


def test_erased_words_are_said_to_be_erased() -> None:
    """Where the words are gone, that is said instead."""
    view = modals.opened_view(Opened(LISTED, (), (), told.PURGED), SCHOOL, MONDAY)
    check_view(view)
    assert told.PURGED in shown(view["blocks"])


@pytest.mark.parametrize("words", ["&" * 2_000, "é" * 2_000, "word " * 400])
def test_a_thread_too_long_for_one_view_keeps_its_beginning_and_its_end(words: str) -> None:
    """What opened it and what was said last are read; what is not shown is counted."""
    many = [replace(REPLY, entry=replace(REPLY.entry, text=f"{words[:-4]}{number:04}")) for number in range(200)]
    view = modals.opened_view(replace(OPENED, thread=(OPENING, *many)), SCHOOL, MONDAY)
    check_view(view)
    texts = " ".join(shown(view["blocks"]))
    listed = texts.count("Mr B. Dale")
    assert WORDS in texts
    assert "0199" in texts
    assert "0001" not in texts
    assert listed > 5
    assert wording.left_out(200 - listed) in texts


def test_a_reply_is_as_long_as_the_desk_takes() -> None:
    """Nobody writes more than can be sent."""
    view = modals.reply_view("e1", "K7-0001")
    check_view(view)
    assert (view["callback_id"], metadata(view)) == ("desk-reply", {"e": "e1"})
    assert box(view)["max_length"] == told.LONGEST_REPLY
    assert box(view)["multiline"] is True
    assert "Reference K7-0001" in shown(view["blocks"])


def test_it_can_be_passed_on_to_everybody_else() -> None:
    """Each of the others is offered by name, and stands for their role."""
    view = modals.assign_view("e1", "K7-0001", PEOPLE[:2])
    check_view(view)
    assert offered(view, "role") == [
        (said.contact_name(PEOPLE[0]), "dsl"),
        (said.contact_name(PEOPLE[1]), "deputy-dsl"),
    ]
    assert (view["callback_id"], metadata(view)) == ("desk-assign", {"e": "e1"})


def test_many_others_are_a_list() -> None:
    """More people than Slack shows as a choice of buttons are offered as a list."""
    many = [Contact(f"role-{number}", f"Role {number}") for number in range(40)]
    view = modals.assign_view("e1", "K7-0001", many)
    check_view(view)
    assert len(offered(view, "role")) == 40


def test_nobody_to_pass_it_on_to_is_said() -> None:
    """Where there is nobody else, there is nothing to pick and nothing to send."""
    view = modals.assign_view("e1", "K7-0001", ())
    check_view(view)
    assert shown(view["blocks"]) == [wording.NOBODY_ELSE_HERE]
    assert "submit" not in view


def test_resolving_picks_what_came_of_it() -> None:
    """Every result can be picked, in words, and no story is asked for."""
    view = modals.resolve_view("e1", "K7-0001")
    check_view(view)
    assert [chosen for _, chosen in offered(view, "resolution")] == [str(one) for one in Resolution]
    assert offered(view, "resolution")[0][0] == "Dealt with in school"
    assert fields(view) == ["resolution"]


# ---- Whoever raised it -----------------------------------------------------------------------------------------------


def test_the_asker_can_add_something() -> None:
    """The asker's box takes as much as the desk reads."""
    view = modals.answer_view("e1", "K7-0001")
    check_view(view)
    assert (view["callback_id"], metadata(view)) == ("asker-answer", {"e": "e1"})
    assert box(view)["max_length"] == told.LONGEST_REPLY


def test_raising_a_concern_asks_what_happened_and_for_nobody() -> None:
    """There is a box, a kind that need not be known, and no field for a name; 999 stands first."""
    view = modals.raise_view(KINDS, [])
    check_view(view)
    assert shown(view["blocks"])[0] == f"*{wording.EMERGENCY}*"
    assert fields(view) == ["text", "category"]
    assert offered(view, "category")[-1] == (wording.NOT_SURE, NOT_SURE)
    (category,) = [block for block in view["blocks"] if block.get("block_id") == "category"]
    assert category["element"]["initial_option"]["value"] == NOT_SURE
    assert view["submit"]["text"] == wording.NEXT
    assert metadata(view) == {}


def test_the_school_is_asked_for_where_it_is_not_known() -> None:
    """Whoever has chosen before, or works where there is one, is not asked which one."""
    view = modals.raise_view(KINDS, [SCHOOL, replace(SCHOOL, id="elm", name="Elm School")])
    check_view(view)
    assert offered(view, "school") == [("Oakwood School", "oakwood"), ("Elm School", "elm")]


def test_every_shipped_kind_can_be_picked() -> None:
    """The titles of all categories are read whole."""
    view = modals.raise_view(catalogue().concerns, schools())
    check_view(view)
    assert [text for text, _ in offered(view, "category")[:-1]] == [kind.title for kind in catalogue().concerns]


def test_who_will_read_it_is_seen_before_it_is_sent() -> None:
    """The second step shows the advice and the readers; its submit tells them, and nothing else does."""
    view = modals.tell_view(CONCERN)
    check_view(view)
    texts = " ".join(shown(view["blocks"]))
    assert all(text in texts for text in (*CONCERN.advice, told.OFFERED, wording.WHO_WILL_READ, "Mrs A. Hill"))
    assert view["submit"]["text"] == wording.ACTIONS[Action.TELL]
    assert [one["action_id"] for one in elements(view["blocks"])] == ["reply:involved"]
    assert elements(view["blocks"])[0]["value"] == '{"r":"r1","s":"seal-1"}'
    assert metadata(view) == {"r": "r1", "s": "seal-1"}


def test_the_readers_after_one_is_involved_are_seen_too() -> None:
    """The next list has its own seal, in the submit as in the button."""
    view = modals.next_offer_view("r1", replace(OFFER, seal="seal-2", readers=(HEAD,)))
    check_view(view)
    assert metadata(view) == {"r": "r1", "s": "seal-2"}
    assert elements(view["blocks"])[0]["value"] == '{"r":"r1","s":"seal-2"}'
    assert "Mr B. Dale" not in " ".join(shown(view["blocks"]))


@pytest.mark.parametrize("problem", [told.NOBODY_LEFT, told.CANNOT_CHECK])
def test_what_cannot_be_passed_on_has_nothing_to_submit(problem: str) -> None:
    """Where nobody can be told, the view says so, and whom to phone, and sends nothing."""
    offer = replace(OFFER, problem=problem, says=problem)
    reply = replace(CONCERN, escalation=offer, actions=(Action.NOT_MEANT,), contacts=(HEAD,))
    for view in (modals.tell_view(reply), modals.next_offer_view("r1", offer, (HEAD,))):
        check_view(view)
        texts = " ".join(shown(view["blocks"]))
        assert "submit" not in view
        assert problem in texts
        assert "Phone: 01632 960001" in texts


def test_what_was_sent_at_once_cannot_be_sent_again() -> None:
    """A concern that has gone out already is shown as passed on."""
    offer = replace(OFFER, id="e1", reference="K7-1234", state="delivered", says=told.PASSED_ON_BEFORE)
    view = modals.tell_view(replace(CONCERN, escalation=offer, actions=(Action.INVOLVED,)))
    check_view(view)
    assert "submit" not in view
    assert "*Passed on K7-1234*" in shown(view["blocks"])


def test_the_last_step_says_where_it_stands() -> None:
    """After sending, the view is the receipt."""
    one = replace(waiting(), state=State.RECORDED, delivered_at=None)
    found = receipt(one, SCHOOL, "A child may be at risk of harm", MONDAY)
    view = modals.receipt_view(found)
    check_view(view)
    assert f"*Recorded {found.reference}*" in shown(view["blocks"])
    assert metadata(view) == {"e": found.id}
    assert "submit" not in view


def test_a_refusal_is_a_sentence() -> None:
    """Why something could not be done is read in the same place."""
    view = modals.said_view("Resolve", told.RESOLVED_ALREADY)
    check_view(view)
    assert shown(view["blocks"]) == [told.RESOLVED_ALREADY]


@given(st.data())
@settings(max_examples=40, deadline=None)
def test_hostile_words_in_a_view_stay_words(data: st.DataObject) -> None:
    """Whatever was written, and whatever people are called, every view is one that Slack takes."""
    one, two = data.draw(hostile_words), data.draw(hostile_words)
    contact = Contact("role", two, one)
    pieces = tuple(replace(OPENING, entry=replace(OPENING.entry, text=one[:2_000]), by=two) for _ in range(8))
    listed = replace(LISTED, title=one, lines=(two[:600],), acts=tuple(Act))
    kind = ConcernKind("kind", one, RouteName.CHILD, False, False, (), (), "ours")
    offer = Offer("kind", "possible", True, "child", readers=(contact,) * 4, seal="s", says=two)
    reply = replace(CONCERN, advice=(one, two), escalation=offer, contacts=(contact, DSL))
    school = replace(SCHOOL, name=one)
    for view in (
        modals.opened_view(Opened(listed, pieces, (contact,), two), school, MONDAY),
        modals.assign_view("e1", "K7-0001", (contact,) * 3),
        modals.raise_view((kind,), (school, school)),
        modals.tell_view(reply),
        modals.opening_view("e1"),
        modals.next_offer_view("r1", replace(offer, sent=True), (contact,)),
        modals.said_view(one, two),
    ):
        check_view(view)
