"""Asking on a chat platform: which school, who asks, what was asked before; how a reply is shown is the platform's."""

from abc import ABC, abstractmethod
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import ClassVar, Generic, Protocol, TypeVar

from adapters.chat import wording
from adapters.chat.own_schools import OwnSchools
from adapters.chat.waiting import Waiting
from bot.errors import BotError
from bot.escalation import wording as told
from bot.escalation.authority import Standing
from bot.escalation.errors import StoreError
from bot.escalation.model import Person
from bot.escalation.office import Office
from bot.escalation.register import Register
from bot.service import Service
from bot.types import Asker, Reply, Utterance
from knowledge.model import School

Shown = TypeVar("Shown")
Shown_contra = TypeVar("Shown_contra", contravariant=True)


class Somewhere(Protocol):
    """Who asks, and where."""

    @property
    def home(self) -> str:
        """The workspace or tenant."""
        ...

    @property
    def user(self) -> str:
        """The id of whoever asks."""
        ...

    @property
    def place(self) -> str | None:
        """The place in which they ask, as a school.yaml names it; None where none is known."""
        ...

    @property
    def conversation(self) -> str:
        """What is said here follows what was said here before."""
        ...

    @property
    def beneath(self) -> str | None:
        """The conversation that may begin beneath what they ask; None where that is the same one."""
        ...


Where = TypeVar("Where", bound=Somewhere)


class Say(Protocol[Shown_contra]):
    """Shows messages to the asker alone, in their order."""

    async def __call__(self, *shown: Shown_contra) -> None:
        """Show them; never fails for what the platform does."""
        ...


class KnowsPeople(Protocol):
    """Asks the platform who people are."""

    async def person(self, home: str, user: str, /) -> Person:
        """Return somebody with the name they go by, as far as it is known."""
        ...

    async def standing(self, home: str, user: str, register: Register, /) -> Standing:
        """Say whether somebody asks as a member of staff."""
        ...


@dataclass(frozen=True, slots=True)
class Asking(ABC, Generic[Where, Shown]):
    """Answers what people ask. `platform` is its name."""

    platform: ClassVar[str]
    service: Service
    office: Office
    own_schools: OwnSchools
    people: KnowsPeople
    waiting: Waiting

    @abstractmethod
    def note(self, text: str) -> Shown:
        """Return a sentence as a message."""

    @abstractmethod
    def which_school(self, schools: Sequence[School], pending: str, *, are_all: bool) -> Shown:
        """Ask which school somebody asks for. `pending` is the id of the question that waits for it."""

    @abstractmethod
    async def show(self, where: Where, reply: Reply, say: Say[Shown], key: str | None = None) -> None:
        """Show a reply where it may be read. `key` is the event's: however often that comes, nothing is told twice."""

    async def ask(self, where: Where, text: str, key: str | None, say: Say[Shown], *, points_at: bool = False) -> None:
        """Answer a question. `key` is the event's, once claimed; `say` shows something to the asker alone.

        `points_at`: these are the words of somebody else's message, at which they point.
        """
        school = await self.own_schools.school(where.home, where.user, where.place)
        if school is None:
            await self._ask_for_the_school(where, text, key, say)
            return
        await self.answer(where, school, self.pointed_at(school, text) if points_at else text, key, say)

    def pointed_at(self, school: str, text: str) -> str:
        """Return somebody else's words as they are raised, so that nobody takes them for the asker's own.

        Raises KeyError where the school is not served.
        """
        return text if self.service.concern_in(school, text) is None else f"{wording.POINTED_AT} {text}"

    async def answer(
        self, where: Where, school: str, text: str, key: str | None, say: Say[Shown], *, choice: str | None = None
    ) -> None:
        """Answer a question for a school. `choice` is the option that was tapped."""
        asker = await self.asker(where, school)
        asked = Utterance(self.reply_id(key), school, text, choice, asker, key, thread=where.conversation)
        try:
            reply = await self.service.answer(asked)
        except BotError as error:
            await say(self.note(str(error)))
            return
        if where.beneath and self.service.intake:
            await self.service.intake.keep_in_thread(replace(asked, thread=where.beneath), asker, reply)
        await self.show(where, reply, say, key)

    async def asker(self, where: Where, school: str) -> Asker:
        """Return somebody as an asker of a school. Raises KeyError where it is not served."""
        person = await self.people.person(where.home, where.user)
        register = self.office.register(school, self.platform)
        standing = await self.people.standing(where.home, where.user, register)
        # Nobody but the asker reads a reply, wherever they asked: one conversation for each person in a home.
        return Asker(person, where.home, standing)

    def reply_id(self, key: str | None) -> str:
        """Return the id of a reply: the same for a repeat of the same event."""
        return self.office.pseudonyms.key(f"reply:{key}") if key else self.office.ids.new()

    async def _ask_for_the_school(self, where: Where, text: str, key: str | None, say: Say[Shown]) -> None:
        """Ask for the school, and keep the question until it is chosen."""
        pending = self.reply_id(key)
        with suppress(StoreError):  # whoever chooses then is told that it is gone
            await self.waiting.keep(self._owner(where), pending, text)
        schools = [self.office.school(school) for school in self.own_schools.to_choose(where.home, where.user)]
        await say(self.which_school(schools, pending, are_all=self.own_schools.are_all_served()))

    async def chosen(self, where: Where, school: str, say: Say[Shown], *, pending: str = "") -> None:
        """Remember the school that was chosen, and answer every question that waited for it.

        `pending` is the id of the one beneath which it was chosen.
        """
        try:
            if not await self.own_schools.choose(where.home, where.user, school):
                return
            waiting = await self.waiting.those_of(self._owner(where), pending)
        except StoreError:
            await say(self.note(told.NOT_WRITTEN))
            return
        await say(self.note(wording.school_chosen(self.office.school(school).name)))
        for one in waiting:
            # One question, however often a school is tapped: a concern in it is raised once.
            await self.answer(where, school, one.text, f"{self.platform}:waiting:{one.reply}:{school}", say)
            with suppress(StoreError):
                await self.waiting.answered(self._owner(where), one.reply)
        if pending and pending not in {one.reply for one in waiting}:
            await say(self.note(wording.QUESTION_GONE))

    def named(self, where: Where, school: str) -> str | None:
        """Return what a school is called where several share a home; None where there is but one."""
        return self.office.school(school).name if len(self.own_schools.belonging.schools_in(where.home)) > 1 else None

    def _owner(self, where: Where) -> str:
        return self.office.pseudonyms.key(f"{self.platform}:{where.home}:{where.user}")
