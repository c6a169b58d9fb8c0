"""The tokens of the workspaces: the one of the settings, and those that installing from Slack has brought.

A token that Slack rotates lives for twelve hours; it is renewed two hours before its end, and the new pair is kept in
one write, so that no crash can part them (RS-17).
"""

import json
import logging
import secrets
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import asdict, dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from slack_sdk.web.async_client import AsyncWebClient

from adapters.slack.calls import translated
from adapters.slack.workspaces import Workspace, Workspaces
from bot.escalation.errors import EscalationError, UndeliverableError
from bot.escalation.ports import Clock, Kept

_TOKEN = "slack-token"  # noqa: S105 - the kind under which tokens are kept, none itself
_STATE = "slack-state"
_STATE_LASTS = timedelta(minutes=10)
_AHEAD = timedelta(hours=2)
_EVERY_S = 300.0
_log = logging.getLogger("signpost.slack")


@dataclass(frozen=True, slots=True)
class Registration:
    """What Slack knows the app by, for installing from Slack. `redirect` is where it sends people back to."""

    client_id: str
    client_secret: str = field(repr=False)
    redirect: str


@dataclass(frozen=True, slots=True)
class Installed:
    """A workspace as it is kept: with a refresh token and an end ("2026-11-21T12:00:00+00:00") where Slack rotates."""

    team: str
    bot_user: str
    bot: str
    token: str = field(repr=False)
    refresh: str | None = field(default=None, repr=False)
    ends: str | None = None

    def is_due(self, now: datetime) -> bool:
        """Tell whether the token must be renewed."""
        return self.ends is not None and datetime.fromisoformat(self.ends) - now <= _AHEAD


class Installing:
    """Keeps the tokens. `session` speaks to Slack; `registration` is None where nothing is installed from Slack."""

    def __init__(
        self,
        workspaces: Workspaces,
        kept: Kept,
        clock: Clock,
        client: AsyncWebClient,
        registration: Registration | None,
    ) -> None:
        self._workspaces = workspaces
        self._kept = kept
        self._clock = clock
        self._client = client
        self._registration = registration
        self._refused: frozenset[str] = frozenset()

    @property
    def is_open(self) -> bool:
        """Whether workspaces can take Signpost in by themselves, from Slack."""
        return self._registration is not None

    async def load(self, own_token: str | None) -> None:
        """Use the kept tokens and that of the settings. Raises StoreError, and EscalationError for its own token."""
        for written in await self._kept.all(_TOKEN):
            self._use(_read(written))
        if own_token:
            await self._workspaces.enter(own_token)

    async def removed(self, team: str) -> None:
        """Forget the token of a workspace that has taken Signpost out."""
        self._workspaces.leave(team)
        await self._kept.drop(_TOKEN, team)
        _log.warning("Signpost was taken out of the Slack workspace %s", team)

    def can_act(self) -> bool:
        """Tell whether there is a workspace whose token holds, as far as is known."""
        return bool(set(self._workspaces.teams()) - self._refused)

    # ---- Installing ------------------------------------------------------------------------------------------------

    async def begin(self) -> str:
        """Return a fresh state for the way to Slack and back; it holds for ten minutes, once. Raises StoreError."""
        state = secrets.token_urlsafe(24)
        await self._kept.put(_STATE, state, (self._clock.now() + _STATE_LASTS).isoformat())
        return state

    async def finish(self, state: str, code: str) -> str:
        """Take the code that Slack sends back; returns the workspace. Raises UndeliverableError, and StoreError."""
        ends = await self._kept.get(_STATE, state)
        await self._kept.drop(_STATE, state)
        if ends is None or datetime.fromisoformat(ends) <= self._clock.now():
            raise UndeliverableError("the link to install from is too old, or was used before")
        installed = await self._exchange(code=code, redirect_uri=self._own().redirect)
        await self._keep(installed)
        return installed.team

    # ---- Rotation --------------------------------------------------------------------------------------------------

    async def rotate(self, pause: Callable[[float], Awaitable[None]]) -> None:
        """Renew tokens before they end, for ever. `pause` waits that many seconds."""
        while True:
            try:
                await self.renew()
                await self.look()
            except EscalationError as error:
                _log.warning("Slack tokens could not be looked at: %s", type(error).__name__)
            await pause(_EVERY_S)

    async def renew(self) -> None:
        """Renew every token that is due. Raises StoreError."""
        for written in await self._kept.all(_TOKEN):
            known = _read(written)
            if known.refresh and known.is_due(self._clock.now()):
                await self._renew(known)

    async def look(self) -> None:
        """Find out which workspaces refuse their token. Never fails; where Slack does not answer, nothing is new."""
        for team in self._workspaces.teams():
            try:
                with translated():
                    await self._workspaces.client(team).auth_test()
            except UndeliverableError as refused:
                _log.error("Slack refuses the token of the workspace %s (%s): install Signpost again", team, refused)
                self._refused |= {team}
            except EscalationError:
                continue
            else:
                self._refused -= {team}

    async def _renew(self, known: Installed) -> None:
        try:
            fresh = await self._exchange(grant_type="refresh_token", refresh_token=known.refresh)
        except UndeliverableError as error:
            _log.error("Slack renews no token of the workspace %s (%s): install Signpost again", known.team, error)
            return
        except EscalationError as error:
            _log.warning("a token of the workspace %s is renewed later: %s", known.team, error)
            return
        await self._keep(replace(fresh, team=known.team, bot_user=fresh.bot_user or known.bot_user, bot=known.bot))

    async def _exchange(self, **what: Any) -> Installed:
        own = self._own()
        with translated():
            answer = await self._client.api_call(
                "oauth.v2.access", data={"client_id": own.client_id, "client_secret": own.client_secret, **what}
            )
        return _as_installed(answer.data if isinstance(answer.data, Mapping) else {}, self._clock.now())

    def _own(self) -> Registration:
        if self._registration is None:
            raise UndeliverableError("installing from Slack is not set up here")
        return self._registration

    async def _keep(self, installed: Installed) -> None:
        if not installed.bot:
            with translated():
                found = await AsyncWebClient(
                    token=installed.token, base_url=self._client.base_url, session=self._client.session
                ).auth_test()
            installed = replace(installed, bot=str(found.get("bot_id") or ""))
        await self._kept.put(_TOKEN, installed.team, json.dumps(asdict(installed)))
        self._use(installed)

    def _use(self, installed: Installed) -> None:
        self._refused -= {installed.team}
        self._workspaces.use(Workspace(installed.team, installed.bot_user, installed.bot, installed.token))


def _read(written: str) -> Installed:
    return Installed(**json.loads(written))


def _as_installed(answer: Mapping[str, Any], now: datetime) -> Installed:
    """Read the answer of oauth.v2.access (docs.slack.dev, reference/methods/oauth.v2.access)."""
    token, team = answer.get("access_token"), (answer.get("team") or {}).get("id")
    if not isinstance(token, str) or not isinstance(team, str):
        raise UndeliverableError("Slack gave no token for a workspace")
    lasts, refresh = answer.get("expires_in"), answer.get("refresh_token")
    ends = (now + timedelta(seconds=int(lasts))).astimezone(UTC).isoformat() if lasts else None
    return Installed(team, str(answer.get("bot_user_id") or ""), "", token, refresh, ends)
