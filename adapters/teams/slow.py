"""What somebody sees who taps while Signpost is slow: that it goes on, what they typed, and later what came of it."""

from adapters.chat import wording
from adapters.teams import wording as in_teams
from adapters.teams.connection import Json
from adapters.teams.elements import card, heading, quote, written
from adapters.teams.incoming import Incoming
from adapters.teams.invokes import CARD
from adapters.teams.notes import note
from adapters.teams.rendered import Rendered
from adapters.teams.tapped import answered, dialog, submitted

_QUERY = "/query"
# Of a window: what can be filled in or tapped there works in no chat.
_OF_A_WINDOW = ("ActionSet", "Input.")


def meanwhile(heard: Incoming) -> Json | None:
    """Return what stands there while it goes on: it is not known yet whether it can be done. None for a message."""
    if not heard.invoke:
        return None
    if heard.invoke == CARD:
        return answered(in_teams.SLOW_TAP)
    if heard.invoke.endswith(_QUERY):
        return {"composeExtension": {"type": "message", "text": in_teams.SLOW_TAP}}
    found = submitted(heard.value)
    typed = found.given.get("text", "") if found else ""
    own = heading(wording.WHAT_WAS_WRITTEN, quote(typed)) if typed else []
    return dialog(wording.RAISE, card([*written(in_teams.SLOW_TAP), *own], speak=in_teams.SLOW_TAP))


def afterwards(heard: Incoming, body: Json | None) -> Rendered | None:
    """Return what came of it, for their own chat; None where there is nothing to show."""
    if body is None or heard.invoke.endswith(_QUERY):
        return None
    shown = body.get("value") if heard.invoke == CARD else _in_window(body)
    if isinstance(shown, str):
        return note(shown)
    if not isinstance(shown, dict) or shown.get("type") != "AdaptiveCard":
        return None
    kept = [one for one in shown["body"] if heard.invoke == CARD or not str(one["type"]).startswith(_OF_A_WINDOW)]
    return Rendered(wording.NEWS, shown | {"body": kept})


def _in_window(body: Json) -> Json | None:
    value = (body.get("task") or {}).get("value")
    found = value.get("card") if isinstance(value, dict) else None
    content = found.get("content") if isinstance(found, dict) else None
    return content if isinstance(content, dict) else None
