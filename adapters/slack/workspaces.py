"""The workspaces that Signpost is installed in, and which schools belong to them.

A workspace is known by the team id in the signed body of a request, and by nothing else (RS-19). One whose token is
not known gets nothing.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

import aiohttp
from slack_sdk.web.async_client import AsyncWebClient

from adapters.chat.belonging import Belonging, Served, homes_named
from adapters.slack.calls import translated
from adapters.slack.quiet import quiet_logger
from bot.escalation.errors import UndeliverableError
from knowledge.model import School

TIMEOUT_S = 8  # less than the courier waits for one message
_TEAM = "slack_team"
_CHANNEL = "slack_channel"


@dataclass(frozen=True, slots=True)
class Workspace:
    """One workspace: its id, and what Signpost is called there. `token` acts for Signpost in it."""

    team: str
    bot_user: str
    bot: str
    token: str = field(repr=False)


class Workspaces:
    """Gives the client of every workspace, and knows its schools.

    `expects_more`: there is a token of which Slack has not said yet whose it is, so that a workspace may be missing.
    """

    def __init__(self, api_url: str, session: aiohttp.ClientSession, knowledge: Served) -> None:
        self._api_url = api_url
        self._session = session
        self._known: dict[str, Workspace] = {}
        self._belonging = Belonging(knowledge, _TEAM, _CHANNEL)
        self.expects_more = False
        self._logger = quiet_logger()

    async def enter(self, token: str) -> Workspace:
        """Find out whose a token is, and use it for that workspace from now on.

        Raises UndeliverableError where Slack refuses the token, and ChannelDownError where it does not answer.
        """
        with translated():
            found = await self._client(token).auth_test()
        team, user, bot = (found.get(name) for name in ("team_id", "user_id", "bot_id"))
        if not isinstance(team, str) or not isinstance(user, str):
            raise UndeliverableError("not the token of a bot")
        workspace = Workspace(team, user, str(bot or ""), token)
        self._known[team] = workspace
        return workspace

    def use(self, workspace: Workspace) -> None:
        """Use a workspace whose token has been looked at before."""
        self._known[workspace.team] = workspace

    def leave(self, team: str) -> None:
        """Use the token of a workspace no more: Signpost has been taken out of it."""
        self._known.pop(team, None)

    def workspace(self, team: str) -> Workspace | None:
        """Return a workspace; None for one that is not known."""
        return self._known.get(team)

    def homes(self) -> Sequence[str]:
        """List the workspaces that are known."""
        return tuple(self._known)

    def unserved(self) -> Sequence[str]:
        """List the workspaces that are known, and none of whose schools is served."""
        return tuple(team for team in self._known if not self.schools_in(team))

    def client(self, team: str) -> AsyncWebClient:
        """Return the client for a workspace. Raises UndeliverableError where Signpost is not installed there."""
        workspace = self._known.get(team)
        if workspace is None:
            raise UndeliverableError("Signpost is not installed in this workspace")
        return self._client(workspace.token)

    def homes_of(self, school: str) -> Sequence[str]:
        """List the workspaces of a school in which Signpost is installed."""
        return tuple(team for team in self._belonging.homes_of(school) if team in self._known)

    def belongs(self, school: str, team: str) -> bool:
        """Tell whether a school belongs to a workspace."""
        return team in self.homes_of(school)

    def schools_in(self, home: str, place: str | None = None) -> Sequence[str]:
        """List the schools of a workspace, by id; that of the channel alone where the channel is one school's own."""
        return self._belonging.schools_in(home, place)

    def is_of_one_school(self, home: str, place: str | None) -> bool:
        """Tell whether a channel is one school's own."""
        return self._belonging.is_of_one_school(home, place)

    def _client(self, token: str) -> AsyncWebClient:
        # No retries inside the SDK: a message sent twice must be marked as such, and only the courier can do that.
        return AsyncWebClient(
            token=token,
            base_url=self._api_url,
            session=self._session,
            timeout=TIMEOUT_S,
            retry_handlers=[],
            logger=self._logger,
        )


def teams_named(school: School) -> Sequence[str]:
    """List the workspaces that a school says it belongs to, each once."""
    return homes_named(school, _TEAM)
