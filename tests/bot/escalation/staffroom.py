"""A school at work: everybody who can be told, somebody who writes, and what stands between them."""

from collections.abc import Mapping
from dataclasses import replace
from types import MappingProxyType

from bot import wording
from bot.escalation.authority import Standing
from bot.escalation.desk import Desk
from bot.escalation.errors import StoreError
from bot.escalation.intake import Intake
from bot.escalation.model import Change, DeliveryKind, Escalation, Feedback, Person, Turn
from bot.escalation.office import Office
from bot.escalation.ports import Wanted
from bot.types import Asker, Candidate, Offer, Option, Outcome, Reply, ShownClause, Utterance
from knowledge.model import ConcernKind, Contact, Hours, Jurisdiction, Reach, Route, RouteName, School
from knowledge.roles import TITLES, unnamed_contacts
from tests.bot import builders
from tests.bot.builders import CONDUCT, FRIENDS, MESSAGES, PARENTS
from tests.escalation_fakes import CountingIds, FakeChannel, ShownSchools, TickingClock
from tests.store_fake import MemoryStore, PlainPseudonyms

PLACE = "safeguarding"
WORDS = "she showed me the bruises on her arm"


def contact(role: str, name: str, deputy: str | None = None, *, inbox: str | None = None) -> Contact:
    """Return somebody with a telephone and an inbox."""
    reach = (Reach("phone", f"01632 96{len(role):04d}"), Reach("web", inbox or f"u-{role}"))
    return Contact(role, TITLES[role], name, reach, deputy)


HEAD = contact("headteacher", "Mrs A. Hill", "deputy-head")
DEPUTY_HEAD = contact("deputy-head", "Mr D. Wood")
DSL = contact("dsl", "Mr B. Dale", "deputy-dsl")
DEPUTY = contact("deputy-dsl", "Ms C. Ford")
CHAIR = contact("chair-of-governors", "Dr E. Glen")
OFFICE = Contact("school-office", "School office", "Front desk", (Reach("phone", "01632 960100"),))
NIGHT = Contact("out-of-hours", TITLES["out-of-hours"], "Duty team", (Reach("phone", "01632 960200"),))
LADO = Contact("lado", TITLES["lado"], "Duty desk", (Reach("phone", "01632 960300"),))
PEOPLE = (HEAD, DEPUTY_HEAD, DSL, DEPUTY, CHAIR, OFFICE, NIGHT, LADO)
ROUTES: Mapping[RouteName, tuple[str, ...]] = {
    RouteName.CHILD: ("dsl", "deputy-dsl", "headteacher"),
    RouteName.STAFF: ("headteacher", "chair-of-governors"),
    RouteName.HEAD: ("chair-of-governors",),
    RouteName.QUESTION: ("headteacher", "deputy-head"),
}
HOURS = Hours(("mon", "tue", "wed", "thu", "fri"), "07:45", "17:30")


def kind(category: str, route: RouteName, contacts: tuple[str, ...], *, urgent: bool) -> ConcernKind:
    """Return a category."""
    return ConcernKind(category, category.capitalize(), route, urgent, not urgent, contacts, ("Tell them.",), "ours")


AT_RISK = kind("child-at-risk", RouteName.CHILD, ("dsl", "deputy-dsl", "headteacher"), urgent=True)
PUPIL_CONTACT = kind("pupil-contact", RouteName.CHILD, ("dsl", "headteacher"), urgent=False)
ADULT = kind("adult-conduct", RouteName.STAFF, ("headteacher", "chair-of-governors"), urgent=True)
LOW_LEVEL = kind("low-level", RouteName.STAFF, ("headteacher", "chair-of-governors"), urgent=False)
# No catalogue should name the headteacher here; whatever it names, the reply must not.
ABOUT_HEAD = kind("head-conduct", RouteName.HEAD, ("headteacher", "dsl", "chair-of-governors"), urgent=True)
DATA_LOSS = replace(
    kind("data-loss", RouteName.STAFF, ("dpo", "it-support", "headteacher"), urgent=False), beside=("dpo", "it-support")
)
KINDS = (AT_RISK, PUPIL_CONTACT, ADULT, LOW_LEVEL, ABOUT_HEAD, DATA_LOSS, builders.DANGER)


def school(
    *changed: Contact,
    name: str = "oakwood",
    routes: Mapping[RouteName, tuple[str, ...]] = ROUTES,
    places: Mapping[RouteName, str] = MappingProxyType({RouteName.CHILD: PLACE}),
) -> School:
    """Return a school with some people changed; its concerns about children go to a place of their own."""
    people = {one.role: one for one in (*PEOPLE, *changed)}
    return School(
        id=name,
        name=name.capitalize(),
        jurisdiction=Jurisdiction.ENGLAND,
        contacts=MappingProxyType(unnamed_contacts(Jurisdiction.ENGLAND) | people),
        policies=(CONDUCT,),
        routes=MappingProxyType(
            {
                route: Route(roles, MappingProxyType({"web": places[route]}) if route in places else None)
                for route, roles in routes.items()
            }
        ),
        hours=HOURS,
    )


ONE_PERSON = contact("dsl", "Mrs A. Hill", inbox="u-headteacher")


def ids(*people: Contact) -> frozenset[str]:
    """Return the inboxes of some people."""
    return frozenset(reach.value for one in people for reach in one.reach if reach.kind == "web")


def person(of: Contact | str, name: str | None = None) -> Person:
    """Return somebody at their inbox: a holder of a role, or anybody by their id."""
    if isinstance(of, Contact):
        return Person("web", next(iter(ids(of))), of.name or of.role)
    return Person("web", of, name or of)


def asker(of: Contact | str = "u-teacher", standing: Standing = Standing.STAFF, chat: str = "chat") -> Asker:
    """Return whoever writes."""
    return Asker(person(of, "Ms Patel") if isinstance(of, str) else person(of), chat, standing)


TEACHER = asker()
PUPIL = asker("u-pupil", Standing.OUTSIDER)


def concern(of: ConcernKind, certainty: str = "certain", at: School | None = None, reply: str = "r1") -> Reply:
    """Return the reply to a concern, as it is decided and before anybody attends to it."""
    there = at or school()
    return Reply(
        id=reply,
        school=there.id,
        question=WORDS,
        outcome=Outcome.CONCERN,
        confidence=0.0,
        message=wording.concern(of),
        advice=of.advice,
        contacts=tuple(there.contact(role) for role in of.contacts),
        escalation=Offer(of.id, certainty, of.urgent, of.route),
        notices=(wording.OFFER_NOTICE,),
    )


def answer(outcome: Outcome = Outcome.ANSWER, reply: str = "r1", at: str = "oakwood") -> Reply:
    """Return the reply to a question: a clause, two clauses to tap, or nothing."""
    shown = (ShownClause(FRIENDS, CONDUCT, 0.9),) if outcome is Outcome.ANSWER else ()
    options = tuple(Option(f"clause:{one.id}", wording.option_label(one), (one.id,)) for one in (FRIENDS, MESSAGES))
    return Reply(
        id=reply,
        school=at,
        question="can i friend a pupil",
        outcome=outcome,
        confidence=0.9,
        message=wording.ANSWER,
        clauses=shown,
        options=options if outcome is Outcome.CLARIFY else (),
        candidates=tuple(Candidate(one, 0.5, {}) for one in (FRIENDS, MESSAGES, PARENTS)),
        contacts=(HEAD,),
    )


class NoRoomLeft(MemoryStore):
    """A store whose disk is full for what is named: "commit", "remember", "note"."""

    def __init__(self, *refused: str) -> None:
        """Refuse these."""
        super().__init__()
        self.refused = set(refused)

    async def commit(self, change: Change) -> Escalation:
        """Write a step, if there is room."""
        self._need_room("commit")
        return await super().commit(change)

    async def remember(self, turn: Turn) -> None:
        """Keep a turn, if there is room."""
        self._need_room("remember")
        await super().remember(turn)

    async def note(self, feedback: Feedback) -> None:
        """Keep what came of a reply, if there is room."""
        self._need_room("note")
        await super().note(feedback)

    def _need_room(self, what: str) -> None:
        if what in self.refused:
            raise StoreError("disk full")


class Staffroom:
    """Schools at work, over a store in memory. `woken` counts how often the courier was woken."""

    def __init__(self, *schools: School, store: MemoryStore | None = None) -> None:
        """Begin on a school morning, with nothing raised."""
        self.clock = TickingClock()
        self.store = store or MemoryStore()
        self.channel = FakeChannel(clock=self.clock, places={PLACE: ids(DSL, DEPUTY)})
        self.knowledge = ShownSchools(schools or (school(),))
        self.woken = 0
        self.office = Office(
            store=self.store,
            knowledge=self.knowledge,
            kinds={one.id: one for one in KINDS},
            channels={"web": self.channel},
            pseudonyms=PlainPseudonyms(),
            clock=self.clock,
            ids=CountingIds(),
        )
        self.intake = Intake(self.office, {"can", "i", "friend", "a"}.__contains__, self._wake)
        self.desk = Desk(self.office, self._wake)

    async def attend(self, reply: Reply, by: Asker = TEACHER, text: str = WORDS, event: str | None = None) -> Reply:
        """Attend to a reply that was decided."""
        utterance = Utterance(reply.id, reply.school, text, asker=by, event_key=event)
        return await self.intake.attend(utterance, by, reply)

    async def told(self, of: ConcernKind = AT_RISK, by: Asker = TEACHER, reply: str = "r1") -> Escalation:
        """Raise a concern, whatever taps it takes, and return the escalation."""
        there = self.knowledge.view(self.knowledge.schools()[0]).school
        shown = await self.attend(concern(of, at=there, reply=reply), by)
        assert shown.escalation is not None
        opened = shown.escalation.id or (await self.intake.tell(by, reply)).id
        return await self.read(opened)

    async def read(self, escalation: str) -> Escalation:
        """Return an escalation as it stands."""
        found = await self.store.escalation(escalation)
        assert found is not None
        return found

    async def raised(self) -> list[Escalation]:
        """List everything that was raised."""
        return list(await self.store.escalations(Wanted()))

    async def log(self, escalation: str) -> list[str]:
        """List the kinds of what happened to an escalation."""
        return [one.event.kind for one in await self.store.events(escalation)]

    async def waiting_for(self, escalation: str, kind: DeliveryKind) -> list[str]:
        """List the ids to which something is on its way."""
        return [one.address.id for one in await self.store.deliveries(escalation) if one.kind is kind]

    def _wake(self) -> None:
        self.woken += 1
