"""The tokens that Entra gives to the app, and with which it acts in Teams."""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from tests.teams_fake.errors import Json, RefusedError, unauthorised
from tests.teams_fake.world import App

SCOPE = "https://api.botframework.com/.default"
LIFETIME = 3599
_ERRORS = {
    "unauthorized_client": (400, "AADSTS700016", "Application with identifier '{app}' was not found in the directory."),
    "invalid_request": (400, "AADSTS90002", "Tenant '{tenant}' not found."),
    "invalid_client": (401, "AADSTS7000215", "Invalid client secret provided."),
    "invalid_scope": (400, "AADSTS70011", "The provided value for the input parameter 'scope' is not valid."),
    "unsupported_grant_type": (400, "AADSTS70003", "The app requested an unsupported grant type."),
}


@dataclass(slots=True)
class Ticket:
    """One token that was issued."""

    value: str
    expires_at: float
    revoked: bool = False


@dataclass(slots=True)
class Tickets:
    """Every token of the app. `now` is their clock: the real one, by which the app renews them."""

    app: App
    now: Callable[[], float] = time.time
    lifetime: float = LIFETIME
    issued: dict[str, Ticket] = field(default_factory=dict)

    def issue(self, tenant: str, form: Mapping[str, str]) -> Json:
        """Return a token for client credentials. Refuses them as Entra does."""
        if tenant != self.app.tenant_id or form.get("client_id") != self.app.id:
            raise self._refused("unauthorized_client", tenant)
        if form.get("grant_type") != "client_credentials":
            raise self._refused("unsupported_grant_type", tenant)
        if form.get("client_secret") != self.app.secret:
            raise self._refused("invalid_client", tenant)
        if form.get("scope") != SCOPE:
            raise self._refused("invalid_scope", tenant)
        return {
            "token_type": "Bearer",
            "expires_in": int(self.lifetime),
            "ext_expires_in": int(self.lifetime),
            "access_token": self.new().value,
        }

    def new(self) -> Ticket:
        """Issue a token without being asked."""
        ticket = Ticket(f"entra-{len(self.issued) + 1}", self.now() + self.lifetime)
        self.issued[ticket.value] = ticket
        return ticket

    def unknown_tenant(self, tenant: str) -> RefusedError:
        """Return Entra's answer to a tenant that is not there."""
        return self._refused("invalid_request", tenant)

    def revoke(self) -> None:
        """Let every token that was issued be worth nothing."""
        for ticket in self.issued.values():
            ticket.revoked = True

    def check(self, value: str | None) -> None:
        """Refuse a call that was not made with a token which holds."""
        ticket = self.issued.get(value or "")
        if ticket is None or ticket.revoked or ticket.expires_at <= self.now():
            raise unauthorised()

    def _refused(self, error: str, tenant: str) -> RefusedError:
        status, code, words = _ERRORS[error]
        said = f"{code}: {words.format(app=self.app.id, tenant=tenant)}"
        numbers = [int(code.removeprefix("AADSTS"))]
        return RefusedError(status, {"error": error, "error_description": said, "error_codes": numbers})
