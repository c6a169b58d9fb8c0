"""The listener for the chat platforms, and for whoever watches over the server: health and readiness."""

import errno
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from http import HTTPStatus
from urllib.parse import urlencode

from aiohttp import web

from adapters.errors import PortBusyError
from adapters.escalating import Escalating
from adapters.settings import Settings
from adapters.slack.manifest import REDIRECT_PATH, SCOPES
from adapters.slack_wiring import SlackSide
from adapters.teams import pages
from adapters.teams_wiring import TeamsSide
from bot.escalation.errors import EscalationError, StoreError
from bot.escalation.ports import Wanted

_MAX_BODY = 1024 * 1024  # RS-8
_INSTALL = "/slack/install"
_SLACK = "https://slack.com/oauth/v2/authorize"
_log = logging.getLogger("signpost.listening")


class Health:
    """Says whether the server lives, and whether it can do its work."""

    def __init__(self, parts: Escalating, slack: SlackSide | None, teams: TeamsSide | None = None) -> None:
        self._parts = parts
        self._slack = slack
        self._teams = teams

    async def alive(self, _request: web.Request) -> web.Response:
        """Answer that the server lives."""
        return web.json_response({"status": "ok"})

    async def ready(self, _request: web.Request) -> web.Response:
        """Answer 503 while the store cannot be read, a chat cannot be used, or a workspace has lost its school."""
        found = {"store": await self._has_store()}
        if self._slack:
            found["slack"] = await self._slack.is_ready()
            found["schools"] = self._slack.has_schools()
        if self._teams:
            found["teams"] = await self._teams.is_ready()
        ready = all(found.values())
        return web.json_response(found, status=HTTPStatus.OK if ready else HTTPStatus.SERVICE_UNAVAILABLE)

    async def _has_store(self) -> bool:
        try:
            await self._parts.store.escalations(Wanted(limit=1))
        except EscalationError:
            return False
        return True


class Installation:
    """The way to Slack and back, by which a workspace takes Signpost in."""

    def __init__(self, slack: SlackSide, settings: Settings, scopes: str) -> None:
        self._slack = slack
        self._settings = settings
        self._scopes = scopes

    async def begin(self, _request: web.Request) -> web.Response:
        """Send whoever installs to Slack."""
        try:
            state = await self._slack.installing.begin()
        except StoreError:
            return web.Response(status=HTTPStatus.SERVICE_UNAVAILABLE, text=_NOT_NOW)
        asked = {
            "client_id": self._settings.slack_client_id or "",
            "scope": self._scopes,
            "state": state,
            "redirect_uri": f"{self._settings.public_url}{REDIRECT_PATH}",
        }
        raise web.HTTPFound(f"{_SLACK}?{urlencode(asked)}")

    async def finish(self, request: web.Request) -> web.Response:
        """Take the code that Slack sends back with them."""
        try:
            team = await self._slack.installing.finish(request.query.get("state", ""), request.query.get("code", ""))
        except EscalationError as error:
            _log.warning("an installation from Slack did not succeed: %s", error)
            return web.Response(status=HTTPStatus.BAD_REQUEST, text=_NOT_INSTALLED)
        _log.info("Signpost was installed in the Slack workspace %s", team)
        is_known = bool(self._slack.workspaces.schools_in(team))
        return web.Response(text=_INSTALLED if is_known else f"{_NO_SCHOOL} {_BELONGS.format(team=team)}")


_NO_SCHOOL = "Signpost is installed in your workspace, but no school belongs to it yet, so it answers nobody there."
_BELONGS = "Write `belongs: [{{slack_team: {team}}}]` into the school.yaml of your school."
_INSTALLED = "Signpost is installed in your workspace. You can close this page, and send Signpost a message in Slack."
_NOT_NOW = "Signpost cannot be installed just now. Try again in a minute."
_NOT_INSTALLED = "Signpost was not installed. Begin again at /slack/install; the link holds for ten minutes, once."


@asynccontextmanager
async def listening(
    settings: Settings, parts: Escalating, slack: SlackSide | None, teams: TeamsSide | None = None
) -> AsyncIterator[int]:
    """Listen for as long as the server runs; yields the port. Raises PortBusyError where it is taken."""
    app = web.Application(client_max_size=_MAX_BODY)
    health = Health(parts, slack, teams)
    app.router.add_get("/healthz", health.alive)
    app.router.add_get("/readyz", health.ready)
    if slack and slack.door:
        slack.door.add_to(app.router)
    if teams:
        teams.door.add_to(app.router)
        pages.add_pages(app.router)
    if slack and slack.installing.is_open:
        installation = Installation(slack, settings, ",".join(SCOPES))
        app.router.add_get(_INSTALL, installation.begin)
        app.router.add_get(REDIRECT_PATH, installation.finish)
    # Nothing that is packed is taken, so nothing is unpacked: a small body can hold hundreds of megabytes.
    runner = web.AppRunner(app, access_log=None, auto_decompress=False)
    await runner.setup()
    try:
        await _start(web.TCPSite(runner, settings.listen_host, settings.listen_port), settings.listen_port)
        yield int(runner.addresses[0][1])
    finally:
        await runner.cleanup()


async def _start(site: web.TCPSite, port: int) -> None:
    try:
        await site.start()
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            raise PortBusyError(port, "listen_port: ") from error
        raise
