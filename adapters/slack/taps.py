"""What becomes of each tap on a reply: pass it on, somebody is involved, ask a person, it helped, it was not meant."""

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from adapters.chat import wording
from adapters.slack import wording as in_slack
from adapters.slack.answers import render_answer
from adapters.slack.asking import Asking, Say, Where
from adapters.slack.cards import render_receipt
from adapters.slack.channel import SlackChannel
from adapters.slack.notes import note
from adapters.slack.offers import render_offer
from adapters.slack.settled import TappedCard, settled
from adapters.slack.shapes import ids_in
from bot.errors import BotError
from bot.escalation import wording as told
from bot.escalation.errors import EscalationError, StoreError
from bot.escalation.intake import Intake, ReadersChangedError
from bot.escalation.model import Turn
from bot.escalation.ports import Claim
from bot.types import Action, Asker, Reply


@dataclass(frozen=True, slots=True)
class Tap:
    """A tap on a reply: which button, on which reply, what came with it, and on which card of a conversation."""

    name: str
    reply: str
    seal: str | None = None
    option: str | None = None
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


_PASSING_ON = (Action.TELL, Action.ASK_A_PERSON)


@dataclass(frozen=True, slots=True)
class Taps:
    """Takes the taps of those who ask."""

    asking: Asking
    intake: Intake
    channel: SlackChannel

    async def take(self, where: Where, tap: Tap, key: str | None, say: Say) -> None:
        """Take one tap; whatever it comes to is said."""
        try:
            await self._take(where, tap, key, say)
        except BotError as error:
            await say(note(str(error)))
        except (StoreError, KeyError):
            await say(note(told.NOT_RECORDED if tap.name in _PASSING_ON else told.NOT_WRITTEN))

    async def _take(self, where: Where, tap: Tap, key: str | None, say: Say) -> None:
        turn = await self._turn(tap.reply)
        if turn is None:
            await say(note(told.OFFER_GONE if tap.name in {Action.TELL, Action.INVOLVED} else told.GONE))
            return
        asker = await self.asking.asker(where, turn.school)
        match tap.name:
            case Action.TELL:
                await self._tell(where, tap, asker, say)
            case Action.INVOLVED:
                offer, phone = await self.intake.involved(asker, tap.reply, tap.seal)
                await say(*render_offer(tap.reply, offer, phone))
                await self._settle(where, tap.card, wording.INVOLVED_BELOW)
            case Action.ASK_A_PERSON:
                receipt = await self.intake.ask_a_person(asker, tap.reply)
                await say(note(told.ASKED_A_PERSON), render_receipt(receipt))
            case Action.HELPED:
                await say(note(await self.intake.helped(asker, tap.reply)))
            case Action.NOT_MEANT:
                await self.asking.show(where, await self.asking.service.not_meant(self.intake, asker, tap.reply), say)
            case "choose" if tap.option:
                asked = await self.intake.recalled(asker, tap.reply)
                await self.asking.answer(where, asked.school, asked.text, key, say, choice=tap.option)
            case "share":
                await self._share(where, await self.asking.service.again(self.intake, asker, tap.reply), say)

    async def _tell(self, where: Where, tap: Tap, asker: Asker, say: Say) -> None:
        """Pass a concern on; where others would read it than they have seen, show those to tap on."""
        try:
            receipt = await self.intake.tell(asker, tap.reply, tap.seal)
        except ReadersChangedError as changed:
            await say(*render_offer(tap.reply, changed.offer))
            await self._settle(where, tap.card, wording.LIST_BELOW)
            return
        await say(render_receipt(receipt))
        await self._settle(where, tap.card, wording.handed_on(receipt.reference))

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

    async def _settle(self, where: Where, card: TappedCard | None, now: str) -> None:
        """Take the offer out of the card on which it was taken."""
        rendered = settled(card, now) if card and where.is_direct else None
        if card and rendered:
            known = f"{where.channel}:{card.ts}"
            await self.asking.later.post(lambda: self.channel.edit(where.team, known, rendered))

    async def _turn(self, reply: str) -> Turn | None:
        """Return what is remembered of a reply; who may tap on it is checked by the intake."""
        office = self.asking.office
        turn = await office.store.recall(reply, office.clock.now())
        return turn if turn and office.serves(turn.school) else None
