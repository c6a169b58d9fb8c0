"""Filling in the fields of a card, as Teams' client lets somebody do it."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from tests.teams_fake.cards import Found
from tests.teams_fake.errors import ImpossibleError

Json = dict[str, Any]


def pick(found: Sequence[Found], what: str, which: int | str = 0) -> Found:
    """Return the action with a verb or with these words on its button; `which` of several, by number or words."""
    same = [one for one in found if what in (one.verb, one.title)]
    if isinstance(which, str):
        same, which = [one for one in same if one.title == which], 0
    if which >= len(same):
        raise ImpossibleError(f"there is no {what!r}; there are {[one.verb or one.title for one in found]}")
    if same[which].action.get("isEnabled", True) is False:
        raise ImpossibleError(f"{what!r} cannot be tapped")
    return same[which]


def sent_with(found: Found, given: Mapping[str, Any]) -> Json:
    """Return what an action sends: its data, and the values of its fields."""
    fields = () if found.action.get("associatedInputs", "auto").lower() == "none" else found.fields
    known = {str(field["id"]) for field in fields}
    strange = [name for name in given if name not in known]
    if strange:
        raise ImpossibleError(f"there is no field {strange}; there are {sorted(known)}")
    values = {str(field["id"]): _value(field, given) for field in fields}
    data = {name: value for name, value in found.data.items() if name != "msteams"}
    return {**data, **{name: value for name, value in values.items() if value is not None}}


def _value(field: Json, given: Mapping[str, Any]) -> str | None:
    name = str(field["id"])
    value = given.get(name, field.get("value"))
    if field["type"] == "Input.Toggle":
        return _toggled(field, value)
    if value in (None, "", []):
        if field.get("isRequired"):
            raise ImpossibleError(f"{name!r} must be filled in: {field.get('errorMessage')}")
        return None
    if field["type"] == "Input.ChoiceSet":
        return _chosen(field, value)
    return _typed(field, str(value))


def _toggled(field: Json, value: Any) -> str:
    on, off = str(field.get("valueOn", "true")), str(field.get("valueOff", "false"))
    is_on = value is True or str(value) == on
    if field.get("isRequired") and not is_on:
        raise ImpossibleError(f"{field['id']!r} must be ticked: {field.get('errorMessage')}")
    return on if is_on else off


def _chosen(field: Json, value: Any) -> str:
    wanted = [str(one) for one in value] if isinstance(value, list | tuple) else str(value).split(",")
    offered = {str(choice["value"]) for choice in field["choices"]}
    if not offered.issuperset(wanted):
        raise ImpossibleError(f"{field['id']!r} offers {sorted(offered)}, not {wanted}")
    if len(wanted) > 1 and not field.get("isMultiSelect"):
        raise ImpossibleError(f"{field['id']!r} takes one choice")
    return ",".join(wanted)


def _typed(field: Json, value: str) -> str:
    most = field.get("maxLength")
    if most is not None and len(value) > most:
        raise ImpossibleError(f"{field['id']!r} takes {most} characters")
    if "regex" in field and not re.search(field["regex"], value):
        raise ImpossibleError(f"{field['id']!r} takes no {value!r}: {field.get('errorMessage')}")
    if "\n" in value and not field.get("isMultiline"):
        raise ImpossibleError(f"{field['id']!r} takes one line")
    return value
