"""The 8:40 question, on every platform: the same answer, the same people to ask, and the same ways on from there."""

import pytest

from adapters.chat import wording
from bot import wording as said
from bot.decide import MAX_QUESTION
from bot.escalation import wording as told
from bot.types import Action, Outcome
from tests.contract.conversations.parties import Day
from tests.contract.conversations.reading import SAID
from tests.contract.conversations.story import FRIEND, VERDICT

QUOTE = "You should not send friend requests to parents or accept theirs."
MOON = "does the moon rise on tuesdays"
ON_AN_ANSWER = {wording.ACTIONS[one] for one in (Action.HELPED, Action.NOT_MEANT, Action.ASK_A_PERSON)}


async def test_a_question_is_answered_with_its_rule(day: Day) -> None:
    """A teacher reads verdict, rule word for word, section, whom to ask, and can say what they make of it."""
    read = await day.asker().asks(FRIEND)
    assert (read.outcome, read.verdict) == (Outcome.ANSWER, VERDICT)
    assert read.clauses == ("parent-friend-requests", "parent-friends-already")
    assert read.people == ("headteacher",)
    assert read.buttons == ON_AN_ANSWER
    assert all(part in read.words for part in (QUOTE, "8.1 Parents", "01632 960001"))
    assert await day.recorded() == []


async def test_a_question_with_several_meanings_is_clarified(day: Day) -> None:
    """Choosing one of the meanings brings its rule."""
    tess = day.asker()
    unclear = await tess.asks("photos")
    assert (unclear.outcome, unclear.verdict, len(unclear.options)) == (Outcome.CLARIFY, None, 4)
    chosen = await tess.taps(unclear, "Using a school device, and never your own, for photos or film of pupils")
    assert (chosen.outcome, chosen.clauses[0]) == (Outcome.ANSWER, "photos-school-device-only")


async def test_a_question_without_a_rule_names_a_person(day: Day) -> None:
    """No rule is made up: whom to ask stands there, and that nothing was found."""
    read = await day.asker().asks(MOON)
    assert (read.outcome, read.verdict, read.clauses, read.people) == (Outcome.NO_MATCH, None, (), ("headteacher",))
    assert wording.ACTIONS[Action.ASK_A_PERSON] in read.buttons


async def test_a_greeting_is_answered_with_what_signpost_is_for(day: Day) -> None:
    """Whoever says hello reads what can be asked, and has nothing to tap."""
    read = await day.asker().asks("hello")
    assert (read.outcome, read.buttons) == (Outcome.HELP, frozenset())
    assert said.help_text("Designated Safeguarding Lead") in read.words


async def test_that_an_answer_helped_is_noted(day: Day) -> None:
    """Whoever says so is thanked."""
    tess = day.asker()
    thanks = await tess.taps(await tess.asks(FRIEND), wording.ACTIONS[Action.HELPED])
    assert (thanks.outcome, thanks.words) == (SAID, told.HELPED)


async def test_an_answer_that_was_not_meant_is_noted(day: Day) -> None:
    """Something nearer is offered, and it is kept that the answer missed, for whoever mends the policies."""
    tess = day.asker()
    nearer = await tess.taps(await tess.asks(FRIEND), wording.ACTIONS[Action.NOT_MEANT])
    assert said.NOT_MEANT in nearer.words or said.NOT_MEANT_NOTHING in nearer.words
    (kept,) = await day.parts.store.feedback("model", 10)
    assert kept.kind == "not-helpful"


async def test_a_person_is_asked_and_answers(day: Day) -> None:
    """The headteacher reads the question itself, and the teacher reads the answer."""
    tess, head = day.asker(), day.reader("headteacher")
    told_so = await tess.taps(await tess.asks(MOON), wording.ACTIONS[Action.ASK_A_PERSON])
    assert told.ASKED_A_PERSON in told_so.words
    await day.settle()
    one = await day.only()
    assert (one.category, one.route, one.state) == ("question", "question", "delivered")
    card = await head.card(one.reference)
    assert card is not None
    assert MOON in card.words
    await head.replies(card, "It does, in November.")
    await day.settle()
    assert "It does, in November." in await tess.heard(one.reference)
    assert (await day.only()).state == "acknowledged"
    assert await day.reader("dsl").card(one.reference) is None


async def test_a_person_is_not_asked_twice(day: Day) -> None:
    """A tap that arrives a second time brings the same reference, and the headteacher reads one question."""
    tess = day.asker()
    read = await tess.taps_twice(await tess.asks(MOON), wording.ACTIONS[Action.ASK_A_PERSON])
    await day.settle()
    one = await day.only()
    assert (one.reference in read.words, one.entries, one.events) == (True, 1, ("opened", "delivered"))


@pytest.mark.parametrize("text", ["", "   "], ids=["nothing", "blanks"])
async def test_an_empty_question_is_answered_kindly(day: Day, text: str) -> None:
    """Whoever sends nothing is told what to type."""
    read = await day.asker().asks(text)
    assert (read.outcome, read.words) == (SAID, said.EMPTY_QUESTION)


async def test_a_question_that_is_too_long_is_refused_with_its_length(day: Day) -> None:
    """2,001 characters are one too many; whoever may have written of a child at risk reads whom to tell."""
    read = await day.asker().asks("x" * (MAX_QUESTION + 1))
    assert read.outcome == SAID
    assert all(part in read.words for part in ("2,001 characters", "at most 2,000", said.SAFETY_OPENING))


async def test_the_longest_question_is_answered(day: Day) -> None:
    """2,000 characters are read to their end."""
    read = await day.asker().asks(f"{FRIEND} {'please ' * 400}"[: MAX_QUESTION - 1] + "?")
    assert read.outcome in {Outcome.ANSWER, Outcome.CLARIFY, Outcome.NO_MATCH}


async def test_markup_in_a_question_is_read_as_words(day: Day) -> None:
    """Signs that a platform might take for markup change nothing."""
    read = await day.asker().asks("can I <b>friend</b> a *parent* & _co_?")
    assert (read.outcome, read.verdict) == (Outcome.ANSWER, VERDICT)


async def test_an_outsider_reads_kind_words_and_no_policy(day: Day) -> None:
    """Nobody but staff is answered; they read where to find help, and have nothing to tap."""
    read = await day.outsider().asks(FRIEND)
    assert told.NOT_STAFF_REPLY in read.words
    assert (read.verdict, read.clauses, read.buttons, QUOTE in read.words) == (None, (), frozenset(), False)
    assert await day.recorded() == []
