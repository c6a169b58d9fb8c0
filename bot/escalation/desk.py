"""The desk of those who are told: opening, taking, passing on, replying, resolving. Every step is authorised anew.

Who may act is asked of the register as it stands at that moment, before every try. Being an admin gives nothing here.
"""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, replace

from bot.characters import whole
from bot.escalation import lifecycle, wording
from bot.escalation.errors import RefusedError, StaleError
from bot.escalation.lifecycle import Actor, Moment
from bot.escalation.message import Act
from bot.escalation.model import Change, Entry, Escalation, Person, Resolution
from bot.escalation.office import Office, named
from bot.escalation.ports import Wanted
from bot.escalation.render import Scene, acts, card_lines
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
class Replied:
    """The card after a reply, and the reply itself, to be shown to whoever wrote it."""

    listed: Listed
    said: Said


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

    Where the store fails, StoreError comes through, and nothing has been done or shown: everything that an answer
    needs is read before the step is written. `wake` tells the courier that there is something to deliver.
    """

    office: Office
    wake: Callable[[], None] = lambda: None

    async def inbox(self, person: Person, school: str) -> Sequence[Listed]:
        """List what a person may see of a school: open ones first, urgent before others, oldest first."""
        found = await self.office.store.escalations(Wanted(school=school))
        reads = await self.office.places_read(person, found)
        mine = [one for one in found if self.office.role_in(person, one, reads.places)]
        mine.sort(key=lambda one: one.resolution is not None)
        return [_listed(await self.office.card(one)) for one in mine]

    async def open(self, person: Person, escalation_id: str) -> Opened:
        """Open the words: they are read, then it is noted that they were, and only then are they shown.

        The asker is told the first time that a role has seen them.
        """
        thread: tuple[Said, ...] = ()
        others: tuple[Contact, ...] = ()

        async def step(one: Escalation, actor: Actor, moment: Moment) -> Change:
            nonlocal thread, others
            thread, others = await said_in(self.office, one), await self._others(one, actor)
            return lifecycle.seen(one, actor, await self.office.asker_address(one), moment)

        listed = await self._step(person, escalation_id, step)
        return Opened(listed, thread, others, None if thread else wording.PURGED)

    async def may(self, person: Person, escalation_id: str) -> None:
        """Raise RefusedError where somebody may do nothing with an escalation."""
        await self._acting(person, escalation_id)

    async def look(self, person: Person, escalation_id: str) -> Listed:
        """Return an escalation as it stands: a card without words, to whoever may do something with it."""
        one, _ = await self._acting(person, escalation_id)
        return _listed(await self.office.card(one))

    async def others(self, person: Person, escalation_id: str) -> tuple[Contact, ...]:
        """Return those to whom somebody can pass it on."""
        return await self._others(*await self._acting(person, escalation_id))

    async def acknowledge(self, person: Person, escalation_id: str) -> Listed:
        """Take it: the chase ends and the asker is told."""

        async def step(one: Escalation, actor: Actor, moment: Moment) -> Change:
            school = self.office.school(one.school)
            holder = school.contact(one.holder_role).title if one.holder_role else None
            return lifecycle.acknowledged(one, actor, await self.office.asker_address(one), moment, holder)

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

    async def reply(self, person: Person, escalation_id: str, text: str) -> Replied:
        """Answer the asker through Signpost; refused where nobody would get the answer."""
        words = worth_saying(text)
        said: list[Said] = []

        async def step(one: Escalation, actor: Actor, moment: Moment) -> Change:
            asker = await self.office.asker_address(one)
            if asker is None:
                raise RefusedError(wording.ASKER_GONE)
            change = lifecycle.replied(one, actor, words, asker, moment)
            said[:] = [Said(entry, actor.person.name) for entry in change.entries]
            return change

        return Replied(await self._step(person, escalation_id, step), said[0])

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

    async def _step(self, person: Person, escalation_id: str, step: "_Step") -> Listed:
        """Take a step on the escalation as it stands; taken again from the start where somebody came first.

        Once it is written nothing is read any more: a step that was taken is never reported as one that failed.
        """
        for _ in range(_TRIES):
            one, actor = await self._acting(person, escalation_id)
            card = await self.office.card(one)
            change = await step(one, actor, self.office.moment(one.school))
            try:
                after = await self.office.store.commit(change)
            except StaleError:
                continue
            self.wake()
            return _listed(replace(card, escalation=after))
        raise RefusedError(wording.CHANGED_MEANWHILE)

    async def _acting(self, person: Person, escalation_id: str) -> tuple[Escalation, Actor]:
        one = await self.office.store.escalation(escalation_id)
        if one is None:
            raise RefusedError(wording.NOT_YOURS)  # the same words as below: nobody learns what is there
        reads = await self.office.places_read(person, [one])
        role = self.office.role_in(person, one, reads.places)
        if role is None:  # the same words for everybody, whatever keeps them out
            raise RefusedError(wording.PERHAPS_YOURS if reads.unsure else wording.NOT_YOURS)
        return one, Actor(self.office.key(person), role, named(person))

    async def _others(self, one: Escalation, actor: Actor) -> tuple[Contact, ...]:
        """Return those to whom somebody can pass it on."""
        found = await self.office.plan_for(one)
        school = self.office.school(one.school)
        roles = [rung.role for rung in (found.rungs if found else ()) if rung.role and rung.role != actor.role]
        return tuple(school.contact(role) for role in roles)


def _listed(card: Scene) -> Listed:
    return Listed(card.escalation, card.title, tuple(card_lines(card)), acts(card.escalation))


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
