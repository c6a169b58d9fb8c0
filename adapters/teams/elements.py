"""The elements of Adaptive Cards 1.5 that Signpost uses.

Teams reads the text of a TextBlock as markdown, and that of a TextRun as it was written. So a TextBlock holds nothing
but a label of our own; whatever somebody else wrote, a policy and a name among it, stands in TextRuns (RS-39). Teams
puts dates in place of `{{DATE(...)}}` even there, so that such a text is cut in two behind its first brace.
"""

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import accumulate
from types import MappingProxyType
from typing import Any

from adapters.chat import wording
from adapters.teams import limits
from adapters.teams import wording as in_teams
from adapters.teams.connection import Json
from bot.characters import whole

Look = Mapping[str, Any]
PLAIN: Look = MappingProxyType({})
STRONG: Look = MappingProxyType({"weight": "Bolder"})
LARGE: Look = MappingProxyType({"weight": "Bolder", "size": "Large"})
FAINT: Look = MappingProxyType({"size": "Small", "isSubtle": True})

# The container styles of Teams, which follow its theme. None of them says anything that is not said in words too.
QUOTE, URGENT, CAREFUL = "emphasis", "attention", "warning"

_VERSION = "1.5"
_SCHEMA = "http://adaptivecards.io/schemas/adaptive-card.json"
_ENDING = "…"
_UNSEEN = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")
_MACRO = re.compile(r"\{\{(?:DATE|TIME)\(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d")
_FOR_A_RUN = 120  # what another TextRun takes at most, its look with it
_ESCAPED = frozenset('"\\\n\t')
_MARKED = re.compile(r"\]\(|\{\{")
_JOINER = "\u2060"


# ---- Words -----------------------------------------------------------------------------------------------------------


def written(text: str, look: Look = PLAIN) -> list[Json]:
    """Return a text as it was written, whole however long it is; none for an empty text."""
    found = [_block(piece, look) for piece in pieces(text, limits.TEXT)]
    return [found[0], *(_close(block) for block in found[1:])] if found else []


def lines(texts: Iterable[str], look: Look = PLAIN) -> list[Json]:
    """Return texts line by line; none where there are none."""
    return written("\n".join(texts), look)


def faint(*texts: str) -> list[Json]:
    """Return short texts in small print, one beneath the other; empty ones are left out."""
    return lines((text for text in texts if text), FAINT)


def quote(text: str) -> list[Json]:
    """Return words set apart from our own."""
    return panel(QUOTE, written(text))


def title(own: str) -> list[Json]:
    """Return a label of our own at the head of a card."""
    return [_label(own, size="Large", weight="Bolder")]


def heading(own: str, beneath: Sequence[Json] = ()) -> list[Json]:
    """Return a label of our own, and the part of a card that it is about."""
    return _headed(_label(own, size="Medium", weight="Bolder"), beneath)


def small_heading(own: str, beneath: Sequence[Json] = ()) -> list[Json]:
    """Return a label of our own, and the few words that it is about."""
    return _headed(_label(own, size="Small", weight="Bolder", isSubtle=True), beneath)


def panel(style: str, elements: Sequence[Json]) -> list[Json]:
    """Return elements on a ground of their own. What is long goes on in another, so that a message can end between."""
    found: list[list[Json]] = []
    room = 0
    for element in elements:
        length = limits.size(element)
        if length > room:
            found.append([])
            room = limits.TEXT + _FOR_A_RUN
        found[-1].append(element)
        room -= length
    boxes: list[Json] = [{"type": "Container", "style": style, "items": items} for items in found]
    return [*boxes[:1], *(_close(box) for box in boxes[1:])]


def cut(text: str, most: int) -> str:
    """Return a text in one line, cut to so many units."""
    line = " ".join(clean(text).split())
    if limits.units(line) <= most:
        return line
    return f"{line[: _fitting(line, 0, most - 1)].rstrip()}{_ENDING}"


def bell(text: str, most: int = limits.NOTIFICATION) -> str:
    """Return a text for a lock screen: one line without a sign that could be markup there."""
    return cut(text.replace("<", "‹").replace(">", "›"), most)


def clean(text: str) -> str:
    """Return a text that can be sent: for half characters and control signs, which nobody sees, a sign stands there."""
    return _UNSEEN.sub("\ufffd", whole(text).replace("\r\n", "\n").replace("\r", "\n"))


def pieces(text: str, most: int) -> list[str]:
    """Split a text into pieces that take so many units of JSON at most; put together they are the whole text again.

    A piece ends after a line or a word where there is one to end after.
    """
    left = clean(text)
    found, start = [], 0
    while start < len(left):
        end = _fitting(left, start, most)
        if end < len(left):
            end = _after_a_pause(left, start, end)
        found.append(left[start:end])
        start = end
    return found


def _fitting(text: str, start: int, most: int) -> int:
    """Return where the longest piece from `start` ends that fits; at least one letter always does."""
    window = text[start : start + most]
    costs = [1 + (letter in _ESCAPED or letter > "\uffff") for letter in window]
    for macro in _MACRO.finditer(window):
        costs[macro.start()] += _FOR_A_RUN
    return start + max(1, bisect_right(list(accumulate(costs)), most))


def _after_a_pause(text: str, start: int, end: int) -> int:
    least = start + (end - start) // 2
    for pause in ("\n", " "):
        found = text.rfind(pause, least, end)
        if found >= 0:
            return found + 1
    return end


def _block(text: str, look: Look) -> Json:
    return {"type": "RichTextBlock", "inlines": [{"type": "TextRun", "text": run, **look} for run in _runs(text)]}


def _runs(text: str) -> Iterator[str]:
    start = 0
    for macro in _MACRO.finditer(text):
        yield text[start : macro.start() + 1]
        start = macro.start() + 1
    yield text[start:]


def _close(element: Json) -> Json:
    return element | {"spacing": "None"}


def _headed(label: Json, beneath: Sequence[Json]) -> list[Json]:
    return [label, *(element | {"spacing": "Small"} for element in beneath[:1]), *beneath[1:]]


def _label(own: str, **look: Any) -> Json:
    return {"type": "TextBlock", "text": own, "style": "heading", "wrap": True, **look}


# ---- Buttons ---------------------------------------------------------------------------------------------------------


def execute(label: str, verb: str, *, main: bool = False, fills: bool = False, **ids: str | int | None) -> Json:
    """Return a button in a chat: what it does, and ids alone. `fills`: what was filled in comes with it.

    `main` is the one that most people need.
    """
    return _button({"type": "Action.Execute", "title": cut(label, limits.BUTTON), "verb": verb}, main, fills, ids)


def submit(label: str, do: str, *, main: bool = False, fills: bool = False, **ids: str | int | None) -> Json:
    """Return a button in a dialog, where Teams takes no other; see `execute`."""
    return _button({"type": "Action.Submit", "title": cut(label, limits.BUTTON)}, main, fills, {"do": do, **ids})


def opens(label: str, do: str, *, main: bool = False, **ids: str | int | None) -> Json:
    """Return a button in a chat that opens a dialog: what stands there stays when the card beneath it is edited."""
    found = submit(label, do, main=main, fills=False, **ids)
    return found | {"data": {"msteams": {"type": "task/fetch"}, **found["data"]}}


def says(label: str, text: str) -> Json:
    """Return a button that says something in somebody's name."""
    return {
        "type": "Action.Submit",
        "title": cut(label, limits.BUTTON),
        "data": {"msteams": {"type": "imBack", "value": text}},
    }


def rows(buttons: Iterable[Json]) -> list[Json]:
    """Return buttons in rows that a phone shows whole: Teams puts those of a row side by side, however many."""
    found: list[list[Json]] = []
    room = 0
    for button in buttons:
        width = limits.units(button["title"]) + limits.RIM
        if width > room or len(found[-1]) == limits.BUTTONS_IN_ROW:
            found.append([])
            room = limits.ROW
        found[-1].append(button)
        room -= width
    sets: list[Json] = [{"type": "ActionSet", "actions": row} for row in found]
    return [*sets[:1], *(one | {"spacing": "Small"} for one in sets[1:])]


def _button(button: Json, main: bool, fills: bool, ids: Mapping[str, str | int | None]) -> Json:
    button["data"] = {name: found for name, found in ids.items() if found is not None}
    if not fills:
        button["associatedInputs"] = "none"  # or a field that must be filled in would hold up every other button
    return button | {"style": "positive"} if main else button


# ---- What is filled in -----------------------------------------------------------------------------------------------


def box(name: str, label: str, most: int, *, error: str, hint: str = "", value: str = "") -> Json:
    """Return a box of several lines that must be filled in."""
    found: Json = {
        "type": "Input.Text",
        "id": name,
        "label": label,
        "isMultiline": True,
        "maxLength": most,
        "isRequired": True,
        "errorMessage": error,
    }
    return found | {key: text for key, text in (("placeholder", hint), ("value", clean(value)[:most])) if text}


def choice(name: str, label: str, options: Sequence[Json], *, chosen: str = "", hint: str = "") -> Json:
    """Return a list to choose one from; a long one can be searched by typing."""
    titles = [option["title"] for option in options]
    # What is typed is looked up by its title.
    searched = len(options) > limits.CHOICES_TO_SEARCH and len(set(titles)) == len(titles)
    found = _choice(name, label, options, "filtered" if searched else "compact")
    return found | {key: text for key, text in (("placeholder", hint), ("value", chosen)) if text}


def own_choice(name: str, label: str, options: Sequence[Json]) -> Json:
    """Return a choice among labels of our own, which shows all of them: Teams reads these as markdown."""
    return _choice(name, label, options, "expanded") | {"wrap": True}


def option(label: str, value: str) -> Json:
    """Return one thing to choose. Its label is a single text: what could be markup in it is taken apart unseen."""
    apart = _MARKED.sub(lambda found: f"{found[0][0]}{_JOINER}{found[0][1]}", cut(label, limits.TITLE))
    return {"title": apart, "value": value}


def _choice(name: str, label: str, options: Sequence[Json], style: str) -> Json:
    return {
        "type": "Input.ChoiceSet",
        "id": name,
        "label": label,
        "style": style,
        "choices": list(options),
        "isRequired": True,
        "errorMessage": in_teams.PICK_ONE,
    }


# ---- A card ----------------------------------------------------------------------------------------------------------


def card(body: Sequence[Json], *, speak: str = wording.NEWS, wide: bool = False, refresh: Json | None = None) -> Json:
    """Return a card. `speak` is what a screen reader calls it; `wide` lets it take the width of the conversation.

    `refresh` says for whom Teams fetches it anew.
    """
    found: Json = {
        "type": "AdaptiveCard",
        "$schema": _SCHEMA,
        "version": _VERSION,
        "speak": bell(speak),
        "fallbackText": in_teams.CARD_TOO_NEW,
        "body": list(body),
    }
    if wide:
        found["msteams"] = {"width": "Full"}
    return found | {"refresh": refresh} if refresh else found
