"""The front door of both modes: what comes from a workspace that is known goes to the listeners, once (RS-3, RS-4).

Where none of the schools of a known workspace is served, it goes to listeners that say so.
"""

import logging
from collections.abc import Mapping, MutableMapping
from dataclasses import dataclass
from typing import Any

from slack_bolt.app.async_app import AsyncApp
from slack_bolt.request.async_request import AsyncBoltRequest
from slack_bolt.response import BoltResponse

from adapters.slack.shapes import fits, is_heard, is_id
from adapters.slack.workspaces import Workspaces
from bot.escalation.errors import StoreError
from bot.escalation.ports import Claim, Clock, Store

# While something is being answered: no 2xx, so that Slack sends it again if that answer never ends.
BUSY = 409
# What Bolt stumbles over in a body that has not the shape it looks for; RecursionError: it is nested too deep.
UNREADABLE = (ValueError, TypeError, AttributeError, LookupError, RecursionError)
_KEY, _OPEN = "signpost_event_key", "signpost_event_open"
# What is about Signpost's own token, and is heard whatever becomes of a school.
_OF_THE_TOKEN = frozenset({"app_uninstalled", "tokens_revoked"})
_log = logging.getLogger("signpost.slack")


def event_key(body: Mapping[str, Any]) -> str | None:
    """Return the key of what Slack sent: an event's own id, else that of the tap; None where it has neither."""
    event, trigger = body.get("event_id"), body.get("trigger_id")
    if isinstance(event, str) and event:
        return f"slack:event:{event}"
    return f"slack:tap:{trigger}" if isinstance(trigger, str) and trigger else None


def key_of(context: Mapping[str, Any]) -> str | None:
    """Return the key of a request; None for one that has none."""
    key = context.get(_KEY)
    return key if isinstance(key, str) else None


def leave_open(context: MutableMapping[str, Any]) -> None:
    """Say that an answer still waits, so that Slack sends the event again: this process may end before it arrives."""
    context[_OPEN] = context.get(_KEY) is not None


@dataclass(frozen=True, slots=True)
class Front:
    """Claims what comes in, hands it to Bolt, and marks it as answered afterwards.

    `unserved` answers for `app` in a known workspace none of whose schools is served.
    Where the store fails what comes in is answered all the same, and may be answered twice (RS-57).
    """

    app: AsyncApp
    unserved: AsyncApp
    workspaces: Workspaces
    store: Store
    clock: Clock

    async def dispatch(self, request: AsyncBoltRequest) -> BoltResponse:
        """Answer what Slack sent; never raises."""
        try:
            return await self._dispatch(request)
        except Exception as error:  # noqa: BLE001 - its text may hold what somebody wrote
            _log.error("what Slack sent could not be answered, for a fault of ours: %s", type(error).__name__)
            return BoltResponse(status=503, body="")

    async def _dispatch(self, request: AsyncBoltRequest) -> BoltResponse:
        if request.body.get("type") == "url_verification":
            return await self.app.async_dispatch(request)
        status = self._turned_away(request)
        if status:
            return BoltResponse(status=status, body="")
        key = event_key(request.body)
        if key is None:
            return await self._listened(request)
        request.context[_KEY] = key
        try:
            claim = await self.store.claim(key, self.clock.now())
        except StoreError:
            return await self._listened(request)  # under its key all the same: what it raises is raised once
        if claim is not Claim.NEW:
            return BoltResponse(status=BUSY if claim is Claim.BUSY else 200, body="")
        response = await self._listened(request)
        is_open = bool(request.context.get(_OPEN))
        if 200 <= response.status < 300 and not is_open:
            await self._finish(key)
        return BoltResponse(status=BUSY, body="") if is_open else response

    def _turned_away(self, request: AsyncBoltRequest) -> int | None:
        """Return the status for what goes no further: of another kind or workspace, or not of Slack's shape."""
        if not is_heard(request.body):
            return 200
        team = request.context.team_id or ""
        if not is_id(team) or not fits(request.body):
            return 400
        return None if self.workspaces.workspace(team) else 200

    async def _listened(self, request: AsyncBoltRequest) -> BoltResponse:
        event = request.body.get("event") or {}
        served = self.workspaces.schools_in(request.context.team_id or "") or event.get("type") in _OF_THE_TOKEN
        response = await (self.app if served else self.unserved).async_dispatch(request)
        # Bolt answers 500 for what went wrong in a listener, and may have put an answer into it before that.
        return response if response.status < 500 else BoltResponse(status=503, body="")

    async def _finish(self, key: str) -> None:
        try:
            await self.store.finish(key, self.clock.now())
        except StoreError:
            return  # its lease runs out; a copy that comes then is answered again
