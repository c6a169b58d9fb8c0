"""Two schools in one home of a chat platform, with everything that an admin's command needs, and no network."""

from collections import deque
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from types import MappingProxyType

from adapters.chat.admin import Administering, LatestAlarms
from adapters.chat.admin_wording import Platform
from adapters.chat.admins import Admins
from adapters.chat.announcing import Announcing
from adapters.chat.belonging import Belonging
from adapters.chat.bindings import Bindings
from adapters.chat.later import Later
from adapters.chat.own_schools import OwnSchools
from adapters.chat.reports import Finding, Report
from adapters.places import BoundPlaces
from bot.escalation.errors import EscalationError
from bot.escalation.model import Person
from bot.escalation.office import Office
from bot.escalation.ports import Alarm
from bot.view import SchoolView
from knowledge.faults import Fault
from knowledge.library import SchoolState
from knowledge.model import Reach, Route, RouteName, School
from tests.bot.builders import CONDUCT, PHONES, view_of
from tests.bot.escalation.builders import KINDS
from tests.bot.escalation.builders import SCHOOL as OAKWOOD
from tests.escalation_fakes import MONDAY, CountingIds, FakeChannel, ShownSchools, TickingClock
from tests.store_fake import MemoryStore, PlainPseudonyms

HOME, SAFE, OPEN, CHAT = "home-1", "place-safe", "place-open", "chat-ada"
DSL, HEAD, ADMIN, TEACHER = "id-dsl", "id-head", "id-admin", "id-teacher"
MEETING = Platform(
    id="teams",
    name="Meeting",
    home="house",
    command="admin",
    inside="@Signpost admin",
    direct="a talk with Signpost",
    directly="face to face",
    an_id="Meeting id",
    find_id="Ask them for their id, and write it",
    make_channel="Make a private channel, then type",
    mends_itself=("ask Signpost in",),
    confirming="where the house does not say who listens.",
)
_IDS = {"dsl": DSL, "headteacher": HEAD}
_CONTACTS = {
    role: replace(contact, reach=(*contact.reach, Reach("teams", _IDS[role]))) if role in _IDS else contact
    for role, contact in OAKWOOD.contacts.items()
}
SCHOOL = replace(
    OAKWOOD,
    contacts=MappingProxyType(_CONTACTS),
    policies=(CONDUCT, PHONES),
    routes=MappingProxyType(
        {
            RouteName.CHILD: Route(("dsl", "headteacher"), MappingProxyType({"teams": SAFE})),
            RouteName.STAFF: Route(("headteacher",)),
            RouteName.QUESTION: Route(("headteacher",)),
        }
    ),
    belongs=(MappingProxyType({"teams_tenant": HOME}),),
    admins=(MappingProxyType({"teams": "ada@oakwood.example"}), MappingProxyType({"slack": TEACHER})),
    version="v1",
)
FAULT = Fault("oakwood/school.yaml", 7, "there is no such role", "a role of the register", "Write dsl.")


@dataclass(frozen=True)
class Where:
    """Where somebody types."""

    user: str
    channel: str
    is_direct: bool = False
    home: str = HOME
    beneath: str | None = None

    @property
    def place(self) -> str | None:
        """No place here is one school's own."""
        return None

    @property
    def conversation(self) -> str:
        """What is said here follows what was said here before."""
        return self.channel


class House:
    """The homes in which Signpost is installed."""

    def __init__(self, knowledge: ShownSchools) -> None:
        """Install Signpost in one."""
        self.installed = [HOME]
        self._belonging = Belonging(knowledge, "teams_tenant", "teams_team")

    def homes(self) -> Sequence[str]:
        """List them."""
        return self.installed

    def homes_of(self, school: str) -> Sequence[str]:
        """List those of a school."""
        return [home for home in self._belonging.homes_of(school) if home in self.installed]

    def schools_in(self, home: str, place: str | None = None) -> Sequence[str]:
        """List the schools of a home."""
        return self._belonging.schools_in(home, place)

    def is_of_one_school(self, home: str, place: str | None) -> bool:
        """Tell whether a place is one school's own."""
        return self._belonging.is_of_one_school(home, place)


@dataclass
class Doorman:
    """A gate whose answers are given: what is wrong with each channel, and who reads it.

    A channel without readers is not known. `confirmed` holds who gave their word for which; that takes away what is
    wrong with those in `waits_for_a_word`. `refusals` befall the next questions; `asked` are the channels asked about.
    """

    readers: dict[str, frozenset[str]]
    faults: dict[str, str] = field(default_factory=dict)
    waits_for_a_word: set[str] = field(default_factory=set)
    confirmed: list[tuple[str, str, str]] = field(default_factory=list)
    refusals: deque[EscalationError] = field(default_factory=deque)
    asked: list[tuple[str, str]] = field(default_factory=list)
    _known: set[tuple[str, str]] = field(default_factory=set)

    async def fault(self, home: str, place: str) -> str | None:
        """Say what keeps a channel from being told of anything."""
        if (home, place) not in self._known:
            self.asked.append((home, place))
            if self.refusals:
                raise self.refusals.popleft()
            self._known.add((home, place))
        return self.faults.get(place)

    async def members(self, home: str, place: str) -> frozenset[str]:
        """Return who reads a channel."""
        if place not in self.readers:
            raise EscalationError("not known")
        return self.readers[place]

    def knows(self, home: str, place: str) -> bool:
        """Tell whether it says so without asking."""
        return (home, place) in self._known

    def forget(self, home: str, place: str) -> None:
        """Look anew next time."""
        self._known.discard((home, place))

    async def confirm(self, home: str, place: str, by: str) -> None:
        """Take somebody's word."""
        self.confirmed.append((home, place, by))
        if place in self.waits_for_a_word:
            self.faults.pop(place, None)


class Post:
    """Takes what is written to people and into channels; `refuses` says what befalls what is sent to an address."""

    def __init__(self) -> None:
        """Begin with nothing written."""
        self.told: list[tuple[str, str]] = []
        self.posted: list[tuple[str, str]] = []
        self.refuses: dict[str, EscalationError] = {}

    async def person(self, home: str, user: str) -> Person:
        """Return somebody with the name they go by."""
        return Person("teams", user, "Ada Admin" if user == ADMIN else user)

    async def tell(self, home: str, user: str, text: str) -> None:
        """Tell somebody directly."""
        self._check(user)
        self.told.append((user, text))

    async def post(self, home: str, place: str, text: str) -> None:
        """Post in a channel."""
        self._check(place)
        self.posted.append((place, text))

    def _check(self, address: str) -> None:
        if address in self.refuses:
            raise self.refuses[address]


class Shelf:
    """The schools in force, and the reload that takes `files` for them; a school without files cannot be read."""

    def __init__(self, clock: TickingClock, *schools: School) -> None:
        """Serve some schools."""
        self._clock = clock
        self.files: dict[str, School | Sequence[Fault]] = {}
        self.in_force = {school.id: _served(school) for school in schools}

    def state(self, school: str) -> SchoolState[SchoolView] | None:
        """Return a school as it stands."""
        return self.in_force.get(school)

    async def check(self, school: str) -> Sequence[Fault]:
        """Return what is wrong with the files."""
        found = self.files.get(school)
        return [] if found is None or isinstance(found, School) else found

    async def reload(self, schools: Iterable[str] | None) -> None:
        """Take what the files hold."""
        self._clock.move(timedelta(seconds=1))
        for name in schools or ():
            found = self.files.get(name)
            if isinstance(found, School):
                self.in_force[name] = _served(found, self._clock.now())
            elif found:
                broken = replace(self.in_force[name], ok=False, tried_at=self._clock.now(), faults=tuple(found))
                self.in_force[name] = broken


def _served(school: School, at: datetime = MONDAY - timedelta(hours=2)) -> SchoolState[SchoolView]:
    return SchoolState(school.id, view_of(school), school, at, at, ok=True, faults=())


@dataclass
class Look:
    """A checkup of a school of `office` that finds what it is given. `meanwhile` happens before it begins."""

    office: Office
    findings: Sequence[Finding] = ()
    meanwhile: Callable[[], None] | None = None

    async def look(self, school_id: str) -> Sequence[Finding]:
        """Return what was found. Raises KeyError where the school is not served."""
        if self.meanwhile:
            self.meanwhile()
        return self.findings if self.office.school(school_id) else ()


@dataclass
class Bell:
    """The latest alarms."""

    alarms: list[tuple[datetime, Alarm]] = field(default_factory=list)

    def rung(self) -> Sequence[tuple[datetime, Alarm]]:
        """List them."""
        return self.alarms


class AdminWorld:
    """A home with some schools, and the command of their admins. `platform` is how they speak of it."""

    def __init__(self, *schools: School, platform: Platform = MEETING) -> None:
        """Wire everything together."""
        served = schools or (SCHOOL,)
        self.clock, self.store, self.post, self.bell = TickingClock(), MemoryStore(), Post(), Bell()
        self.knowledge = ShownSchools(served)
        self.places = BoundPlaces(self.knowledge, self.store.kept)
        self.house = House(self.knowledge)
        self.gate = Doorman({SAFE: frozenset({DSL, HEAD}), OPEN: frozenset({DSL, ADMIN})})
        self.shelf = Shelf(self.clock, *served)
        self.pseudonyms = PlainPseudonyms()
        kinds, channels = {kind.id: kind for kind in KINDS}, {"teams": FakeChannel("teams")}
        self.office = Office(self.store, self.places, kinds, channels, self.pseudonyms, self.clock, CountingIds())
        self.look = Look(self.office)
        own = OwnSchools(self.store.kept, self.pseudonyms, self.house, lambda: True, platform.id)
        announcing = Announcing(platform, self.office, self.post, Later(_at_once))
        word = self.gate if platform.confirming else None
        self.bindings = Bindings(platform, self.office, self.house, self.gate, self.places, announcing, word)
        self.admins = Admins("teams", self.house, self.shelf, self.store, frozenset(), _is_same)
        alarms = LatestAlarms(self.bell, lambda alarm: f"{alarm.kind} at {alarm.school or 'all'}")
        self.admin = Administering(self.admins, own, self.office, self.bindings, self.look, self.shelf, alarms)

    async def types(self, user: str, text: str, channel: str = CHAT) -> Report:
        """Let somebody type a command, and return what they are answered."""
        return await self.admin.command(Where(user, channel, is_direct=channel == CHAT), text)

    async def says(self, user: str, text: str, channel: str = CHAT) -> str:
        """Let somebody type a command that is answered with one sentence, and return that."""
        report = await self.types(user, text, channel)
        assert report.is_sentence
        return report.title

    def place_of(self, route: RouteName, school: str = SCHOOL.id) -> str | None:
        """Return the channel that a route goes to now."""
        return (self.office.school(school).routes[route].place or {}).get("teams")


def lines(report: Report) -> list[str]:
    """Return everything that stands in a report, line by line."""
    return [line for _, listed in report.sections for line in listed]


def _is_same(written: str, user: str) -> bool:
    """Know the admin by the name that they sign in with, and everybody by their id."""
    return user in {written, {"ada@oakwood.example": ADMIN}.get(written)}


async def _at_once(_seconds: float) -> None:
    """Wait no time at all."""
