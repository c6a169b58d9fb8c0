"""The sense for live concerns: what it learns, and what comes of it in a reply."""

from dataclasses import replace
from types import MappingProxyType

import numpy as np
import pytest

from bot import wording
from bot.sense import ConcernSense, learn_sense
from bot.triage import CERTAIN_AT, CONCERN_AT, MENTION_AT, SIGN_AT, SIGN_MENTION_AT
from bot.types import Outcome
from knowledge.model import ConcernKind, Jurisdiction
from knowledge.roles import unnamed_contacts
from tests.bot.builders import (
    BARE_CATALOGUE,
    CATALOGUE,
    CONTACT,
    DANGER,
    IMAGES,
    SAFETY_LINE,
    SCHOOL,
    decide,
    learnt_sense,
    question,
    roles,
    sense_of,
    shared,
)

CALM = "can i leave the staff whatsapp group"
SIGN = "a boy has a knife"


def _chance(text: str, sense: ConcernSense | None = None) -> float:
    return (sense or learnt_sense()).feel(question(text)).chance


def _same(one: ConcernSense, other: ConcernSense) -> bool:
    return all(
        np.array_equal(mine, theirs)
        for mine, theirs in (
            (one.live.dense, other.live.dense),
            (one.live.sparse, other.live.sparse),
            (one.live.start, other.live.start),
            (one.by_kind.dense, other.by_kind.dense),
            (one.by_kind.sparse, other.by_kind.sparse),
        )
    )


def test_a_catalogue_without_examples_gives_no_sense() -> None:
    """Without examples there is nothing to learn."""
    assert learn_sense(BARE_CATALOGUE, shared().store) is None


def test_concerns_alone_give_no_sense() -> None:
    """Without anything ordinary to tell concerns from, everything would be one."""
    concerns_alone = replace(CATALOGUE, ordinary=(), out_of_scope=(), topics=())
    assert learn_sense(concerns_alone, shared().store) is None


def test_every_category_with_examples_is_learnt() -> None:
    """All ten can be told, and one without examples is left out."""
    assert learnt_sense().kinds == (DANGER, IMAGES, CONTACT)
    fewer = replace(CATALOGUE, concern_examples=MappingProxyType({DANGER.id: ("he is on the roof and will jump",)}))
    sense = learn_sense(fewer, shared().store)
    assert sense is not None
    assert sense.kinds == (DANGER,)


@pytest.mark.parametrize("kind", [DANGER, IMAGES, CONTACT], ids=lambda kind: kind.id)
def test_an_example_is_likeliest_of_its_own_category(kind: ConcernKind) -> None:
    """What was learnt is found again."""
    for example in CATALOGUE.concern_examples[kind.id]:
        assert learnt_sense().feel(question(example)).likeliest() is kind


def test_an_example_is_likelier_than_an_ordinary_question() -> None:
    """Examples of concerns lie above every ordinary example."""
    worst = min(_chance(text) for texts in CATALOGUE.concern_examples.values() for text in texts)
    assert worst > max(_chance(text) for text in (*CATALOGUE.ordinary, CALM))


@pytest.mark.parametrize("text", ["", "???", CALM, SIGN, "knife " * 300])
def test_chances_are_chances_and_shares_are_shares(text: str) -> None:
    """Whatever the message, the chance lies between 0 and 1 and the shares make one whole."""
    felt = learnt_sense().feel(question(text))
    assert 0 <= felt.chance <= 1
    assert sum(share for _, share in felt.shares) == pytest.approx(1)
    assert all(share >= 0 for _, share in felt.shares)


def test_a_word_for_an_adult_at_school_is_noticed() -> None:
    """The floor's word lists say which words name one; the category hangs on it."""
    signs = (*DANGER.signs, "{staff} shouts")
    catalogue = replace(
        CATALOGUE,
        concerns=(replace(DANGER, signs=signs), IMAGES, CONTACT),
        sign_words=MappingProxyType({**CATALOGUE.sign_words, "staff": ("coach", "teaching assistant")}),
    )
    sense = learn_sense(catalogue, shared().store)
    assert sense is not None
    assert sense.feel(question("a teaching assistant worries me")).names_adult
    assert not sense.feel(question("he looks sad")).names_adult


def test_learning_twice_gives_the_same() -> None:
    """Nothing is drawn at random."""
    assert _same(learnt_sense(), learnt_sense())


def test_topics_too_near_to_live_concerns_do_not_teach() -> None:
    """Questions of such a topic leave the sense as it was; those of any other topic do not."""
    for topic_id, same in (("disclosure", True), ("staff-phone", False)):
        topic = replace(CATALOGUE.topics[0], id=topic_id, asked=("a child has told me something awful",))
        sense = learn_sense(replace(CATALOGUE, topics=(*CATALOGUE.topics, topic)), shared().store)
        assert sense is not None
        assert _same(sense, learnt_sense()) is same


def test_many_ordinary_examples_do_not_drown_the_concerns() -> None:
    """Both sides weigh the same: saying the ordinary forty times over makes no concern less likely."""
    drowned = learn_sense(replace(CATALOGUE, out_of_scope=CATALOGUE.out_of_scope * 40), shared().store)
    assert drowned is not None
    for text in CATALOGUE.concern_examples[DANGER.id]:
        assert _chance(text, drowned) >= _chance(text)


# ---- What comes of it ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("chance", "certainty"), [(CONCERN_AT + 0.01, "possible"), (CERTAIN_AT + 0.01, "certain")])
def test_a_strong_sense_makes_a_concern(chance: float, certainty: str) -> None:
    """Above the first threshold the message is a concern, possible at first and certain high up."""
    reply = decide("the stapler is gone", sense=sense_of(chance))
    assert reply.outcome is Outcome.CONCERN
    assert reply.escalation is not None
    assert reply.escalation.certainty == certainty
    assert reply.why is not None
    assert wording.WHOLE_MESSAGE in reply.why


def test_a_message_that_a_rule_answers_takes_more() -> None:
    """What makes a concern of a message without a rule leaves an answer an answer, with whom to tell in case."""
    reply = decide(CALM, sense=sense_of(CONCERN_AT + 0.01))
    assert reply.outcome is Outcome.ANSWER
    assert reply.notices[0] == SAFETY_LINE


def test_a_weak_sense_adds_whom_to_tell() -> None:
    """Between the thresholds the question is answered, and the DSL is named all the same."""
    reply = decide(CALM, sense=sense_of(MENTION_AT + 0.01))
    assert reply.outcome is Outcome.ANSWER
    assert reply.notices[0] == SAFETY_LINE
    assert roles(reply)[0] == "dsl"


@pytest.mark.parametrize(
    ("jurisdiction", "named"),
    [
        (Jurisdiction.ENGLAND, "your Designated Safeguarding Lead in person"),
        (Jurisdiction.WALES, "your Designated Safeguarding Person in person"),
        (Jurisdiction.SCOTLAND, "your Child Protection Coordinator in person"),
        (Jurisdiction.NORTHERN_IRELAND, "your Designated Teacher in person"),
    ],
)
def test_whom_to_tell_has_the_title_used_there(jurisdiction: Jurisdiction, named: str) -> None:
    """In the line for a child at risk and in the help, nobody is sent to a person their school does not have."""
    school = replace(SCHOOL, jurisdiction=jurisdiction, contacts=MappingProxyType(unnamed_contacts(jurisdiction)))
    assert named in decide(CALM, sense=sense_of(MENTION_AT + 0.01), school=school).notices[0]
    assert named in decide("hello", school=school).message


def test_a_quiet_sense_adds_nothing() -> None:
    """Below both thresholds the reply is the plain one."""
    assert decide(CALM, sense=sense_of(MENTION_AT - 0.01)) == decide(CALM)


def test_the_dsl_is_not_named_twice() -> None:
    """A clause that names the DSL already gets no second DSL from the safety line."""
    reply = decide("may i dm a child", sense=sense_of(MENTION_AT + 0.01))
    assert roles(reply) == ["dsl", "headteacher"]


def test_a_sign_that_the_sense_shares_is_certain() -> None:
    """A sign stays what it is, however strong the sense."""
    reply = decide(SIGN, sense=sense_of(0.99))
    assert reply.escalation is not None
    assert (reply.escalation.category, reply.escalation.certainty) == (DANGER.id, "certain")
    assert SAFETY_LINE not in reply.notices


def test_a_sign_that_the_sense_finds_far_fetched_still_says_whom_to_tell() -> None:
    """A sign without a live message gets no advice, and the line that names the DSL."""
    assert decide(SIGN, sense=sense_of(SIGN_AT + 0.01)).outcome is Outcome.CONCERN
    calm = decide(SIGN, sense=sense_of(SIGN_MENTION_AT + 0.01))
    assert calm.outcome is not Outcome.CONCERN
    assert calm.notices[0] == SAFETY_LINE
