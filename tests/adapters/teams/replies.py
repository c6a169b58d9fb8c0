"""Replies of a small school, as they come from the bot, to somebody in Teams."""

from dataclasses import replace

from bot.types import Reply, ShownClause
from knowledge.model import Clause, Contact, Policy, Reach
from tests.adapters.slack import replies
from tests.bot.builders import CONDUCT

HEAD = Contact(
    "headteacher",
    "Headteacher",
    "Mrs A. Hill",
    (Reach("phone", "01632 960001"), Reach("teams", "head@oak.example"), Reach("slack", "U0HEAD")),
)
DSL = replies.DSL
ON_ANSWERS = replies.ON_ANSWERS
OFFER = replace(replies.OFFER, readers=(DSL, HEAD))
ANSWER = replace(replies.ANSWER, contacts=(HEAD,))
CONCERN = replace(replies.CONCERN, escalation=OFFER)
QUOTED = replies.QUOTED


def with_clause(clause: Clause, policy: Policy = CONDUCT) -> Reply:
    """Return an answer of one clause."""
    return replace(replies.with_clause(clause, policy), contacts=(HEAD,))


def shown(clause: Clause, policy: Policy = CONDUCT) -> ShownClause:
    """Return a clause as a reply shows it."""
    return ShownClause(clause, policy, 0.9)
