"""Who looks after which schools, and what they are told of them. Asked anew every time."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from operator import eq
from typing import Protocol

from adapters.chat.belonging import Belongs
from adapters.chat.reports import Pack
from bot.escalation.errors import StoreError
from bot.escalation.ports import Store
from bot.view import SchoolView
from knowledge.library import SchoolState

_QUESTIONS = 100


class Packs(Protocol):
    """The schools as they stand, with what became of the last reload of each."""

    def state(self, school: str) -> SchoolState[SchoolView] | None:
        """Return a school; None where there is none."""
        ...


@dataclass(frozen=True, slots=True)
class Admins:
    """Knows the admins on a platform.

    `first` are those of the settings, such as "slack:U0ADMIN": they look after every school of their home. `is_same`
    tells whether an id as it is written there, or in a school.yaml, is that of somebody.
    """

    platform: str
    belonging: Belongs
    packs: Packs
    store: Store
    first: frozenset[str] = frozenset()
    is_same: Callable[[str, str], bool] = field(default=eq)

    def schools(self, home: str, user: str) -> Sequence[str]:
        """List the schools of a home that somebody looks after now; none for everybody else."""
        here = [state for state in map(self.state, self.belonging.schools_in(home)) if state]
        if self._is_first(user):
            return tuple(state.id for state in here)
        named = ((state.id, state.school.admins) for state in here if state.school)
        written = ((school, [one[self.platform] for one in admins if self.platform in one]) for school, admins in named)
        return tuple(school for school, ids in written if any(self.is_same(one, user) for one in ids))

    def state(self, school: str) -> SchoolState[SchoolView] | None:
        """Return a school as it stands; None where there is none."""
        return self.packs.state(school)

    async def pack(self, school: str) -> Pack:
        """Return a school's knowledge as it stands, for its admins. Raises KeyError where it is not served."""
        state = self.state(school)
        if state is None or state.school is None:
            raise KeyError(school)
        try:
            return Pack(state.school, state, tuple(await self.store.feedback(school, _QUESTIONS)))
        except StoreError:
            return Pack(state.school, state, None)

    def _is_first(self, user: str) -> bool:
        prefix = f"{self.platform}:"
        written = (one.removeprefix(prefix) for one in self.first if one.startswith(prefix))
        return any(self.is_same(one, user) for one in written)
