"""The channels that admins have bound to routes in chat: they stand in the store, and go before those of the packs."""

import asyncio
import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from types import MappingProxyType

from bot.escalation.ports import Kept
from bot.ports import Knowledge
from bot.view import SchoolView
from knowledge.model import RouteName, School

_KIND = "place"
_Places = Mapping[tuple[RouteName, str], str]


class BoundPlaces:
    """The knowledge in force, with the bound places in it. Nothing is bound before `load`."""

    def __init__(self, knowledge: Knowledge, kept: Kept) -> None:
        self._knowledge = knowledge
        self._kept = kept
        self._bound: dict[str, dict[tuple[RouteName, str], str]] = {}
        self._views: dict[str, tuple[SchoolView, SchoolView]] = {}
        self._loading = asyncio.Lock()  # so that nothing older than what was just written is taken

    async def load(self) -> None:
        """Take what is bound from the store, whichever replica wrote it. Raises StoreError."""
        async with self._loading:
            found: dict[str, dict[tuple[RouteName, str], str]] = {}
            for written in await self._kept.all(_KIND):
                one = json.loads(written)
                found.setdefault(one["school"], {})[RouteName(one["route"]), one["platform"]] = one["place"]
            for school in {*found, *self._bound}:
                if found.get(school) != self._bound.get(school):
                    self._views.pop(school, None)
            self._bound = found

    def schools(self) -> Sequence[str]:
        """List the schools that can be asked."""
        return self._knowledge.schools()

    def view(self, school: str) -> SchoolView:
        """Return a school with its bound places. Raises KeyError for one that is not served."""
        view = self._knowledge.view(school)
        bound = self._bound.get(school)
        if not bound:
            return view
        known = self._views.get(school)
        if known is None or known[0] is not view:
            known = (view, replace(view, school=_with_places(view.school, bound)))
            self._views[school] = known
        return known[1]

    async def bind(self, school: str, route: str, platform: str, place: str, by: str) -> None:
        """Bind a place to a route. `by` is the pseudonymous key of whoever did. Raises StoreError."""
        written = {"school": school, "route": str(route), "platform": platform, "place": place, "by": by}
        await self._kept.put(_KIND, _key(school, route, platform), json.dumps(written))
        await self.load()

    async def unbind(self, school: str, route: str, platform: str, by: str) -> bool:
        """Take a binding away, so that the pack's own place counts again; False where there is none."""
        await self.load()  # another replica may have bound it
        if (RouteName(route), platform) not in self._bound.get(school, {}):
            return False
        await self._kept.drop(_KIND, _key(school, route, platform))
        await self.load()
        return True


def _key(school: str, route: str, platform: str) -> str:
    return f"{school}:{route}:{platform}"


def _with_places(school: School, bound: _Places) -> School:
    routes = dict(school.routes)
    for (name, platform), place in bound.items():
        if name in routes:
            places = {**(routes[name].place or {}), platform: place}
            routes[name] = replace(routes[name], place=MappingProxyType(places))
    return replace(school, routes=MappingProxyType(routes))
