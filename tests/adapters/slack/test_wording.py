"""What Slack says beside what comes with a reply."""

import re
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path

import pytest

from adapters import web
from adapters.chat import wording
from bot.escalation.message import Act
from bot.escalation.model import Resolution
from bot.types import Action

# What stands on the page of the try-out too.
SHARED = """WHAT_TO_DO EMERGENCY NO_RULE IN_SHORT IN_PLAIN_WORDS SECTION POLICY VERSION ISSUED PULL_APART READ_TOO ALSO
WHO_TO_ASK WHO_TO_TELL PHONE E_MAIL IN_PERSON WHO_WILL_READ WHO_CAN_READ NOBODY_TOLD NOBODY_ELSE APART
PASSED_ON RECORDED NOT_TAKEN TAKEN RESOLVED WHAT_WAS_WRITTEN OPENING_IS_NOTED STILL_WITH_ME YOUR_REPLY
SEND_REPLY TO_WHOM HAND_ON WHAT_CAME RESOLVE_IT YOUR_MESSAGE SEND NO_NAMES""".split()


class _Page(HTMLParser):
    """Gathers the text of each block of the page, however it is marked up."""

    def __init__(self) -> None:
        super().__init__()
        self.text = ""

    def handle_data(self, data: str) -> None:
        """Take a piece of text."""
        self.text += data


def _page() -> str:
    page = _Page()
    page.feed((Path(web.__file__).parent / "static" / "index.html").read_text(encoding="utf-8"))
    return page.text


def _constants() -> Iterator[tuple[str, str]]:
    yield from ((name, text) for name, text in vars(wording).items() if name.isupper() and isinstance(text, str))


def _sentences() -> Iterator[str]:
    yield from (text for _, text in _constants())
    yield from wording.ACTIONS.values()
    yield from wording.ACTS.values()
    yield from map(wording.resolution, Resolution)
    yield from (wording.part(1, 2), wording.more_lines(3), wording.left_out(1), wording.left_out(2))


@pytest.mark.parametrize("name", SHARED)
def test_both_platforms_say_the_same(name: str) -> None:
    """Whatever the try-out says too reads word for word as it does there."""
    assert getattr(wording, name) in _page()


def test_both_platforms_have_the_same_buttons() -> None:
    """A button that stands on the page and in Slack has one name."""
    page = _page()
    assert set(wording.ACTIONS) == set(Action)
    assert set(wording.ACTS) == set(Act)
    for label in (*wording.ACTIONS.values(), *wording.ACTS.values(), *map(wording.resolution, Resolution)):
        assert label in page


@pytest.mark.parametrize("text", list(_sentences()))
def test_the_words_are_calm_and_promise_nothing(text: str) -> None:
    """No exclamation, and nothing is called confidential, anonymous or a secret (RS-84)."""
    assert "!" not in text
    assert not re.search(r"confidential|anonym|secret", text, re.IGNORECASE)


@pytest.mark.parametrize("text", list(_sentences()))
def test_nobody_is_asked_to_investigate(text: str) -> None:
    """Nothing asks who it is, or for anybody's name (RS-85)."""
    assert not re.search(r"\bwho (is|was) (it|involved)|\bnames? of\b|child's name|pupil's name", text, re.IGNORECASE)
