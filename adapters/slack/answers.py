"""A reply as messages in Slack: nothing left out, the clause word for word, and for a concern first what to do now."""

from collections.abc import Iterator

from adapters.chat import wording
from adapters.chat.replies import (
    emergency,
    headline,
    may_be_shared,
    named_in,
    notices,
    notification,
    safety_lines,
    source,
    true_now,
)
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

_ON_THE_REPLY = (Action.HELPED, Action.NOT_MEANT, Action.ASK_A_PERSON)


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
        return packed(notification(reply), [*_concern(reply), small(school or "")])
    parts = [*_answer(reply), small(school or ""), _beneath(reply, sharable=sharable)]
    return packed(notification(reply), parts)


# ---- The kinds of reply ----------------------------------------------------------------------------------------------


def _answer(reply: Reply) -> Iterator[list[Block]]:
    first = safety_lines(reply)
    yield lines(first)
    if reply.outcome is Outcome.NO_MATCH:
        yield [header(wording.NO_RULE)]
    yield title(reply.verdict or "")
    yield words(reply.message)
    yield from _rules(reply)
    yield _options(reply)
    yield lines(notices(reply, first))
    yield reachable(wording.WHO_TO_ASK, reply.contacts)
    yield example_note(reply.contacts)


def _concern(reply: Reply) -> Iterator[list[Block]]:
    yield from what_to_do(reply)
    yield reachable(wording.WHO_TO_TELL, reply.contacts)
    yield example_note(named_in(reply))
    yield lines(notices(reply, true_now(reply)))
    yield title(reply.verdict or "")
    yield from _rules(reply)
    yield as_offer("beneath", _beneath(reply, sharable=False))


def what_to_do(reply: Reply, *, submits: bool = False) -> Iterator[list[Block]]:
    """Return what to do now about a concern, what is true of it, and who reads it.

    `submits`: what holds these blocks has a button of its own that tells them.
    """
    offer = reply.escalation
    yield [header(wording.WHAT_TO_DO), *_bold(emergency(reply))]
    yield words(reply.message)
    yield _bold(headline(reply))
    yield as_offer("now", lines(true_now(reply)))
    yield [block for number, line in enumerate(reply.advice, 1) for block in words(f"{number}. {line}")]
    if offer:
        yield as_offer("readers", [*readers(offer), *buttons(reply.id, offer, reply.actions, submits=submits)])


def _shared(reply: Reply) -> list[list[Block]]:
    return [title(reply.verdict or ""), *_rules(reply), roles(wording.WHO_TO_ASK, reply.contacts)]


def _bold(text: str) -> list[Block]:
    return [heading(text)] if text else []


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
        return [*quoted, *small(wording.IN_SHORT), *words(clause.says), *small(*source(shown))]
    note = small(said.PLAIN_WORDS) if shown.policy.document is None else []
    return [*small(wording.IN_PLAIN_WORDS), *words(clause.says), *note, *small(*source(shown))]


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


def _beneath(reply: Reply, *, sharable: bool) -> list[Block]:
    tapped = value(r=reply.id, s=None)
    taps = [tap(action, tapped) for action in _ON_THE_REPLY if action in reply.actions]
    if sharable and may_be_shared(reply):
        taps.append(button(in_slack.SHARE, "reply:share", value(r=reply.id)))
    return actions(taps)
