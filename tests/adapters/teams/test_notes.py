"""Short messages of Signpost's own in Teams."""

from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from adapters.chat import wording
from adapters.chat.prompts import PROMPTS
from adapters.teams import wording as in_teams
from adapters.teams.notes import CHOOSE_SCHOOL, note, report, welcome, which_school
from bot import wording as said
from bot.escalation import wording as told
from tests.adapters.teams.payloads import (
    as_shown,
    buttons,
    check,
    fields,
    hostile_words,
    long_words,
    offered,
    read,
    squeezed,
    taps,
    texts,
    together,
)
from tests.adapters.teams.replies import DSL
from tests.adapters.teams.samples import MANY_SCHOOLS
from tests.bot.escalation.builders import SCHOOL


def test_a_sentence_is_a_message() -> None:
    """What Signpost says by itself is read whole, in one line on the lock screen."""
    for text in (told.NOT_STAFF_REPLY, told.GONE, told.NOT_RECORDED, said.help_text(DSL.title)):
        found = note(text)
        check(found)
        assert texts(found.card) == [text]
        assert found.text.startswith(text[:100])


def test_the_school_is_picked_from_a_list() -> None:
    """What waits for it comes back with the choice, and whom to tell meanwhile stands above."""
    found = which_school([SCHOOL, replace(SCHOOL, id="elm", name="Elm School")], "p1")
    check(found)
    assert texts(found.card)[:2] == [wording.WHICH_SCHOOL_DO_YOU_ASK_FOR, wording.SCHOOL_SAFETY]
    assert offered(found.card, "school") == [("Oakwood School", "oakwood"), ("Elm School", "elm")]
    (choose,) = buttons(found.card)
    assert (choose["verb"], choose["data"]) == (CHOOSE_SCHOOL, {"r": "p1"})
    assert "associatedInputs" not in choose
    assert wording.SCHOOL_MISSING not in texts(found.card)
    assert wording.SCHOOL_MISSING in texts(which_school([SCHOOL], "p1", are_all=False).card)


def test_many_schools_can_be_searched() -> None:
    """In a trust of forty schools nobody scrolls."""
    found = which_school(MANY_SCHOOLS, "p1")
    check(found)
    assert fields(found.card)["school"]["style"] == "filtered"
    assert len(offered(found.card, "school")) == 40
    assert in_teams.MORE_SCHOOLS not in texts(found.card)


def test_more_schools_than_teams_takes_are_not_passed_over_in_silence() -> None:
    """Whoever misses their school reads why."""
    found = which_school([replace(SCHOOL, id=f"s{number}", name=f"School {number}") for number in range(2_000)], "p1")
    check(found)
    assert 100 < len(offered(found.card, "school")) < 2_000
    assert in_teams.MORE_SCHOOLS in texts(found.card)


def test_newcomers_read_what_it_is_for_and_can_ask_with_one_tap() -> None:
    """Each suggestion is asked in their own name."""
    found = welcome(PROMPTS, said.help_text(DSL.title))
    check(found)
    assert texts(found.card)[:2] == [in_teams.WELCOME, said.help_text(DSL.title)]
    asked = [(one["title"], one["data"]["msteams"]["value"]) for one in buttons(found.card)]
    assert asked == list(PROMPTS)
    assert texts(welcome((), "Hello").card) == [in_teams.WELCOME, "Hello"]


# ---- Answers to admins -----------------------------------------------------------------------------------------------


def test_a_report_is_headed_lists() -> None:
    """An admin reads every line, each list under its heading."""
    (found,) = report("Status: Oakwood School", (("", ("In force.",)), ("Policies", ("Conduct Policy", "Phones"))))
    check(found)
    assert found.text == "Status: Oakwood School"
    assert texts(found.card) == ["Status: Oakwood School", "In force.", "Policies", "Conduct Policy\nPhones"]


def test_a_report_of_one_sentence_is_a_sentence() -> None:
    """There is no heading over nothing."""
    (found,) = report("I do not know that command.")
    check(found)
    assert texts(found.card) == ["I do not know that command."]
    assert found.card["body"] == note("I do not know that command.").card["body"]


def test_a_long_report_goes_on_in_the_next_message() -> None:
    """No fault of a pack is left out."""
    faults = [f"school.yaml:{number}: contacts: expected a list, got a text." for number in range(600)]
    found = report("Check: Oakwood School", (("To mend", faults),))
    check(found)
    assert len(found) > 1
    assert all(fault in read(found) for fault in faults)


# ---- Whatever is written ---------------------------------------------------------------------------------------------


@given(one=hostile_words, two=long_words(), many=st.sampled_from([1, 3, 30]))
@settings(max_examples=40, deadline=None)
def test_hostile_words_in_a_note_stay_words(one: str, two: str, many: int) -> None:
    """Whatever schools, policies and files are called, each is a message that Teams takes."""
    check(which_school([replace(SCHOOL, id=f"s{number}", name=one) for number in range(many)], "p" * 64))
    check(note(f"x {one}"))
    check(welcome(((one[:300], one[:300]),), one))
    found = report(f"x {one}", (("", (two,)), ("To mend", (one,) * many)))
    check(found)
    assert squeezed(as_shown(one)) in together(message.card for message in found)
    assert set(taps(*(message.card for message in found))) == set()
