"""What is offered when somebody says that a reply is not what they meant: the next clauses, to tap."""

from collections.abc import Collection
from dataclasses import replace

from bot import wording
from bot.types import Option, Outcome, Reply

_MOST = 4


def alternatives(reply: Reply, shown: Collection[str], dsl_title: str) -> Reply:
    """Turn a reply into an offer of what comes next to what was `shown` (clause ids); never shows those again.

    What was seen as a concern offers no rules: a tap on one would lead back to the concern. Whom to tell stays, by
    what the school calls its DSL.
    """
    line = wording.safety_line(dsl_title)
    if reply.escalation:
        return _instead(reply, Outcome.NO_MATCH, wording.MISREAD, (line,))
    options: dict[str, Option] = {}
    for candidate in reply.candidates:
        clause = candidate.clause
        if clause.id not in shown:
            label = wording.option_label(clause)
            options.setdefault(label, Option(f"clause:{clause.id}", label, (clause.id,)))
    safety = tuple(notice for notice in reply.notices if notice == line)
    if not options:
        return _instead(reply, Outcome.NO_MATCH, wording.NOT_MEANT_NOTHING, safety)
    offered = _instead(reply, Outcome.CLARIFY, wording.NOT_MEANT, safety)
    return replace(offered, options=tuple(options.values())[:_MOST])


def _instead(reply: Reply, outcome: Outcome, message: str, notices: tuple[str, ...]) -> Reply:
    """Return a reply without anything that it answered."""
    return replace(
        reply,
        outcome=outcome,
        message=message,
        verdict=None,
        advice=(),
        clauses=(),
        tension=None,
        options=(),
        escalation=None,
        notices=notices,
    )
