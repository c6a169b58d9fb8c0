"""Escalations and what belongs to them, for tests of a store."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from bot.escalation.model import (
    Address,
    Change,
    Delivery,
    DeliveryKind,
    DeliveryState,
    Entry,
    EntryKind,
    Escalation,
    Event,
    Person,
    State,
    Turn,
)
from knowledge.model import RouteName

NOW = datetime(2026, 11, 2, 10, 0, 0, 123456, tzinfo=UTC)
SECOND = timedelta(seconds=1)
MINUTE = timedelta(minutes=1)
DAY = timedelta(days=1)
ASKER = Person("slack", "U1", "Ms Asker")
SAFE_PLACE = Address("slack", "C0SAFE", "place", "dsl")


def escalation(name: str = "one", **changes: Any) -> Escalation:
    """Return an escalation that has just been opened; its id, source and reference are made of its name."""
    fresh = Escalation(
        id=f"id-{name}",
        reference=f"REF-{name}",
        source=f"source-{name}",
        school="model",
        category="child-at-risk",
        certainty="certain",
        urgent=True,
        route=RouteName.CHILD,
        platform="slack",
        asker="key-of-asker",
        opened_at=NOW,
        told=(SAFE_PLACE,),
        next_at=NOW + 5 * MINUTE,
    )
    return replace(fresh, **changes)


def opening(
    name: str = "one", text: str | None = None, deliveries: tuple[Delivery, ...] = (), **changes: Any
) -> Change:
    """Return the change that opens an escalation."""
    after = escalation(name, **changes)
    entries = () if text is None else (Entry(EntryKind.OPENING, after.asker, text, after.opened_at, 1),)
    return Change(
        before=None,
        after=after,
        events=(Event("opened", after.opened_at, {"category": after.category, "by": after.asker}),),
        entries=entries,
        deliveries=deliveries,
        people=(ASKER,),
    )


def step(before: Escalation, *events: str, at: datetime = NOW, **changes: Any) -> Change:
    """Return a change of an escalation, with an event of each kind named."""
    return Change(before, replace(before, **changes), tuple(Event(kind, at) for kind in events))


def resolved(before: Escalation, at: datetime) -> Change:
    """Return the change that resolves an escalation."""
    return step(before, "resolved", at=at, state=State.RESOLVED, resolved_at=at, next_at=None)


def delivery(name: str, place: str = "C0SAFE", of: str = "one", **changes: Any) -> Delivery:
    """Return a pending delivery that is due."""
    fresh = Delivery(
        id=name,
        escalation=f"id-{of}",
        school="model",
        address=Address("slack", place, "place", "dsl"),
        kind=DeliveryKind.NOTICE,
        urgent=False,
        created_at=NOW,
        not_before=NOW,
    )
    return replace(fresh, **changes)


def sent(what: Delivery, at: datetime = NOW) -> Delivery:
    """Return a delivery as it is once the platform took it."""
    return replace(
        what, state=DeliveryState.SENT, lease_until=None, message_id=f"message-{what.id}", settled_at=at, attempts=1
    )


def turn(reply: str = "reply", text: str = "What do I do?", at: datetime = NOW) -> Turn:
    """Return a turn."""
    return Turn(
        reply,
        conversation="slack:D1",
        school="model",
        text=text,
        outcome="concern",
        at=at,
        category="child-at-risk",
        certainty="possible",
        clauses=("a", "b"),
        route="child",
        excluded=("token",),
    )
