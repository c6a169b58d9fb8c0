"""What Slack refuses in the blocks of a message and in a view."""

from collections.abc import Iterator
from typing import Any

from tests.slack_fake.block_grammar import fault, items
from tests.slack_fake.block_table import HOME, IN_MESSAGE, MODAL

MESSAGE_BLOCKS = 50
MESSAGE_LETTERS = 13_200


def message_faults(blocks: Any) -> list[str]:
    """List what is wrong with the blocks of a message."""
    return [*items(IN_MESSAGE, MESSAGE_BLOCKS, 0)(blocks, "/blocks"), *_together(blocks, "/blocks")]


def view_faults(view: Any) -> list[str]:
    """List what is wrong with a modal or a Home."""
    kind = view.get("type") if isinstance(view, dict) else None
    if kind not in ("modal", "home"):
        return [fault(f"unsupported type: {kind}", "/view/type")]
    blocks = view.get("blocks")
    faults = [*(MODAL if kind == "modal" else HOME)(view, "/view"), *_together(blocks, "/view/blocks")]
    fields = [block for block in _objects(blocks) if block.get("type") == "input"]
    if kind == "modal" and fields and not view.get("submit"):
        faults.append(fault("missing required field: submit", "/view"))
    return faults


def letters(value: Any) -> int:
    """Count the letters of every text within some blocks."""
    if isinstance(value, list):
        return sum(letters(one) for one in value)
    if not isinstance(value, dict):
        return 0
    own = value.get("text")
    return sum(letters(one) for one in value.values()) + (len(own) if isinstance(own, str) else 0)


def _objects(value: Any) -> list[dict[str, Any]]:
    return [one for one in value if isinstance(one, dict)] if isinstance(value, list) else []


def _together(blocks: Any, where: str) -> Iterator[str]:
    seen: set[str] = set()
    for number, block in enumerate(_objects(blocks)):
        place = f"{where}/{number}"
        name = block.get("block_id")
        if isinstance(name, str):
            if name in seen:
                yield fault(f"block_id `{name}` already exists", f"{place}/block_id")
            seen.add(name)
        if block.get("type") == "section" and not block.get("text") and not block.get("fields"):
            yield fault("missing required field: text", place)
        yield from _repeated_actions(block, place)
        yield from _select_without_options(block, place)


def _elements(block: dict[str, Any]) -> list[dict[str, Any]]:
    single = _objects([block.get("accessory"), block.get("element")])
    return [*_objects(block.get("elements")), *single]


def _repeated_actions(block: dict[str, Any], place: str) -> Iterator[str]:
    names = [element["action_id"] for element in _elements(block) if isinstance(element.get("action_id"), str)]
    for name in {name for name in names if names.count(name) > 1}:
        yield fault(f"action_id `{name}` already exists in this block", place)


def _select_without_options(block: dict[str, Any], place: str) -> Iterator[str]:
    for element in _elements(block):
        if element.get("type") in ("static_select", "multi_static_select"):
            given = [name for name in ("options", "option_groups") if name in element]
            if len(given) != 1:
                yield fault("exactly one of options and option_groups must be given", place)
