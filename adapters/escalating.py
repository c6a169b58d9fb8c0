"""Wires what escalating needs: the store, the ways to reach people, the desk and the courier."""

import asyncio
import secrets
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine, Iterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, replace
from typing import Any

from adapters.alarms import LogBell, says
from adapters.beside import beside
from adapters.bootstrap import SchoolClock, Signpost
from adapters.chat.guard import Guard
from adapters.errors import SettingsError
from adapters.ids import RandomIds
from adapters.mail.channel import MailChannel
from adapters.places import BoundPlaces
from adapters.settings import Settings
from adapters.slack_reach import SlackReach, slack_reach
from adapters.storage.crypto import DataKey
from adapters.storage.store import SqlStore, open_store
from adapters.teams_reach import Network, TeamsReach, teams_reach
from adapters.web.channel import WebChannel
from bot.escalation.alarms import Alarms
from bot.escalation.courier import Courier
from bot.escalation.desk import Desk
from bot.escalation.errors import EscalationError
from bot.escalation.intake import Intake
from bot.escalation.model import State
from bot.escalation.office import Office
from bot.escalation.ports import Alarm, Channel, Clock, Wanted
from bot.redaction import vocabulary
from bot.service import Service

_DATABASE = "signpost.sqlite"
_STOP_SECONDS = 10  # RS-58
_DAY_SECONDS = 24 * 3600


@dataclass(frozen=True, slots=True)
class Escalating:
    """Everything that escalates, wired together over an open store."""

    store: SqlStore
    office: Office
    intake: Intake
    desk: Desk
    courier: Courier
    web: WebChannel
    bell: LogBell
    service: Service
    places: BoundPlaces
    slack: SlackReach | None = None
    teams: TeamsReach | None = None

    async def report(self) -> dict[str, Any]:
        """Return how escalating fares, as a JSON object without words or names; never fails."""
        alarms = [
            {"at": at.isoformat(timespec="seconds"), "kind": alarm.kind, "school": alarm.school, "says": says(alarm)}
            for at, alarm in self.bell.rung()
        ]
        try:
            found = await self.store.escalations(Wanted(open_only=True))
        except EscalationError:
            return {"escalations": None, "alarms": alarms}
        now = self.office.clock.now()
        undelivered = [one for one in found if one.state is State.RECORDED and one.urgent]
        ages = [(now - one.opened_at).total_seconds() for one in undelivered]
        waiting = [one for one in found if one.state is not State.ACKNOWLEDGED]
        counts = {"open": len(found), "waiting": len(waiting), "undelivered": len(undelivered)}
        return {"escalations": counts | {"oldest_undelivered_s": round(max(ages, default=0.0))}, "alarms": alarms}


def data_key(settings: Settings) -> DataKey:
    """Return the data key: the one in the environment, else the file in the state folder, made where there is none.

    Raises SettingsError where it cannot be read, or is gone while its database is there: a new one could open nothing.
    """
    if settings.data_key:
        return DataKey.parse(settings.data_key)
    settings.state.mkdir(parents=True, exist_ok=True, mode=0o700)
    file = settings.state / "data.key"
    if not file.exists() and (settings.state / _DATABASE).exists():
        raise SettingsError(
            f"The data key of this database is missing: bring back {file}, or set SIGNPOST_DATA_KEY to the key."
        )
    return DataKey.kept_in(file)


def database_url(settings: Settings) -> str:
    """Return the database in force: the one of the settings, else a file in the state folder."""
    return settings.database_url or f"sqlite:///{settings.state / _DATABASE}"


@asynccontextmanager
async def opened_store(settings: Settings) -> AsyncIterator[SqlStore]:
    """Open the store for as long as it is needed. Raises SettingsError and StoreError."""
    key = data_key(settings)
    store = await open_store(database_url(settings), key)
    try:
        yield store
    finally:
        await store.close()


@asynccontextmanager
async def escalating(
    signpost: Signpost, clock: Clock | None = None, network: Network | None = None
) -> AsyncIterator[Escalating]:
    """Open the store and wire everything over it. Nothing is delivered until `delivering`.

    `clock` tells the time in place of this machine's; `network` reaches Microsoft.
    """
    clock = clock or SchoolClock()
    async with opened_store(signpost.settings) as store:
        places = BoundPlaces(signpost.library, store.kept)
        await places.load()
        settings, library = signpost.settings, signpost.library
        async with (
            slack_reach(settings, library, clock.now) as slack,
            teams_reach(settings, library, places, store.kept, clock.now, network or Network()) as teams,
        ):
            yield _wired(signpost, store, places, slack, teams, clock)


def _wired(
    signpost: Signpost,
    store: SqlStore,
    places: BoundPlaces,
    slack: SlackReach | None,
    teams: TeamsReach | None,
    clock: Clock,
) -> Escalating:
    catalogue, bell = signpost.shared.catalogue, LogBell()
    web = WebChannel(places)
    # The chat that the school has set up comes first: that is where whoever is known nowhere else is told.
    channels: dict[str, Channel] = {one.channel.platform: one.channel for one in (slack, teams) if one}
    channels[web.platform] = web
    if signpost.settings.smtp_host:
        mail = MailChannel(signpost.settings)
        channels[mail.platform] = mail
    office = Office(
        store=store,
        knowledge=places,
        kinds={kind.id: kind for kind in catalogue.concerns},
        channels=channels,
        pseudonyms=data_key(signpost.settings).pseudonyms,
        clock=clock,
        ids=RandomIds(),
    )
    courier = Courier(office, channels, bell, secrets.token_hex(4))
    service = replace(signpost.service, knowledge=places)
    known = vocabulary(catalogue).__contains__
    intake = Intake(office, known, courier.wake, concern_in=service.concern_in)
    service = replace(service, intake=intake)
    return Escalating(
        store, office, intake, Desk(office, courier.wake), courier, web, bell, service, places, slack, teams
    )


@asynccontextmanager
async def delivering(
    parts: Escalating, pause: Callable[[float], Awaitable[None]] = asyncio.sleep
) -> AsyncIterator[None]:
    """Run the courier, look over the channels it posts to, and erase daily what has been kept for long enough.

    `pause` waits that many seconds between the looks. At the end the courier finishes what is in flight, for ten
    seconds at most (RS-58).
    """
    working = asyncio.create_task(parts.courier.run())
    try:
        async with beside(_erase_daily(parts), *_watches(parts, pause)):
            yield
    finally:
        working.cancel()
        with suppress(asyncio.CancelledError, TimeoutError):
            await asyncio.wait_for(working, _STOP_SECONDS)


def _watches(parts: Escalating, pause: Callable[[float], Awaitable[None]]) -> Iterator[Coroutine[Any, Any, None]]:
    clock = parts.office.clock
    alarms = Alarms(parts.bell, clock)
    if parts.slack:
        workspaces, gate = parts.slack.workspaces, parts.slack.gate
        yield Guard("slack", workspaces, gate, parts.places, alarms, clock.now).watch(pause)
    if parts.teams:
        tenants, teams_gate = parts.teams.tenants, parts.teams.gate
        yield Guard("teams", tenants, teams_gate, parts.places, alarms, clock.now).watch(pause)


async def _erase_daily(parts: Escalating) -> None:
    while True:
        try:
            await parts.store.purge(parts.office.clock.now())
        except EscalationError as error:
            parts.bell.ring(Alarm("store", "", "", {"reason": str(error)}))
        await asyncio.sleep(_DAY_SECONDS)
