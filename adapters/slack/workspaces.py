"""The workspaces that Signpost is installed in, and which schools belong to them.

A workspace is known by the team id in the signed body of a request, and by nothing else (RS-19). One whose token is
not known gets nothing.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

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


class Served(Knowledge, Protocol):
    """The schools that are served."""

    def generation(self) -> int:
        """Return a number that is another one whenever a school may have changed, come or gone."""
        ...


@dataclass(frozen=True, slots=True)
class _Belonging:
    """Which schools belong to a workspace, and to a channel of it, each by id; true for one generation."""

    generation: int
    teams: Mapping[str, tuple[str, ...]]
    channels: Mapping[tuple[str, str], tuple[str, ...]]


class Workspaces:
    """Gives the client of every workspace, and knows its schools.

    `expects_more`: there is a token of which Slack has not said yet whose it is, so that a workspace may be missing.
    """

    def __init__(self, api_url: str, session: aiohttp.ClientSession, knowledge: Served) -> None:
        self._api_url = api_url
        self._session = session
        self._knowledge = knowledge
        self._known: dict[str, Workspace] = {}
        self._belonging = _belonging(knowledge)
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
        return tuple(team for team in teams_named(found) if team in self._known)

    def belongs(self, school: str, team: str) -> bool:
        """Tell whether a school belongs to a workspace."""
        return team in self.teams_of(school)

    def schools_in(self, team: str, channel: str | None = None) -> Sequence[str]:
        """List the schools of a workspace, by id; that of the channel alone where the channel is one school's own."""
        return self._own(team, channel) or self._now().teams.get(team, ())

    def is_of_one_school(self, team: str, channel: str | None) -> bool:
        """Tell whether a channel is one school's own."""
        return len(self._own(team, channel)) == 1

    def _own(self, team: str, channel: str | None) -> Sequence[str]:
        """List the schools of a workspace that say that the channel is theirs."""
        return self._now().channels.get((team, channel), ()) if channel else ()

    def _now(self) -> _Belonging:
        """Return which schools belong where: asked for every message, and found out once for every change."""
        if self._belonging.generation != self._knowledge.generation():
            self._belonging = _belonging(self._knowledge)
        return self._belonging

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
    return tuple(dict.fromkeys(place[_TEAM] for place in school.belongs if _TEAM in place))


def _channels(school: School) -> frozenset[str]:
    return frozenset(place[_CHANNEL] for place in school.belongs if _CHANNEL in place)


def _belonging(knowledge: Served) -> _Belonging:
    teams: dict[str, list[str]] = {}
    channels: dict[tuple[str, str], list[str]] = {}
    for name in sorted(knowledge.schools()):
        school = knowledge.view(name).school
        for team in teams_named(school):
            teams.setdefault(team, []).append(name)
            for channel in _channels(school):
                channels.setdefault((team, channel), []).append(name)
    return _Belonging(
        knowledge.generation(),
        {team: tuple(schools) for team, schools in teams.items()},
        {place: tuple(schools) for place, schools in channels.items()},
    )
