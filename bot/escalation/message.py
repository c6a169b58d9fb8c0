"""What a channel is asked to send, neutral of any platform."""

from dataclasses import dataclass
from enum import StrEnum

from bot.escalation.model import Address, DeliveryKind


class Act(StrEnum):
    """What somebody can do with an escalation, as a button."""

    OPEN = "open"
    ACKNOWLEDGE = "acknowledge"
    ASSIGN = "assign"
    REPLY = "reply"
    RESOLVE = "resolve"
    REOPEN = "reopen"
    ANSWER = "answer"


@dataclass(frozen=True, slots=True)
class Message:
    """One message to one address.

    `school` is the id of the school it is of. `key` is the idempotency key: a channel that can tell must not show the
    same key twice. `replaces` is the id of the message to edit in place. `again`: an earlier try may have arrived,
    and the title says so. `title` reads well by itself, as a notification. `lines` never hold the words of a concern.
    `quoted` holds the words of a question, of a reply or of an answer where they may be shown. `acts` are the
    buttons. `beneath` is the id of the message at this address that it belongs to; a channel that has threads puts it
    there.
    """

    key: str
    kind: DeliveryKind
    address: Address
    school: str
    escalation: str
    reference: str
    urgent: bool
    title: str
    lines: tuple[str, ...]
    quoted: str | None = None
    acts: tuple[Act, ...] = ()
    replaces: str | None = None
    beneath: str | None = None
    again: bool = False
