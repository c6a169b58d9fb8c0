"""A reply as the page shows it."""

from dataclasses import replace

import pytest

from adapters.web.card import reply_as_card
from bot import wording
from bot.escalation import wording as told
from bot.reply_json import reply_as_json
from bot.types import Offer, Outcome, Reply, ShownClause
from knowledge.model import Clause, Document, Party, Stance
from tests.adapters.web.fakes import ANSWER, CLAUSE, HEAD, POLICY

OFFER = Offer("pupil-contact", "possible", False, "child", readers=(HEAD,))


def with_clause(clause: Clause, *, ask_first: bool = False) -> Reply:
    """Return an answer of one clause."""
    shown = (ShownClause(clause, POLICY, 0.9),)
    return replace(ANSWER, verdict=wording.verdict(clause, ask_first=ask_first), clauses=shown)


def test_nothing_of_the_reply_is_lost() -> None:
    """Everything in the reply's JSON is in the card as it was, with the reason why."""
    whole, card = reply_as_json(ANSWER, with_why=True), reply_as_card(ANSWER)
    for name in set(whole) - {"clauses", "contacts"}:
        assert card[name] == whole[name]
    for name in ("clauses", "contacts"):
        assert all(plain.items() <= more.items() for plain, more in zip(whole[name], card[name], strict=True))


@pytest.mark.parametrize(
    ("stance", "label"), [(Stance.MUST_NOT, "Not allowed"), (Stance.SHOULD, "Advised"), (Stance.INFO, "Good to know")]
)
def test_headline_has_label_and_act(stance: Stance, label: str) -> None:
    """The verdict comes in its two parts, with the stance as its tone."""
    card = reply_as_card(with_clause(replace(CLAUSE, stance=stance)))
    assert card["headline"] == {"label": label, "act": "being friends with a pupil online", "tone": str(stance)}


def test_condition_with_a_colon_stays_in_the_label() -> None:
    """A condition belongs to the label, whatever signs stand in it."""
    clause = replace(CLAUSE, stance=Stance.MAY_IF, only_if="two adults agree: you and the head")
    headline = reply_as_card(with_clause(clause))["headline"]
    assert headline["label"] == "Only if two adults agree: you and the head"
    assert headline["act"] == "being friends with a pupil online"


def test_rule_for_others_names_them_in_the_label() -> None:
    """A rule for others carries their name in its label."""
    headline = reply_as_card(with_clause(replace(CLAUSE, applies_to=(Party.PUPIL,))))["headline"]
    assert headline["label"] == "Pupils: not allowed"


def test_doubt_has_a_tone_of_its_own() -> None:
    """Where the verdict says to ask first, the tone does not say otherwise."""
    headline = reply_as_card(with_clause(CLAUSE, ask_first=True))["headline"]
    assert headline == {"label": "Ask first", "act": "being friends with a pupil online", "tone": "ask-first"}


def test_verdict_in_other_words_stays_whole() -> None:
    """A verdict that does not end with its act is one label, and one without a clause too."""
    other = replace(ANSWER, verdict="Ask the office")
    assert reply_as_card(other)["headline"] == {"label": "Ask the office", "act": "", "tone": "ask-first"}
    bare = replace(other, clauses=())
    assert reply_as_card(bare)["headline"] == {"label": "Ask the office", "act": "", "tone": "info"}


def test_reply_without_verdict_has_no_headline() -> None:
    """Where no rule was found there is no headline."""
    nothing = replace(ANSWER, outcome=Outcome.NO_MATCH, verdict=None, clauses=())
    assert reply_as_card(nothing)["headline"] is None


def test_missing_document_is_noted() -> None:
    """Plain words are marked as such where the document is not attached, and only there."""
    plain = replace(CLAUSE, quote=None)
    assert reply_as_card(with_clause(plain))["clauses"][0]["note"] == wording.PLAIN_WORDS
    assert reply_as_card(with_clause(CLAUSE))["clauses"][0]["note"] is None
    attached = replace(POLICY, document=Document("policy.docx", ()))
    shown = replace(ANSWER, clauses=(ShownClause(plain, attached, 0.9),))
    assert reply_as_card(shown)["clauses"][0]["note"] is None


def test_contacts_are_called_by_name_or_by_role() -> None:
    """A contact is called by name, and "your headteacher" where nobody said who that is."""
    named = replace(HEAD, name="Mrs A. Example", example=True)
    card = reply_as_card(replace(ANSWER, contacts=(HEAD, named)))
    assert [contact["called"] for contact in card["contacts"]] == ["your headteacher", "Mrs A. Example, Headteacher"]
    assert card["people_note"] == wording.EXAMPLE_REGISTER
    assert reply_as_card(ANSWER)["people_note"] is None


def test_what_is_true_of_a_concern_now_stands_with_it_alone() -> None:
    """What is true only until somebody taps stands with the offer; other notices stay where they are."""
    offered = replace(OFFER, says=told.OFFERED)
    notices = (told.OFFERED, "The policy was due for review.")
    card = reply_as_card(replace(ANSWER, outcome=Outcome.CONCERN, escalation=offered, notices=notices))
    assert card["escalation"]["says"] == told.OFFERED
    assert card["notices"] == ["The policy was due for review."]
    assert [reader["called"] for reader in card["escalation"]["readers"]] == ["your headteacher"]


def test_what_the_decision_alone_says_stays_where_nobody_asks() -> None:
    """Without somebody who asks, the notice that nobody has been told is all there is, and it stays."""
    card = reply_as_card(replace(ANSWER, escalation=OFFER, notices=(wording.OFFER_NOTICE,)))
    assert (card["escalation"]["says"], card["notices"]) == (None, [wording.OFFER_NOTICE])
