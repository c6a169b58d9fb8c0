"""Whichever way round a question is put, the shipped model school's verdict keeps its meaning.

The questions are tests: no pack may be tuned to them.
"""

import pytest

from adapters.bootstrap import Signpost
from bot.types import Outcome, Reply, Utterance
from tests.fakes import TODAY

# Pairs about one act that the policy forbids or advises against: once wanting it, once wanting to leave it.
FORBIDDEN = [
    ("can I accept a pupil's friend request?", "do I have to accept a pupil's friend request?"),
    ("can I accept her friend request?", "can I ignore her friend request?"),
    ("a pupil sent me a DM, can I answer it?", "is it ok not to answer a pupil's DM"),
    ("may I give a pupil my number?", "may I refuse to give a pupil my number?"),
    ("can I swap numbers with a kid in year 6?", "is it wrong to keep my mobile number from pupils?"),
    ("can I play fortnite online with kids from my class?", "do I have to play online games with pupils?"),
    ("is it ok to name a pupil in the staff chat?", "is it ok to leave pupils' names out of the staff chat?"),
    ("can I wear smart glasses at work?", "do I have to take off my smart glasses at school?"),
    ("can I use my phone as a timer in the playground?", "must I not use my phone as a timer near pupils?"),
    ("can I post about a pupil without naming them?", "should I avoid posting anything about a pupil?"),
    ("can I post jokes about parents?", "isn't it forbidden to post jokes about parents?"),
    ("can I make an anonymous account about school?", "can I decline to run an anonymous account about school?"),
    ("can I take a selfie with the leavers?", "can I say no to a leavers selfie?"),
    ("can I add a parent on facebook?", "do I have to add parents who send me a request?"),
    ("can I put a child's name into chatgpt?", "should I leave children's names out of chatgpt?"),
    ("can governors discuss complaints online?", "may governors refuse to discuss complaints online?"),
    ("can I make fun of a colleague in the chat?", "do I have to join in when they mock a colleague in the chat?"),
]
# Pairs about one act that the policy requires or advises.
REQUIRED = [
    ("do I have to keep my phone in the locker in lessons?", "can I keep my phone out of the locker in lessons?"),
    ("must I pass press questions to the head?", "can I answer a journalist's question myself?"),
    ("should my profiles be private?", "is it fine if my profile is not private?"),
    ("should I use different passwords?", "can I use the same password for everything?"),
    ("do I tell the head about my own slip?", "can I keep quiet about my own slip online?"),
    ("do visitors hand in their phones?", "can visitors keep their phones?"),
    ("should I check the consent list first?", "can I skip the consent list for a photo?"),
    ("do I use a school camera for pictures of pupils?", "can I use my own phone for pictures of pupils?"),
]
# Pairs about one act that is free.
FREE = [
    ("can I leave the staff whatsapp group?", "do I have to be in the staff whatsapp group?"),
    ("can I use my phone in the staff room at lunch?", "is my phone banned in the staff room at lunch?"),
]
PERMITS = ("Allowed", "Only if")
FORBIDS = ("Not allowed", "Advised against")


def _both(pairs: list[tuple[str, str]]) -> list[str]:
    return [question for pair in pairs for question in pair]


def _ask(signpost: Signpost, text: str) -> Reply:
    view = signpost.library.view("model")
    return signpost.service.decider.decide(Utterance("u1", "model", text), view, TODAY)


def _verdict(signpost: Signpost, text: str) -> str:
    return _ask(signpost, text).verdict or ""


@pytest.mark.parametrize("question", _both(FORBIDDEN))
def test_no_way_of_asking_turns_a_ban_into_a_permission(signpost: Signpost, question: str) -> None:
    """Asked for or asked to be spared, a forbidden act is never called allowed."""
    assert not _verdict(signpost, question).startswith(PERMITS)


@pytest.mark.parametrize("question", _both(REQUIRED))
def test_no_way_of_asking_turns_a_duty_into_a_choice(signpost: Signpost, question: str) -> None:
    """Asked straight or asked to be spared, a required act is never called allowed, as if it were optional."""
    assert not _verdict(signpost, question).startswith(PERMITS)


@pytest.mark.parametrize("question", _both(FREE))
def test_no_way_of_asking_turns_a_freedom_into_a_ban(signpost: Signpost, question: str) -> None:
    """An act that is free is not called forbidden because the question doubted it."""
    assert not _verdict(signpost, question).startswith(FORBIDS)


@pytest.mark.parametrize("pair", [*FORBIDDEN, *REQUIRED, *FREE], ids=lambda pair: pair[1])
def test_the_two_ways_of_asking_do_not_contradict_each_other(signpost: Signpost, pair: tuple[str, str]) -> None:
    """One may get a rule where the other is asked back, but never the opposite rule."""
    verdicts = [_verdict(signpost, question) for question in pair]
    assert not (any(one.startswith(PERMITS) for one in verdicts) and any(one.startswith(FORBIDS) for one in verdicts))


@pytest.mark.parametrize("question", _both([*FORBIDDEN, *REQUIRED, *FREE]))
def test_a_verdict_is_always_label_and_act(signpost: Signpost, question: str) -> None:
    """No verdict is a bare yes or no: it says what it is about, in the words of the clause that is shown first."""
    reply = _ask(signpost, question)
    if reply.outcome is Outcome.ANSWER:
        assert reply.verdict is not None
        assert reply.verdict.endswith(f": {reply.clauses[0].clause.act}")
