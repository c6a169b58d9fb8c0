"""What an utterance comes to: an answer, a tension, options to tap, or a person to ask."""

from dataclasses import replace
from types import MappingProxyType

import pytest

from bot import wording
from bot.decide import ANSWER_AT, CLARIFY_AT, PERMISSIVE_AT, Case
from bot.types import Outcome
from knowledge.model import Clause, Jurisdiction, Party, Stance, Tension
from knowledge.roles import unnamed_contacts
from tests.bot.builders import (
    AT_BREAK,
    BARE_SCHOOL,
    CHAT,
    CONDUCT,
    FAMILY,
    FRIENDS,
    IN_CLASS,
    MESSAGES,
    ON_SITE,
    OWN_SLIP,
    PARENTS,
    PHONES,
    PUPIL_PHONES,
    SCHOOL,
    SCOPE,
    asked,
    case,
    decide,
    decider,
    question,
    ranking,
    roles,
    shown,
    view_with,
)
from tests.fakes import TODAY

SURE = 0.9


# Answer


def test_a_sure_lead_is_the_answer() -> None:
    """Verdict, clause and person come from the clause that leads."""
    reply = case(SURE, {FRIENDS: 0.9, CHAT: 0.1}).by_confidence()
    assert reply.outcome is Outcome.ANSWER
    assert reply.verdict == "Not allowed: being friends with a pupil on social media"
    assert (shown(reply), roles(reply)) == ([FRIENDS.id], ["headteacher"])


@pytest.mark.parametrize("clause", [FRIENDS, PARENTS, OWN_SLIP, SCOPE, PUPIL_PHONES], ids=lambda clause: clause.id)
def test_the_threshold_of_an_answer(clause: Clause) -> None:
    """At the threshold a clause answers, just below it Signpost asks back."""
    shares = {clause: 0.9, IN_CLASS: 0.05}
    assert case(ANSWER_AT, shares).by_confidence().outcome is Outcome.ANSWER
    assert case(ANSWER_AT - 0.001, shares).by_confidence().outcome is Outcome.CLARIFY


@pytest.mark.parametrize("clause", [CHAT, FAMILY], ids=lambda clause: clause.id)
def test_a_permission_must_be_surer(clause: Clause) -> None:
    """What may answer for a ban is not enough for a yes, nor for an "only if"."""
    assert PERMISSIVE_AT > ANSWER_AT
    shares = {clause: 0.9, IN_CLASS: 0.05}
    assert case(PERMISSIVE_AT, shares).by_confidence().outcome is Outcome.ANSWER
    assert case(PERMISSIVE_AT - 0.001, shares).by_confidence().outcome is Outcome.CLARIFY


@pytest.mark.parametrize("rival", [FRIENDS, PARENTS], ids=lambda clause: clause.id)
def test_no_permission_beside_a_rival_that_forbids(rival: Clause) -> None:
    """However sure, a yes is not given where a ban about something else is nearly as likely."""
    reply = case(0.99, {CHAT: 0.5, SCOPE: 0.48, rival: 0.47}).by_confidence()
    assert reply.outcome is Outcome.CLARIFY
    assert {option.id for option in reply.options} >= {f"clause:{CHAT.id}", f"clause:{rival.id}"}


def test_a_ban_on_the_same_topic_goes_before_a_permission() -> None:
    """Both answer, and the ban gives the verdict: no exception is read as the rule."""
    reply = case(0.99, {FAMILY: 0.5, FRIENDS: 0.48}).by_confidence()
    assert shown(reply) == [FRIENDS.id, FAMILY.id]
    assert reply.verdict == wording.verdict(FRIENDS)


def test_an_exception_from_one_ban_alone_is_said_after_it() -> None:
    """A permission whose topic only it and a ban share is an exception: the rule comes first, though less near."""
    shares = {FAMILY: 0.5, FRIENDS: 0.3}
    alone = Case(asked("may i"), view_with(FRIENDS, FAMILY), TODAY, question(), ranking(SURE, shares)).by_confidence()
    assert (shown(alone), alone.verdict) == ([FRIENDS.id, FAMILY.id], wording.verdict(FRIENDS))
    assert shown(case(SURE, shares).by_confidence()) == [FAMILY.id, FRIENDS.id]


def test_a_tapped_exception_comes_with_its_ban() -> None:
    """Who taps an exception still reads the rule it is an exception from."""
    tapped = asked("may i", choice=f"clause:{FAMILY.id}")
    assert shown(decider().decide(tapped, view_with(FRIENDS, FAMILY), TODAY)) == [FAMILY.id, FRIENDS.id]


def test_why_says_that_a_ban_stands_before_the_exception() -> None:
    """Who wonders why the first match comes second reads the reason."""
    moved = decider().decide(
        asked("my nephew is a pupil here, can i be friends online"), view_with(FRIENDS, FAMILY), TODAY
    )
    assert shown(moved) == [FRIENDS.id, FAMILY.id]
    assert (moved.why or "").endswith(f"\n{wording.WHY_BAN_FIRST}")
    assert wording.WHY_BAN_FIRST not in (decide(FRIENDS.asked[0]).why or "")


def test_a_plain_permission_with_a_near_ban_on_its_topic_is_asked_back() -> None:
    """A "may" names no condition, so that a ban near it leaves open which of the two was meant."""
    ban = replace(FRIENDS, topics=CHAT.topics)
    assert case(0.99, {CHAT: 0.5, ban: 0.2}).by_confidence().outcome is Outcome.CLARIFY


def test_a_far_rival_does_not_stop_a_permission() -> None:
    """A ban that is hardly meant does not hold a yes back."""
    assert case(0.99, {CHAT: 0.9, FRIENDS: 0.05}).by_confidence().outcome is Outcome.ANSWER


def test_a_rival_that_forbids_does_not_stop_a_ban() -> None:
    """Two bans agree."""
    assert case(SURE, {FRIENDS: 0.5, PARENTS: 0.45}).by_confidence().outcome is Outcome.ANSWER


def test_a_second_clause_is_shown_where_it_answers_too() -> None:
    """Nearly as likely and on the same topic: both are shown, the lead gives the verdict."""
    reply = case(SURE, {FRIENDS: 0.5, MESSAGES: 0.48}).by_confidence()
    assert shown(reply) == [FRIENDS.id, MESSAGES.id]
    assert reply.verdict == wording.verdict(FRIENDS)


@pytest.mark.parametrize("second", [{MESSAGES: 0.05}, {PARENTS: 0.48}], ids=["unlikely", "another topic"])
def test_a_second_clause_is_never_shown_to_hedge(second: dict[Clause, float]) -> None:
    """A clause that is much less likely, or about something else, is left out."""
    assert shown(case(SURE, {FRIENDS: 0.5, **second}).by_confidence()) == [FRIENDS.id]


def test_at_most_three_clauses_are_shown() -> None:
    """However many answer, three are enough to read."""
    reply = case(SURE, {FRIENDS: 0.3, MESSAGES: 0.3, FAMILY: 0.3, replace(FRIENDS, id="more"): 0.3}).by_confidence()
    assert shown(reply) == [FRIENDS.id, MESSAGES.id, FAMILY.id]


def test_contacts_are_named_once_in_the_order_of_the_clauses() -> None:
    """Two clauses with the same contact name it once."""
    reply = case(SURE, {MESSAGES: 0.5, FRIENDS: 0.48}).by_confidence()
    assert roles(reply) == ["dsl", "headteacher"]


def test_a_clause_without_contact_sends_to_the_headteacher() -> None:
    """Somebody is always named."""
    assert roles(case(SURE, {PARENTS: 0.9}).by_confidence()) == ["headteacher"]


def test_a_role_without_holder_is_your_headteacher() -> None:
    """A school that has not named its people still gets somebody to ask, and nobody invented."""
    nameless = replace(SCHOOL, contacts=MappingProxyType(unnamed_contacts(SCHOOL.jurisdiction)))
    (head,) = case(SURE, {PARENTS: 0.9}, school=nameless).by_confidence().contacts
    assert (head.name, head.reach) == (None, ())
    assert wording.contact_name(head) == "your headteacher"


def test_an_overdue_policy_says_so_once() -> None:
    """Two clauses of an overdue policy give one notice, a policy in date gives none."""
    reply = case(SURE, {IN_CLASS: 0.5, ON_SITE: 0.48}).by_confidence()
    assert reply.notices == (wording.review_overdue(PHONES, "February 2021"),)
    assert case(SURE, {FRIENDS: 0.9}).by_confidence().notices == ()


def test_a_shown_clause_comes_with_its_policy_and_score() -> None:
    """The lead's score is the confidence, and the others' are in proportion."""
    reply = case(0.8, {FRIENDS: 0.5, MESSAGES: 0.45}).by_confidence()
    assert [one.policy.id for one in reply.clauses] == [CONDUCT.id, CONDUCT.id]
    assert [one.score for one in reply.clauses] == pytest.approx([0.8, 0.72])
    assert [one.score for one in reply.candidates] == pytest.approx([0.8, 0.72])


@pytest.mark.parametrize("shares", [{FAMILY: 0.5, FRIENDS: 0.48}, {FRIENDS: 0.5, MESSAGES: 0.45}, {ON_SITE: 0.9}])
def test_the_leads_score_is_the_replys_confidence(shares: dict[Clause, float]) -> None:
    """A ban that was moved to the front is no less sure than the reply it leads."""
    reply = case(SURE, shares).by_confidence()
    assert reply.clauses[0].score == reply.confidence == SURE


def test_a_role_the_school_does_not_have_is_left_out() -> None:
    """Northern Ireland has no LADO, so nobody there is sent to one."""
    abroad = replace(SCHOOL, contacts=MappingProxyType(unnamed_contacts(Jurisdiction.NORTHERN_IRELAND)))
    clause = replace(FRIENDS, contacts=("lado", "dsl"))
    assert roles(case(SURE, {clause: 0.9}).by_confidence()) == ["lado", "dsl"]
    assert roles(case(SURE, {clause: 0.9}, school=abroad).by_confidence()) == ["dsl"]


def test_an_answer_says_whether_it_is_the_policys_own_words() -> None:
    """With a quote it is what the policy says, without one it is in plain words."""
    assert case(SURE, {FRIENDS: 0.9}).by_confidence().message == wording.ANSWER
    assert case(SURE, {PARENTS: 0.9}).by_confidence().message == wording.ANSWER_IN_PLAIN_WORDS


def test_a_reply_says_which_knowledge_it_is_from() -> None:
    """Every reply carries the version of the school's files."""
    assert case(SURE, {FRIENDS: 0.9}).by_confidence().knowledge == "v1"


# Tension


@pytest.mark.parametrize(("lead", "other"), [(ON_SITE, AT_BREAK), (AT_BREAK, ON_SITE)])
def test_a_tension_says_to_ask_first_and_shows_both_sides(lead: Clause, other: Clause) -> None:
    """Where the question touches both sides there is no yes or no, but both rules and the one to ask."""
    reply = case(SURE, {lead: 0.5, other: 0.48}).by_confidence()
    assert reply.verdict in {f"Ask first: {lead.act}", f"Ask first: {other.act}"}
    assert reply.tension == "One rule bans phones on the premises, another allows them in the staff room."
    assert set(shown(reply)) == {lead.id, other.id}
    assert roles(reply) == ["line-manager"]


@pytest.mark.parametrize("shares", [{ON_SITE: 0.9}, {ON_SITE: 0.9, AT_BREAK: 0.05}, {ON_SITE: 0.5, IN_CLASS: 0.48}])
def test_a_tension_is_left_out_where_one_side_only_is_asked_for(shares: dict[Clause, float]) -> None:
    """A rule with an opposite somewhere is still a plain rule for a plain question."""
    reply = case(SURE, shares).by_confidence()
    assert reply.verdict == wording.verdict(ON_SITE)
    assert reply.tension is None


def test_a_permission_always_shows_its_tension() -> None:
    """A yes that another rule takes back is never given alone."""
    reply = case(SURE, {AT_BREAK: 0.9}).by_confidence()
    assert reply.verdict == f"Ask first: {AT_BREAK.act}"
    assert set(shown(reply)) == {ON_SITE.id, AT_BREAK.id}


def test_a_requirement_in_a_tension_stays_required() -> None:
    """A duty is not softened to "Ask first", and the rule that pulls against it is shown beside it."""
    tension = Tension((IN_CLASS.id, AT_BREAK.id), "One rule hides phones, another allows them.", "line-manager")
    torn = replace(SCHOOL, policies=(CONDUCT, replace(PHONES, tensions=(tension,))))
    reply = case(SURE, {IN_CLASS: 0.5, AT_BREAK: 0.48}, school=torn).by_confidence()
    assert (reply.verdict, reply.tension) == (f"Required: {IN_CLASS.act}", tension.says)
    assert shown(reply) == [IN_CLASS.id, AT_BREAK.id]


def test_a_tapped_clause_in_a_school_that_matched_nothing_is_answered() -> None:
    """An answer needs no ranking."""
    assert shown(case(0.0, {}).answer([ON_SITE], 1.0)) == [ON_SITE.id]


def test_both_sides_of_a_tension_are_shown_beside_a_topic() -> None:
    """A tapped topic with many clauses does not push the other side of a tension out."""
    shares = {ON_SITE: 0.26, IN_CLASS: 0.25, PUPIL_PHONES: 0.25, AT_BREAK: 0.24}
    asked = case(SURE, shares)
    reply = asked.answer([ON_SITE, IN_CLASS, PUPIL_PHONES], 1.0)
    assert set(shown(reply)) >= {ON_SITE.id, AT_BREAK.id}
    assert reply.tension is not None


def test_a_clause_is_in_its_own_tension_only() -> None:
    """A tension between other clauses does not touch the lead."""
    far = replace(SCHOOL, policies=(replace(CONDUCT, tensions=(Tension((PARENTS.id, CHAT.id), "x", "dsl"),)), PHONES))
    assert case(SURE, {FRIENDS: 0.5, CHAT: 0.48}, school=far).by_confidence().tension is None


# Clarify and no match


def test_below_the_threshold_it_asks_back() -> None:
    """Two to four options without verdicts, and a person."""
    reply = case(0.4, {FRIENDS: 0.5, MESSAGES: 0.3, CHAT: 0.1, PARENTS: 0.05, SCOPE: 0.05}).by_confidence()
    assert reply.outcome is Outcome.CLARIFY
    assert [option.id for option in reply.options] == [f"clause:{c.id}" for c in (FRIENDS, MESSAGES, CHAT, PARENTS)]
    assert (reply.verdict, reply.clauses, roles(reply)) == (None, (), ["headteacher"])


def test_a_far_lead_still_gives_two_options() -> None:
    """A choice of one is no choice: the second best is offered however unlikely."""
    reply = case(0.4, {FRIENDS: 0.99, MESSAGES: 0.01}).by_confidence()
    assert [option.clauses for option in reply.options] == [(FRIENDS.id,), (MESSAGES.id,)]


def test_options_that_read_the_same_are_offered_once() -> None:
    """Two clauses about the same act make one option."""
    twin = replace(FRIENDS, id="twin", stance=Stance.SHOULD_NOT)
    reply = case(0.4, {FRIENDS: 0.4, twin: 0.3, CHAT: 0.2}).by_confidence()
    assert [option.label for option in reply.options] == [wording.option_label(c) for c in (FRIENDS, CHAT)]


def test_a_single_option_is_not_asked_back() -> None:
    """Where there is one thing to choose, there is nothing to ask: a person is named."""
    reply = case(0.4, {FRIENDS: 1.0}).by_confidence()
    assert (reply.outcome, reply.options, roles(reply)) == (Outcome.NO_MATCH, (), ["headteacher"])


def test_far_below_the_threshold_it_says_that_it_does_not_know() -> None:
    """No guess, no clause, no option: a person."""
    reply = case(CLARIFY_AT - 0.001, {FRIENDS: 0.9, CHAT: 0.1}).by_confidence()
    assert reply.outcome is Outcome.NO_MATCH
    assert (reply.verdict, reply.clauses, reply.options) == (None, (), ())
    assert roles(reply) == ["headteacher"]
    assert case(CLARIFY_AT, {FRIENDS: 0.9, CHAT: 0.1}).by_confidence().outcome is Outcome.CLARIFY


def test_a_school_without_policies_sends_to_a_person() -> None:
    """An empty school is no error."""
    reply = decide("can i friend a parent", school=BARE_SCHOOL)
    assert (reply.outcome, reply.candidates, roles(reply)) == (Outcome.NO_MATCH, (), ["headteacher"])


# Choices


def test_a_tapped_clause_is_the_answer() -> None:
    """A tap is certain, whatever was typed, a permission too."""
    reply = decide("what is for lunch today", choice=f"clause:{CHAT.id}")
    assert (reply.outcome, reply.confidence) == (Outcome.ANSWER, 1.0)
    assert (shown(reply), reply.verdict) == ([CHAT.id], wording.verdict(CHAT))


def test_a_tapped_topic_shows_its_clauses() -> None:
    """The clauses of a topic come best first, at most three."""
    reply = decide("friend request from a pupil", choice="topic:friend-pupil")
    assert set(shown(reply)) == {FRIENDS.id, MESSAGES.id, FAMILY.id}
    assert reply.verdict == wording.verdict(reply.clauses[0].clause)


@pytest.mark.parametrize("choice", ["clause:gone", "topic:gone", "gone", "", ":", "clause:"])
def test_a_stale_choice_is_answered_by_the_words(choice: str) -> None:
    """Where the knowledge has changed since, what was typed decides as if nothing had been tapped."""
    text = "can i accept a friend request from a pupil"
    assert decide(text, choice=choice) == decide(text)


def test_every_option_can_be_tapped() -> None:
    """What is offered leads to an answer with the clause offered."""
    text = "what is for lunch today"
    for option in decide(text).options:
        assert shown(decide(text, choice=option.id))[0] == option.clauses[0]


def test_a_concern_is_seen_before_a_choice() -> None:
    """Someone in danger is not answered with a rule."""
    assert decide("a boy has a knife", choice=f"clause:{CHAT.id}").outcome is Outcome.CONCERN


def test_the_tiny_school_has_every_stance() -> None:
    """The school of these tests has every stance, and rules for pupils and for parents."""
    clauses = [*CONDUCT.clauses, *PHONES.clauses]
    assert {clause.stance for clause in clauses} == set(Stance)
    assert {party for clause in clauses for party in clause.applies_to} >= {Party.PUPIL, Party.PARENT, Party.STAFF}
