"""What those who are told do in Teams, and whoever raised it: each tap is answered with what that person sees then.

What is shown to one person stands in place of the card for them alone; the card of the others changes when the courier
edits it. Each step is authorised by the desk itself, at the moment it is taken (RS-41).
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from adapters.chat.deskwork import Steps
from adapters.teams import views
from adapters.teams import wording as in_teams
from adapters.teams.asking import Where
from adapters.teams.cards import desk_card, render_receipt
from adapters.teams.connection import Json
from adapters.teams.incoming import Incoming
from adapters.teams.people import PLATFORM
from bot.escalation.desk import Listed
from bot.escalation.errors import RefusedError, StoreError
from bot.escalation.message import Act
from bot.escalation.model import TO_ASKER, Address, Delivery, Escalation

_LATEST = 500
_PIECE = re.compile("[0-9]{1,6}")
Inputs = Mapping[str, str]
Shown = Json | str  # a card in place of the one that was tapped, or a sentence beneath it


@dataclass(frozen=True, slots=True)
class Deskwork:
    """Takes every step of the desk, and of those who raised something."""

    steps: Steps[Where]

    async def desk(self, where: Where, act: str, escalation: str, given: Inputs) -> Shown:
        """Take a tap on a card: one of its buttons, or what was filled into a form that stood in its place."""
        return await self.steps.told(lambda: self._desk(where, act, escalation, given))

    async def asker(self, where: Where, act: str, escalation: str, given: Inputs, key: str | None) -> Shown:
        """Take a tap of whoever raised it, on a receipt or a reply."""
        return await self.steps.told(lambda: self._asker(where, act, escalation, given, key))

    async def look(self, where: Where, escalation: str) -> Shown:
        """Return a card as it stands: that of the desk to whoever may act, the receipt to whoever raised it."""
        return await self.steps.told(lambda: self._looked(where, escalation))

    async def beneath(self, where: Where, heard: Incoming, key: str | None) -> str | None:
        """Take what somebody writes beneath a card of Signpost's; returns what to say to them.

        None where it is to be answered like anything else. In the own chat only a message that they quote is one that
        they write beneath: that chat is a single conversation about everything.
        """
        try:
            above = await self._above(where, heard)
            if above is None:
                return None
            if above.kind not in TO_ASKER:
                return in_teams.NOT_SENT
            known = await self.steps.desk.office.store.escalation(above.escalation)
            return await self.steps.more(where, known, heard.text, key)
        except StoreError:
            return None

    async def _above(self, where: Where, heard: Incoming) -> Delivery | None:
        """Return the message of Signpost's beneath which something was written."""
        if where.is_direct:
            if heard.quoted is None:
                return None
            lane, root = where.user, f"{where.conversation}|{heard.quoted}"
        else:
            lane, root = where.channel, f"{where.conversation}|"
        sent = await self.steps.desk.office.store.delivered_to(Address(PLATFORM, lane).lane, _LATEST) if lane else ()
        return next((one for one in sent if (one.message_id or "").startswith(root)), None)

    # ---- The desk --------------------------------------------------------------------------------------------------

    async def _desk(self, where: Where, act: str, escalation: str, given: Inputs) -> Shown:
        match act:
            case Act.ACKNOWLEDGE | Act.REOPEN | "back":
                return await self._stepped(where, act, escalation)
            case "send-reply":
                return _card(await self.steps.reply(where, escalation, given.get("text", "")))
            case "pass-on":
                return _card(await self.steps.pass_on(where, escalation, given.get("role", "")))
            case "resolve-as":
                return _card(await self.steps.resolve(where, escalation, given.get("resolution", "")))
            case _:
                return await self._form(where, act, escalation, given)

    async def _stepped(self, where: Where, act: str, escalation: str) -> Json:
        one, person = await self.steps.one(where, escalation), await self.steps.person(where)
        desk = self.steps.desk
        steps = {str(Act.ACKNOWLEDGE): desk.acknowledge, str(Act.REOPEN): desk.reopen}
        return _card(await steps.get(act, desk.look)(person, one.id))

    async def _form(self, where: Where, act: str, escalation: str, given: Inputs) -> Json:
        """Show what must be read or filled in, to whoever may."""
        one, person = await self.steps.one(where, escalation), await self.steps.person(where)
        desk = self.steps.desk
        if act == Act.OPEN:
            opened, office = await desk.open(person, one.id), desk.office
            return views.opened_view(opened, office.school(one.school), office.clock.now(), before=_number(given))
        if act == Act.ASSIGN:
            return views.assign_view(one.id, one.reference, await desk.others(person, one.id))
        await desk.may(person, one.id)
        if act == Act.REPLY:
            return views.reply_view(one.id, one.reference)
        if act == Act.RESOLVE:
            return views.resolve_view(one.id, one.reference)
        raise RefusedError(in_teams.NOT_HERE)

    async def _looked(self, where: Where, escalation: str) -> Json:
        one, person = await self.steps.one(where, escalation), await self.steps.person(where)
        if where.is_direct and await self._is_own(where, one):
            return self._receipt(one)
        return _card(await self.steps.desk.look(person, one.id))

    # ---- Whoever raised it -----------------------------------------------------------------------------------------

    async def _asker(self, where: Where, act: str, escalation: str, given: Inputs, key: str | None) -> Shown:
        one = await self.steps.one(where, escalation)
        asker = await self.steps.asking.asker(where, one.school)
        if act == "send":
            thread = await self.steps.add(where, escalation, given.get("text", ""), key)
            return render_receipt(thread.receipt).card
        thread = await self.steps.intake.thread(asker, one.id)
        if act == Act.ANSWER:
            return views.answer_view(one.id, one.reference)
        return render_receipt(thread.receipt).card

    async def _is_own(self, where: Where, one: Escalation) -> bool:
        return one.asker == self.steps.desk.office.key(await self.steps.person(where))

    def _receipt(self, one: Escalation) -> Json:
        return render_receipt(self.steps.desk.office.receipt(one)).card


def _number(given: Inputs) -> int | None:
    """Return before which piece of a thread the page ends; None for the latest page."""
    before = given.get("n", "")
    return int(before) if _PIECE.fullmatch(before) else None


def _card(listed: Listed) -> Json:
    return desk_card(listed).card
