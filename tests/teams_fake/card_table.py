"""Adaptive Cards 1.5 as a table: every element and action with its properties, and what Teams adds to them.

Sources: the published schema of 1.5 (adaptivecards.io), and learn.microsoft.com on cards in Teams.
"""

from collections.abc import Iterator
from typing import Any

from tests.teams_fake.card_grammar import (
    Rule,
    Shape,
    anything,
    either,
    flag,
    items,
    number,
    one_of,
    record,
    string,
    typed,
    words,
)

_SPACING = one_of("default", "none", "small", "medium", "large", "extraLarge", "padding")
_ACROSS = one_of("left", "center", "right")
_DOWN = one_of("top", "center", "bottom")
_COLOUR = one_of("default", "dark", "light", "accent", "good", "warning", "attention")
_STYLE = one_of("default", "emphasis", "good", "attention", "warning", "accent")
_SIZE = one_of("default", "small", "medium", "large", "extraLarge")
_WEIGHT = one_of("default", "lighter", "bolder")
_FONT = one_of("default", "monospace")


def _element(value: Any, where: str) -> Iterator[str]:
    yield from typed(ELEMENTS, "element")(value, where)


def _action(value: Any, where: str) -> Iterator[str]:
    yield from typed(ACTIONS, "action")(value, where)


def _select(value: Any, where: str) -> Iterator[str]:
    if isinstance(value, dict) and value.get("type") == "Action.ShowCard":
        yield f"{where} must not be Action.ShowCard"
    yield from _action(value, where)


def _button(value: Any, where: str) -> Iterator[str]:
    yield from _action(value, where)
    if isinstance(value, dict) and not value.get("title") and not value.get("iconUrl"):
        yield f"{where}/title is missing"


def _fallback(value: Any, where: str) -> Iterator[str]:
    if value != "drop":
        yield from either(_element, _action)(value, where)


def _inner_card(value: Any, where: str) -> Iterator[str]:
    yield from record(CARD, "AdaptiveCard")(value, where)


_COMMON: dict[str, Rule] = {
    "id": words,
    "fallback": _fallback,
    "height": either(one_of("auto", "stretch"), string),
    "separator": flag,
    "spacing": _SPACING,
    "isVisible": flag,
    "requires": anything,
    "targetWidth": string,
}
_TEXT: dict[str, Rule] = {"color": _COLOUR, "fontType": _FONT, "isSubtle": flag, "size": _SIZE, "weight": _WEIGHT}
_BOX: dict[str, Rule] = {
    "selectAction": _select,
    "style": _STYLE,
    "verticalContentAlignment": _DOWN,
    "bleed": flag,
    "backgroundImage": anything,
    "minHeight": string,
    "rtl": flag,
}
_RUN = Shape(
    {"text": string},
    {**_TEXT, "highlight": flag, "italic": flag, "strikethrough": flag, "underline": flag, "selectAction": _select},
)
_FACT = record(Shape({"title": string, "value": string}))
_CHOICE = record(Shape({"title": words, "value": words}))
_COLUMN = record(
    Shape({}, {**_COMMON, **_BOX, "items": items(_element), "width": either(string, number)}),
    "Column",
)
_CELL = record(Shape({"items": items(_element)}, {**_COMMON, **_BOX}), "TableCell")
_ROW = record(
    Shape(
        {"cells": items(_CELL)},
        {**_COMMON, "style": _STYLE, "horizontalCellContentAlignment": _ACROSS, "verticalCellContentAlignment": _DOWN},
    ),
    "TableRow",
)
_TABLE_COLUMN = record(
    Shape(
        {},
        {
            "width": either(string, number),
            "horizontalCellContentAlignment": _ACROSS,
            "verticalCellContentAlignment": _DOWN,
        },
    ),
    "TableColumnDefinition",
)
_FIELD: dict[str, Rule] = {**_COMMON, "label": words, "isRequired": flag, "errorMessage": words}
_SHOWN: dict[str, Shape] = {
    "TextBlock": Shape(
        {"text": string},
        {
            **_TEXT,
            "horizontalAlignment": _ACROSS,
            "maxLines": number,
            "wrap": flag,
            "style": one_of("default", "heading", "columnHeader"),
        },
    ),
    "RichTextBlock": Shape(
        {"inlines": items(either(record(_RUN, "TextRun"), string), 1)}, {"horizontalAlignment": _ACROSS}
    ),
    "Image": Shape(
        {"url": words},
        {
            "altText": string,
            "backgroundColor": string,
            "horizontalAlignment": _ACROSS,
            "selectAction": _select,
            "size": one_of("auto", "stretch", "small", "medium", "large"),
            "style": one_of("default", "person"),
            "width": string,
            "msteams": anything,
        },
    ),
    "ImageSet": Shape({"images": items(_element, 1)}, {"imageSize": string}),
    "Media": Shape({"sources": items(anything, 1)}, {"poster": string, "altText": string}),
    "Container": Shape({"items": items(_element)}, _BOX),
    "ColumnSet": Shape(
        {},
        {
            "columns": items(_COLUMN),
            "selectAction": _select,
            "style": _STYLE,
            "bleed": flag,
            "minHeight": string,
            "horizontalAlignment": _ACROSS,
        },
    ),
    "FactSet": Shape({"facts": items(_FACT, 1)}),
    "ActionSet": Shape({"actions": items(_button, 1, 6)}),
    "Table": Shape(
        {"columns": items(_TABLE_COLUMN, 1)},
        {
            "rows": items(_ROW, 1),
            "firstRowAsHeader": flag,
            "firstRowAsHeaders": flag,
            "showGridLines": flag,
            "gridStyle": _STYLE,
            "horizontalCellContentAlignment": _ACROSS,
            "verticalCellContentAlignment": _DOWN,
        },
    ),
}
_INPUTS: dict[str, Shape] = {
    "Input.Text": Shape(
        {"id": words},
        {
            "isMultiline": flag,
            "maxLength": number,
            "placeholder": string,
            "regex": string,
            "style": one_of("text", "tel", "url", "email", "password"),
            "inlineAction": _select,
            "value": string,
        },
    ),
    "Input.Number": Shape({"id": words}, {"max": number, "min": number, "placeholder": string, "value": number}),
    "Input.Date": Shape({"id": words}, {"max": string, "min": string, "placeholder": string, "value": string}),
    "Input.Time": Shape({"id": words}, {"max": string, "min": string, "placeholder": string, "value": string}),
    "Input.Toggle": Shape(
        {"id": words, "title": string}, {"value": string, "valueOn": string, "valueOff": string, "wrap": flag}
    ),
    "Input.ChoiceSet": Shape(
        {"id": words, "choices": items(_CHOICE, 1)},
        {
            "isMultiSelect": flag,
            "style": one_of("compact", "expanded", "filtered"),
            "value": string,
            "placeholder": string,
            "wrap": flag,
        },
    ),
}
_ON_ACTIONS: dict[str, Rule] = {
    "id": words,
    "title": string,
    "iconUrl": string,
    "style": one_of("default", "positive", "destructive"),
    "fallback": _fallback,
    "requires": anything,
    "isEnabled": flag,
    "mode": one_of("primary", "secondary"),
    "tooltip": string,
}
_GATHERS = one_of("auto", "none")
_TARGET = either(words, record(Shape({"elementId": words}, {"isVisible": flag}), "TargetElement"))
ELEMENTS: dict[str, Shape] = {
    **{name: shape.with_more(_COMMON) for name, shape in _SHOWN.items()},
    **{name: shape.with_more(_FIELD) for name, shape in _INPUTS.items()},
}
ACTIONS: dict[str, Shape] = {
    name: shape.with_more(_ON_ACTIONS)
    for name, shape in {
        "Action.Execute": Shape({"verb": words}, {"data": anything, "associatedInputs": _GATHERS}),
        "Action.Submit": Shape({}, {"data": anything, "associatedInputs": _GATHERS, "msteams": anything}),
        "Action.OpenUrl": Shape({"url": words}),
        "Action.ShowCard": Shape({"card": _inner_card}),
        "Action.ToggleVisibility": Shape({"targetElements": items(_TARGET, 1)}),
    }.items()
}
_EXECUTE = typed({"Action.Execute": ACTIONS["Action.Execute"]}, "refreshing action")
REFRESH = record(Shape({"action": _EXECUTE}, {"userIds": items(words, 0, 60)}))
CARD = Shape(
    {},
    {
        "$schema": string,
        "version": one_of("1.0", "1.1", "1.2", "1.3", "1.4", "1.5"),
        "body": items(_element),
        "actions": items(_button, 0, 6),
        "selectAction": _select,
        "refresh": REFRESH,
        "authentication": anything,
        "fallbackText": string,
        "backgroundImage": anything,
        "minHeight": string,
        "rtl": flag,
        "speak": string,
        "lang": string,
        "verticalContentAlignment": _DOWN,
        "originator": string,
        "msteams": anything,
    },
)
