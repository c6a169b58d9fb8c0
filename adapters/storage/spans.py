"""How long things last in the store, and how far ahead a stored time may lie before it shows a clock set back."""

from datetime import timedelta

EVENT_LEASE = timedelta(seconds=30)
TURN_KEPT = timedelta(hours=24)

# A lease, or the wait of an urgent delivery, is never this long: one that ends later was written by a clock that ran
# ahead of the present one, and waiting for it would hold an urgent message back by as much.
CLOCK_SLACK = timedelta(minutes=10)

# The longest step of an urgent chase is an hour (design.md, section 9); the slack is added to it.
CHASE_HORIZON = timedelta(hours=1) + CLOCK_SLACK
