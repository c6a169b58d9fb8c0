"""Raising a concern, or handing a question on: who would read it as things stand, and opening it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from bot.escalation import lifecycle, wording
from bot.escalation.authority import Standing
from bot.escalation.errors import RefusedError, StaleError
from bot.escalation.hours import Timetable
from bot.escalation.lifecycle import Opening
from bot.escalation.model import QUESTION, Escalation, Turn
from bot.escalation.narrowing import Knowing, narrowed
from bot.escalation.offering import Standpoint, offer_of, reachable, seal_of
from bot.escalation.office import Office, named
from bot.escalation.ports import Wanted
from bot.escalation.routing import NoRoute, Plan
from bot.types import Asker, Offer
from knowledge.model import Contact, RouteName

_TRIES = 5


@dataclass(frozen=True, slots=True)
class Raising:
    """What somebody raises, from the turn that is remembered of it. `wake` tells the courier."""

    office: Office
    wake: Callable[[], None]

    async def plan(self, turn: Turn, asker: Asker) -> Plan | NoRoute:
        """Return who would read it as things stand."""
        platform, own = self._where(asker)
        found = reachable(await self.office.plan(turn.school, _route(turn), platform, turn.excluded, own))
        if isinstance(found, NoRoute):
            return found
        return self.office.beside(found, turn.school, turn.category or "", turn.excluded, own)

    async def plan_without(self, turn: Turn, shown: Plan, asker: Asker) -> tuple[Plan | NoRoute, Turn]:
        """Return who would read it where one of those who were shown is involved, and the turn as it stands then."""
        platform, own = self._where(asker)
        found, excluded = await self.office.next_safe(turn.school, shown, platform, turn.excluded, own)
        found = reachable(found)
        route = str(found.route) if isinstance(found, Plan) else turn.route
        return found, replace(turn, route=route, excluded=excluded)

    def offer(self, turn: Turn, found: Plan | NoRoute, before: str | None = None) -> Offer:
        """Return what the asker sees of it. `before` says what is true of those to whom it went before, if any."""
        urgent = self._is_urgent(turn)
        stands = Standpoint(urgent, waits=not urgent and not self.is_open(turn.school), sent=before is not None)
        made = offer_of(turn, found, stands, self.office.pseudonyms.key)
        if before is None:
            return made
        said = f"{before} {made.problem}" if made.problem else (made.says or "").replace(wording.SENT_BEFORE, before)
        return replace(made, says=said, sent=True)

    def is_other(self, found: Plan, seal: str | None) -> bool:
        """Tell whether a tap was made on another list of readers than there is now."""
        return seal is not None and seal != seal_of(found, self.office.pseudonyms.key)

    def is_open(self, school: str) -> bool:
        """Tell whether a school is open at this moment."""
        return Timetable(self.office.school(school).hours).is_open(self.office.clock.now())

    def fit_to_show(self, turn: Turn, asker: Asker, contacts: Sequence[Contact]) -> tuple[Contact, ...]:
        """Leave out of some contacts whoever the concern is about, and the asker where others are left."""
        platform, own = self._where(asker)
        register = self.office.register(turn.school, platform)
        barred = register.involved(register.about(_route(turn), self.office.hidden(turn.excluded)))
        held = register.roles_of(own) if own is not None else frozenset[str]()
        safe = tuple(contact for contact in contacts if contact.role not in barred)
        return tuple(contact for contact in safe if contact.role not in held) or safe

    async def open(self, turn: Turn, asker: Asker, found: Plan, event_key: str | None = None) -> Escalation:
        """Record it; a repeat returns what was recorded before. Raises StoreError."""
        opening = Opening(
            source=self._source(turn, asker),
            school=turn.school,
            category=turn.category or "",
            certainty=turn.certainty or "possible",
            urgent=self._is_urgent(turn),
            text=turn.text,
            asker=named(asker.person),
            asker_key=self.office.key(asker.person),
            platform=self._where(asker)[0],
            staff=asker.standing is not Standing.OUTSIDER,
            excluded=turn.excluded,
            event_key=event_key,
        )
        opened = await self.office.store.commit(lifecycle.opened(opening, found, self.office.moment(turn.school)))
        self.wake()
        return opened

    async def is_raised(self, turn: Turn, asker: Asker) -> bool:
        """Tell whether it has been raised before on the route on which it stands now."""
        source = self._source(turn, asker)
        return any(one.source == source for one in await self.sent(turn, asker))

    async def narrow(self, turn: Turn, asker: Asker) -> str | None:
        """Keep what was sent before from those who are involved since, as far as they have not been told of it.

        Returns what is true of it then; None where nothing was sent.
        """
        sent = await self.sent(turn, asker)
        kept = [await self._narrowed(one, turn) for one in sent]
        return (wording.SENT_BEFORE if all(kept) else wording.SENT_AND_OPEN) if sent else None

    async def sent(self, turn: Turn, asker: Asker) -> list[Escalation]:
        """List what was raised of a turn before, on whatever route."""
        wanted = Wanted(asker=self.office.key(asker.person), school=turn.school)
        begins = self._source(replace(turn, route=""), asker)
        return [one for one in await self.office.store.escalations(wanted) if one.source.startswith(begins)]

    async def _narrowed(self, escalation: Escalation, turn: Turn) -> bool:
        """Take the step on what was sent; tell whether nobody who was named for it is told from now on."""
        one: Escalation | None = escalation
        for _ in range(_TRIES):
            if one is None:
                return True
            register = self.office.register(one.school, one.platform)
            knowing = Knowing.of(register, one, await self.office.told_by_place(one))
            change = narrowed(one, knowing, self.office.hidden(turn.excluded), self.office.moment(one.school))
            try:
                after = await self.office.store.commit(change) if change else one
            except StaleError:
                one = await self.office.store.escalation(escalation.id)
                continue
            found = await self.office.plan_for(after)
            return found is None or knowing.holds(found.readers)
        raise RefusedError(wording.CHANGED_MEANWHILE)

    def _where(self, asker: Asker) -> tuple[str, str | None]:
        """Return the platform on which people are told, and the asker's id there."""
        platform = self.office.platform_for(asker.person)
        return platform, asker.person.id if asker.person.platform == platform else None

    def _is_urgent(self, turn: Turn) -> bool:
        kind = self.office.kinds.get(turn.category or "")
        return kind.at(self.office.school(turn.school)).urgent if kind else False

    def _source(self, turn: Turn, asker: Asker) -> str:
        """Return the key under which taps open one escalation, however often they come: one for each route it takes."""
        what = QUESTION if turn.category == QUESTION else "concern"
        return f"{what}:{self.office.key(asker.person)}:{turn.reply}:{turn.route}"


def _route(turn: Turn) -> RouteName:
    return RouteName(turn.route or RouteName.QUESTION)
