"""What people wrote, and who they are: threads, turns, feedback and names. All of it is sealed."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from sqlalchemy import bindparam, insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from adapters.storage.crypto import DataKey
from adapters.storage.rows import entry_of, entry_row, person_of, sealed_person, sealed_turn, turn_of
from adapters.storage.spans import TURN_KEPT
from adapters.storage.tables import entries, feedback, involvements, people, turns
from adapters.storage.upsert import insert_into, upsert
from bot.escalation.model import Change, Entry, Feedback, Person, Turn

_RECALLED = select(turns.c.turn).where(turns.c.reply == bindparam("of_reply"), turns.c.at > bindparam("since"))


async def add_entries(connection: AsyncConnection, escalation: str, new: Iterable[Entry], data_key: DataKey) -> None:
    """Add to the thread of an escalation."""
    if rows := [entry_row(escalation, entry, data_key) for entry in new]:
        await connection.execute(insert(entries), rows)


async def thread(connection: AsyncConnection, escalation: str, data_key: DataKey) -> Sequence[Entry]:
    """Return the thread of an escalation, oldest first."""
    rows = await connection.execute(
        select(entries).where(entries.c.escalation == escalation).order_by(entries.c.number)
    )
    return [entry_of(row, data_key) for row in rows.mappings()]


async def name_people(connection: AsyncConnection, change: Change, data_key: DataKey) -> None:
    """Keep the names a step brings, and who has to do with the escalation, so that a purge knows whom to forget."""
    named = {data_key.pseudonyms.key(f"{one.platform}:{one.id}"): one for one in change.people}
    # In order, so that two steps that name the same people wait for each other instead of blocking each other.
    for key, person in sorted(named.items()):
        await upsert(connection, people, {"key": key, "person": sealed_person(person, data_key)})
    keys = {change.after.asker, change.after.holder, *(entry.author for entry in change.entries), *named}
    statement = insert_into(connection, involvements).on_conflict_do_nothing()
    await connection.execute(
        statement, [{"escalation": change.after.id, "person": key} for key in sorted(filter(None, keys))]
    )


async def person(connection: AsyncConnection, key: str, data_key: DataKey) -> Person | None:
    """Return who stands behind a pseudonymous key."""
    token = await connection.scalar(select(people.c.person).where(people.c.key == key))
    return person_of(token, data_key) if token else None


async def remember(connection: AsyncConnection, turn: Turn, data_key: DataKey) -> None:
    """Keep a turn; a later one of the same reply replaces it."""
    await upsert(connection, turns, {"reply": turn.reply, "at": turn.at, "turn": sealed_turn(turn, data_key)})


async def recall(connection: AsyncConnection, reply: str, now: datetime, data_key: DataKey) -> Turn | None:
    """Return a turn less than a day old."""
    token = await connection.scalar(_RECALLED, {"of_reply": reply, "since": now - TURN_KEPT})
    return turn_of(token, data_key) if token else None


async def note(connection: AsyncConnection, what: Feedback, data_key: DataKey) -> None:
    """Keep what came of a reply."""
    words = None if what.words is None else data_key.seal(what.words)
    await connection.execute(
        insert(feedback).values(school=what.school, kind=what.kind, clause=what.clause, words=words, at=what.at)
    )


async def feedback_with_words(
    connection: AsyncConnection, school: str, limit: int, data_key: DataKey
) -> Sequence[Feedback]:
    """List the questions of a school that still have their words, the latest first."""
    wanted = select(feedback).where(feedback.c.school == school, feedback.c.words.is_not(None))
    rows = await connection.execute(wanted.order_by(feedback.c.at.desc(), feedback.c.id.desc()).limit(limit))
    return [
        Feedback(row["school"], row["kind"], row["clause"], data_key.unseal(row["words"]), row["at"])
        for row in rows.mappings()
    ]
