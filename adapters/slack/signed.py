"""Signed HTTP: /slack/events takes what Slack sends, once its signature holds (RS-6, RS-7)."""

import hashlib
import hmac
from collections.abc import Callable, Sequence
from datetime import datetime
from http import HTTPStatus
from urllib.parse import parse_qs

from aiohttp import hdrs, web
from slack_bolt.request.async_request import AsyncBoltRequest
from slack_bolt.response import BoltResponse

from adapters.slack.front import UNREADABLE, Front
from adapters.slack.manifest import REQUEST_PATH

_FORM = "application/x-www-form-urlencoded"
# docs.slack.dev, authentication/verifying-requests-from-slack: older ones are replays.
_SKEW_S = 300
_LONGEST_STAMP = 12


class Door:
    """Checks signatures with the app's signing secret. `now` tells the time."""

    def __init__(self, front: Front, secret: str, now: Callable[[], datetime]) -> None:
        self._front = front
        self._secret = secret.encode()
        self._now = now

    def add_to(self, router: web.UrlDispatcher) -> None:
        """Add the address to a listener."""
        router.add_post(REQUEST_PATH, self.take)

    async def take(self, request: web.Request) -> web.Response:
        """Answer one request; malformed and unsigned ones have no effect at all."""
        if hdrs.CONTENT_ENCODING in request.headers:  # Slack packs nothing, and what is packed may be endless
            return web.Response(status=HTTPStatus.UNSUPPORTED_MEDIA_TYPE)
        raw = await request.read()
        if not self._is_signed(request, raw):
            return web.Response(status=HTTPStatus.UNAUTHORIZED)
        try:
            body = raw.decode("utf-8")
        except UnicodeDecodeError:
            return web.Response(status=HTTPStatus.BAD_REQUEST)
        if request.content_type == _FORM and parse_qs(body).get("ssl_check") == ["1"]:
            return web.Response()
        headers: dict[str, str | Sequence[str]] = dict(request.headers)
        try:
            asked = AsyncBoltRequest(body=body, headers=headers)
        except UNREADABLE:
            return web.Response(status=HTTPStatus.BAD_REQUEST)
        return _as_response(await self._front.dispatch(asked))

    def _is_signed(self, request: web.Request, raw: bytes) -> bool:
        stamp = _only(request, "X-Slack-Request-Timestamp")
        given = _only(request, "X-Slack-Signature")
        if not (stamp.isascii() and stamp.isdigit() and len(stamp) <= _LONGEST_STAMP):
            return False
        if abs(self._now().timestamp() - int(stamp)) > _SKEW_S:
            return False
        wanted = hmac.new(self._secret, b"v0:" + stamp.encode() + b":" + raw, hashlib.sha256).hexdigest()
        return hmac.compare_digest(f"v0={wanted}".encode(), given.encode("utf-8", "replace"))


def _only(request: web.Request, name: str) -> str:
    """Return a header that stands there once; of two, nobody can say which was meant."""
    found = request.headers.getall(name, [])
    return found[0] if len(found) == 1 else ""


def _as_response(answer: BoltResponse) -> web.Response:
    kind = answer.first_headers().get("content-type", "text/plain").partition(";")[0]
    return web.Response(status=answer.status, text=answer.body, content_type=kind)
