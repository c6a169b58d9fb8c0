"""Lanes: how long each waits, and what is remembered of it."""

import math
import random
from datetime import timedelta

import pytest

from bot.escalation.lanes import Lane
from tests.bot.escalation.builders import DAY, HOUR, MINUTE
from tests.escalation_fakes import MONDAY

SECOND = timedelta(seconds=1)


def lane() -> Lane:
    """Return a lane that nothing has gone through yet."""
    return Lane(MONDAY, MONDAY)


def test_a_lane_waits_for_its_pace_after_each_message() -> None:
    """Not longer, and not shorter."""
    one = lane()
    one.worked(MONDAY, 1.0)
    assert one.is_busy(MONDAY)
    assert one.is_busy(MONDAY + 0.9 * SECOND)
    assert not one.is_busy(MONDAY + SECOND)


def test_pauses_double_up_to_a_minute_and_never_come_in_step() -> None:
    """Half of each pause is left to chance."""
    one, chance, waits = lane(), random.Random(7), list[float]()  # noqa: S311 - the jitter of pauses
    for _ in range(12):
        one.failed(MONDAY, chance)
        waits.append((one.free_at - MONDAY).total_seconds())
    for wait, longest in zip(waits, [1, 2, 4, 8, 16, 32, 60, 60, 60, 60, 60, 60], strict=True):
        assert longest / 2 <= wait <= longest
    assert len(set(waits)) == len(waits)


def test_a_lane_that_works_again_begins_anew() -> None:
    """Its failures are forgotten."""
    one, chance = lane(), random.Random(7)  # noqa: S311 - the jitter of pauses
    for _ in range(6):
        one.failed(MONDAY, chance)
    one.worked(MONDAY, 0.0)
    one.failed(MONDAY, chance)
    assert one.free_at <= MONDAY + SECOND


@pytest.mark.parametrize(
    ("said", "waits"), [(30, 30), (300, 300), (0, 1), (0.2, 1), (-5, 60), (1e12, 60), (math.inf, 60), (math.nan, 60)]
)
def test_what_a_platform_says_about_waiting_is_believed_within_reason(said: float, waits: float) -> None:
    """At least a second, at most an hour; what makes no sense is a minute."""
    one = lane()
    one.throttled(MONDAY, said)
    assert (one.free_at - MONDAY).total_seconds() == waits


def test_a_clock_set_back_frees_a_lane() -> None:
    """It was held from a time that has not come yet."""
    one = lane()
    one.throttled(MONDAY, 300)
    assert one.is_busy(MONDAY + MINUTE)
    assert not one.is_busy(MONDAY - SECOND)
    assert not one.is_busy(MONDAY + 5 * MINUTE)


def test_what_is_over_is_forgotten() -> None:
    """A lane that works is dropped as soon as it is free; one that fails is known for ten minutes more."""
    works, fails = lane(), lane()
    works.worked(MONDAY, 1.0)
    fails.failed(MONDAY, random.Random(7))  # noqa: S311 - the jitter of pauses
    assert not works.is_forgotten(MONDAY)
    assert works.is_forgotten(MONDAY + SECOND)
    assert not fails.is_forgotten(MONDAY + 9 * MINUTE)
    assert fails.is_forgotten(MONDAY + HOUR)
    assert fails.is_forgotten(MONDAY - DAY)
