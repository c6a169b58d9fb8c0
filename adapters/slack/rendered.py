"""What is posted to Slack: a message as it will stand there."""

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Rendered:
    """One message. `text` is its notification: it reads well by itself, and never holds the words of a concern."""

    text: str
    blocks: tuple[dict[str, Any], ...]
