"""What a person alone is shown: in a dialog, or in place of a card they tapped on.

Whatever is read or written at length stands in a dialog, which stays when the card beneath it is edited. Passing on and
resolving, which take one choice, stand where the card stood too, with a way back to it.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from adapters.chat import wording
from adapters.chat.contacts import called
from adapters.chat.fitting import items_that_fit
from adapters.chat.messages import (
    LONGEST_LINE,
    acts_once_open,
    lines_once_open,
    role_of,
    standing,
)
from adapters.chat.raising import NOT_SURE
from adapters.chat.replies import named_in, notification
from adapters.teams import limits
from adapters.teams import wording as in_teams
from adapters.teams.answers import answer_parts, what_to_do
from adapters.teams.cards import receipt_elements
from adapters.teams.connection import Json
from adapters.teams.contacts import example_note, reachable
from adapters.teams.elements import (
    LARGE,
    STRONG,
    URGENT,
    box,
    card,
    choice,
    cut,
    execute,
    faint,
    heading,
    option,
    own_choice,
    panel,
    quote,
    rows,
    submit,
    title,
    written,
)
from adapters.teams.fitting import lines_within
from adapters.teams.offers import in_dialog, next_offer, while_raising
from adapters.teams.packing import Cover, length_of, packed, room_in
from bot.decide import MAX_QUESTION
from bot.escalation import wording as told
from bot.escalation.desk import Opened, Said
from bot.escalation.message import Act
from bot.escalation.model import Resolution
from bot.escalation.receipt import Receipt
from bot.types import Offer, Reply
from knowledge.model import ConcernKind, Contact, School

Button = Callable[..., Json]
_ABOVE_A_THREAD = 2_500
_FOR_COUNTS = 700  # what the sentences and the buttons take that say that a thread is longer


# ---- At the desk -----------------------------------------------------------------------------------------------------


def opened_view(opened: Opened, school: School, now: datetime, *, before: int | None = None) -> Json:
    """Return what was written, with who said it and when: how it began, and as much of the rest as there is room for.

    `before` is the number of a piece: of the rest, what was said before it is shown.
    """
    one = opened.listed.escalation
    head = [
        *written(cut(opened.listed.title, limits.TITLE), LARGE),
        *heading(standing(opened.listed.acts)),
        *faint(wording.reference(one.reference)),
    ]
    lines = lines_within(lines_once_open(opened.listed.lines), _ABOVE_A_THREAD, LONGEST_LINE)
    above = [*head, *lines, *written(opened.note or "")]
    below = rows(submit(wording.ACTS[act], f"desk:{act}", e=one.id, w=1) for act in acts_once_open(opened))
    cover = Cover(wording.WHAT_WAS_WRITTEN, wide=True)
    room = room_in(cover) - length_of([*above, *below])
    pieces = [_Piece(said.entry.number, tuple(_piece(said, school, now))) for said in opened.thread]
    return cover.over([*above, *_thread(pieces, one.id, room, before), *below]).card


def reply_view(escalation: str, reference: str, *, problem: str = "", typed: str = "", is_open: bool = False) -> Json:
    """Return the box for an answer to the asker. `problem` says why what they `typed` was not taken.

    `is_open`: they come from the words, and can go back to them.
    """
    shown = box("text", wording.YOUR_REPLY, told.LONGEST_REPLY, error=told.EMPTY_REPLY, value=typed)
    send = submit(wording.SEND_REPLY, "desk:send-reply", main=True, fills=True, e=escalation)
    return _form("", reference, [*_wrong(problem), shown], [send, *_back(escalation, submit, is_open=is_open)])


def assign_view(
    escalation: str, reference: str, others: Sequence[Contact], button: Button = execute, *, is_open: bool = False
) -> Json:
    """Return those to whom it can be passed on, to pick one. `button` and `is_open`: see `_back`."""
    named, back = wording.ACTS[Act.ASSIGN], _back(escalation, button, is_open=is_open)
    if not others:
        return card([*title(named), *written(wording.NOBODY_ELSE_HERE), *rows(back)], speak=named)
    to = [option(called(contact), contact.role) for contact in others]
    shown = choice("role", wording.TO_WHOM, to, hint=in_teams.PICK)
    send = button(wording.HAND_ON, "desk:pass-on", main=True, fills=True, e=escalation)
    return _form(named, reference, [shown], [send, *back])


def resolve_view(escalation: str, reference: str, button: Button = execute, *, is_open: bool = False) -> Json:
    """Return what can have come of it, to pick one. `button` and `is_open`: see `_back`."""
    options = [option(wording.resolution(one), one) for one in Resolution]
    shown = own_choice("resolution", wording.WHAT_CAME, options)
    send = button(wording.RESOLVE_IT, "desk:resolve-as", main=True, fills=True, e=escalation)
    return _form(wording.ACTS[Act.RESOLVE], reference, [shown], [send, *_back(escalation, button, is_open=is_open)])


# ---- Whoever raised it -----------------------------------------------------------------------------------------------


def answer_view(escalation: str, reference: str, *, problem: str = "", typed: str = "") -> Json:
    """Return the box in which the asker adds something. `problem` says why what they `typed` was not taken."""
    shown = box("text", wording.YOUR_MESSAGE, told.LONGEST_REPLY, error=told.EMPTY_REPLY, value=typed)
    send = submit(wording.SEND, "asker:send", main=True, fills=True, e=escalation)
    return _form("", reference, [*_wrong(problem), shown], [send])


# ---- Raising a concern -----------------------------------------------------------------------------------------------


def raise_view(kinds: Sequence[ConcernKind], schools: Sequence[School], words: str = "") -> Json:
    """Return the first step of raising a concern.

    It asks for nobody's name and for no details: that is for those who are told. `schools` are those to choose from;
    none where theirs is known. `words` are those of the message that it is about.
    """
    happened = box(
        "text",
        wording.WHAT_HAPPENED,
        MAX_QUESTION,
        error=told.EMPTY_REPLY,
        hint=wording.WHAT_HAPPENED_HINT,
        value=words,
    )
    about = [*(option(kind.title, kind.id) for kind in kinds), option(wording.NOT_SURE, NOT_SURE)]
    shown = [
        *panel(URGENT, written(wording.EMERGENCY, STRONG)),
        happened,
        choice("category", wording.WHAT_KIND, about, chosen=NOT_SURE),
    ]
    if schools:
        there = [option(one.name, one.id) for one in schools]
        shown.append(choice("school", wording.WHICH_SCHOOL, there, hint=wording.PICK_SCHOOL))
    go_on = submit(wording.NEXT, "raise:describe", main=True, fills=True)
    return card([*shown, *faint(wording.NEXT_YOU_SEE), *rows([go_on])], speak=wording.RAISE)


def tell_view(reply: Reply) -> Json:
    """Return the second step: what to do now, who will read it, and the button that tells them."""
    who = [*reachable(wording.WHO_TO_TELL, reply.contacts), *example_note(named_in(reply))]
    return _one_card(Cover(wording.RAISE), [*what_to_do(reply, while_raising), who])


def next_offer_view(reply_id: str, offer: Offer, phone: Sequence[Contact] = ()) -> Json:
    """Return the second step again, once somebody has said that one of the readers is involved."""
    return _one_card(Cover(wording.RAISE), next_offer(reply_id, offer, phone, while_raising))


def receipt_view(receipt: Receipt) -> Json:
    """Return the last step: that it was passed on, where it stands, and whom to phone."""
    return card(receipt_elements(receipt), speak=wording.receipt_head(receipt.reference, receipt.state))


# ---- Other dialogs ---------------------------------------------------------------------------------------------------


def said_dialog(text: str) -> Json:
    """Return a sentence in a dialog."""
    return card(written(text[: limits.TEXT]), speak=text)


def answer_dialog(reply: Reply, school: str | None = None) -> Json:
    """Return a reply in a dialog, with its buttons. `school` is what it is called where several share a tenant."""
    of = faint(in_teams.school(school)) if school else []
    return _one_card(Cover(notification(reply)), [*answer_parts(reply, in_dialog), of])


# ---- What they are made of -------------------------------------------------------------------------------------------


def _form(named: str, reference: str, fields: Sequence[Json], below: Sequence[Json]) -> Json:
    """Return a form: what it is about, what is filled in, and its buttons; a dialog says by itself what it is for."""
    about = faint(wording.reference(cut(reference, limits.TITLE)))
    return card(
        [*(title(named) if named else []), *about, *fields, *rows(below)], speak=named or wording.reference(reference)
    )


def _wrong(problem: str) -> list[Json]:
    return panel(URGENT, written(cut(problem, limits.TEXT), STRONG)) if problem else []


def _back(escalation: str, button: Button, *, is_open: bool = False) -> list[Json]:
    """Return the way back: from a form in a chat to the card; from one in a dialog to the words, where they were open.

    `button` makes the buttons of a chat or of a dialog.
    """
    if button is execute:
        return [button(in_teams.BACK, "desk:back", e=escalation)]
    return [button(in_teams.BACK, "desk:open", e=escalation)] if is_open else []


def _one_card(cover: Cover, parts: Iterable[Sequence[Json]]) -> Json:
    """Return a dialog, which holds one card; where that is not all, it says where the rest can be read."""
    kept = list(parts)
    whole = packed(cover, kept)
    if len(whole) == 1:
        return whole[0].card
    more = faint(in_teams.TOO_LONG_HERE)
    elements = [element for part in kept for element in part]
    first = items_that_fit(elements, room_in(cover) - length_of(more), lambda one: length_of([one]))
    return cover.over([*first, *more]).card


# ---- A thread --------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Piece:
    """A piece of a thread: its number, and how it looks."""

    number: int
    elements: tuple[Json, ...]


def _thread(thread: Sequence[_Piece], escalation: str, room: int, before: int | None) -> list[Json]:
    """Return how a thread began, the latest of the other pieces that there is room for, and the ways to the rest."""
    opening, rest = thread[:1], thread[1:]
    page = [one for one in rest if before is None or one.number < before]
    room -= _FOR_COUNTS + sum(length_of(one.elements) for one in opening)
    latest = items_that_fit(page[::-1], room, lambda one: length_of(one.elements)) or page[-1:]
    earlier, later = len(page) - len(latest), len(rest) - len(page)
    to_the_rest = {
        in_teams.EARLIER: (earlier, latest[-1].number if latest else None),
        in_teams.LATEST: (later, None),
    }
    return [
        *(element for one in opening for element in one.elements),
        *(faint(wording.left_out(earlier)) if earlier else []),
        *(element for one in latest[::-1] for element in one.elements),
        *(faint(in_teams.later_ones(later)) if later else []),
        *rows(
            submit(label, "desk:open", e=escalation, n=number)
            for label, (count, number) in to_the_rest.items()
            if count
        ),
    ]


def _piece(said: Said, school: School, now: datetime) -> list[Json]:
    entry = said.entry
    when = ", ".join(filter(None, (role_of(said, school), told.clock(entry.at, now))))
    who = [*written(cut(said.by, limits.TITLE), STRONG), *(line | {"spacing": "None"} for line in faint(when))]
    return [*who, *quote(entry.text)]
