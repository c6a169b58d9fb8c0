"""The figures for governors: how long each step took, and cells that no spreadsheet runs."""

import csv
import io
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.cli.escalation_figures import Figures, Summary, as_csv, figures, summaries
from bot.escalation.model import Event, LoggedEvent
from tests.contract.values import MINUTE, NOW, escalation

ROW = figures(escalation(), ())


def log(*steps: tuple[str, float]) -> list[LoggedEvent]:
    """Return a log of steps, each so many minutes after the opening."""
    events = [Event(kind, NOW + minutes * MINUTE) for kind, minutes in steps]
    return [LoggedEvent("id-one", seq, event, "") for seq, event in enumerate(events, start=1)]


def test_it_counts_as_acknowledged_when_somebody_first_took_it() -> None:
    """Passing it on and reopening it begin a new wait; the first one is what governors ask about."""
    again = escalation(acknowledged_at=NOW + 90 * MINUTE)
    assert figures(again, log(("opened", 0), ("acknowledged", 4), ("passed-on", 30), ("acknowledged", 90))) == replace(
        ROW, minutes_to_acknowledged=4.0
    )


def test_resolving_what_nobody_had_taken_is_taking_it() -> None:
    """Some close an escalation with one tap."""
    assert figures(escalation(), log(("opened", 0), ("resolved", 12))).minutes_to_acknowledged == 12.0


def test_what_did_not_happen_has_no_time() -> None:
    """A gap is a gap, not a zero."""
    assert (ROW.minutes_to_delivered, ROW.minutes_to_acknowledged, ROW.minutes_to_resolved) == (None, None, None)


def test_a_clock_set_back_gives_no_time_below_nothing() -> None:
    """A step cannot come before the opening."""
    assert figures(escalation(delivered_at=NOW - timedelta(hours=1)), ()).minutes_to_delivered == 0.0


def minutes(*taken: float | None) -> list[Figures]:
    """Return rows that were taken after so many minutes."""
    return [replace(ROW, minutes_to_acknowledged=minute) for minute in taken]


@pytest.mark.parametrize(
    ("taken", "median", "p90"),
    [
        ((), None, None),
        ((3.0,), 3.0, 3.0),
        ((1.0, 2.0), 1.5, 2.0),
        ((9.0, 1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 8.0, 90.0), 5.5, 9.0),
        ((1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 90.0), 1.0, 1.0),
    ],
)
def test_median_and_ninth_decile(taken: tuple[float, ...], median: float | None, p90: float | None) -> None:
    """Nine in ten were as quick as p90, or quicker; those that nobody took do not make it better."""
    [summed] = summaries([*minutes(*taken), *minutes(None)])
    assert (summed.median_minutes_to_acknowledged, summed.p90_minutes_to_acknowledged) == (median, p90)
    assert (summed.escalations, summed.acknowledged) == (len(taken) + 1, len(taken))


def test_schools_and_categories_are_summed_apart() -> None:
    """One line each, in a steady order."""
    rows = [replace(ROW, school=school, category=kind) for school in "ba" for kind in "yx"]
    assert [(one.school, one.category, one.escalations) for one in summaries([*rows, rows[0]])] == [
        *(("a", "x", 1), ("a", "y", 1), ("b", "x", 1), ("b", "y", 2)),
    ]


@pytest.mark.parametrize("formula", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", " =1", "＝1"])
def test_no_cell_is_a_formula(formula: str) -> None:
    """A spreadsheet that opens the file runs nothing of it."""
    [_, row] = csv.reader(io.StringIO(as_csv(Figures, [replace(ROW, category=formula)]), newline=""))
    assert row[1] == f"'{formula}"


@given(school=st.text(), category=st.text())
def test_the_csv_module_reads_back_every_cell(school: str, category: str) -> None:
    """Commas, quotes and line ends inside a cell stay inside it."""
    text = as_csv(Figures, [replace(ROW, school=school, category=category)])
    [heading, row] = csv.reader(io.StringIO(text, newline=""))
    assert heading[:2] == ["school", "category"]
    assert [cell.removeprefix("'") for cell in row[:2]] == [school.removeprefix("'"), category.removeprefix("'")]
    assert not any(cell.strip()[:1] in {"=", "+", "-", "@"} for cell in row)


def test_an_empty_summary_has_its_heading() -> None:
    """A file without rows still says what its columns are."""
    assert as_csv(Summary, []).startswith("school,category,escalations,urgent,")
