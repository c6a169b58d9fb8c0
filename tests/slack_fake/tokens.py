"""Tokens: who holds which, what it may do, and how one is got, renewed and lost."""

from dataclasses import dataclass
from itertools import count
from typing import Literal

from tests.slack_fake.clock import SlackClock
from tests.slack_fake.errors import RefusedError

LIFETIME = 12 * 3600
CODE_LIFETIME = 600
EVERY_SCOPE = (
    *("app_mentions:read", "assistant:write", "channels:history", "channels:read", "chat:write", "commands"),
    *("groups:history", "groups:read", "im:history", "im:read", "im:write", "reactions:write", "team:read"),
    *("usergroups:read", "users:read"),
)


@dataclass(slots=True)
class Token:
    """A token as Slack keeps it."""

    value: str
    kind: Literal["bot", "app"]
    scopes: tuple[str, ...]
    team_id: str = ""
    expires_at: float | None = None
    revoked: bool = False


@dataclass(slots=True)
class Grant:
    """Something that can be exchanged for a token once: a code from the consent page, or a refresh token."""

    team_id: str
    user_id: str
    scopes: tuple[str, ...]
    expires_at: float | None = None
    used: bool = False


@dataclass(frozen=True, slots=True)
class Pair:
    """An access token, and the refresh token where tokens rotate."""

    access: Token
    refresh: str | None


class TokenBook:
    """Every token of the app."""

    def __init__(self, clock: SlackClock) -> None:
        """Begin with none."""
        self._clock = clock
        self._numbers = count(1)
        self.tokens: dict[str, Token] = {}
        self.codes: dict[str, Grant] = {}
        self.refreshes: dict[str, Grant] = {}

    def app_token(self, scopes: tuple[str, ...] = ("connections:write",)) -> Token:
        """Issue an app-level token, for Socket Mode."""
        return self._keep(Token(f"xapp-1-{next(self._numbers)}", "app", scopes))

    def issue(self, grant: Grant, *, rotates: bool) -> Pair:
        """Issue a bot token for a team."""
        number = next(self._numbers)
        if not rotates:
            return Pair(self._keep(Token(f"xoxb-{grant.team_id}-{number}", "bot", grant.scopes, grant.team_id)), None)
        refresh = f"xoxe-1-{grant.team_id}-{number}"
        self.refreshes[refresh] = Grant(grant.team_id, grant.user_id, grant.scopes)
        expires_at = self._clock.time() + LIFETIME
        value = f"xoxe.xoxb-1-{grant.team_id}-{number}"
        return Pair(self._keep(Token(value, "bot", grant.scopes, grant.team_id, expires_at)), refresh)

    def new_code(self, team_id: str, user_id: str, scopes: tuple[str, ...]) -> str:
        """Return the code that the consent page hands to the app's redirect URL."""
        code = f"code-{next(self._numbers)}"
        self.codes[code] = Grant(team_id, user_id, scopes, self._clock.time() + CODE_LIFETIME)
        return code

    def exchange(self, code: str) -> Grant:
        """Use up a code."""
        return self._use(self.codes.get(code), "invalid_code", "code_already_used")

    def renew(self, refresh: str) -> Grant:
        """Use up a refresh token."""
        return self._use(self.refreshes.get(refresh), "invalid_refresh_token", "invalid_refresh_token")

    def check(self, value: str | None) -> Token:
        """Return the token a call was made with. Refuses one that does not hold."""
        if not value:
            raise RefusedError("not_authed")
        token = self.tokens.get(value)
        if token is None:
            raise RefusedError("invalid_auth")
        if token.revoked:
            raise RefusedError("token_revoked")
        if token.expires_at is not None and self._clock.time() >= token.expires_at:
            raise RefusedError("token_expired")
        return token

    def revoke(self, team_id: str) -> None:
        """Revoke every token of a team."""
        for token in self.tokens.values():
            token.revoked = token.revoked or token.team_id == team_id

    def _keep(self, token: Token) -> Token:
        self.tokens[token.value] = token
        return token

    def _use(self, grant: Grant | None, unknown: str, used: str) -> Grant:
        if grant is None or (grant.expires_at is not None and self._clock.time() >= grant.expires_at):
            raise RefusedError(unknown)
        if grant.used:
            raise RefusedError(used)
        grant.used = True
        return grant
