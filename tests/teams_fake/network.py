"""The way from the app to the fake: the real names and real TLS, and no way to anywhere else."""

import asyncio
import http.client
import json
import socket
import ssl
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode, urlsplit

import aiohttp
from aiohttp.abc import AbstractResolver, ResolveResult
from yarl import URL

HOSTS = ("smba.trafficmanager.net", "login.botframework.com", "login.microsoftonline.com")
_HTTPS = 443
_PATIENCE_S = 10.0


@dataclass(frozen=True, slots=True)
class HttpAnswer:
    """An answer to a request that was made outside the event loop."""

    status_code: int
    text: str
    headers: Mapping[str, str]

    def raise_for_status(self) -> None:
        """Raise OSError where the request failed."""
        if self.status_code >= 400:
            raise OSError(f"http {self.status_code}")


@dataclass(slots=True)
class Network:
    """What the app is given to make requests with. `attempts` are the addresses that it was refused."""

    port: int
    trust: ssl.SSLContext
    attempts: list[str] = field(default_factory=list)
    _sessions: list[aiohttp.ClientSession] = field(default_factory=list)
    _session: aiohttp.ClientSession | None = None

    @property
    def session(self) -> aiohttp.ClientSession:
        """Return a session for requests in the event loop, always the same."""
        if self._session is None:
            self._session = self.new_session()
        return self._session

    def new_session(self, **options: Any) -> aiohttp.ClientSession:
        """Return a session of its own; it is closed with the fake."""
        session = aiohttp.ClientSession(connector=_Fenced(self), **options)
        self._sessions.append(session)
        return session

    @property
    def http_client(self) -> "HttpClient":
        """Return a client for requests in a thread, as msal takes it."""
        return HttpClient(self)

    def admits(self, url: URL) -> bool:
        """Tell whether an address is one of the fake's, and note it where it is not."""
        if url.scheme == "https" and url.host in HOSTS and url.port == _HTTPS:
            return True
        self.attempts.append(str(url))
        return False

    async def close(self) -> None:
        """Close every session."""
        for session in self._sessions:
            await session.close()


class HttpClient:
    """Makes requests that block, so never in the event loop: there they raise RuntimeError."""

    def __init__(self, network: Network) -> None:
        """Go by a network."""
        self._network = network

    def get(
        self, url: str, params: Mapping[str, str] | None = None, headers: Mapping[str, str] | None = None, **_: Any
    ) -> HttpAnswer:
        """Read something."""
        return self._request("GET", url, params, headers)

    def post(
        self,
        url: str,
        params: Mapping[str, str] | None = None,
        data: Mapping[str, str] | str | None = None,
        headers: Mapping[str, str] | None = None,
        **_: Any,
    ) -> HttpAnswer:
        """Send a form."""
        form = data if isinstance(data, str) else urlencode(data or {})
        given = {"Content-Type": "application/x-www-form-urlencoded", **(headers or {})}
        return self._request("POST", url, params, given, form)

    def close(self) -> None:
        """Have nothing to close: each request has a connection of its own."""

    def _request(
        self,
        verb: str,
        url: str,
        params: Mapping[str, str] | None,
        headers: Mapping[str, str] | None,
        body: str | None = None,
    ) -> HttpAnswer:
        _must_be_outside_the_loop()
        if not self._network.admits(URL(url)):
            raise ConnectionError(f"there is no way to {url}")
        parts = urlsplit(url)
        query = "&".join(part for part in (parts.query, urlencode(params or {})) if part)
        plain = socket.create_connection(("127.0.0.1", self._network.port), _PATIENCE_S)
        connection = http.client.HTTPConnection(str(parts.hostname))
        with self._network.trust.wrap_socket(plain, server_hostname=parts.hostname) as connection.sock:
            path = f"{parts.path or '/'}?{query}" if query else parts.path or "/"
            connection.request(verb, path, body, {"Connection": "close", **(headers or {})})
            response = connection.getresponse()
            return HttpAnswer(response.status, response.read().decode(), dict(response.headers))


class _Names(AbstractResolver):
    """Knows where the fake is, and nothing else."""

    def __init__(self, port: int) -> None:
        self._port = port

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        """Return the fake's address."""
        return [
            {
                "hostname": host,
                "host": "127.0.0.1",
                "port": self._port,
                "family": socket.AF_INET,
                "proto": 0,
                "flags": socket.AI_NUMERICHOST,
            }
        ]

    async def close(self) -> None:
        """Have nothing to close."""


class _Fenced(aiohttp.TCPConnector):
    """Connects to the fake alone, whatever name or number an address has."""

    def __init__(self, network: Network) -> None:
        super().__init__(ssl=network.trust, resolver=_Names(network.port), use_dns_cache=False)
        self._network = network

    async def connect(self, req: aiohttp.ClientRequest, *how: Any, **more: Any) -> aiohttp.connector.Connection:
        """Connect, or raise as where a name is not known."""
        if not self._network.admits(req.url):
            raise aiohttp.ClientConnectorDNSError(req.connection_key, OSError("there is no way there"))
        return await super().connect(req, *how, **more)


def _must_be_outside_the_loop() -> None:
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        return
    raise RuntimeError("a request that blocks was made in the event loop")


def as_json(answer: HttpAnswer) -> Any:
    """Return what an answer says."""
    return json.loads(answer.text)
