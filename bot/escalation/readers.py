"""Who may read an escalation at this moment, asked anew before every message: people leave, and places gain members.

A question that the store or a platform cannot answer just now is answered on the safe side, and never stops the
courier.
"""

import asyncio
from dataclasses import dataclass

from bot.escalation.alarms import Alarms
from bot.escalation.authority import may_act
from bot.escalation.errors import ChannelDownError, StoreError
from bot.escalation.model import MAIL, TO_ASKER, Address, Delivery, Escalation
from bot.escalation.office import Office
from bot.escalation.routing import Plan

LOOKUP_TIMEOUT_S = 20


@dataclass(frozen=True, slots=True)
class Readers:
    """Asks the office who may be told."""

    office: Office
    alarms: Alarms

    async def plan(self, escalation: Escalation) -> Plan | None:
        """Return who may be told today; None where nobody may, or where that cannot be found out."""
        try:
            return await self._found(escalation)
        except ChannelDownError:
            return None

    def mail(self, plan: Plan | None) -> tuple[Address, ...]:
        """Return the mail addresses of those who may be told; none where there is no second way out."""
        return self.office.mail_addresses(plan) if MAIL in self.office.channels else ()

    async def asker(self, escalation: Escalation) -> Address | None:
        """Return where the asker reads their receipts; None where that cannot be found out."""
        try:
            return await self.office.asker_address(escalation)
        except StoreError:
            return None

    async def may_read(self, found: Delivery, escalation: Escalation) -> bool:
        """Tell whether a message may still go to its address.

        A place must be safe for this escalation as it is read now; a person must have a right to open it today, by a
        role or as a reader of a place it went to. Raises ChannelDownError where that cannot be found out just now.
        """
        address = found.address
        if found.kind in TO_ASKER or address.platform == MAIL:
            return True
        if address.kind == "place":
            plan = await self._found(escalation)
            if plan is not None and address.lane in {rung.lane for rung in plan.rungs}:
                return True
            await self._members(escalation, address)  # only once they are known is it given up
            return False
        register = self.office.register(escalation.school, address.platform)
        excluded = self.office.hidden(escalation.excluded)
        if may_act(register, escalation, excluded, address.id, is_member=False):
            return True
        places = [told for told in escalation.told if told.kind == "place" and told.platform == address.platform]
        reads = [address.id in (await self._members(escalation, place) or ()) for place in places]
        return may_act(register, escalation, excluded, address.id, is_member=any(reads))

    async def _members(self, escalation: Escalation, place: Address) -> frozenset[str] | None:
        try:
            return await self.office.members(escalation.school, place)
        except ChannelDownError as error:
            reason = type(error.__cause__ or error).__name__
            self.alarms.ring("no-answer", escalation.school, escalation.reference, reason=reason)
            raise

    async def _found(self, escalation: Escalation) -> Plan | None:
        try:
            async with asyncio.timeout(LOOKUP_TIMEOUT_S):
                return await self.office.plan_for(escalation)
        except Exception as error:
            reason = type(error).__name__
            self.alarms.ring("no-answer", escalation.school, escalation.reference, reason=reason)
            raise ChannelDownError("who reads there cannot be found out") from error
