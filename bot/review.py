"""Tells whether a policy's review is overdue."""

from datetime import date

from knowledge.model import Policy


def overdue_since(policy: Policy, today: date) -> str | None:
    """Return the month a policy was due for review, such as "February 2021", once that month or day is past."""
    if not policy.review_due:
        return None
    year, month, *day = (int(part) for part in policy.review_due.split("-"))
    past = date(year, month, day[0]) < today if day else (year, month) < (today.year, today.month)
    return f"{date(year, month, 1):%B %Y}" if past else None
