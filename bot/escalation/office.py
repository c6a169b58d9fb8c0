"""What every step of escalating needs to know: who may be told, where the asker is, and what a message is made of."""

import asyncio
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType

from bot.characters import whole
from bot.escalation import wording
from bot.escalation.authority import may_act
from bot.escalation.errors import ChannelDownError, StoreError
from bot.escalation.hours import Timetable, local_date
from bot.escalation.lifecycle import Moment
from bot.escalation.model import MAIL, QUESTION, TO_ASKER, Address, Delivery, DeliveryKind, Entry, Escalation, Person
from bot.escalation.ports import Channel, Clock, Ids, Pseudonyms, Store, Wanted
from bot.escalation.receipt import Receipt, receipt
from bot.escalation.register import Register, TokenSet, excluded_by
from bot.escalation.render import Scene
from bot.escalation.routing import NoRoute, Plan, next_safe, plan, with_beside
from bot.escalation.settling import reply_lost_at
from bot.ports import Knowledge
from knowledge.model import ConcernKind, RouteName, School

LOOKUP_TIMEOUT_S = 3  # whoever writes waits for their reply meanwhile, and an urgent message waits too
_TEAM = "safeguarding-team"  # whoever reads a place without holding a role of the route
# What never shows the words of a thread, whatever a school has said about them.
_WORDLESS = frozenset({DeliveryKind.STALE, DeliveryKind.DIGEST, DeliveryKind.RECEIPT})


@dataclass(frozen=True, slots=True)
class Reads:
    """The places to which escalations went that somebody reads, each with its school.

    `unsure`: of others it cannot be found out just now whether they do.
    """

    places: frozenset[tuple[str, Address]]
    unsure: bool


@dataclass(frozen=True, slots=True)
class Office:
    """The ports of escalating, and the questions that are put to several of them at once.

    `kinds` are the concern categories by id; `channels` the ways to reach people by platform. A platform that has not
    said after `patience_s` who reads a place is taken for one that does not answer.
    """

    store: Store
    knowledge: Knowledge
    kinds: Mapping[str, ConcernKind]
    channels: Mapping[str, Channel]
    pseudonyms: Pseudonyms
    clock: Clock
    ids: Ids
    patience_s: float = LOOKUP_TIMEOUT_S

    def school(self, school: str) -> School:
        """Return a school as it is now. Raises KeyError where it is not served."""
        return self.knowledge.view(school).school

    def serves(self, school: str) -> bool:
        """Tell whether a school is served."""
        return school in self.knowledge.schools()

    def moment(self, school: str) -> Moment:
        """Return the present moment at a school."""
        return Moment(self.clock.now(), Timetable(self.school(school).hours), self.ids)

    def key(self, person: Person) -> str:
        """Return a person's pseudonymous key."""
        return self.pseudonyms.key(f"{person.platform}:{person.id}")

    def platform_for(self, person: Person) -> str:
        """Return the platform on which people are told of what somebody raised: their own, else the first chat."""
        if person.platform in self.channels:
            return person.platform
        return next((name for name in self.channels if name != MAIL), person.platform)

    def title(self, category: str) -> str:
        """Return what a category is called."""
        if category == QUESTION:
            return wording.QUESTION_TITLE
        return self.kinds[category].title if category in self.kinds else category

    def register(self, school: str, platform: str) -> Register:
        """Return a school's register as it stands today, on a platform. Raises KeyError where it is not served."""
        told = _questions_apart(self.school(school), platform)
        return Register(told, self.channels[platform], local_date(self.clock.now()))

    def hidden(self, keys: Collection[str]) -> TokenSet:
        """Return the people who must not see an escalation, from the pseudonymous tokens it keeps of them."""
        return TokenSet(frozenset(keys), self.pseudonyms.key)

    def hidden_by(self, category: str, school: str) -> tuple[str, ...]:
        """Return the pseudonymous tokens of those whom a category itself says it is about."""
        return tuple(sorted(self.hidden(()).plus(excluded_by(category, self.school(school))).keys))

    async def plan(
        self, school: str, route: RouteName, platform: str, hidden: Collection[str] = (), asker: str | None = None
    ) -> Plan | NoRoute:
        """Return who would be told on a route today. `asker` is the asker's id on the platform."""
        register = self.register(school, platform)
        members = await self._members(register.school, route, platform)
        return plan(register, route, members, self.hidden(hidden), asker)

    def beside(
        self, found: Plan, school: str, category: str, hidden: Collection[str] = (), asker: str | None = None
    ) -> Plan:
        """Add to a plan those whom its category tells besides the route, the asker apart (by their id there)."""
        kind = self.kinds.get(category)
        if kind is None or not kind.beside:
            return found
        register = self.register(school, found.rungs[0].platform)
        return with_beside(register, found, kind.beside, self.hidden(hidden), asker)

    async def next_safe(
        self, school: str, shown: Plan, platform: str, hidden: Collection[str], asker: str | None
    ) -> tuple[Plan | NoRoute, tuple[str, ...]]:
        """Return what comes after a plan of which somebody is involved, and who must not see it from now on."""
        register = self.register(school, platform)
        asked = await asyncio.gather(*(self._members(register.school, route, platform) for route in RouteName))
        members = dict(zip(RouteName, asked, strict=True))
        found, excluded = next_safe(register, shown, members, self.hidden(hidden), asker)
        return found, tuple(sorted(excluded.keys))

    async def members(self, school: str, place: Address) -> frozenset[str] | None:
        """Return the ids of those who read a place; None where its platform cannot tell.

        Raises ChannelDownError where the platform does not answer in time, or fails in whatever way.
        """
        try:
            async with asyncio.timeout(self.patience_s):
                return await self.channels[place.platform].members(school, place.id)
        except Exception as error:
            raise ChannelDownError("who reads there cannot be found out") from error

    async def told_by_place(self, one: Escalation) -> frozenset[str] | None:
        """Return the ids of those who read the places to which an escalation went; None where that is unknown."""
        places = [told for told in one.told if told.kind == "place"]
        asked = await asyncio.gather(*(self._readers(one.school, place) for place in places))
        known = [ids for ids in asked if ids is not None]
        return frozenset().union(*known) if len(known) == len(places) else None

    async def places_read(self, person: Person, of: Iterable[Escalation]) -> Reads:
        """Return the places to which some escalations went that a person reads."""
        served = [one for one in of if self.serves(one.school)]
        places = {(one.school, told) for one in served for told in one.told if told.kind == "place"}
        near = [(school, place) for school, place in places if person.platform == place.platform]
        asked = await asyncio.gather(*(self._reads(person, school, place) for school, place in near))
        return Reads(frozenset(each for each, reads in zip(near, asked, strict=True) if reads), unsure=None in asked)

    def role_in(self, person: Person, one: Escalation, reads: Collection[tuple[str, Address]]) -> str | None:
        """Return the role in which a person may see an escalation; None where they may not.

        `reads` holds the places that they read.
        """
        if person.platform != one.platform or person.platform not in self.channels or not self.serves(one.school):
            return None
        register = self.register(one.school, one.platform)
        member = any((one.school, told) in reads for told in one.told)
        if not may_act(register, one, self.hidden(one.excluded), person.id, is_member=member):
            return None
        held = register.roles_of(person.id)
        route = register.school.routes.get(one.route)
        order = [*(told.role for told in one.told), *(route.people if route else ())]
        return next((role for role in order if role in held), min(held, default=_TEAM))

    async def role_of(self, person: Person, one: Escalation) -> str | None:
        """Return the role in which a person may see an escalation; None where they may not, or that is unknown now."""
        return self.role_in(person, one, (await self.places_read(person, [one])).places)

    async def plan_for(self, escalation: Escalation) -> Plan | None:
        """Return who may be told of an escalation today; None where nobody may any more."""
        asker = await self.store.person(escalation.asker)
        school, platform, hidden = escalation.school, escalation.platform, escalation.excluded
        own = asker.id if asker and asker.platform == platform else None
        found = await self.plan(school, escalation.route, platform, hidden, own)
        return self.beside(found, school, escalation.category, hidden, own) if isinstance(found, Plan) else None

    async def asker_address(self, escalation: Escalation) -> Address | None:
        """Return where the asker reads their receipts; None where that is nowhere, or their name has been erased."""
        asker = await self.store.person(escalation.asker)
        if asker is None or asker.platform not in self.channels:
            return None
        return Address(asker.platform, asker.id)

    def mail_addresses(self, found: Plan | None) -> tuple[Address, ...]:
        """Return the mail addresses of those who may be told; the asker's only where nobody else is left."""
        people = found.people if found else ()
        others = [contact for contact in people if found and contact in found.readers]  # the asker never is
        reached = [(contact, self.channels[MAIL].address(contact)) for contact in others or people]
        return tuple(Address(MAIL, mail, role=contact.role) for contact, mail in reached if mail)

    def receipt(self, escalation: Escalation) -> Receipt:
        """Return the receipt of an escalation as it stands."""
        # Somebody who is not staff may be the child themselves: what staff call it is nothing to send them.
        title = self.title(escalation.category) if escalation.staff else wording.NOT_STAFF_TITLE
        return receipt(escalation, self.school(escalation.school), title, self.clock.now())

    async def scene(self, escalation: Escalation, delivery: Delivery) -> Scene:
        """Return what a message about an escalation is made of, its words among it where the message shows any.

        Raises StoreError where the store does not answer; where it is the words that it cannot give, only for a reply.
        """
        waiting: tuple[tuple[Escalation, str], ...] = ()
        if delivery.kind is DeliveryKind.DIGEST:
            listed = await self.store.escalations(Wanted(school=escalation.school, open_only=True))
            waiting = tuple([(one, await self.name(one.asker)) for one in listed if one.is_question])
        entries = await self._words(escalation, delivery)
        first = await self._first_receipt(escalation, delivery) if delivery.kind in TO_ASKER else None
        return replace(await self.card(escalation), entries=entries, waiting=waiting, first_receipt=first)

    async def _first_receipt(self, escalation: Escalation, delivery: Delivery) -> str | None:
        """Return the message that brought the asker their first receipt at this address."""
        sent = [one for one in await self.store.deliveries(escalation.id) if one.kind is DeliveryKind.RECEIPT]
        there = [one.message_id for one in sent if one.address.lane == delivery.address.lane and one.message_id]
        return there[0] if there else None

    async def card(self, escalation: Escalation) -> Scene:
        """Return what a card is made of that shows no words; they are not even read."""
        return Scene(
            escalation=escalation,
            school=self.school(escalation.school),
            title=self.title(escalation.category),
            asker=await self.name(escalation.asker),
            entries=(),
            receipt=self.receipt(escalation),
            now=self.clock.now(),
            reply_lost_at=reply_lost_at(await self.store.deliveries(escalation.id)) if escalation.entries > 1 else None,
        )

    async def name(self, key: str) -> str:
        """Return the name behind a key."""
        person = await self.store.person(key)
        return person.name if person else wording.NAME_ERASED

    async def _words(self, escalation: Escalation, delivery: Delivery) -> tuple[Entry, ...]:
        """Return the words that a message shows; none where it shows none, or can do without those that are lost."""
        is_reply = delivery.kind is DeliveryKind.REPLY
        open_words = escalation.is_question or self.school(escalation.school).words_in_notices
        if delivery.address.platform == MAIL or delivery.kind in _WORDLESS or not (is_reply or open_words):
            return ()
        try:
            return tuple(await self.store.entries(escalation.id))
        except StoreError:
            if is_reply:
                raise
            return ()  # that something was raised must be told, whatever became of the words

    async def _members(self, school: School, route: RouteName, platform: str) -> frozenset[str] | None:
        """Return who reads a route's place on a platform; None where there is none, or that is unknown."""
        found = school.routes.get(route)
        place = found.place.get(platform) if found and found.place else None
        return await self._readers(school.id, Address(platform, place, kind="place")) if place else None

    async def _reads(self, person: Person, school: str, place: Address) -> bool | None:
        """Tell whether a person reads a place; None where its platform does not answer just now."""
        try:
            return person.id in (await self.members(school, place) or ())
        except ChannelDownError:
            return None

    async def _readers(self, school: str, place: Address) -> frozenset[str] | None:
        try:
            return await self.members(school, place)
        except ChannelDownError:
            return None  # a platform that does not answer is a place that cannot be checked


def named(person: Person) -> Person:
    """Return a person whose name can be written down, whatever the platform gave for it."""
    return replace(person, name=whole(person.name))


def _questions_apart(school: School, platform: str) -> School:
    """Take its place from the route of questions where concerns are read there: a policy question never goes there."""
    own = school.routes.get(RouteName.QUESTION)
    place = (own.place or {}).get(platform) if own else None
    of_concerns = [route.place for name, route in school.routes.items() if name is not RouteName.QUESTION]
    if own is None or place is None or place not in [(one or {}).get(platform) for one in of_concerns]:
        return school
    return replace(school, routes=MappingProxyType({**school.routes, RouteName.QUESTION: replace(own, place=None)}))
