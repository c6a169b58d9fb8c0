"""Alarms: once for each thing, again when it broke anew, and a reminder of what lasts."""

from bot.escalation.alarms import Alarms
from tests.bot.escalation.builders import DAY, DSL_INBOX, HOUR, MINUTE, PLACE
from tests.escalation_fakes import QuietBell, TickingClock


def alarms() -> tuple[Alarms, QuietBell, TickingClock]:
    """Return alarms with the bell they ring and the clock they read."""
    bell, clock = QuietBell(), TickingClock()
    return Alarms(bell, clock), bell, clock


def test_each_thing_rings_once() -> None:
    """Every try finds it wrong; the operator hears of it once."""
    one, bell, clock = alarms()
    for _ in range(10):
        one.ring("undeliverable", "oakwood", "K7", PLACE, reason="gone")
        clock.move(MINUTE)
    assert bell.kinds == ["undeliverable"]
    one.ring("undeliverable", "oakwood", "K8", PLACE)
    one.ring("undeliverable", "oakwood", "K7", DSL_INBOX)
    one.ring("delayed", "oakwood", "K7", PLACE)
    assert len(bell.alarms) == 4


def test_what_broke_again_rings_again() -> None:
    """A message arrived at the address in between."""
    one, bell, _ = alarms()
    one.ring("delayed", "oakwood", "K7", PLACE)
    one.arrived_at(DSL_INBOX)
    one.ring("delayed", "oakwood", "K7", PLACE)
    assert len(bell.alarms) == 1
    one.arrived_at(PLACE)
    one.ring("delayed", "oakwood", "K7", PLACE)
    assert len(bell.alarms) == 2


def test_an_escalation_that_reaches_nobody_a_second_time_rings_again() -> None:
    """Somebody was told of it in between; what is wrong with an address stays known."""
    one, bell, _ = alarms()
    one.ring("undelivered", "oakwood", "K7")
    one.ring("undeliverable", "oakwood", "K7", PLACE)
    one.told("K7")
    one.ring("undelivered", "oakwood", "K7")
    one.ring("undeliverable", "oakwood", "K7", PLACE)
    assert bell.kinds == ["undelivered", "undeliverable", "undelivered"]


def test_a_store_that_fails_anew_rings_anew() -> None:
    """Something could be written in between."""
    one, bell, _ = alarms()
    one.ring("store", reason="full")
    one.ring("store", reason="full")
    one.mended("store")
    one.ring("store", reason="full")
    assert bell.kinds == ["store", "store"]


def test_what_lasts_is_brought_to_mind_every_hour() -> None:
    """Also when the clock was set back meanwhile."""
    one, bell, clock = alarms()
    one.ring("store")
    clock.move(HOUR)
    one.ring("store")
    clock.move(-DAY)
    one.ring("store")
    assert len(bell.alarms) == 3


def test_an_alarm_names_a_place_and_the_role_of_a_person() -> None:
    """The id of a person can be a mail address, and so a name."""
    one, bell, _ = alarms()
    one.ring("delayed", "oakwood", "K7", PLACE, reason="down")
    one.ring("delayed", "oakwood", "K7", DSL_INBOX, reason="down")
    assert [dict(alarm.detail) for alarm in bell.alarms] == [
        {"to": "web:safe-place", "reason": "down"},
        {"to": "web dsl", "reason": "down"},
    ]


def test_what_is_known_of_alarms_does_not_grow_for_ever() -> None:
    """The oldest of a thousand others may ring once more."""
    one, bell, _ = alarms()
    for number in range(1_001):
        one.ring("undelivered", "oakwood", f"K{number}")
    one.ring("undelivered", "oakwood", "K1000")
    assert len(bell.alarms) == 1_001
    one.ring("undelivered", "oakwood", "K0")
    assert len(bell.alarms) == 1_002
