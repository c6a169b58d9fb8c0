"""What can be passed on, or has been: what is true of it now, who reads it, and the buttons."""

from collections.abc import Collection, Iterator, Sequence

from adapters.chat import wording
from adapters.slack.blocks import Block, actions, button, heading, value, words
from adapters.slack.contacts import example_note, listed, reachable
from adapters.slack.packing import packed
from adapters.slack.rendered import Rendered
from adapters.slack.settled import as_offer
from bot.escalation.offering import actions_on
from bot.types import Action, Offer
from knowledge.model import Contact


def render_offer(reply_id: str, offer: Offer, phone: Sequence[Contact] = ()) -> tuple[Rendered, ...]:
    """Return the next offer, once somebody has said that one of the readers is involved.

    `phone` are those to phone where nobody can be told.
    """
    return packed(wording.NEWS_OF_A_CONCERN, list(next_offer(reply_id, offer, phone)))


def next_offer(
    reply_id: str, offer: Offer, phone: Sequence[Contact], *, submits: bool = False
) -> Iterator[list[Block]]:
    """Return the blocks of the next offer. `submits`: what holds them has a button of its own that tells them."""
    cannot = wording.NOBODY_ELSE if offer.sent else wording.NOBODY_TOLD
    yield [heading(cannot if offer.problem else wording.HAND_ON), *words(wording.APART)]
    yield as_offer("now", words(offer.says or ""))
    yield reachable(wording.WHO_TO_TELL, phone)
    yield as_offer("readers", [*readers(offer), *buttons(reply_id, offer, actions_on(offer), submits=submits)])
    yield example_note((*offer.readers, *phone))


def readers(offer: Offer) -> list[Block]:
    """Return who will read it, or can; nobody where it cannot be passed on."""
    if offer.problem:
        return []
    return listed(wording.WHO_CAN_READ if offer.id else wording.WHO_WILL_READ, offer.readers)


def buttons(reply_id: str, offer: Offer, possible: Collection[Action], *, submits: bool = False) -> list[Block]:
    """Return the buttons that belong to the list of readers: each carries the seal of the list that was seen."""
    tapped = value(r=reply_id, s=offer.seal)
    here = (Action.INVOLVED,) if submits else (Action.TELL, Action.INVOLVED)
    shown = [action for action in here if action in possible]
    return actions([tap(action, tapped) for action in shown])


def tap(action: Action, tapped: str) -> Block:
    """Return the button of an action on a reply."""
    return button(wording.ACTIONS[action], f"reply:{action}", tapped, main=action is Action.TELL)
