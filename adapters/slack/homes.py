"""Which school somebody asks for, where their workspace has several: they choose once, and that is remembered."""

from dataclasses import dataclass

from adapters.slack.workspaces import Workspaces
from bot.escalation.errors import StoreError
from bot.escalation.ports import Kept, Pseudonyms

_KIND = "school"


@dataclass(frozen=True, slots=True)
class Homes:
    """Remembers the school that each person has chosen, under their pseudonymous key."""

    kept: Kept
    pseudonyms: Pseudonyms
    workspaces: Workspaces

    async def school(self, team: str, user: str, channel: str | None = None) -> str | None:
        """Return the school that somebody asks for; None where they must choose. A channel of one school decides."""
        schools = self.workspaces.schools_in(team, channel)
        if len(schools) == 1:
            return schools[0]
        try:
            chosen = await self.kept.get(_KIND, self._key(team, user))
        except StoreError:
            return None
        return chosen if chosen in schools else None

    async def choose(self, team: str, user: str, school: str) -> bool:
        """Remember a school; False where it does not belong to the workspace. Raises StoreError."""
        if school not in self.workspaces.schools_in(team):
            return False
        await self.kept.put(_KIND, self._key(team, user), school)
        return True

    def _key(self, team: str, user: str) -> str:
        return self.pseudonyms.key(f"slack:{team}:{user}")
