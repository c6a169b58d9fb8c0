"""Nobody is left to whom it could be delivered: whoever raised it reads so at once, and tells somebody themselves."""

from datetime import timedelta

import pytest

from bot.escalation import wording
from bot.escalation.lifecycle import acknowledged
from bot.escalation.model import Delivery, DeliveryKind, State
from bot.escalation.receipt import receipt
from bot.escalation.settling import aside
from tests.bot.escalation.builders import (
    ASKER_INBOX,
    DSL,
    DSL_INBOX,
    HEAD_INBOX,
    HOUR,
    MEMBERS,
    MINUTE,
    PLACE,
    SCHOOL,
    World,
    a_delivery,
    brought,
    kinds_to,
    moment,
    recorded,
)
from tests.escalation_fakes import MONDAY, Fault

SECOND = timedelta(seconds=1)
EVERYBODY = {"safe-place", "deputy-head", "chair-of-governors", *MEMBERS}
SAID = {
    "child-at-risk": wording.NOT_SEEN,
    "pupil-contact": wording.NOT_DELIVERED,
    "question": wording.QUESTION_NOT_DELIVERED,
}
OF_EACH = pytest.mark.parametrize("category", SAID)
NOT_URGENT = pytest.mark.parametrize("category", ["pupil-contact", "question"])


def refused(of: DeliveryKind = DeliveryKind.NOTICE) -> Delivery:
    """Return the message to the place, which takes none."""
    return a_delivery(of, PLACE, recorded())


def said(world: World) -> list[str]:
    """List what each receipt that the asker got warns of; a dash where it warns of nothing."""
    warnings = {*SAID.values(), wording.RECORDED, wording.QUESTION_RECORDED}
    texts = [one.lines for one in world.web.to(ASKER_INBOX.id) if one.kind is DeliveryKind.RECEIPT]
    return [next((line for line in lines if line in warnings), "-") for lines in texts]


async def open_one(world: World, category: str) -> None:
    """Raise something while nobody can be reached."""
    world.web.dead = set(EVERYBODY)
    await world.open(category=category, urgent=category == "child-at-risk")
    await world.work()


@OF_EACH
async def test_where_nobody_can_be_reached_the_asker_reads_so_at_once(category: str) -> None:
    """Not half a minute or thirty hours later: nobody is being told, so that they must tell somebody themselves."""
    world = World()
    await open_one(world, category)
    assert world.bell.kinds.count("nobody-reachable") == 1
    assert said(world) == [SAID[category]]


@OF_EACH
async def test_they_read_it_once(category: str) -> None:
    """However many addresses refuse meanwhile, nothing more is said before the chase has come to the asker."""
    world = World()
    await open_one(world, category)
    await world.pass_time(14 * MINUTE)
    assert said(world) == [SAID[category]]


@NOT_URGENT
async def test_what_still_reaches_nobody_is_said_again_at_every_step_of_the_chase(category: str) -> None:
    """After 15 minutes and then every school hour, once each, though everybody refuses once more every time."""
    world = World()
    await open_one(world, category)
    await world.pass_time(2 * HOUR + 30 * MINUTE)
    assert said(world) == [SAID[category]] * 4


async def test_what_is_urgent_is_said_again_at_fifteen_minutes() -> None:
    """And at no step after it."""
    world = World()
    await open_one(world, "child-at-risk")
    await world.pass_time(3 * HOUR)
    assert said(world) == [wording.NOT_SEEN] * 2


@NOT_URGENT
async def test_once_somebody_can_be_reached_the_warning_ends(category: str) -> None:
    """The next receipt says that it was delivered, and no other comes."""
    world = World()
    await open_one(world, category)
    world.web.dead = set()
    await world.pass_time(3 * HOUR)
    assert said(world)[-1] == "-"
    assert said(world)[:-1] == [SAID[category]] * (len(said(world)) - 1)
    assert {one.state for one in await world.store.due(MONDAY + timedelta(days=9), 9)} == {State.DELIVERED}


async def test_as_long_as_one_address_is_left_nobody_is_alarmed() -> None:
    """All but the last of the route refuse: the asker reads that it was delivered."""
    world = World()
    world.web.dead = EVERYBODY - {"headteacher"}
    await world.open()
    await world.work()
    assert (kinds_to(world.web, HEAD_INBOX), said(world)) == (["notice"], ["-"])


async def test_a_platform_that_is_only_down_has_refused_nobody() -> None:
    """What is waiting there will still arrive: nothing is said before the chase comes to it."""
    world = World()
    world.web.fail_next(Fault.DOWN)
    await world.open(category="pupil-contact", urgent=False)
    await world.work()
    assert said(world) == []


def test_a_receipt_that_is_on_its_way_makes_room_for_the_warning() -> None:
    """They read it once, as it stands."""
    change = aside(recorded(), refused(), [], moment(), ASKER_INBOX)
    assert brought(change) == [("receipt", "asker-1")]
    assert change.withdrawn == {DeliveryKind.RECEIPT}
    assert change.after.warned
    assert brought(aside(change.after, refused(), [], moment(), ASKER_INBOX)) == []


@pytest.mark.parametrize("urgent", [True, False])
def test_whoever_was_warned_is_not_told_that_it_is_on_its_way(urgent: bool) -> None:
    """Within the first seconds too."""
    one = aside(recorded(urgent=urgent), refused(), [], moment(), ASKER_INBOX).after
    read = receipt(one, SCHOOL, "title", MONDAY + SECOND)
    assert read.warning == (wording.NOT_SEEN if urgent else wording.NOT_DELIVERED)
    assert [contact.role for contact in read.phone] == ["school-office"]


def test_an_asker_who_cannot_be_told_has_not_been_warned() -> None:
    """The chase comes back to them."""
    change = aside(recorded(), refused(), [], moment())
    assert (brought(change), change.after.warned) == ([], False)


def test_what_somebody_has_in_hand_alarms_nobody() -> None:
    """It was taken from the desk before any notice arrived; that the notice never will is the operator's business."""
    taken = acknowledged(recorded(), DSL, None, moment()).after
    change = aside(taken, a_delivery(DeliveryKind.NOTICE, DSL_INBOX, taken), [], moment(), ASKER_INBOX)
    assert (brought(change), change.after.warned) == ([], False)
