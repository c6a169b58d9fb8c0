"""What Slack and Teams have beside what the page has: shared places, a form for a concern, events, and admins."""

import asyncio
from abc import abstractmethod
from collections.abc import Callable

from adapters.chat.admin_wording import Platform
from tests.contract.conversations.parties import Day
from tests.contract.conversations.reading import Read

_PATIENCE_S = 10


class ChatDay(Day):
    """A school day on a chat platform. `speaks` is how its admins speak, `place` the id of the private channel."""

    speaks: Platform
    place: str

    @abstractmethod
    async def administers(self, command: str) -> str:
        """Let an admin type a command to Signpost; returns what they read."""

    @abstractmethod
    async def administers_as_a_teacher(self, command: str) -> str:
        """Let a teacher type an admin's command; returns what they read."""

    @abstractmethod
    async def raises(self, text: str, category: str) -> Read:
        """Let the teacher fill in what happened in the form; returns the second step, which can be tapped on."""

    @abstractmethod
    async def asks_twice(self, text: str) -> Read:
        """Let the teacher ask once, and the platform deliver it twice; returns all that they read."""

    @abstractmethod
    async def asks_where_others_read(self, text: str) -> tuple[str, str]:
        """Let the teacher ask in the staff room; returns what they read of it alone, and what a colleague reads."""


async def until(happened: Callable[[], bool]) -> None:
    """Let everybody have their turn until something has happened. Raises TimeoutError where it does not."""
    async with asyncio.timeout(_PATIENCE_S):
        while not happened():  # noqa: ASYNC110 - what happens on a platform wakes nobody here
            await asyncio.sleep(0)
