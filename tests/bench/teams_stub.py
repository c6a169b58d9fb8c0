"""Microsoft for the Teams benchmark, over plain HTTP: keys, tokens, members, and when each reply was posted."""

import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

from aiohttp import web

from tests.scenario.teams_world import furnish
from tests.teams_fake import TeamsFake, Tenant, User
from tests.teams_fake.entra import BotService, Entra
from tests.teams_fake.faults import Faults
from tests.teams_fake.service import Service

_HOST = "127.0.0.1"
_SERVED_AS = "/{region}/{tenant}"
_TYPING = b'"type":"typing"'


class Stub:
    """The Bot Connector, the Bot Service's keys and Entra at one port, of which their names are all led to it.

    `on_reply` is told of each message that is posted: in which conversation, and when. What it looks at is the token
    alone, so that it takes no more time from one server than from another.
    """

    def __init__(self, people: int) -> None:
        """Have a school in Teams, with as many people."""
        self.fake = TeamsFake()
        furnish(self.fake)
        self.tenant: Tenant = self.fake.world.tenants[self.fake.tenant_id]
        self.people: list[User] = [self.tenant.add_user(f"Colleague {number}") for number in range(people)]
        self._members = {user.teams_id: user for user in self.tenant.users.values()}
        self._posted = 0
        self.on_reply: Callable[[str, float], object] = lambda _conversation, _at: None

    @asynccontextmanager
    async def listening(self) -> AsyncIterator[int]:
        """Listen for as long as it is needed; yields the port."""
        service = Service(self.fake.world, Faults())
        app = web.Application()
        app.router.add_post(_SERVED_AS + "/v3/conversations/{conversation}/activities", self._take)
        app.router.add_post(_SERVED_AS + "/v3/conversations/{conversation}/activities/{activity}", self._take)
        app.router.add_get(_SERVED_AS + "/v3/conversations/{conversation}/members/{member}", self._member)
        BotService(self.fake.keys).add_to(app, service)
        Entra(self.fake.world, self.fake.tickets).add_to(app, service)
        runner = web.AppRunner(app, access_log=None)
        await runner.setup()
        await web.TCPSite(runner, _HOST, 0).start()
        try:
            yield int(runner.addresses[0][1])
        finally:
            await runner.cleanup()

    async def _take(self, request: web.Request) -> web.Response:
        at = time.perf_counter()
        self._check(request)
        if _TYPING not in await request.read():
            self.on_reply(request.match_info["conversation"], at)
        self._posted += 1
        return web.Response(text=f'{{"id":"{self._posted}"}}', content_type="application/json", status=201)

    async def _member(self, request: web.Request) -> web.Response:
        self._check(request)
        wanted = request.match_info["member"]
        user = self._members.get(wanted) or self.tenant.users[wanted]
        return web.json_response(user.as_member())

    def _check(self, request: web.Request) -> None:
        self.fake.tickets.check(request.headers.get("Authorization", "").removeprefix("Bearer "))
