"""The live library: the schools in force, and the taking of a changed pack without a restart.

A reload reads once, validates wholly, builds beside the old, runs the school's question set and then swaps one
reference. Any fault on the way keeps the last good version in force and is told in the status.
"""

import asyncio
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import BrokenExecutor, Executor
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from types import MappingProxyType
from typing import Generic, TypeVar

from knowledge.faults import Fault, Severity, errors_of
from knowledge.loader import KnowledgeFolder, Loaded, load_one, load_schools
from knowledge.model import School

View = TypeVar("View")


@dataclass(frozen=True, slots=True)
class SchoolState(Generic[View]):
    """A school as it stands: the view in force (None if it never loaded), and what became of the last reload."""

    id: str
    view: View | None
    school: School | None
    taken_at: datetime | None
    tried_at: datetime
    ok: bool
    faults: tuple[Fault, ...]


class Library(Generic[View]):
    """Holds the schools in force. `build` makes a school's view (its index); `check` tries it before it is taken.

    `topics` and `categories` are the ids of the catalogue that packs may name.
    """

    def __init__(
        self,
        folder: KnowledgeFolder,
        topics: frozenset[str],
        build: Callable[[School], View],
        check: Callable[[School, View], Sequence[Fault]],
        categories: frozenset[str] | None = None,
    ) -> None:
        self.folder = folder
        self._topics = topics
        self._categories = categories
        self._build = build
        self._check = check
        self._states: Mapping[str, SchoolState[View]] = MappingProxyType({})
        self._generation = 0
        self._lock = asyncio.Lock()

    def load(self) -> None:
        """Load every school now. A broken one is not served, and does not stop the others."""
        self._swap([self._taken(loaded, None) for loaded in load_schools(self.folder, self._topics, self._categories)])

    def view(self, school: str) -> View:
        """Return the view of a school in force. Raises KeyError for a school that is not served."""
        state = self._states[school]
        if state.view is None:
            raise KeyError(school)
        return state.view

    def schools(self) -> list[str]:
        """List the ids of the schools that are served."""
        return sorted(name for name, state in self._states.items() if state.view is not None)

    def states(self) -> list[SchoolState[View]]:
        """List every school with what became of its last reload, by id."""
        return [self._states[name] for name in sorted(self._states)]

    def state(self, school: str) -> SchoolState[View] | None:
        """Return a school with what became of its last reload; None where there is none."""
        return self._states.get(school)

    def generation(self) -> int:
        """Return a number that is another one whenever a school may have changed, come or gone."""
        return self._generation

    def serves_all(self) -> bool:
        """Tell whether every school that has a folder can be asked."""
        return all(state.view is not None for state in self._states.values())

    async def reload(self, schools: Iterable[str] | None, executor: Executor | None) -> list[SchoolState[View]]:
        """Take changed packs, all where `schools` is None; return the states of those that were tried.

        Parsing runs in `executor` (a process pool keeps it off the event loop and contains a parser that dies, which
        is told as a fault of the school that was read), building in a thread. Requests in flight keep the view they
        began with.
        """
        async with self._lock:
            if not self.folder.schools.is_dir():
                return []  # a folder that is being moved or cannot be read takes nobody's answers away
            there = self.folder.school_ids()
            wanted = there if schools is None else sorted(set(schools))
            tried: list[SchoolState[View]] = []
            for name in wanted:
                if name in there:
                    loaded = await self.read(name, executor)
                    tried.append(await asyncio.to_thread(self._taken, loaded, self._states.get(name)))
            gone = set(self._states) - set(there)
            self._swap([*(state for name, state in self._states.items() if name not in gone), *tried])
            return tried

    async def read(self, name: str, executor: Executor | None) -> Loaded:
        """Read a school's files as they are now, without taking them."""
        loop = asyncio.get_running_loop()
        try:
            return await loop.run_in_executor(executor, load_one, self.folder, name, self._topics, self._categories)
        except BrokenExecutor:
            found, mend = "reading it ended the process that reads packs", "Undo the last change and save again."
            return Loaded(name, None, (Fault(name, None, found, "files that can be read", mend),), "")

    def _taken(self, loaded: Loaded, before: SchoolState[View] | None) -> SchoolState[View]:
        """Build and try a loaded school; where anything is wrong the state before it stays in force.

        Where there is none to stay in force, a failing question set is a warning: a sound pack is served, and told of.
        """
        now = datetime.now(UTC)
        faults = loaded.faults
        if loaded.school is not None:
            if before and before.school and before.ok and before.school.version == loaded.school.version:
                return replace(before, tried_at=now)
            try:
                view = self._build(loaded.school)
                tried = self._check(loaded.school, view)
            except Exception as error:  # noqa: BLE001 - whatever one pack does to us, the other schools go on
                return self._refused(loaded, before, now, (*faults, _fault_of_ours(loaded.id, error)))
            if before is None or before.view is None:
                tried = [replace(fault, severity=Severity.WARNING) for fault in tried]
            faults = (*faults, *tried)
            if not errors_of(faults):
                return SchoolState(loaded.id, view, loaded.school, now, now, ok=True, faults=faults)
        return self._refused(loaded, before, now, faults)

    @staticmethod
    def _refused(
        loaded: Loaded, before: SchoolState[View] | None, now: datetime, faults: tuple[Fault, ...]
    ) -> SchoolState[View]:
        kept = before or SchoolState(loaded.id, None, None, None, now, ok=False, faults=())
        return replace(kept, tried_at=now, ok=False, faults=faults)

    def _swap(self, states: Iterable[SchoolState[View]]) -> None:
        self._states = MappingProxyType({state.id: state for state in states})
        self._generation += 1


def _fault_of_ours(school: str, error: Exception) -> Fault:
    found = f"Signpost itself failed on this pack ({type(error).__name__})"
    return Fault(school, None, found, "a pack it can index", "Undo the last change, and report this to its makers.")
