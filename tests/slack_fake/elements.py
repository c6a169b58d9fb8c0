"""The interactive parts of blocks: which there are, and what a person's choice looks like in a payload."""

import copy
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from tests.slack_fake.errors import ImpossibleError

TYPED = ("plain_text_input", "email_text_input", "url_text_input", "number_input")
ONE_OPTION = ("static_select", "radio_buttons", "overflow", "external_select")
MANY_OPTIONS = ("multi_static_select", "checkboxes", "multi_external_select")
ONE_ID = {
    "users_select": "selected_user",
    "conversations_select": "selected_conversation",
    "channels_select": "selected_channel",
    "datepicker": "selected_date",
    "timepicker": "selected_time",
    "datetimepicker": "selected_date_time",
}
MANY_IDS = {
    "multi_users_select": "selected_users",
    "multi_conversations_select": "selected_conversations",
    "multi_channels_select": "selected_channels",
}
PRESSED = ("button", "workflow_button", "icon_button", "feedback_buttons")


@dataclass(frozen=True, slots=True)
class Found:
    """An interactive element and the block it stands in."""

    block: dict[str, Any]
    element: dict[str, Any]

    @property
    def block_id(self) -> str:
        """Return the block's id."""
        return str(self.block["block_id"])

    @property
    def action_id(self) -> str:
        """Return the element's action id."""
        return str(self.element["action_id"])

    @property
    def kind(self) -> str:
        """Return the element's type."""
        return str(self.element["type"])


def interactive(blocks: list[dict[str, Any]]) -> Iterator[Found]:
    """List every interactive element, in the order of reading."""
    for block in blocks:
        candidates = [*block.get("elements", []), block.get("accessory"), block.get("element")]
        for element in candidates:
            if isinstance(element, dict) and element.get("action_id"):
                yield Found(block, element)


def find(blocks: list[dict[str, Any]], action_id: str, index: int = 0) -> Found:
    """Return the element with an action id; `index` picks among several."""
    found = [one for one in interactive(blocks) if one.action_id == action_id]
    if index >= len(found):
        there = [one.action_id for one in interactive(blocks)]
        raise ImpossibleError(f"no element {action_id!r} (number {index}) here; there are {there}")
    return found[index]


def settled(blocks: list[dict[str, Any]], prefix: str) -> list[dict[str, Any]]:
    """Return blocks as Slack keeps them: with the ids the app left out."""
    kept = copy.deepcopy(blocks)
    for number, block in enumerate(kept):
        block.setdefault("block_id", f"{prefix}-{number}")
        candidates = [*block.get("elements", []), block.get("accessory"), block.get("element")]
        for place, element in enumerate(candidates):
            if isinstance(element, dict) and element.get("type") in (*PRESSED, *_chosen_kinds()):
                element.setdefault("action_id", f"{prefix}-{number}-{place}")
    return kept


def chosen(found: Found, choice: Any) -> dict[str, Any]:
    """Return the state of an element after a person chose. `choice` is a text, an option's value, an id, or a list."""
    kind = found.kind
    if kind in TYPED:
        return {"type": kind, "value": None if choice in (None, "") else str(choice)}
    if kind in ONE_OPTION:
        return {"type": kind, "selected_option": None if choice is None else _option(found, choice)}
    if kind in MANY_OPTIONS:
        return {"type": kind, "selected_options": [_option(found, one) for one in choice or []]}
    if kind in ONE_ID:
        return {"type": kind, ONE_ID[kind]: choice}
    if kind in MANY_IDS:
        return {"type": kind, MANY_IDS[kind]: list(choice or [])}
    raise ImpossibleError(f"nobody can fill in a {kind}")


def kept_values(blocks: list[dict[str, Any]], old: Mapping[str, Any]) -> dict[str, Any]:
    """Return the values of a view's fields: what was filled in before, else what the app put there."""
    values: dict[str, Any] = {}
    for found in interactive(blocks):
        if found.kind in _chosen_kinds() and found.kind != "overflow":
            before = old.get(found.block_id, {}).get(found.action_id)
            state = before if before and before["type"] == found.kind else _initial(found)
            values.setdefault(found.block_id, {})[found.action_id] = state
    return values


def missing(blocks: list[dict[str, Any]], values: Mapping[str, Any]) -> list[str]:
    """List the block ids of required fields that are empty, or whose text Slack's own client would not let pass."""
    wrong = []
    for block in blocks:
        if block["type"] != "input":
            continue
        element = block["element"]
        state = values[block["block_id"]][element["action_id"]]
        content = next((value for name, value in state.items() if name != "type"), None)
        if not content and not block.get("optional"):
            wrong.append(str(block["block_id"]))
        if isinstance(content, str) and element["type"] in TYPED:
            least, most = element.get("min_length", 0), element.get("max_length", 3000)
            wrong += [] if least <= len(content) <= most else [str(block["block_id"])]
    return wrong


def _chosen_kinds() -> tuple[str, ...]:
    return (*TYPED, *ONE_OPTION, *MANY_OPTIONS, *ONE_ID, *MANY_IDS)


def _initial(found: Found) -> dict[str, Any]:
    element, kind = found.element, found.kind
    if kind in TYPED:
        return chosen(found, element.get("initial_value"))
    if kind in ONE_OPTION:
        return {"type": kind, "selected_option": element.get("initial_option")}
    if kind in MANY_OPTIONS:
        return {"type": kind, "selected_options": element.get("initial_options", [])}
    key = ONE_ID.get(kind) or MANY_IDS[kind]
    return chosen(found, element.get(key.replace("selected_", "initial_")))


def _option(found: Found, value: Any) -> dict[str, Any]:
    groups = found.element.get("option_groups", [])
    options = [*found.element.get("options", []), *(one for group in groups for one in group["options"])]
    for option in options:
        if option.get("value") == value:
            return dict(option)
    raise ImpossibleError(f"no option {value!r} in {found.action_id!r}; there are {[o.get('value') for o in options]}")
