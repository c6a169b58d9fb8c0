"""The tenant of this installation while none of its schools is served, for a pack is broken: nobody meets silence.

Nothing of what they wrote is looked at, kept or passed on.
"""

from dataclasses import dataclass

from adapters.chat import wording
from adapters.chat.later import Later
from adapters.teams.channel import TeamsChannel
from adapters.teams.connection import Json
from adapters.teams.elements import card, heading, quote, written
from adapters.teams.incoming import Incoming
from adapters.teams.invokes import CARD
from adapters.teams.notes import note
from adapters.teams.tapped import answered, dialog, submitted, tapped

_OF_A_CARD = frozenset({"desk", "asker", "card"})


@dataclass(frozen=True, slots=True)
class Unserved:
    """Answers everything that people do there."""

    channel: TeamsChannel
    later: Later

    async def message(self, heard: Incoming, key: str | None) -> None:
        """Answer what somebody writes."""
        told = note(wording.CANNOT_ANSWER)
        await self.later.post(lambda: self.channel.post(heard.spot, told), key=key)

    async def invoke(self, heard: Incoming, key: str | None) -> Json | None:
        """Answer a tap, a window, or the search box."""
        if heard.invoke.endswith("/query"):
            return {"composeExtension": {"type": "message", "text": wording.CANNOT_ANSWER}}
        found = tapped(heard.value) if heard.invoke == CARD else submitted(heard.value)
        # A card was passed on before; of a new question nothing was.
        is_card = found is not None and found.whose in _OF_A_CARD
        says = wording.SCHOOL_AWAY if is_card else wording.CANNOT_ANSWER
        if heard.invoke == CARD:
            return answered(says)
        typed = found.given.get("text", "") if found is not None else ""
        return dialog(wording.NOT_DONE, _with_what_was_typed(says, typed))

    async def happening(self, heard: Incoming) -> None:
        """Leave it alone: where it came from has been noted."""


def _with_what_was_typed(says: str, typed: str) -> Json:
    """Return a dialog that says it, with the words that it could not take: they can be copied, and are not lost."""
    own = heading(wording.WHAT_WAS_WRITTEN, quote(typed)) if typed else []
    return card([*written(says), *own], speak=says)
