"""Which school somebody asks for, where their workspace has several: they choose once, and that is remembered."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from adapters.slack.workspaces import Workspaces
from bot.escalation.errors import StoreError
from bot.escalation.ports import Kept, Pseudonyms

_KIND = "school"
_MOST = 10_000  # of those whose channel is known; beyond it the oldest are forgotten


@dataclass(frozen=True, slots=True)
class OwnSchools:
    """Remembers the school that each person has chosen, under their pseudonymous key.

    `are_all_served` tells whether every school can be asked: while one cannot, whoever is of it must not be taken for
    staff of another. Which channel somebody looks at beside the conversation is known until the process ends, and
    written nowhere.
    """

    kept: Kept
    pseudonyms: Pseudonyms
    workspaces: Workspaces
    are_all_served: Callable[[], bool]
    _beside: dict[tuple[str, str], str] = field(default_factory=dict)

    async def school(self, team: str, user: str, channel: str | None = None) -> str | None:
        """Return the school that somebody asks for; None where they must choose. A channel of one school decides."""
        schools = self.workspaces.schools_in(team, channel)
        if len(schools) == 1 and (self.are_all_served() or self.workspaces.is_of_one_school(team, channel)):
            return schools[0]
        try:
            chosen = await self.kept.get(_KIND, self._key(team, user))
        except StoreError:
            return None
        return chosen if chosen in schools else None

    def looks_at(self, team: str, user: str, channel: str | None) -> None:
        """Note which channel somebody looks at beside the conversation with Signpost; None for none that is known."""
        self._beside.pop((team, user), None)
        if channel:
            self._beside[team, user] = channel
        while len(self._beside) > _MOST:
            del self._beside[next(iter(self._beside))]

    def to_choose(self, team: str, user: str) -> Sequence[str]:
        """List the schools of a workspace, that of the channel they look at first: a hint never decides for them."""
        own = self.workspaces.schools_in(team, self._beside.get((team, user)))
        there = self.workspaces.schools_in(team)
        return [*own, *(school for school in there if school not in own)]

    async def choose(self, team: str, user: str, school: str) -> bool:
        """Remember a school; False where it does not belong to the workspace. Raises StoreError."""
        if school not in self.workspaces.schools_in(team):
            return False
        await self.kept.put(_KIND, self._key(team, user), school)
        return True

    def _key(self, team: str, user: str) -> str:
        return self.pseudonyms.key(f"slack:{team}:{user}")
