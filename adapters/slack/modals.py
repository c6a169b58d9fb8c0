"""The modals: reading what was written, replying, passing on, resolving, adding something, raising a concern.

Each has its own callback id, which says what it is for; its metadata holds ids and never words.
"""

from collections.abc import Iterator, Sequence
from datetime import datetime

from adapters.chat import wording
from adapters.chat.contacts import called
from adapters.chat.messages import acts_once_open, lines_once_open, role_of
from adapters.chat.raising import NOT_SURE
from adapters.chat.replies import named_in
from adapters.slack import limits
from adapters.slack.answers import what_to_do
from adapters.slack.blocks import (
    Block,
    box,
    divider,
    field,
    header,
    heading,
    lines,
    modal,
    option,
    radio,
    select,
    small,
    words,
)
from adapters.slack.cards import buttons, receipt_blocks
from adapters.slack.contacts import example_note, reachable
from adapters.slack.limits import sent_as
from adapters.slack.offers import next_offer
from bot.decide import MAX_QUESTION
from bot.escalation import wording as told
from bot.escalation.desk import Opened, Said
from bot.escalation.message import Act
from bot.escalation.model import Resolution
from bot.escalation.offering import actions_on
from bot.escalation.receipt import Receipt
from bot.types import Action, Offer, Reply
from knowledge.model import ConcernKind, Contact, School

# The rest of what a view takes is for the card above the thread.
_THREAD_BLOCKS = 70
_THREAD_LENGTH = 180_000


# ---- At the desk -----------------------------------------------------------------------------------------------------


def opened_view(opened: Opened, school: School, now: datetime) -> Block:
    """Return what was written, with who said it and when; where it is too long, its beginning and its latest pieces."""
    listed = opened.listed
    one = listed.escalation
    above = [
        header(listed.title),
        *small(wording.reference(one.reference)),
        *lines(lines_once_open(listed.lines)),
        divider(),
    ]
    shown = [*above, *words(opened.note or ""), *_thread(opened.thread, school, now)]
    shown += buttons(acts_once_open(opened), one.id)
    return modal("opened", wording.WHAT_WAS_WRITTEN, shown, e=one.id)


def opening_view(escalation: str) -> Block:
    """Return what stands there while the words are read: Slack lets a view be opened for three seconds only."""
    return modal("opened", wording.WHAT_WAS_WRITTEN, words(wording.OPENING), e=escalation)


def reply_view(escalation: str, reference: str) -> Block:
    """Return the box for an answer to the asker."""
    shown = [*small(wording.reference(reference)), field("text", wording.YOUR_REPLY, box(told.LONGEST_REPLY))]
    return modal("desk-reply", wording.ACTS[Act.REPLY], shown, submit=wording.SEND_REPLY, e=escalation)


def assign_view(escalation: str, reference: str, others: Sequence[Contact]) -> Block:
    """Return those to whom it can be passed on, to pick one."""
    named = wording.ACTS[Act.ASSIGN]
    if not others:
        return modal("desk-assign", named, words(wording.NOBODY_ELSE_HERE), e=escalation)
    to = radio([option(called(contact), contact.role) for contact in others])
    shown = [*small(wording.reference(reference)), field("role", wording.TO_WHOM, to)]
    return modal("desk-assign", named, shown, submit=wording.HAND_ON, e=escalation)


def resolve_view(escalation: str, reference: str) -> Block:
    """Return what can have come of it, to pick one."""
    came = radio([option(wording.resolution(one), one) for one in Resolution])
    shown = [*small(wording.reference(reference)), field("resolution", wording.WHAT_CAME, came)]
    return modal("desk-resolve", wording.ACTS[Act.RESOLVE], shown, submit=wording.RESOLVE_IT, e=escalation)


# ---- Whoever raised it -----------------------------------------------------------------------------------------------


def answer_view(escalation: str, reference: str) -> Block:
    """Return the box in which the asker adds something."""
    shown = [*small(wording.reference(reference)), field("text", wording.YOUR_MESSAGE, box(told.LONGEST_REPLY))]
    return modal("asker-answer", wording.ACTS[Act.ANSWER], shown, submit=wording.SEND, e=escalation)


def raise_view(kinds: Sequence[ConcernKind], schools: Sequence[School]) -> Block:
    """Return the first step of raising a concern.

    It asks for nobody's name and for no details: that is for those who are told. `schools` are those to choose from;
    none where theirs is known.
    """
    unsure = option(wording.NOT_SURE, NOT_SURE)
    about = select([*(option(kind.title, kind.id) for kind in kinds), unsure], unsure)
    shown = [
        heading(wording.EMERGENCY),
        field("text", wording.WHAT_HAPPENED, box(MAX_QUESTION), wording.WHAT_HAPPENED_HINT),
        field("category", wording.WHAT_KIND, about),
    ]
    if schools:
        there = [option(one.name, one.id) for one in schools]
        shown.append(field("school", wording.WHICH_SCHOOL, select(there, hint=wording.PICK_SCHOOL)))
    return modal("raise-1", wording.RAISE, [*shown, *small(wording.NEXT_YOU_SEE)], submit=wording.NEXT)


def tell_view(reply: Reply) -> Block:
    """Return the second step: what to do now, who will read it, and a submit that tells them."""
    can = Action.TELL in reply.actions
    people = [*reachable(wording.WHO_TO_TELL, reply.contacts), *example_note(named_in(reply))]
    shown = [block for part in what_to_do(reply, submits=can) for block in part]
    seal = reply.escalation.seal if reply.escalation else None
    return _second_step([*shown, *people], reply.id, seal, can=can)


def next_offer_view(reply_id: str, offer: Offer, phone: Sequence[Contact] = ()) -> Block:
    """Return the second step again, once somebody has said that one of the readers is involved."""
    can = Action.TELL in actions_on(offer)
    shown = [block for part in next_offer(reply_id, offer, phone, submits=can) for block in part]
    return _second_step(shown, reply_id, offer.seal, can=can)


def _second_step(shown: Sequence[Block], reply_id: str, seal: str | None, *, can: bool) -> Block:
    submit = wording.ACTIONS[Action.TELL] if can else None
    return modal("raise-2", wording.RAISE, shown[: limits.BLOCKS_IN_VIEW], submit=submit, r=reply_id, s=seal)


def receipt_view(receipt: Receipt) -> Block:
    """Return the last step: that it was passed on, where it stands, and whom to phone."""
    return modal("raised", wording.RAISE, receipt_blocks(receipt), e=receipt.id)


def said_view(named: str, text: str) -> Block:
    """Return a sentence, where there is nothing to fill in: why something was refused, or could not be done."""
    return modal("said", named, words(text))


# ---- A thread --------------------------------------------------------------------------------------------------------


def _thread(thread: Sequence[Said], school: School, now: datetime) -> Iterator[Block]:
    """Return a thread; where it has too many pieces, its beginning and the latest of the others."""
    first, later = thread[:1], [_piece(one, school, now) for one in thread[1:]]
    opening = [block for one in first for block in _piece(one, school, now)]
    kept = 0
    for count in range(1, len(later) + 1):
        blocks = [*opening, *(block for piece in later[-count:] for block in piece)]
        if len(blocks) > _THREAD_BLOCKS or sent_as(blocks) > _THREAD_LENGTH:
            break
        kept = count
    yield from opening
    if kept < len(later):
        yield from small(wording.left_out(len(later) - kept))
    yield from (block for piece in later[len(later) - kept :] for block in piece)


def _piece(said: Said, school: School, now: datetime) -> list[Block]:
    entry = said.entry
    return [*small(said.by, role_of(said, school), told.clock(entry.at, now)), *words(entry.text)]
