"""A bot as small as one can be, to try the fake with: it keeps what it is sent, and answers what a test gives it."""

import asyncio
from collections import deque
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote

import jwt
from aiohttp import web

from tests.teams_fake.entra import LOGIN, METADATA
from tests.teams_fake.fake import TeamsFake
from tests.teams_fake.network import HttpAnswer, as_json
from tests.teams_fake.places import Place
from tests.teams_fake.tickets import SCOPE

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Reply:
    """What a service answered the bot."""

    status: int
    body: Any
    headers: dict[str, str]

    @property
    def code(self) -> str:
        """Return the name of the refusal."""
        return str(self.body["error"]["code"])


@dataclass(slots=True)
class SmallBot:
    """The bot. `next_answers` are what it answers to the next activities: a body, or a status; then 200 and nothing."""

    fake: TeamsFake
    heard: list[Json] = field(default_factory=list)
    tokens: list[str] = field(default_factory=list)
    next_answers: deque[Json | int] = field(default_factory=deque)
    _runner: web.AppRunner | None = None
    _token: str = ""

    @property
    def last(self) -> Json:
        """Return the activity that came last."""
        return self.heard[-1]

    async def start(self) -> None:
        """Listen on a free port, and have the fake deliver there."""
        app = web.Application()
        app.router.add_post("/api/messages", self._hears)
        self._runner = web.AppRunner(app, access_log=None)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0).start()
        self.fake.deliver_to(f"http://127.0.0.1:{self._runner.addresses[0][1]}/api/messages")

    async def stop(self) -> None:
        """Listen no longer."""
        if self._runner is not None:
            await self._runner.cleanup()

    async def token(self, **other: str) -> HttpAnswer:
        """Ask Entra for a token, in a thread."""
        form = {"client_id": self.fake.app_id, "client_secret": self.fake.secret, "scope": SCOPE}
        form |= {"grant_type": "client_credentials", "tenant": self.fake.tenant_id, **other}
        url = f"{LOGIN}/{form.pop('tenant')}/oauth2/v2.0/token"
        return await asyncio.to_thread(self.fake.network().http_client.post, url, data=form)

    async def check(self, token: str) -> Json:
        """Check a token of an activity as a bot does: with the keys that are published."""
        session = self.fake.network().session
        async with session.get(METADATA) as answer:
            address = (await answer.json())["jwks_uri"]
        async with session.get(address) as answer:
            keys = {key.key_id: key for key in jwt.PyJWKSet.from_dict(await answer.json()).keys}
        key = keys[jwt.get_unverified_header(token)["kid"]]
        return jwt.decode(token, key, ["RS256"], audience=self.fake.app_id, issuer="https://api.botframework.com")

    async def call(self, verb: str, path: str, body: Any = None, *, token: str | None = None) -> Reply:
        """Make a request of the Bot Connector of the app's own tenant."""
        if token is None:
            self._token = self._token or as_json(await self.token())["access_token"]
            token = self._token
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        url = self.fake.world.tenants[self.fake.tenant_id].service_url + path
        async with self.fake.network().session.request(verb, url, json=body, headers=headers) as answer:
            read = await answer.json() if answer.content_type == "application/json" else await answer.text()
            return Reply(answer.status, read, dict(answer.headers))

    async def says(self, place: Place | str, what: Json | str, beneath: str = "") -> Reply:
        """Post a text or an activity in a place."""
        activity = {"type": "message", "text": what} if isinstance(what, str) else what
        return await self.call("POST", f"{address_of(place)}/activities{'/' if beneath else ''}{beneath}", activity)

    async def shows(self, place: Place | str, card: Json) -> str:
        """Post a card in a place, and return its id."""
        reply = await self.says(place, card_message(card))
        return str(reply.body["id"])

    async def _hears(self, request: web.Request) -> web.Response:
        self.heard.append(await request.json())
        self.tokens.append(request.headers["Authorization"].removeprefix("Bearer "))
        answer = self.next_answers.popleft() if self.next_answers else 200
        return web.Response(status=answer) if isinstance(answer, int) else web.json_response(answer)


def address_of(place: Place | str) -> str:
    """Return the path of a conversation."""
    return f"v3/conversations/{quote(place if isinstance(place, str) else place.id, safe='')}"


def card_message(card: Json) -> Json:
    """Return the activity that shows a card."""
    attached = {"contentType": "application/vnd.microsoft.card.adaptive", "content": card}
    return {"type": "message", "summary": "a card", "attachments": [attached]}


def card_of(*body: Json, actions: list[Json] | None = None, **more: Any) -> Json:
    """Return a card."""
    buttons = {"actions": actions} if actions else {}
    return {"type": "AdaptiveCard", "version": "1.5", "body": list(body), **buttons, **more}


def text(words: str) -> Json:
    """Return an element that shows words."""
    return {"type": "TextBlock", "text": words, "wrap": True}


def button(title: str, verb: str, **data: Any) -> Json:
    """Return a button that asks the bot for something."""
    return {"type": "Action.Execute", "title": title, "verb": verb, "data": data}


def card_answer(card: Json) -> Json:
    """Return the answer to a tap that shows a card."""
    return {"statusCode": 200, "type": "application/vnd.microsoft.card.adaptive", "value": card}


def words_answer(words: str) -> Json:
    """Return the answer to a tap that shows words."""
    return {"statusCode": 200, "type": "application/vnd.microsoft.activity.message", "value": words}
