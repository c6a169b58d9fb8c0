"""A reply that never reaches the asker: whoever wrote it is told, and what to do instead."""

from bot.escalation import wording
from bot.escalation.model import DeliveryKind
from bot.escalation.render import card_lines
from tests.bot.escalation.builders import (
    ASKER,
    ASKER_INBOX,
    HOUR,
    MINUTE,
    PLACE,
    World,
    kinds_to,
    reply,
)

LOST = wording.reply_lost("10:01")


async def test_the_cards_say_that_a_reply_did_not_reach_its_asker() -> None:
    """The asker's account is gone: the card in the private place says so, and so does the question hours later."""
    world = World()
    one = await world.open()
    await world.work()
    world.web.dead.add(ASKER.id)
    await world.pass_time(MINUTE)
    await world.take(one, reply)
    await world.work()
    update = world.web.to(PLACE.id)[-1]
    assert update.kind is DeliveryKind.UPDATE
    assert update.replaces is not None
    assert LOST in update.lines
    assert LOST in card_lines(await world.office.card(await world.look(one)))
    await world.pass_time(4 * HOUR)
    asked = [message for message in world.web.messages if message.kind is DeliveryKind.STALE]
    assert asked
    assert all(LOST in message.lines for message in asked)


async def test_nothing_is_said_of_a_reply_that_arrived() -> None:
    """Nor of one that is still on its way, however long that takes."""
    world = World()
    one = await world.open()
    await world.work()
    world.web.down = True
    await world.take(one, reply)
    await world.pass_time(MINUTE)
    on_its_way = card_lines(await world.office.card(await world.look(one)))
    world.web.down = False
    await world.pass_time(5 * MINUTE)
    assert "reply" in kinds_to(world.web, ASKER_INBOX)
    arrived = card_lines(await world.office.card(await world.look(one)))
    assert not [line for line in (*on_its_way, *arrived) if "did not reach" in line]
