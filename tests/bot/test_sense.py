"""The sense for concerns without alarm words."""

from dataclasses import replace

import numpy as np
import pytest

from bot import wording
from bot.decide import CONCERN_AT, MENTION_AT
from bot.sense import learn_sense
from bot.types import Outcome
from knowledge.model import ConcernKind
from tests.bot.builders import (
    BARE_CATALOGUE,
    CATALOGUE,
    DANGER,
    IMAGES,
    decide,
    learnt_sense,
    question,
    roles,
    sense_of,
    shared,
)

CALM = "can i leave the staff whatsapp group"


def test_a_catalogue_without_examples_gives_no_sense() -> None:
    """Without examples there is nothing to learn."""
    assert learn_sense(BARE_CATALOGUE, shared().store) is None


def test_only_categories_of_people_at_risk_are_learnt() -> None:
    """Categories that are policy questions as often as not are left out."""
    assert learnt_sense().kinds == (DANGER, IMAGES)


@pytest.mark.parametrize("kind", [DANGER, IMAGES], ids=lambda kind: kind.id)
def test_an_example_is_nearest_to_its_own_category(kind: ConcernKind) -> None:
    """What was learnt is found again."""
    for example in CATALOGUE.concern_examples[kind.id]:
        assert learnt_sense().nearest(question(example).vector) is kind


def test_an_example_is_likelier_than_an_ordinary_question() -> None:
    """Examples of concerns lie above every ordinary example."""
    sense = learnt_sense()
    worst = min(sense.chance(question(text).vector) for text in CATALOGUE.concern_examples[DANGER.id])
    assert worst > max(sense.chance(question(text).vector) for text in (*CATALOGUE.ordinary, CALM))


def test_a_chance_is_a_chance() -> None:
    """Whatever the message, the chance lies between 0 and 1."""
    vector = question("").vector
    assert 0 <= learnt_sense().chance(vector) <= 1
    assert np.isfinite(learnt_sense().weights).all()


def test_learning_twice_gives_the_same() -> None:
    """Nothing is drawn at random."""
    assert (learnt_sense().weights == learnt_sense().weights).all()


def test_topics_too_near_to_live_concerns_do_not_teach() -> None:
    """Questions of such a topic leave the sense as it was."""
    topic = replace(CATALOGUE.topics[0], id="disclosure", asked=("a child has told me something awful",))
    more = replace(CATALOGUE, topics=(*CATALOGUE.topics, topic))
    sense = learn_sense(more, shared().store)
    assert sense is not None
    assert (sense.weights == learnt_sense().weights).all()


def test_a_strong_sense_makes_a_possible_concern() -> None:
    """Above the first threshold the message is treated as a concern, of the nearest category, possible only."""
    reply = decide(CALM, sense=sense_of(CONCERN_AT + 0.01))
    assert reply.outcome is Outcome.CONCERN
    assert reply.escalation is not None
    assert reply.escalation.certainty == "possible"
    assert reply.why is not None
    assert wording.WHOLE_MESSAGE in reply.why


def test_a_weak_sense_adds_whom_to_tell() -> None:
    """Between the thresholds the question is answered, and the DSL is named all the same."""
    reply = decide(CALM, sense=sense_of(MENTION_AT + 0.01))
    assert reply.outcome is Outcome.ANSWER
    assert reply.notices[0] == wording.SAFETY_LINE
    assert roles(reply)[0] == "dsl"


def test_a_quiet_sense_adds_nothing() -> None:
    """Below both thresholds the reply is the plain one."""
    assert decide(CALM, sense=sense_of(MENTION_AT - 0.01)) == decide(CALM)


def test_the_dsl_is_not_named_twice() -> None:
    """A clause that names the DSL already gets no second DSL from the safety line."""
    reply = decide("may i dm a child", sense=sense_of(MENTION_AT + 0.01))
    assert roles(reply) == ["dsl", "headteacher"]


def test_an_unmistakable_sign_wins_over_the_sense() -> None:
    """A certain sign stays certain, however strong the sense."""
    reply = decide("a boy has a knife", sense=sense_of(0.99))
    assert reply.escalation is not None
    assert (reply.escalation.category, reply.escalation.certainty) == (DANGER.id, "certain")
    assert wording.SAFETY_LINE not in reply.notices
