"""The token with which Signpost speaks to Teams: had from Microsoft Entra for its own tenant, off the event loop."""

import asyncio
import logging
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any, Protocol

import msal

from bot.escalation.errors import ChannelDownError, UndeliverableError

LOGIN = "https://login.microsoftonline.com"
SCOPE = "https://api.botframework.com/.default"
_PATIENCE_S = 5.0
_ONE_CALL_S = 5.0
# msal asks for another one from five minutes before a token ends.
_AHEAD = timedelta(minutes=5)
_ON_THE_WAY = timedelta(seconds=10)
_NOT_SOONER = timedelta(minutes=1)
_FAILED_AGAIN = timedelta(seconds=30)
_CODE = re.compile(r"AADSTS(\d{4,9})")
_RENEW = "make a new client secret for the app in Entra, and put its Value into TEAMS_APP_PASSWORD"
# learn.microsoft.com, entra/identity-platform/reference-error-codes: what only an admin can mend.
_TO_MEND = {
    "7000215": f"Microsoft refuses TEAMS_APP_PASSWORD: it is not the Value of a client secret; {_RENEW}",
    "7000222": f"TEAMS_APP_PASSWORD has expired: {_RENEW}",
    "700016": "Microsoft knows no app with this TEAMS_APP_ID in the tenant of TEAMS_TENANT_ID: compare both with Entra",
    "7000229": "the app of TEAMS_APP_ID is not set up in the tenant of TEAMS_TENANT_ID: compare both with Entra",
    "7000112": "the app of TEAMS_APP_ID is disabled in Entra: enable it there",
    "90002": "Microsoft knows no tenant with this TEAMS_TENANT_ID: compare it with the Directory (tenant) ID in Entra",
    "900023": "TEAMS_TENANT_ID is no id of a tenant: copy the Directory (tenant) ID from Entra",
}
_log = logging.getLogger("signpost.teams")


class TokenSource(Protocol):
    """Gives the token that calls are made with."""

    async def get(self) -> str:
        """Return the token, or "" where calls are made without. Raises ChannelDownError and UndeliverableError."""
        ...

    def refused(self, token: str) -> bool:
        """Take note that Teams refused a token; tell whether `get` now asks for another."""
        ...


class NoTokens:
    """Calls without a token: development without authentication."""

    async def get(self) -> str:
        """Return that there is none."""
        return ""

    def refused(self, token: str) -> bool:
        """There is never another."""
        return False


@dataclass(frozen=True, slots=True)
class _Held:
    """A token, and the times it was had, is due for renewal, and ends."""

    value: str
    since: datetime
    renewed_from: datetime
    ends: datetime


class Tokens:
    """Tokens of one app in one tenant. `http_client` makes what msal speaks through; `now` tells the time.

    There is one request at a time. A token that is due is renewed while calls go on with the one that still holds.
    """

    def __init__(
        self,
        app_id: str,
        secret: str,
        tenant: str,
        *,
        http_client: Callable[[], object] | None = None,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._entra = _Entra(app_id, secret, tenant, http_client)
        self._now = now
        self._held: _Held | None = None
        self._asking: asyncio.Task[_Held] | None = None

    async def get(self) -> str:
        """Return a token that holds.

        Raises ChannelDownError where Microsoft does not give one, and UndeliverableError, with how to mend it, where
        it never will.
        """
        now = self._now()
        held = self._held if self._held is not None and self._held.since <= now < self._held.ends else None
        if held is not None and now < held.renewed_from:
            return held.value
        asking = self._ask()
        if held is not None:
            return held.value
        done, _ = await asyncio.wait([asking], timeout=_PATIENCE_S)
        if not done:
            raise ChannelDownError("Microsoft does not give Signpost a token in time")
        return (await asking).value

    def refused(self, token: str) -> bool:
        """Drop a token that Teams refused, unless it was only just had: then another would be no better."""
        held = self._held
        if held is None or held.value != token:
            return held is not None
        if timedelta() <= self._now() - held.since < _NOT_SOONER:
            return False
        self._held = None
        self._entra.forget()
        return True

    async def close(self) -> None:
        """Wait for a request that is under way; it ends by itself, within its timeouts."""
        if self._asking is not None:
            await asyncio.wait([self._asking])

    def _ask(self) -> "asyncio.Task[_Held]":
        if self._asking is None:
            self._asking = asyncio.create_task(self._renew())
            self._asking.add_done_callback(self._over)
        return self._asking

    async def _renew(self) -> _Held:
        self._held = await asyncio.to_thread(self._entra.ask, self._now())
        return self._held

    def _over(self, task: "asyncio.Task[_Held]") -> None:
        self._asking = None
        error = None if task.cancelled() else task.exception()
        if error is not None:
            _log.warning("no new token for Teams: %s", error)
            if self._held is not None:  # which may hold for minutes yet: Microsoft is not asked for every message
                self._held = replace(self._held, renewed_from=self._now() + _FAILED_AGAIN)


def _held(given: Mapping[str, Any], at: datetime) -> _Held:
    """Take a token; msal says when it ends, and sometimes from when another should be asked for."""
    ends = at + timedelta(seconds=int(given["expires_in"]))
    due = ends - _AHEAD
    if "refresh_on" in given:
        due = min(due, datetime.fromtimestamp(int(given["refresh_on"]), UTC))
    elif "refresh_in" in given:
        due = min(due, at + timedelta(seconds=int(given["refresh_in"])))
    return _Held(str(given["access_token"]), at, max(due, at + _NOT_SOONER), ends - _ON_THE_WAY)


class _Entra:
    """Microsoft Entra through msal, which blocks: everything here runs in a thread."""

    def __init__(self, app_id: str, secret: str, tenant: str, http_client: Callable[[], object] | None) -> None:
        self._app_id, self._secret, self._tenant = app_id, secret, tenant
        self._http_client = http_client
        self._app: Any = None

    def ask(self, at: datetime) -> _Held:
        """Return the token that msal gives; it keeps one, and asks again when that nears its end."""
        try:
            if self._app is None:
                self._app = self._connect()
            given = self._app.acquire_token_for_client(scopes=[SCOPE])
            held = _held(given, at) if given.get("access_token") else None
        except Exception as error:  # noqa: BLE001 - msal raises whatever an odd answer makes it meet
            raise _fault(type(error).__name__, f"{error} {error.__context__}") from None
        if held is None:
            raise _fault(str(given.get("error")), str(given.get("error_description")))
        return held

    def forget(self) -> None:
        """Have msal, which gave a token before, ask anew."""
        self._app.remove_tokens_for_client()

    def _connect(self) -> Any:
        return msal.ConfidentialClientApplication(
            self._app_id,
            client_credential=self._secret,
            authority=f"{LOGIN}/{self._tenant}",
            instance_discovery=False,  # the host is Microsoft's own, and known
            http_client=None if self._http_client is None else self._http_client(),
            timeout=_ONE_CALL_S,
        )


def _fault(kind: str, said: str) -> ChannelDownError | UndeliverableError:
    """Name a fault by Microsoft's number for it alone: what it says may hold what was sent."""
    found = _CODE.search(said)
    code = found[1] if found else ""
    if code in _TO_MEND:
        return UndeliverableError(f"{_TO_MEND[code]} (AADSTS{code})")
    named = f"AADSTS{code}" if code else kind if kind.isidentifier() else "no token"
    return ChannelDownError(f"Microsoft gives Signpost no token for Teams ({named})")
