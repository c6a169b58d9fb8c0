"""What keeps an open page up to date: server-sent events that say "look anew", and hold nothing else."""

from contextlib import suppress
from dataclasses import dataclass

from aiohttp import web

from adapters.web.channel import Heard, WebChannel
from adapters.web.desk_side import DeskSide
from adapters.web.reading import Fields, asker_of

# The browser comes back by itself after so many milliseconds, and looks at everything anew.
_HELLO = b"retry: 2000\n\n"
_CHANGED = b"event: changed\ndata: look\n\n"
_BEAT = b": still here\n\n"


@dataclass(frozen=True, slots=True)
class Events:
    """The stream of one page: about the inbox of who asks, and about those of the school that is played beside it."""

    channel: WebChannel
    desk_side: DeskSide

    def add_to(self, app: web.Application) -> None:
        """Add the address of the stream; open ones end when the server stops, so that it need not wait for them."""
        app.router.add_get("/api/events", self.stream)
        app.on_shutdown.append(self._stop)

    async def stream(self, request: web.Request) -> web.StreamResponse:
        """Say that something changed, and every 15 s that the server is still here."""
        inboxes = self._inboxes(Fields(request.query))
        response = web.StreamResponse(headers={"Content-Type": "text/event-stream; charset=utf-8"})
        with self.channel.listening(inboxes) as listener, suppress(ConnectionResetError):
            await response.prepare(request)
            await response.write(_HELLO)
            while (heard := await listener.next()) is not Heard.END:
                await response.write(_CHANGED if heard is Heard.CHANGED else _BEAT)
        return response

    def _inboxes(self, fields: Fields) -> frozenset[str]:
        own = frozenset({asker_of(fields).person.id})
        return own | self.channel.all_inboxes(self.desk_side.school(fields.text("school")))

    async def _stop(self, _app: web.Application) -> None:
        self.channel.close()
