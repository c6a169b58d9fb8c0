"""What can be passed on, or has been: what is true of it now, who reads it, and the buttons."""

from collections.abc import Collection, Iterator, Sequence
from typing import Protocol

from adapters.chat import wording
from adapters.teams.connection import Json
from adapters.teams.contacts import example_note, listed, reachable
from adapters.teams.elements import execute, heading, rows, submit, written
from adapters.teams.packing import Cover, packed
from adapters.teams.rendered import Rendered
from bot.escalation.offering import actions_on
from bot.types import Action, Offer
from knowledge.model import Contact

_OF_A_LIST = (Action.TELL, Action.INVOLVED)


class Button(Protocol):
    """Makes the button of an action on a reply, where that can be tapped: in a chat, or in a dialog."""

    def __call__(self, action: str, label: str, *, main: bool = False, **ids: str | None) -> Json:
        """Return it; it carries ids alone."""
        ...


def in_chat(action: str, label: str, *, main: bool = False, **ids: str | None) -> Json:
    """Return a button in a chat."""
    return execute(label, f"reply:{action}", main=main, fills=False, **ids)


def in_dialog(action: str, label: str, *, main: bool = False, **ids: str | None) -> Json:
    """Return a button in a dialog that shows an answer."""
    return submit(label, f"reply:{action}", main=main, fills=False, **ids)


def while_raising(action: str, label: str, *, main: bool = False, **ids: str | None) -> Json:
    """Return a button in the dialog in which a concern is raised."""
    return submit(label, f"raise:{action}", main=main, fills=False, **ids)


def render_offer(
    reply_id: str, offer: Offer, phone: Sequence[Contact] = (), *, settled: str | None = None
) -> tuple[Rendered, ...]:
    """Return the next offer, once somebody has said that one of the readers is involved.

    `phone` are those to phone where nobody can be told. `settled` is what is true now that the offer has been taken.
    """
    cover = Cover(wording.NEWS_OF_A_CONCERN, speak=wording.HAND_ON)
    return packed(cover, list(next_offer(reply_id, offer, phone, settled=settled)))


def next_offer(
    reply_id: str,
    offer: Offer,
    phone: Sequence[Contact],
    button: Button = in_chat,
    *,
    settled: str | None = None,
) -> Iterator[list[Json]]:
    """Return the parts of the next offer; `button` makes its buttons."""
    cannot = wording.NOBODY_ELSE if offer.sent else wording.NOBODY_TOLD
    yield heading(cannot if offer.problem else wording.HAND_ON, written(wording.APART))
    yield written(offer.says or "" if settled is None else settled)
    yield reachable(wording.WHO_TO_TELL, phone)
    if settled is None:
        yield [*readers(offer), *of_the_list(reply_id, offer, actions_on(offer), button)]
        yield example_note((*offer.readers, *phone))


def readers(offer: Offer) -> list[Json]:
    """Return who will read it, or can; nobody where it cannot be passed on."""
    if offer.problem:
        return []
    return listed(wording.WHO_CAN_READ if offer.id else wording.WHO_WILL_READ, offer.readers)


def of_the_list(reply_id: str, offer: Offer, possible: Collection[Action], button: Button) -> list[Json]:
    """Return the buttons that belong to the list of readers: each carries the seal of the list that was seen."""
    return rows(tap(action, button, reply_id, offer.seal) for action in _OF_A_LIST if action in possible)


def tap(action: Action, button: Button, reply_id: str, seal: str | None = None) -> Json:
    """Return the button of an action on a reply."""
    return button(action, wording.ACTIONS[action], main=action is Action.TELL, r=reply_id, s=seal)
