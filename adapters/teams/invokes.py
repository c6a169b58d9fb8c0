"""Taps on cards, windows and the search box: everything that Teams wants answered in the same breath."""

from dataclasses import dataclass, replace

from adapters.teams import wording as in_teams
from adapters.teams.asking import Where, where
from adapters.teams.connection import Json
from adapters.teams.desk_windows import DeskWindows
from adapters.teams.deskwork import Deskwork
from adapters.teams.dialogs import Windows
from adapters.teams.extension import Extension
from adapters.teams.incoming import GROUP, Incoming
from adapters.teams.tapped import Tapped, answered, id_in, not_answered, submitted, tapped
from adapters.teams.taps import Taps, tap_of

CARD = "adaptiveCard/action"
_COMMAND = "composeExtension/fetchTask"
_DIALOGS = frozenset({_COMMAND, "composeExtension/submitAction", "task/fetch", "task/submit"})
_OF_THE_DESK = frozenset({"desk", "asker"})
_QUERY = "composeExtension/query"


@dataclass(frozen=True, slots=True)
class Invokes:
    """Takes everything that somebody taps or fills in."""

    taps: Taps
    deskwork: Deskwork
    windows: Windows
    desk_windows: DeskWindows
    extension: Extension

    async def take(self, heard: Incoming, key: str | None) -> Json | None:
        """Answer one; None for one that Signpost has nothing to say to."""
        there = where(heard)
        if heard.invoke == CARD:
            found = tapped(heard.value)
            return not_answered(400, in_teams.CANNOT_SHOW) if found is None else await self._tapped(there, found, key)
        # A window may be opened in a chat of two others, which Teams calls personal too.
        there = replace(there, kind=GROUP, window=True)
        if heard.invoke in _DIALOGS:
            return await self._in_a_dialog(there, heard, key)
        return await self.extension.find(there, heard.value) if heard.invoke == _QUERY else None

    async def _in_a_dialog(self, there: Where, heard: Incoming, key: str | None) -> Json:
        if heard.invoke == _COMMAND:
            return await self.windows.fetch(there, heard, key)
        found = submitted(heard.value)
        if found is not None and found.whose in _OF_THE_DESK:
            return await self.desk_windows.show(there, found, key)
        return await self.windows.submit(there, found, key)

    async def _tapped(self, there: Where, found: Tapped, key: str | None) -> Json:
        """Answer a tap on a card."""
        escalation = id_in(found.given, "e")
        match found.whose:
            case "reply":
                return answered(await self.taps.tapped(there, tap_of(found), key))
            case "school":
                chosen, pending = id_in(found.given, "school"), id_in(found.given, "r")
                return answered(await self.taps.choose_school(there, chosen, pending))
            case "desk":
                return answered(await self.deskwork.desk(there, found.act, escalation, found.given))
            case "card":
                shown = await self.deskwork.look(there, escalation)
                # What Teams fetches by itself, and may not, leaves the card as it is.
                return not_answered(403, shown) if isinstance(shown, str) else answered(shown)
        return not_answered(400, in_teams.CANNOT_SHOW)
