"""Who somebody is in a workspace: what they are called, whether they are a guest, and which user groups they are in."""

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from adapters.chat.cache import Lately
from adapters.slack.calls import translated
from adapters.slack.workspaces import Workspaces
from bot.escalation.authority import Standing, standing
from bot.escalation.errors import EscalationError, UndeliverableError
from bot.escalation.model import Person
from bot.escalation.register import Register

PLATFORM = "slack"
_KEEP = timedelta(minutes=10)
_AGAIN = timedelta(seconds=5)
# Whoever writes waits for it, and Slack waits three seconds for the answer to a command.
_PATIENCE_S = 1.0
_SOMEBODY = "Somebody in Slack"
_NOBODY_HERE = ("user_not_found", "user_not_visible")


@dataclass(frozen=True, slots=True)
class Member:
    """Somebody in a workspace. `is_guest`: no full member of it, or of another workspace altogether."""

    name: str
    is_guest: bool
    is_bot: bool


class People:
    """Asks Slack who people are, at most every ten minutes each. `now` tells the time."""

    def __init__(self, workspaces: Workspaces, now: Callable[[], datetime]) -> None:
        self._workspaces = workspaces
        self._members: Lately[tuple[str, str], Member] = Lately(_KEEP, now, again=_AGAIN)
        self._groups: Lately[str, Mapping[str, frozenset[str]]] = Lately(_KEEP, now, again=_AGAIN)

    async def member(self, team: str, user: str) -> Member | None:
        """Return who somebody is; None where Slack cannot say just now and has not said before."""
        key = (team, user)
        try:
            return await self._members.get(key, lambda: self._member(team, user))
        except EscalationError:
            return self._members.last(key)

    async def person(self, team: str, user: str) -> Person:
        """Return somebody with the name they go by, as far as it is known."""
        member = await self.member(team, user)
        return Person(PLATFORM, user, member.name if member else _SOMEBODY)

    async def standing(self, team: str, user: str, register: Register) -> Standing:
        """Say whether somebody asks as a member of staff, as far as Slack says it now or has said it before."""
        member = await self.member(team, user)
        if member is None:
            return Standing.STAFF if register.roles_of(user) else Standing.UNKNOWN
        if member.is_bot:
            return Standing.OUTSIDER
        listed = (register.school.asks.get(PLATFORM) or {}).get("user_groups", ())
        groups = await self._groups_of(team) if listed else {}
        own = frozenset(group for group in listed if groups is not None and user in groups.get(group, ()))
        found = standing(register, user, own, is_guest=member.is_guest)
        return Standing.UNKNOWN if found is Standing.OUTSIDER and not member.is_guest and groups is None else found

    async def _groups_of(self, team: str) -> Mapping[str, frozenset[str]] | None:
        """Return who is in which user group; None where Slack cannot say just now and has not said before."""
        try:
            return await self._groups.get(team, lambda: self._listed(team))
        except EscalationError:
            return self._groups.last(team)

    async def _listed(self, team: str) -> Mapping[str, frozenset[str]]:
        """Ask for all groups at once: a trust has one for each school, and Slack answers twenty questions a minute."""
        async with _within():
            found = await self._workspaces.client(team).usergroups_list(include_users=True)
        return {group["id"]: frozenset(group.get("users") or ()) for group in found.get("usergroups") or ()}

    async def _member(self, team: str, user: str) -> Member:
        try:
            async with _within():
                found = await self._workspaces.client(team).users_info(user=user)
        except UndeliverableError as error:
            if str(error) in _NOBODY_HERE:
                return Member(_SOMEBODY, is_guest=True, is_bot=False)
            raise
        return _as_member(found.get("user") or {}, team)


@asynccontextmanager
async def _within() -> AsyncIterator[None]:
    """Ask Slack something for which somebody waits. Raises as `translated` does, and where Slack is slow too."""
    with translated():
        async with asyncio.timeout(_PATIENCE_S):
            yield


def _as_member(user: Mapping[str, Any], team: str) -> Member:
    profile = user.get("profile") or {}
    names = (profile.get("real_name"), user.get("real_name"), profile.get("display_name"), user.get("name"))
    partial = any(user.get(flag) for flag in ("is_restricted", "is_ultra_restricted", "is_stranger", "deleted"))
    # In an Enterprise organisation one person has one id in many workspaces; those they are in stand in `teams`.
    grid = (user.get("enterprise_user") or {}).get("teams") or ()
    elsewhere = user.get("team_id") not in (None, team) and team not in grid
    name = next((name for name in names if isinstance(name, str) and name.strip()), _SOMEBODY)
    return Member(name, is_guest=bool(partial or elsewhere), is_bot=bool(user.get("is_bot")))
