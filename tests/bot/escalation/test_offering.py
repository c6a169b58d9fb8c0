"""What a reply says of a concern that was recorded before."""

from collections.abc import Awaitable, Callable
from datetime import timedelta

import pytest

from bot.escalation import wording
from bot.escalation.courier import Courier
from bot.escalation.model import Escalation, Resolution
from tests.bot.escalation.staffroom import AT_RISK, DSL, Staffroom, concern, person, school
from tests.escalation_fakes import QuietBell

Since = Callable[[Staffroom, Escalation], Awaitable[object]]


async def _nothing(room: Staffroom, one: Escalation) -> None:
    """Let nothing happen."""


async def _delivered(room: Staffroom, one: Escalation) -> None:
    """Let the courier bring it to the first of the route."""
    courier = Courier(room.office, room.office.channels, QuietBell(), "worker")
    for _ in range(3):
        await courier.step()
        await courier.finish()


@pytest.mark.parametrize(
    ("since", "state", "says"),
    [
        (_nothing, "recorded", wording.RECORDED),
        (_delivered, "delivered", wording.PASSED_ON_BEFORE),
        (lambda room, one: room.desk.acknowledge(person(DSL), one.id), "acknowledged", wording.TAKEN_BEFORE),
        (
            lambda room, one: room.desk.resolve(person(DSL), one.id, Resolution.HANDLED),
            "resolved",
            wording.RESOLVED_BEFORE,
        ),
    ],
    ids=["nothing", "delivered", "taken", "resolved"],
)
async def test_a_repeat_says_what_has_come_of_the_first(since: Since, state: str, says: str) -> None:
    """Never that it has reached everybody who is named: it may have gone to one of them, or to others than today's."""
    room = Staffroom(school(places={}))
    await since(room, await room.told())
    room.clock.move(timedelta(minutes=1))
    again = await room.attend(concern(AT_RISK))
    assert again.escalation is not None
    assert (again.escalation.state, again.escalation.says) == (state, says)
    assert again.notices == (says,)
    assert "reached" not in says
    assert len(await room.raised()) == 1
