"""Asking in Teams: in the own chat with Signpost, in a group chat or in a channel. One reply each.

In a chat that others read, what they may read is answered there; everything else goes to the asker's own chat, and the
others read one sentence that says no more than that.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import ClassVar

from adapters.chat import asking as chat
from adapters.chat import replies
from adapters.chat.later import Later, Posted
from adapters.teams import wording as in_teams
from adapters.teams.answers import render_answer
from adapters.teams.channel import TeamsChannel
from adapters.teams.connection import Spot
from adapters.teams.incoming import PERSONAL, Incoming
from adapters.teams.notes import note, which_school, your_school
from adapters.teams.people import PLATFORM
from adapters.teams.rendered import Rendered
from adapters.teams.views import answer_dialog
from bot.escalation.authority import Standing
from bot.types import Outcome, Reply
from knowledge.model import School

Say = chat.Say[Rendered]


@dataclass(frozen=True, slots=True)
class Where:
    """Who asks, and where. `team` and `channel` are there for what is written in a channel.

    `card` is the id of the message that was tapped on. `window`: it was tapped in a dialog, which nobody else sees.
    """

    tenant: str
    user: str
    spot: Spot
    kind: str
    team: str | None = None
    channel_id: str | None = None
    card: str | None = None
    window: bool = False

    @property
    def home(self) -> str:
        """The tenant."""
        return self.tenant

    @property
    def place(self) -> str | None:
        """The team: a school.yaml can say that it is one school's own."""
        return self.team

    @property
    def channel(self) -> str:
        """The channel, by which a route can name it; empty in any chat."""
        return self.channel_id or ""

    @property
    def is_direct(self) -> bool:
        """Whether nobody else reads there."""
        return self.kind == PERSONAL

    @property
    def conversation(self) -> str:
        """What is said here follows what was said here before: a chat, or a thread in a channel.

        What was asked in a dialog is followed by nothing that others read.
        """
        return f"{self.spot.conversation}|window" if self.window else self.spot.conversation

    @property
    def beneath(self) -> None:
        """No other thread begins beneath what they ask: in a channel each post is one from its beginning."""
        return


def where(heard: Incoming) -> Where:
    """Return who acted, and where."""
    place = heard.place
    return Where(heard.tenant, heard.user, heard.spot, heard.kind, place.team, place.channel, heard.reply_to)


@dataclass(frozen=True, slots=True)
class Asking(chat.Asking[Where, Rendered]):
    """Answers what people ask."""

    platform: ClassVar[str] = PLATFORM
    channel: TeamsChannel
    later: Later

    def note(self, text: str) -> Rendered:
        """Return a sentence as a message."""
        return note(text)

    def which_school(self, schools: Sequence[School], pending: str, *, are_all: bool) -> Rendered:
        """Ask which school somebody asks for."""
        return which_school(schools, pending, are_all=are_all)

    def your_school(self, where: Where, school: str) -> Rendered:
        """Say which school somebody asks for from now on; one that was picked by mistake can be changed there."""
        there = [self.office.school(one) for one in self.own_schools.to_choose(where.home, where.user)]
        return your_school(self.office.school(school), there)

    async def show(self, where: Where, reply: Reply, say: Say, key: str | None = None) -> None:
        """Show a reply where it was asked, if everybody there may read it, else to the asker alone."""
        named = self.named(where, reply.school)
        if where.window:
            await say(Rendered(replies.notification(reply), answer_dialog(reply, named)))
            return
        if where.is_direct or not await self._may_be_read(where, reply):
            await say(*render_answer(reply, school=named))
            return
        posts = [partial(self.post, where, one) for one in render_answer(_without_names(reply), school=named)]
        await self.later.post(*posts, key=f"{key} openly" if key else None)

    async def say_privately(self, where: Where, *shown: Rendered, key: str | None = None) -> Posted:
        """Show something in the asker's own chat with Signpost. Never fails for what Teams does."""
        return await self.later.post(*(partial(self.tell, where, one) for one in shown), key=key)

    async def tell(self, where: Where, rendered: Rendered) -> None:
        """Write to somebody in their own chat with Signpost. Raises EscalationError."""
        if where.is_direct:
            await self.post(where, rendered)
        else:
            await self.channel.tell(where.tenant, where.user, rendered)

    async def post(self, where: Where, rendered: Rendered) -> None:
        """Post where somebody wrote, in their thread. Raises EscalationError."""
        await self.channel.post(where.spot, rendered)

    async def _may_be_read(self, where: Where, reply: Reply) -> bool:
        """Tell whether others may read a reply: nothing that may be about somebody at risk, and to staff alone."""
        about_risk = reply.escalation or reply.advice or replies.safety_lines(reply)
        if reply.outcome is Outcome.CONCERN or about_risk:
            return False
        return (await self.asker(where, reply.school)).standing is Standing.STAFF


def _without_names(reply: Reply) -> Reply:
    """Return a reply that names roles and nobody who holds them."""
    return replace(reply, contacts=tuple(replace(one, name=None, reach=(), example=False) for one in reply.contacts))


def pointer(posted: Posted) -> str:
    """Say in a chat that others read where the answer is: never what it is about, and only what is true by then."""
    says = {Posted.ARRIVED: in_teams.ANSWERED_PRIVATELY, Posted.WAITS: in_teams.ANSWER_COMES}
    return says.get(posted, in_teams.OPEN_ME_FIRST)
