"""How long things last in the store, and how far ahead a stored time may lie before it shows a clock set back."""

from datetime import timedelta

EVENT_LEASE = timedelta(seconds=30)
TURN_KEPT = timedelta(hours=24)

# A lease, or the wait of an urgent delivery, is never this long: one that ends later was written by a clock that ran
# ahead of the present one, and waiting for it would hold an urgent message back by as much.
CLOCK_SLACK = timedelta(minutes=10)

# The longest step of an urgent chase is an hour (design.md, section 9); the slack is added to it.
CHASE_HORIZON = timedelta(hours=1) + CLOCK_SLACK

# Nothing calm waits for longer: the summer holidays, and some weeks.
FAR_OFF = timedelta(days=120)

# After so long a row that cannot be read is tried again. Less than the slack, so that an urgent one keeps to it.
DAMAGED_PAUSE = timedelta(minutes=5)
