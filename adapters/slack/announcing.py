"""Writes what must be announced in Slack: to people by direct message, or into a channel."""

from dataclasses import dataclass

from adapters.slack.channel import SlackChannel
from adapters.slack.notes import note
from adapters.slack.people import People
from bot.escalation.model import Person


@dataclass(frozen=True, slots=True)
class TellingInSlack:
    """Writes one sentence to people, or into a channel."""

    people: People
    channel: SlackChannel

    async def person(self, team: str, user: str) -> Person:
        """Return somebody with the name they go by, as far as it is known."""
        return await self.people.person(team, user)

    async def tell(self, team: str, user: str, text: str) -> None:
        """Tell somebody by direct message. Raises EscalationError."""
        await self.channel.tell(team, user, note(text))

    async def post(self, team: str, channel: str, text: str) -> None:
        """Post in a channel. Raises EscalationError."""
        await self.channel.post(team, channel, note(text))
