"""What people write to Signpost in Teams: a question, a command of an admin, more about what they raised.

Files are never fetched (RS-86). What Signpost posts itself, and what other bots post, is left alone.
"""

import asyncio
import re
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass
from itertools import count

from adapters.chat import wording
from adapters.chat.admin import Administering
from adapters.chat.later import Later, Posted
from adapters.teams import wording as in_teams
from adapters.teams.asking import Asking, Say, Where, pointer, where
from adapters.teams.deskwork import Deskwork
from adapters.teams.incoming import Incoming
from adapters.teams.lists import Lists
from adapters.teams.notes import note, report
from adapters.teams.rendered import Rendered
from bot import wording as said
from bot.escalation.errors import EscalationError

_ADMIN = re.compile(r"/?policy[- ]admin\b", re.IGNORECASE)
_BINDING = re.compile(r"\s*routes\s+(un)?bind\b", re.IGNORECASE)
_SIGN_AFTER_S = 0.4  # an answer that is there sooner needs no sign that it is coming
_SIGN_S = 0.5

Pause = Callable[[float], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Messages:
    """Answers what people write. `pause` waits that many seconds."""

    asking: Asking
    deskwork: Deskwork
    admin: Administering
    lists: Lists
    pause: Pause = asyncio.sleep

    async def take(self, heard: Incoming, key: str | None) -> None:
        """Answer a message. `key` is the event's: however often that comes, nothing is said twice."""
        there = where(heard)
        sign = _Sign(self.asking.later, lambda: self.asking.channel.typing(there.spot), self.pause)
        say = self._say(there, key, sign)
        try:
            await self._take(heard, there, key, say)
        finally:
            await sign.over()

    async def _take(self, heard: Incoming, there: Where, key: str | None, say: Say) -> None:
        if heard.has_files:
            await say(note(wording.NO_FILES))
        if not heard.text and heard.has_files:
            return
        if not heard.text:  # a bare mention: there is nothing in it that others may not read
            nothing = said.EMPTY_QUESTION if there.is_direct else in_teams.ASK_IN_ONE_MESSAGE
            await self._say_there(there, nothing, key)
            return
        command = _ADMIN.match(heard.text)
        if command:
            await self._administer(there, heard.text[command.end() :], key, say)
            return
        listed = await self.lists.named(there, heard.text)
        if listed is not None:
            await say(*listed)
            return
        taken = await self.deskwork.beneath(there, heard, key)
        if taken is None:
            await self.asking.ask(there, heard.text, key, say)
        else:
            await self._say_there(there, taken, key)

    async def _administer(self, there: Where, rest: str, key: str | None, say: Say) -> None:
        """Answer an admin's command; which channel a route goes to is said in that channel, to those who read it."""
        await self.asking.people.person(there.tenant, there.user)  # a school may name them by their sign-in name
        answer = await self.admin.command(there, rest)
        if answer.is_sentence and _BINDING.match(rest):
            await self._say_there(there, answer.title, key)
            return
        await say(*report(answer.title, answer.sections))

    async def _say_there(self, there: Where, text: str, key: str | None) -> None:
        """Say a sentence of our own where they wrote, whoever reads it: it holds nothing of what they wrote."""
        told = note(text)
        await self.asking.later.post(lambda: self.asking.post(there, told), key=f"{key} there" if key else None)

    def _say(self, there: Where, key: str | None, sign: "_Sign") -> Say:
        replies, pointed = count(), False

        async def say(*shown: Rendered) -> None:
            nonlocal pointed
            await sign.over()  # one that came after the answer would stand there as if more followed
            named = f"{key} {next(replies)}" if key else None
            posted = await self.asking.say_privately(there, *shown, key=named)
            if not there.is_direct and not pointed:
                pointed = True
                await self._point(there, posted, key)

        return say

    async def _point(self, there: Where, posted: Posted, key: str | None) -> None:
        """Say where others read it that it has been answered, and nothing else."""
        told = note(pointer(posted))
        await self.asking.later.post(lambda: self.asking.post(there, told), key=f"{key} pointer" if key else None)


class _Sign:
    """The sign that Signpost is typing: shown only where an answer takes a moment."""

    def __init__(self, later: Later, show: Callable[[], Awaitable[None]], pause: Pause) -> None:
        self._show = show
        self._pause = pause
        self._is_shown = False
        self._task = later.run(self._after_a_moment())

    async def over(self) -> None:
        """Show none from now on; one that is on its way arrives first."""
        if self._is_shown:
            await asyncio.wait({self._task}, timeout=_SIGN_S)
        else:
            self._task.cancel()

    async def _after_a_moment(self) -> None:
        await self._pause(_SIGN_AFTER_S)
        self._is_shown = True
        with suppress(EscalationError):  # only a sign
            await self._show()
