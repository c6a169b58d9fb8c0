"""Escalations and what belongs to them, as plain immutable values. Every time is an aware UTC datetime.

Nothing here holds words or names but `Entry.text` and `Person`; the store keeps those two apart and encrypted
(design.md, section 8).
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from types import MappingProxyType

from knowledge.model import RouteName

QUESTION = "question"
MAIL = "mail"


class State(StrEnum):
    """How far an escalation has come."""

    RECORDED = "recorded"
    DELIVERED = "delivered"
    ACKNOWLEDGED = "acknowledged"
    RESOLVED = "resolved"


class Resolution(StrEnum):
    """What came of an escalation, as a category; the story stands in the school's own record, never here."""

    HANDLED = "handled"
    REFERRED = "referred"
    ANSWERED = "answered"
    NO_ACTION = "no-action"
    BY_MISTAKE = "by-mistake"


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody on a chat platform: "slack", "teams", "web"; their id there, and the name they go by."""

    platform: str
    id: str
    name: str


@dataclass(frozen=True, slots=True)
class Address:
    """Where a message can go: a place (private channel) or a person. `role` is the role a person is told in."""

    platform: str
    id: str
    kind: str = "person"
    role: str | None = None

    @property
    def lane(self) -> str:
        """The queue this address is paced by; what waits in one lane never delays another."""
        return f"{self.platform}:{self.id}"


@dataclass(frozen=True, slots=True)
class Sight:
    """That somebody in a role opened the words, and when they first did."""

    role: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Card:
    """A card that was posted, so that it can be edited in place."""

    address: Address
    message_id: str


@dataclass(frozen=True, slots=True)
class Escalation:
    """A concern, or a question handed to people (category "question").

    `source` is the key of the message or tap that opened it: the same source never opens a second one. `asker` and
    `holder` are pseudonymous keys. `excluded` holds the pseudonymous tokens of people who must not see it.
    `waiting_since` is when the present wait for somebody to take it began: at opening, reopening or passing on.
    `progress_at` is when somebody last did anything about it but open it. `replied_role` and `replied_at` are of the
    latest reply to the asker.
    `entries` counts the entries of the thread. `chased` counts the steps of the chase taken (chase.py); `next_at` is
    when the next thing is due, None for never.
    `version` rises with every change.
    """

    id: str
    reference: str
    source: str
    school: str
    category: str
    certainty: str
    urgent: bool
    route: RouteName
    platform: str
    asker: str
    opened_at: datetime
    staff: bool = True
    state: State = State.RECORDED
    excluded: tuple[str, ...] = ()
    told: tuple[Address, ...] = ()
    cards: tuple[Card, ...] = ()
    seen: tuple[Sight, ...] = ()
    holder: str | None = None
    holder_role: str | None = None
    delivered_at: datetime | None = None
    acknowledged_at: datetime | None = None
    progress_at: datetime | None = None
    replied_role: str | None = None
    replied_at: datetime | None = None
    resolved_at: datetime | None = None
    resolution: Resolution | None = None
    waiting_since: datetime | None = None
    entries: int = 0
    chased: int = 0
    asked_again: int = 0
    warned: bool = False
    next_at: datetime | None = None
    version: int = 0

    @property
    def is_question(self) -> bool:
        """Whether it is a policy question that somebody handed to people."""
        return self.category == QUESTION


class EntryKind(StrEnum):
    """Whose words an entry of the thread holds."""

    OPENING = "opening"
    REPLY = "reply"
    ANSWER = "answer"


@dataclass(frozen=True, slots=True)
class Entry:
    """One piece of an escalation's thread: the asker's opening words, a reply to them, or their answer.

    `number` counts from 1 in the thread. `role` is the role of whoever replied.
    """

    kind: EntryKind
    author: str
    text: str
    at: datetime
    number: int
    role: str | None = None


@dataclass(frozen=True, slots=True)
class Event:
    """One line of the append-only log: what happened and when, never words or names."""

    kind: str
    at: datetime
    data: Mapping[str, str | int | bool | None] = field(default_factory=lambda: MappingProxyType({}))


@dataclass(frozen=True, slots=True)
class LoggedEvent:
    """An event as the log holds it: its place in the escalation's chain, and the hash that seals it."""

    escalation: str
    seq: int
    event: Event
    hash: str


class DeliveryKind(StrEnum):
    """What a delivery brings."""

    NOTICE = "notice"  # a new escalation: the card
    CHASE = "chase"  # nobody has it yet
    STALE = "stale"  # it was taken, and nothing has happened since
    DIGEST = "digest"  # the questions that are still open, once a day
    UPDATE = "update"  # the card, edited in place
    RECEIPT = "receipt"  # to the asker: where it stands
    REPLY = "reply"  # to the asker: what they were answered
    ANSWER = "answer"  # to the holder: the asker has answered


TO_ASKER = frozenset({DeliveryKind.RECEIPT, DeliveryKind.REPLY})


class DeliveryState(StrEnum):
    """Where a delivery is. `ASIDE`: given up on, its fallback has been queued and an alarm raised."""

    PENDING = "pending"
    SENT = "sent"
    ASIDE = "aside"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True)
class Delivery:
    """One message that must reach one address (an outbox row). Its id is the idempotency key of the send.

    `in_doubt`: an earlier attempt may have arrived, so the next one is marked as sent again. `entry` is the number of
    the thread's entry it brings. `attempts` counts those begun, outages apart. `lease_until`: a worker is sending it.
    """

    id: str
    escalation: str
    school: str
    address: Address
    kind: DeliveryKind
    urgent: bool
    created_at: datetime
    not_before: datetime
    entry: int | None = None
    state: DeliveryState = DeliveryState.PENDING
    attempts: int = 0
    in_doubt: bool = False
    lease_until: datetime | None = None
    worker: str | None = None
    message_id: str | None = None
    settled_at: datetime | None = None
    fault: str | None = None


@dataclass(frozen=True, slots=True)
class Change:
    """One step of an escalation, written in one transaction or not at all.

    `before` is None where it opens. `withdrawn` names kinds of pending deliveries that no longer matter. `settled`
    holds deliveries in their new state. `people` are those whose names the step brings. `event_key` is marked done
    with it.
    """

    before: Escalation | None
    after: Escalation
    events: tuple[Event, ...] = ()
    entries: tuple[Entry, ...] = ()
    deliveries: tuple[Delivery, ...] = ()
    settled: tuple[Delivery, ...] = ()
    withdrawn: frozenset[DeliveryKind] = frozenset()
    people: tuple[Person, ...] = ()
    event_key: str | None = None


@dataclass(frozen=True, slots=True)
class Turn:
    """A reply that was given, kept a day so that its buttons work: "Tell them", "Ask a person", "Not what I meant".

    `route` is where a concern would go, and `excluded` holds the pseudonymous tokens of those who must not see it.
    """

    reply: str
    conversation: str
    school: str
    text: str
    outcome: str
    at: datetime
    category: str | None = None
    certainty: str | None = None
    clauses: tuple[str, ...] = ()
    route: str | None = None
    excluded: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Feedback:
    """What came of a reply, without the asker: "unanswered", "not-helpful" or "helped"; words redacted, or none."""

    school: str
    kind: str
    clause: str | None
    words: str | None
    at: datetime
