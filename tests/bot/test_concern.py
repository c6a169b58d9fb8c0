"""What a message about someone at risk comes to."""

from dataclasses import replace
from types import MappingProxyType

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot import wording
from bot.decide import ANSWER_AT, PERMISSIVE_AT, Case
from bot.triage import Seen
from bot.types import Outcome, Reply
from knowledge.model import Clause, ConcernChange, ConcernKind, RouteName
from tests.bot.builders import (
    AT_BREAK,
    CHAT,
    CONDUCT,
    CONTACT,
    DANGER,
    FAMILY,
    FRIENDS,
    IMAGES,
    IN_CLASS,
    ON_SITE,
    PHONES,
    SCHOOL,
    case,
    decide,
    roles,
    shown,
)

SURE = 0.9
SEEN_CONTACT = Seen(CONTACT, "certain", "a sign")


def _concern(asked: Case, seen: Seen = SEEN_CONTACT) -> Reply:
    return asked.concern(seen)


def test_a_concern_gives_advice_and_its_own_contacts() -> None:
    """What to do now, and the people of the category, each once."""
    reply = decide("a boy has a knife")
    assert reply.outcome is Outcome.CONCERN
    assert reply.advice == DANGER.advice
    assert roles(reply) == ["dsl", "deputy-dsl"]
    assert reply.notices == (wording.OFFER_NOTICE,)


def test_a_concern_is_offered_never_sent() -> None:
    """Asking opens nothing: the escalation waits for a tap."""
    offer = decide("a boy has a knife").escalation
    assert offer is not None
    assert (offer.category, offer.certainty, offer.route) == ("immediate-danger", "certain", "child")
    assert (offer.state, offer.urgent, offer.reference) == ("offered", True, None)


def test_a_misspelt_concern_is_seen() -> None:
    """The words as mended count as well as the words as typed."""
    assert decide("i saw a nude of a pupill").outcome is Outcome.CONCERN


@pytest.mark.parametrize(("kind", "override"), [(DANGER, False), (CONTACT, True)], ids=["calmed", "raised"])
def test_a_school_decides_what_is_urgent(kind: ConcernKind, override: bool) -> None:
    """A school's own word on a category wins over the catalogue's."""
    school = replace(SCHOOL, concerns=MappingProxyType({kind.id: ConcernChange(urgent=override)}))
    offer = case(SURE, {FRIENDS: 0.9}, school=school).concern(Seen(kind, "certain", "x")).escalation
    assert offer is not None
    assert offer.urgent is override is not kind.urgent


def test_a_clause_stands_beside_the_advice_where_the_category_allows() -> None:
    """A sure rule helps the person who must act; its notices come after the offer's."""
    reply = _concern(case(SURE, {IN_CLASS: 0.9, CHAT: 0.05}))
    assert shown(reply) == [IN_CLASS.id]
    assert (reply.verdict, reply.confidence) == (wording.verdict(IN_CLASS), SURE)
    assert reply.notices == (wording.OFFER_NOTICE, wording.review_overdue(PHONES, "February 2021"))


@pytest.mark.parametrize("kind", [DANGER, IMAGES], ids=lambda kind: kind.id)
def test_no_clause_beside_danger_or_indecent_images(kind: ConcernKind) -> None:
    """However well a rule matches, nothing of the policy is quoted."""
    reply = _concern(case(0.99, {FRIENDS: 0.9}), Seen(kind, "certain", "x"))
    assert (reply.clauses, reply.verdict, reply.confidence) == ((), None, 0.0)


def test_an_unsure_clause_does_not_stand_beside_the_advice() -> None:
    """Below the threshold the advice stands alone; so it does in a school without policies."""
    assert _concern(case(ANSWER_AT - 0.001, {FRIENDS: 0.9})).clauses == ()
    assert _concern(case(0.0, {})).clauses == ()


def test_no_permission_stands_beside_the_advice_by_mistake() -> None:
    """A yes must be as sure beside the advice as alone, and a ban that is as near goes before it."""
    assert _concern(case(PERMISSIVE_AT - 0.001, {FAMILY: 0.9})).clauses == ()
    assert _concern(case(0.99, {CHAT: 0.5, FRIENDS: 0.48})).clauses == ()
    assert shown(_concern(case(0.99, {FAMILY: 0.5, FRIENDS: 0.48}))) == [FRIENDS.id]


def test_nothing_that_allows_stands_beside_the_advice() -> None:
    """However sure, a yes or an "only if" could be read as leave to handle the concern alone."""
    reply = _concern(case(0.99, {FAMILY: 0.9}))
    assert (reply.clauses, reply.verdict) == ((), None)


def test_a_tension_beside_the_advice_is_a_tension() -> None:
    """Rules that pull apart do so in a concern too."""
    reply = _concern(case(SURE, {ON_SITE: 0.5, AT_BREAK: 0.48}))
    assert reply.verdict == f"Ask first: {ON_SITE.act}"
    assert reply.tension is not None
    assert shown(reply) == [ON_SITE.id, AT_BREAK.id]
    assert roles(reply) == ["dsl", "headteacher"]


def test_a_concern_of_the_sense_has_the_people_too() -> None:
    """A possible concern names people as a certain one does."""
    reply = _concern(case(0.1, {FRIENDS: 0.9}), Seen(IMAGES, "possible", wording.WHOLE_MESSAGE))
    assert roles(reply) == ["dsl"]
    assert reply.escalation is not None
    assert reply.escalation.certainty == "possible"


@settings(max_examples=50, deadline=None)
@given(st.floats(0, 1), st.lists(st.sampled_from([*CONDUCT.clauses, *PHONES.clauses]), unique=True, max_size=5))
def test_advice_never_stands_beside_a_permission(confidence: float, clauses: list[Clause]) -> None:
    """Whatever the ranking, the verdict beside advice never says "Allowed" or "Only if"."""
    reply = _concern(case(confidence, {clause: 1 - 0.1 * place for place, clause in enumerate(clauses)}))
    assert reply.advice == CONTACT.advice
    assert not (reply.verdict or "").startswith(("Allowed", "Only if"))


def test_lost_data_is_told_calmly() -> None:
    """Where no child is at risk the reply says that somebody should be told, and raises no alarm."""
    calm = ConcernKind("data-loss", "Lost data", RouteName.STAFF, False, True, ("dpo",), ("Tell them.",), "ours")
    assert wording.concern(calm) == wording.TELL_SOMEBODY
    assert wording.concern(replace(calm, clauses_shown=False)) == wording.CONCERN
    assert wording.concern(replace(calm, route=RouteName.CHILD)) == wording.CONCERN
