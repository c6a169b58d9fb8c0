"""A workspace into which Signpost is installed from Slack, and what is kept of it."""

from dataclasses import dataclass, replace
from datetime import timedelta

from slack_sdk.web.async_client import AsyncWebClient

from adapters.slack.installing import Installing, Registration
from adapters.slack.workspaces import Workspaces
from bot.escalation.ports import Kept
from tests.adapters.slack.home_world import TEACHER, TEAM, HomeWorld
from tests.slack_fake import REGISTERED, Workspace
from tests.store_fake import MemoryKept

REDIRECT = "https://signpost.school.example/slack/oauth_redirect"
OURS = Registration(REGISTERED.client_id, REGISTERED.client_secret, REDIRECT)
TEN_MINUTES, SECOND = timedelta(minutes=10), timedelta(seconds=1)
LIFETIME, AHEAD = timedelta(hours=12), timedelta(hours=2)
OTHER = "T0OTHER"


class CrashError(Exception):
    """The process is gone."""


class Watched(MemoryKept):
    """Keeps values, and counts the writes of tokens; `crash` ends the process before the next of them."""

    def __init__(self) -> None:
        """Begin empty."""
        super().__init__()
        self.crash = False
        self.writes: list[str] = []

    async def put(self, kind: str, key: str, value: str) -> None:
        """Keep a value."""
        if kind == "slack-token":
            if self.crash:
                raise CrashError
            self.writes.append(value)
        await super().put(kind, key, value)


@dataclass
class Install:
    """A workspace into which Signpost is installed from Slack."""

    world: HomeWorld
    other: Workspace
    kept: Watched

    def __post_init__(self) -> None:
        """Start."""
        self.restart()

    def restart(self, kept: Kept | None = None, registration: Registration | None = OURS) -> None:
        """Begin anew with what is kept."""
        world = self.world
        client = AsyncWebClient(base_url=world.slack.url, session=world.session, retry_handlers=[])
        self.workspaces = Workspaces(world.slack.url, world.session, world.knowledge)
        self.installing = Installing(self.workspaces, kept or self.kept, world.store, world.clock, client, registration)

    def replica(self) -> "Install":
        """Return another replica over the same store."""
        return Install(self.world, self.other, self.kept)

    def rotating(self) -> None:
        """Let Slack rotate the tokens of the app."""
        self.world.slack.world.app = replace(REGISTERED, rotates=True)

    def pass_by(self, time: timedelta) -> None:
        """Let time pass, in Slack too."""
        self.world.clock.move(time)
        self.world.slack.clock.pass_by(time.total_seconds())

    async def install(self) -> str:
        """Install Signpost in the workspace; returns the workspace."""
        code = self.world.slack.consent(self.world.team, TEACHER)
        return await self.installing.finish(await self.installing.begin(), code)

    @property
    def token(self) -> str | None:
        """The token in use."""
        known = self.workspaces.workspace(TEAM)
        return known.token if known else None

    async def works(self) -> bool:
        """Tell whether Slack takes the token in use."""
        return bool((await self.workspaces.client(TEAM).auth_test())["ok"])
