"""Two schools in one workspace of the fake Slack, with everything that the home tab and /policy-admin need."""

from collections.abc import AsyncIterator, Iterable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import Any

import aiohttp
from slack_sdk.web.async_client import AsyncWebClient

from adapters.chat import admin as chat_admin
from adapters.chat.admin import LatestAlarms
from adapters.chat.admins import Admins
from adapters.chat.announcing import Announcing
from adapters.chat.bindings import Bindings
from adapters.chat.later import Later
from adapters.chat.own_schools import OwnSchools
from adapters.chat.waiting import Waiting
from adapters.places import BoundPlaces
from adapters.slack.admin import Administering
from adapters.slack.admin_words import SLACK
from adapters.slack.announcing import TellingInSlack
from adapters.slack.asking import Asking, Where
from adapters.slack.channel import SlackChannel
from adapters.slack.checkup import Checkup
from adapters.slack.deskwork import Hand
from adapters.slack.gate import Gate
from adapters.slack.home_tab import HomeTab
from adapters.slack.manifest import SCOPES
from adapters.slack.people import People
from adapters.slack.raising import raising_in_slack
from adapters.slack.workspaces import Workspaces
from bot.escalation.desk import Desk
from bot.escalation.intake import Intake
from bot.escalation.lifecycle import Opening, opened
from bot.escalation.model import Escalation, Person
from bot.escalation.office import Office
from bot.escalation.ports import Alarm
from bot.escalation.routing import Plan
from bot.service import Service
from bot.view import SchoolView
from knowledge.faults import Fault
from knowledge.library import SchoolState
from knowledge.model import Contact, Reach, Route, RouteName, School
from tests.adapters.slack.payloads import check, read
from tests.bot.builders import CATALOGUE, CONDUCT, PHONES, decider, view_of
from tests.bot.escalation.builders import KINDS
from tests.bot.escalation.builders import SCHOOL as OAKWOOD
from tests.escalation_fakes import MONDAY, CountingIds, ShownSchools, TickingClock
from tests.fakes import FixedClock
from tests.slack_fake import Person as Member
from tests.slack_fake import SlackFake, Workspace
from tests.store_fake import MemoryStore, PlainPseudonyms

TEAM, SAFE, STAFF_ROOM = "T0MODEL", "C0SAFE", "C0STAFF"
TEACHER, DSL, HEAD, ADMIN, GUEST = "U0TEACHER", "U0DSL", "U0HEAD", "U0ADMIN", "U0GUEST"
_MEMBERS = {"dsl": DSL, "headteacher": HEAD}


def _in_slack(contact: Contact) -> Contact:
    """Return a contact whose Slack id the register has, where they are in the workspace."""
    member = _MEMBERS.get(contact.role)
    return replace(contact, reach=(*contact.reach, Reach("slack", member))) if member else contact


SCHOOL = replace(
    OAKWOOD,
    contacts=MappingProxyType({role: _in_slack(contact) for role, contact in OAKWOOD.contacts.items()}),
    policies=(CONDUCT, PHONES),
    routes=MappingProxyType(
        {
            RouteName.CHILD: Route(("dsl", "headteacher"), MappingProxyType({"slack": SAFE})),
            RouteName.STAFF: Route(("headteacher",)),
            RouteName.QUESTION: Route(("headteacher",)),
        }
    ),
    belongs=(MappingProxyType({"slack_team": TEAM}),),
    admins=(MappingProxyType({"slack": ADMIN}),),
    version="v1",
)
ELM = replace(SCHOOL, id="elm", name="Elm School", routes=MappingProxyType({}), admins=())
FAULT = Fault("oakwood/school.yaml", 7, "there is no such role", "a role of the register", "Write dsl.")


class Shelf:
    """The schools in force, the files beside them, and the reload that takes one for the other.

    `files` holds what a reload finds: a school, the faults that keep it from being taken, or None where the folder is
    gone; a school that is not listed cannot be read.
    """

    def __init__(self, knowledge: ShownSchools, clock: TickingClock, *schools: School) -> None:
        """Serve some schools."""
        self._knowledge, self._clock = knowledge, clock
        self.files: dict[str, School | Sequence[Fault] | None] = {}
        self.in_force = {school.id: _served(school) for school in schools}

    def state(self, school: str) -> SchoolState[SchoolView] | None:
        """Return a school as it stands; None where there is none."""
        return self.in_force.get(school)

    async def reload(self, schools: Iterable[str] | None) -> None:
        """Take what the files hold."""
        self._clock.move(timedelta(seconds=1))
        for name in schools or ():
            self._take(name)

    async def check(self, school: str) -> Sequence[Fault]:
        """Return what is wrong with the files, and take nothing."""
        found = self.files.get(school)
        return [] if found is None or isinstance(found, School) else found

    def _take(self, name: str) -> None:
        if name not in self.files:
            return
        found, before = self.files[name], self.in_force[name]
        now = self._clock.now()
        if found is None:
            del self.in_force[name]
            self._knowledge.remove(name)
        elif not isinstance(found, School):
            self.in_force[name] = replace(before, ok=False, tried_at=now, faults=tuple(found))
        elif before.school and before.ok and found.version == before.school.version:
            self.in_force[name] = replace(before, tried_at=now)
        else:
            self.in_force[name] = _served(found, now)
            self._knowledge.replace(found)


def _served(school: School, at: datetime = MONDAY - timedelta(hours=2)) -> SchoolState[SchoolView]:
    return SchoolState(school.id, view_of(school), school, at, at, ok=True, faults=())


class Bell:
    """The latest alarms."""

    def __init__(self) -> None:
        """Begin with none."""
        self.alarms: list[tuple[datetime, Alarm]] = []

    def rung(self) -> Sequence[tuple[datetime, Alarm]]:
        """List them."""
        return self.alarms


@dataclass
class HomeWorld:
    """The workspace, and whatever is wired over it. `all_served`: no pack is broken."""

    slack: SlackFake
    team: Workspace
    session: aiohttp.ClientSession
    knowledge: ShownSchools
    clock: TickingClock = field(default_factory=TickingClock)
    store: MemoryStore = field(default_factory=MemoryStore)
    all_served: bool = True

    def __post_init__(self) -> None:
        """Wire everything together."""
        self.kept = self.store.kept
        self.bound = BoundPlaces(self.knowledge, self.kept)
        self.workspaces = Workspaces(self.slack.url, self.session, self.knowledge)
        self.gate = Gate(self.workspaces, self.clock.now)
        self.channel = SlackChannel(self.workspaces, self.gate, self.clock.now)
        kinds = {kind.id: kind for kind in KINDS}
        pseudonyms, ids = PlainPseudonyms(), CountingIds()
        self.office = Office(self.store, self.bound, kinds, {"slack": self.channel}, pseudonyms, self.clock, ids)
        self.own_schools = OwnSchools(self.kept, pseudonyms, self.workspaces, lambda: self.all_served, "slack")
        self.people = People(self.workspaces, self.clock.now)
        self.shelf = Shelf(self.knowledge, self.clock, *(self.office.school(one) for one in self.knowledge.schools()))
        service = Service(self.bound, decider(), FixedClock())
        self.asking = Asking(
            service, self.office, self.own_schools, self.people, Waiting(self.office), self.channel, Later(_at_once)
        )
        self.intake = Intake(self.office, lambda word: True)
        self.admins = Admins("slack", self.workspaces, self.shelf, self.store)
        self.tab = HomeTab(
            self.asking,
            Desk(self.office),
            raising_in_slack(self.asking, self.intake),
            self.admins,
            self.kept,
            CATALOGUE.topics,
        )

        self.bell = Bell()
        telling = TellingInSlack(self.people, self.channel)
        announcing = Announcing(SLACK, self.office, telling, self.asking.later)
        bindings = Bindings(SLACK, self.office, self.workspaces, self.gate, self.bound, announcing)
        administering = chat_admin.Administering(
            self.admins,
            self.own_schools,
            self.office,
            bindings,
            Checkup(self.office, self.workspaces, bindings),
            self.shelf,
            LatestAlarms(self.bell, lambda alarm: f"{alarm.kind} at {alarm.school or 'all'}"),
        )
        self.admin = Administering(administering)

    @property
    def client(self) -> AsyncWebClient:
        """Return the client of the workspace."""
        return self.workspaces.client(TEAM)

    def member(self, user: str) -> Member:
        """Be somebody in the workspace."""
        return self.slack.person(user)

    def where(self, user: str, channel: str = "") -> Where:
        """Return where somebody is."""
        return Where(TEAM, user, channel, is_direct=channel.startswith("D"))

    def hand(self, user: str) -> Hand:
        """Return the hand of somebody who has just tapped in their home tab."""
        return Hand(self.where(user), self.client, self.slack.world.tickets.trigger(TEAM, user))

    async def home(self, user: str) -> dict[str, Any]:
        """Let somebody open their home tab, and return what they see."""
        await self.tab.show(self.where(user), self.client)
        return self.member(user).home.content

    async def types(self, user: str, text: str, channel: str = STAFF_ROOM) -> str:
        """Let somebody type /policy-admin, and return what they read."""
        answer = await self.admin.command(self.where(user, channel), text)
        check(answer)
        return read([answer])

    async def raised(self, name: str, asker: str = TEACHER, school: str = SCHOOL.id, **changes: Any) -> Escalation:
        """Let somebody raise a concern about a child."""
        person = Person("slack", asker, self.team.users[asker].real_name)
        key = self.office.key(person)
        fresh = Opening(name, school, "child-at-risk", "certain", True, "the words", person, key, "slack")
        found = await self.office.plan(school, RouteName.CHILD, "slack")
        assert isinstance(found, Plan)
        return await self.store.commit(opened(replace(fresh, **changes), found, self.office.moment(school)))


@asynccontextmanager
async def home_world(*schools: School) -> AsyncIterator[HomeWorld]:
    """Run a workspace with some schools; with Oakwood alone where none is given."""
    async with SlackFake() as slack, aiohttp.ClientSession() as session:
        team = slack.workspace(TEAM, "Model Trust")
        for user, name in ((TEACHER, "tess"), (DSL, "dan"), (HEAD, "hana"), (ADMIN, "ada")):
            team.add_user(user, name)
        team.add_user(GUEST, "gus", is_ultra_restricted=True)
        team.add_channel(SAFE, "safeguarding", DSL, HEAD, is_private=True)
        team.add_channel(STAFF_ROOM, "staff-room", TEACHER, DSL, HEAD, ADMIN)
        world = HomeWorld(slack, team, session, ShownSchools(schools or (SCHOOL,)))
        await world.workspaces.enter(slack.install(team, tuple(SCOPES)).access.value)
        yield world
        await world.asking.later.close(1)


async def _at_once(_seconds: float) -> None:
    """Wait no time at all."""
