"""The store in memory: it keeps every promise of the port, and tests/contract holds it to them."""

import hashlib
from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace
from datetime import datetime

from adapters.storage.spans import CHASE_HORIZON, CLOCK_SLACK, EVENT_LEASE, FAR_OFF, TURN_KEPT
from bot.escalation.errors import StaleError, StoreError
from bot.escalation.model import (
    Change,
    Delivery,
    DeliveryState,
    Entry,
    Escalation,
    Event,
    Feedback,
    LoggedEvent,
    Person,
    State,
    Turn,
)
from bot.escalation.ports import Claim, Pseudonyms, Wanted

_OPEN_TO_CHASE = (State.RECORDED, State.DELIVERED)


class PlainPseudonyms:
    """Pseudonyms without a secret."""

    def key(self, text: str) -> str:
        """Return the first 20 hex digits of the text's SHA-256."""
        return hashlib.sha256(text.encode()).hexdigest()[:20]


class MemoryKept:
    """Keeps single values in memory. While `down` is set every method raises StoreError."""

    def __init__(self) -> None:
        """Begin empty."""
        self.down = False
        self._values: dict[tuple[str, str], str] = {}

    async def get(self, kind: str, key: str) -> str | None:
        """Return a value; None where there is none."""
        self._check()
        return self._values.get((kind, key))

    async def put(self, kind: str, key: str, value: str) -> None:
        """Keep a value in place of what was kept there."""
        self._check()
        self._values[kind, key] = value

    async def drop(self, kind: str, key: str) -> None:
        """Forget a value."""
        self._check()
        self._values.pop((kind, key), None)

    async def all(self, kind: str) -> Sequence[str]:
        """List every value of a kind."""
        self._check()
        return [value for (of, _), value in self._values.items() if of == kind]

    def _check(self) -> None:
        if self.down:
            raise StoreError("the store is down")


class MemoryStore:
    """Keeps escalations in memory. While `down` is set every method raises StoreError; `noted` holds the feedback."""

    def __init__(self, pseudonyms: Pseudonyms | None = None) -> None:
        """Begin empty."""
        self.down = False
        self.noted: list[Feedback] = []
        self._pseudonyms = pseudonyms or PlainPseudonyms()
        self._escalations: dict[str, Escalation] = {}
        self._entries: dict[str, list[Entry]] = {}
        self._events: dict[str, list[LoggedEvent]] = {}
        self._deliveries: dict[str, Delivery] = {}
        self._people: dict[str, Person] = {}
        self._turns: dict[str, Turn] = {}
        self._leases: dict[str, datetime | None] = {}
        self.kept = MemoryKept()

    async def claim(self, key: str, now: datetime) -> Claim:
        """Claim an event key for 30 s."""
        self._check()
        if key in self._leases:
            lease = self._leases[key]
            if lease is None:
                return Claim.DONE
            if _runs(lease, now):
                return Claim.BUSY
        self._leases[key] = now + EVENT_LEASE
        return Claim.NEW

    async def finish(self, key: str, now: datetime) -> None:
        """Mark an event key as answered."""
        self._check()
        self._leases[key] = None

    async def commit(self, change: Change) -> Escalation:
        """Write a step whole, or not at all."""
        self._check()
        if change.before is None:
            known = next((known for known in self._escalations.values() if known.source == change.after.source), None)
            if known:
                return known
        self._refuse_what_does_not_fit(change)
        return self._write(change)

    async def escalation(self, escalation_id: str) -> Escalation | None:
        """Return an escalation by its id."""
        self._check()
        return self._escalations.get(escalation_id)

    async def by_reference(self, reference: str) -> Escalation | None:
        """Return an escalation by its reference."""
        self._check()
        return next((one for one in self._escalations.values() if one.reference == reference), None)

    async def escalations(self, wanted: Wanted) -> Sequence[Escalation]:
        """List escalations, urgent ones first, then the oldest."""
        self._check()
        found = [one for one in self._escalations.values() if _is_wanted(one, wanted)]
        return sorted(found, key=lambda one: (not one.urgent, one.opened_at, one.id))[: wanted.limit]

    async def due(self, now: datetime, limit: int) -> Sequence[Escalation]:
        """List escalations whose next step has come."""
        self._check()
        found = [
            (not one.urgent, one.next_at, one.id)
            for one in self._escalations.values()
            if one.next_at and (one.next_at <= now or _was_set_back(one, one.next_at, now))
        ]
        return [self._escalations[key] for _, _, key in sorted(found)[:limit]]

    async def entries(self, escalation_id: str) -> Sequence[Entry]:
        """Return the words of a thread."""
        self._check()
        return sorted(self._entries.get(escalation_id, ()), key=lambda entry: entry.number)

    async def events(self, escalation_id: str) -> Sequence[LoggedEvent]:
        """Return the log of an escalation."""
        self._check()
        return tuple(self._events.get(escalation_id, ()))

    async def claim_deliveries(
        self, worker: str, now: datetime, lease_until: datetime, busy_lanes: Collection[str]
    ) -> Sequence[Delivery]:
        """Lease the next delivery of every free lane."""
        self._check()
        pending = list(self._pending())
        taken = {*busy_lanes, *(one.address.lane for one in pending if _runs(one.lease_until, now))}
        claimed = []
        for one in sorted((one for one in pending if _falls_due(one, now) <= now), key=_urgent_first):
            if one.address.lane not in taken:
                taken.add(one.address.lane)
                claimed.append(
                    replace(
                        one,
                        worker=worker,
                        lease_until=lease_until,
                        attempts=one.attempts + 1,
                        in_doubt=one.in_doubt or one.lease_until is not None,
                    )
                )
        self._deliveries.update((one.id, one) for one in claimed)
        return claimed

    async def next_delivery_at(self, now: datetime) -> datetime | None:
        """Return when the next pending delivery falls due."""
        self._check()
        return min((_falls_due(one, now) for one in self._pending()), default=None)

    async def put_back(self, delivery: Delivery) -> None:
        """Write a claimed delivery that stays pending."""
        self._check()
        known = self._deliveries.get(delivery.id)
        if known and known.state is DeliveryState.PENDING:
            self._deliveries[delivery.id] = replace(delivery, state=DeliveryState.PENDING)

    async def deliveries(self, escalation_id: str) -> Sequence[Delivery]:
        """List the deliveries of an escalation."""
        self._check()
        found = [one for one in self._deliveries.values() if one.escalation == escalation_id]
        return sorted(found, key=lambda one: (one.created_at, one.id))

    async def delivered_to(self, lane: str, limit: int) -> Sequence[Delivery]:
        """List what reached a lane, latest first."""
        self._check()
        found = [
            (one.settled_at, one.id)
            for one in self._deliveries.values()
            if one.state is DeliveryState.SENT and one.settled_at and one.address.lane == lane
        ]
        return [self._deliveries[key] for _, key in sorted(found, reverse=True)[:limit]]

    async def person(self, key: str) -> Person | None:
        """Return who stands behind a pseudonymous key."""
        self._check()
        return self._people.get(key)

    async def remember(self, turn: Turn) -> None:
        """Keep a turn for a day."""
        self._check()
        self._turns[turn.reply] = turn

    async def recall(self, reply: str, now: datetime) -> Turn | None:
        """Return a turn less than a day old."""
        self._check()
        turn = self._turns.get(reply)
        return turn if turn and now - turn.at < TURN_KEPT else None

    async def note(self, feedback: Feedback) -> None:
        """Keep what came of a reply."""
        self._check()
        self.noted.append(feedback)

    async def feedback(self, school: str, limit: int) -> Sequence[Feedback]:
        """List the questions of a school that still have their words, the latest first."""
        self._check()
        found = [one for one in self.noted if one.school == school and one.words is not None]
        return sorted(reversed(found), key=lambda one: one.at, reverse=True)[:limit]

    def _check(self) -> None:
        if self.down:
            raise StoreError("the store is down")

    def _refuse_what_does_not_fit(self, change: Change) -> None:
        after = change.after
        if change.before is None:
            if after.id in self._escalations or any(one.reference == after.reference for one in self._all()):
                raise StoreError("the id or reference is taken")
        elif after.id not in self._escalations or self._escalations[after.id].version != change.before.version:
            raise StaleError("the escalation changed meanwhile")
        if any(one.id in self._deliveries for one in change.deliveries):
            raise StoreError("the id of a delivery is taken")
        numbers = {entry.number for entry in self._entries.get(after.id, ())}
        if any(entry.number in numbers for entry in change.entries):
            raise StoreError("the number of an entry is taken")

    def _write(self, change: Change) -> Escalation:
        key = change.after.id
        written = replace(change.after, version=change.before.version + 1 if change.before else 1)
        self._escalations[key] = written
        self._entries.setdefault(key, []).extend(change.entries)
        log = self._events.setdefault(key, [])
        for event in change.events:
            log.append(_logged(key, log, event))
        for one in list(self._pending()):
            if one.escalation == key and one.kind in change.withdrawn:
                self._deliveries[one.id] = replace(one, state=DeliveryState.WITHDRAWN, lease_until=None)
        self._deliveries.update((one.id, one) for one in change.settled if one.id in self._deliveries)
        self._deliveries.update((one.id, one) for one in change.deliveries)
        self._people.update((self._pseudonyms.key(f"{one.platform}:{one.id}"), one) for one in change.people)
        if change.event_key is not None:
            self._leases[change.event_key] = None
        return written

    def _all(self) -> Iterable[Escalation]:
        return self._escalations.values()

    def _pending(self) -> Iterable[Delivery]:
        return (one for one in self._deliveries.values() if one.state is DeliveryState.PENDING)


def _runs(lease: datetime | None, now: datetime) -> bool:
    """Tell a lease that runs from one that ran out, or that a clock set back has left too far ahead."""
    return lease is not None and now < lease <= now + CLOCK_SLACK


def _falls_due(delivery: Delivery, now: datetime) -> datetime:
    if delivery.lease_until is not None and _runs(delivery.lease_until, now):
        return delivery.lease_until
    if delivery.urgent and delivery.not_before > now + CLOCK_SLACK:
        return now
    if delivery.created_at > now + FAR_OFF and delivery.not_before >= delivery.created_at:
        return now
    return delivery.not_before


def _was_set_back(escalation: Escalation, next_at: datetime, now: datetime) -> bool:
    climbs = escalation.urgent and escalation.state in _OPEN_TO_CHASE
    return next_at > now + (CHASE_HORIZON if climbs else FAR_OFF)


def _urgent_first(delivery: Delivery) -> tuple[bool, datetime, str]:
    return (not delivery.urgent, delivery.created_at, delivery.id)


def _is_wanted(escalation: Escalation, wanted: Wanted) -> bool:
    return (
        wanted.school in (None, escalation.school)
        and wanted.asker in (None, escalation.asker)
        and not (wanted.open_only and escalation.state is State.RESOLVED)
        and (wanted.since is None or escalation.opened_at >= wanted.since)
    )


def _logged(escalation: str, log: Sequence[LoggedEvent], event: Event) -> LoggedEvent:
    before = log[-1].hash if log else ""
    line = f"{before}{escalation}{event.kind}{event.at.isoformat()}{sorted(event.data.items())}"
    return LoggedEvent(escalation, len(log) + 1, event, hashlib.sha256(line.encode()).hexdigest())
