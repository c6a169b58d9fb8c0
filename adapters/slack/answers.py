"""A reply as messages in Slack: nothing left out, the clause word for word, and for a concern first what to do now."""

from collections.abc import Iterator, Sequence

from adapters.chat import wording
from adapters.slack import limits
from adapters.slack import wording as in_slack
from adapters.slack.blocks import (
    Block,
    actions,
    button,
    choice,
    fits,
    header,
    heading,
    lines,
    plain,
    quote,
    small,
    title,
    value,
    words,
)
from adapters.slack.contacts import example_note, reachable, roles
from adapters.slack.offers import buttons, readers, tap
from adapters.slack.packing import packed
from adapters.slack.rendered import Rendered
from adapters.slack.settled import as_offer
from bot import wording as said
from bot.types import Action, Outcome, Reply, ShownClause
from knowledge.model import Contact

_ON_THE_REPLY = (Action.HELPED, Action.NOT_MEANT, Action.ASK_A_PERSON)
_999 = "999"


def render_answer(
    reply: Reply, *, private: bool = True, sharable: bool = False, school: str | None = None
) -> tuple[Rendered, ...]:
    """Return a reply as messages, in their order.

    `private=False` is what everybody in a channel may read: verdict, clauses, their source and the roles to ask; none
    where that must not be shared. `sharable`: the asker can put it into a channel from here. `school` is what the
    school is called where several share a workspace.
    """
    if not private:
        return packed(reply.verdict or reply.message, _shared(reply)) if may_be_shared(reply) else ()
    if reply.outcome is Outcome.CONCERN:
        return packed(wording.NEWS_OF_A_CONCERN, [*_concern(reply), small(school or "")])
    parts = [*_answer(reply), small(school or ""), _beneath(reply, sharable=sharable)]
    # What an outsider or a newcomer reads is about help and danger: nothing for a lock screen.
    return packed(wording.NEWS if reply.outcome is Outcome.HELP else reply.verdict or reply.message, parts)


def may_be_shared(reply: Reply) -> bool:
    """Tell whether everybody in a channel may read a reply: a rule, and nothing that may be about somebody at risk."""
    about_risk = reply.escalation is not None or reply.advice or _safety_lines(reply)
    return reply.outcome is Outcome.ANSWER and bool(reply.clauses) and not about_risk


# ---- The kinds of reply ----------------------------------------------------------------------------------------------


def _answer(reply: Reply) -> Iterator[list[Block]]:
    first = _safety_lines(reply)
    yield lines(first)
    if reply.outcome is Outcome.NO_MATCH:
        yield [header(wording.NO_RULE)]
    yield title(reply.verdict or "")
    yield words(reply.message)
    yield from _rules(reply)
    yield _options(reply)
    yield _notices(reply, first)
    yield reachable(wording.WHO_TO_ASK, reply.contacts)
    yield example_note(reply.contacts)


def _concern(reply: Reply) -> Iterator[list[Block]]:
    yield from what_to_do(reply)
    yield reachable(wording.WHO_TO_TELL, reply.contacts)
    yield example_note(named_in(reply))
    yield _notices(reply, _true_now(reply))
    yield title(reply.verdict or "")
    yield from _rules(reply)
    yield as_offer("beneath", _beneath(reply, sharable=False))


def what_to_do(reply: Reply, *, submits: bool = False) -> Iterator[list[Block]]:
    """Return what to do now about a concern, what is true of it, and who reads it.

    `submits`: what holds these blocks has a button of its own that tells them.
    """
    offer = reply.escalation
    yield [header(wording.WHAT_TO_DO), *_emergency(reply)]
    yield words(reply.message)
    if offer and offer.problem:
        yield [heading(wording.NOBODY_TOLD)]
    elif offer and offer.id:
        yield [heading(wording.receipt_head(offer.reference or "", offer.state))]
    yield as_offer("now", lines(_true_now(reply)))
    yield [block for number, line in enumerate(reply.advice, 1) for block in words(f"{number}. {line}")]
    if offer:
        yield as_offer("readers", [*readers(offer), *buttons(reply.id, offer, reply.actions, submits=submits)])


def named_in(reply: Reply) -> tuple[Contact, ...]:
    """Return everybody whom a reply names."""
    return (*reply.contacts, *(reply.escalation.readers if reply.escalation else ()))


def _true_now(reply: Reply) -> list[str]:
    """Return what is true of a concern now: where nobody can be told from here, that nobody has been."""
    offer = reply.escalation
    return [offer.says] if offer and offer.says else [one for one in reply.notices if one == said.OFFER_NOTICE]


def _shared(reply: Reply) -> list[list[Block]]:
    return [title(reply.verdict or ""), *_rules(reply), roles(wording.WHO_TO_ASK, reply.contacts)]


def _emergency(reply: Reply) -> list[Block]:
    """Say 999 before anything else, whatever the advice goes on to say, where life may be in danger."""
    urgent = reply.escalation is not None and reply.escalation.urgent
    told = any(_999 in line for line in reply.advice)
    return [heading(wording.EMERGENCY)] if urgent or told else []


# ---- What they are made of -------------------------------------------------------------------------------------------


def _rules(reply: Reply) -> Iterator[list[Block]]:
    if not reply.clauses:
        return
    first, *others = reply.clauses
    yield _clause(first)
    if reply.tension:
        yield [heading(wording.PULL_APART), *words(reply.tension)]
    for number, shown in enumerate(others):
        above = [heading(wording.READ_TOO if reply.tension else wording.ALSO)] if number == 0 else []
        yield [*above, *_clause(shown)]


def _clause(shown: ShownClause) -> list[Block]:
    """Return a clause word for word, or labelled as plain words where its document is not attached."""
    clause = shown.clause
    if clause.quote:
        quoted = [*small(wording.RULE_ITSELF), *quote(clause.quote)]
        return [*quoted, *small(wording.IN_SHORT), *words(clause.says), *_source(shown)]
    note = small(said.PLAIN_WORDS) if shown.policy.document is None else []
    return [*small(wording.IN_PLAIN_WORDS), *words(clause.says), *note, *_source(shown)]


def _source(shown: ShownClause) -> list[Block]:
    policy = shown.policy
    facts = {
        wording.SECTION: shown.clause.section,
        wording.POLICY: policy.title,
        wording.VERSION: policy.version,
        wording.ISSUED: wording.day(policy.issued),
    }
    return small(*(f"{name}: {fact}" for name, fact in facts.items() if fact))


def _options(reply: Reply) -> list[Block]:
    """Return what to tap. Where a phone would cut a label off its button, each stands whole beside a button."""
    taps = [
        button(option.label, f"reply:choose:{number}", value(r=reply.id, c=option.id))
        for number, option in enumerate(reply.options)
    ]
    if all(fits(option.label, limits.BUTTON_SEEN) for option in reply.options):
        return actions(taps)
    beside = [tap | {"text": plain(in_slack.THIS_ONE)} for tap in taps]
    return [choice(option.label, tap) for option, tap in zip(reply.options, beside, strict=True)]


def _safety_lines(reply: Reply) -> list[str]:
    """Return the notice that says whom to tell in case somebody is at risk: it matters before any rule."""
    return [notice for notice in reply.notices if notice.startswith(said.SAFETY_OPENING)]


def _notices(reply: Reply, shown: Sequence[str]) -> list[Block]:
    offer = reply.escalation
    said_already = {*shown, *([offer.says] if offer else [])}
    return lines(notice for notice in reply.notices if notice not in said_already)


def _beneath(reply: Reply, *, sharable: bool) -> list[Block]:
    tapped = value(r=reply.id, s=None)
    taps = [tap(action, tapped) for action in _ON_THE_REPLY if action in reply.actions]
    if sharable and may_be_shared(reply):
        taps.append(button(in_slack.SHARE, "reply:share", value(r=reply.id)))
    return actions(taps)
