"""Slack's own markup: the only place that makes it, and that keeps everybody else's words from being read as it.

Slack reads `&`, `<` and `>` in every text object. These are escaped; other signs of its markup cannot be. So words that
are not our own go into plain text, where `*`, `_`, backticks and `:emoji:` stay what they are (RS-11).
"""

import re
from bisect import bisect_right
from itertools import accumulate

_ENTITIES = {"&": "&amp;", "<": "&lt;", ">": "&gt;"}
_TABLE = str.maketrans(_ENTITIES)
_MARKUP = re.compile("<([^<>]+)>")
_A_COLLEAGUE = "a colleague"
_ENDING = "…"
# Signs that could be read as markup inside a quote; a colon could end an emoji.
_SIGNS = re.compile(r"[*_~`<>\r]|:\S+:")
_MEMBER = re.compile(r"[UW][A-Z0-9]{1,30}")


def escape(text: str) -> str:
    """Escape what Slack would read, and nothing else."""
    return text.translate(_TABLE)


def units(text: str) -> int:
    """Return the length of a text in UTF-16 units: Slack does not say what it counts, and no count of it is higher."""
    return len(text) if text.isascii() else len(text.encode("utf-16-le")) // 2


def cut(text: str, limit: int) -> str:
    """Escape a text and cut it to so many units of the escaped text, never inside an entity (RS-12)."""
    escaped = escape(text)
    if units(escaped) <= limit:
        return escaped
    kept = text[: _fitting(text, 0, limit - units(_ENDING))].rstrip()
    return f"{escape(kept)}{_ENDING}"


def pieces(text: str, limit: int) -> tuple[str, ...]:
    """Split a text, escaped, into pieces of so many units at most; put together they are the whole text again.

    A piece ends after a line or a word where there is one to end after.
    """
    escaped = escape(text)
    if units(escaped) <= limit:
        return (escaped,) if escaped else ()
    found, start = [], 0
    while start < len(text):
        end = _fitting(text, start, limit)
        if end < len(text):
            end = _after_a_pause(text, start, end)
        found.append(escape(text[start:end]))
        start = end
    return tuple(found)


def mention(member: str) -> str | None:
    """Mention somebody by their member id; None where it cannot be one."""
    return f"<@{member}>" if _MEMBER.fullmatch(member) else None


def bold(text: str) -> str:
    """Put our own words in bold. Words of others never come here: their signs could end it."""
    return f"*{escape(text)}*"


def quoted(text: str) -> str | None:
    """Put words into a quote, line by line; None where any of their signs could be read as markup inside it."""
    return None if _SIGNS.search(text) else "\n".join(f"> {line}" for line in escape(text).split("\n"))


def _fitting(text: str, start: int, limit: int) -> int:
    """Return where the longest piece from `start` ends whose escaped text fits; at least one letter always does."""
    window = text[start : start + limit]
    ends = list(accumulate(len(_ENTITIES.get(letter, letter)) + (letter > "\uffff") for letter in window))
    return start + max(1, bisect_right(ends, limit))


def _after_a_pause(text: str, start: int, end: int) -> int:
    least = start + (end - start) // 2
    for pause in ("\n", " "):
        found = text.rfind(pause, least, end)
        if found >= 0:
            return found + 1
    return end


def as_typed(text: str, bot_user: str | None) -> str:
    """Return what somebody typed, from how Slack sends it: its own mention left out, links and mentions as words."""

    def words_for(found: re.Match[str]) -> str:
        target, _, label = found[1].partition("|")
        if bot_user and target == f"@{bot_user}":
            return " "
        if target.startswith("@"):
            return f"@{label}" if label else _A_COLLEAGUE
        return label or target.lstrip("#!")

    plain = _MARKUP.sub(words_for, text)
    for sign, entity in reversed(_ENTITIES.items()):
        plain = plain.replace(entity, sign)
    return " ".join(plain.split(" ")).strip()
