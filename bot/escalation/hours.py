"""When the school is open: what waits for the next school morning, and how much school time has passed.

Instants go in and come out as aware UTC; the school's clock is British time, summer and winter.
"""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from knowledge.model import Hours

LONDON = ZoneInfo("Europe/London")
OFFICE = Hours(("mon", "tue", "wed", "thu", "fri"), "08:00", "17:00")

_WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_DAY = timedelta(days=1)


def local_date(at: datetime) -> date:
    """Return the date at the school."""
    return at.astimezone(LONDON).date()


class Timetable:
    """The hours of a school; office hours where it gave none, or none that ever open.

    Between two terms the school is closed. After the last term it listed nobody knows its holidays, so that every one
    of its days counts as open: nothing waits for ever.
    """

    def __init__(self, hours: Hours | None) -> None:
        sound = hours is not None and bool(hours.days) and hours.opens < hours.closes
        kept = hours if hours is not None and sound else OFFICE
        self._opens = time.fromisoformat(kept.opens)
        self._closes = time.fromisoformat(kept.closes)
        self._days = frozenset(_WEEKDAYS.index(day) for day in kept.days)
        terms = hours.terms if hours is not None else ()
        self._terms = tuple((date.fromisoformat(first), date.fromisoformat(last)) for first, last in terms)

    def is_open(self, at: datetime) -> bool:
        """Tell whether the school is open."""
        opens, closes = self._window(local_date(at))
        return opens <= at < closes

    def opening_from(self, at: datetime) -> datetime:
        """Return the instant itself where the school is open, else its next opening."""
        return next(max(opens, at) for opens, closes in self._windows(local_date(at)) if at < closes)

    def next_morning(self, at: datetime) -> datetime:
        """Return the opening of the next school day after the instant's own date."""
        return next(opens for opens, _ in self._windows(local_date(at) + _DAY))

    def after_open_time(self, at: datetime, amount: timedelta) -> datetime:
        """Return the instant at which so much school time has passed."""
        left = amount
        for opens, closes in self._windows(local_date(at)):
            since = max(opens, at)
            if since < closes:
                if left <= closes - since:
                    return since + left
                left -= closes - since
        raise AssertionError("there is always another school day")

    def _windows(self, day: date) -> Iterator[tuple[datetime, datetime]]:
        """Yield when the school opens and closes, day after day; never ends."""
        while True:
            opens, closes = self._window(day)
            if opens < closes:
                yield opens, closes
            day += _DAY

    def _window(self, day: date) -> tuple[datetime, datetime]:
        """Return when the school opens and closes on a day; where it stays closed, it does not close after it opens."""
        opens = datetime.combine(day, self._opens, LONDON).astimezone(UTC)
        closes = datetime.combine(day, self._closes, LONDON).astimezone(UTC)
        return (opens, closes) if self._is_school_day(day) else (opens, opens)

    def _is_school_day(self, day: date) -> bool:
        if day.weekday() not in self._days:
            return False
        ended = all(last < day for _, last in self._terms)
        return ended or any(first <= day <= last for first, last in self._terms)
