"""A reply as the page shows it: its JSON, and beside it what only a page needs."""

from typing import Any

from bot import wording
from bot.reply_json import contact_as_json, reply_as_json
from bot.types import Reply, ShownClause
from knowledge.model import Contact


def reply_as_card(reply: Reply) -> dict[str, Any]:
    """Return the reply's JSON with four additions.

    `headline` is the verdict in its parts (label, act, tone); each contact has `called`, each clause without a
    document has `note`, and `people_note` says where the people are made up.
    """
    whole = reply_as_json(reply, with_why=True)
    whole["headline"] = _headline(reply)
    whole["clauses"] = [
        clause | {"note": _note(shown)} for clause, shown in zip(whole["clauses"], reply.clauses, strict=True)
    ]
    whole["contacts"] = [_contact(contact) for contact in reply.contacts]
    invented = any(contact.example for contact in reply.contacts)
    whole["people_note"] = wording.EXAMPLE_REGISTER if invented else None
    return whole


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


def _contact(contact: Contact) -> dict[str, Any]:
    return contact_as_json(contact) | {"called": wording.contact_name(contact)}
