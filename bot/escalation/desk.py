"""The desk of those who are told: opening, taking, passing on, replying, resolving. Every step is authorised anew.

Who may act is asked of the register as it stands at that moment, before every try. Being an admin gives nothing here.
"""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass

from bot.characters import whole
from bot.escalation import lifecycle, wording
from bot.escalation.errors import RefusedError, StaleError
from bot.escalation.lifecycle import Actor, Moment
from bot.escalation.message import Act
from bot.escalation.model import Change, Entry, Escalation, Person, Resolution, State
from bot.escalation.office import Office, named
from bot.escalation.ports import Wanted
from bot.escalation.render import acts, card_lines
from knowledge.model import Contact

_TRIES = 5


@dataclass(frozen=True, slots=True)
class Listed:
    """An escalation as it stands on somebody's desk: a card without words."""

    escalation: Escalation
    title: str
    lines: tuple[str, ...]
    acts: tuple[Act, ...]


@dataclass(frozen=True, slots=True)
class Said:
    """One piece of a thread, with the name of who said it."""

    entry: Entry
    by: str


@dataclass(frozen=True, slots=True)
class Opened:
    """An opened escalation: its card, its thread, and to whom it can be passed on.

    `note` says why there is no thread; None where there is one.
    """

    listed: Listed
    thread: tuple[Said, ...]
    others: tuple[Contact, ...]
    note: str | None = None


@dataclass(frozen=True, slots=True)
class Desk:
    """What those who are told can do. Every method raises RefusedError where the person may not, or it does not fit.

    Where the store fails, StoreError comes through, and nothing has been done or shown. `wake` tells the courier that
    there is something to deliver.
    """

    office: Office
    wake: Callable[[], None] = lambda: None

    async def inbox(self, person: Person, school: str) -> Sequence[Listed]:
        """List what a person may see of a school: open ones first, urgent before others, oldest first."""
        found = await self.office.store.escalations(Wanted(school=school))
        reads = await self.office.places_read(person, found)
        mine = [one for one in found if self.office.role_in(person, one, reads)]
        mine.sort(key=lambda one: one.resolution is not None)
        return [await self._listed(one) for one in mine]

    async def open(self, person: Person, escalation_id: str) -> Opened:
        """Open the words. Each time that is noted first; the asker is told the first time that a role has seen it."""
        after, actor = await self._take(person, escalation_id, self._seen)
        thread = await said_in(self.office, after)
        found = await self.office.plan_for(after)
        school = self.office.school(after.school)
        roles = [rung.role for rung in (found.rungs if found else ()) if rung.role and rung.role != actor.role]
        others = tuple(school.contact(role) for role in roles)
        return Opened(await self._listed(after), thread, others, None if thread else wording.PURGED)

    async def acknowledge(self, person: Person, escalation_id: str) -> Listed:
        """Take it: the chase ends and the asker is told."""

        async def step(one: Escalation, actor: Actor, moment: Moment) -> Change:
            if one.state is State.ACKNOWLEDGED and one.holder != actor.key and one.holder_role:
                title = self.office.school(one.school).contact(one.holder_role).title
                raise RefusedError(wording.taken_already(title))
            return lifecycle.acknowledged(one, actor, await self.office.asker_address(one), moment)

        return await self._step(person, escalation_id, step)

    async def pass_on(self, person: Person, escalation_id: str, role: str) -> Listed:
        """Pass it on to another role of its route, who must take it in turn."""

        async def step(one: Escalation, actor: Actor, moment: Moment) -> Change:
            found = await self.office.plan_for(one)
            to = next((rung for rung in (found.rungs if found else ()) if rung.role == role), None)
            if to is None:
                raise RefusedError(wording.NOBODY_THERE)
            return lifecycle.passed_on(one, actor, to, await self.office.asker_address(one), moment)

        return await self._step(person, escalation_id, step)

    async def reply(self, person: Person, escalation_id: str, text: str) -> Listed:
        """Answer the asker through Signpost; refused where nobody would get the answer."""
        said = worth_saying(text)

        async def step(one: Escalation, actor: Actor, moment: Moment) -> Change:
            asker = await self.office.asker_address(one)
            if asker is None:
                raise RefusedError(wording.ASKER_GONE)
            return lifecycle.replied(one, actor, said, asker, moment)

        return await self._step(person, escalation_id, step)

    async def resolve(self, person: Person, escalation_id: str, resolution: Resolution) -> Listed:
        """Close it, with a category and no story."""

        async def step(one: Escalation, actor: Actor, moment: Moment) -> Change:
            return lifecycle.resolved(one, actor, resolution, await self.office.asker_address(one), moment)

        return await self._step(person, escalation_id, step)

    async def reopen(self, person: Person, escalation_id: str) -> Listed:
        """Open a resolved one anew."""

        async def step(one: Escalation, actor: Actor, moment: Moment) -> Change:
            return lifecycle.reopened(one, actor, await self.office.asker_address(one), moment)

        return await self._step(person, escalation_id, step)

    async def _seen(self, one: Escalation, actor: Actor, moment: Moment) -> Change:
        return lifecycle.seen(one, actor, await self.office.asker_address(one), moment)

    async def _step(self, person: Person, escalation_id: str, step: "_Step") -> Listed:
        after, _ = await self._take(person, escalation_id, step)
        return await self._listed(after)

    async def _take(self, person: Person, escalation_id: str, step: "_Step") -> tuple[Escalation, Actor]:
        """Take a step on the escalation as it stands; taken again from the start where somebody came first."""
        for _ in range(_TRIES):
            one, actor = await self._acting(person, escalation_id)
            change = await step(one, actor, self.office.moment(one.school))
            try:
                after = await self.office.store.commit(change)
            except StaleError:
                continue
            self.wake()
            return after, actor
        raise RefusedError(wording.CHANGED_MEANWHILE)

    async def _acting(self, person: Person, escalation_id: str) -> tuple[Escalation, Actor]:
        one = await self.office.store.escalation(escalation_id)
        role = await self.office.role_of(person, one) if one else None
        if one is None or role is None:
            raise RefusedError(wording.NOT_YOURS)  # the same words for both: nobody learns what is there
        return one, Actor(self.office.key(person), role, named(person))

    async def _listed(self, one: Escalation) -> Listed:
        card = await self.office.card(one)
        return Listed(one, card.title, tuple(card_lines(card)), acts(one))


_Step = Callable[[Escalation, Actor, Moment], Awaitable[Change]]


async def said_in(office: Office, one: Escalation) -> tuple[Said, ...]:
    """Return the words of an escalation, each with the name of who said it; none once they have been purged."""
    entries = await office.store.entries(one.id)
    return tuple([Said(entry, await office.name(entry.author)) for entry in entries])


def worth_saying(text: str) -> str:
    """Return what somebody typed, fit to be kept. Raises RefusedError where it is empty or too long."""
    said = whole(text).strip()
    if not said:
        raise RefusedError(wording.EMPTY_REPLY)
    if len(said) > wording.LONGEST_REPLY:
        raise RefusedError(wording.reply_too_long(len(said)))
    return said
