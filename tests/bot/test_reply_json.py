"""The reply as JSON: the fields that others build on."""

import json
from dataclasses import replace
from typing import Any

import pytest

from bot.reply_json import contact_as_json, offer_as_json, reply_as_json
from bot.types import Action, Offer, Reply
from tests.bot.builders import DSL, decide

FIELDS = {
    "id", "school", "question", "outcome", "verdict", "confidence", "advice", "clauses", "tension", "contacts",
    "options", "escalation", "notices", "candidates", "actions",
}  # fmt: skip
CLAUSE = {"id", "policy", "section", "stance", "applies_to", "says", "quote", "score"}
POLICY = {"id", "title", "version", "issued", "review_due"}
ESCALATION = {
    "category", "certainty", "urgent", "route", "state", "reference", "seen_by_roles", "id", "readers", "seal", "says",
    "problem",
}  # fmt: skip
ANSWERED = decide("can i accept a friend request from a pupil")
CONCERNED = decide("a boy has a knife")
ASKED_BACK = decide("what is for lunch today")


@pytest.mark.parametrize("reply", [ANSWERED, CONCERNED, ASKED_BACK], ids=lambda reply: str(reply.outcome))
def test_every_reply_has_every_field(reply: Reply) -> None:
    """The fields of the contract are there whatever the outcome; more may be added."""
    assert reply_as_json(reply).keys() >= FIELDS


def test_an_answer_carries_its_clause_and_its_policy() -> None:
    """A clause comes with rule, quote, score and the policy it stands in."""
    whole = reply_as_json(ANSWERED)
    (clause,) = whole["clauses"]
    assert whole["outcome"] == "answer"
    assert clause.keys() >= CLAUSE
    assert clause["policy"].keys() >= POLICY
    assert (clause["stance"], clause["applies_to"]) == ("must-not", ["staff"])
    assert clause["quote"] == "Staff must not be friends with pupils on social media."


def test_a_policy_says_its_version_and_dates() -> None:
    """Whoever reads a clause sees which version of which policy it is from."""
    policy = reply_as_json(ANSWERED)["clauses"][0]["policy"]
    assert policy == {
        "id": "conduct",
        "title": "Conduct Policy",
        "version": "2.1",
        "issued": "2026-01",
        "review_due": "2027-09",
    }


def test_a_reply_without_a_clause_says_null() -> None:
    """Verdict, tension and escalation are null where there is none."""
    whole = reply_as_json(ASKED_BACK)
    assert (whole["verdict"], whole["tension"], whole["escalation"]) == (None, None, None)


def test_options_say_what_to_tap() -> None:
    """An option has the id to send back, a label, and its clauses."""
    for option in reply_as_json(ASKED_BACK)["options"]:
        assert option.keys() >= {"id", "label", "clauses"}
        assert option["id"] == f"clause:{option['clauses'][0]}"


def test_a_concern_carries_its_escalation() -> None:
    """An escalation says category, certainty, route and state; asking alone only offers it."""
    offer = reply_as_json(CONCERNED)["escalation"]
    assert offer.keys() >= ESCALATION
    assert offer == {
        "category": "immediate-danger",
        "certainty": "certain",
        "urgent": True,
        "route": "child",
        "state": "offered",
        "reference": None,
        "seen_by_roles": [],
        "id": None,
        "readers": [],
        "seal": None,
        "says": None,
        "problem": None,
    }


def test_a_contact_says_how_to_reach_it() -> None:
    """A contact has role, title, name and its ways to reach."""
    assert contact_as_json(DSL) == {
        "role": "dsl",
        "title": "Designated Safeguarding Lead",
        "name": "Mr B. Example",
        "reach": [{"kind": "room", "value": "Room 4"}],
        "example": False,
    }


def test_a_contact_without_a_holder_has_no_name() -> None:
    """Nobody is invented for a role that nobody is known to hold."""
    deputy = reply_as_json(CONCERNED)["contacts"][1]
    assert (deputy["role"], deputy["name"], deputy["reach"]) == ("deputy-dsl", None, [])


def test_at_most_ten_candidates_best_first() -> None:
    """Candidates come whatever the outcome, with scores that fall from the confidence."""
    for reply in (ANSWERED, CONCERNED, ASKED_BACK):
        scores = [candidate["score"] for candidate in reply_as_json(reply)["candidates"]]
        assert len(scores) == 10
        assert scores == sorted(scores, reverse=True)
    assert reply_as_json(ANSWERED)["candidates"][0].keys() >= {"id", "score", "quote"}


def test_the_reason_comes_on_demand_only() -> None:
    """`why` is left out unless it is asked for."""
    assert "why" not in reply_as_json(ANSWERED)
    assert "friends-pupils" in reply_as_json(ANSWERED, with_why=True)["why"]


@pytest.mark.parametrize("reply", [ANSWERED, CONCERNED, ASKED_BACK], ids=lambda reply: str(reply.outcome))
def test_the_object_is_plain_json(reply: Reply) -> None:
    """It survives writing and reading unchanged."""
    whole: dict[str, Any] = reply_as_json(reply, with_why=True)
    assert json.loads(json.dumps(whole)) == whole


def test_an_offer_names_its_readers() -> None:
    """Who will read a concern comes as contacts do, so that it can be shown before anything is sent."""
    offer = Offer("pupil-contact", "possible", False, "child", readers=(DSL,), seal="s1", says="Nobody yet.")
    whole = offer_as_json(offer)
    assert whole["readers"] == [contact_as_json(DSL)]
    assert (whole["seal"], whole["says"], whole["problem"]) == ("s1", "Nobody yet.", None)


def test_a_reply_lists_what_can_be_tapped() -> None:
    """The buttons beneath a reply come by name."""
    tapped = replace(ANSWERED, actions=(Action.HELPED, Action.NOT_MEANT))
    assert reply_as_json(tapped)["actions"] == ["helped", "not-meant"]
    assert reply_as_json(ANSWERED)["actions"] == []
