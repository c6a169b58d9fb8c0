"""What escalating needs of the world outside, in its own words."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from bot.escalation.message import Message
from bot.escalation.model import (
    Change,
    Delivery,
    Entry,
    Escalation,
    Feedback,
    LoggedEvent,
    Person,
    Turn,
)
from knowledge.model import Contact


class Claim(StrEnum):
    """What claiming a platform's event key came to."""

    NEW = "new"  # ours to answer
    BUSY = "busy"  # another is answering it; its lease runs 30 s
    DONE = "done"  # answered before


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which escalations to list; what is None does not narrow. Oldest first, the urgent ones before the others."""

    school: str | None = None
    asker: str | None = None
    open_only: bool = False
    since: datetime | None = None
    limit: int | None = None


class Store(Protocol):
    """Keeps escalations. Every method is one transaction; what returned has been written durably.

    Every method raises StoreError where the store cannot be read or written (disk full, read-only, gone).
    """

    async def claim(self, key: str, now: datetime) -> Claim:
        """Claim a platform's event key for 30 s; of any number of copies at once, one gets NEW."""
        ...

    async def finish(self, key: str, now: datetime) -> None:
        """Mark a claimed event key as answered."""
        ...

    async def commit(self, change: Change) -> Escalation:
        """Write a step whole: escalation, events, entries, deliveries, names and event key.

        Returns the escalation as written; for one that opens with a source already known, that earlier one, and
        nothing is written. Raises StaleError where the escalation is no longer at the version of `before`.
        """
        ...

    async def escalation(self, escalation_id: str) -> Escalation | None:
        """Return an escalation by its id."""
        ...

    async def by_reference(self, reference: str) -> Escalation | None:
        """Return an escalation by the short reference people use."""
        ...

    async def escalations(self, wanted: Wanted) -> Sequence[Escalation]:
        """List escalations."""
        ...

    async def due(self, now: datetime, limit: int) -> Sequence[Escalation]:
        """List escalations whose `next_at` has come, urgent ones first, then by `next_at`.

        One whose `next_at` lies further off than any step of the chase (the clock was set back) is due too: more than
        an hour for an urgent one that waits, more than the longest holidays for any other.
        """
        ...

    async def entries(self, escalation_id: str) -> Sequence[Entry]:
        """Return the words of a thread, oldest first; none once they have been purged."""
        ...

    async def events(self, escalation_id: str) -> Sequence[LoggedEvent]:
        """Return the log of an escalation, oldest first."""
        ...

    async def claim_deliveries(
        self, worker: str, now: datetime, lease_until: datetime, busy_lanes: Collection[str]
    ) -> Sequence[Delivery]:
        """Lease the next delivery of every lane that is not busy: urgent ones first, then the oldest.

        A delivery counts that is pending, whose `not_before` has come and which nobody has leased; one whose lease ran
        out comes back with `in_doubt`. The claim counts an attempt.
        """
        ...

    async def next_delivery_at(self, now: datetime) -> datetime | None:
        """Return when the next pending delivery falls due; None where none is pending."""
        ...

    async def put_back(self, delivery: Delivery) -> None:
        """Write a claimed delivery that stays pending: lease, `not_before`, `in_doubt`, attempts and fault."""
        ...

    async def deliveries(self, escalation_id: str) -> Sequence[Delivery]:
        """List the deliveries of an escalation, oldest first."""
        ...

    async def delivered_to(self, lane: str, limit: int) -> Sequence[Delivery]:
        """List the latest deliveries that reached a lane, latest first."""
        ...

    async def person(self, key: str) -> Person | None:
        """Return who stands behind a pseudonymous key; None once erased."""
        ...

    async def remember(self, turn: Turn) -> None:
        """Keep a reply's turn for a day, under its reply id; a later one of the same id replaces it."""
        ...

    async def recall(self, reply: str, now: datetime) -> Turn | None:
        """Return a turn that is less than a day old."""
        ...

    async def note(self, feedback: Feedback) -> None:
        """Keep what came of a reply."""
        ...

    async def feedback(self, school: str, limit: int) -> Sequence[Feedback]:
        """List the questions of a school that went unanswered or answered badly, the latest first, with their words.

        Those whose words have been purged are left out.
        """
        ...


class Kept(Protocol):
    """Keeps single values: who asks for which school, which channel is bound to a route, a workspace's token.

    Values are kept encrypted and under keys that say nothing. Every method raises StoreError.
    """

    async def get(self, kind: str, key: str) -> str | None:
        """Return a value; None where there is none."""
        ...

    async def put(self, kind: str, key: str, value: str) -> None:
        """Keep a value in place of what was kept there."""
        ...

    async def drop(self, kind: str, key: str) -> None:
        """Forget a value."""
        ...

    async def all(self, kind: str) -> Sequence[str]:
        """List every value of a kind, in no order."""
        ...


class Channel(Protocol):
    """One way to reach people: Slack, Teams, the try-out, mail.

    `pace` is the least time in seconds between two messages to one address (Slack: about one a second a channel).
    """

    @property
    def platform(self) -> str:
        """Its name: "slack", "teams", "web", "mail"."""
        ...

    @property
    def pace(self) -> float:
        """Seconds between two messages in one lane."""
        ...

    def address(self, contact: Contact) -> str | None:
        """Return a contact's id here; None where they cannot be reached here."""
        ...

    async def members(self, school: str, place: str) -> frozenset[str] | None:
        """Return the ids of everybody who can read a place; None where that cannot be found out."""
        ...

    async def send(self, message: Message) -> str:
        """Send a message, or edit the one it replaces; return the platform's id of it.

        Raises ThrottledError (wait, this lane only), ChannelDownError (try again later; `in_doubt` where it may have
        arrived) or UndeliverableError (never at this address).
        """
        ...


class Pseudonyms(Protocol):
    """Makes keys that say nothing of the person, always the same for the same one; needs the school's data key."""

    def key(self, text: str) -> str:
        """Return the key of a text such as "slack:U1" (20 characters)."""
        ...


class Clock(Protocol):
    """The time."""

    def now(self) -> datetime:
        """Return the time, aware, in UTC."""
        ...


class Ids(Protocol):
    """Makes ids."""

    def new(self) -> str:
        """Return an id nobody can guess (32 hex digits)."""
        ...

    def reference(self) -> str:
        """Return a short reference that people can read out, such as "K7-QMX4"."""
        ...


@dataclass(frozen=True, slots=True)
class Alarm:
    """Something an operator must look at; never words or names."""

    kind: str
    school: str
    reference: str
    detail: Mapping[str, str]


class Bell(Protocol):
    """Tells the operator."""

    def ring(self, alarm: Alarm) -> None:
        """Raise an alarm; never fails."""
        ...
