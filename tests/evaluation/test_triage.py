"""Floors under triage: how well the shipped catalogue tells live concerns from everything else, blind rows included.

Each floor stands slightly below what was measured when it was set; `make eval` prints the figures themselves.
"""

from collections.abc import Mapping

import pytest

from adapters.bootstrap import Signpost
from tests.evaluation.triage import ABOUT_CHILDREN, PARTS, Told, ask, share


@pytest.fixture(scope="module")
def told(signpost: Signpost) -> Mapping[str, list[Told]]:
    """Every message of both parts with its reply; asked once for all tests here."""
    return {part: ask(signpost, part) for part in PARTS}


def _live(rows: list[Told]) -> list[Told]:
    return [row for row in rows if row.live]


def _others(rows: list[Told]) -> list[Told]:
    return [row for row in rows if not row.live]


@pytest.mark.parametrize("part", PARTS)
def test_a_part_has_rows_of_both_kinds(told: Mapping[str, list[Told]], part: str) -> None:
    """A floor under nothing would hold."""
    assert len(_live(told[part])) > 150
    assert len(_others(told[part])) > 300


@pytest.mark.parametrize(("part", "floor"), [("open", 0.96), ("scored", 0.95)])
def test_live_concerns_are_found(told: Mapping[str, list[Told]], part: str, floor: float) -> None:
    """All but a few live concerns get advice and an offer to tell somebody."""
    assert share(_live(told[part]), lambda row: row.pinged) >= floor


@pytest.mark.parametrize("part", PARTS)
def test_other_messages_are_left_in_peace(told: Mapping[str, list[Told]], part: str) -> None:
    """At most one in eleven of all the rest is met with advice: a siren that wails at everything is muted."""
    assert share(_others(told[part]), lambda row: row.pinged) <= 0.09


@pytest.mark.parametrize("part", PARTS)
def test_hardly_anything_else_is_certain(told: Mapping[str, list[Told]], part: str) -> None:
    """Of what is no concern, hardly anything could be sent unasked."""
    assert share(_others(told[part]), lambda row: row.certain) <= 0.02


@pytest.mark.parametrize("part", PARTS)
def test_every_concern_about_a_child_says_whom_to_tell(told: Mapping[str, list[Told]], part: str) -> None:
    """RS-80: as advice or in one line, and without exception."""
    about_children = [row for row in _live(told[part]) if row.group in ABOUT_CHILDREN]
    assert about_children
    assert all(row.says_whom for row in about_children)


@pytest.mark.parametrize("part", PARTS)
def test_nearly_every_concern_says_whom_to_tell(told: Mapping[str, list[Told]], part: str) -> None:
    """Lost data and abuse of staff too."""
    assert share(_live(told[part]), lambda row: row.says_whom) >= 0.99


@pytest.mark.parametrize("part", PARTS)
def test_most_other_messages_are_answered_without_the_line(told: Mapping[str, list[Told]], part: str) -> None:
    """The line that says whom to tell keeps its weight: seven in ten of all the rest go without it."""
    assert share(_others(told[part]), lambda row: row.says_whom) <= 0.30


@pytest.mark.parametrize("part", PARTS)
def test_nothing_about_an_adult_is_certain_for_the_dsl(told: Mapping[str, list[Told]], part: str) -> None:
    """What is for the headteacher or the chair is never sent to the DSL unasked: they may be the one it is about."""
    assert sum(row.to_the_wrong_people for row in told[part]) == 0


@pytest.mark.parametrize("part", PARTS)
def test_most_concerns_go_to_the_right_people(told: Mapping[str, list[Told]], part: str) -> None:
    """Of the concerns that are found, four in five are offered to the right people first."""
    assert share([row for row in _live(told[part]) if row.pinged], lambda row: row.right_route) >= 0.80
