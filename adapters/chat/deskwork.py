"""The steps of those who are told, and of whoever raised it, on any platform. The desk authorises each by itself."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from adapters.chat import wording
from adapters.chat.asking import Asking, Where
from bot.errors import BotError
from bot.escalation import wording as told
from bot.escalation.desk import Desk, Listed
from bot.escalation.errors import EscalationError, RefusedError, StoreError
from bot.escalation.intake import Intake, Thread
from bot.escalation.model import Escalation, Person, Resolution

Done = TypeVar("Done")


@dataclass(frozen=True, slots=True)
class Steps(Generic[Where]):
    """Takes steps. `belongs` tells whether a school is of a home; `cannot_show` is said where the platform fails.

    Each raises RefusedError where it does not fit, KeyError where its school is not served, and StoreError.
    """

    desk: Desk
    intake: Intake
    asking: Asking[Where, Any]
    belongs: Callable[[str, str], bool]
    cannot_show: str

    async def one(self, where: Where, escalation: str) -> Escalation:
        """Return an escalation of a school of this home; nobody learns what there is in others (RS-19)."""
        one = await self.desk.office.store.escalation(escalation)
        if one is not None and not self.desk.office.serves(one.school):
            raise RefusedError(wording.SCHOOL_AWAY)
        if one is None or not self.belongs(one.school, where.home):
            raise RefusedError(told.NOT_YOURS)
        return one

    async def person(self, where: Where) -> Person:
        """Return whoever acts."""
        return await self.asking.people.person(where.home, where.user)

    async def resolve(self, where: Where, escalation: str, chosen: str) -> Listed:
        """Close it with what came of it."""
        if chosen not in list(Resolution):
            raise RefusedError(told.CHANGED_MEANWHILE)  # one that another version of Signpost knew
        one = await self.one(where, escalation)
        return await self.desk.resolve(await self.person(where), one.id, Resolution(chosen))

    async def reply(self, where: Where, escalation: str, text: str) -> Listed:
        """Answer the asker."""
        one = await self.one(where, escalation)
        return (await self.desk.reply(await self.person(where), one.id, text)).listed

    async def pass_on(self, where: Where, escalation: str, role: str) -> Listed:
        """Pass it on to another role of its route."""
        one = await self.one(where, escalation)
        return await self.desk.pass_on(await self.person(where), one.id, role)

    async def add(self, where: Where, escalation: str, text: str, key: str | None = None) -> Thread:
        """Add to something that somebody raised. `key` is the event's: a repeat adds nothing."""
        one = await self.one(where, escalation)
        return await self.intake.answer(await self.asking.asker(where, one.school), one.id, text, key)

    async def more(self, where: Where, one: Escalation | None, text: str, key: str | None) -> str | None:
        """Take what somebody writes beneath something that was raised as more of it; returns what to say to them.

        None where it is to be answered like anything else: it is a concern for others than those who read that.
        """
        if one is not None and not self.desk.office.serves(one.school):
            return wording.SCHOOL_AWAY
        if one is None or not self.intake.is_for_its_readers(one, text):
            return None
        known = one.id
        found = await self.told(lambda: self.add(where, known, text, key))
        return found if isinstance(found, str) else wording.ADDED

    async def told(self, step: Callable[[], Awaitable[Done]]) -> Done | str:
        """Take a step; returns what it returns, or what to say where it does not fit."""
        try:
            return await step()
        except BotError as refused:
            return str(refused)
        except StoreError:
            return told.NOT_WRITTEN
        except KeyError:
            return wording.SCHOOL_AWAY  # it was taken out while the step was under way
        except EscalationError:
            return self.cannot_show
