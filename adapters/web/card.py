"""A reply as the page shows it: its JSON, and beside it what only a page needs."""

from collections.abc import Sequence
from typing import Any

from bot import wording
from bot.reply_json import contact_as_json, offer_as_json, reply_as_json
from bot.types import Offer, Reply, ShownClause
from knowledge.model import Contact


def reply_as_card(reply: Reply) -> dict[str, Any]:
    """Return the reply's JSON with what the page adds.

    `headline` is the verdict in its parts (label, act, tone); each person has `called`, each clause without a document
    has `note`, and `people_note` says where the people are made up. What is true of a concern now stands in
    `escalation.says` alone and not among the notices, because it does not stay true.
    """
    whole = reply_as_json(reply, with_why=True)
    whole["headline"] = _headline(reply)
    whole["clauses"] = [
        clause | {"note": _note(shown)} for clause, shown in zip(whole["clauses"], reply.clauses, strict=True)
    ]
    whole["contacts"] = people(reply.contacts)
    offer = reply.escalation
    readers = offer.readers if offer else ()
    whole["people_note"] = people_note((*reply.contacts, *readers))
    if offer:
        whole["escalation"] = offer_as_card(offer)
        whole["notices"] = [notice for notice in reply.notices if notice != offer.says]
    return whole


def offer_as_card(offer: Offer) -> dict[str, Any]:
    """Return what can be passed on, with what each of its readers is called."""
    return offer_as_json(offer) | {"readers": people(offer.readers)}


def people(contacts: Sequence[Contact]) -> list[dict[str, Any]]:
    """Return people as JSON, each with what they are called."""
    return [contact_as_json(contact) | {"called": wording.contact_name(contact)} for contact in contacts]


def people_note(contacts: Sequence[Contact]) -> str | None:
    """Say that people are made up, where one of them is."""
    return wording.EXAMPLE_REGISTER if any(contact.example for contact in contacts) else None


def _headline(reply: Reply) -> dict[str, str] | None:
    if reply.verdict is None:
        return None
    if not reply.clauses:
        return {"label": reply.verdict, "act": "", "tone": "info"}
    clause = reply.clauses[0].clause
    label = reply.verdict.removesuffix(f": {clause.act}")
    # The wording decides between a stance's own label and "Ask first"; the colour must follow the words.
    tone = str(clause.stance) if reply.verdict == wording.verdict(clause) else "ask-first"
    return {"label": label, "act": clause.act if label != reply.verdict else "", "tone": tone}


def _note(shown: ShownClause) -> str | None:
    return wording.PLAIN_WORDS if shown.clause.quote is None and shown.policy.document is None else None
