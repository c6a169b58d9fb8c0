"""The reply as JSON: the contract of `signpost ask --format json` and of every tool that reads it."""

from typing import Any

from bot.types import Candidate, Offer, Reply, ShownClause
from knowledge.model import Contact

_DIGITS = 4


def reply_as_json(reply: Reply, *, with_why: bool = False) -> dict[str, Any]:
    """Return a reply as a JSON object; `why` only on demand."""
    whole: dict[str, Any] = {
        "id": reply.id,
        "school": reply.school,
        "question": reply.question,
        "outcome": str(reply.outcome),
        "message": reply.message,
        "verdict": reply.verdict,
        "confidence": round(reply.confidence, _DIGITS),
        "advice": list(reply.advice),
        "clauses": [_clause(shown) for shown in reply.clauses],
        "tension": reply.tension,
        "contacts": [contact_as_json(contact) for contact in reply.contacts],
        "options": [{"id": o.id, "label": o.label, "clauses": list(o.clauses)} for o in reply.options],
        "escalation": offer_as_json(reply.escalation) if reply.escalation else None,
        "actions": [str(action) for action in reply.actions],
        "notices": list(reply.notices),
        "candidates": [_candidate(candidate) for candidate in reply.candidates],
        "knowledge": reply.knowledge,
    }
    return whole | {"why": reply.why} if with_why else whole


def contact_as_json(contact: Contact) -> dict[str, Any]:
    """Return a contact as a JSON object."""
    return {
        "role": contact.role,
        "title": contact.title,
        "name": contact.name,
        "reach": [{"kind": reach.kind, "value": reach.value} for reach in contact.reach],
        "example": contact.example,
    }


def offer_as_json(offer: Offer) -> dict[str, Any]:
    """Return what can be passed on, or has been, as a JSON object."""
    return {
        "id": offer.id,
        "category": offer.category,
        "certainty": offer.certainty,
        "urgent": offer.urgent,
        "route": offer.route,
        "state": offer.state,
        "reference": offer.reference,
        "seen_by_roles": list(offer.seen_by_roles),
        "readers": [contact_as_json(contact) for contact in offer.readers],
        "seal": offer.seal,
        "says": offer.says,
        "problem": offer.problem,
    }


def _clause(shown: ShownClause) -> dict[str, Any]:
    clause, policy = shown.clause, shown.policy
    return {
        "id": clause.id,
        "policy": {
            "id": policy.id,
            "title": policy.title,
            "version": policy.version,
            "issued": policy.issued,
            "review_due": policy.review_due,
        },
        "section": clause.section,
        "stance": str(clause.stance),
        "applies_to": [str(party) for party in clause.applies_to],
        "says": clause.says,
        "quote": clause.quote,
        "score": round(shown.score, _DIGITS),
    }


def _candidate(candidate: Candidate) -> dict[str, Any]:
    return {"id": candidate.clause.id, "score": round(candidate.score, _DIGITS), "quote": candidate.clause.quote}
