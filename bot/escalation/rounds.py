"""The rounds: takes the steps of the chase that are due, of every escalation that nobody has taken or that was left."""

import asyncio
from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from bot.escalation.alarms import Alarms
from bot.escalation.chase import chase
from bot.escalation.errors import StaleError
from bot.escalation.lifecycle import WAITING, carded
from bot.escalation.model import Address, Change, Escalation, State
from bot.escalation.office import Office
from bot.escalation.ports import Wanted
from bot.escalation.readers import Readers

_BATCH = 200
_LOOK_AGAIN = timedelta(minutes=5)
# The store takes what is to come long after the summer holidays for the work of a clock that ran ahead, and due.
_FURTHEST = timedelta(days=100)


@dataclass(frozen=True, slots=True)
class Rounds:
    """Goes through everything that is due. One that cannot be chased is left for later, and the others go on."""

    office: Office
    readers: Readers
    alarms: Alarms

    async def go(self) -> bool:
        """Take every step that is due; tell whether there was any. Raises StoreError where nothing can be written.

        All of them at the same time: a platform that does not say who reads a place delays nobody else.
        """
        due = await self.office.store.due(self.office.clock.now(), _BATCH)
        taken = await asyncio.gather(*map(self._take, due), return_exceptions=True)
        for one in taken:
            if isinstance(one, BaseException):
                raise one
        return any(taken)

    async def _take(self, escalation: Escalation) -> bool:
        try:
            await self._step(escalation)
        except StaleError:
            return False  # somebody acted on it in this very moment; the next round looks again
        except Exception as error:  # noqa: BLE001 - one that cannot be chased must not stop the chase of others
            await self._postpone(escalation)
            self.alarms.ring("not-chased", escalation.school, escalation.reference, reason=type(error).__name__)
        return True

    async def _step(self, escalation: Escalation) -> None:
        office = self.office
        try:
            moment = office.moment(escalation.school)
        except KeyError:  # its pack is broken or gone for now
            self.alarms.ring("school-gone", escalation.school)
            await self._postpone(escalation)
            return
        plan = await self.readers.plan(escalation)
        if plan is None and escalation.state in WAITING:
            self.alarms.ring("no-safe-route", escalation.school, escalation.reference)
        if escalation.state is State.RECORDED:
            self.alarms.ring("undelivered", escalation.school, escalation.reference)
        change = chase(
            escalation,
            plan,
            await self.readers.asker(escalation),
            moment,
            digest=await self._digest(escalation),
            mail=self.readers.mail(plan),
        )
        await office.store.commit(_in_sight(change, moment.at))
        self.alarms.mended("store")

    async def _digest(self, escalation: Escalation) -> Collection[Address]:
        """Return the addresses where this is the oldest open question; it brings the digest of them all."""
        if not escalation.is_question:
            return ()
        found = await self.office.store.escalations(Wanted(school=escalation.school, open_only=True))
        oldest: dict[str, str] = {}
        for one in found:
            if one.is_question and one.state is State.DELIVERED:
                for address in carded(one):
                    oldest.setdefault(address.lane, one.id)
        return [address for address in carded(escalation) if oldest.get(address.lane) == escalation.id]

    async def _postpone(self, escalation: Escalation) -> None:
        """Look at it again later; raises StoreError where even that cannot be written."""
        later = replace(escalation, next_at=self.office.clock.now() + _LOOK_AGAIN)
        try:
            await self.office.store.commit(Change(escalation, later))
        except StaleError:
            return


def _in_sight(change: Change, now: datetime) -> Change:
    """Look at an escalation again before long, however long its school says that it is closed."""
    next_at = change.after.next_at
    if next_at is None or next_at <= now + _FURTHEST:
        return change
    return replace(change, after=replace(change.after, next_at=now + _FURTHEST))
