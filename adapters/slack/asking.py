"""Asking in Slack: a direct message, a mention, /policy, a message shortcut. One reply each, read by its asker alone.

A concern and whatever follows it is always answered by direct message: what only one person sees in a channel is gone
when they look again.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import ClassVar

from adapters.chat import asking as chat
from adapters.chat.later import Later, Posted
from adapters.slack import wording as in_slack
from adapters.slack.answers import render_answer
from adapters.slack.channel import SlackChannel
from adapters.slack.notes import note, which_school
from adapters.slack.people import PLATFORM
from adapters.slack.rendered import Rendered
from bot.types import Outcome, Reply
from knowledge.model import School

Say = chat.Say[Rendered]


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
    def place(self) -> str:
        """The channel."""
        return self.channel

    @property
    def conversation(self) -> str:
        """What is said here follows what was said here before."""
        return f"{self.channel}:{self.thread or ''}"

    @property
    def beneath(self) -> str | None:
        """The thread that may begin beneath a message in a channel."""
        return f"{self.channel}:{self.begins}" if self.begins else None


@dataclass(frozen=True, slots=True)
class Asking(chat.Asking[Where, Rendered]):
    """Answers what people ask."""

    platform: ClassVar[str] = PLATFORM
    channel: SlackChannel
    later: Later

    def note(self, text: str) -> Rendered:
        """Return a sentence as a message."""
        return note(text)

    def which_school(self, schools: Sequence[School], pending: str, *, are_all: bool) -> Rendered:
        """Ask which school somebody asks for."""
        return which_school(schools, pending, are_all=are_all)

    async def show(self, where: Where, reply: Reply, say: Say, key: str | None = None) -> None:
        """Show a reply: a concern by direct message, where Slack takes it, and anything else where it was asked.

        `key` is the event's: however often Slack sends that, a direct message comes once.
        """
        named = self.named(where, reply.school)
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
