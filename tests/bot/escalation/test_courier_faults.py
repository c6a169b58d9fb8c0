"""The courier and what cannot be delivered: messages that cannot be made or sent, and addresses that are gone."""

from collections.abc import Sequence
from datetime import timedelta

import pytest

from bot.escalation.errors import StoreError
from bot.escalation.model import Address, DeliveryKind, Entry, State
from tests.bot.escalation.builders import (
    ASKER_INBOX,
    DEPUTY_INBOX,
    DSL_INBOX,
    HEAD_INBOX,
    MEMBERS,
    MINUTE,
    PLACE,
    REPLY,
    WORDS,
    World,
    kinds_to,
    references,
    reply,
)
from tests.escalation_fakes import Fault
from tests.store_fake import MemoryStore

SECOND = timedelta(seconds=1)

# ---- Faults of a message's own -------------------------------------------------------------------------------------


async def test_a_message_that_cannot_be_sent_is_set_aside_and_others_pass_it() -> None:
    """Three tries; then the next people are told instead and an alarm rings (RS-53)."""
    world = World()
    world.web.faulty = {"headteacher"}
    bad = await world.open("bad", category="adult-conduct")
    good = [await world.open(f"{n}") for n in range(20)]
    await world.pass_time(MINUTE, every=SECOND)
    assert references(world.web, PLACE) == [one.reference for one in good]
    assert ("notice", "headteacher", "aside") in await world.states(bad)
    assert references(world.web, Address("web", "chair-of-governors")) == [bad.reference]
    assert world.bell.kinds == ["undeliverable"]


async def test_a_faulty_message_does_not_hold_up_its_own_lane() -> None:
    """What stands behind it in the lane is sent before its second try."""
    world = World()
    first = await world.open("1")
    world.web.fail_next(Fault.BROKEN)
    second = await world.open("2")
    await world.work()
    assert references(world.web, PLACE) == [second.reference]
    await world.pass_time(3 * SECOND, every=SECOND)
    assert references(world.web, PLACE) == [second.reference, first.reference]


async def test_outages_do_not_count_as_faults_of_the_message() -> None:
    """A long outage and then two faults: it is tried a third time."""
    world = World()
    world.web.down = True
    await world.open()
    await world.pass_time(3 * MINUTE)
    world.web.down = False
    world.web.fail_next(Fault.BROKEN, Fault.BROKEN)
    await world.pass_time(90 * SECOND, every=SECOND)
    assert kinds_to(world.web, PLACE) == ["notice"]
    assert "undeliverable" not in world.bell.kinds


class TornStore(MemoryStore):
    """A store in which the words of some escalations cannot be opened any more."""

    def __init__(self) -> None:
        """Begin whole."""
        super().__init__()
        self.torn: set[str] = set()

    async def entries(self, escalation_id: str) -> Sequence[Entry]:
        """Return the words, where they can be opened."""
        if escalation_id in self.torn:
            raise StoreError("a sealed text cannot be opened")
        return await super().entries(escalation_id)


@pytest.mark.parametrize("category", ["child-at-risk", "question"])
async def test_words_that_cannot_be_opened_keep_no_notice_back(category: str) -> None:
    """A concern is told as ever, a question without its words: that there is one must be known."""
    store = TornStore()
    world = World(store=store)
    torn = await world.open(category=category, urgent=category != "question")
    store.torn = {torn.id}
    await world.pass_time(4 * MINUTE)
    ((kind, words),) = [(one.kind, one.quoted) for one in world.web.messages if one.kind is not DeliveryKind.RECEIPT]
    assert (kind, words) == (DeliveryKind.NOTICE, None)
    assert world.bell.kinds == []


async def test_a_reply_waits_for_its_words() -> None:
    """However long they cannot be opened it is not given up and never empty; others pass it, and an alarm rings."""
    store = TornStore()
    world = World(store=store)
    one = await world.open()
    await world.work()
    await world.take(one, reply)
    store.torn = {one.id}
    other = await world.open("other")
    await world.work()
    assert other.reference in references(world.web, ASKER_INBOX)
    await world.pass_time(10 * MINUTE)
    assert "reply" not in kinds_to(world.web, ASKER_INBOX)
    assert "delayed" in world.bell.kinds
    store.torn = set()
    await world.pass_time(MINUTE)
    (brought,) = [message for message in world.web.to(ASKER_INBOX.id) if message.kind is DeliveryKind.REPLY]
    assert brought.quoted == REPLY


# ---- Addresses that are gone ---------------------------------------------------------------------------------------


async def test_where_the_place_is_gone_people_are_told_at_once() -> None:
    """The first two of the route, and an operator (RS-15)."""
    world = World()
    world.web.dead = {"safe-place"}
    one = await world.open()
    await world.work()
    assert kinds_to(world.web, DSL_INBOX) == kinds_to(world.web, DEPUTY_INBOX) == ["notice"]
    assert world.bell.kinds == ["undeliverable"]
    assert dict(world.bell.alarms[0].detail) == {"to": "web:safe-place", "reason": "no such address"}
    assert (await world.look(one)).state is State.DELIVERED


async def test_where_nobody_can_be_reached_mail_is_sent() -> None:
    """The second way out, without content; the asker learns that it was delivered."""
    world = World(has_mail=True)
    world.web.dead = {"safe-place", *MEMBERS}
    one = await world.open()
    await world.work()
    assert {message.address.id for message in world.mail.messages} == {f"{role}@oakwood.example" for role in MEMBERS}
    assert not [message for message in world.mail.messages if WORDS in repr(message)]
    assert (await world.look(one)).state is State.DELIVERED
    assert kinds_to(world.web, ASKER_INBOX) == ["receipt"]


async def test_where_there_is_no_mail_an_alarm_says_that_nobody_was_told() -> None:
    """The operator must phone; the chase goes on trying, and reaches whoever comes back."""
    world = World()
    world.web.dead = {"safe-place", *MEMBERS}
    one = await world.open()
    await world.work()
    assert world.bell.kinds.count("nobody-reachable") == 1
    assert (await world.look(one)).state is State.RECORDED
    world.web.dead = {"safe-place", "deputy-dsl", "headteacher"}
    await world.pass_time(5 * MINUTE)
    assert kinds_to(world.web, DSL_INBOX) == ["notice"]
    world.web.dead = set()
    await world.pass_time(25 * MINUTE)
    assert kinds_to(world.web, PLACE) == ["notice", "chase"]
    assert kinds_to(world.web, HEAD_INBOX) == ["notice"]


async def test_a_platform_that_is_not_configured_any_more_is_gone() -> None:
    """Its mail was switched off between two starts."""
    world = World(has_mail=True)
    world.web.dead = {"safe-place", *MEMBERS}
    world.mail.down = True
    one = await world.open()
    await world.work()
    other = World(store=world.store, knowledge=world.knowledge, clock=world.clock, ids=world.ids)
    await other.pass_time(2 * MINUTE)
    assert "undeliverable" in other.bell.kinds
    assert not [found for found in await world.pending(one) if found.address.platform == "mail"]


async def test_a_receipt_that_cannot_arrive_is_told_to_nobody_else() -> None:
    """The asker has left the workspace."""
    world = World()
    world.web.dead = {"asker-1"}
    one = await world.open()
    await world.work()
    assert ("receipt", "asker-1", "aside") in await world.states(one)
    assert kinds_to(world.web, DSL_INBOX) == []
