"""What those who are told do in Teams on a card: each tap is answered with the card as that person sees it then.

A form stands in place of the card for whoever tapped alone; the card of the others changes when the courier edits it.
Each step is authorised by the desk itself, at the moment it is taken (RS-41).
"""

from collections.abc import Mapping
from contextlib import suppress
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
from bot.escalation.model import TO_ASKER, Address, Delivery

_LATEST = 500
Inputs = Mapping[str, str]
Shown = Json | str  # a card in place of the one that was tapped, or a sentence beneath it


@dataclass(frozen=True, slots=True)
class Deskwork:
    """Takes what is tapped on a card of the desk, and what is written beneath one."""

    steps: Steps[Where]

    async def desk(self, where: Where, act: str, escalation: str, given: Inputs) -> Shown:
        """Take a tap on a card: one of its buttons, or what was chosen in a form that stood in its place."""
        return await self.steps.told(lambda: self._desk(where, act, escalation, given))

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
            known = await self.steps.desk.office.store.escalation(above.escalation)
            if above.kind not in TO_ASKER:
                return None if known and self._is_risk(known.school, heard.text) else in_teams.NOT_SENT
            return await self.steps.more(where, known, heard.text, key)
        except StoreError:
            return None

    def _is_risk(self, school: str, text: str) -> bool:
        """Tell whether a text is a concern by itself: that is never left lying beneath a card."""
        try:
            return self.steps.intake.concern_in(school, text) is not None
        except KeyError:
            return False

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

    async def _desk(self, where: Where, act: str, escalation: str, given: Inputs) -> Json:
        match act:
            case "pass-on":
                return await self._card(await self.steps.pass_on(where, escalation, given.get("role", "")))
            case "resolve-as":
                return await self._card(await self.steps.resolve(where, escalation, given.get("resolution", "")))
            case Act.ASSIGN | Act.RESOLVE:
                return await self._form(where, act, escalation)
        one, person, desk = await self.steps.one(where, escalation), await self.steps.person(where), self.steps.desk
        steps = {str(Act.ACKNOWLEDGE): desk.acknowledge, str(Act.REOPEN): desk.reopen, "back": desk.look}
        if act not in steps:
            raise RefusedError(in_teams.NOT_HERE)
        return await self._card(await steps[act](person, one.id))

    async def _form(self, where: Where, act: str, escalation: str) -> Json:
        """Return what must be chosen, to whoever may."""
        one, person = await self.steps.one(where, escalation), await self.steps.person(where)
        if act == Act.ASSIGN:
            return views.assign_view(one.id, one.reference, await self.steps.desk.others(person, one.id))
        await self.steps.desk.may(person, one.id)
        return views.resolve_view(one.id, one.reference)

    async def _card(self, listed: Listed) -> Json:
        """Return the card, with the words that stand on the posted one where it shows any."""
        one, office = listed.escalation, self.steps.desk.office
        shows = one.is_question or office.school(one.school).words_in_notices
        words: list[str] = []
        with suppress(StoreError):  # what was done does not depend on them
            words = [entry.text for entry in await office.store.entries(one.id)] if shows else []
        return desk_card(listed, quoted=next(iter(words), None)).card

    async def _looked(self, where: Where, escalation: str) -> Json:
        one, person = await self.steps.one(where, escalation), await self.steps.person(where)
        office = self.steps.desk.office
        if where.is_direct and one.asker == office.key(person):
            return render_receipt(office.receipt(one)).card
        return await self._card(await self.steps.desk.look(person, one.id))
