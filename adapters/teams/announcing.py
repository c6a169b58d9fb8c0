"""Writes what must be announced in Teams: to people in their own chat, or into a channel."""

from dataclasses import dataclass

from adapters.teams.channel import TeamsChannel
from adapters.teams.notes import note
from adapters.teams.people import People
from bot.escalation.model import Person


@dataclass(frozen=True, slots=True)
class TellingInTeams:
    """Writes one sentence to people, or into a channel."""

    people: People
    channel: TeamsChannel

    async def person(self, tenant: str, user: str) -> Person:
        """Return somebody with the name they go by, as far as it is known."""
        return await self.people.person(tenant, user)

    async def tell(self, tenant: str, user: str, text: str) -> None:
        """Tell somebody in their own chat. Raises EscalationError."""
        await self.channel.tell(tenant, user, note(text))

    async def post(self, tenant: str, channel: str, text: str) -> None:
        """Post in a channel. Raises EscalationError."""
        await self.channel.post_in(tenant, channel, note(text))
