"""Figures about escalations for governors: how many, of what kind, and how long each step took. Nobody can be named."""

import csv
import io
import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from statistics import median

from bot.escalation.hours import local_date
from bot.escalation.model import Escalation, LoggedEvent

# Whoever resolves an escalation that nobody had taken, took it at that moment.
_TAKES = frozenset({"acknowledged", "resolved"})
# A spreadsheet takes a cell that begins with one of these for a formula.
_FORMULA = frozenset("=+-@＝＋－＠")
_SLOWEST = 0.9

Cell = str | int | float | bool | None


@dataclass(frozen=True, slots=True)
class Figures:
    """One escalation as governors may see it. Minutes count from its opening; None where it did not come to that."""

    school: str
    category: str
    route: str
    urgent: bool
    certainty: str
    staff: bool
    opened: str
    minutes_to_delivered: float | None
    minutes_to_acknowledged: float | None
    minutes_to_resolved: float | None
    resolution: str | None


@dataclass(frozen=True, slots=True)
class Summary:
    """The escalations of one category at one school: how many came how far, and in how many minutes.

    `p90` is the time within which nine in ten of those that came so far did.
    """

    school: str
    category: str
    escalations: int
    urgent: int
    delivered: int
    acknowledged: int
    resolved: int
    median_minutes_to_delivered: float | None
    p90_minutes_to_delivered: float | None
    median_minutes_to_acknowledged: float | None
    p90_minutes_to_acknowledged: float | None
    median_minutes_to_resolved: float | None
    p90_minutes_to_resolved: float | None


def figures(one: Escalation, events: Sequence[LoggedEvent]) -> Figures:
    """Return the figures of an escalation. It counts as acknowledged when somebody first took it."""
    taken = next((logged.event.at for logged in events if logged.event.kind in _TAKES), one.acknowledged_at)
    return Figures(
        school=one.school,
        category=one.category,
        route=str(one.route),
        urgent=one.urgent,
        certainty=one.certainty,
        staff=one.staff,
        opened=local_date(one.opened_at).isoformat(),
        minutes_to_delivered=_minutes(one.opened_at, one.delivered_at),
        minutes_to_acknowledged=_minutes(one.opened_at, taken),
        minutes_to_resolved=_minutes(one.opened_at, one.resolved_at),
        resolution=str(one.resolution) if one.resolution else None,
    )


def summaries(rows: Iterable[Figures]) -> list[Summary]:
    """Sum up, one line a school and category."""
    groups: dict[tuple[str, str], list[Figures]] = {}
    for row in rows:
        groups.setdefault((row.school, row.category), []).append(row)
    return [_summary(school, category, group) for (school, category), group in sorted(groups.items())]


def as_csv(kind: type[Figures] | type[Summary], rows: Sequence[Figures | Summary]) -> str:
    """Return rows as CSV with a heading, safe to open in a spreadsheet."""
    written = io.StringIO()
    writer = csv.writer(written)
    writer.writerow(kind.__dataclass_fields__)
    writer.writerows([_cell(value) for value in asdict(row).values()] for row in rows)
    return written.getvalue()


def as_objects(rows: Sequence[Figures | Summary]) -> list[Mapping[str, Cell]]:
    """Return rows as JSON objects."""
    return [asdict(row) for row in rows]


def _summary(school: str, category: str, group: Sequence[Figures]) -> Summary:
    delivered = sorted(row.minutes_to_delivered for row in group if row.minutes_to_delivered is not None)
    acknowledged = sorted(row.minutes_to_acknowledged for row in group if row.minutes_to_acknowledged is not None)
    resolved = sorted(row.minutes_to_resolved for row in group if row.minutes_to_resolved is not None)
    return Summary(
        school=school,
        category=category,
        escalations=len(group),
        urgent=sum(row.urgent for row in group),
        delivered=len(delivered),
        acknowledged=len(acknowledged),
        resolved=len(resolved),
        median_minutes_to_delivered=_median(delivered),
        p90_minutes_to_delivered=_p90(delivered),
        median_minutes_to_acknowledged=_median(acknowledged),
        p90_minutes_to_acknowledged=_p90(acknowledged),
        median_minutes_to_resolved=_median(resolved),
        p90_minutes_to_resolved=_p90(resolved),
    )


def _median(minutes: Sequence[float]) -> float | None:
    return round(median(minutes), 1) if minutes else None


def _p90(ascending: Sequence[float]) -> float | None:
    """Return the 90th percentile by nearest rank: a time that was really taken."""
    return ascending[math.ceil(_SLOWEST * len(ascending)) - 1] if ascending else None


def _minutes(start: datetime, end: datetime | None) -> float | None:
    # A clock that was set back must not give less than no time.
    return max(0.0, round((end - start).total_seconds() / 60, 1)) if end else None


def _cell(value: Cell) -> Cell:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, str) and value.strip()[:1] in _FORMULA:
        return f"'{value}"
    return value
