"""What somebody tapped or filled in, read from an invoke; and how an invoke is answered.

The shapes are those of learn.microsoft.com: universal actions for Adaptive Cards, task modules and message extensions.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from adapters.teams.connection import Json
from adapters.teams.incoming import is_id

_CARD = "application/vnd.microsoft.card.adaptive"
_MESSAGE = "application/vnd.microsoft.activity.message"
_ERROR = "application/vnd.microsoft.error"
_LONGEST = 20_000  # of what is filled in; what is too long for its purpose is refused with a reason later
_MOST = 20
_FEW = 2  # a sentence, and perhaps a button


@dataclass(frozen=True, slots=True)
class Tapped:
    """A button: what it does ("reply:tell" is whose and what), and what came with it, filled in or not."""

    whose: str
    act: str
    given: Mapping[str, str]


def tapped(value: Json) -> Tapped | None:
    """Read a tap on a card in a chat (Action.Execute); None for what is none."""
    action = value.get("action")
    if not isinstance(action, dict):
        return None
    return _read(action.get("verb"), action.get("data"))


def submitted(value: Json) -> Tapped | None:
    """Read what was submitted in a dialog; None for what is none."""
    data = value.get("data")
    return _read(data.get("do"), data) if isinstance(data, dict) else None


def _read(verb: object, data: object) -> Tapped | None:
    if not isinstance(verb, str) or not is_id(verb) or not isinstance(data, dict | None) or len(data or ()) > _MOST:
        return None
    whose, _, act = verb.partition(":")
    given = {name: str(one) for name, one in (data or {}).items() if isinstance(one, str | int) and name != "do"}
    if any(len(one) > _LONGEST for one in given.values()):
        return None
    return Tapped(whose, act, given)


def id_in(given: Mapping[str, str], name: str) -> str:
    """Return an id that came with a tap; "" where there is none."""
    found = given.get(name, "")
    return found if is_id(found) else ""


# ---- Answers ---------------------------------------------------------------------------------------------------------


def answered(shown: Json | str) -> Json:
    """Answer a tap: with a card in place of the one that was tapped, or with a sentence beneath it."""
    kind = _MESSAGE if isinstance(shown, str) else _CARD
    return {"statusCode": 200, "type": kind, "value": shown}


def not_answered(status: int, message: str) -> Json:
    """Answer a tap that cannot be taken."""
    return {"statusCode": status, "type": _ERROR, "value": {"code": str(status), "message": message}}


def dialog(title: str, card: Json) -> Json:
    """Show a card in a dialog."""
    height = "small" if len(card["body"]) <= _FEW else "large"
    value = {"title": title, "height": height, "width": "medium", "card": attached(card)}
    return {"task": {"type": "continue", "value": value}}


def attached(card: Json) -> Json:
    """Return a card as an attachment."""
    return {"contentType": _CARD, "content": card}
