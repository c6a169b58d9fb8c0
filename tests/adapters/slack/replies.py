"""Replies of a small school, as they come from the bot."""

from dataclasses import replace

from bot import wording as said
from bot.escalation import wording as told
from bot.types import Action, Offer, Outcome, Reply, ShownClause
from knowledge.model import Clause, Contact, Policy, Reach
from tests.bot.builders import CONDUCT, FRIENDS

HEAD = Contact("headteacher", "Headteacher", "Mrs A. Hill", (Reach("phone", "01632 960001"), Reach("slack", "U0HEAD")))
DSL = Contact(
    "dsl", "Designated Safeguarding Lead", "Mr B. Dale", (Reach("email", "dsl@oak.example"), Reach("room", "Room 4"))
)
QUOTED = ShownClause(FRIENDS, CONDUCT, 0.9)
ON_ANSWERS = (Action.HELPED, Action.NOT_MEANT, Action.ASK_A_PERSON)
ANSWER = Reply(
    id="r1",
    school="oakwood",
    question="can I friend a pupil?",
    outcome=Outcome.ANSWER,
    confidence=0.9,
    message=said.ANSWER,
    verdict=said.verdict(FRIENDS),
    clauses=(QUOTED,),
    contacts=(HEAD,),
    actions=ON_ANSWERS,
)
OFFER = Offer("child-at-risk", "possible", True, "child", readers=(DSL, HEAD), seal="seal-1", says=told.OFFERED)
CONCERN = replace(
    ANSWER,
    outcome=Outcome.CONCERN,
    message=said.CONCERN,
    verdict=None,
    clauses=(),
    advice=("Tell the DSL at once.", "If the child is in danger now, phone 999 first."),
    contacts=(DSL,),
    escalation=OFFER,
    notices=(told.OFFERED,),
    actions=(Action.TELL, Action.INVOLVED, Action.NOT_MEANT),
)


def with_clause(clause: Clause, policy: Policy = CONDUCT) -> Reply:
    """Return an answer of one clause."""
    return replace(ANSWER, verdict=said.verdict(clause), clauses=(ShownClause(clause, policy, 0.9),))
