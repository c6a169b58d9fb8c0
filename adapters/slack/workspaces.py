"""The workspaces that Signpost is installed in, and which schools belong to them.

A workspace is known by the team id in the signed body of a request, and by nothing else (RS-19). One whose token is
not known gets nothing.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

import aiohttp
from slack_sdk.web.async_client import AsyncWebClient

from adapters.slack.calls import translated
from adapters.slack.quiet import quiet_logger
from bot.escalation.errors import UndeliverableError
from bot.ports import Knowledge
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
    """Gives the client of every workspace.

    `expects_more`: there is a token of which Slack has not said yet whose it is, so that a workspace may be missing.
    """

    def __init__(self, api_url: str, session: aiohttp.ClientSession, knowledge: Knowledge) -> None:
        self._api_url = api_url
        self._session = session
        self._knowledge = knowledge
        self._known: dict[str, Workspace] = {}
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

    def teams(self) -> Sequence[str]:
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

    def teams_of(self, school: str) -> Sequence[str]:
        """List the workspaces of a school in which Signpost is installed."""
        try:
            found = self._knowledge.view(school).school
        except KeyError:
            return ()
        return tuple(team for team in _teams(found) if team in self._known)

    def belongs(self, school: str, team: str) -> bool:
        """Tell whether a school belongs to a workspace."""
        return team in self.teams_of(school)

    def schools_in(self, team: str, channel: str | None = None) -> Sequence[str]:
        """List the schools of a workspace, by id; that of the channel alone where the channel is one school's own."""
        schools = [self._knowledge.view(school).school for school in self._knowledge.schools()]
        here = sorted((school for school in schools if team in _teams(school)), key=lambda school: school.id)
        own = [school for school in here if channel and channel in _channels(school)]
        return tuple(school.id for school in (own or here))

    def is_of_one_school(self, team: str, channel: str | None) -> bool:
        """Tell whether a channel is one school's own."""
        schools = [self._knowledge.view(school).school for school in self.schools_in(team)]
        return sum(channel in _channels(school) for school in schools) == 1 if channel else False

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


def _teams(school: School) -> Sequence[str]:
    return tuple(place[_TEAM] for place in school.belongs if _TEAM in place)


def _channels(school: School) -> frozenset[str]:
    return frozenset(place[_CHANNEL] for place in school.belongs if _CHANNEL in place)
