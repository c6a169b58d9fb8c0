"""Small servers for what the SDK's module speaks to: one publishes keys, one takes calls; and signed tokens."""

import asyncio
import json
import ssl
from base64 import urlsafe_b64encode
from collections.abc import AsyncIterator, Collection
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any

import aiohttp
import jwt
from aiohttp import web
from aiohttp.test_utils import TestServer
from cryptography.hazmat.primitives.asymmetric import rsa

from adapters.teams.connection import Json, Spot
from adapters.teams.keys import Keys
from adapters.teams.sdk import Access, BotFramework
from adapters.teams.service_urls import ServiceUrls

APP_ID = "11111111-aaaa-4bbb-8ccc-222222222222"
TENANT_ID = "33333333-dddd-4eee-8fff-444444444444"
ISSUER = "https://api.botframework.com"
OUTBOUND = "outbound-token"
FIRST, SECOND = "first-key", "second-key"
PATIENCE_S = 10.0


@cache
def private_key(key_id: str) -> rsa.RSAPrivateKey:
    """Return the private key that belongs to an id."""
    return rsa.generate_private_key(65537, 2048)


def published(key_id: str, *endorsements: str, **other: Any) -> Json:
    """Return a key as it is published, endorsed for Teams unless something else is said."""
    numbers = private_key(key_id).public_key().public_numbers()
    return {
        "kty": "RSA",
        "use": "sig",
        "kid": key_id,
        "n": _number(numbers.n),
        "e": _number(numbers.e),
        "endorsements": list(endorsements or ("msteams", "webchat")),
        **other,
    }


def token(service_url: str, *, key_id: str = FIRST, algorithm: str = "RS256", **claims: Any) -> str:
    """Return a token as the Bot Connector signs it; a claim that is None is left out."""
    now = datetime.now(UTC)
    usual = {
        "iss": ISSUER,
        "aud": APP_ID,
        "serviceurl": service_url,
        "nbf": now - timedelta(minutes=5),
        "exp": now + timedelta(hours=1),
    }
    said = {name: value for name, value in {**usual, **claims}.items() if value is not None}
    return jwt.encode(said, private_key(key_id), algorithm, headers={"kid": key_id})


def message(service_url: str) -> Json:
    """Return a message as it comes from Teams."""
    return {
        "type": "message",
        "id": "1700000000000",
        "channelId": "msteams",
        "serviceUrl": service_url,
        "from": {"id": "29:teacher", "aadObjectId": "55555555-1111-4222-8333-666666666666"},
        "recipient": {"id": f"28:{APP_ID}"},
        "conversation": {"id": "a:personal", "conversationType": "personal", "tenantId": TENANT_ID},
        "text": "can I use my phone in class?",
    }


@dataclass
class Clock:
    """A clock that is set by hand."""

    time: datetime = datetime(2026, 9, 14, 8, 40, tzinfo=UTC)

    def now(self) -> datetime:
        """Tell the time."""
        return self.time

    def forward(self, **span: float) -> None:
        """Let time pass."""
        self.time += timedelta(**span)


@dataclass
class KeyServer:
    """Publishes keys, or says that they are `elsewhere`. While `gate` is closed its keys are not answered."""

    keys: list[Any] = field(default_factory=lambda: [published(FIRST)])
    status: int = 200
    elsewhere: str = ""
    metadata: Any = None
    asked: list[str] = field(default_factory=list)
    gate: asyncio.Event = field(default_factory=asyncio.Event)
    waited_for: asyncio.Event = field(default_factory=asyncio.Event)
    url: str = ""

    @property
    def fetches(self) -> int:
        """Tell how often the keys were fetched."""
        return self.asked.count("/keys")

    @property
    def metadata_url(self) -> str:
        """Return where the OpenID document is."""
        return f"{self.url}/openid"

    @asynccontextmanager
    async def running(self) -> AsyncIterator["KeyServer"]:
        """Run it."""
        self.gate.set()
        app = web.Application()
        app.router.add_get("/openid", self._openid)
        app.router.add_get("/keys", self._keys)
        async with TestServer(app) as server:
            self.url = str(server.make_url("")).rstrip("/")
            yield self
            self.gate.set()

    async def _openid(self, request: web.Request) -> web.Response:
        self.asked.append(request.path)
        return web.json_response(self.metadata or {"issuer": ISSUER, "jwks_uri": f"{self.url}/keys"})

    async def _keys(self, request: web.Request) -> web.Response:
        self.asked.append(request.path)
        self.waited_for.set()
        await self.gate.wait()
        if self.elsewhere:
            raise web.HTTPFound(self.elsewhere)
        return web.json_response({"keys": self.keys}, status=self.status)


@dataclass(frozen=True)
class Called:
    """A call as it arrived."""

    method: str
    path: str
    authorization: str | None
    body: Any
    headers: Any


@dataclass(frozen=True)
class Said:
    """What a call is answered: with JSON, or with a body as it stands."""

    status: int = 201
    body: Any = field(default_factory=lambda: {"id": "1700000000001"})
    headers: dict[str, str] = field(default_factory=dict)


@dataclass
class Connector:
    """Takes every call; answers what is next in `next`, and then that all is well. While `gate` is closed it hangs."""

    next: list[Said] = field(default_factory=list)
    calls: list[Called] = field(default_factory=list)
    gate: asyncio.Event = field(default_factory=asyncio.Event)
    base: str = ""

    @property
    def url(self) -> str:
        """Return the service address as Teams would give it."""
        return f"{self.base}/uk/{TENANT_ID}/"

    @property
    def spot(self) -> Spot:
        """Return a personal chat on it."""
        return Spot(self.url, "a:personal")

    @asynccontextmanager
    async def running(self, secured: ssl.SSLContext | None = None) -> AsyncIterator["Connector"]:
        """Run it, over TLS if it is given a certificate."""
        self.gate.set()
        app = web.Application()
        app.router.add_route("*", "/{path:.*}", self._take)
        server = TestServer(app, host="localhost")
        await server.start_server(ssl=secured)
        self.base = str(server.make_url("")).rstrip("/")
        try:
            yield self
        finally:
            self.gate.set()
            await server.close()

    async def _take(self, request: web.Request) -> web.Response:
        raw = await request.text()
        body = json.loads(raw) if raw else None
        signed = request.headers.get("Authorization")
        self.calls.append(Called(request.method, request.raw_path, signed, body, request.headers))
        said = self.next.pop(0) if self.next else Said()
        await self.gate.wait()
        if isinstance(said.body, str):
            return web.Response(status=said.status, text=said.body, headers=said.headers)
        return web.json_response(said.body, status=said.status, headers=said.headers)


@dataclass
class Outbound:
    """Gives tokens by their number, and counts how often it was asked."""

    value: str = OUTBOUND
    another: list[str] = field(default_factory=list)
    asked: int = 0

    async def get(self) -> str:
        """Return the token."""
        self.asked += 1
        return self.value

    def refused(self, token: str) -> bool:
        """Go on to another one, if there is any."""
        if not self.another:
            return False
        self.value = self.another.pop(0)
        return True


class Wires(aiohttp.TCPConnector):
    """Notes where connections are made to."""

    def __init__(self) -> None:
        super().__init__()
        self.reached: list[str] = []

    async def connect(self, req: aiohttp.ClientRequest, *given: Any, **named: Any) -> aiohttp.connector.Connection:
        """Note the address, and connect."""
        self.reached.append(str(req.url))
        return await super().connect(req, *given, **named)


@dataclass
class AuthWorld:
    """The SDK's module between a server of keys and a connector."""

    publisher: KeyServer
    connector: Connector
    wires: Wires
    session: aiohttp.ClientSession
    clock: Clock
    outbound: Outbound
    keys: Keys
    framework: BotFramework
    ran: list[Json] = field(default_factory=list)

    def header(self, **given: Any) -> str:
        """Return the header of a request that Teams signed."""
        return f"Bearer {token(self.connector.url, **given)}"

    async def takes(self, header: str | None, activity: Json | None = None) -> Json | None:
        """Let an activity in, or not; what runs is noted, and answers."""
        taken = message(self.connector.url) if activity is None else activity

        async def logic() -> Json | None:
            self.ran.append(taken)
            return {"ran": len(self.ran)}

        return await self.framework.turn(header, taken, logic)


@asynccontextmanager
async def auth_world(
    *, authenticated: bool = True, extra: Collection[str] = (), loopback: bool = True
) -> AsyncIterator[AuthWorld]:
    """Run the servers and the SDK's module between them."""
    wires, clock, outbound = Wires(), Clock(), Outbound()
    async with (
        KeyServer().running() as publisher,
        Connector().running() as connector,
        aiohttp.ClientSession(connector=wires) as session,
    ):
        keys = Keys(session, publisher.metadata_url, clock.now)
        framework = BotFramework(
            Access(APP_ID, TENANT_ID),
            keys if authenticated else None,
            outbound,
            ServiceUrls(extra, loopback=loopback),
            session,
        )
        yield AuthWorld(publisher, connector, wires, session, clock, outbound, keys, framework)
        await keys.close()


def _number(value: int) -> str:
    return urlsafe_b64encode(value.to_bytes((value.bit_length() + 7) // 8, "big")).rstrip(b"=").decode()
