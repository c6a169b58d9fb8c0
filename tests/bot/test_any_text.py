"""Whatever is typed, there is one outcome and it holds what it promises."""

import asyncio

from hypothesis import given, settings
from hypothesis import strategies as st

from adapters.bootstrap import Signpost
from bot.decide import MAX_QUESTION, PERMISSIVE_AT
from bot.types import Outcome, Reply, Utterance
from knowledge.model import Clause
from tests.bot.builders import CONDUCT, PHONES, case, decide, learnt_sense

PIECES = ("pupil", "a boy", "friend", "phone", "has", "a", "knife", "hello", "don't", "can i", "9", "?", "\n", "nude")


def _fits(reply: Reply) -> bool:
    """Tell whether a reply holds what its outcome promises, and nothing of another."""
    promised = {
        Outcome.ANSWER: bool(reply.verdict and reply.clauses and reply.contacts),
        Outcome.CLARIFY: 2 <= len(reply.options) <= 4 and not reply.clauses,
        Outcome.CONCERN: bool(reply.advice and reply.contacts and reply.escalation),
        Outcome.NO_MATCH: bool(reply.contacts) and not (reply.clauses or reply.options),
        Outcome.HELP: not (reply.clauses or reply.options or reply.verdict),
    }
    only_concerns = reply.outcome is Outcome.CONCERN or not (reply.advice or reply.escalation)
    return promised[reply.outcome] and only_concerns and bool(reply.message) and 0 <= reply.confidence <= 1


@settings(max_examples=150, deadline=None)
@given(st.text(min_size=1, max_size=MAX_QUESTION))
def test_every_text_gets_exactly_one_outcome(text: str) -> None:
    """Whatever the characters, there is one reply that holds what its outcome promises, and never silence."""
    reply = decide(text, sense=learnt_sense())
    assert _fits(reply)
    assert reply.question == text


@settings(max_examples=60, deadline=None)
@given(st.text(min_size=1, max_size=300), st.text(max_size=20) | st.just("clause:staff-chat"))
def test_every_choice_gets_exactly_one_outcome(text: str, choice: str) -> None:
    """An adapter may send any choice back, also one that was never offered."""
    assert _fits(decide(text, choice=choice))


@settings(max_examples=40, deadline=None)
@given(st.text(st.characters(), min_size=1, max_size=400).filter(str.strip))
def test_every_text_gets_an_outcome_of_the_shipped_signpost(signpost: Signpost, text: str) -> None:
    """The same holds for the real encoder and the model school, even for half characters (lone surrogates)."""
    reply = asyncio.run(signpost.service.answer(Utterance("u1", "model", text)))
    assert _fits(reply)
    assert reply.question.encode()


@settings(max_examples=150, deadline=None)
@given(st.lists(st.sampled_from(PIECES), min_size=1, max_size=60).map(" ".join))
def test_every_sentence_of_school_words_gets_exactly_one_outcome(text: str) -> None:
    """The same holds for words that rules and signs are made of."""
    assert _fits(decide(text, sense=learnt_sense()))


@settings(max_examples=50, deadline=None)
@given(
    st.floats(0, 1),
    st.lists(st.sampled_from([*CONDUCT.clauses, *PHONES.clauses]), unique=True, max_size=10),
    st.lists(st.floats(0.001, 1), min_size=10, max_size=10),
)
def test_no_unsure_permission_is_ever_given(confidence: float, clauses: list[Clause], likely: list[float]) -> None:
    """Whatever the ranking, a verdict that allows comes only from a sure lead."""
    shares = dict(zip(clauses, sorted(likely, reverse=True), strict=False))
    reply = case(confidence, shares).by_confidence()
    assert _fits(reply)
    if reply.verdict and reply.verdict.startswith(("Allowed", "Only if")):
        assert confidence >= PERMISSIVE_AT
