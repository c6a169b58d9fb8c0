"""Puts the Teams adapter together: how it reaches people, what it answers, and what it keeps up with."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass

from adapters.alarms import says
from adapters.beside import beside
from adapters.bootstrap import Signpost
from adapters.chat.admin import Administering, LatestAlarms
from adapters.chat.admins import Admins
from adapters.chat.announcing import Announcing
from adapters.chat.bindings import Bindings
from adapters.chat.deskwork import Steps
from adapters.chat.later import Later
from adapters.chat.own_schools import OwnSchools
from adapters.chat.waiting import Waiting
from adapters.escalating import Escalating
from adapters.reloading import Reloader
from adapters.teams import wording as in_teams
from adapters.teams.admin_words import TEAMS
from adapters.teams.announcing import TellingInTeams
from adapters.teams.asking import Asking
from adapters.teams.checkup import Checkup
from adapters.teams.desk_windows import DeskWindows
from adapters.teams.deskwork import Deskwork
from adapters.teams.dialogs import windows
from adapters.teams.door import Door
from adapters.teams.extension import Extension
from adapters.teams.following import Following
from adapters.teams.front import Front
from adapters.teams.greeting import Greeting
from adapters.teams.happenings import Happenings
from adapters.teams.invokes import Invokes
from adapters.teams.listener import Listener
from adapters.teams.lists import Lists
from adapters.teams.messages import Messages
from adapters.teams.people import PLATFORM
from adapters.teams.taps import Taps
from adapters.teams.unserved import Unserved
from adapters.teams_reach import TeamsReach
from bot.escalation.errors import EscalationError

_STOP_SECONDS = 5.0


@dataclass(frozen=True, slots=True)
class TeamsSide:
    """Teams, listening."""

    door: Door
    reach: TeamsReach

    async def is_ready(self) -> bool:
        """Tell whether Teams can be answered: whether Signpost has a token, or needs none."""
        try:
            await self.reach.tokens.get()
        except EscalationError:
            return False
        return True


@asynccontextmanager
async def teams_side(signpost: Signpost, parts: Escalating, reloader: Reloader) -> AsyncIterator[TeamsSide | None]:
    """Answer Teams for as long as the server runs; None where Teams is not set up."""
    reach = parts.teams
    if reach is None:
        yield None
        return
    later = Later()
    front = _front(signpost, parts, reloader, reach, later)
    following = Following(
        parts.places, reach.tenants.places, reach.confirmed, reach.names, reach.people, parts.places, _prefetch(reach)
    )
    async with AsyncExitStack() as stack:
        stack.push_async_callback(later.close, _STOP_SECONDS)
        await stack.enter_async_context(beside(following.follow(asyncio.sleep)))
        yield TeamsSide(Door(reach.framework, front), reach)


def _prefetch(reach: TeamsReach) -> Callable[[], Awaitable[None]]:
    async def prefetch() -> None:
        """Have keys and token at hand before somebody waits for them."""
        if reach.keys is not None:
            await reach.keys.prefetch()
        await reach.tokens.get()

    return prefetch


def _front(
    signpost: Signpost,
    parts: Escalating,
    reloader: Reloader,
    reach: TeamsReach,
    later: Later,
) -> Front:
    office, kept = parts.office, parts.store.kept
    own_schools = OwnSchools(kept, office.pseudonyms, reach.tenants, signpost.library.serves_all, PLATFORM)
    asking = Asking(parts.service, office, own_schools, reach.people, Waiting(office), reach.channel, later)
    steps = Steps(parts.desk, parts.intake, asking, reach.tenants.belongs, in_teams.CANNOT_SHOW)
    deskwork = Deskwork(steps)
    taps = Taps(asking, parts.intake)
    served = Listener(
        Messages(
            asking,
            deskwork,
            _admin(signpost, parts, reloader, reach, own_schools, later),
            Lists(asking, parts.desk, parts.intake),
        ),
        Invokes(taps, deskwork, windows(asking, parts.intake, taps), DeskWindows(steps), Extension(asking)),
        Happenings(reach.tenants.places, Greeting(asking, kept), reach.gate.forget),
    )
    return Front(
        served,
        Unserved(reach.channel, later),
        reach.tenants,
        reach.people,
        reach.channel,
        later,
        parts.store,
        office.clock,
        reach.urls.check,
        signpost.settings.teams_tenant_id,
    )


def _admin(
    signpost: Signpost,
    parts: Escalating,
    reloader: Reloader,
    reach: TeamsReach,
    own_schools: OwnSchools,
    later: Later,
) -> Administering:
    office, tenants = parts.office, reach.tenants

    def is_same(written: str, user: str) -> bool:
        return reach.names.user(written) == user

    first = frozenset(signpost.settings.admins)
    admins = Admins(PLATFORM, tenants, signpost.library, parts.store, first, is_same)
    announcing = Announcing(TEAMS, office, TellingInTeams(reach.people, reach.channel), later)
    bindings = Bindings(TEAMS, office, tenants, reach.gate, parts.places, announcing, reach.gate)
    checkup = Checkup(office, tenants, reach.people, bindings)
    return Administering(admins, own_schools, office, bindings, checkup, reloader, LatestAlarms(parts.bell, says))
