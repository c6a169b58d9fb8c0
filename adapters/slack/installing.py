"""The tokens of the workspaces: the one of the settings, and those that installing from Slack has brought.

A token that Slack rotates lives for twelve hours; it is renewed two hours before its end, and the new pair is kept in
one write, so that no crash can part them (RS-17). Of several replicas one renews, and the others take up what it kept.
"""

import asyncio
import json
import logging
import secrets
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any, Protocol

from slack_sdk.web.async_client import AsyncWebClient

from adapters.slack.calls import translated
from adapters.slack.workspaces import Workspace, Workspaces
from bot.escalation.errors import EscalationError, UndeliverableError
from bot.escalation.ports import Claim, Clock, Kept

_TOKEN = "slack-token"  # noqa: S105 - the kind under which tokens are kept, none itself
_STATE = "slack-state"
_STATE_LASTS = timedelta(minutes=10)
_AHEAD = timedelta(hours=2)
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


class Claims(Protocol):
    """Lets one replica alone do something: the event keys of the store."""

    async def claim(self, key: str, now: datetime) -> Claim:
        """Claim a key for 30 s. Raises StoreError."""
        ...

    async def finish(self, key: str, now: datetime) -> None:
        """Mark a claimed key as done. Raises StoreError."""
        ...


class Installing:
    """Keeps the tokens. `client` speaks to Slack; `registration` is None where nothing is installed from Slack."""

    def __init__(
        self,
        workspaces: Workspaces,
        kept: Kept,
        claims: Claims,
        clock: Clock,
        client: AsyncWebClient,
        registration: Registration | None,
    ) -> None:
        self._workspaces = workspaces
        self._kept = kept
        self._claims = claims
        self._clock = clock
        self._client = client
        self._registration = registration
        self._refused: frozenset[str] = frozenset()
        self._own_team: str | None = None
        self._taken_up: set[str] = set()
        self._removed: dict[str, str] = {}
        self._writing = asyncio.Lock()  # so that nothing older than what was just written is taken up

    @property
    def is_open(self) -> bool:
        """Whether workspaces can take Signpost in by themselves, from Slack."""
        return self._registration is not None

    async def load(self, own_token: str | None) -> None:
        """Use the kept tokens and that of the settings. Raises StoreError, and EscalationError for its own token."""
        await self.take_up()
        if own_token:
            self._workspaces.expects_more = True
            self._own_team = (await self._workspaces.enter(own_token)).team
            self._workspaces.expects_more = False

    async def take_up(self) -> None:
        """Use the tokens that are kept now, whichever replica wrote them, and none that is gone. Raises StoreError."""
        async with self._writing:
            kept = {known.team: known for known in map(_read, await self._kept.all(_TOKEN))}
            for team in self._taken_up - set(kept):
                self._taken_up.discard(team)
                self._workspaces.leave(team)
            for known in kept.values():
                used = self._workspaces.workspace(known.team)
                is_gone = known.token == self._removed.get(known.team)
                if known.team != self._own_team and not is_gone and not (used and used.token == known.token):
                    self._use(known)

    async def removed(self, team: str) -> None:
        """Forget the token of a workspace that has taken Signpost out."""
        known = self._workspaces.workspace(team)
        if known:
            self._removed[team] = known.token
        self._workspaces.leave(team)
        await self._kept.drop(_TOKEN, team)
        _log.warning("Signpost was taken out of the Slack workspace %s", team)

    def can_act(self) -> bool:
        """Tell whether there is a workspace whose token holds, as far as is known."""
        return bool(set(self._workspaces.homes()) - self._refused)

    # ---- Installing ------------------------------------------------------------------------------------------------

    async def begin(self) -> str:
        """Return a fresh state for the way to Slack and back; it holds for ten minutes, once. Raises StoreError."""
        state = secrets.token_urlsafe(24)
        ends = (self._clock.now() + _STATE_LASTS).isoformat()
        await self._kept.put(_STATE, state, json.dumps({"state": state, "ends": ends}))
        return state

    async def finish(self, state: str, code: str) -> str:
        """Take the code that Slack sends back; returns the workspace. Raises UndeliverableError, and StoreError."""
        pending = await self._kept.get(_STATE, state)
        await self._kept.drop(_STATE, state)
        if pending is None or self._is_over(json.loads(pending)):
            raise UndeliverableError("the link to install from is too old, or was used before")
        installed = await self._exchange(code=code, redirect_uri=self._own().redirect)
        await self._keep(installed)
        return installed.team

    # ---- Rotation --------------------------------------------------------------------------------------------------

    async def renew(self) -> None:
        """Renew every token that is due, and that no other replica renews. Raises StoreError."""
        for written in await self._kept.all(_TOKEN):
            known = _read(written)
            if known.refresh and known.is_due(self._clock.now()):
                renewal = f"slack:renewal:{known.team}:{known.ends}"
                if await self._claims.claim(renewal, self._clock.now()) is Claim.NEW and await self._renew(known):
                    await self._claims.finish(renewal, self._clock.now())

    async def tidy(self) -> None:
        """Forget the ways to Slack from which nobody came back in time. Raises StoreError."""
        for written in await self._kept.all(_STATE):
            pending = json.loads(written)
            if self._is_over(pending):
                await self._kept.drop(_STATE, pending["state"])

    async def look(self) -> None:
        """Find out which workspaces refuse their token. Never fails; where Slack does not answer, nothing is new."""
        for team in self._workspaces.homes():
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

    async def _renew(self, known: Installed) -> bool:
        try:
            fresh = await self._exchange(grant_type="refresh_token", refresh_token=known.refresh)
        except UndeliverableError as error:
            _log.error("Slack renews no token of the workspace %s (%s): install Signpost again", known.team, error)
            return False
        except EscalationError as error:
            _log.warning("a token of the workspace %s is renewed later: %s", known.team, error)
            return False
        await self._keep(replace(fresh, team=known.team, bot_user=fresh.bot_user or known.bot_user, bot=known.bot))
        return True

    def _is_over(self, pending: Mapping[str, str]) -> bool:
        return datetime.fromisoformat(pending["ends"]) <= self._clock.now()

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
        async with self._writing:
            await self._kept.put(_TOKEN, installed.team, json.dumps(asdict(installed)))
            self._use(installed)

    def _use(self, installed: Installed) -> None:
        self._refused -= {installed.team}
        self._removed.pop(installed.team, None)
        self._taken_up.add(installed.team)
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
