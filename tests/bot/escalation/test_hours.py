"""When the school is open, and how much school time has passed."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from bot.escalation.hours import LONDON, Timetable, local_date
from knowledge.model import Hours

WEEK = ("mon", "tue", "wed", "thu", "fri")
TERMS = (("2026-09-02", "2026-12-18"), ("2027-01-05", "2027-03-25"))
SCHOOL = Timetable(Hours(WEEK, "07:45", "17:30", TERMS))
EVERY_DAY = Timetable(Hours((*WEEK, "sat", "sun"), "08:00", "16:00"))


def _at(text: str) -> datetime:
    """Return an instant from the school's own clock."""
    return datetime.fromisoformat(text).replace(tzinfo=LONDON).astimezone(UTC)


@pytest.mark.parametrize(
    ("at", "is_open"),
    [
        ("2026-11-02 07:44", False),
        ("2026-11-02 07:45", True),
        ("2026-11-02 17:29", True),
        ("2026-11-02 17:30", False),
        ("2026-11-07 10:00", False),  # a Saturday
        ("2026-12-18 10:00", True),  # the last day of term
        ("2026-12-21 10:00", False),  # a Monday in the holidays
        ("2026-09-01 10:00", False),  # before the first term
        ("2026-10-23 08:00", True),  # summer time
    ],
)
def test_school_is_open_on_its_days_at_its_hours_in_term(at: str, is_open: bool) -> None:
    """Days, hours and terms together say when the school is open, by its own clock."""
    assert SCHOOL.is_open(_at(at)) is is_open


@pytest.mark.parametrize(
    ("at", "opening", "morning"),
    [
        ("2026-11-02 10:00", "2026-11-02 10:00", "2026-11-03 07:45"),
        ("2026-11-02 06:00", "2026-11-02 07:45", "2026-11-03 07:45"),
        ("2026-11-02 17:30", "2026-11-03 07:45", "2026-11-03 07:45"),
        ("2026-11-06 22:00", "2026-11-09 07:45", "2026-11-09 07:45"),  # a Friday night
        ("2026-12-18 18:00", "2027-01-05 07:45", "2027-01-05 07:45"),  # into the holidays
        ("2026-12-18 09:00", "2026-12-18 09:00", "2027-01-05 07:45"),  # the last morning of term
        ("2026-10-23 17:45", "2026-10-26 07:45", "2026-10-26 07:45"),  # over the end of summer time
        ("2026-08-20 12:00", "2026-09-02 07:45", "2026-09-02 07:45"),
    ],
)
def test_what_waits_waits_for_the_next_opening(at: str, opening: str, morning: str) -> None:
    """What can wait comes when the school is next open; a reminder comes on the next school day's morning."""
    assert SCHOOL.opening_from(_at(at)) == _at(opening)
    assert SCHOOL.next_morning(_at(at)) == _at(morning)


@pytest.mark.parametrize(
    ("at", "hours", "then"),
    [
        ("2026-11-02 09:00", 4, "2026-11-02 13:00"),
        ("2026-11-02 13:30", 4, "2026-11-02 17:30"),
        ("2026-11-02 15:30", 4, "2026-11-03 09:45"),
        ("2026-11-02 20:00", 4, "2026-11-03 11:45"),
        ("2026-11-06 16:30", 4, "2026-11-09 10:45"),  # over a weekend
        ("2026-12-18 16:30", 4, "2027-01-05 10:45"),  # over the holidays
        ("2026-10-23 16:30", 4, "2026-10-26 10:45"),  # over the end of summer time
        ("2026-11-02 09:00", 24, "2026-11-04 13:30"),
        ("2026-11-02 09:00", 0, "2026-11-02 09:00"),
        ("2026-11-02 17:30", 0, "2026-11-03 07:45"),
    ],
)
def test_school_hours_count_while_the_school_is_open_alone(at: str, hours: int, then: str) -> None:
    """Four school hours pass by day: nights, weekends and holidays do not count."""
    assert SCHOOL.after_open_time(_at(at), timedelta(hours=hours)) == _at(then)


@pytest.mark.parametrize(
    ("day", "opens", "closes"),
    [
        ("2026-03-28", "08:00", "16:00"),
        ("2026-03-29", "07:00", "15:00"),  # the clocks go forward
        ("2026-10-24", "07:00", "15:00"),
        ("2026-10-25", "08:00", "16:00"),  # the clocks go back
    ],
)
def test_hours_are_the_schools_own_clock_on_both_change_sundays(day: str, opens: str, closes: str) -> None:
    """Eight in the morning is eight at the school, whichever the season; UTC moves instead."""
    opening = EVERY_DAY.opening_from(datetime.fromisoformat(f"{day}T05:00Z"))
    assert opening == datetime.fromisoformat(f"{day}T{opens}Z")
    assert EVERY_DAY.after_open_time(opening, timedelta(hours=8)) == datetime.fromisoformat(f"{day}T{closes}Z")


@pytest.mark.parametrize(("day", "night_hours"), [("2026-03-28", 15), ("2026-10-24", 17)])
def test_night_of_a_change_is_an_hour_shorter_or_longer(day: str, night_hours: int) -> None:
    """The night in which the clocks change counts its true length."""
    closing = _at(f"{day} 16:00")
    assert EVERY_DAY.next_morning(closing) - closing == timedelta(hours=night_hours)


@pytest.mark.parametrize("opens", ["01:15", "01:30"])
def test_an_hour_that_a_change_skips_ends_nothing(opens: str) -> None:
    """Hours that lie in the skipped hour open a moment later or not at all that day, and never run backwards."""
    odd = Timetable(Hours(("sun",), opens, "02:10"))
    at = datetime(2026, 3, 28, 12, tzinfo=UTC)
    assert odd.is_open(odd.opening_from(at))


@pytest.mark.parametrize(
    "hours",
    [None, Hours((), "07:45", "17:30"), Hours(WEEK, "17:30", "07:45"), Hours(WEEK, "08:00", "08:00")],
    ids=["none", "no days", "backwards", "empty"],
)
def test_office_hours_count_where_the_school_gave_none_that_open(hours: Hours | None) -> None:
    """Without hours it is Monday to Friday, eight to five, so that nothing waits for ever."""
    office = Timetable(hours)
    assert office.opening_from(_at("2026-11-06 17:00")) == _at("2026-11-09 08:00")
    assert office.after_open_time(_at("2026-11-06 16:00"), timedelta(hours=1)) == _at("2026-11-06 17:00")


@pytest.mark.parametrize(
    ("at", "opening"),
    [
        ("2027-03-25 18:00", "2027-03-26 07:45"),
        ("2027-08-04 10:00", "2027-08-04 10:00"),
        ("2027-03-27 10:00", "2027-03-29 07:45"),
    ],
)
def test_every_school_day_counts_once_the_listed_terms_have_ended(at: str, opening: str) -> None:
    """Nobody knows the holidays after the last term listed; nothing waits for a term that never comes."""
    assert SCHOOL.opening_from(_at(at)) == _at(opening)


@pytest.mark.parametrize(
    ("at", "day"),
    [("2026-06-30T23:30Z", date(2026, 7, 1)), ("2026-12-31T23:30Z", date(2026, 12, 31))],
)
def test_date_is_the_schools(at: str, day: date) -> None:
    """Half past eleven in UTC is tomorrow at the school in summer, and today in winter."""
    assert local_date(datetime.fromisoformat(at)) == day


_CLOCKS = st.times().map(lambda clock: clock.strftime("%H:%M"))
_DATES = st.dates(date(2026, 1, 1), date(2028, 1, 1))
_INSTANTS = st.datetimes(datetime(2026, 1, 1), datetime(2028, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001
_AMOUNTS = st.timedeltas(timedelta(0), timedelta(days=3))


@st.composite
def _timetables(draw: st.DrawFn) -> Timetable:
    days = draw(st.sets(st.sampled_from((*WEEK, "sat", "sun"))))
    spans = draw(st.lists(st.tuples(_DATES, _DATES).map(sorted), max_size=3))
    terms = tuple((str(first), str(last)) for first, last in spans)
    opens, closes = draw(_CLOCKS), draw(_CLOCKS)
    return Timetable(Hours(tuple(days), opens, closes, terms))


@settings(deadline=None)
@given(_timetables(), _INSTANTS)
def test_next_opening_is_open_and_never_before(timetable: Timetable, at: datetime) -> None:
    """Whatever the hours, the school opens again; a school that is open need not wait."""
    opening = timetable.opening_from(at)
    assert opening >= at
    assert timetable.is_open(opening)
    assert (opening == at) is timetable.is_open(at)


@settings(deadline=None)
@given(_timetables(), _INSTANTS)
def test_next_morning_is_an_opening_of_a_later_day(timetable: Timetable, at: datetime) -> None:
    """The next school morning is when a later day begins, never the same day again."""
    morning = timetable.next_morning(at)
    assert local_date(morning) > local_date(at)
    assert timetable.is_open(morning)
    assert not timetable.is_open(morning - timedelta(seconds=1))


@settings(deadline=None)
@given(_timetables(), _INSTANTS, _INSTANTS, _AMOUNTS, _AMOUNTS)
def test_school_time_runs_forward(
    timetable: Timetable, at: datetime, later: datetime, amount: timedelta, more: timedelta
) -> None:
    """Whoever starts later, or waits for more, is never done sooner."""
    assume(at <= later)
    done = timetable.after_open_time(at, amount)
    assert done >= at + amount
    assert timetable.after_open_time(later, amount) >= done
    assert timetable.after_open_time(at, amount + more) >= done


@settings(deadline=None)
@given(_timetables(), _INSTANTS, _AMOUNTS, _AMOUNTS)
def test_school_time_adds_up(timetable: Timetable, at: datetime, first: timedelta, second: timedelta) -> None:
    """Waiting twice comes to the same as waiting once for both."""
    assume(second)
    assert timetable.after_open_time(timetable.after_open_time(at, first), second) == timetable.after_open_time(
        at, first + second
    )
