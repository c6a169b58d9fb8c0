"""The web try-out: one page and the small API behind it."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Protocol

from aiohttp import web

from adapters.web.asker_side import Answers, AskerSide
from adapters.web.board import roles_as_json
from adapters.web.channel import WebChannel
from adapters.web.desk_side import DeskSide
from adapters.web.events import Events
from adapters.web.guard import add_headers, kind_errors, loopback_only
from bot.escalation.desk import Desk
from bot.escalation.intake import Intake

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


def create_app(
    service: Answers,
    directory: Directory,
    *,
    examples: Sequence[str],
    intake: Intake,
    desk: Desk,
    channel: WebChannel,
) -> web.Application:
    """Build the try-out; `examples` are the questions to tap. Listen on a loopback address only.

    `channel` must be the one that the desk's office knows as "web".
    """
    app = web.Application(middlewares=[kind_errors, loopback_only], client_max_size=_MAX_BODY)
    app.on_response_prepare.append(add_headers)
    app.router.add_static("/static/", _STATIC)
    _Pages(directory, examples, desk, channel).add_to(app.router)
    AskerSide(service, intake, desk).add_to(app.router)
    desk_side = DeskSide(desk, channel)
    desk_side.add_to(app.router)
    Events(channel, desk_side).add_to(app)
    return app


@dataclass(frozen=True, slots=True)
class _Pages:
    directory: Directory
    examples: Sequence[str]
    desk: Desk
    channel: WebChannel

    def add_to(self, router: web.UrlDispatcher) -> None:
        router.add_get("/", self.front)
        router.add_get("/api/schools", self.schools)
        router.add_get("/healthz", self.health)

    async def front(self, _request: web.Request) -> web.FileResponse:
        return web.FileResponse(_STATIC / "index.html")

    async def health(self, _request: web.Request) -> web.Response:
        return web.json_response({"status": "ok"})

    async def schools(self, _request: web.Request) -> web.Response:
        cards = [asdict(card) | {"roles": self._roles(card.id)} for card in self.directory.cards()]
        return web.json_response(
            {"schools": cards, "default": self.directory.default(), "examples": list(self.examples)}
        )

    def _roles(self, school: str) -> list[dict[str, Any]]:
        """List who can be played; nobody where the school left while the list was made, or has no route."""
        try:
            found = self.desk.office.school(school)
        except KeyError:
            return []
        return roles_as_json(found, self.channel, self.desk)
