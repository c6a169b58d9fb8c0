"""What Teams refuses in an Adaptive Card: rules of our own, stricter than Teams, which often shows nothing at all."""

from collections import Counter
from typing import Any

from tests.teams_fake.card_grammar import record
from tests.teams_fake.card_table import CARD
from tests.teams_fake.cards import actions_in, inputs_in, is_input, walk

_CARD = record(CARD)


def card_faults(card: Any) -> list[str]:
    """List what is wrong with a card."""
    if not isinstance(card, dict) or card.get("type") != "AdaptiveCard":
        return ["/type must be AdaptiveCard"]
    missing = [f"/{name} is missing" for name in ("version", "body") if name not in card]
    faults = [*missing, *_CARD(card, "")]
    return faults or [*_repeated(card), *_choices(card), *_targets(card)]


def submits_in_chat(card: dict[str, Any]) -> list[str]:
    """Return the buttons of a card that only work in a dialog as they should: Action.Submit. Teams takes them."""
    found = [one.action for one in actions_in(card)]
    return [
        str(one.get("title", "")) for one in found if one["type"] == "Action.Submit" and "msteams" not in _data(one)
    ]


def _data(action: dict[str, Any]) -> dict[str, Any]:
    data = action.get("data")
    return data if isinstance(data, dict) else {}


def _repeated(card: dict[str, Any]) -> list[str]:
    named = Counter(str(one["id"]) for one in walk(card) if "id" in one and (is_input(one) or "items" in one))
    return [f"the id {name!r} is there {times} times" for name, times in named.items() if times > 1]


def _choices(card: dict[str, Any]) -> list[str]:
    wrong = []
    for one in inputs_in(card, deep=True):
        offered = {choice["value"] for choice in one.get("choices", ())}
        chosen = [part for part in str(one.get("value", "")).split(",") if part]
        if one["type"] == "Input.ChoiceSet" and not offered.issuperset(chosen):
            wrong.append(f"{one['id']!r} has a value that is no choice")
        if one.get("isRequired") and not one.get("errorMessage"):
            wrong.append(f"{one['id']!r} is required and has no errorMessage")
    return wrong


def _targets(card: dict[str, Any]) -> list[str]:
    there = {one["id"] for one in walk(card) if "id" in one}
    wanted = [
        target if isinstance(target, str) else target["elementId"]
        for found in actions_in(card)
        for target in found.action.get("targetElements", ())
    ]
    return [f"there is no {name!r} to show or hide" for name in wanted if name not in there]
