"""The one module that knows the Bot Framework's SDK: who may speak to Signpost, its turns, and calls of the connector.

The SDK is given its keys, its tokens and its wire from outside. Its own are not used: they fetch keys and tokens in
the event loop, follow redirects, and build a list of a thousand retries for every message.
"""

import json
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any, Literal
from urllib.parse import quote

import aiohttp
from botbuilder.integration.aiohttp import CloudAdapter
from botbuilder.schema import Activity
from botframework.connector import BotFrameworkConnectorConfiguration
from botframework.connector.aio import ConnectorClient
from botframework.connector.auth import (
    AuthenticateRequestResult,
    AuthenticationConstants,
    BotFrameworkAuthentication,
    ClaimsIdentity,
    ConnectorFactory,
    JwtTokenExtractor,
    VerifyOptions,
)
from msrest.pipeline import Request, Response
from msrest.pipeline.async_abc import AsyncHTTPSender, AsyncPipeline
from msrest.pipeline.universal import UserAgentPolicy
from msrest.universal_http import ClientRequest
from yarl import URL

from adapters.teams.calls import Answer, outcome, translated, whole
from adapters.teams.connection import Json, Spot
from adapters.teams.keys import METADATA_URL, Key, Keys
from adapters.teams.service_urls import ServiceUrls
from adapters.teams.tokens import TokenSource
from bot.escalation.errors import ChannelDownError, UndeliverableError

CHANNEL = "msteams"
ISSUER = AuthenticationConstants.TO_BOT_FROM_CHANNEL_TOKEN_ISSUER
_SKEW_S = 300
_AGENT = "signpost-bot"
# A call is over well within the 15 s that Teams waits for an answer, with time left to say so (RS-35).
_PATIENCE = aiohttp.ClientTimeout(total=8.0, sock_connect=4.0)
_MOST_CLIENTS = 64
_PAGE = 500
_MOST_PAGES = 100
_UNAUTHORIZED = 401
_BEGIN = "v3/conversations"


class BadTokenError(Exception):
    """What came is not from Teams, for Signpost; the text says why, without anything of it."""


@dataclass(frozen=True, slots=True)
class Access:
    """The app that Teams speaks to, and its tenant."""

    app_id: str
    tenant_id: str


class BotFramework:
    """Turns of the SDK's adapter, and calls of the Bot Connector (Connection).

    Without `keys` nothing is authenticated: development on one machine.
    """

    def __init__(
        self,
        access: Access,
        keys: Keys | None,
        tokens: TokenSource,
        urls: ServiceUrls,
        session: aiohttp.ClientSession,
    ) -> None:
        self._door = _Door(access, keys, urls)
        self._clients = _Clients(urls, _Wire(tokens, session))
        self._adapter = CloudAdapter(_Authentication(self._clients))

    async def turn(
        self, header: str | None, activity: Json, logic: Callable[[], Awaitable[Json | None]]
    ) -> Json | None:
        """Run `logic` in a turn of the SDK's adapter, once it is sure that Teams sent the activity; return its result.

        `header` is the request's Authorization. Raises BadTokenError, before anything ran or was sent.
        """
        admitted = AuthenticateRequestResult()
        admitted.claims_identity = await self._door.identity(header, activity)
        admitted.audience = ISSUER
        admitted.connector_factory = self._clients
        given: Json | None = None

        async def run(_context: object) -> None:
            nonlocal given
            given = await logic()

        await self._adapter.process_activity(admitted, _as_the_sdk_has_it(activity), run)
        return given

    async def send(self, spot: Spot, activity: Json, *, beneath: str | None = None) -> str:
        """Post an activity, as an answer to the one with the id `beneath`; return its own id, or "" if it has none."""
        path = f"v3/conversations/{_id(spot.conversation)}/activities"
        if beneath is not None:
            path, activity = f"{path}/{_id(beneath)}", {**activity, "replyToId": beneath}
        return str((await self._call(spot.service_url, "POST", path, activity)).get("id") or "")

    async def update(self, spot: Spot, activity_id: str, activity: Json) -> None:
        """Put an activity in place of one that was posted."""
        path = f"v3/conversations/{_id(spot.conversation)}/activities/{_id(activity_id)}"
        await self._call(spot.service_url, "PUT", path, {**activity, "id": activity_id})

    async def begin(self, service_url: str, parameters: Json) -> tuple[str, str]:
        """Begin a conversation (ConversationParameters); return its id, and that of its first activity or ""."""
        begun = await self._call(service_url, "POST", _BEGIN, parameters)
        if not begun.get("id"):
            raise ChannelDownError("Teams does not say which conversation it began", in_doubt="activity" in parameters)
        return str(begun["id"]), str(begun.get("activityId") or "")

    async def member(self, spot: Spot, member_id: str) -> Json:
        """Return a member of a conversation (TeamsChannelAccount), by their Teams or Entra id."""
        path = f"v3/conversations/{_id(spot.conversation)}/members/{_id(member_id)}"
        return await self._call(spot.service_url, "GET", path)

    async def members(self, spot: Spot) -> list[Json]:
        """Return every member of a conversation, of all pages; fewer than all are never taken for all."""
        path = f"v3/conversations/{_id(spot.conversation)}/pagedmembers?pageSize={_PAGE}"
        found: list[Json] = []
        token, seen = "", set[str]()
        for _ in range(_MOST_PAGES):
            page = await self._call(spot.service_url, "GET", f"{path}&continuationToken={token}" if token else path)
            found += _listed(page, "members")
            token = quote(str(page.get("continuationToken") or ""), safe="")
            if not token:
                return found
            if token in seen:
                break
            seen.add(token)
        raise ChannelDownError("Teams comes to no end of a list of members")

    async def channels(self, service_url: str, team: str) -> list[Json]:
        """List the channels of a team that the app may see (ChannelInfo)."""
        return _listed(await self._call(service_url, "GET", f"v3/teams/{_id(team)}/conversations"), "conversations")

    async def team(self, service_url: str, team: str) -> Json:
        """Return a team (TeamDetails)."""
        return await self._call(service_url, "GET", f"v3/teams/{_id(team)}")

    async def _call(
        self, service_url: str, method: Literal["GET", "POST", "PUT"], path: str, body: Json | None = None
    ) -> Json:
        """Make a call through the SDK's client, with plain JSON: its models would lose what they do not know."""
        client = await self._clients.create(service_url)
        headers = {"Accept": "application/json"}
        data = None
        if body is not None:
            headers["Content-Type"] = "application/json; charset=utf-8"
            # Half a character, which only a broken text has, cannot be sent.
            data = json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode(errors="replace")
        posts = body is not None and (path != _BEGIN or "activity" in body)
        request = ClientRequest(method, f"{client.config.base_url}/{path}", headers, data=data)
        with translated(posts=posts):
            response = await client.config.pipeline.run(request)
        return outcome(response.http_response, posts=posts)


class _Door:
    """Tells who sent an activity: only the Bot Connector itself counts (RS-31), no emulator, no other bot."""

    def __init__(self, access: Access, keys: Keys | None, urls: ServiceUrls) -> None:
        self._access = access
        self._urls = urls
        self._tokens = None if keys is None else _ChannelTokens(keys)

    async def identity(self, header: str | None, activity: Json) -> Any:
        """Return the SDK's identity of the sender; every failure of whatever kind is a BadTokenError."""
        try:
            found = await self._authenticated(header, activity)
            self._urls.check(activity.get("serviceUrl"))
        except (BadTokenError, UndeliverableError) as error:
            raise BadTokenError(str(error)) from None
        except Exception as error:  # noqa: BLE001 - the SDK and its libraries raise whatever they meet
            raise BadTokenError(f"the token cannot be checked ({type(error).__name__})") from None
        return found

    async def _authenticated(self, header: str | None, activity: Json) -> Any:
        if self._tokens is None:
            return ClaimsIdentity({}, True, AuthenticationConstants.ANONYMOUS_AUTH_TYPE)
        if activity.get("channelId") != CHANNEL:
            raise BadTokenError("the activity is of another channel than Teams")
        found = await self._tokens.get_identity_from_auth_header(header, CHANNEL)
        if found is None:
            raise BadTokenError("there is no token of the Bot Connector")
        claims = found.claims
        if claims.get("aud") != self._access.app_id:
            raise BadTokenError("the token is for another app")
        if "exp" not in claims:
            raise BadTokenError("the token never ends")
        service_url = claims.get("serviceurl")
        if not service_url or service_url != activity.get("serviceUrl"):
            raise BadTokenError("the token is for another service address")
        return found


class _ChannelTokens(JwtTokenExtractor):
    """The SDK's check of signature, issuer and times, over our own keys in place of its blocking ones (RS-32)."""

    def __init__(self, keys: Keys) -> None:
        rules = VerifyOptions(issuer=[ISSUER], audience=None, clock_tolerance=_SKEW_S, ignore_expiration=False)
        super().__init__(rules, METADATA_URL, ["RS256"])
        self.open_id_metadata = _Published(keys)


@dataclass(frozen=True, slots=True)
class _SdkKey:
    """A key as the SDK reads it."""

    public_key: object
    endorsements: frozenset[str]


class _Published:
    """The keys as the SDK asks for them; one that does not speak for Teams is none."""

    def __init__(self, keys: Keys) -> None:
        self._keys = keys

    async def get(self, key_id: object) -> _SdkKey:
        found: Key | None = await self._keys.get(key_id)
        if found is None:
            raise BadTokenError("the key of the token is not published, or cannot be fetched")
        if CHANNEL not in found.endorsements:
            raise BadTokenError("the key of the token does not speak for Teams")
        return _SdkKey(found.key, found.endorsements)


class _Authentication(BotFrameworkAuthentication):
    """What the SDK's adapter asks for in a turn. Activities are authenticated before, and nobody signs in."""

    def __init__(self, clients: "_Clients") -> None:
        self._clients = clients

    async def authenticate_request(self, activity: object, auth_header: str) -> Any:
        raise PermissionError("activities are authenticated before their turn")

    async def authenticate_streaming_request(self, auth_header: str, channel_id_header: str) -> Any:
        raise PermissionError("there is no streaming")

    def create_connector_factory(self, claims_identity: object) -> Any:
        return self._clients

    async def create_user_token_client(self, claims_identity: object) -> None:
        return None


class _Clients(ConnectorFactory):
    """The SDK's clients, one for each service address, kept: the SDK would build one for every message."""

    def __init__(self, urls: ServiceUrls, wire: "_Wire") -> None:
        self._urls, self._wire = urls, wire
        self._kept: dict[str, Any] = {}

    async def create(self, service_url: object, audience: str | None = None) -> Any:
        """Return the client of an address. Raises UndeliverableError where nothing may be sent to it (RS-33)."""
        url = self._urls.check(service_url)
        client = self._kept.get(url)
        if client is None:
            while len(self._kept) >= _MOST_CLIENTS:
                del self._kept[next(iter(self._kept))]
            unused = object()  # the SDK insists on credentials of its own; the wire has ours
            config = BotFrameworkConnectorConfiguration(unused, url, pipeline_type=_Pipeline, sender=self._wire)
            client = self._kept[url] = ConnectorClient(None, custom_configuration=config)
        return client


class _Pipeline(AsyncPipeline[ClientRequest, Answer]):
    """What a call goes through: a name, then the wire. Nothing in it repeats, redirects or blocks."""

    def __init__(self, config: Any) -> None:
        super().__init__([UserAgentPolicy(_AGENT)], config.sender)


class _Wire(AsyncHTTPSender[ClientRequest, Answer]):
    """Signs calls and makes them, by aiohttp, which waits without holding anybody up; follows no redirect."""

    def __init__(self, tokens: TokenSource, session: aiohttp.ClientSession) -> None:
        self._tokens, self._session = tokens, session

    async def send(self, request: Request[ClientRequest], **config: object) -> Response[ClientRequest, Answer]:
        token = await self._token()
        answer = await self._made(request.http_request, token)
        if answer.status == _UNAUTHORIZED and self._tokens.refused(token):  # nothing was done: once more
            answer = await self._made(request.http_request, await self._token())
        return Response(request, answer)

    async def _token(self) -> str:
        """Return a token. Where there is none, no address is at fault: what was to be sent waits until it is mended."""
        try:
            return await self._tokens.get()
        except UndeliverableError as error:
            raise ChannelDownError(str(error)) from None

    async def _made(self, call: ClientRequest, token: str) -> Answer:
        headers = {**call.headers, **({"Authorization": f"Bearer {token}"} if token else {})}
        async with self._session.request(
            call.method,
            URL(call.url, encoded=True),
            data=call.data,
            headers=headers,
            timeout=_PATIENCE,
            allow_redirects=False,
        ) as response:
            return Answer(response.status, response.headers, await whole(response))

    async def __aexit__(self, *exc_details: object) -> None:
        """The session is closed by whoever made it."""


def _as_the_sdk_has_it(activity: Json) -> Any:
    """Return what the SDK's adapter reads of an activity; its own reading of the whole would cost more than a turn."""
    return Activity(
        type=activity.get("type"),
        id=activity.get("id"),
        channel_id=activity.get("channelId"),
        service_url=activity.get("serviceUrl"),
    )


def _listed(given: Json, name: str) -> list[Json]:
    found = given.get(name)
    if not isinstance(found, list) or not all(isinstance(one, dict) for one in found):
        raise ChannelDownError("Teams gives a list that cannot be read")
    return found


def _id(text: str) -> str:
    """Return an id as it stands in an address, so that it leads nowhere else."""
    if not text or set(text) <= {"."}:
        raise UndeliverableError("there is no such id in Teams")
    return quote(text, safe="", errors="replace")
