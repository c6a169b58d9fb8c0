"""Who is in a workspace."""

from dataclasses import dataclass, field
from typing import Any


@dataclass(slots=True)
class User:
    """A person or a bot, as a workspace knows them."""

    id: str
    name: str
    real_name: str
    team_id: str
    is_bot: bool = False
    bot_id: str | None = None
    deleted: bool = False
    is_restricted: bool = False
    is_ultra_restricted: bool = False
    is_stranger: bool = False

    def as_json(self) -> dict[str, Any]:
        """Return the user as users.info shows them."""
        shown: dict[str, Any] = {
            "id": self.id,
            "team_id": self.team_id,
            "name": self.name,
            "deleted": self.deleted,
            "real_name": self.real_name,
            "tz": "Europe/London",
            "tz_label": "Greenwich Mean Time",
            "tz_offset": 0,
            "profile": {
                "real_name": self.real_name,
                "real_name_normalized": self.real_name,
                "display_name": self.name,
                "display_name_normalized": self.name,
                "team": self.team_id,
            },
            "is_admin": False,
            "is_owner": False,
            "is_primary_owner": False,
            "is_restricted": self.is_restricted,
            "is_ultra_restricted": self.is_ultra_restricted,
            "is_bot": self.is_bot,
            "is_app_user": False,
            "updated": 0,
        }
        if self.bot_id:
            shown["profile"]["bot_id"] = self.bot_id
        return shown | ({"is_stranger": True} if self.is_stranger else {})


@dataclass(slots=True)
class UserGroup:
    """A user group, such as @staff."""

    id: str
    handle: str
    name: str
    team_id: str
    users: list[str] = field(default_factory=list)
    disabled: bool = False

    def as_json(self, *, with_users: bool, with_count: bool) -> dict[str, Any]:
        """Return the group as usergroups.list shows it."""
        shown: dict[str, Any] = {
            "id": self.id,
            "team_id": self.team_id,
            "is_usergroup": True,
            "is_subteam": True,
            "name": self.name,
            "handle": self.handle,
            "is_external": False,
            "date_delete": 1 if self.disabled else 0,
            "auto_type": None,
            "prefs": {"channels": [], "groups": []},
        }
        if with_users:
            shown["users"] = list(self.users)
        return shown | ({"user_count": len(self.users)} if with_count else {})
