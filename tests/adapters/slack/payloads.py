"""What every payload for Slack is put through, and the words that try to break one."""

import copy
import html
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from typing import Any

from hypothesis import strategies as st
from slack_sdk.models.blocks import Block
from slack_sdk.models.views import View

from adapters.slack.rendered import Rendered
from knowledge.loader import SHIPPED, KnowledgeFolder, load_catalogue, load_schools
from knowledge.model import Catalogue, School
from tests.adapters.slack.refusals import faults_of

MENTION = re.compile(r"<@[UW][A-Z0-9]+>")
HOSTILE = (
    "<!channel>",
    "<!here> come",
    "<@U1>",
    "<#C1|general>",
    "<https://evil.example|the school's page>",
    "```code``` `tick`",
    ":fire: :emoji:",
    "*bold* _slanted_ ~gone~",
    "> quoted\n>>> all of it",
    "&amp; &lt; already",
    "\u200fمرحبا بالعالم \u202eabc",
    "😀👩‍👩‍👧",
    "line\nline\n\n\nline",
    '{"r": "1"}',
    "&" * 3_000,
    "x" * 3_001,
    "\n" * 40 + "end",
)
hostile_words = st.one_of(st.sampled_from(HOSTILE), st.text(min_size=1, max_size=300))


@st.composite
def long_words(draw: st.DrawFn) -> str:
    """Draw a text of any length up to 100,000, made of words that try to break it."""
    seeds = " ".join(draw(st.lists(hostile_words, min_size=1, max_size=5)))
    # Drawn in bands, since otherwise hardly any is long.
    bands = ((0, 200), (2_990, 3_010), (3_011, 13_000), (11_000, 40_000), (40_000, 100_000))
    length = draw(st.one_of(*(st.integers(*band) for band in bands)))
    repeated: str = seeds * (length // len(seeds) + 1)
    return repeated[:length]


def check(messages: Rendered | Sequence[Rendered]) -> None:
    """Fail where Slack, its SDK or our own rules would refuse a message, or where others' words could be markup."""
    for message in [messages] if isinstance(messages, Rendered) else messages:
        assert message.text
        assert not re.search(r"[<>]", message.text)
        assert len(message.text) <= 300
        check_blocks(message.blocks)
        assert faults_of(message.blocks) == []
        assert_no_markup(message.blocks)


def check_blocks(blocks: Sequence[Mapping[str, Any]]) -> None:
    """Fail where the SDK does not know a block, drops a part of it or refuses it."""
    for block in blocks:
        parsed = Block.parse(copy.deepcopy(dict(block)))
        assert parsed is not None
        assert parsed.to_dict() == block


def check_view(view: Mapping[str, Any]) -> None:
    """Fail where Slack, its SDK or our own rules would refuse a view."""
    assert View(**copy.deepcopy(dict(view))).to_dict() == view
    check_blocks(view["blocks"])
    assert faults_of(view) == []
    assert_no_markup(view)


def assert_no_markup(payload: Any) -> None:
    """Fail where anything but a mention could be read as markup."""
    assert "<" not in MENTION.sub("", json.dumps(payload, ensure_ascii=False))


def shown(blocks: Sequence[Mapping[str, Any]]) -> list[str]:
    """List every text that somebody reads, as they read it."""
    return [html.unescape(text) for block in blocks for text in _texts(block)]


def read(messages: Sequence[Rendered]) -> str:
    """Return everything that somebody reads in some messages."""
    return "\n".join(text for message in messages for text in shown(message.blocks))


def _texts(part: Any) -> Iterator[str]:
    if isinstance(part, Mapping):
        if part.get("type") in {"plain_text", "mrkdwn"}:
            yield _unquoted(part)
        for value in part.values():
            yield from _texts(value)
    elif isinstance(part, list | tuple):
        for value in part:
            yield from _texts(value)


def elements(blocks: Sequence[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """List the buttons of some blocks, those beside a text among them."""
    rows = [block["elements"] if block["type"] == "actions" else [block.get("accessory")] for block in blocks]
    return [one for row in rows for one in row if one]


def taps(messages: Sequence[Rendered]) -> dict[str, str]:
    """Return the buttons of some messages: what they do, and what stands on them."""
    found = [one for message in messages for one in elements(message.blocks)]
    return {one["action_id"]: html.unescape(one["text"]["text"]) for one in found}


def written(blocks: Sequence[Mapping[str, Any]], after: str) -> str:
    """Put together what stands in the sections beneath a label in small print, up to the next small print."""
    found, within = "", False
    for block in blocks:
        if block["type"] == "context":
            label = html.unescape(block["elements"][0]["text"])
            # The number of the message is not the end of what is told in several.
            within = label == after or (within and bool(re.fullmatch(r"\d+ of \d+", label)))
        elif within:
            found += html.unescape(_unquoted(block["text"]))
    return found


def _unquoted(text: Mapping[str, Any]) -> str:
    """Return a text without the signs that set it apart as a quote."""
    found: str = text["text"]
    return found if text["type"] == "plain_text" else re.sub("^> ", "", found, flags=re.MULTILINE)


@cache
def catalogue() -> Catalogue:
    """Return the shipped catalogue."""
    return load_catalogue(KnowledgeFolder(SHIPPED))


@cache
def schools() -> Sequence[School]:
    """Return the shipped schools."""
    topics = frozenset(topic.id for topic in catalogue().topics)
    found = [loaded.school for loaded in load_schools(KnowledgeFolder(SHIPPED), topics)]
    return [school for school in found if school]
