"""Raising a concern in Slack: the modal, and what is filled into it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from adapters.chat import raising as chat
from adapters.chat import wording
from adapters.slack import modals
from adapters.slack import wording as in_slack
from adapters.slack.asking import Asking, Where
from adapters.slack.deskwork import Hand, chosen_in, text_in
from adapters.slack.shapes import ids_in
from adapters.slack.taps import Tap
from bot.escalation.intake import Intake
from bot.escalation.receipt import Receipt
from bot.types import Offer, Reply
from knowledge.model import ConcernKind, Contact, School

View = dict[str, Any]


class Modals:
    """The steps as modal views."""

    def begin(self, kinds: Sequence[ConcernKind], schools: Sequence[School]) -> View:
        """Return the first step."""
        return modals.raise_view(kinds, schools)

    def tell(self, reply: Reply) -> View:
        """Return the second step."""
        return modals.tell_view(reply)

    def next_offer(self, reply: str, offer: Offer, phone: Sequence[Contact] = ()) -> View:
        """Return the second step again, for other readers."""
        return modals.next_offer_view(reply, offer, phone)

    def receipt(self, receipt: Receipt) -> View:
        """Return the last step."""
        return modals.receipt_view(receipt)

    def said(self, text: str) -> View:
        """Return a sentence."""
        return modals.said_view(wording.RAISE, text)


@dataclass(frozen=True, slots=True)
class RaisingAConcern:
    """Reads what Slack sends of the modal."""

    steps: chat.RaisingAConcern[Where, View]

    async def begin(self, hand: Hand) -> None:
        """Show the first step. Raises EscalationError."""
        await hand.show(await self.steps.begin(hand.where))

    async def describe(self, where: Where, key: str | None, values: Mapping[str, Any]) -> View:
        """Return the second step for what was written in the first."""
        filled = (text_in(values, "text"), chosen_in(values, "category"), chosen_in(values, "school"))
        return await self.steps.describe(where, key, chat.Described(*filled))

    async def tell(self, where: Where, metadata: str) -> View:
        """Pass it on, and return the last step."""
        known = ids_in(metadata)
        return await self.steps.tell(where, Tap("tell", known.get("r", ""), known.get("s")))

    async def involved(self, where: Where, tap: Tap) -> View:
        """Return the second step for the next safe route."""
        return await self.steps.involved(where, tap)


def raising_in_slack(asking: Asking, intake: Intake) -> RaisingAConcern:
    """Put the form together."""
    return RaisingAConcern(chat.RaisingAConcern(asking, intake, Modals(), in_slack.SCHOOL_UNKNOWN))
