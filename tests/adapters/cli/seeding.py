"""A store on disk with escalations in it, whose words, names and keys no command may print."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, TypeVar

from adapters.escalating import opened_store
from adapters.settings import Settings
from adapters.storage.store import SqlStore
from bot.escalation.model import Change, Entry, EntryKind, Event, Person, Resolution, State
from tests.contract.values import opening

CANARIES = ("zebracanary", "Canary Name", "U0CANARY", "canarykey")
WORDS, NAME, ID, KEY = CANARIES
PERSON = Person("slack", ID, NAME)
MONDAY = datetime(2026, 11, 2, 10, 0, tzinfo=UTC)

Made = TypeVar("Made")


def settings_of(state: Path, database_url: str | None = None) -> Settings:
    """Return the settings of a state folder."""
    return Settings(None, state, None, 0, database_url=database_url)


def with_store(settings: Settings, use: Callable[[SqlStore], Awaitable[Made]]) -> Made:
    """Open the store, made where it is not there, and use it."""

    async def used() -> Made:
        async with opened_store(settings) as store:
            return await use(store)

    return asyncio.run(used())


def seed(settings: Settings, *changes: Change) -> None:
    """Write changes, each over the escalation as the one before left it."""

    async def written(store: SqlStore) -> None:
        for change in changes:
            before = change.before and await store.escalation(change.before.id)
            await store.commit(replace(change, before=before))

    with_store(settings, written)


def raised(name: str, **changes: Any) -> Change:
    """Return the change that opens an escalation, with words, a name and a key that must not be printed."""
    reference = changes.pop("reference", f"K7-{name.upper()}")
    change = opening(name, text=WORDS, reference=reference, **{"asker": KEY, **changes})
    return replace(change, people=(PERSON,))


def story(name: str, opened: datetime, *, taken: float = 9) -> list[Change]:
    """Return the life of an escalation: delivered after 2 minutes, taken, answered, and resolved after an hour."""
    first, by = raised(name, opened_at=opened, waiting_since=opened), {"role": "deputy-dsl", "by": KEY}
    at, end = opened + timedelta(minutes=taken), opened + timedelta(minutes=60)
    arrived = opened + timedelta(minutes=2)
    delivered = replace(first.after, state=State.DELIVERED, delivered_at=arrived)
    acknowledged = replace(
        delivered,
        state=State.ACKNOWLEDGED,
        holder=KEY,
        holder_role="deputy-dsl",
        acknowledged_at=at,
        waiting_since=None,
    )
    answered = replace(acknowledged, entries=2)
    resolved = replace(answered, state=State.RESOLVED, resolution=Resolution.HANDLED, resolved_at=end, next_at=None)
    reply = Entry(EntryKind.REPLY, KEY, WORDS, at, 2, "deputy-dsl")
    return [
        first,
        Change(first.after, delivered, (Event("delivered", arrived, {"to": "place", "again": True}),)),
        Change(first.after, acknowledged, (Event("acknowledged", at, by),), people=(PERSON,)),
        Change(first.after, answered, (Event("replied", at, by),), (reply,)),
        Change(first.after, resolved, (Event("resolved", end, by | {"resolution": "handled"}),)),
    ]


def no_canary(text: str) -> bool:
    """Tell whether none of what must not be printed was."""
    return not any(canary.casefold() in text.casefold() for canary in CANARIES)
