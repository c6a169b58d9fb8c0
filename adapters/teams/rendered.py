"""What is posted to Teams: a message as it will stand there."""

from dataclasses import dataclass

from adapters.teams.connection import Json

_CARD = "application/vnd.microsoft.card.adaptive"


@dataclass(frozen=True, slots=True)
class Rendered:
    """One message: an Adaptive Card. `text` is its notification, which never holds the words of a concern.

    `said` is the sentence that it is, where it is nothing else.
    """

    text: str
    card: Json
    said: str | None = None

    @property
    def activity(self) -> Json:
        """Return it as an activity."""
        attached = {"contentType": _CARD, "content": self.card}
        return {"type": "message", "summary": self.text, "attachments": [attached]}
