"""The taps on replies in Slack, read from what Slack sends; and sharing an answer, which Slack alone has."""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from adapters.chat import taps as chat
from adapters.slack import wording as in_slack
from adapters.slack.answers import render_answer
from adapters.slack.asking import Asking, Say, Where
from adapters.slack.cards import render_receipt
from adapters.slack.channel import SlackChannel
from adapters.slack.notes import note
from adapters.slack.offers import render_offer
from adapters.slack.rendered import Rendered
from adapters.slack.settled import TappedCard, settled
from adapters.slack.shapes import ids_in
from bot.escalation.errors import EscalationError, StoreError
from bot.escalation.ports import Claim
from bot.escalation.receipt import Receipt
from bot.types import Asker, Offer, Reply
from knowledge.model import Contact


@dataclass(frozen=True, slots=True)
class Tap(chat.Tap):
    """A tap on a reply, and on which card of a conversation."""

    card: TappedCard | None = None


def tap_of(action: Mapping[str, Any], message: Mapping[str, Any] | None = None) -> Tap | None:
    """Read a tap from Slack's action, on a message of Signpost's own; None where it is none of ours."""
    name = str(action.get("action_id") or "").removeprefix("reply:").partition(":")[0]
    chosen = action.get("selected_option") or {}
    carried = ids_in(action.get("value") or chosen.get("value"))
    if "r" not in carried:
        return None
    card = TappedCard(str(message.get("ts") or ""), message.get("blocks") or ()) if message else None
    return Tap(name, carried["r"], carried.get("s"), carried.get("c"), card)


def chosen_school(action: Mapping[str, Any]) -> tuple[str, str] | None:
    """Read which school was chosen, and the id of the question that waits for it."""
    carried = ids_in((action.get("selected_option") or {}).get("value"))
    return (carried["s"], carried.get("r", "")) if "s" in carried else None


@dataclass(frozen=True, slots=True)
class Taps(chat.Taps[Where, Rendered]):
    """Takes the taps of those who ask."""

    asking: Asking
    channel: SlackChannel

    def offer(self, reply: str, offer: Offer, phone: Sequence[Contact] = ()) -> tuple[Rendered, ...]:
        """Return the next offer of a reply."""
        return render_offer(reply, offer, phone)

    def receipt(self, receipt: Receipt) -> Rendered:
        """Return a receipt."""
        return render_receipt(receipt)

    async def settle(self, where: Where, tap: chat.Tap, now: str) -> None:
        """Take the offer out of the card on which it was taken, where that stays in the conversation."""
        card = tap.card if isinstance(tap, Tap) else None
        rendered = settled(card, now) if card and where.is_direct else None
        if card and rendered:
            known = f"{where.channel}:{card.ts}"
            await self.asking.later.post(lambda: self.channel.edit(where.team, known, rendered))

    async def other(self, where: Where, tap: chat.Tap, asker: Asker, say: Say) -> None:
        """Share an answer with the channel."""
        if tap.name == "share":
            await self._share(where, await self.asking.service.again(self.intake, asker, tap.reply), say)

    async def _share(self, where: Where, reply: Reply, say: Say) -> None:
        """Post an answer where everybody in the channel reads it; of a concern, nothing is ever shared."""
        shared = render_answer(reply, private=False)
        if not shared:
            await say(note(in_slack.NOT_SHARED))
            return
        store, clock = self.asking.office.store, self.asking.office.clock
        once = f"slack:shared:{where.team}:{where.channel}:{reply.id}"
        claim = await store.claim(once, clock.now())
        if claim is not Claim.NEW:
            await say(note(in_slack.SHARED_ALREADY if claim is Claim.DONE else in_slack.BEING_SHARED))
            return
        try:
            for rendered in shared:
                await self.asking.post(where, rendered)
        except EscalationError:
            await say(note(in_slack.CANNOT_POST_HERE))
            return
        with suppress(StoreError):  # it has been shared all the same
            await store.finish(once, clock.now())
        await say(note(in_slack.SHARED))
