"""What the rest of the Teams adapter needs of the Bot Connector, in the shape of Activity JSON and nothing of any SDK.

The operations are those of learn.microsoft.com, bot-framework-rest-connector-api-reference.
"""

from dataclasses import dataclass
from typing import Any, Protocol

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Spot:
    """Where something can be posted: a conversation, and the address of the service that holds it."""

    service_url: str
    conversation: str


class Connection(Protocol):
    """Calls of the Bot Connector.

    Every one checks the service's address before any byte leaves (RS-33), and raises ThrottledError, ChannelDownError
    or UndeliverableError.
    """

    async def send(self, spot: Spot, activity: Json, *, beneath: str | None = None) -> str:
        """Post an activity, as an answer to the one with the id `beneath`; return its own id."""
        ...

    async def update(self, spot: Spot, activity_id: str, activity: Json) -> None:
        """Put an activity in place of one that was posted."""
        ...

    async def begin(self, service_url: str, parameters: Json) -> tuple[str, str]:
        """Begin a conversation (ConversationParameters); return its id, and that of its first activity or ""."""
        ...

    async def member(self, spot: Spot, member_id: str) -> Json:
        """Return a member of a conversation (TeamsChannelAccount), by their Teams or Entra id."""
        ...

    async def members(self, spot: Spot) -> list[Json]:
        """Return every member of a conversation, of all pages."""
        ...

    async def channels(self, service_url: str, team: str) -> list[Json]:
        """List the channels of a team that the app may see (ChannelInfo)."""
        ...

    async def team(self, service_url: str, team: str) -> Json:
        """Return a team (TeamDetails)."""
        ...
