"""Asking in Slack: a direct message, a mention, /policy, a message shortcut. One reply each, read by its asker alone.

A concern and whatever follows it is always answered by direct message: what only one person sees in a channel is gone
when they look again.
"""

from contextlib import suppress
from dataclasses import dataclass, replace
from functools import partial
from typing import Protocol

from adapters.chat import wording
from adapters.chat.later import Later, Posted
from adapters.chat.waiting import Waiting
from adapters.slack import wording as in_slack
from adapters.slack.answers import render_answer
from adapters.slack.channel import SlackChannel
from adapters.slack.notes import note, which_school
from adapters.slack.own_schools import OwnSchools
from adapters.slack.people import PLATFORM, People
from adapters.slack.rendered import Rendered
from bot.errors import BotError
from bot.escalation import wording as told
from bot.escalation.errors import StoreError
from bot.escalation.office import Office
from bot.service import Service
from bot.types import Asker, Outcome, Reply, Utterance


class Say(Protocol):
    """Shows messages to the asker alone, in their order."""

    async def __call__(self, *shown: Rendered) -> None:
        """Show them; never fails for what Slack does."""
        ...


@dataclass(frozen=True, slots=True)
class Where:
    """Who asks, and where. `thread` is the ts of the thread; `is_direct`: nobody else reads there.

    `begins` is the ts of a message in a channel, where a thread can begin beneath it.
    """

    team: str
    user: str
    channel: str
    thread: str | None = None
    is_direct: bool = False
    begins: str | None = None

    @property
    def home(self) -> str:
        """The workspace: what Slack calls a team."""
        return self.team

    @property
    def conversation(self) -> str:
        """What is said here follows what was said here before."""
        return f"{self.channel}:{self.thread or ''}"


@dataclass(frozen=True, slots=True)
class Asking:
    """Answers what people ask."""

    service: Service
    office: Office
    own_schools: OwnSchools
    people: People
    channel: SlackChannel
    later: Later
    waiting: Waiting

    async def ask(self, where: Where, text: str, key: str | None, say: Say) -> None:
        """Answer a question. `key` is the event's, once claimed; `say` shows something to the asker alone."""
        school = await self.own_schools.school(where.team, where.user, where.channel)
        if school is None:
            await self._which_school(where, text, key, say)
            return
        await self.answer(where, school, text, key, say)

    async def answer(
        self, where: Where, school: str, text: str, key: str | None, say: Say, *, choice: str | None = None
    ) -> None:
        """Answer a question for a school. `choice` is the option that was tapped."""
        asker = await self.asker(where, school)
        asked = Utterance(self.reply_id(key), school, text, choice, asker, key, thread=where.conversation)
        try:
            reply = await self.service.answer(asked)
        except BotError as error:
            await say(note(str(error)))
            return
        if where.begins and self.service.intake:
            beneath = replace(asked, thread=replace(where, thread=where.begins).conversation)
            await self.service.intake.keep_in_thread(beneath, asker, reply)
        await self.show(where, reply, say, key)

    async def show(self, where: Where, reply: Reply, say: Say, key: str | None = None) -> None:
        """Show a reply: a concern by direct message, where Slack takes it, and anything else where it was asked.

        `key` is the event's: however often Slack sends that, a direct message comes once.
        """
        schools = self.own_schools.workspaces.schools_in(where.team)
        named = self.office.school(reply.school).name if len(schools) > 1 else None
        if reply.outcome is not Outcome.CONCERN or where.is_direct:
            await say(*render_answer(reply, sharable=not where.channel.startswith("D"), school=named))
            return
        shown = render_answer(reply, school=named)
        directly = [partial(self.tell, where, one) for one in shown]
        posted = await self.later.post(*directly, key=f"{key} directly" if key else None)
        # Whoever must act now does not wait for Slack: what they cannot read there yet stands here.
        await say(*([note(in_slack.ANSWERED_DIRECTLY)] if posted is Posted.ARRIVED else shown))

    async def tell(self, where: Where, rendered: Rendered) -> None:
        """Write to somebody by direct message. Raises EscalationError."""
        await self.channel.tell(where.team, where.user, rendered)

    async def post(self, where: Where, rendered: Rendered) -> None:
        """Post where somebody wrote, in their thread. Raises EscalationError."""
        thread = {"thread_ts": where.thread} if where.thread else {}
        await self.channel.post(where.team, where.channel, rendered, **thread)

    async def asker(self, where: Where, school: str) -> Asker:
        """Return somebody as an asker of a school. Raises KeyError where it is not served."""
        person = await self.people.person(where.team, where.user)
        register = self.office.register(school, PLATFORM)
        standing = await self.people.standing(where.team, where.user, register)
        # Nobody but the asker reads a reply, wherever they asked: one conversation for each person in a workspace.
        return Asker(person, where.team, standing)

    def reply_id(self, key: str | None) -> str:
        """Return the id of a reply: the same for a repeat of the same event."""
        return self.office.pseudonyms.key(f"reply:{key}") if key else self.office.ids.new()

    async def _which_school(self, where: Where, text: str, key: str | None, say: Say) -> None:
        """Ask for the school, and keep the question until it is chosen."""
        pending = self.reply_id(key)
        with suppress(StoreError):  # whoever chooses then is told that it is gone
            await self.waiting.keep(self._owner(where), pending, text)
        schools = [self.office.school(school) for school in self.own_schools.to_choose(where.team, where.user)]
        await say(which_school(schools, pending, are_all=self.own_schools.are_all_served()))

    async def chosen(self, where: Where, school: str, say: Say, *, pending: str = "") -> None:
        """Remember the school that was chosen, and answer every question that waited for it.

        `pending` is the id of the one beneath which it was chosen.
        """
        try:
            if not await self.own_schools.choose(where.team, where.user, school):
                return
            waiting = await self.waiting.those_of(self._owner(where), pending)
        except StoreError:
            await say(note(told.NOT_WRITTEN))
            return
        await say(note(wording.school_chosen(self.office.school(school).name)))
        for one in waiting:
            # One question, however often a school is tapped: a concern in it is raised once.
            await self.answer(where, school, one.text, f"slack:waiting:{one.reply}:{school}", say)
            with suppress(StoreError):
                await self.waiting.answered(self._owner(where), one.reply)
        if pending and pending not in {one.reply for one in waiting}:
            await say(note(wording.QUESTION_GONE))

    def _owner(self, where: Where) -> str:
        return self.office.pseudonyms.key(f"slack:{where.team}:{where.user}")
