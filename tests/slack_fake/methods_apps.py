"""Installing the app, renewing its token, and connecting it: oauth.v2.access and apps.connections.open."""

from typing import Any

from tests.slack_fake.call import Call
from tests.slack_fake.errors import RefusedError
from tests.slack_fake.tokens import LIFETIME


def connections_open(call: Call) -> dict[str, Any]:
    """Return the address of one Socket Mode connection."""
    return {"url": call.world.new_link()}


def oauth_access(call: Call) -> dict[str, Any]:
    """Exchange a code, or a refresh token, for an access token."""
    app = call.world.app
    if call.needed("client_id", "invalid_client_id") != app.client_id:
        raise RefusedError("invalid_client_id")
    if call.needed("client_secret", "bad_client_secret") != app.client_secret:
        raise RefusedError("bad_client_secret")
    book = call.world.tokens
    if call.text("grant_type") == "refresh_token":
        grant = book.renew(call.needed("refresh_token", "invalid_refresh_token"))
    else:
        grant = book.exchange(call.needed("code", "invalid_code"))
    team = call.world.workspaces[grant.team_id]
    pair = book.issue(grant, rotates=app.rotates)
    answer = {
        "access_token": pair.access.value,
        "token_type": "bot",
        "scope": ",".join(grant.scopes),
        "bot_user_id": team.bot.id,
        "app_id": app.id,
        "team": {"id": team.id, "name": team.name},
        "enterprise": None,
        "authed_user": {"id": grant.user_id},
        "is_enterprise_install": False,
    }
    return answer | ({"refresh_token": pair.refresh, "expires_in": LIFETIME} if pair.refresh else {})
