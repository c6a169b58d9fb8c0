"""The buttons of an answer: "Helped", "Not what I meant", "Ask a person", and who may tap them."""

from datetime import timedelta

import pytest

from bot.escalation import wording
from bot.escalation.authority import Standing
from bot.escalation.errors import RefusedError
from bot.escalation.model import QUESTION, DeliveryKind, EntryKind, Feedback
from bot.types import Action, Asker, Outcome
from knowledge.model import ConcernKind, RouteName, School
from tests.bot.builders import FRIENDS, MESSAGES
from tests.bot.escalation.staffroom import (
    ABOUT_HEAD,
    AT_RISK,
    DEPUTY_HEAD,
    HEAD,
    PLACE,
    PUPIL_CONTACT,
    ROUTES,
    TEACHER,
    Staffroom,
    answer,
    asker,
    concern,
    ids,
    person,
    school,
)

ASKED = "can i friend zoe of 7B"


# ---- What is kept, and what can be tapped ----------------------------------------------------------------------------


@pytest.mark.parametrize("outcome", [Outcome.ANSWER, Outcome.CLARIFY, Outcome.NO_MATCH])
async def test_every_answer_has_its_buttons(outcome: Outcome) -> None:
    """An answer, a question back and "I do not know" can all be called right or wrong, and handed to a person."""
    shown = await Staffroom().attend(answer(outcome))
    assert shown.actions == (Action.HELPED, Action.NOT_MEANT, Action.ASK_A_PERSON)


async def test_a_greeting_has_no_buttons_and_is_not_kept() -> None:
    """Of what needs no button nothing is remembered."""
    room = Staffroom()
    assert (await room.attend(answer(Outcome.HELP))).actions == ()
    assert await room.store.recall("r1", room.clock.now()) is None


async def test_what_helped_is_noted_without_words() -> None:
    """That it helped says which clause it was, and nothing that was typed."""
    room = Staffroom()
    await room.attend(answer(), text=ASKED)
    assert await room.intake.helped(TEACHER, "r1") == wording.HELPED
    assert room.store.noted == [Feedback("oakwood", "helped", FRIENDS.id, None, room.clock.now())]


async def test_what_missed_is_noted_with_known_words_alone() -> None:
    """Names and classes are left out of what is kept for those who mend the answers."""
    room = Staffroom()
    await room.attend(answer(), text=ASKED)
    await room.intake.not_meant(TEACHER, "r1")
    (noted,) = room.store.noted
    assert (noted.kind, noted.clause) == ("not-helpful", FRIENDS.id)
    assert "can i friend" in (noted.words or "")
    assert "zoe" not in (noted.words or "")
    assert "7B" not in (noted.words or "")


async def test_what_nobody_could_answer_is_noted() -> None:
    """A question without an answer is kept for those who write the policies, redacted and without a clause."""
    room = Staffroom()
    await room.attend(answer(Outcome.NO_MATCH), text=ASKED)
    (noted,) = room.store.noted
    assert (noted.kind, noted.clause) == ("unanswered", None)
    assert "zoe" not in (noted.words or "")


async def test_a_question_back_names_no_clause_as_wrong() -> None:
    """The clauses that were only offered are remembered, and not blamed."""
    room = Staffroom()
    await room.attend(answer(Outcome.CLARIFY))
    turn = await room.intake.not_meant(TEACHER, "r1")
    assert turn.clauses == (FRIENDS.id, MESSAGES.id)
    assert room.store.noted[0].clause is None


async def test_of_a_concern_that_was_misread_no_words_are_kept() -> None:
    """That a concern was none is worth noting; what was written is not kept for it, redacted or not."""
    room = Staffroom()
    await room.attend(concern(PUPIL_CONTACT, "possible"))
    await room.intake.not_meant(TEACHER, "r1")
    (noted,) = room.store.noted
    assert (noted.kind, noted.words, noted.clause) == ("not-helpful", None, None)


# ---- Who may tap -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "other",
    [
        pytest.param(asker("u-other"), id="somebody else in the same chat"),
        pytest.param(asker(chat="another chat"), id="the same person elsewhere"),
        pytest.param(asker(standing=Standing.OUTSIDER), id="somebody who is staff no more"),
    ],
)
async def test_only_the_asker_can_tap_and_only_where_they_asked(other: Asker) -> None:
    """Whoever else finds the button learns nothing and does nothing."""
    room = Staffroom()
    await room.attend(answer())
    await room.attend(concern(PUPIL_CONTACT, reply="r2"))
    for tap, reply in (
        (room.intake.helped, "r1"),
        (room.intake.not_meant, "r1"),
        (room.intake.ask_a_person, "r1"),
        (room.intake.tell, "r2"),
        (room.intake.involved, "r2"),
    ):
        with pytest.raises(RefusedError, match="no longer here"):
            await tap(other, reply)
    assert (await room.raised(), room.store.noted) == ([], [])


async def test_a_reply_can_be_tapped_for_a_day() -> None:
    """After that its words are gone, and the asker reads so."""
    room = Staffroom()
    await room.attend(answer())
    room.clock.move(timedelta(hours=24))
    with pytest.raises(RefusedError, match="no longer here"):
        await room.intake.ask_a_person(TEACHER, "r1")


@pytest.mark.parametrize("tap", ["tell", "involved"])
async def test_an_offer_that_is_no_longer_remembered_says_that_nobody_was_told(tap: str) -> None:
    """A week later the tap tells nobody: the asker reads so, and what to do now."""
    room = Staffroom()
    await room.attend(concern(PUPIL_CONTACT))
    room.clock.move(timedelta(days=7))
    with pytest.raises(RefusedError) as refused:
        await getattr(room.intake, tap)(TEACHER, "r1")
    for part in ("Nobody has been told by this tap", "write it again", "in person, now"):
        assert part in str(refused.value)
    assert await room.raised() == []


async def test_a_reply_of_a_school_that_has_left_cannot_be_tapped() -> None:
    """Nothing can be handed to people of a school that is no longer served."""
    room = Staffroom()
    await room.attend(answer())
    room.knowledge.remove("oakwood")
    with pytest.raises(RefusedError, match="no longer here"):
        await room.intake.ask_a_person(TEACHER, "r1")


# ---- Ask a person ----------------------------------------------------------------------------------------------------


async def test_a_question_goes_to_people_only_when_its_asker_taps() -> None:
    """Nothing is handed on by itself; the tap brings the words to those who answer questions, once."""
    room = Staffroom()
    await room.attend(answer(Outcome.NO_MATCH), text=ASKED)
    assert await room.raised() == []
    receipt = await room.intake.ask_a_person(TEACHER, "r1")
    again = await room.intake.ask_a_person(TEACHER, "r1")
    (one,) = await room.raised()
    assert receipt.reference == again.reference == one.reference
    assert (one.category, one.route, one.urgent, one.is_question) == (QUESTION, RouteName.QUESTION, False, True)
    assert [(entry.kind, entry.text) for entry in await room.store.entries(one.id)] == [(EntryKind.OPENING, ASKED)]
    assert await room.waiting_for(one.id, DeliveryKind.NOTICE) == list(ids(HEAD))


async def test_a_question_never_goes_to_the_place_of_concerns() -> None:
    """Where a school gave both the same place, questions go to people directly instead."""
    room = Staffroom(school(places={RouteName.CHILD: PLACE, RouteName.QUESTION: PLACE}))
    await room.attend(answer())
    receipt = await room.intake.ask_a_person(TEACHER, "r1")
    one = await room.read(receipt.id)
    assert [address.kind for address in one.told] == ["person"]
    assert await room.waiting_for(one.id, DeliveryKind.NOTICE) == list(ids(HEAD))
    again = await room.office.plan_for(one)
    assert again
    assert PLACE not in [rung.id for rung in again.rungs]


async def test_a_question_has_a_place_of_its_own_where_the_school_gives_one() -> None:
    """A place for questions alone is used."""
    room = Staffroom(school(places={RouteName.CHILD: PLACE, RouteName.QUESTION: "policies"}))
    room.channel.places["policies"] = ids(HEAD, DEPUTY_HEAD)
    await room.attend(answer())
    receipt = await room.intake.ask_a_person(TEACHER, "r1")
    assert [address.id for address in (await room.read(receipt.id)).told] == ["policies"]


@pytest.mark.parametrize(
    ("there", "by"),
    [
        (school(routes={RouteName.CHILD: ROUTES[RouteName.CHILD]}), TEACHER),
        (school(routes={RouteName.QUESTION: ("dpo",)}, places={RouteName.CHILD: PLACE}), TEACHER),
        (school(routes={RouteName.QUESTION: ("headteacher",)}, places={}), asker(HEAD)),
    ],
    ids=["no route", "nobody there", "the asker alone"],
)
async def test_a_question_nobody_can_answer_here_is_refused_kindly(there: School, by: Asker) -> None:
    """The asker is sent to the person named in the reply instead of being left waiting."""
    room = Staffroom(there)
    await room.attend(answer(), by)
    with pytest.raises(RefusedError, match="who answers questions"):
        await room.intake.ask_a_person(by, "r1")
    assert await room.raised() == []


async def test_a_headteachers_own_question_goes_to_the_deputy() -> None:
    """Nobody is handed their own question."""
    room = Staffroom()
    await room.attend(answer(), asker(HEAD))
    receipt = await room.intake.ask_a_person(asker(HEAD), "r1")
    assert [address.id for address in (await room.read(receipt.id)).told] == list(ids(DEPUTY_HEAD))


@pytest.mark.parametrize("kind", [AT_RISK, PUPIL_CONTACT, ABOUT_HEAD], ids=lambda kind: kind.id)
async def test_the_words_of_a_concern_never_go_the_way_of_questions(kind: ConcernKind) -> None:
    """A concern about the headteacher must not reach the headteacher as a question, whatever is tapped."""
    room = Staffroom()
    await room.attend(concern(kind))
    with pytest.raises(RefusedError, match="does not go where questions go"):
        await room.intake.ask_a_person(TEACHER, "r1")
    assert not [one for one in await room.raised() if one.is_question]


async def test_those_who_answer_questions_cannot_open_concerns() -> None:
    """A deputy headteacher opens a question of the route, and no concern."""
    room = Staffroom()
    raised = await room.told()
    await room.attend(answer(reply="r2"))
    question = await room.intake.ask_a_person(TEACHER, "r2")
    assert (await room.desk.open(person(DEPUTY_HEAD), question.id)).thread
    with pytest.raises(RefusedError):
        await room.desk.open(person(DEPUTY_HEAD), raised.id)
