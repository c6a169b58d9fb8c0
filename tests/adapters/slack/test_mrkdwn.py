"""Words of others never become Slack's markup."""

import html

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from adapters.slack.mrkdwn import cut, escape, mention, pieces, units
from tests.adapters.slack.payloads import hostile_words, long_words


def test_three_signs_are_escaped_and_nothing_else() -> None:
    """Only what Slack reads is escaped; everything else stays as it was written."""
    assert escape("""a & b < c > d "e" 'f' *g*""") == """a &amp; b &lt; c &gt; d "e" 'f' *g*"""
    assert escape("&amp;") == "&amp;amp;"


@pytest.mark.parametrize("text", ["<!channel>", "<!here>", "<@U1>", "<#C1>", "<url|x>", "<!subteam^S1>"])
def test_nobody_is_called_and_nothing_is_linked_by_typing_it(text: str) -> None:
    """What would ring for a whole channel is shown as it was typed."""
    assert not set("<>") & set(escape(text))
    assert html.unescape(escape(text)) == text


def test_a_cut_never_falls_inside_an_entity() -> None:
    """Three thousand ampersands are cut to what fits, each of them whole."""
    found = cut("&" * 3_000, 3_000)
    assert units(found) <= 3_000
    assert found == "&amp;" * 599 + "…"


def test_a_text_that_fits_is_not_cut() -> None:
    """A text of just the limit stays whole, and one sign more cuts it."""
    assert cut("a" * 10, 10) == "a" * 10
    assert cut("a" * 11, 10) == "a" * 9 + "…"
    assert cut("Do not reply now", 8) == "Do not…"


def test_a_letter_of_two_units_counts_as_two() -> None:
    """Slack does not say what it counts, so that the highest count is taken, and no letter is cut in two."""
    assert units("a😀") == 3
    assert cut("😀" * 5, 8) == "😀" * 3 + "…"


@given(hostile_words, st.integers(1, 60))
@settings(max_examples=60, deadline=None)
def test_whatever_is_cut_fits_and_is_what_it_began_with(text: str, limit: int) -> None:
    """A cut text is escaped, within its limit, and the beginning of what was written."""
    found = cut(text, limit)
    assert units(found) <= max(limit, 6)
    assert not set("<>") & set(found)
    kept = html.unescape(found)
    assert kept == text or text.startswith(kept.removesuffix("…"))


@given(long_words(), st.integers(20, 3_000))
@settings(max_examples=50, deadline=None)
def test_pieces_are_the_whole_text_again(text: str, limit: int) -> None:
    """Pieces of a text fit one by one, and put together are the text, sign by sign."""
    found = pieces(text, limit)
    assert all(0 < units(piece) <= limit for piece in found)
    assert not any(set("<>") & set(piece) for piece in found)
    assert "".join(map(html.unescape, found)) == text


def test_a_piece_ends_after_a_line_or_else_after_a_word() -> None:
    """A long text is split where people would pause."""
    assert pieces("one two\nthree four", 14) == ("one two\n", "three four")
    assert pieces("one two three four", 12) == ("one two ", "three four")
    assert pieces("onetwothreefour", 6) == ("onetwo", "threef", "our")


@pytest.mark.parametrize("member", ["U0HEAD", "W012A3CDE"])
def test_a_member_is_mentioned_by_their_id(member: str) -> None:
    """People with a Slack id in the register are mentioned."""
    assert mention(member) == f"<@{member}>"


@pytest.mark.parametrize(
    "value", ["", "U", "u0head", "head@model.example", "U1>", "!channel", "C0SAFE", "U1|x", "U1\n"]
)
def test_nothing_else_is_a_mention(value: str) -> None:
    """What cannot be the id of a member is never put between the signs of a mention."""
    assert mention(value) is None
