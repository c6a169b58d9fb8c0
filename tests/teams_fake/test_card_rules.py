"""What Teams would not show of an Adaptive Card, and how a card is read."""

from typing import Any

import pytest

from tests.teams_fake import buttons_of, words_of
from tests.teams_fake.card_rules import card_faults
from tests.teams_fake.small_bot import button, card_of, text

FIELD = {"type": "Input.Text", "id": "text", "label": "Words"}
CHOICE = {"title": "One", "value": "1"}
FULL = card_of(
    {"type": "TextBlock", "text": "Title", "style": "heading", "size": "Large", "weight": "bolder", "wrap": True},
    {"type": "RichTextBlock", "inlines": ["plain ", {"type": "TextRun", "text": "rich", "italic": True}]},
    {
        "type": "Container",
        "style": "emphasis",
        "items": [{"type": "FactSet", "facts": [{"title": "Who", "value": "DSL"}]}],
    },
    {"type": "ColumnSet", "columns": [{"type": "Column", "width": "stretch", "items": [text("left")]}]},
    {
        "type": "Table",
        "columns": [{"width": 1}],
        "rows": [{"type": "TableRow", "cells": [{"type": "TableCell", "items": [text("cell")]}]}],
    },
    {"type": "Image", "url": "https://x", "altText": "a sign"},
    {"type": "Input.ChoiceSet", "id": "role", "label": "Role", "choices": [CHOICE], "value": "1"},
    {"type": "Input.Toggle", "id": "sure", "title": "Sure"},
    {"type": "ActionSet", "actions": [button("Inside", "inside")]},
    {"type": "Container", "isVisible": False, "items": [text("hidden")]},
    actions=[
        {"type": "Action.ShowCard", "title": "More", "card": {"type": "AdaptiveCard", "body": [FIELD]}},
        {"type": "Action.OpenUrl", "title": "Read", "url": "https://x"},
    ],
    msteams={"width": "Full"},
    fallbackText="A card",
)


def test_a_whole_card_is_right_and_is_read_in_order() -> None:
    """Every kind of element and action that Teams shows; what is hidden is not read."""
    assert card_faults(FULL) == []
    assert words_of(FULL).splitlines() == [
        "Title",
        "plain rich",
        "Who: DSL",
        "left",
        "cell",
        "a sign",
        "Role",
        "One",
        "Sure",
        "Inside",
        "More",
        "Words",
        "Read",
    ]
    assert [(one.kind, one.title) for one in buttons_of(FULL)] == [
        ("Action.Execute", "Inside"),
        ("Action.ShowCard", "More"),
        ("Action.OpenUrl", "Read"),
    ]


@pytest.mark.parametrize(
    ("card", "fault"),
    [
        ({"type": "Card"}, "/type must be AdaptiveCard"),
        ({"type": "AdaptiveCard", "body": []}, "/version is missing"),
        ({"type": "AdaptiveCard", "version": "1.6", "body": []}, "/version must be one of"),
        (card_of({"type": "TextBlok", "text": "x"}), "/body/0/type: there is no element 'TextBlok'"),
        (card_of({"type": "TextBlock"}), "/body/0/text is missing"),
        (card_of({"type": "TextBlock", "text": 1}), "/body/0/text must be a string"),
        (card_of({**text("x"), "warp": True}), "/body/0/warp is no property of TextBlock"),
        (card_of({**text("x"), "color": "red"}), "/body/0/color must be one of"),
        (card_of({**text("x"), "wrap": "yes"}), "/body/0/wrap must be true or false"),
        (card_of({"type": "RichTextBlock", "inlines": []}), "/body/0/inlines must have at least 1"),
        (card_of({"type": "FactSet", "facts": [{"title": "x"}]}), "/body/0/facts/0/value is missing"),
        (card_of({"type": "Input.Text"}), "/body/0/id is missing"),
        (card_of({"type": "Input.ChoiceSet", "id": "x", "choices": []}), "/body/0/choices must have at least 1"),
        (
            card_of({"type": "Input.ChoiceSet", "id": "x", "choices": [CHOICE], "value": "2"}),
            "'x' has a value that is no choice",
        ),
        (card_of({**FIELD, "isRequired": True}), "'text' is required and has no errorMessage"),
        (card_of(FIELD, FIELD), "the id 'text' is there 2 times"),
        (card_of(actions=[{"type": "Action.Tap", "title": "x"}]), "/actions/0/type: there is no action 'Action.Tap'"),
        (card_of(actions=[{"type": "Action.Execute", "title": "x"}]), "/actions/0/verb is missing"),
        (card_of(actions=[{"type": "Action.Execute", "verb": "x"}]), "/actions/0/title is missing"),
        (card_of(actions=[{"type": "Action.OpenUrl", "title": "x"}]), "/actions/0/url is missing"),
        (card_of(actions=[button("x", "x")] * 7), "/actions must have at most 6"),
        (card_of(refresh={"action": {"type": "Action.Submit"}}), "/refresh/action/type: there is no refreshing action"),
        (
            card_of(refresh={"action": button("x", "x"), "userIds": ["29:1"] * 61}),
            "/refresh/userIds must have at most 60",
        ),
        (
            card_of(actions=[{"type": "Action.ToggleVisibility", "title": "x", "targetElements": ["more"]}]),
            "there is no 'more' to show or hide",
        ),
        (
            card_of(actions=[{"type": "Action.ShowCard", "title": "x", "card": {"body": [{"type": "No"}]}}]),
            "/actions/0/card/body/0/type: there is no element 'No'",
        ),
        (card_of({"type": "Container", "items": {}}), "/body/0/items must be a list"),
        (card_of("x"), "/body/0 must be an object"),  # type: ignore[arg-type]  # as a careless bot would write it
    ],
)
def test_a_wrong_card_is_refused_with_its_fault(card: dict[str, Any], fault: str) -> None:
    """Each fault says where it is."""
    faults = card_faults(card)
    assert any(one.startswith(fault) for one in faults), faults


def test_a_field_behind_a_button_may_not_have_the_name_of_another() -> None:
    """Their values go to the bot together."""
    inner = {"type": "AdaptiveCard", "body": [FIELD]}
    card = card_of(FIELD, actions=[{"type": "Action.ShowCard", "title": "More", "card": inner}])
    assert card_faults(card) == ["the id 'text' is there 2 times"]
