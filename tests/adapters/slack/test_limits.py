"""What Slack would refuse is found before it is sent."""

from typing import Any

import pytest

from adapters.slack import blocks as kit
from adapters.slack.limits import size
from tests.adapters.slack.refusals import faults_of


def section(text: str, kind: str = "plain_text") -> dict[str, Any]:
    """Return a section of a text as it is."""
    return {"type": "section", "text": written(text, kind)}


def written(text: str, kind: str = "plain_text") -> dict[str, Any]:
    """Return a text as it is."""
    return {"type": kind, "text": text} | ({"emoji": False} if kind == "plain_text" else {})


def button(name: str = "b", **changes: Any) -> dict[str, Any]:
    """Return a button."""
    return {"type": "button", "text": written("b"), "action_id": name} | changes


def row(*elements: dict[str, Any], **more: Any) -> dict[str, Any]:
    """Return a row of elements."""
    return {"type": "actions", "elements": list(elements)} | more


def typed(element: dict[str, Any] | None = None, **changes: Any) -> dict[str, Any]:
    """Return something to fill in."""
    element = element or {"type": "plain_text_input", "action_id": "a"}
    return {"type": "input", "label": written("l"), "element": element} | changes


def choice(kind: str, count: int, **changes: Any) -> dict[str, Any]:
    """Return a choice among so many."""
    options = [{"text": written("o"), "value": str(number)} for number in range(count)]
    return {"type": kind, "action_id": "a", "options": options} | changes


def view(*blocks: dict[str, Any], **changes: Any) -> dict[str, Any]:
    """Return a modal."""
    return {"type": "modal", "title": written("t"), "blocks": list(blocks or [section("x")])} | changes


FAULTY_MESSAGES: dict[str, list[dict[str, Any]]] = {
    "no block": [],
    "51 blocks": [{"type": "divider"}] * 51,
    "more than 12,000 characters in all": [section("x" * 3_000)] * 4,
    "an unknown block": [{"type": "nonsense"}],
    "an input": [typed()],
    "a section without text": [{"type": "section"}],
    "a section of an empty text": [section("")],
    "a section of 3,001": [section("x" * 3_001)],
    "a section of 3,001 when escaped": [section("&amp;" * 601)],
    "a section of 3,002 units": [section("😀" * 1_501)],
    "11 fields": [{"type": "section", "fields": [written("f")] * 11}],
    "a field of 2,001": [{"type": "section", "fields": [written("f" * 2_001)]}],
    "an accessory nobody knows": [section("x") | {"accessory": {"type": "nonsense"}}],
    "a header of 151": [{"type": "header", "text": written("x" * 151)}],
    "a header in markup": [{"type": "header", "text": written("x", "mrkdwn")}],
    "a header without text": [{"type": "header"}],
    "11 pieces of small print": [{"type": "context", "elements": [written("x")] * 11}],
    "no small print": [{"type": "context", "elements": []}],
    "26 buttons": [row(*(button(str(number)) for number in range(26)))],
    "no buttons": [row()],
    "one action twice": [row(button(), button())],
    "one block id twice": [section("x") | {"block_id": "b"}] * 2,
    "a block id of 256": [section("x") | {"block_id": "b" * 256}],
    "an action id of 256": [row(button("b" * 256))],
    "a button of 76": [row(button(text=written("b" * 76)))],
    "a button without text": [row(button(text=written("")))],
    "a value of 2,001": [row(button(value="v" * 2_001))],
    "a style that is none": [row(button(style="blue"))],
    "text of an unknown kind": [section("x", "markdown")],
    "a call to everybody": [section("<!channel>", "mrkdwn")],
    "a call to everybody in plain text": [section("<!channel>")],
    "a mention in plain text": [section("<@U1>")],
    "half an entity": [section("x &am")],
    "a bare ampersand": [section("this & that")],
    "emoji": [{"type": "section", "text": {"type": "plain_text", "text": ":fire:"}}],
}
FAULTY_VIEWS: dict[str, dict[str, Any]] = {
    "no block": view() | {"blocks": []},
    "101 blocks": view(*[{"type": "divider"}] * 101),
    "another type": view(type="message"),
    "a title of 25": view(title=written("t" * 25)),
    "no title": view() | {"title": None},
    "a submit of 25": view(submit=written("s" * 25)),
    "a close of 25": view(close=written("c" * 25)),
    "an input without submit": view(typed()),
    "metadata of 3,001": view(private_metadata="m" * 3_001),
    "a callback id of 256": view(callback_id="c" * 256),
    "more than 250,000 bytes": view(*[section("é" * 3_000)] * 60),
    "a home with a submit": view(type="home", submit=written("s")),
    "no label": view(typed(label=None), submit=written("s")),
    "a hint of 2,001": view(typed(hint=written("h" * 2_001)), submit=written("s")),
    "a box for 3,001": view(
        typed({"type": "plain_text_input", "action_id": "a", "max_length": 3_001}), submit=written("s")
    ),
    "a placeholder of 151": view(
        typed({"type": "plain_text_input", "action_id": "a", "placeholder": written("p" * 151)}), submit=written("s")
    ),
    "101 options": view(typed(choice("static_select", 101)), submit=written("s")),
    "11 radio buttons": view(typed(choice("radio_buttons", 11)), submit=written("s")),
    "no options": view(typed(choice("radio_buttons", 0)), submit=written("s")),
    "an option of 76": view(
        typed(choice("static_select", 0, options=[{"text": written("o" * 76), "value": "v"}])), submit=written("s")
    ),
    "an option's value of 151": view(
        typed(choice("static_select", 0, options=[{"text": written("o"), "value": "v" * 151}])), submit=written("s")
    ),
    "a first option that is not offered": view(
        typed(choice("static_select", 1, initial_option={"text": written("o"), "value": "7"})), submit=written("s")
    ),
}


@pytest.mark.parametrize("blocks", FAULTY_MESSAGES.values(), ids=FAULTY_MESSAGES)
def test_what_slack_refuses_in_a_message_is_found(blocks: list[dict[str, Any]]) -> None:
    """Each limit of a message is watched."""
    assert len(faults_of(blocks)) == 1


@pytest.mark.parametrize("faulty", FAULTY_VIEWS.values(), ids=FAULTY_VIEWS)
def test_what_slack_refuses_in_a_view_is_found(faulty: dict[str, Any]) -> None:
    """Each limit of a view is watched."""
    assert len(faults_of(faulty)) == 1


def test_what_just_fits_has_no_fault() -> None:
    """A message and a view at their limits are fine."""
    beside = {"type": "section", "fields": [written("f" * 2_000)], "accessory": button()}
    large = [section("&amp;" * 600), section("<@U0HEAD>", "mrkdwn"), beside]
    assert faults_of(large) == []
    assert faults_of([row(*(button(str(number), value="v") for number in range(25)))]) == []
    assert faults_of([{"type": "divider"}] * 50) == []
    assert faults_of(view(typed(choice("static_select", 100)), submit=written("s" * 24), title=written("t" * 24))) == []
    assert faults_of({"type": "home", "blocks": [section("x")]}) == []


def test_everything_in_a_message_counts() -> None:
    """The length of a payload is that of its JSON, with every sign counted once."""
    assert size([section("x")]) >= len('[{"type":"section","text":{"type":"plain_text","text":"x","emoji":false}}]')
    assert size(["\n" * 10]) < 20


def test_lists_too_long_for_slack_are_shown_in_groups() -> None:
    """A choice among more than a hundred loses nobody."""
    options = [kit.option(f"School {number}", f"s{number}") for number in range(250)]
    found = kit.select(options, options[200])
    assert [len(group["options"]) for group in found["option_groups"]] == [100, 100, 50]
    assert faults_of(view(kit.field("school", "Your school", found), submit=written("s"))) == []


def test_ids_come_back_from_a_button_as_they_were() -> None:
    """A value is JSON that holds nothing Slack would change on the way."""
    found = kit.value(r="a&b", s="<x>", c=None)
    assert not set("&<>") & set(found)
    assert found == '{"r":"a\\u0026b","s":"\\u003cx\\u003e","c":null}'
