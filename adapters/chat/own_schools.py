"""Which school somebody asks for, where their home (a workspace, a tenant) has several: they choose it once."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from adapters.chat.belonging import Belongs
from bot.escalation.errors import StoreError
from bot.escalation.ports import Kept, Pseudonyms

_KIND = "school"
_MOST = 10_000  # of those whose place is known; beyond it the oldest are forgotten


@dataclass(frozen=True, slots=True)
class OwnSchools:
    """Remembers the school that each person has chosen, under their pseudonymous key. `platform` is that of the homes.

    `are_all_served` tells whether every school can be asked: while one cannot, whoever is of it must not be taken for
    staff of another. Which place somebody looks at beside the conversation is known until the process ends, and
    written nowhere.
    """

    kept: Kept
    pseudonyms: Pseudonyms
    belonging: Belongs
    are_all_served: Callable[[], bool]
    platform: str
    _beside: dict[tuple[str, str], str] = field(default_factory=dict)

    async def school(self, home: str, user: str, place: str | None = None) -> str | None:
        """Return the school that somebody asks for; None where they must choose. A place of one school decides."""
        schools = self.belonging.schools_in(home, place)
        if len(schools) == 1 and (self.are_all_served() or self.belonging.is_of_one_school(home, place)):
            return schools[0]
        try:
            chosen = await self.kept.get(_KIND, self._key(home, user))
        except StoreError:
            return None
        return chosen if chosen in schools else None

    def looks_at(self, home: str, user: str, place: str | None) -> None:
        """Note which place somebody looks at beside the conversation with Signpost; None for none that is known."""
        self._beside.pop((home, user), None)
        if place:
            self._beside[home, user] = place
        while len(self._beside) > _MOST:
            del self._beside[next(iter(self._beside))]

    def to_choose(self, home: str, user: str) -> Sequence[str]:
        """List the schools of a home, that of the place they look at first: a hint never decides for them."""
        own = self.belonging.schools_in(home, self._beside.get((home, user)))
        there = self.belonging.schools_in(home)
        return [*own, *(school for school in there if school not in own)]

    async def choose(self, home: str, user: str, school: str) -> bool:
        """Remember a school; False where it does not belong to the home. Raises StoreError."""
        if school not in self.belonging.schools_in(home):
            return False
        await self.kept.put(_KIND, self._key(home, user), school)
        return True

    def _key(self, home: str, user: str) -> str:
        return self.pseudonyms.key(f"{self.platform}:{home}:{user}")
