"""What a reply is made of, whatever the platform: what comes first, what is true now, and who may read it."""

from collections.abc import Collection

from adapters.chat import wording
from bot import wording as said
from bot.types import Outcome, Reply, ShownClause
from knowledge.model import Contact

_999 = "999"


def may_be_shared(reply: Reply) -> bool:
    """Tell whether everybody in a channel may read a reply: a rule, and nothing that may be about somebody at risk."""
    about_risk = reply.escalation is not None or reply.advice or safety_lines(reply)
    return reply.outcome is Outcome.ANSWER and bool(reply.clauses) and not about_risk


def notification(reply: Reply) -> str:
    """Say on a lock screen what a reply is; of a concern, of help and of danger only that it is there."""
    if reply.outcome is Outcome.CONCERN:
        return wording.NEWS_OF_A_CONCERN
    return wording.NEWS if reply.outcome is Outcome.HELP else reply.verdict or reply.message


def safety_lines(reply: Reply) -> list[str]:
    """Return the notice that says whom to tell in case somebody is at risk: it matters before any rule."""
    return [notice for notice in reply.notices if notice.startswith(said.SAFETY_OPENING)]


def true_now(reply: Reply) -> list[str]:
    """Return what is true of a concern now: where nobody can be told from here, that nobody has been."""
    offer = reply.escalation
    return [offer.says] if offer and offer.says else [one for one in reply.notices if one == said.OFFER_NOTICE]


def emergency(reply: Reply) -> str:
    """Say 999 before anything else, whatever the advice goes on to say, where life may be in danger; else nothing."""
    urgent = reply.escalation is not None and reply.escalation.urgent
    told = any(_999 in line for line in reply.advice)
    return wording.EMERGENCY if urgent or told else ""


def headline(reply: Reply) -> str:
    """Say above the advice that nobody was told, or under which reference somebody was; nothing of a mere offer."""
    offer = reply.escalation
    if offer and offer.problem:
        return wording.NOBODY_TOLD
    return wording.receipt_head(offer.reference or "", offer.state) if offer and offer.id else ""


def notices(reply: Reply, shown: Collection[str]) -> list[str]:
    """Return the notices that have not been shown yet."""
    offer = reply.escalation
    said_already = {*shown, *([offer.says] if offer else [])}
    return [notice for notice in reply.notices if notice not in said_already]


def named_in(reply: Reply) -> tuple[Contact, ...]:
    """Return everybody whom a reply names."""
    return (*reply.contacts, *(reply.escalation.readers if reply.escalation else ()))


def source(shown: ShownClause) -> list[str]:
    """List where a clause stands: section, policy, version and date, as far as they are known."""
    facts = {
        wording.SECTION: shown.clause.section,
        wording.POLICY: shown.policy.title,
        wording.VERSION: shown.policy.version,
        wording.ISSUED: wording.day(shown.policy.issued),
    }
    return [f"{name}: {fact}" for name, fact in facts.items() if fact]
