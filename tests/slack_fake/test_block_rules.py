"""What Slack refuses in blocks is refused here, at the limit and not before it; slack_sdk's own models agree."""

from typing import Any

import pytest
from slack_sdk.errors import SlackObjectFormationError
from slack_sdk.models.blocks import Block
from slack_sdk.web.async_client import AsyncWebClient

from tests.slack_fake.block_rules import letters, message_faults, view_faults
from tests.slack_fake.bolt_app import answer, modal
from tests.slack_fake.refusing import refusal

Json = dict[str, Any]


def plain(words: str) -> Json:
    """Return a plain text."""
    return {"type": "plain_text", "text": words}


def mrkdwn(words: str) -> Json:
    """Return a text in mrkdwn."""
    return {"type": "mrkdwn", "text": words}


def section(words: str, **more: Any) -> Json:
    """Return a section."""
    return {"type": "section", "text": mrkdwn(words), **more}


def header(words: str) -> Json:
    """Return a header."""
    return {"type": "header", "text": plain(words)}


def fields(count: int, size: int) -> Json:
    """Return a section of fields."""
    return {"type": "section", "fields": [mrkdwn("x" * size)] * count}


def context(count: int) -> Json:
    """Return a context."""
    return {"type": "context", "elements": [mrkdwn("x")] * count}


def buttons(count: int = 1, words: str = "Go", **more: Any) -> Json:
    """Return a row of buttons."""
    row = [{"type": "button", "action_id": f"go-{number}", "text": plain(words), **more} for number in range(count)]
    return {"type": "actions", "elements": row}


FINE: list[tuple[str, Json]] = [
    ("section", section("x" * 3000)),
    ("header", header("x" * 150)),
    ("fields", fields(10, 2000)),
    ("context", context(10)),
    ("buttons", buttons(25)),
    ("button text", buttons(words="x" * 75)),
    ("button value", buttons(value="x" * 2000)),
    ("block id", section("x", block_id="b" * 255)),
    ("divider", {"type": "divider"}),
    ("image", {"type": "image", "image_url": "https://school.example/a.png", "alt_text": "A"}),
]
WRONG: list[tuple[str, Json, str]] = [
    ("section", section("x" * 3001), "must be less than 3001 characters [json-pointer:/blocks/0/text/text]"),
    ("empty text", section(""), "must be more than 0 characters [json-pointer:/blocks/0/text/text]"),
    ("no text", {"type": "section"}, "missing required field: text [json-pointer:/blocks/0]"),
    ("header", header("x" * 151), "must be less than 151 characters [json-pointer:/blocks/0/text/text]"),
    ("fields", fields(11, 1), "no more than 10 items allowed [json-pointer:/blocks/0/fields]"),
    ("field", fields(1, 2001), "must be less than 2001 characters [json-pointer:/blocks/0/fields/0/text]"),
    ("context", context(11), "no more than 10 items allowed [json-pointer:/blocks/0/elements]"),
    ("buttons", buttons(26), "no more than 25 items allowed [json-pointer:/blocks/0/elements]"),
    ("button text", buttons(words="x" * 76), "must be less than 76 characters"),
    ("button value", buttons(value="x" * 2001), "must be less than 2001 characters"),
    ("style", buttons(style="blue"), "must be one of primary, danger"),
    ("block id", section("x", block_id="b" * 256), "must be less than 256 characters"),
    ("unknown type", {"type": "nonsense"}, "unsupported type: nonsense [json-pointer:/blocks/0/type]"),
    ("unknown field", section("x", txt="y"), "invalid additional property: txt [json-pointer:/blocks/0]"),
    ("mrkdwn header", {"type": "header", "text": mrkdwn("x")}, "must be a text object of type plain_text"),
    ("emoji in mrkdwn", {"type": "section", "text": mrkdwn("x") | {"emoji": True}}, "invalid additional property"),
]
BEYOND_THE_MODELS = {"unknown type", "unknown field", "mrkdwn header", "emoji in mrkdwn", "empty text", "field"}


@pytest.mark.parametrize("block", [block for _, block in FINE], ids=[name for name, _ in FINE])
def test_a_block_at_its_limit_is_taken(block: Json) -> None:
    """Slack's models and the fake both take it."""
    parsed = Block.parse(block)
    assert parsed is not None
    parsed.to_dict()
    assert message_faults([block]) == []


@pytest.mark.parametrize(("name", "block", "why"), WRONG, ids=[name for name, _, _ in WRONG])
def test_a_block_beyond_its_limit_is_refused(name: str, block: Json, why: str) -> None:
    """The fake says what is wrong and where; Slack's models agree wherever they look at all."""
    assert any(why in fault for fault in message_faults([block]))
    if name not in BEYOND_THE_MODELS:
        parsed = Block.parse(block)
        assert parsed is not None
        with pytest.raises(SlackObjectFormationError):
            parsed.to_dict()


def test_a_message_holds_fifty_blocks() -> None:
    """The fifty-first is refused."""
    assert message_faults([{"type": "divider"}] * 50) == []
    assert message_faults([{"type": "divider"}] * 51) == ["no more than 50 items allowed [json-pointer:/blocks]"]


def test_ids_are_given_once() -> None:
    """An action id stands once in a block, a block id once in a message."""
    twice = buttons(2)
    twice["elements"][1]["action_id"] = "go-0"
    assert "action_id `go-0` already exists" in message_faults([twice])[0]
    assert message_faults([buttons(), buttons()]) == []
    assert "block_id `b` already exists" in message_faults([section("x", block_id="b")] * 2)[0]


def test_letters_are_counted_wherever_they_stand() -> None:
    """Texts of sections, fields, buttons and options all count towards the limit of a message."""
    menu_and_buttons = len("You asked: why?") + len("phones") + len("photos") + len("Tell the DSL") + len("Helped")
    assert letters(answer("why?")) == menu_and_buttons
    assert letters([fields(2, 30)]) == 60


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"title": plain("x" * 25)}, "must be less than 25 characters [json-pointer:/view/title/text]"),
        ({"submit": None}, "missing required field: submit"),
        ({"submit": plain("x" * 25)}, "must be less than 25 characters [json-pointer:/view/submit/text]"),
        ({"private_metadata": "x" * 3001}, "must be less than 3001 characters [json-pointer:/view/private_metadata]"),
        ({"callback_id": "x" * 256}, "must be less than 256 characters"),
        ({"blocks": [{"type": "divider"}] * 101}, "no more than 100 items allowed [json-pointer:/view/blocks]"),
        ({"blocks": []}, "no fewer than 1 items allowed"),
        ({"blocks": [{"type": "markdown", "text": "x"}]}, "unsupported type: markdown"),
        ({"type": "window"}, "unsupported type: window"),
        ({"title": None}, "missing required field: title"),
    ],
)
def test_a_view_beyond_its_limits_is_refused(change: Json, why: str) -> None:
    """A modal has a short title, a way to submit its fields, and at most a hundred blocks."""
    assert view_faults(modal("x" * 24)) == []
    changed = {name: value for name, value in (modal("One") | change).items() if value is not None}
    assert any(why in fault for fault in view_faults(changed))


async def test_the_client_is_told_every_fault(client: AsyncWebClient) -> None:
    """A refusal lists all of them, with their places."""
    blocks = [section("x" * 3001), {"type": "nonsense"}]
    response = await refusal(client.chat_postMessage(channel="C0STAFF", text="x", blocks=blocks))
    assert response["error"] == "invalid_blocks"
    assert response["response_metadata"]["messages"] == [
        "[ERROR] must be less than 3001 characters [json-pointer:/blocks/0/text/text]",
        "[ERROR] unsupported type: nonsense [json-pointer:/blocks/1/type]",
    ]
