"""The Bolt app: its client, whom it acts as in each workspace, and its listeners.

Everything is answered within the request (`process_before_response`): Bolt looks only every 10 ms whether a listener
of its other way has acknowledged.
"""

from typing import Protocol

from slack_bolt.async_app import AsyncApp
from slack_bolt.authorization import AuthorizeResult
from slack_sdk.web.async_client import AsyncWebClient

from adapters.slack.quiet import quiet_logger
from adapters.slack.workspaces import Workspaces


class Listens(Protocol):
    """Takes some of what Slack sends."""

    def add_to(self, app: AsyncApp) -> None:
        """Register the listeners."""
        ...


def create_app(workspaces: Workspaces, client: AsyncWebClient, *listeners: Listens) -> AsyncApp:
    """Build the app. Signatures are checked before it is reached, and unknown workspaces never reach it."""

    async def authorize(enterprise_id: str | None, team_id: str | None) -> AuthorizeResult | None:
        found = workspaces.workspace(team_id or "")
        if found is None:
            return None
        return AuthorizeResult(
            enterprise_id=enterprise_id,
            team_id=found.team,
            bot_user_id=found.bot_user,
            bot_id=found.bot,
            bot_token=found.token,
        )

    app = AsyncApp(
        name="signpost",
        logger=quiet_logger(),
        process_before_response=True,
        client=client,
        authorize=authorize,  # type: ignore[arg-type]  # its type lacks the None that Bolt takes
        request_verification_enabled=False,
        ssl_check_enabled=False,
        attaching_function_token_enabled=False,
        attaching_conversation_kwargs_enabled=False,
    )
    for one in listeners:
        one.add_to(app)
    return app
