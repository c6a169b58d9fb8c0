"""A reply as messages in Teams: nothing left out, the clause word for word, and for a concern first what to do now."""

from collections.abc import Iterator

from adapters.chat import wording
from adapters.chat.replies import (
    emergency,
    headline,
    named_in,
    notices,
    notification,
    safety_lines,
    source,
    true_now,
)
from adapters.teams import limits
from adapters.teams import wording as in_teams
from adapters.teams.connection import Json
from adapters.teams.contacts import example_note, reachable
from adapters.teams.elements import (
    CAREFUL,
    LARGE,
    STRONG,
    URGENT,
    cut,
    faint,
    heading,
    lines,
    panel,
    quote,
    rows,
    small_heading,
    title,
    written,
)
from adapters.teams.offers import Button, in_chat, of_the_list, readers, tap
from adapters.teams.packing import Cover, packed
from adapters.teams.rendered import Rendered
from bot import wording as said
from bot.types import Action, Option, Outcome, Reply, ShownClause

_ON_THE_REPLY = (Action.HELPED, Action.NOT_MEANT, Action.ASK_A_PERSON)


def render_answer(reply: Reply, *, school: str | None = None, settled: str | None = None) -> tuple[Rendered, ...]:
    """Return a reply as messages, in their order.

    `school` is what the school is called where several share a tenant. `settled` is what is true now that the offer has
    been taken, or a button was tapped: it stands in place of these.
    """
    return packed(_cover(reply), [*answer_parts(reply, in_chat, settled=settled), _of(school)])


def answer_parts(reply: Reply, button: Button, *, settled: str | None = None) -> Iterator[list[Json]]:
    """Return the parts of a reply; `button` makes its buttons."""
    if reply.outcome is Outcome.CONCERN:
        yield from _concern(reply, button, settled)
        return
    yield from _answer(reply, button)
    yield beneath(reply, button) if settled is None else written(settled, STRONG)


def render_clause(shown: ShownClause, verdict: str | None = None) -> Rendered:
    """Return a rule by itself, for somebody to put into a conversation; one too long for it stands in plain words.

    `verdict` is that of the reply it comes from, where there is one.
    """
    cover = Cover(verdict or said.verdict(shown.clause))
    above = written(cover.text, LARGE)
    whole = packed(cover, [above, clause(shown)])
    if len(whole) == 1:
        return whole[0]
    in_short = small_heading(wording.IN_PLAIN_WORDS, written(shown.clause.says))
    return packed(cover, [above, faint(in_teams.TOO_LONG_TO_INSERT, *source(shown)), in_short])[0]


# ---- The kinds of reply ----------------------------------------------------------------------------------------------


def _answer(reply: Reply, button: Button) -> Iterator[list[Json]]:
    first = safety_lines(reply)
    yield panel(CAREFUL, lines(first, STRONG))
    if reply.outcome is Outcome.NO_MATCH:
        yield title(wording.NO_RULE)
    yield written(reply.verdict or "", LARGE)
    yield written(reply.message)
    yield from _rules(reply)
    yield _options(reply, button)
    yield lines(notices(reply, first))
    yield reachable(wording.WHO_TO_ASK, reply.contacts)
    yield example_note(reply.contacts)


def _concern(reply: Reply, button: Button, settled: str | None) -> Iterator[list[Json]]:
    yield from what_to_do(reply, button, settled=settled)
    yield reachable(wording.WHO_TO_TELL, reply.contacts)
    yield example_note(named_in(reply))
    yield lines(notices(reply, true_now(reply)))
    yield written(reply.verdict or "", LARGE)
    yield from _rules(reply)
    if settled is None:
        yield beneath(reply, button)


def what_to_do(reply: Reply, button: Button, *, settled: str | None = None) -> Iterator[list[Json]]:
    """Return what to do now about a concern, what is true of it, and who reads it; 999 stands above all else."""
    offer = reply.escalation
    yield [*panel(URGENT, written(emergency(reply), STRONG)), *title(wording.WHAT_TO_DO)]
    yield written(reply.message)
    yield written(headline(reply), STRONG)
    yield lines(true_now(reply)) if settled is None else written(settled, STRONG)
    yield [element for number, line in enumerate(reply.advice, 1) for element in written(f"{number}. {line}")]
    if offer and settled is None:
        yield [*readers(offer), *of_the_list(reply.id, offer, reply.actions, button)]


def beneath(reply: Reply, button: Button) -> list[Json]:
    """Return the buttons that concern a reply as a whole."""
    return rows(tap(action, button, reply.id) for action in _ON_THE_REPLY if action in reply.actions)


def _cover(reply: Reply) -> Cover:
    first = (emergency(reply), *safety_lines(reply), reply.verdict or "")
    return Cover(notification(reply), speak=next(filter(None, first), ""))


def _of(school: str | None) -> list[Json]:
    return faint(in_teams.school(school)) if school else []


# ---- What they are made of -------------------------------------------------------------------------------------------


def _rules(reply: Reply) -> Iterator[list[Json]]:
    if not reply.clauses:
        return
    first, *others = reply.clauses
    yield clause(first)
    if reply.tension:
        yield heading(wording.PULL_APART, written(reply.tension))
    for number, shown in enumerate(others):
        above = heading(wording.READ_TOO if reply.tension else wording.ALSO) if number == 0 else []
        yield [*above, *clause(shown)]


def clause(shown: ShownClause) -> list[Json]:
    """Return a clause word for word, or labelled as plain words where its document is not attached."""
    found = shown.clause
    if found.quote:
        quoted = small_heading(wording.RULE_ITSELF, quote(found.quote))
        return [*quoted, *small_heading(wording.IN_SHORT, written(found.says)), *faint(" · ".join(source(shown)))]
    note = faint(said.PLAIN_WORDS) if shown.policy.document is None else []
    return [*small_heading(wording.IN_PLAIN_WORDS, written(found.says)), *note, *faint(" · ".join(source(shown)))]


def _options(reply: Reply, button: Button) -> list[Json]:
    """Return what to tap. Where a label does not fit on a button of a phone, each stands whole above a button."""
    short = all(limits.units(option.label) <= limits.OPTION_ON_BUTTON for option in reply.options)
    if short:
        return rows(button("choose", option.label, r=reply.id, c=option.id) for option in reply.options)
    return [
        element
        for option in reply.options
        for element in (*written(option.label), *rows([_beside(option, button, reply.id)]))
    ]


def _beside(option: Option, button: Button, reply_id: str) -> Json:
    """Return a short button for a long label, which a screen reader reads out all the same."""
    return button("choose", in_teams.THIS_ONE, r=reply_id, c=option.id) | {"tooltip": cut(option.label, limits.TITLE)}
