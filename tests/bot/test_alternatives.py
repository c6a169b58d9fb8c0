"""What is offered in place of a reply that missed."""

from dataclasses import replace

from bot import wording
from bot.alternatives import alternatives
from bot.types import Outcome, Reply
from tests.bot.builders import DSL, FAMILY, FRIENDS, MESSAGES, SAFETY_LINE, decide, shown

ASKED = "can i accept a friend request from a pupil"


def _ids(reply: Reply) -> list[str]:
    return [option.id for option in reply.options]


def test_what_was_shown_is_not_offered_again() -> None:
    """The clause that missed is left out; what came next to it can be tapped."""
    reply = decide(ASKED)
    assert shown(reply) == [FRIENDS.id]
    nearer = alternatives(reply, [FRIENDS.id], DSL.title)
    assert f"clause:{FRIENDS.id}" not in _ids(nearer)
    assert f"clause:{MESSAGES.id}" in _ids(nearer)
    assert 1 <= len(nearer.options) <= 4


def test_nothing_of_the_answer_that_missed_stays() -> None:
    """No verdict, no clause, no notice about its policy: only what can be tapped, and the people to ask."""
    reply = replace(decide("can i bring my own phone to school"), tension="They pull apart.")
    assert reply.notices
    nearer = alternatives(reply, shown(reply), DSL.title)
    assert (nearer.outcome, nearer.message) == (Outcome.CLARIFY, wording.NOT_MEANT)
    assert (nearer.verdict, nearer.clauses, nearer.tension, nearer.notices) == (None, (), None, ())
    assert nearer.contacts == reply.contacts


def test_where_nothing_is_nearer_a_person_is() -> None:
    """Once everything was shown, the reply says so and keeps whom to ask."""
    reply = decide(ASKED)
    nearer = alternatives(reply, [candidate.clause.id for candidate in reply.candidates], DSL.title)
    assert (nearer.outcome, nearer.message, nearer.options) == (Outcome.NO_MATCH, wording.NOT_MEANT_NOTHING, ())
    assert nearer.contacts


def test_the_line_for_a_child_at_risk_stays() -> None:
    """A reply that said whom to tell in case goes on saying it, whatever is offered."""
    reply = replace(decide(ASKED), notices=(SAFETY_LINE, "Overdue."))
    assert alternatives(reply, [FRIENDS.id], DSL.title).notices == (SAFETY_LINE,)
    everything = [candidate.clause.id for candidate in reply.candidates]
    assert alternatives(reply, everything, DSL.title).notices == (SAFETY_LINE,)


def test_options_that_read_alike_are_offered_once() -> None:
    """Two clauses with one label are one thing to tap."""
    reply = decide(ASKED)
    first = reply.candidates[0]
    twin = replace(first, clause=replace(first.clause, id="twin"))
    nearer = alternatives(replace(reply, candidates=(first, twin)), [], DSL.title)
    assert _ids(nearer) == [f"clause:{first.clause.id}"]


def test_a_concern_that_was_misread_offers_no_rules_and_keeps_whom_to_tell() -> None:
    """A tap on a rule would lead back to the concern: the asker is asked for other words, and reads whom to tell."""
    reply = decide("a boy has a knife")
    assert reply.escalation
    nearer = alternatives(reply, [], DSL.title)
    assert (nearer.outcome, nearer.message, nearer.escalation) == (Outcome.NO_MATCH, wording.MISREAD, None)
    assert (nearer.options, nearer.advice, nearer.notices) == ((), (), (SAFETY_LINE,))
    assert nearer.contacts == reply.contacts


def test_the_candidates_stay_for_those_who_count() -> None:
    """What was weighed is reported with every reply."""
    reply = decide(ASKED)
    assert alternatives(reply, [FRIENDS.id], DSL.title).candidates == reply.candidates
    assert FAMILY in [candidate.clause for candidate in reply.candidates]
