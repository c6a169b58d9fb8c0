"""HTTP: /api/messages takes what Teams sends, once its token holds (RS-31)."""

import json
from http import HTTPStatus

from aiohttp import hdrs, web

from adapters.teams.connection import Json
from adapters.teams.front import Front
from adapters.teams.manifest import REQUEST_PATH
from adapters.teams.sdk import BadTokenError, BotFramework


class Door:
    """Lets in what Teams has signed, and answers it."""

    def __init__(self, framework: BotFramework, front: Front) -> None:
        self._framework = framework
        self._front = front

    def add_to(self, router: web.UrlDispatcher) -> None:
        """Add the address to a listener."""
        router.add_post(REQUEST_PATH, self.take)

    async def take(self, request: web.Request) -> web.Response:
        """Answer one request; malformed and unsigned ones have no effect at all."""
        if hdrs.CONTENT_ENCODING in request.headers or request.content_type != "application/json":
            return web.Response(status=HTTPStatus.UNSUPPORTED_MEDIA_TYPE)
        given = request.headers.getall(hdrs.AUTHORIZATION, [])
        activity = _activity(await request.read())
        if activity is None:
            return web.Response(status=HTTPStatus.BAD_REQUEST)
        status = HTTPStatus.SERVICE_UNAVAILABLE

        async def answer() -> Json | None:
            nonlocal status
            found = await self._front.take(activity)
            status = HTTPStatus(found.status)
            return found.body

        try:
            # Of two headers, nobody can say which was meant.
            body = await self._framework.turn(given[0] if len(given) == 1 else None, activity, answer)
        except BadTokenError:
            return web.Response(status=HTTPStatus.UNAUTHORIZED)
        return web.Response(status=status) if body is None else web.json_response(body, status=status)


def _activity(raw: bytes) -> Json | None:
    """Read an activity; None for what is none."""
    try:
        found = json.loads(raw.decode("utf-8"))
    except (ValueError, RecursionError):
        return None
    return found if isinstance(found, dict) else None
