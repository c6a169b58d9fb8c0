"""The front door with the real Bolt behind it, and listeners that note what they hear."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import aiohttp
from aiohttp import web
from aiohttp.test_utils import TestServer
from slack_bolt.async_app import AsyncAck, AsyncApp
from slack_bolt.context.async_context import AsyncBoltContext
from slack_sdk.web.async_client import AsyncWebClient

from adapters.chat.later import Later
from adapters.slack.app import create_app
from adapters.slack.channel import SlackChannel
from adapters.slack.front import Front, key_of, leave_open
from adapters.slack.gate import Gate
from adapters.slack.manifest import REQUEST_PATH
from adapters.slack.signed import Door
from adapters.slack.unserved import Unserved
from adapters.slack.workspaces import Workspaces
from tests.adapters.slack.home_world import SAFE, SCHOOL, STAFF_ROOM, TEACHER, TEAM
from tests.escalation_fakes import ShownSchools, TickingClock
from tests.slack_fake import SignedHttp, SlackFake, Workspace
from tests.store_fake import MemoryStore


@dataclass
class Notes:
    """Listeners that note what they hear: the text of a message, a command's, a button's value.

    `fault` is raised in the next ones instead; `meanwhile` is called in the midst of it. While `gate` is closed they
    wait before it. `waits`: their answers have not arrived yet.
    """

    heard: list[str] = field(default_factory=list)
    keys: list[str | None] = field(default_factory=list)
    fault: Exception | None = None
    waits: bool = False
    meanwhile: Callable[[], None] = lambda: None
    gate: asyncio.Event = field(default_factory=asyncio.Event)
    entered: asyncio.Event = field(default_factory=asyncio.Event)

    def add_to(self, app: AsyncApp) -> None:
        """Register the listeners."""
        app.event("message")(self.message)
        app.command("/policy")(self.command)
        app.action("tapped")(self.tap)
        app.event("app_uninstalled")(self.removed)

    async def message(self, event: dict[str, Any], context: AsyncBoltContext) -> None:
        """Hear a message."""
        await self._note(event["text"], context)

    async def command(self, ack: AsyncAck, body: dict[str, Any], context: AsyncBoltContext) -> None:
        """Hear a command, and answer it."""
        await self._note(body["text"], context)
        await ack(text="heard", response_type="ephemeral")

    async def tap(self, ack: AsyncAck, body: dict[str, Any], context: AsyncBoltContext) -> None:
        """Hear a tap."""
        await ack()
        await self._note(body["actions"][0]["value"], context)

    async def removed(self, context: AsyncBoltContext) -> None:
        """Hear that Signpost was taken out."""
        await self._note("removed", context)

    async def _note(self, text: str, context: AsyncBoltContext) -> None:
        self.entered.set()
        await self.gate.wait()
        self.meanwhile()
        if self.fault:
            raise self.fault
        self.heard.append(text)
        self.keys.append(key_of(context))
        if self.waits:
            leave_open(context)


@dataclass
class FrontWorld:
    """The workspace, the front door, and what stands behind it."""

    slack: SlackFake
    team: Workspace
    workspaces: Workspaces
    client: AsyncWebClient
    knowledge: ShownSchools
    clock: TickingClock
    store: MemoryStore = field(default_factory=MemoryStore)
    notes: Notes = field(default_factory=Notes)

    def __post_init__(self) -> None:
        """Open the gate, and build the front."""
        self.notes.gate.set()
        self.later = Later(self.pause)
        channel = SlackChannel(self.workspaces, Gate(self.workspaces, self.clock.now), self.clock.now)
        app = create_app(self.workspaces, self.client, self.notes)
        unserved = create_app(self.workspaces, self.client, Unserved(channel, self.later))
        self.front = Front(app, unserved, self.workspaces, self.store, self.clock)
        self.door = Door(self.front, self.slack.world.app.signing_secret, self.clock.now)

    async def pause(self, _seconds: float) -> None:
        """Wait no time at all."""

    @property
    def http(self) -> SignedHttp:
        """Return the way to it over HTTP."""
        assert isinstance(self.slack.delivery, SignedHttp)
        return self.slack.delivery

    def is_untouched(self) -> bool:
        """Tell whether nothing was heard, claimed or asked of Slack since it began."""
        claimed = self.store._leases  # noqa: SLF001 - the port lists no keys, and none may be there
        return not self.notes.heard and not claimed and [one.method for one in self.slack.calls] == ["auth.test"]


@asynccontextmanager
async def front_world() -> AsyncIterator[FrontWorld]:
    """Run the front door of a workspace with Oakwood in it, over signed HTTP."""
    clock = TickingClock()
    async with SlackFake() as slack, aiohttp.ClientSession() as session:
        slack.clock.at = clock.now().timestamp()
        team = slack.workspace(TEAM, "Model Trust")
        team.add_user(TEACHER, "tess")
        team.add_channel(STAFF_ROOM, "staff-room", TEACHER)
        team.add_channel(SAFE, "safeguarding", is_private=True)
        knowledge = ShownSchools((SCHOOL,))
        workspaces = Workspaces(slack.url, session, knowledge)
        await workspaces.enter(slack.install(team).access.value)
        client = AsyncWebClient(base_url=slack.url, session=session, retry_handlers=[])
        world = FrontWorld(slack, team, workspaces, client, knowledge, clock)
        app = web.Application(client_max_size=1024 * 1024)
        world.door.add_to(app.router)
        async with TestServer(app) as server:
            secret = slack.world.app.signing_secret
            slack.delivery = SignedHttp(str(server.make_url(REQUEST_PATH)), secret, now=slack.clock.time)
            yield world
            await world.later.close(1)
            await slack.delivery.close()
