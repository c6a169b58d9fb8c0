"""Who looks after which schools in a workspace, and what they are told of them. Asked anew every time."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from adapters.slack.admin_views import Pack
from adapters.slack.people import PLATFORM
from adapters.slack.workspaces import Workspaces
from bot.escalation.errors import StoreError
from bot.escalation.ports import Store
from bot.view import SchoolView
from knowledge.library import SchoolState
from knowledge.model import School

_QUESTIONS = 100


class Packs(Protocol):
    """The schools as they stand, with what became of the last reload of each."""

    def state(self, school: str) -> SchoolState[SchoolView] | None:
        """Return a school; None where there is none."""
        ...


@dataclass(frozen=True, slots=True)
class Admins:
    """Knows the admins.

    `first` are those of the settings, such as "slack:U0ADMIN": they look after every school of their workspace.
    """

    workspaces: Workspaces
    packs: Packs
    store: Store
    first: frozenset[str] = frozenset()

    def schools(self, team: str, user: str) -> Sequence[str]:
        """List the schools of a workspace that somebody looks after now; none for everybody else."""
        here = [state for state in map(self.state, self.workspaces.schools_in(team)) if state]
        if f"{PLATFORM}:{user}" in self.first:
            return tuple(state.id for state in here)
        return tuple(state.id for state in here if state.school and _is_admin(state.school, user))

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


def _is_admin(school: School, user: str) -> bool:
    return any(admin.get(PLATFORM) == user for admin in school.admins)
