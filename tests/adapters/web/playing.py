"""A school that can be played: the real intake, desk and courier over the store in memory, at a time we set."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from types import MappingProxyType

from adapters.web.channel import WebChannel
from bot.escalation.courier import Courier
from bot.escalation.desk import Desk
from bot.escalation.hours import local_date
from bot.escalation.intake import Intake
from bot.escalation.office import Office
from bot.escalation.ports import Alarm
from bot.service import Service
from bot.view import SchoolView
from knowledge.model import ConcernKind, Contact, Hours, Reach, Route, RouteName, School
from tests.bot.builders import CATALOGUE, SCHOOL, decider, view_of
from tests.store_fake import MemoryStore, PlainPseudonyms

MONDAY = datetime(2026, 11, 23, 10, 40, tzinfo=UTC)
WEEK = Hours(("mon", "tue", "wed", "thu", "fri"), "07:45", "17:30")
DANGER = "a boy has a knife"
CONTACT = "a girl in reception keeps messaging me"
QUESTION = "can i accept a friend request from a pupil"


def holder(role: str, title: str, name: str, number: str, *more: Reach) -> Contact:
    """Return somebody who holds a role and can be phoned."""
    return Contact(role, title, name, (Reach("phone", number), *more))


PEOPLE = {
    "dsl": holder("dsl", "Designated Safeguarding Lead", "Mr B. Example", "01632 960002"),
    "deputy-dsl": holder("deputy-dsl", "Deputy Designated Safeguarding Lead", "Ms C. Example", "01632 960003"),
    "headteacher": holder("headteacher", "Headteacher", "Mrs A. Example", "01632 960001"),
    "chair-of-governors": holder("chair-of-governors", "Chair of governors", "Dr E. Example", "01632 960005"),
    "out-of-hours": holder("out-of-hours", "Out-of-hours duty team", "Duty team", "01632 960020"),
    "school-office": holder("school-office", "School office", "Front desk", "01632 960000"),
}
ROUTES: Mapping[RouteName, Route] = {
    RouteName.CHILD: Route(("dsl", "deputy-dsl"), {"web": "safeguarding"}),
    RouteName.STAFF: Route(("headteacher",)),
    RouteName.HEAD: Route(("chair-of-governors",)),
    RouteName.QUESTION: Route(("headteacher",)),
}
PLAYED = replace(
    SCHOOL,
    id="model",
    name="Model Primary School",
    contacts=MappingProxyType({**SCHOOL.contacts, **PEOPLE}),
    routes=MappingProxyType(dict(ROUTES)),
    hours=WEEK,
)
UNROUTED = replace(SCHOOL, id="hill", name="Hill School")


@dataclass
class SetClock:
    """A clock that stands still until it is set."""

    at: datetime = MONDAY

    def now(self) -> datetime:
        """Return the time it is set to."""
        return self.at

    def today(self) -> date:
        """Return the date at the school."""
        return local_date(self.at)

    def pass_by(self, amount: timedelta) -> None:
        """Let time pass."""
        self.at += amount


@dataclass
class CountedIds:
    """Ids that count up."""

    count: int = 0

    def new(self) -> str:
        """Return the next id."""
        self.count += 1
        return f"{self.count:032x}"

    def reference(self) -> str:
        """Return the next reference."""
        self.count += 1
        return f"K7-{self.count:04}"


@dataclass
class Bells:
    """Keeps the alarms."""

    rung: list[Alarm] = field(default_factory=list)

    def ring(self, alarm: Alarm) -> None:
        """Keep an alarm."""
        self.rung.append(alarm)


class TwoSchools:
    """The school that is played, and one without routes."""

    def __init__(self, played: School = PLAYED) -> None:
        """Index both."""
        self.views = {one.id: view_of(one) for one in (played, UNROUTED)}

    def view(self, school: str) -> SchoolView:
        """Return a school. Raises KeyError for any other."""
        return self.views[school]

    def schools(self) -> list[str]:
        """List both."""
        return list(self.views)


@dataclass
class Pauses:
    """Pauses that end when the test says so."""

    asked: list[float] = field(default_factory=list)
    _over: asyncio.Queue[None] = field(default_factory=asyncio.Queue)

    async def __call__(self, seconds: float) -> None:
        """Wait until the test ends the pause."""
        self.asked.append(seconds)
        await self._over.get()

    def end_one(self) -> None:
        """End the pause that is being made, or the next one."""
        self._over.put_nowait(None)


class Playing:
    """Everything behind the page."""

    def __init__(self, played: School = PLAYED, store: MemoryStore | None = None) -> None:
        """Wire it."""
        self.knowledge = TwoSchools(played)
        self.store = store or MemoryStore()
        self.clock, self.pauses, self.bells = SetClock(), Pauses(), Bells()
        self.channel = WebChannel(self.knowledge, self.pauses)
        kinds: dict[str, ConcernKind] = {kind.id: kind for kind in CATALOGUE.concerns}
        channels = {"web": self.channel}
        self.office = Office(self.store, self.knowledge, kinds, channels, PlainPseudonyms(), self.clock, CountedIds())
        self.courier = Courier(self.office, channels, self.bells, "worker")
        self.intake = Intake(self.office, lambda word: True, self.courier.wake)
        self.desk = Desk(self.office, self.courier.wake)
        self.service = Service(self.knowledge, decider(), self.clock, self.intake)

    async def deliver(self) -> None:
        """Let the courier do everything that is due by now."""
        for _ in range(20):
            await self.courier.step()
            await self.courier.finish()

    async def wait(self, minutes: int) -> None:
        """Let time pass, and the courier do what falls due by then."""
        self.clock.pass_by(timedelta(minutes=minutes))
        await self.deliver()
