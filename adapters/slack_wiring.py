"""Puts the Slack adapter together: how it reaches people, what it listens to, and how it is set up."""

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass

from slack_sdk.web.async_client import AsyncWebClient

from adapters.alarms import says
from adapters.beside import beside
from adapters.bootstrap import Signpost
from adapters.chat import admin as chat_admin
from adapters.chat.admin import LatestAlarms
from adapters.chat.admins import Admins
from adapters.chat.announcing import Announcing
from adapters.chat.bindings import Bindings
from adapters.chat.deskwork import Steps
from adapters.chat.later import Later
from adapters.chat.own_schools import OwnSchools
from adapters.chat.waiting import Waiting
from adapters.errors import SettingsError
from adapters.escalating import Escalating
from adapters.places import BoundPlaces
from adapters.reloading import Reloader
from adapters.settings import Settings
from adapters.slack import wording as in_slack
from adapters.slack.admin import Administering
from adapters.slack.admin_words import SLACK
from adapters.slack.announcing import TellingInSlack
from adapters.slack.app import Listens, create_app
from adapters.slack.asking import Asking
from adapters.slack.checkup import Checkup
from adapters.slack.deskwork import Deskwork
from adapters.slack.entering import Entering
from adapters.slack.events import Events
from adapters.slack.following import Following
from adapters.slack.front import Front
from adapters.slack.home_tab import HomeTab
from adapters.slack.installing import Installing, Registration
from adapters.slack.interactions import Interactions
from adapters.slack.manifest import REDIRECT_PATH
from adapters.slack.people import PLATFORM, People
from adapters.slack.raising import raising_in_slack
from adapters.slack.signed import Door
from adapters.slack.sockets import Sockets
from adapters.slack.taps import Taps
from adapters.slack.unserved import Unserved
from adapters.slack.workspaces import Workspaces
from bot.escalation.errors import UndeliverableError

_STOP_SECONDS = 5.0


@dataclass(frozen=True, slots=True)
class SlackSide:
    """Slack, listening. `door` takes signed HTTP, `sockets` are those of Socket Mode; one of the two is there."""

    installing: Installing
    door: Door | None
    sockets: Sockets | None
    workspaces: Workspaces
    are_all_served: Callable[[], bool]

    def has_schools(self) -> bool:
        """Tell whether every workspace whose school has a folder here can be answered.

        A workspace that no school has ever belonged to says nothing: whoever can install the app can make one.
        """
        return self.are_all_served() or not self.workspaces.unserved()

    async def is_ready(self) -> bool:
        """Tell whether Slack can be heard and answered."""
        return self.installing.can_act() and (self.sockets is None or await self.sockets.is_ready())


@asynccontextmanager
async def slack_side(
    signpost: Signpost, parts: Escalating, places: BoundPlaces, reloader: Reloader
) -> AsyncIterator[SlackSide | None]:
    """Listen to Slack for as long as the server runs; None where Slack is not set up.

    Raises SettingsError where Slack refuses the token of the settings.
    """
    settings, reach = signpost.settings, parts.slack
    if reach is None:
        yield None
        return
    client = AsyncWebClient(base_url=settings.slack_api_url, session=reach.session, retry_handlers=[])
    store, clock = parts.store, parts.office.clock
    installing = Installing(reach.workspaces, store.kept, store, clock, client, _registration(settings))
    later = Later()
    app = create_app(reach.workspaces, client, *_listeners(signpost, parts, places, reloader, installing, later))
    unserved = create_app(reach.workspaces, client, Unserved(reach.channel, later))
    front = Front(app, unserved, reach.workspaces, store, clock)
    async with AsyncExitStack() as stack:
        stack.push_async_callback(later.close, _STOP_SECONDS)
        await _enter(installing, settings, stack)
        await stack.enter_async_context(beside(Following(installing, places).follow(asyncio.sleep)))
        sockets = door = None
        if settings.slack_mode == "socket":
            sockets = Sockets(front, settings.slack_app_token or "", client)
            await stack.enter_async_context(sockets.running())
        else:
            door = Door(front, settings.slack_signing_secret or "", clock.now)
        yield SlackSide(installing, door, sockets, reach.workspaces, signpost.library.serves_all)


async def _enter(installing: Installing, settings: Settings, stack: AsyncExitStack) -> None:
    """Take the tokens; where Slack does not answer just now, go on trying beside the rest."""
    entering = Entering(installing, settings.slack_bot_token)
    try:
        has_entered = await entering.begin()
    except UndeliverableError as refused:
        raise SettingsError(
            f"Slack refuses SLACK_BOT_TOKEN ({refused}). Copy the Bot User OAuth Token anew from your app's page "
            '"OAuth & Permissions".'
        ) from None
    if not has_entered:
        await stack.enter_async_context(beside(entering.go_on(asyncio.sleep)))


def _registration(settings: Settings) -> Registration | None:
    if not (settings.slack_client_id and settings.slack_client_secret and settings.public_url):
        return None
    return Registration(settings.slack_client_id, settings.slack_client_secret, f"{settings.public_url}{REDIRECT_PATH}")


def _listeners(
    signpost: Signpost,
    parts: Escalating,
    places: BoundPlaces,
    reloader: Reloader,
    installing: Installing,
    later: Later,
) -> Sequence[Listens]:
    reach, office, kept = parts.slack, parts.office, parts.store.kept
    assert reach is not None  # noqa: S101 - slack_side has looked
    people = People(reach.workspaces, office.clock.now)
    own_schools = OwnSchools(kept, office.pseudonyms, reach.workspaces, signpost.library.serves_all, PLATFORM)
    asking = Asking(parts.service, office, own_schools, people, Waiting(office), reach.channel, later)
    raising = raising_in_slack(asking, parts.intake)
    admins = Admins(PLATFORM, reach.workspaces, signpost.library, parts.store, frozenset(signpost.settings.admins))
    announcing = Announcing(SLACK, office, TellingInSlack(people, reach.channel), later)
    bindings = Bindings(SLACK, office, reach.workspaces, reach.gate, places, announcing)
    home = HomeTab(asking, parts.desk, raising, admins, kept, signpost.shared.catalogue.topics)
    administering = chat_admin.Administering(
        admins,
        own_schools,
        office,
        bindings,
        Checkup(office, reach.workspaces, bindings),
        reloader,
        LatestAlarms(parts.bell, says),
    )
    steps = Steps(parts.desk, parts.intake, asking, reach.workspaces.belongs, in_slack.CANNOT_SHOW)
    deskwork = Deskwork(steps)
    taps = Taps(asking, parts.intake, reach.channel)
    return (
        Events(asking, home, installing, deskwork),
        Interactions(asking, taps, deskwork, raising, home, Administering(administering)),
    )
