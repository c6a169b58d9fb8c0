"""What stands in front of a line of a policy: bullet signs, printed numbers, and what makes a line a heading."""

import re
from typing import NamedTuple

_BULLET = re.compile(r"^(?:[·•▪‣◦●■□*§\uf0b7]\s*|[-–—]\s+|o\s+(?=[A-Z]))")
_LETTER = re.compile(r"^\(?([a-z]|[ivx]{1,4})\)\s+")
_MONTHS = "January|February|March|April|May|June|July|August|September|October|November|December"
_NUMBER = re.compile(
    rf"^((?:\d{{1,3}}\.)+\d{{1,3}}|\d{{1,3}}(?=[.)\s]))(?!\s(?:{_MONTHS})\s\d)[.)]?\s*(?=[A-Z‘“'\"(*])"
)
_ITEM_NUMBER = re.compile(r"^(\d{1,2})[.)]\s+(?=[a-z])")
_LONE_NUMBER = re.compile(r"^\d{1,3}(\.\d{1,3})*[.)]?$")
_CONTENTS = re.compile(r"\S\s*(?:\.{4,}|…{2,}|_{4,})\s*\d{1,3}$")
_SMALL_WORDS = frozenset("a an and as at by for from in of on or the to with".split())
_HEADING_WORDS = 9
_LONGEST_ENTRY = 300
_SENTENCE_END = (".", "!", "?", ";", ",")


class Marked(NamedTuple):
    """A line without the sign in front of it; `number` is the printed number or letter, if there was one."""

    text: str
    number: str | None
    is_item: bool


def take_sign(line: str) -> Marked:
    """Split the bullet sign or printed number off a line.

    Numbers glued to their text ("1.1Social media", "2.Objectives") come apart as well.
    """
    if bullet := _BULLET.match(line):
        return Marked(line[bullet.end() :].strip(), None, True)
    if letter := _LETTER.match(line):
        return Marked(line[letter.end() :].strip(), letter.group(1), True)
    if item := _ITEM_NUMBER.match(line):
        return Marked(line[item.end() :].strip(), item.group(1), True)
    if number := _NUMBER.match(line):
        return Marked(line[number.end() :].strip(), number.group(1), False)
    return Marked(line, None, False)


def is_lone_number(line: str) -> bool:
    """Tell a printed number that stands alone on its line, as text taken out of a PDF has it."""
    return bool(_LONE_NUMBER.match(line))


def is_contents_line(line: str) -> bool:
    """Tell a line of a contents list by its dots and page number."""
    return len(line) <= _LONGEST_ENTRY and bool(_CONTENTS.search(line))


def leads_in(text: str) -> bool:
    """Tell a stem that leads in to what follows: it ends in a colon, printed ":" or ":-"."""
    return text.rstrip("-–— ").endswith(":")


def is_heading(text: str, *, numbered: bool = False) -> bool:
    """Tell a heading by its shape: short, no full stop, and written as a title.

    A line that ends in a colon is a heading only when it is written as a title ("Key Principles:"); otherwise it
    leads in to what follows ("Staff must not:").
    """
    words = text.rstrip(":-–— ").split()
    if not words or len(words) > _HEADING_WORDS or text.endswith(_SENTENCE_END):
        return False
    if not words[0][0].isalnum() or words[0][0].islower() or not any(map(str.isalpha, text)):
        return False
    if leads_in(text):
        return _is_title(words)
    return numbered or _is_title(words) or len(words) <= 6


def _is_title(words: list[str]) -> bool:
    telling = [word for word in words if word.lower() not in _SMALL_WORDS and word[0].isalpha()]
    return all(word[0].isupper() for word in telling)
