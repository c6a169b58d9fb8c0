"""A school, an escalation at any point of its life, and a small world in which a courier works."""

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import Any

from bot.escalation.courier import Courier
from bot.escalation.errors import StaleError
from bot.escalation.hours import Timetable
from bot.escalation.lifecycle import (
    Actor,
    Moment,
    Opening,
    acknowledged,
    answered,
    opened,
    passed_on,
    reopened,
    replied,
    resolved,
)
from bot.escalation.model import (
    Address,
    Card,
    Change,
    Delivery,
    DeliveryKind,
    DeliveryState,
    Entry,
    EntryKind,
    Escalation,
    Person,
    Resolution,
    State,
)
from bot.escalation.office import Office
from bot.escalation.ports import Wanted
from bot.escalation.receipt import receipt
from bot.escalation.render import Scene
from bot.escalation.routing import Plan
from knowledge.model import ConcernKind, Contact, Hours, Jurisdiction, Reach, Route, RouteName, School
from tests.escalation_fakes import MONDAY, CountingIds, FakeChannel, QuietBell, ShownSchools, TickingClock
from tests.store_fake import MemoryStore, PlainPseudonyms

DSL_TITLE = "Designated Safeguarding Lead"
WORDS = "the-very-words-that-somebody-wrote"
REPLY = "the-very-words-of-the-reply"
ANSWER = "the-very-words-of-the-answer"
MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
EVENING = datetime.combine(MONDAY.date(), datetime.min.time(), MONDAY.tzinfo) + 20 * HOUR
TUESDAY_8 = EVENING + 12 * HOUR


def contact(role: str, name: str, phone: str = "01632 960001", deputy: str | None = None) -> Contact:
    """Return a contact with a telephone, a mail address and an inbox on the web; both are named after the role."""
    reach = (Reach("phone", phone), Reach("email", f"{role}@oakwood.example"), Reach("web", role))
    title = role.replace("-", " ").capitalize().replace("dsl", DSL_TITLE).replace("Dsl", DSL_TITLE)
    return Contact(role, title, name, reach, deputy)


PEOPLE = (
    contact("dsl", "Mr B. Dale", deputy="deputy-dsl"),
    contact("deputy-dsl", "Ms C. Ford"),
    contact("headteacher", "Mrs A. Hill", deputy="deputy-head"),
    contact("deputy-head", "Mr D. Wood"),
    contact("chair-of-governors", "Dr E. Glen"),
    Contact("school-office", "School office", "Front desk", (Reach("phone", "01632 960000"), Reach("room", "Room 1"))),
    Contact("out-of-hours", "Out-of-hours team", "Duty team", (Reach("phone", "01632 960020"),)),
)
SCHOOL = School(
    "oakwood",
    "Oakwood School",
    Jurisdiction.ENGLAND,
    MappingProxyType({one.role: one for one in PEOPLE}),
    (),
    routes=MappingProxyType(
        {
            RouteName.CHILD: Route(("dsl", "deputy-dsl", "headteacher"), MappingProxyType({"web": "safe-place"})),
            RouteName.STAFF: Route(("headteacher", "chair-of-governors")),
            RouteName.HEAD: Route(("chair-of-governors",)),
            RouteName.QUESTION: Route(("headteacher", "deputy-head")),
        }
    ),
    hours=Hours(("mon", "tue", "wed", "thu", "fri"), "08:00", "16:00"),
)
MEMBERS = frozenset({"dsl", "deputy-dsl", "headteacher"})
KINDS = tuple(
    ConcernKind(name, title, route, urgent, True, (), (), "ours")
    for name, title, route, urgent in (
        ("child-at-risk", "A child may be at risk of harm", RouteName.CHILD, True),
        ("pupil-contact", "A pupil makes contact in private", RouteName.CHILD, False),
        ("adult-conduct", "An adult's conduct towards children", RouteName.STAFF, True),
    )
)

PLACE = Address("web", "safe-place", "place")
DSL_INBOX = Address("web", "dsl", role="dsl")
DEPUTY_INBOX = Address("web", "deputy-dsl", role="deputy-dsl")
HEAD_INBOX = Address("web", "headteacher", role="headteacher")
ASKER_INBOX = Address("web", "asker-1")
LADDER = (PLACE, DSL_INBOX, DEPUTY_INBOX, HEAD_INBOX)
PLAN = Plan(RouteName.CHILD, PEOPLE[:3], LADDER)


def key(person_id: str) -> str:
    """Return the pseudonymous key of somebody on the web."""
    return PlainPseudonyms().key(f"web:{person_id}")


def actor(role: str) -> Actor:
    """Return the holder of a role, taking a step."""
    return Actor(key(role), role, Person("web", role, SCHOOL.contact(role).name or role))


ASKER = Person("web", "asker-1", "Ms Patel")
DSL, DEPUTY, HEAD = actor("dsl"), actor("deputy-dsl"), actor("headteacher")
_IDS = CountingIds()


def moment(at: datetime = MONDAY) -> Moment:
    """Return a moment at the school."""
    return Moment(at, Timetable(SCHOOL.hours), _IDS)


def opening(**changes: Any) -> Opening:
    """Return what is recorded when an escalation opens."""
    fresh = Opening("source-1", SCHOOL.id, "child-at-risk", "certain", True, WORDS, ASKER, key(ASKER.id), "web")
    return replace(fresh, **changes)


def recorded(**changes: Any) -> Escalation:
    """Return an escalation that has just been opened and has reached nobody."""
    return replace(opened(opening(), PLAN, moment()).after, **changes)


def carded(*addresses: Address) -> tuple[Card, ...]:
    """Return a card at each address."""
    return tuple(Card(address, f"card-at-{address.id}") for address in addresses)


def waiting(**changes: Any) -> Escalation:
    """Return an escalation that stands in the private place, and that nobody has taken."""
    fresh = recorded(state=State.DELIVERED, delivered_at=MONDAY, cards=carded(PLACE))
    return replace(fresh, **changes)


def taken(**changes: Any) -> Escalation:
    """Return an escalation that the Designated Safeguarding Lead took five minutes after it was opened."""
    fresh = waiting(
        state=State.ACKNOWLEDGED,
        holder=DSL.key,
        holder_role="dsl",
        acknowledged_at=MONDAY + 5 * MINUTE,
        waiting_since=None,
        next_at=MONDAY + 4 * HOUR + 5 * MINUTE,
    )
    return replace(fresh, **changes)


def question(**changes: Any) -> Escalation:
    """Return a policy question that was handed to the headteacher, who has not taken it."""
    fresh = waiting(
        category="question", urgent=False, route=RouteName.QUESTION, told=(HEAD_INBOX,), cards=carded(HEAD_INBOX)
    )
    return replace(fresh, **changes)


def a_delivery(kind: DeliveryKind, address: Address, of: Escalation | None = None, **changes: Any) -> Delivery:
    """Return a delivery that is being sent."""
    one = of or waiting()
    fresh = Delivery(_IDS.new(), one.id, one.school, address, kind, one.urgent, MONDAY, MONDAY, attempts=1)
    return replace(fresh, **changes)


def brought(change: Change) -> list[tuple[str, str]]:
    """List what a change sends, as kind and address."""
    return [(str(one.kind), one.address.id) for one in change.deliveries]


def logged(change: Change) -> list[str]:
    """List the kinds of the events of a change."""
    return [event.kind for event in change.events]


Step = Callable[[Escalation, Address | None, Moment], Change]


def acknowledge(one: Escalation, asker: Address | None, at: Moment) -> Change:
    """Let the Designated Safeguarding Lead take it."""
    return acknowledged(one, DSL, asker, at)


def resolve(one: Escalation, asker: Address | None, at: Moment) -> Change:
    """Let the Designated Safeguarding Lead resolve it."""
    return resolved(one, DSL, Resolution.HANDLED, asker, at)


def reopen(one: Escalation, asker: Address | None, at: Moment) -> Change:
    """Let the Designated Safeguarding Lead open it again."""
    return reopened(one, DSL, asker, at)


def pass_on(one: Escalation, asker: Address | None, at: Moment) -> Change:
    """Let the Designated Safeguarding Lead pass it on to the deputy."""
    return passed_on(one, DSL, DEPUTY_INBOX, asker, at)


def reply(one: Escalation, asker: Address | None, at: Moment) -> Change:
    """Let the Designated Safeguarding Lead answer the asker."""
    return replied(one, DSL, REPLY, asker, at)


def answer(one: Escalation, asker: Address | None, at: Moment) -> Change:
    """Let the asker add something; it goes to whoever has it, else to everybody with a card."""
    holder = [Address("web", "dsl", role="dsl")] if one.state is State.ACKNOWLEDGED else []
    return answered(one, ANSWER, holder or [card.address for card in one.cards] or one.told, at, asker)


@dataclass(slots=True)
class World:
    """A school with a courier, in which time passes only when it is told to."""

    clock: TickingClock = field(default_factory=TickingClock)
    bell: QuietBell = field(default_factory=QuietBell)
    ids: CountingIds = field(default_factory=CountingIds)
    store: MemoryStore = field(default_factory=MemoryStore)
    knowledge: ShownSchools = field(default_factory=lambda: ShownSchools([SCHOOL]))
    web: FakeChannel = field(init=False)
    mail: FakeChannel = field(init=False)
    office: Office = field(init=False)
    courier: Courier = field(init=False)
    has_mail: bool = False
    patience_s: float = 20.0

    def __post_init__(self) -> None:
        """Wire everything together."""
        self.web = FakeChannel("web", clock=self.clock, places={"safe-place": MEMBERS})
        self.mail = FakeChannel("mail", clock=self.clock)
        channels = {"web": self.web} | ({"mail": self.mail} if self.has_mail else {})
        kinds = {kind.id: kind for kind in KINDS}
        self.office = Office(self.store, self.knowledge, kinds, channels, PlainPseudonyms(), self.clock, self.ids)
        self.restart()

    def restart(self, worker: str = "worker") -> None:
        """Start a new courier over the same store; what the old one remembered is gone."""
        self.courier = self.another(worker)

    def another(self, worker: str) -> Courier:
        """Return one more courier over the same store."""
        chance = random.Random(1)  # noqa: S311 - the jitter of pauses
        return Courier(self.office, self.office.channels, self.bell, worker, chance, self.patience_s)

    async def open(self, name: str = "1", asker: Person = ASKER, **changes: Any) -> Escalation:
        """Open an escalation the way its category goes."""
        wanted = opening(source=name, asker=asker, asker_key=key(asker.id), **changes)
        routes: dict[str, RouteName] = {kind.id: kind.route for kind in KINDS}
        route = routes.get(wanted.category, RouteName.QUESTION)
        found = await self.office.plan(SCHOOL.id, route, "web", wanted.excluded, asker.id)
        assert isinstance(found, Plan)
        return await self.store.commit(opened(wanted, found, self.office.moment(SCHOOL.id)))

    async def take(self, one: Escalation, step: Step) -> Escalation:
        """Take a step on an escalation as it stands."""
        while True:
            current = await self.look(one)
            change = step(current, await self.office.asker_address(current), self.office.moment(SCHOOL.id))
            try:
                return await self.store.commit(change)
            except StaleError:
                continue

    async def look(self, one: Escalation) -> Escalation:
        """Return an escalation as it stands."""
        found = await self.store.escalation(one.id)
        assert found is not None
        return found

    async def work(self) -> None:
        """Let the courier work until nothing more happens at this instant; it must come to rest."""
        quiet = busy = 0
        while quiet < 2:
            busy += 1
            assert busy < 2_000, "the courier never rests"
            before = await self._trace()
            await self.courier.step()
            await self.courier.finish()
            quiet = quiet + 1 if await self._trace() == before else 0

    async def pass_time(self, by: timedelta, every: timedelta = MINUTE) -> None:
        """Let time pass, the courier working all the while."""
        end = self.clock.at + by
        while self.clock.at < end:
            self.clock.move(min(every, end - self.clock.at))
            await self.work()

    async def pending(self, one: Escalation) -> list[Delivery]:
        """List what is still to be sent of an escalation."""
        return [found for found in await self.store.deliveries(one.id) if found.state is DeliveryState.PENDING]

    async def states(self, one: Escalation) -> list[tuple[str, str, str]]:
        """List the deliveries of an escalation: kind, address and state."""
        found = await self.store.deliveries(one.id)
        return [(str(sent.kind), sent.address.id, str(sent.state)) for sent in found]

    async def _trace(self) -> Sequence[int]:
        changes = sum(one.version for one in await self.store.escalations(Wanted()))
        return self.web.tries, self.mail.tries, changes


def references(channel: FakeChannel, where: Address) -> list[str]:
    """List the references of what arrived at an address, in order."""
    return [message.reference for message in channel.to(where.id)]


def without_place() -> School:
    """Return the school without a private place on any route."""
    routes = {name: replace(route, place=None) for name, route in SCHOOL.routes.items()}
    return replace(SCHOOL, routes=MappingProxyType(routes))


def kinds_to(channel: FakeChannel, address: Address) -> list[str]:
    """List the kinds of what arrived at an address, in order."""
    return [str(message.kind) for message in channel.to(address.id)]


def scene(one: Escalation, school: School = SCHOOL, now: datetime = MONDAY, **changes: Any) -> Scene:
    """Return what a message about an escalation is made of, with the words of its thread."""
    title = next((kind.title for kind in KINDS if kind.id == one.category), "A policy question")
    words = (Entry(EntryKind.OPENING, one.asker, WORDS, one.opened_at, 1),)
    made = Scene(one, school, title, ASKER.name, words, receipt(one, school, title, now), now)
    return replace(made, **changes)
