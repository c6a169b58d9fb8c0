"""The fake's front door."""

import asyncio
from types import TracebackType
from typing import Any, Self

from aiohttp import web

from tests.teams_fake.certificates import trust_for
from tests.teams_fake.clock import TeamsClock
from tests.teams_fake.connector import Connector
from tests.teams_fake.delivery import NOT_SENT, Answer, Endpoint
from tests.teams_fake.entra import BotService, Entra
from tests.teams_fake.faults import Faults
from tests.teams_fake.keys import Claims, KeyRing
from tests.teams_fake.network import HOSTS, Network
from tests.teams_fake.people import User, guid
from tests.teams_fake.person import Person
from tests.teams_fake.places import Place, Team
from tests.teams_fake.service import Service
from tests.teams_fake.tenant import Tenant
from tests.teams_fake.tickets import Tickets
from tests.teams_fake.world import App, Asked, World

Json = dict[str, Any]
REGISTERED = App(guid("app"), "a-client-secret", guid("tenant"))


class TeamsFake:
    """Teams, the Bot Connector and Entra on loopback, with one app and as many tenants as a test makes.

    The app gets to them with what `network` returns, under their real names; they get to it at the address that
    `deliver_to` is told. `keys` sign what is sent to the app, `tickets` are the tokens it got.
    """

    def __init__(self, app: App = REGISTERED, *, clock: TeamsClock | None = None) -> None:
        """Register the app."""
        self.clock = clock or TeamsClock()
        self.world = World(app, self.clock)
        self.faults = Faults()
        self.keys = KeyRing()
        self.tickets = Tickets(app)
        self.endpoint = Endpoint()
        self.answers: list[Answer] = []
        self._people: dict[str, Person] = {}
        self._losing = 0
        self._runner: web.AppRunner | None = None
        self._network: Network | None = None

    async def __aenter__(self) -> Self:
        """Start."""
        await self.start()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        """Stop."""
        await self.stop()

    @property
    def app_id(self) -> str:
        """Return the id of the app."""
        return self.world.app.id

    @property
    def secret(self) -> str:
        """Return the app's client secret."""
        return self.world.app.secret

    @property
    def tenant_id(self) -> str:
        """Return the tenant that the app is registered in."""
        return self.world.app.tenant_id

    @property
    def calls(self) -> list[Asked]:
        """Return every request of the app, in order."""
        return self.world.calls

    def calls_of(self, operation: str) -> list[Asked]:
        """Return the requests for one operation."""
        return [one for one in self.world.calls if one.operation == operation]

    async def start(self) -> None:
        """Listen on a free port."""
        service, trust = Service(self.world, self.faults), trust_for(*HOSTS)
        server = web.Application()
        homes: tuple[Connector | BotService | Entra, ...] = (
            Connector(self.world, self.tickets),
            BotService(self.keys),
            Entra(self.world, self.tickets),
        )
        for host, home in zip(HOSTS, homes, strict=True):
            site = web.Application(client_max_size=16 * 1024**2)
            home.add_to(site, service)
            server.add_domain(host, site)
        self._runner = web.AppRunner(server, access_log=None, shutdown_timeout=1.0)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0, ssl_context=trust.server).start()
        self._network = Network(self._runner.addresses[0][1], trust.client())

    async def stop(self) -> None:
        """Release what hangs, close what was opened, and stop listening."""
        self.faults.clear()
        await self.endpoint.close()
        if self._network is not None:
            await self._network.close()
        if self._runner is not None:
            await self._runner.cleanup()

    def network(self) -> Network:
        """Return the way from the app to the fake."""
        if self._network is None:
            raise RuntimeError("the fake is not running")
        return self._network

    def deliver_to(self, url: str) -> None:
        """Register the app's address."""
        self.endpoint.url = url

    def tenant(self, name: str, tenant_id: str = "", *, domain: str = "school.example", region: str = "uk") -> Tenant:
        """Make a tenant: the app's own, unless another id is given."""
        made = Tenant(tenant_id or self.tenant_id, name, domain, self.world.app.bot_id, region)
        self.world.tenants[made.id] = made
        return made

    def install(self, *where: User | Team | Place) -> None:
        """Put the app into teams, channels and chats, or install it for people, without a word to it."""
        for one in where:
            if isinstance(one, User):
                self.person(one).chat.has_app = True
            else:
                one.has_app = True

    def person(self, user: User | str, tenant: Tenant | None = None) -> Person:
        """Be somebody. An Entra id is looked up in every tenant, unless one is given."""
        user_id = user if isinstance(user, str) else user.id
        for one in [tenant] if tenant else self.world.tenants.values():
            if user_id in one.users:
                return self._people.setdefault(f"{one.id}/{user_id}", Person(self, one, one.users[user_id]))
        raise LookupError(user_id)

    def claims(self, activity: Json) -> Claims:
        """Return what the token of an activity says; `replace` makes a part of it wrong."""
        return Claims(str(activity.get("serviceUrl", "")), self.app_id)

    async def send(self, activity: Json, claims: Claims | None = None) -> Answer:
        """Send an activity to the app, with a token."""
        token = self.keys.token(claims or self.claims(activity))
        return await self.send_with(activity, f"Bearer {token}")

    async def send_with(self, activity: Json, authorization: str | None) -> Answer:
        """Send an activity to the app with this header, whatever it says, or with none."""
        if self._losing:
            self._losing -= 1
            answer = Answer(activity, None, None, lost=NOT_SENT)
        else:
            answer = await self.endpoint.post(activity, authorization)
        self.answers.append(answer)
        return answer

    async def redeliver(self, answer: Answer) -> Answer:
        """Send the same activity once more, with a fresh token."""
        return await self.send(answer.activity)

    async def redeliver_at_once(self, answer: Answer, copies: int) -> list[Answer]:
        """Send many copies at the same time."""
        return list(await asyncio.gather(*(self.redeliver(answer) for _ in range(copies))))

    def lose(self, deliveries: int = 1) -> None:
        """Lose the next deliveries on the way; they can be sent again with `redeliver`."""
        self._losing += deliveries
