"""The other side of the API: the pane that plays the school's private channel and direct messages."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from aiohttp import web

from adapters.web.board import Board
from adapters.web.channel import PLATFORM, WebChannel
from adapters.web.reading import Fields, FieldsError, fields_of
from bot import wording
from bot.errors import UnknownSchoolError
from bot.escalation import wording as told
from bot.escalation.desk import Desk, Listed
from bot.escalation.errors import RefusedError
from bot.escalation.model import Person, Resolution
from knowledge.model import School

_Step = Callable[[Desk, Person, str, Fields], Awaitable[Listed]]


@dataclass(frozen=True, slots=True)
class DeskSide:
    """Everything that a role can do with what reached it. Every step says which school and role is played."""

    desk: Desk
    channel: WebChannel

    def add_to(self, router: web.UrlDispatcher) -> None:
        """Add the addresses of this side."""
        router.add_get("/api/desk", self.inbox)
        router.add_post("/api/desk/{id}/open", self.open)
        router.add_post("/api/desk/{id}/reply", self.reply)
        for name, step in _STEPS.items():
            router.add_post(f"/api/desk/{{id}}/{name}", self._taking(step))

    async def inbox(self, request: web.Request) -> web.Response:
        """List the cards of a role."""
        board = self._board(Fields(request.query))
        return web.json_response(
            {"cards": await board.cards(), "digest": await board.digest(), "elsewhere": await board.elsewhere()}
        )

    async def open(self, request: web.Request) -> web.Response:
        """Open the words; that is noted."""
        board = self._board(await fields_of(request))
        opened = await self.desk.open(board.person, request.match_info["id"])
        card, thread = await board.card_after(opened.listed), board.said(opened.thread)
        return web.json_response({"card": card, "thread": thread, "note": opened.note})

    async def reply(self, request: web.Request) -> web.Response:
        """Answer the asker; brings back what was said, which needs no opening to be read by whoever said it."""
        fields = await fields_of(request)
        board = self._board(fields)
        replied = await self.desk.reply(board.person, request.match_info["id"], fields.text("text"))
        (said,) = board.said([replied.said])
        return web.json_response({"card": await board.card_after(replied.listed), "said": said})

    def school(self, school: str) -> School:
        """Return a school. Raises UnknownSchoolError."""
        try:
            return self.desk.office.school(school)
        except KeyError as missing:
            raise UnknownSchoolError(school, self.desk.office.knowledge.schools()) from missing

    def player(self, school: School, role: str) -> Person:
        """Return who is played. Raises RefusedError where nobody holds the role."""
        register = self.desk.office.register(school.id, PLATFORM)
        contact = school.contact(role)
        inbox = register.address(contact)
        if inbox is None:
            raise RefusedError(told.NOBODY_THERE)
        return Person(PLATFORM, inbox, contact.name or contact.title)

    def _board(self, fields: Fields) -> Board:
        school = self.school(fields.text("school"))
        return Board(self.desk, self.channel, school, self.player(school, fields.text("role")))

    def _taking(self, step: _Step) -> Callable[[web.Request], Awaitable[web.Response]]:
        async def handle(request: web.Request) -> web.Response:
            fields = await fields_of(request)
            board = self._board(fields)
            listed = await step(self.desk, board.person, request.match_info["id"], fields)
            return web.json_response({"card": await board.card_after(listed)})

        return handle


async def _acknowledge(desk: Desk, person: Person, escalation: str, _fields: Fields) -> Listed:
    return await desk.acknowledge(person, escalation)


async def _pass_on(desk: Desk, person: Person, escalation: str, fields: Fields) -> Listed:
    return await desk.pass_on(person, escalation, fields.text("to"))


async def _resolve(desk: Desk, person: Person, escalation: str, fields: Fields) -> Listed:
    try:
        resolution = Resolution(fields.text("resolution"))
    except ValueError as error:
        raise FieldsError(wording.TRYOUT_RESOLUTION) from error
    return await desk.resolve(person, escalation, resolution)


async def _reopen(desk: Desk, person: Person, escalation: str, _fields: Fields) -> Listed:
    return await desk.reopen(person, escalation)


_STEPS: dict[str, _Step] = {
    "acknowledge": _acknowledge,
    "pass-on": _pass_on,
    "resolve": _resolve,
    "reopen": _reopen,
}
