"""Keeping as much of a list as there is room for."""

from collections.abc import Sequence

from adapters.chat import wording
from adapters.chat.fitting import items_that_fit, lines_that_fit, short


def test_what_fits_is_shown_whole() -> None:
    """A list for which there is room has no sentence beneath it."""
    assert lines_that_fit(["a", "b"], lambda some: len(some) <= 2) == ["a", "b"]


def test_the_rest_is_counted() -> None:
    """The sentence that says how many more there are takes room too."""

    def fits(some: Sequence[str]) -> bool:
        return len(some) <= 4

    assert lines_that_fit(list("abcdefgh"), fits) == ["a", "b", "c", wording.more_lines(5)]


def test_where_there_is_no_room_at_all_everything_is_counted() -> None:
    """Nobody takes an empty list for all there is."""
    assert lines_that_fit(["a", "b", "c"], lambda some: False) == [wording.more_lines(3)]


def test_a_line_is_one_line() -> None:
    """What is too long for a line is cut, and line breaks in it are gone."""
    assert short("a\n b\tc") == "a b c"
    assert short("abcdef", 4) == "abc…"
    assert lines_that_fit(["abcdef"], lambda some: True, 4) == ["abc…"]


def test_things_are_kept_as_long_as_they_fit() -> None:
    """The first that does not fit ends it: what comes after it would otherwise stand in the wrong place."""
    assert items_that_fit(["aa", "bbb", "c"], 4, len) == ["aa"]
    assert items_that_fit(["aa", "bb"], 4, len) == ["aa", "bb"]
    assert items_that_fit([], 0, len) == []
