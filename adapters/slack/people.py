"""Who somebody is in a workspace: what they are called, whether they are a guest, and which user groups they are in."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from adapters.slack.cache import Lately
from adapters.slack.calls import translated
from adapters.slack.workspaces import Workspaces
from bot.escalation.authority import Standing, standing
from bot.escalation.errors import EscalationError, UndeliverableError
from bot.escalation.model import Person
from bot.escalation.register import Register

PLATFORM = "slack"
_KEEP = timedelta(minutes=10)
_SOMEBODY = "Somebody in Slack"
_NO_GROUP = ("no_such_subteam", "subteam_disabled")
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
        self._members: Lately[tuple[str, str], Member] = Lately(_KEEP, now)
        self._groups: Lately[tuple[str, str], frozenset[str]] = Lately(_KEEP, now)

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
        groups = {group: await self._in_group(team, group) for group in listed}
        own = frozenset(group for group, users in groups.items() if user in (users or ()))
        found = standing(register, user, own, is_guest=member.is_guest)
        if found is Standing.OUTSIDER and not member.is_guest and None in groups.values():
            return Standing.UNKNOWN
        return found

    async def _in_group(self, team: str, group: str) -> frozenset[str] | None:
        """Return who is in a user group; None where Slack cannot say just now and has not said before."""
        key = (team, group)
        try:
            return await self._groups.get(key, lambda: self._users_of(team, group))
        except EscalationError:
            return self._groups.last(key)

    async def _users_of(self, team: str, group: str) -> frozenset[str]:
        try:
            with translated():
                found = await self._workspaces.client(team).usergroups_users_list(usergroup=group)
        except UndeliverableError as error:
            if str(error) in _NO_GROUP:
                return frozenset()
            raise
        return frozenset(user for user in found.get("users") or () if isinstance(user, str))

    async def _member(self, team: str, user: str) -> Member:
        try:
            with translated():
                found = await self._workspaces.client(team).users_info(user=user)
        except UndeliverableError as error:
            if str(error) in _NOBODY_HERE:
                return Member(_SOMEBODY, is_guest=True, is_bot=False)
            raise
        return _as_member(found.get("user") or {}, team)


def _as_member(user: Mapping[str, Any], team: str) -> Member:
    profile = user.get("profile") or {}
    names = (profile.get("real_name"), user.get("real_name"), profile.get("display_name"), user.get("name"))
    partial = any(user.get(flag) for flag in ("is_restricted", "is_ultra_restricted", "is_stranger", "deleted"))
    # In an Enterprise organisation one person has one id in many workspaces; those they are in stand in `teams`.
    grid = (user.get("enterprise_user") or {}).get("teams") or ()
    elsewhere = user.get("team_id") not in (None, team) and team not in grid
    name = next((name for name in names if isinstance(name, str) and name.strip()), _SOMEBODY)
    return Member(name, is_guest=bool(partial or elsewhere), is_bot=bool(user.get("is_bot")))
