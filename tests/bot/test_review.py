"""When a policy's review is overdue."""

from dataclasses import replace
from datetime import date

import pytest

from bot.review import overdue_since
from tests.bot.builders import CONDUCT


@pytest.mark.parametrize(
    ("due", "today", "since"),
    [
        ("2026-11", date(2026, 11, 1), None),
        ("2026-11", date(2026, 11, 30), None),
        ("2026-11", date(2026, 12, 1), "November 2026"),
        ("2026-12", date(2027, 1, 1), "December 2026"),
        ("2027-01", date(2026, 12, 31), None),
        ("2026-11-15", date(2026, 11, 14), None),
        ("2026-11-15", date(2026, 11, 15), None),
        ("2026-11-15", date(2026, 11, 16), "November 2026"),
        ("2026-11-30", date(2026, 12, 1), "November 2026"),
        ("2021-02", date(2026, 11, 2), "February 2021"),
        (None, date(2026, 11, 2), None),
        ("", date(2026, 11, 2), None),
    ],
)
def test_a_review_is_overdue_once_its_month_or_day_is_past(due: str | None, today: date, since: str | None) -> None:
    """A month lasts to its last day, a day to its end; a policy without a date is never overdue."""
    assert overdue_since(replace(CONDUCT, review_due=due), today) == since
