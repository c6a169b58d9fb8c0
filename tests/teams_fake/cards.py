"""Reading a card as a person does: its words, its buttons and its fields."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

Json = dict[str, Any]
_CHILDREN = ("body", "items", "columns", "rows", "cells", "images", "inlines", "facts", "actions")
_CHOSEN = ("Input.ChoiceSet", "Input.Toggle")
_ALONE = ("inlineAction", "selectAction", "card")


@dataclass(frozen=True, slots=True)
class Found:
    """An action of a card, with the fields whose values it sends."""

    action: Json
    fields: tuple[Json, ...]

    @property
    def title(self) -> str:
        """Return the words on the button."""
        return str(self.action.get("title", ""))

    @property
    def kind(self) -> str:
        """Return what sort of action it is, like Action.Execute."""
        return str(self.action["type"])

    @property
    def verb(self) -> str:
        """Return what Action.Execute asks for."""
        return str(self.action.get("verb", ""))

    @property
    def data(self) -> Json:
        """Return what goes along with the tap, without the fields."""
        data = self.action.get("data")
        return dict(data) if isinstance(data, dict) else {}

    @property
    def teams(self) -> Json:
        """Return what Teams itself does with the tap, like writing a text in the person's name."""
        asked = self.data.get("msteams") or self.action.get("msteams")
        return dict(asked) if isinstance(asked, dict) else {}


def is_input(element: Json) -> bool:
    """Tell whether an element is a field."""
    return str(element.get("type", "")).startswith("Input.")


def walk(element: Json, *, deep: bool = True, hidden: bool = True) -> Iterator[Json]:
    """Return an element and all within it, in the order of reading.

    Cards behind buttons only where `deep`, what is not shown only where `hidden`.
    """
    if not hidden and element.get("isVisible") is False:
        return
    yield element
    for name in (*_CHILDREN, *_ALONE):
        inner = element.get(name)
        if name == "card" and not deep:
            continue
        for one in inner if isinstance(inner, list) else [inner]:
            if isinstance(one, dict):
                yield from walk(one, deep=deep, hidden=hidden)


def inputs_in(card: Json, *, deep: bool = False) -> list[Json]:
    """Return the fields of a card; those of cards behind its buttons only where `deep`."""
    return [one for one in walk(card, deep=deep) if is_input(one)]


def actions_in(card: Json, around: Sequence[Json] = ()) -> Iterator[Found]:
    """Return the actions of a card and of those behind its buttons; each sends the fields of its card and around."""
    fields = (*around, *inputs_in(card))
    for one in walk(card, deep=False):
        if not str(one.get("type", "")).startswith("Action."):
            continue
        yield Found(one, fields)
        if isinstance(one.get("card"), dict):
            yield from actions_in(one["card"], fields)


def words_of_card(card: Json) -> list[str]:
    """Return every line that a person can read in a card, in order, its buttons and choices included."""
    lines = [line for one in walk(card, hidden=False) for line in _lines(one)]
    return [line for line in lines if line]


def markdown_in(card: Json) -> list[str]:
    """Return the texts that Teams reads as Markdown: those of TextBlock and of facts."""
    blocks = [str(one.get("text", "")) for one in walk(card) if one.get("type") == "TextBlock"]
    facts = [str(one[name]) for one in walk(card) if _is_fact(one) for name in ("title", "value")]
    return [*blocks, *facts]


def _lines(one: Json) -> list[str]:
    kind = str(one.get("type", ""))
    if kind == "TextBlock":
        return [str(one["text"])]
    if kind == "RichTextBlock":
        return ["".join(run if isinstance(run, str) else str(run.get("text", "")) for run in one["inlines"])]
    if kind == "Image":
        return [str(one.get("altText", ""))]
    if is_input(one):
        shown = ("label", "title", "placeholder", *(("value",) if kind not in _CHOSEN else ()))
        named = [str(one.get(name, "")) for name in shown]
        return [*named, *(str(choice["title"]) for choice in one.get("choices", ()))]
    if kind.startswith("Action."):
        return [str(one.get("title", ""))]
    return [f"{one['title']}: {one['value']}"] if _is_fact(one) else []


def _is_fact(one: Json) -> bool:
    return "type" not in one and "value" in one and "title" in one
