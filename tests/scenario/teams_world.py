"""A school on Teams: the real server's Teams side over a real store, and the fake that stands for Microsoft."""

import shutil
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import yaml
from aiohttp import web

from adapters.bootstrap import Signpost
from adapters.escalating import Escalating, escalating
from adapters.reloading import Reloader
from adapters.settings import Settings
from adapters.teams.manifest import REQUEST_PATH
from adapters.teams_reach import Network
from adapters.teams_wiring import TeamsSide, teams_side
from knowledge.loader import SHIPPED
from tests.escalation_fakes import TickingClock
from tests.scenario.school_day import SchoolDay
from tests.teams_fake import Channel, Person, Place, Seen, Team, TeamsFake, Tenant, User, guid

TENANT = guid("tenant")
_NAMES = {
    "teacher": "Tess Teacher",
    "colleague": "Cole Colleague",
    "admin": "Ada Admin",
    "headteacher": "Mrs Head",
    "dsl": "Mr Dale",
    "deputy-dsl": "Ms Ford",
    "chair-of-governors": "Dr Chair",
    "deputy-head": "Mr Wood",
}
# Some are named by their object id, some by the name they sign in with.
_BY_NAME = frozenset({"deputy-dsl", "chair-of-governors"})
_SECOND = timedelta(seconds=1)
_PATIENCE_S = 10

School = dict[str, Any]


def _as_it_is(school: School) -> None:
    """Leave a school as it is."""


def user_id(who: str) -> str:
    """Return somebody's Entra object id."""
    return guid(f"school/{who}")


def sign_in_name(who: str) -> str:
    """Return the name with which somebody signs in."""
    return f"{_NAMES[who].lower().replace(' ', '.')}@school.example"


def write_pack(root: Path, change: Callable[[School], None] = _as_it_is, *, school: str = "model") -> Path:
    """Write the model school as a school on Teams, under a name of its own; returns the knowledge folder."""
    folder = root / "knowledge"
    shutil.copytree(SHIPPED / "schools" / "model", folder / "schools" / school)
    path = folder / "schools" / school / "school.yaml"
    written = yaml.safe_load(path.read_text(encoding="utf-8"))
    for role in written["contacts"].keys() & _NAMES.keys():
        value = sign_in_name(role) if role in _BY_NAME else user_id(role)
        written["contacts"][role].setdefault("reach", []).append({"kind": "teams", "value": value})
    written["belongs"] = [{"teams_tenant": TENANT}]
    written["admins"] = [{"teams": sign_in_name("admin")}]
    change(written)
    path.write_text(yaml.safe_dump(written, allow_unicode=True, sort_keys=False), encoding="utf-8")
    return folder


@dataclass(frozen=True, slots=True)
class Premises:
    """The school in Teams: its staff team with the staff room, and the safeguarding channel, which is private."""

    tenant: Tenant
    staff: Team
    staff_room: Channel
    safe: Channel
    chat: Place


def furnish(teams: TeamsFake) -> Premises:
    """Put the school's people, teams and chats into Teams, with Signpost in them."""
    tenant = teams.tenant("Model Primary")
    users = {who: tenant.add_user(name, user_id(who)) for who, name in _NAMES.items()}
    users["guest"] = tenant.add_user("Gus Guest", user_id("guest"), role="guest")
    users["pupil"] = tenant.add_user("Pip Pupil", user_id("pupil"))
    staff_members = [user for who, user in users.items() if who != "pupil"]
    staff = tenant.add_team("Staff", *staff_members)
    room = tenant.add_channel(staff, "Staff room")
    trusted = [users[who] for who in ("dsl", "deputy-dsl", "headteacher", "admin")]
    safe = tenant.add_channel(staff, "Safeguarding", *trusted, kind="private")
    chat = tenant.add_chat("Year 4", users["teacher"], users["colleague"])
    teams.install(staff, safe, chat, *users.values())
    return Premises(tenant, staff, room, safe, chat)


@dataclass(frozen=True, slots=True, repr=False)  # what a task holds is written out time and again
class Served(SchoolDay):
    """A running server: Teams as the school sees it, and the parts behind it."""

    teams: TeamsFake
    at: Premises
    parts: Escalating
    side: TeamsSide
    signpost: Signpost
    clock: TickingClock

    def person(self, who: str) -> Person:
        """Be somebody of the school, by their role there."""
        return self.teams.person(user_id(who))

    def user(self, who: str) -> User:
        """Return somebody's account."""
        return self.at.tenant.users[user_id(who)]

    def pass_by(self, time: timedelta) -> None:
        """Let time pass at the school and in Teams."""
        self.clock.move(time)
        self.teams.clock.pass_by(time.total_seconds())

    async def bind(self, route: str = "child") -> None:
        """Let an admin bind the safeguarding channel to a route."""
        await self.person("admin").writes_in(self.at.safe, f"policy-admin routes bind {route}")


@asynccontextmanager
async def served(
    signpost: Signpost, state: Path, clock: TickingClock, *, known: TeamsFake | None = None
) -> AsyncIterator[Served]:
    """Serve the school over the store in `state`; `clock` is the school's.

    `known` is the Teams that is there already where a server is started again.
    """
    async with AsyncExitStack() as stack:
        teams = known
        if teams is None:
            teams = await stack.enter_async_context(TeamsFake())
            teams.clock.at = clock.now().timestamp()
            furnish(teams)
        tenant = teams.world.tenants[TENANT]
        there = replace(signpost, settings=_settings(signpost.settings, teams, state))
        way = teams.network()
        network = Network(way.new_session, lambda: way.http_client)
        parts = await stack.enter_async_context(escalating(there, clock, network))
        reloader = Reloader(there)
        stack.callback(reloader.close)
        side = await stack.enter_async_context(teams_side(there, parts, reloader))
        assert side is not None
        await _listen(side, teams, stack)
        yield Served(teams, _premises(tenant), parts, side, there, clock)


async def _listen(side: TeamsSide, teams: TeamsFake, stack: AsyncExitStack) -> None:
    app = web.Application(client_max_size=1024 * 1024)
    side.door.add_to(app.router)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=1.0)
    await runner.setup()
    stack.push_async_callback(runner.cleanup)
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    teams.deliver_to(f"http://127.0.0.1:{runner.addresses[0][1]}{REQUEST_PATH}")


def _settings(settings: Settings, teams: TeamsFake, state: Path) -> Settings:
    return replace(
        settings,
        state=state,
        teams_app_id=teams.app_id,
        teams_app_password=teams.secret,
        teams_tenant_id=teams.tenant_id,
    )


def _premises(tenant: Tenant) -> Premises:
    (staff,) = tenant.teams.values()
    channels = {channel.name: channel for channel in staff.channels.values()}
    (chat,) = tenant.chats.values()
    return Premises(tenant, staff, channels["Staff room"], channels["Safeguarding"], chat)


# ---- What stands there -----------------------------------------------------------------------------------------------


def bot_said(person: Person, place: Place | None = None) -> list[Seen]:
    """Return what Signpost wrote where somebody can read it: in their own chat, where no other place is named."""
    return [one for one in person.reads(place) if one.is_from_bot]
