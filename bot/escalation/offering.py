"""What a reply says of a concern: who would read it, what is true of it now, and what can be tapped. Pure.

Sent at once only where certain, urgent and for the route `child`; everything else is offered, and the offer lists who
will read it before anything is sent (design.md, section 9).
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from bot import wording as bot_wording
from bot.escalation import wording
from bot.escalation.model import Escalation, State, Turn
from bot.escalation.routing import NoRoute, Plan, Reason
from bot.types import Action, Offer, Reply
from knowledge.model import Contact, RouteName

_SAYS = {
    State.DELIVERED: wording.PASSED_ON_BEFORE,
    State.ACKNOWLEDGED: wording.TAKEN_BEFORE,
    State.RESOLVED: wording.RESOLVED_BEFORE,
}
ON_EVERY_ANSWER = (Action.HELPED, Action.NOT_MEANT, Action.ASK_A_PERSON)


@dataclass(frozen=True, slots=True)
class Standpoint:
    """What is true of a concern besides who would read it.

    `waits`: it would be delivered on the next school morning. `sent`: it has gone to others before.
    """

    urgent: bool
    waits: bool
    sent: bool = False


def reachable(found: Plan | NoRoute) -> Plan | NoRoute:
    """Return the plan, unless the asker alone would read it: then there is nobody to tell."""
    alone = isinstance(found, Plan) and not found.readers and found.unnamed == 0
    return NoRoute(Reason.NOBODY_LEFT, found.phone) if alone else found


def offer_of(turn: Turn, found: Plan | NoRoute, stands: Standpoint, key: Callable[[str], str]) -> Offer:
    """Return what the asker sees of a concern before it is sent. `key` makes the seal."""
    offer = Offer(turn.category or "", turn.certainty or "possible", stands.urgent, turn.route or "")
    if isinstance(found, NoRoute):
        return with_problem(offer, wording.no_route(found.reason))
    says = wording.offered(found.unnamed, waits=stands.waits, sent=stands.sent)
    return replace(offer, route=str(found.route), readers=found.readers, seal=seal_of(found, key), says=says)


def seal_of(plan: Plan, key: Callable[[str], str]) -> str:
    """Return what stands for those who would read it, so that a tap is taken only for the list that was seen."""
    readers = sorted(f"{contact.role}={contact.name}" for contact in plan.readers)
    return key(f"{plan.route} {readers} {plan.unnamed}")


def goes_at_once(offer: Offer) -> bool:
    """Tell whether a concern is sent without a tap."""
    sure = offer.certainty == "certain" and offer.urgent
    return sure and offer.route == RouteName.CHILD and offer.problem is None


def actions_on(offer: Offer) -> tuple[Action, ...]:
    """Return what can be tapped on an offer; of one that was sent, only that somebody who reads it is involved."""
    if offer.id:
        return (Action.INVOLVED,)
    return (Action.NOT_MEANT,) if offer.problem else (Action.TELL, Action.INVOLVED, Action.NOT_MEANT)


def recorded(offer: Offer, opened: Escalation, unnamed: int | None) -> Offer:
    """Return an offer as it stands once it is recorded; where it was recorded before, what has come of it since.

    `unnamed` counts those who read the channel and are not among the readers; None where that is unknown. Others may
    have been told before than would be today, so that nothing is said of those.
    """
    return replace(
        offer,
        state=str(opened.state),
        reference=opened.reference,
        id=opened.id,
        seen_by_roles=tuple(sight.role for sight in opened.seen),
        says=_SAYS.get(opened.state) or wording.recorded_at_once(unnamed),
    )


def with_problem(offer: Offer, problem: str) -> Offer:
    """Return an offer that cannot be passed on."""
    return replace(offer, says=problem, problem=problem)


def showing(reply: Reply, offer: Offer) -> Reply:
    """Put an offer on its reply; what is true of it now stands first, in place of "nobody has been told"."""
    others = tuple(notice for notice in reply.notices if notice != bot_wording.OFFER_NOTICE)
    return replace(reply, escalation=offer, notices=(offer.says, *others) if offer.says else others)


def joined(contacts: Sequence[Contact], more: Sequence[Contact]) -> tuple[Contact, ...]:
    """Join two lists of contacts, each role once."""
    there = {contact.role for contact in contacts}
    return (*contacts, *(contact for contact in more if contact.role not in there))
