"""The HTTP side of the fake: the Web API, the response URLs and the files."""

import base64
import binascii
import json
from typing import Any

from aiohttp import web

from tests.slack_fake.errors import RefusedError
from tests.slack_fake.faults import Fault, Faults, Moment
from tests.slack_fake.methods import METHODS, run
from tests.slack_fake.responding import respond
from tests.slack_fake.world import Asked, World


class Api:
    """Answers the app's requests."""

    def __init__(self, world: World, faults: Faults) -> None:
        """Serve a world."""
        self._world = world
        self.faults = faults

    def add_to(self, server: web.Application) -> None:
        """Add the routes."""
        server.router.add_route("*", "/api/{method}", self._call)
        server.router.add_post("/{kind:actions|commands}/{team}/{number}/{secret}", self._respond)
        server.router.add_get("/files/{name}", self._file)

    async def _call(self, request: web.Request) -> web.StreamResponse:
        method = request.match_info["method"]
        if request.method not in ("GET", "POST"):
            return web.json_response({"ok": False, "error": "invalid_request"}, status=405)
        try:
            args = await _arguments(request)
        except RefusedError as wrong:
            return self._answer(request, wrong.as_json(), wrong)
        token = _token(request, args)
        fault = self.faults.take(method, args)
        if fault.held:
            await fault.held.wait()
        if fault.breaks is Moment.BEFORE:
            return _broken(request)
        if fault.status:
            self._note(request, args, token, f"http {fault.status}")
            return web.Response(status=fault.status, text="upstream error", content_type="text/html")
        body, refused = self._work(method, args, token, fault)
        self._note(request, args, token, refused.error if refused else None)
        return _broken(request) if fault.breaks else self._answer(request, body, refused)

    def _work(
        self, method: str, args: dict[str, Any], token: str | None, fault: Fault
    ) -> tuple[dict[str, Any], RefusedError | None]:
        try:
            if fault.refusal:
                raise fault.refusal
            return run(self._world, method, args, token), None
        except RefusedError as refused:
            return refused.as_json(), refused

    def _note(self, request: web.Request, args: dict[str, Any], token: str | None, error: str | None) -> None:
        method = request.match_info["method"]
        self._world.calls.append(Asked(method, request.method, args, token, self._world.clock.time(), error))

    def _answer(self, request: web.Request, body: dict[str, Any], refused: RefusedError | None) -> web.Response:
        method = METHODS.get(request.match_info["method"])
        headers = dict(refused.headers) if refused else {}
        holder = self._world.tokens.tokens.get(_token(request, {}) or "")
        if holder:
            headers["X-OAuth-Scopes"] = ",".join(holder.scopes)
        if method and method.scopes:
            headers["X-Accepted-OAuth-Scopes"] = ",".join(method.scopes)
        return web.json_response(body, status=refused.status if refused else 200, headers=headers)

    async def _respond(self, request: web.Request) -> web.StreamResponse:
        fault = self.faults.take("response_url", {})
        if fault.held:
            await fault.held.wait()
        if fault.breaks is Moment.BEFORE:
            return _broken(request)
        if fault.status:
            return web.Response(status=fault.status, text="upstream error", content_type="text/html")
        try:
            if fault.refusal:
                raise fault.refusal
            respond(self._world, request.path, _object(await request.text()))
        except RefusedError as refused:
            return web.json_response(refused.as_json(), status=refused.status, headers=refused.headers)
        return _broken(request) if fault.breaks else web.Response(text="ok", content_type="text/html")

    async def _file(self, request: web.Request) -> web.Response:
        self._world.fetched.append(request.match_info["name"])
        return web.Response(body=b"not to be fetched", content_type="application/octet-stream")


async def _arguments(request: web.Request) -> dict[str, Any]:
    args: dict[str, Any] = dict(request.query)
    if request.method == "POST" and request.can_read_body:
        if request.content_type == "application/json":
            args |= _object(await request.text())
        else:
            args |= {name: value for name, value in (await request.post()).items() if isinstance(value, str)}
    return args | _client(request)


def _object(text: str) -> dict[str, Any]:
    try:
        body = json.loads(text)
    except json.JSONDecodeError as wrong:
        raise RefusedError("invalid_json") from wrong
    if not isinstance(body, dict):
        raise RefusedError("json_not_object")
    return body


def _client(request: web.Request) -> dict[str, str]:
    header = request.headers.get("Authorization", "")
    if not header.startswith("Basic "):
        return {}
    try:
        decoded = base64.b64decode(header.removeprefix("Basic "), validate=True).decode()
    except (ValueError, binascii.Error):
        return {}
    client_id, _, client_secret = decoded.partition(":")
    return {"client_id": client_id, "client_secret": client_secret}


def _token(request: web.Request, args: dict[str, Any]) -> str | None:
    header = request.headers.get("Authorization", "")
    given = args.pop("token", None)
    return header.removeprefix("Bearer ") if header.startswith("Bearer ") else given


def _broken(request: web.Request) -> web.Response:
    if request.transport:
        request.transport.abort()
    return web.Response()
