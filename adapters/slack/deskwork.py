"""What those who are told do in Slack: open, take, reply, pass on, resolve, reopen; and how the asker adds to it."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from slack_sdk.web.async_client import AsyncWebClient

from adapters.chat import wording
from adapters.chat.deskwork import Steps
from adapters.slack import modals
from adapters.slack import wording as in_slack
from adapters.slack.asking import Where
from adapters.slack.calls import translated
from adapters.slack.people import PLATFORM
from adapters.slack.shapes import ids_in
from bot.errors import BotError
from bot.escalation import wording as told
from bot.escalation.desk import Desk
from bot.escalation.errors import EscalationError, StoreError
from bot.escalation.intake import Intake
from bot.escalation.message import Act
from bot.escalation.model import TO_ASKER, Address, Escalation, Person
from bot.types import Utterance

View = dict[str, Any]
_LATEST = 500


@dataclass(frozen=True, slots=True)
class Hand:
    """Somebody's hand in Slack: who they are, and the client and trigger with which they can be shown a view.

    `view` is the id of the view they look at, if any.
    """

    where: Where
    client: AsyncWebClient
    trigger: str
    view: str | None = None

    async def show(self, view: View) -> "Hand":
        """Show a view, over the one they look at; returns the hand that holds it.

        Raises EscalationError; a trigger holds for three seconds.
        """
        show = self.client.views_open if self.view is None else self.client.views_push
        with translated():
            shown = await show(trigger_id=self.trigger, view=view)
        return replace(self, view=str((shown.get("view") or {}).get("id") or ""))

    async def change(self, view: View) -> None:
        """Show a view in place of the one they look at. Raises EscalationError, also where they have closed it."""
        with translated():
            await self.client.views_update(view_id=self.view or "", view=view)


@dataclass(frozen=True, slots=True)
class Deskwork:
    """Takes every step of the desk. Each is authorised by the desk itself, at the moment it is taken."""

    steps: Steps[Where]

    @property
    def desk(self) -> Desk:
        """The desk."""
        return self.steps.desk

    @property
    def intake(self) -> Intake:
        """What those who raise something can do with it."""
        return self.steps.intake

    async def tap(self, hand: Hand, act: Act, escalation: str) -> str | None:
        """Take a tap on a card; returns what to say to them where it does not fit."""
        return await self.steps.told(lambda: self._tap(hand, act, escalation))

    async def submit(self, where: Where, callback: str, metadata: str, values: Mapping[str, Any]) -> str | None:
        """Take what was filled into a view; returns why it was refused."""
        escalation = ids_in(metadata).get("e", "")
        return await self.steps.told(lambda: self._submit(where, callback, escalation, values))

    async def beneath(self, where: Where, text: str, key: str | None) -> str | None:
        """Take what somebody types in a thread of their direct messages; returns what to say to them.

        None where it is to be answered like anything else: it stands beneath nothing that was raised, or is a concern
        for others than those who read that. `key` is the event's.
        """
        try:
            return await self._beneath(where, text, key)
        except StoreError:
            return None

    async def _beneath(self, where: Where, text: str, key: str | None) -> str | None:
        sent = await self.desk.office.store.delivered_to(Address(PLATFORM, where.user).lane, _LATEST)
        root = f"{where.channel}:{where.thread}"
        above = next((one for one in sent if one.message_id == root), None)
        if above is not None and above.kind not in TO_ASKER:
            return in_slack.NOT_SENT
        known = await self.desk.office.store.escalation(above.escalation) if above else None
        one = known or await self._raised_in(where, text)
        return await self.steps.more(where, one, text, key)

    async def _raised_in(self, where: Where, text: str) -> Escalation | None:
        """Return what was raised in a thread, where what is typed there now is more of it."""
        school = await self.steps.asking.own_schools.school(where.team, where.user, where.channel)
        if school is None:
            return None
        asker = await self.steps.asking.asker(where, school)
        one = await self.intake.raised_in(Utterance("", school, text, thread=where.conversation), asker)
        return one if one and self.intake.concern_in(school, text) else None

    async def _tap(self, hand: Hand, act: Act, escalation: str) -> None:
        one, person = await self.steps.one(hand.where, escalation), await self.steps.person(hand.where)
        match act:
            case Act.OPEN:
                await self.desk.may(person, one.id)
                await self._open(await hand.show(modals.opening_view(one.id)), person, one)
            case Act.ACKNOWLEDGE:
                await self.desk.acknowledge(person, one.id)
            case Act.REOPEN:
                await self.desk.reopen(person, one.id)
            case Act.REPLY:
                await self.desk.may(person, one.id)
                await hand.show(modals.reply_view(one.id, one.reference))
            case Act.RESOLVE:
                await self.desk.may(person, one.id)
                await hand.show(modals.resolve_view(one.id, one.reference))
            case Act.ASSIGN:
                await hand.show(modals.assign_view(one.id, one.reference, await self.desk.others(person, one.id)))
            case Act.ANSWER:
                await hand.show(modals.answer_view(one.id, one.reference))

    async def _open(self, hand: Hand, person: Person, one: Escalation) -> None:
        """Show the words in a view that is there already: it is noted that they were opened once they can be shown."""
        try:
            view = await self._opened(person, one)
        except BotError as refused:
            view = modals.said_view(wording.NOT_DONE, str(refused))
        except StoreError:
            view = modals.said_view(wording.NOT_DONE, told.NOT_WRITTEN)
        try:
            await hand.change(view)
        except EscalationError:
            await hand.change(view)  # it is noted as opened, so it is worth a second try

    async def opened(self, where: Where, escalation: str) -> View | None:
        """Return the words anew, for a view in which something was done; None where they cannot be shown."""
        try:
            return await self._opened(await self.steps.person(where), await self.steps.one(where, escalation))
        except (BotError, EscalationError):
            return None

    async def _opened(self, person: Person, one: Escalation) -> View:
        opened, office = await self.desk.open(person, one.id), self.desk.office
        return modals.opened_view(opened, office.school(one.school), office.clock.now())

    async def _submit(self, where: Where, callback: str, escalation: str, values: Mapping[str, Any]) -> None:
        match callback:
            case "desk-reply":
                await self.steps.reply(where, escalation, text_in(values, "text"))
            case "desk-assign":
                await self.steps.pass_on(where, escalation, chosen_in(values, "role"))
            case "desk-resolve":
                await self.steps.resolve(where, escalation, chosen_in(values, "resolution"))
            case "asker-answer":
                await self.steps.add(where, escalation, text_in(values, "text"))


def text_in(values: Mapping[str, Any], name: str) -> str:
    """Return what was typed into a field of a view."""
    return str((values.get(name) or {}).get(name, {}).get("value") or "")


def chosen_in(values: Mapping[str, Any], name: str) -> str:
    """Return what was chosen in a field of a view."""
    return str(((values.get(name) or {}).get(name, {}).get("selected_option") or {}).get("value") or "")
