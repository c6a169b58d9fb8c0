"""The store of bot/escalation/ports.py over a database. Each method is one transaction."""

from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from adapters.storage import chain, deliveries, escalations, event_keys, words
from adapters.storage.audit import AuditReport, verify
from adapters.storage.crypto import DataKey
from adapters.storage.engine import Database, open_database
from adapters.storage.kept import SqlKept
from adapters.storage.migrate import upgrade
from adapters.storage.purge import Purged, purge
from adapters.storage.reading import RowReader
from adapters.storage.tables import installation
from adapters.storage.upsert import insert_into
from bot.escalation.errors import StaleError, StoreError
from bot.escalation.model import Change, Delivery, Entry, Escalation, Feedback, LoggedEvent, Person, Turn
from bot.escalation.ports import Claim, Wanted


class SqlStore:
    """Keeps escalations in SQLite or PostgreSQL; whatever the database reports becomes StoreError.

    `kept` keeps single values.
    """

    def __init__(self, database: Database, data_key: DataKey) -> None:
        self._database = database
        self._data_key = data_key
        self._reader = RowReader(data_key)
        self.kept = SqlKept(database, data_key)

    async def close(self) -> None:
        """Close the database."""
        await self._database.close()

    async def claim(self, key: str, now: datetime) -> Claim:
        """Claim a platform's event key for 30 s."""
        async with self._database.writing() as connection:
            return await event_keys.claim(connection, key, now)

    async def finish(self, key: str, now: datetime) -> None:
        """Mark a claimed event key as answered."""
        async with self._database.writing() as connection:
            await event_keys.finish(connection, key, now)

    async def commit(self, change: Change) -> Escalation:
        """Write a step whole, or not at all."""
        async with self._database.writing() as connection:
            if change.before is None:
                return await self._open(connection, change)
            written = replace(change.after, version=change.before.version + 1)
            if not await escalations.replace_version(connection, change.before.version, written, self._data_key):
                raise StaleError("the escalation changed since it was read")
            await chain.append(connection, written.id, change.events, self._data_key.audit)
            await self._write_rest(connection, change)
            return written

    async def escalation(self, escalation_id: str) -> Escalation | None:
        """Return an escalation by its id."""
        async with self._database.reading() as connection:
            return await escalations.by_id(connection, escalation_id, self._reader)

    async def by_reference(self, reference: str) -> Escalation | None:
        """Return an escalation by the short reference people use."""
        async with self._database.reading() as connection:
            return await escalations.by_reference(connection, reference, self._reader)

    async def escalations(self, wanted: Wanted) -> Sequence[Escalation]:
        """List escalations, the urgent ones first, then the oldest."""
        async with self._database.reading() as connection:
            return await escalations.listed(connection, wanted, self._reader)

    async def due(self, now: datetime, limit: int) -> Sequence[Escalation]:
        """List escalations whose next step has come."""
        async with self._database.reading() as connection:
            return await escalations.due(connection, now, limit, self._reader)

    async def entries(self, escalation_id: str) -> Sequence[Entry]:
        """Return the words of a thread, oldest first."""
        async with self._database.reading() as connection:
            return await words.thread(connection, escalation_id, self._data_key)

    async def events(self, escalation_id: str) -> Sequence[LoggedEvent]:
        """Return the log of an escalation, oldest first."""
        async with self._database.reading() as connection:
            return await chain.log_of(connection, escalation_id)

    async def claim_deliveries(
        self, worker: str, now: datetime, lease_until: datetime, busy_lanes: Collection[str]
    ) -> Sequence[Delivery]:
        """Lease the next delivery of every lane that is not busy."""
        async with self._database.writing() as connection:
            return await deliveries.claim(connection, worker, now, lease_until, busy_lanes, self._reader)

    async def next_delivery_at(self, now: datetime) -> datetime | None:
        """Return when the next pending delivery falls due."""
        async with self._database.reading() as connection:
            return await deliveries.next_at(connection, now)

    async def put_back(self, delivery: Delivery) -> None:
        """Write a claimed delivery that stays pending."""
        async with self._database.writing() as connection:
            await deliveries.put_back(connection, delivery, self._data_key)

    async def deliveries(self, escalation_id: str) -> Sequence[Delivery]:
        """List the deliveries of an escalation, oldest first."""
        async with self._database.reading() as connection:
            return await deliveries.of_escalation(connection, escalation_id, self._reader)

    async def delivered_to(self, lane: str, limit: int) -> Sequence[Delivery]:
        """List the latest deliveries that reached a lane, latest first."""
        async with self._database.reading() as connection:
            return await deliveries.sent_in(connection, lane, limit, self._reader)

    async def person(self, key: str) -> Person | None:
        """Return who stands behind a pseudonymous key."""
        async with self._database.reading() as connection:
            return await words.person(connection, key, self._data_key)

    async def remember(self, turn: Turn) -> None:
        """Keep a reply's turn for a day."""
        async with self._database.writing() as connection:
            await words.remember(connection, turn, self._data_key)

    async def recall(self, reply: str, now: datetime) -> Turn | None:
        """Return a turn that is less than a day old."""
        async with self._database.reading() as connection:
            return await words.recall(connection, reply, now, self._data_key)

    async def note(self, feedback: Feedback) -> None:
        """Keep what came of a reply."""
        async with self._database.writing() as connection:
            await words.note(connection, feedback, self._data_key)

    async def feedback(self, school: str, limit: int) -> Sequence[Feedback]:
        """List the questions of a school that went unanswered or answered badly, the latest first."""
        async with self._database.reading() as connection:
            return await words.feedback_with_words(connection, school, limit, self._data_key)

    async def verify(self) -> AuditReport:
        """Check every log against its anchor, event by event, and whether everything can be read."""
        async with self._database.reading(takes_long=True) as connection:
            return await verify(connection, self._data_key)

    async def purge(self, now: datetime) -> Purged:
        """Delete what has been kept for long enough, from the tables and from the files."""
        async with self._database.writing(takes_long=True) as connection:
            purged = await purge(connection, now, self._data_key.audit)
        await self._database.compact()
        return purged

    async def _open(self, connection: AsyncConnection, change: Change) -> Escalation:
        written = replace(change.after, version=1)
        if not await escalations.insert(connection, written, self._data_key):
            known = await escalations.by_source(connection, written.source, self._reader)
            if known is None:  # a purge took it in this very moment
                raise StoreError("the escalation that this message opened was purged")
            return known
        await chain.begin(connection, written.id, change.events, self._data_key.audit)
        await self._write_rest(connection, change)
        return written

    async def _write_rest(self, connection: AsyncConnection, change: Change) -> None:
        escalation = change.after.id
        await words.add_entries(connection, escalation, change.entries, self._data_key)
        await words.name_people(connection, change, self._data_key)
        await deliveries.withdraw(connection, escalation, change.withdrawn)
        await deliveries.settle(connection, change.settled, self._data_key)
        await deliveries.queue(connection, change.deliveries, self._data_key)
        if change.event_key is not None:
            at = max((event.at for event in change.events), default=change.after.opened_at)
            await event_keys.finish(connection, change.event_key, at)


async def open_store(url: str, data_key: DataKey) -> SqlStore:
    """Open the store at a URL: bring its tables up to date, and make sure of the data key.

    Raises SettingsError for a URL that names no database, StoreError where the database cannot be used.
    """
    database = open_database(url)
    try:
        await database.make_sure_of_durability()
        await upgrade(database)
        await _make_sure_of(data_key, database)
    except BaseException:
        await database.close()
        raise
    return SqlStore(database, data_key)


async def _make_sure_of(data_key: DataKey, database: Database) -> None:
    """Refuse another data key than the one the database was made with: it could open nothing, and break every chain."""
    async with database.writing() as connection:
        statement = insert_into(connection, installation).values(name="data-key", value=data_key.fingerprint)
        await connection.execute(statement.on_conflict_do_nothing())
        known = select(installation.c.value).where(installation.c.name == "data-key")
        if await connection.scalar(known) != data_key.fingerprint:
            raise StoreError("the data key is not the one this database was made with")
