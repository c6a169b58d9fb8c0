"""What `signpost doctor` looks at where escalations are kept: database, data key, what lies undelivered, routes."""

import asyncio
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta

from adapters.cli.session import Session
from adapters.errors import AdapterError
from adapters.escalating import data_key
from adapters.findings import Finding, warning
from adapters.settings import Settings
from adapters.upkeep import data_key_file, database_file, existing_store, present_revision, refuse_lost_key, revision
from bot.escalation.errors import EscalationError
from bot.escalation.model import Escalation, State
from bot.escalation.ports import Wanted
from knowledge.errors import KnowledgeError
from knowledge.model import RouteName

_UNDELIVERED_AFTER = timedelta(minutes=5)  # RS-54
_NAMED = 5


def look_at_store(session: Session) -> Iterator[Finding]:
    """Tell whether the store can be used, where its key comes from, and whether something urgent lies in it.

    What makes the rest pointless is the last that is told.
    """
    try:
        settings = session.settings
    except AdapterError:
        return  # told already
    try:
        found = asyncio.run(revision(settings))
        yield _database(settings, found)
        yield _data_key(settings, found)
        if found == present_revision():
            yield _undelivered(asyncio.run(_lying(settings, datetime.now(UTC) - _UNDELIVERED_AFTER)))
    except (AdapterError, EscalationError) as error:
        yield False, f"the store cannot be used: {error}"


def look_at_routes(session: Session) -> Iterator[Finding]:
    """Name the schools where nobody can be told of a child at risk."""
    try:
        schools = [loaded.school for loaded in session.packs if loaded.school]
    except (AdapterError, KnowledgeError):
        return
    without = [school.id for school in schools if RouteName.CHILD not in school.routes]
    if without:
        yield warning(
            f"nobody is told of a child at risk at {', '.join(without)}; set `routes` with `child` in the school.yaml "
            "of each"
        )
    elif schools:
        yield True, "every school has a route for concerns about a child"


def _database(settings: Settings, found: str | None) -> Finding:
    file = database_file(settings)
    where = f"database {file}" if file else "the database of SIGNPOST_DATABASE_URL"
    if found is None and file:
        return True, f"{where} is not there yet; the server makes it at its first start"
    is_at = f"{where} is at revision {found}" if found else f"{where} has no tables yet"
    return (True, is_at) if found == present_revision() else (False, f"{is_at}; run `signpost db upgrade`")


def _data_key(settings: Settings, found: str | None) -> Finding:
    """Say where the data key comes from: one beside the database protects little. Raises SettingsError."""
    file = data_key_file(settings)
    if file is not None and not file.exists() and found is None:
        return warning(f"no data key is given; the server makes one at its first start ({file})")
    if file is not None:
        refuse_lost_key(settings)
    data_key(settings)
    if file is None:
        return True, "the data key is given by the environment"
    return warning(
        f"the data key was made in the state folder ({file}): whoever copies the folder can read the words in "
        "the database. Keep a copy of the key elsewhere, or give it as SIGNPOST_DATA_KEY"
    )


def _undelivered(lying: Sequence[Escalation]) -> Finding:
    if not lying:
        return True, "no urgent escalation is waiting to be delivered"
    named = ", ".join(one.reference for one in lying[:_NAMED]) + (", ..." if len(lying) > _NAMED else "")
    return False, (
        f"{len(lying)} urgent and delivered to nobody for 5 minutes or more ({named}): phone the people of the route "
        "now, then look whether the server runs"
    )


async def _lying(settings: Settings, before: datetime) -> Sequence[Escalation]:
    async with existing_store(settings) as store:
        found = await store.escalations(Wanted(open_only=True))
    return [one for one in found if one.urgent and one.state is State.RECORDED and one.opened_at <= before]
