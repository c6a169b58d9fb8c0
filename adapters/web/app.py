"""The web try-out: one page and the small API behind it."""

import json
import secrets
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Protocol

from aiohttp import web

from adapters.web.card import reply_as_card
from adapters.web.guard import add_headers, kind_errors, loopback_only, refusal
from bot import wording
from bot.errors import BotError
from bot.types import Reply, Utterance

_STATIC = Path(__file__).parent / "static"
_MAX_BODY = 64 * 1024


@dataclass(frozen=True, slots=True)
class SchoolCard:
    """What the page tells about a school.

    `quotes`: its document is attached. `attach`: the exact command that attaches it; None where it is attached.
    `edit`: the policy file to edit to see a reload. `status`: why the last edit was not taken; None where it was.
    """

    id: str
    name: str
    quotes: bool
    attach: str | None
    edit: str
    status: str | None


class Directory(Protocol):
    """The schools to pick from, as they are at this moment."""

    def cards(self) -> Sequence[SchoolCard]:
        """List the schools in the order in which the page shows them."""
        ...

    def default(self) -> str:
        """Return the id of the school that is picked at first."""
        ...


class Answers(Protocol):
    """What the page asks: the bot's service."""

    async def answer(self, utterance: Utterance) -> Reply:
        """Answer an utterance. Raises BotError."""
        ...


def create_app(service: Answers, directory: Directory, *, examples: Sequence[str]) -> web.Application:
    """Build the try-out; `examples` are the questions to tap. Listen on a loopback address only."""
    app = web.Application(middlewares=[kind_errors, loopback_only], client_max_size=_MAX_BODY)
    app.on_response_prepare.append(add_headers)
    pages = _Pages(service, directory, examples)
    app.router.add_get("/", pages.front)
    app.router.add_static("/static/", _STATIC)
    app.router.add_get("/api/schools", pages.schools)
    app.router.add_post("/api/ask", pages.ask)
    app.router.add_get("/healthz", pages.health)
    return app


@dataclass(frozen=True, slots=True)
class _Pages:
    service: Answers
    directory: Directory
    examples: Sequence[str]

    async def front(self, _request: web.Request) -> web.FileResponse:
        return web.FileResponse(_STATIC / "index.html")

    async def health(self, _request: web.Request) -> web.Response:
        return web.json_response({"status": "ok"})

    async def schools(self, _request: web.Request) -> web.Response:
        cards = [asdict(card) for card in self.directory.cards()]
        return web.json_response(
            {"schools": cards, "default": self.directory.default(), "examples": list(self.examples)}
        )

    async def ask(self, request: web.Request) -> web.Response:
        if request.content_type != "application/json":
            raise web.HTTPUnsupportedMediaType
        utterance = to_utterance(await request.read())
        if utterance is None:
            return refusal(request, 400, "bad_request", wording.TRYOUT_FIELDS)
        try:
            reply = await self.service.answer(utterance)
        except BotError as refused:
            return refusal(request, 400, refused.code, str(refused))
        return web.json_response(reply_as_card(reply))


def to_utterance(body: bytes) -> Utterance | None:
    """Read the body of a question and give it an id; None where it is not the object that the API expects."""
    try:
        asked = json.loads(body)
    except (ValueError, RecursionError):
        return None
    if not isinstance(asked, dict):
        return None
    school, question, choice = asked.get("school"), asked.get("question"), asked.get("choice")
    if not isinstance(school, str) or not isinstance(question, str) or not isinstance(choice, str | None):
        return None
    return Utterance(secrets.token_hex(8), school, question, choice or None)
