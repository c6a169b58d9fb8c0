"""What Slack sends to the app, and what the app answers."""

from dataclasses import dataclass, field, replace
from typing import Any, Literal, Protocol

Kind = Literal["events_api", "slash_commands", "interactive"]


@dataclass(frozen=True, slots=True)
class Retry:
    """Why something is sent again."""

    number: int
    reason: str


@dataclass(frozen=True, slots=True)
class Sent:
    """One thing that Slack sends: an event, a slash command, or an interaction."""

    kind: Kind
    payload: dict[str, Any]
    envelope_id: str
    retry: Retry | None = None

    def again(self, number: int, reason: str) -> "Sent":
        """Return the same thing, sent once more."""
        return replace(self, retry=Retry(number, reason))


@dataclass(frozen=True, slots=True)
class Answer:
    """What the app answered. `body` is the JSON or text of it; `lost` says why there is none."""

    sent: Sent
    status: int | None
    body: Any
    seconds: float
    lost: str = ""
    headers: dict[str, str] = field(default_factory=dict)

    @property
    def acked(self) -> bool:
        """Tell whether Slack would be content."""
        return self.status is not None and 200 <= self.status < 300


class Delivery(Protocol):
    """A way to the app."""

    async def deliver(self, sent: Sent) -> Answer:
        """Send one thing, and wait for the answer."""
        ...

    async def close(self) -> None:
        """Let go of every connection."""
        ...
