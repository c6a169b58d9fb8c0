"""The blocks that Signpost uses, as Slack wants them. Every text is escaped, and kept within its limit."""

import json
from collections.abc import Iterable, Sequence
from typing import Any

from adapters.chat import wording
from adapters.slack import limits
from adapters.slack.mrkdwn import bold, cut, escape, mention, pieces, quoted, units

Block = dict[str, Any]
_SMALL = 300
_KEPT_FROM_SLACK = {"&": "\\u0026", "<": "\\u003c", ">": "\\u003e"}


def plain(text: str, limit: int = limits.TEXT) -> Block:
    """Return a text that is shown as it was written, cut where it is too long."""
    return {"type": "plain_text", "text": cut(text, limit), "emoji": False}


def words(text: str) -> list[Block]:
    """Return sections that show a text as it was written, whole however long it is; none for an empty text."""
    return [{"type": "section", "text": _written(piece)} for piece in pieces(text, limits.TEXT)]


def quote(text: str) -> list[Block]:
    """Return the words of a policy set apart as a quote, or as they were written where a quote could change them."""
    marked = quoted(text)
    fit = text and marked and units(marked) <= limits.TEXT
    return [{"type": "section", "text": _marked(marked)}] if fit and marked else words(text)


def choice(text: str, tapped: Block) -> Block:
    """Return a text with a button beside it, which is read out with the text."""
    return {
        "type": "section",
        "text": plain(text),
        "accessory": tapped | {"accessibility_label": cut(text, limits.BUTTON)},
    }


def lines(texts: Iterable[str]) -> list[Block]:
    """Return sections that show texts line by line."""
    return words("\n".join(texts))


def header(text: str) -> Block:
    """Return a header, cut where it is too long."""
    return {"type": "header", "text": plain(text, limits.HEADER)}


def title(text: str) -> list[Block]:
    """Return a header; a text too long for one is shown whole in plain sections, and an empty one not at all."""
    return [header(text)] if text and fits(text, limits.HEADER) else words(text)


def heading(text: str) -> Block:
    """Return a sentence or label of our own in bold."""
    return {"type": "section", "text": _marked(bold(text))}


def small(*texts: str) -> list[Block]:
    """Return short texts in small print, side by side; empty ones are left out, and ten are shown at most."""
    shown = [plain(text, _SMALL) for text in texts if text][: limits.CONTEXT_ELEMENTS]
    return [{"type": "context", "elements": shown}] if shown else []


def beside(text: str, members: Iterable[str]) -> Block:
    """Return a section of a text with the people it is about, as mentions that Slack makes tappable."""
    named = [found for found in map(mention, members) if found]
    block: Block = {"type": "section", "text": plain(text)}
    return block | {"fields": [_marked(one) for one in named[: limits.FIELDS]]} if named else block


def divider() -> Block:
    """Return a line."""
    return {"type": "divider"}


def button(label: str, action: str, value: str, *, main: bool = False) -> Block:
    """Return a button; `main` is the one that most people need."""
    found = {"type": "button", "text": plain(label, limits.BUTTON), "action_id": action, "value": value}
    return found | {"style": "primary"} if main else found


def actions(buttons: Sequence[Block]) -> list[Block]:
    """Return a row of buttons; none where there are none."""
    return [{"type": "actions", "elements": list(buttons)}] if buttons else []


def value(**ids: str | None) -> str:
    """Return ids as the value of a button or as the metadata of a view: JSON, with nothing that Slack would escape."""
    written = json.dumps(ids, separators=(",", ":"))
    for sign, kept in _KEPT_FROM_SLACK.items():
        written = written.replace(sign, kept)
    return written


def field(name: str, label: str, element: Block, hint: str | None = None) -> Block:
    """Return something to fill in, whose block and action have this name."""
    block = {
        "type": "input",
        "block_id": name,
        "label": plain(label, limits.LABEL),
        "element": element | {"action_id": name},
    }
    return block | {"hint": plain(hint, limits.LABEL)} if hint else block


def box(most: int) -> Block:
    """Return a box of several lines for so many characters."""
    return {"type": "plain_text_input", "multiline": True, "min_length": 1, "max_length": most, "focus_on_load": True}


def option(label: str, chosen: str) -> Block:
    """Return one thing to choose."""
    return {"text": plain(label, limits.OPTION), "value": chosen}


def radio(options: Sequence[Block]) -> Block:
    """Return a choice that shows all that can be chosen, or a list where these are too many."""
    if len(options) > limits.RADIO_OPTIONS:
        return select(options)
    return {"type": "radio_buttons", "options": list(options)}


def select(options: Sequence[Block], initial: Block | None = None, hint: str | None = None) -> Block:
    """Return a list to choose from, in groups where it is longer than Slack shows in one."""
    found: Block = {"type": "static_select"}
    if hint:
        found["placeholder"] = plain(hint, limits.PLACEHOLDER)
    most = limits.OPTIONS
    if len(options) <= most:
        found |= {"options": list(options)}
    else:
        groups = [list(options[start : start + most]) for start in range(0, len(options), most)]
        found |= {"option_groups": [{"label": group[0]["text"], "options": group} for group in groups]}
    return found | {"initial_option": initial} if initial else found


def modal(callback: str, named: str, shown: Sequence[Block], *, submit: str | None = None, **ids: str | None) -> Block:
    """Return a modal view. Its metadata holds ids and never words."""
    view: Block = {
        "type": "modal",
        "callback_id": callback,
        "title": plain(named, limits.VIEW_TITLE),
        "close": plain(wording.CANCEL if submit else wording.CLOSE, limits.VIEW_TITLE),
        "blocks": list(shown),
        "private_metadata": value(**ids),
    }
    return view | {"submit": plain(submit, limits.VIEW_TITLE)} if submit else view


def fits(text: str, limit: int) -> bool:
    """Tell whether a text is shown whole within a limit."""
    return units(escape(text)) <= limit


def _written(escaped: str) -> Block:
    return {"type": "plain_text", "text": escaped, "emoji": False}


def _marked(markup: str) -> Block:
    return {"type": "mrkdwn", "text": markup, "verbatim": True}
