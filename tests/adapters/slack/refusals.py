"""What Slack would refuse in a payload, or read as markup, by the rules of adapters/slack/limits.py and more of RS-13.

The fake refuses by a table of its own; this looks at a payload before it is sent, and at whatever stands in it.
"""

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from adapters.slack.limits import (
    BLOCKS_IN_MESSAGE,
    BLOCKS_IN_VIEW,
    BUTTON,
    CONTEXT_ELEMENTS,
    FIELDS,
    HEADER,
    LABEL,
    MESSAGE_TOTAL,
    OPTION,
    OPTIONS,
    PLACEHOLDER,
    RADIO_OPTIONS,
    TEXT,
    VIEW_TITLE,
    sent_as,
    size,
)
from adapters.slack.mrkdwn import units

# Nothing that is sent is cut to these.
FIELD = 2_000
ACTIONS = 25
VALUE = 2_000
ID = 255
OPTION_VALUE = 150
INPUT = 3_000
METADATA = 3_000
VIEW_BYTES = 250_000

_STYLES = frozenset({"primary", "danger"})
_MENTION = re.compile(r"<@[UW][A-Z0-9]+>")
_QUOTE = re.compile("^> ", re.MULTILINE)
_BARE = re.compile(r"[<>]|&(?!(?:amp|lt|gt);)")
_Json = Mapping[str, Any]


def faults_of(payload: Sequence[_Json] | _Json) -> list[str]:
    """List what Slack would refuse, or read as markup, in the blocks of a message or in a view. None: it is fine."""
    if isinstance(payload, Mapping):
        return list(_view(payload))
    return list(_message(payload))


def _message(blocks: Sequence[_Json]) -> Iterator[str]:
    yield from _within("message: blocks", len(blocks), BLOCKS_IN_MESSAGE)
    yield from _within("message: total", size(blocks), MESSAGE_TOTAL)
    yield from _blocks(blocks)
    if any(block.get("type") == "input" for block in blocks):
        yield "message: an input"


def _view(view: _Json) -> Iterator[str]:
    blocks = view.get("blocks", ())
    if view.get("type") not in {"modal", "home"}:
        yield f"view: type {view.get('type')!r}"
    yield from _within("view: blocks", len(blocks), BLOCKS_IN_VIEW)
    yield from _within("view: bytes", sent_as(view), VIEW_BYTES)
    yield from _within("view: private_metadata", units(view.get("private_metadata", "")), METADATA, least=0)
    yield from _within("view: callback_id", units(view.get("callback_id", "")), ID, least=0)
    yield from _frame(view)
    yield from _blocks(blocks)


def _frame(view: _Json) -> Iterator[str]:
    """Check what stands around the blocks: a modal has a title, and a submit where something is typed."""
    if view.get("type") == "home":
        yield from (f"home: {name}" for name in ("submit", "close") if name in view)
        return
    yield from _plain("view: title", view.get("title"), VIEW_TITLE)
    for name in ("submit", "close"):
        if name in view:
            yield from _plain(f"view: {name}", view[name], VIEW_TITLE)
    if "submit" not in view and any(block.get("type") == "input" for block in view.get("blocks", ())):
        yield "view: an input without submit"


def _blocks(blocks: Sequence[_Json]) -> Iterator[str]:
    ids = Counter(block["block_id"] for block in blocks if "block_id" in block)
    yield from (f"block_id {name!r} twice" for name, count in ids.items() if count > 1)
    for number, block in enumerate(blocks):
        check = _CHECKS.get(block.get("type", ""))
        if check is None:
            yield f"block {number}: unknown type {block.get('type')!r}"
            continue
        yield from (f"block {number}: {fault}" for fault in check(block))
        yield from (f"block {number}: {fault}" for fault in _ids(block))


def _ids(block: _Json) -> Iterator[str]:
    elements = [*block.get("elements", ()), *(block[name] for name in ("accessory", "element") if name in block)]
    named = [element["action_id"] for element in elements if "action_id" in element]
    if len(named) != len(set(named)):
        yield "an action_id twice"
    for name in (*named, block.get("block_id", "-")):
        yield from _within("id", units(name), ID)


def _section(block: _Json) -> Iterator[str]:
    if "text" not in block and "fields" not in block:
        yield "section: neither text nor fields"
    if "text" in block:
        yield from _text("section", block["text"], TEXT)
    if "fields" in block:
        yield from _within("section: fields", len(block["fields"]), FIELDS)
        for field in block["fields"]:
            yield from _text("field", field, FIELD)
    if "accessory" in block:
        yield from _element(block["accessory"])


def _header(block: _Json) -> Iterator[str]:
    yield from _plain("header", block.get("text"), HEADER)


def _context(block: _Json) -> Iterator[str]:
    yield from _within("context: elements", len(block["elements"]), CONTEXT_ELEMENTS)
    for element in block["elements"]:
        yield from _text("context", element, TEXT)


def _actions(block: _Json) -> Iterator[str]:
    yield from _within("actions: elements", len(block["elements"]), ACTIONS)
    for element in block["elements"]:
        yield from _element(element)


def _input(block: _Json) -> Iterator[str]:
    yield from _plain("label", block.get("label"), LABEL)
    if "hint" in block:
        yield from _plain("hint", block["hint"], LABEL)
    yield from _element(block["element"])


def _divider(_block: _Json) -> Iterator[str]:
    yield from ()


def _element(element: _Json) -> Iterator[str]:
    kind = element.get("type", "")
    if kind == "button":
        yield from _button(element)
    elif kind in {"static_select", "radio_buttons"}:
        yield from _choice(element)
    elif kind == "plain_text_input":
        if not 1 <= element.get("max_length", INPUT) <= INPUT:
            yield "input: max_length"
        if "placeholder" in element:
            yield from _plain("placeholder", element["placeholder"], PLACEHOLDER)
    else:
        yield f"unknown element {kind!r}"


def _button(button: _Json) -> Iterator[str]:
    yield from _plain("button", button.get("text"), BUTTON)
    yield from _within("button: accessibility_label", units(button.get("accessibility_label", "-")), BUTTON)
    if "value" in button:
        yield from _within("value", units(button["value"]), VALUE)
    if button.get("style", "primary") not in _STYLES:
        yield f"button: style {button['style']!r}"


def _choice(element: _Json) -> Iterator[str]:
    groups = element.get("option_groups")
    lists = [group["options"] for group in groups] if groups else [element.get("options", ())]
    yield from _within("option groups", len(lists), OPTIONS)
    for group in groups or ():
        yield from _plain("option group", group["label"], OPTION)
    for options in lists:
        yield from _within("options", len(options), RADIO_OPTIONS if element["type"] == "radio_buttons" else OPTIONS)
        for option in options:
            yield from _plain("option", option["text"], OPTION)
            yield from _within("option: value", units(option["value"]), OPTION_VALUE)
    offered = [option for options in lists for option in options]
    if "initial_option" in element and element["initial_option"] not in offered:
        yield "initial_option: not among the options"


def _plain(where: str, text: _Json | None, limit: int) -> Iterator[str]:
    if text is None or text.get("type") != "plain_text":
        yield f"{where}: no plain text"
        return
    yield from _text(where, text, limit)


def _text(where: str, text: _Json, limit: int) -> Iterator[str]:
    if text.get("type") not in {"plain_text", "mrkdwn"}:
        yield f"{where}: text of type {text.get('type')!r}"
        return
    words = text["text"]
    yield from _within(where, units(words), limit)
    if text["type"] == "plain_text" and text.get("emoji") is not False:
        yield f"{where}: emoji are on"
    if _BARE.search(_QUOTE.sub("", _MENTION.sub("", words)) if text["type"] == "mrkdwn" else words):
        yield f"{where}: not escaped"


def _within(where: str, length: int, limit: int, *, least: int = 1) -> Iterator[str]:
    if not least <= length <= limit:
        yield f"{where}: {length}, allowed are {least} to {limit}"


_CHECKS = {
    "section": _section,
    "header": _header,
    "context": _context,
    "actions": _actions,
    "input": _input,
    "divider": _divider,
}
