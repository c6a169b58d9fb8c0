"""Which schools belong to a home (a Slack workspace, a Teams tenant), and to a place that is one school's own in it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from bot.ports import Knowledge
from knowledge.model import School


class Served(Knowledge, Protocol):
    """The schools that are served."""

    def generation(self) -> int:
        """Return a number that is another one whenever a school may have changed, come or gone."""
        ...


class Belongs(Protocol):
    """Knows whose a home is."""

    def schools_in(self, home: str, place: str | None = None) -> Sequence[str]:
        """List the schools of a home, by id; that of the place alone where the place is one school's own."""
        ...

    def is_of_one_school(self, home: str, place: str | None) -> bool:
        """Tell whether a place is one school's own."""
        ...


@dataclass(frozen=True, slots=True)
class _Found:
    """Which schools belong to a home, and to a place in it, each by id; true for one generation."""

    generation: int
    homes: Mapping[str, tuple[str, ...]]
    places: Mapping[tuple[str, str], tuple[str, ...]]


class Belonging:
    """Knows whose a home is, by what each school.yaml says under `belongs`.

    `home` and `place` are what a home and a place of the platform are called there, such as "slack_team" and
    "slack_channel"; `fold` gives an id the one form in which the platform writes it.
    """

    def __init__(self, knowledge: Served, home: str, place: str, fold: Callable[[str], str] = str) -> None:
        self._knowledge = knowledge
        self._home = home
        self._place = place
        self._fold = fold
        self._known = self._found()

    def schools_in(self, home: str, place: str | None = None) -> Sequence[str]:
        """List the schools of a home, by id; that of the place alone where the place is one school's own."""
        return self._own(home, place) or self._now().homes.get(self._fold(home), ())

    def is_of_one_school(self, home: str, place: str | None) -> bool:
        """Tell whether a place is one school's own."""
        return len(self._own(home, place)) == 1

    def homes_of(self, school: str) -> Sequence[str]:
        """List the homes that a school says it belongs to; none for one that is not served."""
        try:
            return tuple(map(self._fold, homes_named(self._knowledge.view(school).school, self._home)))
        except KeyError:
            return ()

    def _own(self, home: str, place: str | None) -> Sequence[str]:
        """List the schools of a home that say that the place is theirs."""
        return self._now().places.get((self._fold(home), self._fold(place)), ()) if place else ()

    def _now(self) -> _Found:
        """Return which schools belong where: asked for every message, and found out once for every change."""
        if self._known.generation != self._knowledge.generation():
            self._known = self._found()
        return self._known

    def _found(self) -> _Found:
        homes: dict[str, list[str]] = {}
        places: dict[tuple[str, str], list[str]] = {}
        for name in sorted(self._knowledge.schools()):
            school = self._knowledge.view(name).school
            own = frozenset(self._fold(place[self._place]) for place in school.belongs if self._place in place)
            for home in map(self._fold, homes_named(school, self._home)):
                homes.setdefault(home, []).append(name)
                for place in own:
                    places.setdefault((home, place), []).append(name)
        return _Found(
            self._knowledge.generation(),
            {home: tuple(schools) for home, schools in homes.items()},
            {place: tuple(schools) for place, schools in places.items()},
        )


def homes_named(school: School, kind: str) -> Sequence[str]:
    """List the homes of a kind, such as "slack_team", that a school says it belongs to, each once."""
    return tuple(dict.fromkeys(place[kind] for place in school.belongs if kind in place))
