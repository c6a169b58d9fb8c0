"""How every service of the fake answers: reads a call, lets faults happen, does the work, and notes what was asked."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl

from aiohttp import web

from tests.teams_fake.errors import Json, RefusedError, refused
from tests.teams_fake.faults import Fault, Faults, Moment
from tests.teams_fake.world import Asked, World


@dataclass(frozen=True, slots=True)
class Call:
    """One request, read. `text` is the body as it came, `body` what it says."""

    verb: str
    url: str
    path: Mapping[str, str]
    query: Mapping[str, str]
    text: str
    body: Json
    token: str | None


@dataclass(frozen=True, slots=True)
class Done:
    """What a service answers when it does what it was asked."""

    body: Any = None
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)


Work = Callable[[Call], Done]
Handler = Callable[[web.Request], Any]


class Service:
    """Makes handlers of a web server from the work of operations."""

    def __init__(self, world: World, faults: Faults) -> None:
        """Note what is asked in a world."""
        self._world = world
        self._faults = faults

    def handler(self, operation: str, work: Work) -> Handler:
        """Return the handler of one operation."""

        async def handle(request: web.Request) -> web.StreamResponse:
            try:
                call = await _read(request)
            except RefusedError as wrong:
                return web.json_response(wrong.body, status=wrong.status)
            place = call.path.get("conversation") or call.path.get("team") or _place_in(call.body)
            fault = self._faults.take(operation, place)
            if fault.held:
                await fault.held.wait()
            if fault.breaks is Moment.BEFORE:
                self._note(operation, call, place, "broken off")
                return _broken(request)
            if fault.status:
                self._note(operation, call, place, f"http {fault.status}")
                return web.Response(status=fault.status, text="upstream error", content_type="text/html")
            response, error = _work(work, call, fault)
            self._note(operation, call, place, error)
            return _broken(request) if fault.breaks else response

        return handle

    def _note(self, operation: str, call: Call, place: str, error: str | None) -> None:
        at = self._world.clock.time()
        asked = Asked(operation, call.verb, call.url, place, call.body, call.token, at, error)
        self._world.calls.append(asked)


def _work(work: Work, call: Call, fault: Fault) -> tuple[web.Response, str | None]:
    try:
        if fault.refusal:
            raise fault.refusal
        done = work(call)
    except RefusedError as wrong:
        return web.json_response(wrong.body, status=wrong.status, headers=wrong.headers), wrong.code
    if done.body is None:
        return web.Response(status=done.status, headers=done.headers), None
    return web.json_response(done.body, status=done.status, headers=done.headers), None


async def _read(request: web.Request) -> Call:
    text = await request.text()
    header = request.headers.get("Authorization", "")
    token = header.removeprefix("Bearer ") if header.startswith("Bearer ") else None
    body = _body(request.content_type, text)
    url = f"https://{request.host}{request.path_qs}"
    return Call(request.method, url, dict(request.match_info), dict(request.query), text, body, token)


def _body(content_type: str, text: str) -> Json:
    if not text:
        return {}
    if content_type == "application/x-www-form-urlencoded":
        return dict(parse_qsl(text, keep_blank_values=True))
    try:
        body = json.loads(text)
    except json.JSONDecodeError as wrong:
        raise refused("BadSyntax", "The body is no JSON.") from wrong
    if not isinstance(body, dict):
        raise refused("BadSyntax", "The body is no object.")
    return body


def _place_in(body: Json) -> str:
    data = body.get("channelData")
    channel = data.get("channel") if isinstance(data, dict) else None
    return str(channel.get("id", "")) if isinstance(channel, dict) else ""


def _broken(request: web.Request) -> web.Response:
    if request.transport:
        request.transport.abort()
    return web.Response()
