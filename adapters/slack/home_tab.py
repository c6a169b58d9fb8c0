"""The home tab as people open it, and what they tap there. Nothing here is cached: it is as it stands when opened."""

import logging
from collections.abc import Awaitable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, TypeVar

from slack_sdk.web.async_client import AsyncWebClient

from adapters.chat import wording
from adapters.chat.admins import Admins
from adapters.chat.reports import Pack
from adapters.slack import home, modals
from adapters.slack import home_wording as says
from adapters.slack import wording as in_slack
from adapters.slack.asking import Asking, Say, Where
from adapters.slack.calls import translated
from adapters.slack.deskwork import Hand
from adapters.slack.home import Home
from adapters.slack.notes import note, which_school
from adapters.slack.people import PLATFORM
from adapters.slack.raising import RaisingAConcern
from adapters.slack.rendered import Rendered
from bot import wording as said
from bot.escalation import wording as told
from bot.escalation.authority import Standing
from bot.escalation.desk import Desk, Listed
from bot.escalation.errors import ChannelDownError, EscalationError, StoreError
from bot.escalation.ports import Kept
from bot.escalation.receipt import Receipt
from bot.types import Asker
from knowledge.model import School, Topic

_GREETED = "greeted"
_log = logging.getLogger("signpost.slack")
Found = TypeVar("Found")


@dataclass(frozen=True, slots=True)
class HomeTab:
    """Shows the home tab. `topics` are those of the catalogue."""

    asking: Asking
    desk: Desk
    raising: RaisingAConcern
    admins: Admins
    kept: Kept
    topics: Sequence[Topic]

    async def show(self, where: Where, client: AsyncWebClient) -> None:
        """Show somebody their home tab as it stands now. Never raises; what Slack refuses is logged, without words."""
        try:
            view = await self._view(where)
            with translated():
                await client.views_publish(user_id=where.user, view=view)
        except (EscalationError, KeyError) as error:
            _log.warning("a home tab could not be shown: %s", _named(error))

    async def greet(self, where: Where) -> None:
        """Say what Signpost is for, the first time that somebody opens the conversation. Never raises."""
        key = self.asking.office.pseudonyms.key(f"{PLATFORM}:{where.team}:{where.user}")
        try:
            if await self.kept.get(_GREETED, key) is not None:
                return
            await self.kept.put(_GREETED, key, "yes")
            greeting = await self._greeting(where)
        except (EscalationError, KeyError) as error:
            _log.warning("nobody was greeted: %s", _named(error))
            return
        await self.asking.later.post(lambda: self.asking.channel.post(where.team, where.channel, greeting))

    async def tap(self, hand: Hand, action: Mapping[str, Any]) -> None:
        """Take a tap in the home tab. Never raises; what cannot be shown is said in a direct message."""
        chosen = str((action.get("selected_option") or {}).get("value") or "")
        try:
            match action.get("action_id"):
                case home.RAISE:
                    await self.raising.begin(hand)
                case home.TOPIC:
                    await self._topic(hand, chosen)
                case home.SCHOOL:
                    await self._school(hand, chosen)
        except (EscalationError, KeyError) as error:
            _log.warning("a tap in a home tab could not be taken: %s", _named(error))
            where, problem = hand.where, note(in_slack.CANNOT_SHOW)
            await self.asking.later.post(lambda: self.asking.tell(where, problem))

    # ---- Taps ------------------------------------------------------------------------------------------------------

    async def _topic(self, hand: Hand, chosen: str) -> None:
        """Show the rules about a topic, to whoever may still ask."""
        own = await self._own(hand.where)
        topic = next((one for one in self.topics if one.id == chosen), None)
        if own is None or topic is None:
            await self.show(hand.where, hand.client)
            return
        await hand.show(home.topic_view(topic, own, self.asking.office.clock.now()))

    async def _school(self, hand: Hand, chosen: str) -> None:
        """Ask for another school from now on: one of this workspace whose staff they are."""
        where = hand.where
        if chosen not in self._there(where):
            await self.show(where, hand.client)
            return
        if not await self._is_staff(where, chosen):
            await hand.show(modals.said_view(wording.NOT_DONE, says.NOT_STAFF_THERE))
            return
        channel = await self.asking.channel.direct(where.team, where.user)
        directly = Where(where.team, where.user, channel, is_direct=True)
        await self.asking.chosen(directly, chosen, self._directly(directly))
        await self.show(where, hand.client)

    def _directly(self, where: Where) -> Say:
        async def say(*shown: Rendered) -> None:
            tell = (partial(self.asking.tell, where, one) for one in shown)
            await self.asking.later.post(*tell)

        return say

    # ---- What it is made of ----------------------------------------------------------------------------------------

    async def _view(self, where: Where) -> dict[str, Any]:
        own = await self._own(where)
        if own is None and not await self._is_staff_of_any(where):
            return home.outsider_view()
        office = self.asking.office
        made = Home(
            now=office.clock.now(),
            school=own,
            schools=[office.school(school) for school in self._there(where)],
            topics=home.topics_of(own, self.topics) if own else (),
            inbox=await _unless_down(self._inbox(where, own)),
            receipts=await _unless_down(self._receipts(where)),
            packs=await self._packs(where),
        )
        return home.home_view(made)

    async def _greeting(self, where: Where) -> Rendered:
        own = await self._own(where)
        if own is not None:
            return note(said.help_text(own.contact("dsl").title))
        if not await self._is_staff_of_any(where):
            return note(told.NOT_STAFF_REPLY)
        own_schools = self.asking.own_schools
        there = [self.asking.office.school(school) for school in own_schools.to_choose(where.team, where.user)]
        return which_school(there, "", are_all=own_schools.are_all_served())

    def _there(self, where: Where) -> Sequence[str]:
        return self.asking.own_schools.belonging.schools_in(where.team)

    async def _own(self, where: Where) -> School | None:
        """Return the school that somebody asks for as one of its staff; None where they must choose, or may not ask."""
        own = await self.asking.own_schools.school(where.team, where.user)
        return self.asking.office.school(own) if own and await self._is_staff(where, own) else None

    async def _is_staff_of_any(self, where: Where) -> bool:
        for school in self._there(where):
            if await self._is_staff(where, school):
                return True
        return False

    async def _is_staff(self, where: Where, school: str) -> bool:
        """Tell whether somebody is staff of a school. Raises ChannelDownError where Slack cannot say just now."""
        register = self.asking.office.register(school, PLATFORM)
        standing = await self.asking.people.standing(where.team, where.user, register)
        if standing is Standing.UNKNOWN:
            raise ChannelDownError("who opened it cannot be found out")
        return standing is Standing.STAFF

    async def _inbox(self, where: Where, own: School | None) -> Sequence[Listed]:
        """Return what somebody may see of their own school, and of every other in which they hold a role."""
        person = await self.asking.people.person(where.team, where.user)
        register, first = self.asking.office.register, {own.id} if own else set[str]()
        held = {school for school in self._there(where) if register(school, PLATFORM).roles_of(where.user)}
        return [listed for school in sorted(first | held) for listed in await self.desk.inbox(person, school)]

    async def _receipts(self, where: Where) -> Sequence[Receipt]:
        """Return what somebody has raised at the schools of this workspace, and of no other (RS-19)."""
        asker = Asker(await self.asking.people.person(where.team, where.user), where.team)
        there = self._there(where)
        return [receipt for receipt in await self.raising.steps.intake.receipts(asker) if receipt.school in there]

    async def _packs(self, where: Where) -> Sequence[Pack]:
        return [await self.admins.pack(school) for school in self.admins.schools(where.team, where.user)]


async def _unless_down(reading: Awaitable[Found]) -> Found | None:
    """Return what was read; None where the store cannot be read just now."""
    try:
        return await reading
    except StoreError:
        return None


def _named(error: Exception) -> str:
    """Name a fault: by Slack's own code where it has one, and never by what somebody wrote."""
    return str(error) if isinstance(error, EscalationError) else type(error).__name__
