"""Answers what comes from a tenant whose schools are served."""

from dataclasses import dataclass

from adapters.teams.connection import Json
from adapters.teams.happenings import Happenings
from adapters.teams.incoming import Incoming
from adapters.teams.invokes import Invokes
from adapters.teams.messages import Messages


@dataclass(frozen=True, slots=True)
class Listener:
    """Hands on each kind of thing to who answers it."""

    messages: Messages
    invokes: Invokes
    happenings: Happenings

    async def message(self, heard: Incoming, key: str | None) -> None:
        """Answer what somebody writes."""
        await self.messages.take(heard, key)

    async def invoke(self, heard: Incoming, key: str | None) -> Json | None:
        """Answer a tap, a window, or the search box."""
        return await self.invokes.take(heard, key)

    async def happening(self, heard: Incoming) -> None:
        """Take up that Signpost was put in somewhere, or taken out. Raises StoreError."""
        await self.happenings.take(heard)
