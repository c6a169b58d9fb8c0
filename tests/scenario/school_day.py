"""What a day at a school is on any chat platform: time passes, the courier delivers, and everybody has their turn."""

import asyncio
from abc import ABC, abstractmethod
from collections.abc import Callable
from datetime import timedelta

from adapters.escalating import Escalating
from bot.escalation.model import Escalation
from bot.escalation.ports import Wanted
from tests.escalation_fakes import TickingClock

_SECOND = timedelta(seconds=1)
_PATIENCE_S = 10


class SchoolDay(ABC):
    """A running server, its parts, and the time at the school."""

    __slots__ = ()
    parts: Escalating
    clock: TickingClock

    @abstractmethod
    def pass_by(self, time: timedelta) -> None:
        """Let time pass at the school and on the platform."""

    @property
    def alarms(self) -> list[str]:
        """The kinds of the alarms that rang."""
        return [alarm.kind for _, alarm in self.parts.bell.rung()]

    async def settle(self, within: timedelta = timedelta(seconds=30)) -> None:
        """Let the courier deliver what falls due within some time; only as much of it passes as that takes."""
        end = self.clock.now() + within
        while self.clock.now() <= end:
            await self.parts.courier.step()
            await self.parts.courier.finish()
            due = await self.parts.store.next_delivery_at(self.clock.now())
            if due is None or due > end:
                return
            self.pass_by(_SECOND)

    async def wait(self, time: timedelta) -> None:
        """Let time pass, and the courier do what has fallen due."""
        self.pass_by(time)
        await self.settle()

    async def until(self, happened: Callable[[], bool]) -> None:
        """Let everybody have their turn until something has happened. Raises TimeoutError where it does not."""
        async with asyncio.timeout(_PATIENCE_S):
            while not happened():  # noqa: ASYNC110 - what happens on the platform wakes nobody here
                await asyncio.sleep(0)

    async def escalations(self) -> list[Escalation]:
        """List everything that was recorded."""
        return list(await self.parts.store.escalations(Wanted()))

    async def only(self) -> Escalation:
        """Return the one escalation that was recorded."""
        (one,) = await self.escalations()
        return one
