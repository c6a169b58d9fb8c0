"""Raising a concern in two steps: what happened, then what to do now and who will read it before anything is sent."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from adapters.chat import wording
from adapters.slack import modals
from adapters.slack import wording as in_slack
from adapters.slack.asking import Asking, Where
from adapters.slack.deskwork import Hand, chosen_in, text_in
from adapters.slack.shapes import ids_in
from adapters.slack.taps import Tap
from bot.errors import BotError
from bot.escalation import wording as told
from bot.escalation.authority import Standing
from bot.escalation.errors import StoreError
from bot.escalation.intake import Intake, ReadersChangedError
from bot.types import Utterance

View = dict[str, Any]


@dataclass(frozen=True, slots=True)
class RaisingAConcern:
    """The modal. Nothing is kept or sent before its second step."""

    asking: Asking
    intake: Intake

    async def begin(self, hand: Hand) -> None:
        """Show the first step. Raises EscalationError."""
        office, where = self.asking.office, hand.where
        own = await self.asking.own_schools.school(where.team, where.user)
        there = [] if own else self.asking.own_schools.to_choose(where.team, where.user)
        await hand.show(modals.raise_view(list(office.kinds.values()), [office.school(school) for school in there]))

    async def describe(self, where: Where, key: str | None, values: Mapping[str, Any]) -> View:
        """Return the second step for what was written in the first."""
        school = chosen_in(values, "school") or await self.asking.own_schools.school(where.team, where.user) or ""
        if school not in self.asking.own_schools.workspaces.schools_in(where.team):
            return modals.said_view(wording.RAISE, in_slack.SCHOOL_UNKNOWN)
        category = chosen_in(values, "category")
        asker = await self.asking.asker(where, school)
        asked = Utterance(self.asking.reply_id(key), school, text_in(values, "text"), asker=asker, event_key=key)
        try:
            reply = await self.asking.service.raised(asked, None if category == modals.NOT_SURE else category)
        except BotError as error:
            return modals.said_view(wording.RAISE, str(error))
        if asker.standing is Standing.OUTSIDER:
            return modals.said_view(wording.RAISE, "\n\n".join([*reply.notices, reply.message]))
        return modals.tell_view(reply)

    async def tell(self, where: Where, metadata: str) -> View:
        """Pass it on, and return the last step; the receipt stands in their direct messages too."""
        known = ids_in(metadata)
        tap = Tap("tell", known.get("r", ""), known.get("s"))
        try:
            turn = await self.intake.office.store.recall(tap.reply, self.intake.office.clock.now())
            if turn is None:
                return modals.said_view(wording.RAISE, told.OFFER_GONE)
            receipt = await self.intake.tell(await self.asking.asker(where, turn.school), tap.reply, tap.seal)
        except ReadersChangedError as changed:
            return modals.next_offer_view(tap.reply, changed.offer)
        except BotError as error:
            return modals.said_view(wording.RAISE, str(error))
        except (StoreError, KeyError):
            return modals.said_view(wording.RAISE, told.NOT_RECORDED)
        return modals.receipt_view(receipt)

    async def involved(self, where: Where, tap: Tap) -> View:
        """Return the second step for the next safe route."""
        try:
            turn = await self.intake.office.store.recall(tap.reply, self.intake.office.clock.now())
            if turn is None:
                return modals.said_view(wording.RAISE, told.OFFER_GONE)
            asker = await self.asking.asker(where, turn.school)
            offer, phone = await self.intake.involved(asker, tap.reply, tap.seal)
        except BotError as error:
            return modals.said_view(wording.RAISE, str(error))
        except (StoreError, KeyError):
            return modals.said_view(wording.RAISE, told.NOT_WRITTEN)
        return modals.next_offer_view(tap.reply, offer, phone)
