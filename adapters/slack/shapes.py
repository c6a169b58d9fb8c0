"""What Slack sends, by its shape: what does not fit is refused before anything reads it.

Only what is read is looked at. The shapes are those of docs.slack.dev, reference/events and
reference/interaction-payloads.
"""

import json
from collections.abc import Callable, Mapping
from typing import Any

Check = Callable[[Any], bool]
_LONGEST_ID = 255
# Edits, deletions, joins and what other apps post all have another subtype.
_WRITTEN = frozenset({None, "file_share", "me_message", "thread_broadcast"})


def is_id(value: object) -> bool:
    """Tell whether something can be an id of Slack's or of ours: a short line of printable ASCII."""
    return isinstance(value, str) and len(value) <= _LONGEST_ID and value.isascii() and value.isprintable()


def is_heard(body: Mapping[str, Any]) -> bool:
    """Tell whether it is of a kind that anything listens to."""
    kind = body.get("type")
    return "command" in body or (isinstance(kind, str) and kind in _KINDS)


def fits(body: Mapping[str, Any]) -> bool:
    """Tell whether everything in it that is read has the shape that Slack gives it."""
    if not _COMMON(body):
        return False
    return _COMMAND(body) and "type" not in body if "command" in body else _KINDS[body["type"]](body)


def is_written(event: Mapping[str, Any]) -> bool:
    """Tell whether a message is what a person wrote, just now: no bot's, no edit, no joining (RS-20)."""
    known = all(event.get(name) for name in ("user", "channel", "ts"))
    return known and event.get("subtype") in _WRITTEN and not event.get("bot_id")


def ids_in(written: str | None) -> Mapping[str, str]:
    """Read the ids that a button or a view carries as a JSON object; what is none is left out."""
    try:
        read = json.loads(written or "{}")
    except (ValueError, RecursionError):
        return {}
    return {name: value for name, value in read.items() if is_id(value)} if isinstance(read, dict) else {}


# ---- What shapes are made of -----------------------------------------------------------------------------------------


def _text(value: object) -> bool:
    return value is None or isinstance(value, str)


def _id(value: object) -> bool:
    return value is None or is_id(value)


def _some_id(value: object) -> bool:
    return is_id(value) and value != ""


def _list(value: object) -> bool:
    return value is None or isinstance(value, list)


def _record(**fields: Check) -> Check:
    """Return a check of an object: each field that is there must fit."""

    def fits_record(value: Any) -> bool:
        return isinstance(value, dict) and all(check(value[name]) for name, check in fields.items() if name in value)

    return fits_record


def _with(*names: str, of: Check) -> Check:
    """Return a check of an object that must have some fields."""
    return lambda value: of(value) and all(name in value for name in names)


def _perhaps(check: Check) -> Check:
    return lambda value: value is None or check(value)


def _every(check: Check) -> Check:
    return lambda value: isinstance(value, dict) and all(map(check, value.values()))


def _each(check: Check) -> Check:
    return lambda value: isinstance(value, list) and all(map(check, value))


def _some(check: Check) -> Check:
    return lambda value: isinstance(value, list) and bool(value) and all(map(check, value))


# ---- The shapes ------------------------------------------------------------------------------------------------------

_named = _record(id=_id)
_blocks = _each(_record(block_id=_id))
_somebody = _with("id", of=_record(id=_some_id))
_chosen = _perhaps(_record(value=_text))
_fields = _every(_every(_record(value=_text, selected_option=_chosen)))
_view = _record(id=_id, type=_id, callback_id=_id, private_metadata=_text, state=_record(values=_fields))
_action = _with("action_id", of=_record(action_id=is_id, value=_text, selected_option=_chosen))
_message = _record(ts=_id, blocks=_perhaps(_blocks))
_container = _record(thread_ts=_id, message_ts=_id)
_written = _record(user=_id, channel=_id, ts=_id, thread_ts=_id, subtype=_id, bot_id=_id, text=_text, files=_list)
_beside = _perhaps(_record(entities=_perhaps(_each(_record()))))
_EVENTS: Mapping[str, Check] = {
    "message": _written,
    "app_mention": _written,
    "app_home_opened": _record(user=_id, channel=_id, tab=_id, context=_beside),
    "app_context_changed": _record(user=_id, context=_beside),
    "tokens_revoked": _record(tokens=_perhaps(_record(bot=_list))),
}
_COMMON = _record(event=_record(type=is_id), event_id=_id, trigger_id=_id, user_id=_id, response_url=_text)
_COMMAND = _with("user_id", of=_record(command=is_id, user_id=_some_id, channel_id=_id, text=_text))


def _event(body: Any) -> bool:
    event = body.get("event") or {}
    return "type" in event and _some_id(body.get("event_id")) and _EVENTS.get(event["type"], _record())(event)


_pointed_at = _with("callback_id", "user", of=_record(callback_id=is_id, user=_somebody))
_KINDS: Mapping[str, Check] = {
    "event_callback": _event,
    "block_actions": _with(
        "actions",
        "user",
        of=_record(
            actions=_some(_action),
            user=_somebody,
            channel=_perhaps(_named),
            container=_perhaps(_container),
            message=_perhaps(_message),
            view=_perhaps(_view),
        ),
    ),
    "view_submission": _with("view", "user", of=_record(view=_with("callback_id", "state", of=_view), user=_somebody)),
    "view_closed": _with("view", of=_record(view=_with("callback_id", of=_view))),
    "shortcut": _pointed_at,
    "message_action": lambda body: (
        _pointed_at(body) and _record(channel=_perhaps(_named), message=_perhaps(_record(text=_text)))(body)
    ),
}
