"""The concern, on every platform: who is told of it and when, who is not, and what whoever raised it reads."""

from datetime import timedelta

from bot.escalation import wording as told
from bot.escalation.message import Act
from bot.escalation.model import Resolution
from bot.types import Outcome
from tests.contract.conversations.parties import Day
from tests.contract.conversations.story import BULLIED, CERTAIN, INVOLVED, NOT_MEANT, TELL, card_of, told_roles

POSSIBLE = "yr 4 lad has asked to follow me on tiktok shall I let him"
ABOUT_STAFF = "a colleague messages a pupil on instagram at night about a zebrafinch"
ABOUT_THE_HEAD = "the headteacher hit a pupil"
CALM = "I have a nagging doubt about a colleague and the zebrafinch"
NIGHT = timedelta(hours=12, minutes=15)


# ---- Sent at once, or offered ----------------------------------------------------------------------------------------


async def test_an_urgent_concern_is_recorded_at_once_and_delivered(day: Day) -> None:
    """A child in danger waits for no tap: advice first, then a card without words for those who are told."""
    read = await day.asker().asks(CERTAIN)
    one = await day.only()
    assert (read.outcome, one.category, one.certainty) == (Outcome.CONCERN, "child-at-risk", "certain")
    assert (one.urgent, one.route, one.state, one.events) == (True, "child", "recorded", ("opened",))
    assert (TELL in read.buttons, one.reference in read.words) == (False, True)
    await day.settle()
    assert ((await day.only()).state, (await day.only()).events) == ("delivered", ("opened", "delivered"))
    card = await card_of(day, "dsl")
    assert ("A child may be at risk of harm" in card.words, "hits" in card.words) == (True, False)
    assert await told_roles(day, one.reference) == ("dsl", "deputy-dsl", "headteacher")


async def test_an_urgent_concern_at_night_names_whom_to_phone(day: Day) -> None:
    """At 22:15 it is delivered all the same, and the number of the out-of-hours team stands there."""
    day.pass_by(NIGHT)
    tess = day.asker()
    await tess.asks(CERTAIN)
    await day.settle()
    one = await day.only()
    assert one.state == "delivered"
    await day.wait(timedelta(minutes=16))
    receipt = await tess.receipt(one.reference)
    assert (told.NOT_SEEN in receipt, "01632 960020" in receipt) == (True, True)


async def test_what_is_not_urgent_is_offered_with_its_readers(day: Day) -> None:
    """Nobody is told before the teacher has seen who will read it, and taps; then exactly these are."""
    tess = day.asker()
    offer = await tess.asks(BULLIED)
    assert (offer.outcome, offer.readers) == (Outcome.CONCERN, ("dsl", "deputy-dsl", "headteacher"))
    assert offer.buttons == {TELL, INVOLVED, NOT_MEANT}
    await day.settle()
    assert await day.recorded() == []
    receipt = await tess.taps(offer, TELL)
    one = await day.only()
    assert one.reference in receipt.words
    await day.settle()
    assert await told_roles(day, one.reference) == offer.readers


async def test_a_possible_concern_goes_past_whoever_is_involved(day: Day) -> None:
    """It moves on to the next safe route, and none of those listed before reads of it."""
    tess = day.asker()
    offer = await tess.asks(POSSIBLE)
    following = await tess.taps(offer, INVOLVED)
    assert (offer.readers, following.readers) == (("dsl", "deputy-dsl", "headteacher"), ("chair-of-governors",))
    await tess.taps(following, TELL)
    await day.settle()
    one = await day.only()
    assert (one.category, one.certainty, one.route) == ("pupil-contact", "possible", "staff")
    assert await told_roles(day, one.reference) == ("chair-of-governors",)


async def test_where_everybody_is_involved_nobody_is_told_from_here(day: Day) -> None:
    """Once no safe route is left, that is said, and whom to phone instead; nothing was recorded."""
    tess = day.asker()
    following = await tess.taps(await tess.asks(POSSIBLE), INVOLVED)
    last = await tess.taps(following, INVOLVED)
    assert (last.readers, TELL in last.buttons) == ((), False)
    assert last.people != ()
    await day.settle()
    assert await day.recorded() == []


async def test_a_concern_that_was_not_meant_tells_nobody(day: Day) -> None:
    """Whoever was misunderstood says so, and nothing is recorded of it."""
    tess = day.asker()
    nearer = await tess.taps(await tess.asks(POSSIBLE), NOT_MEANT)
    await day.settle()
    assert (nearer.outcome == Outcome.CONCERN, await day.recorded()) == (False, [])


async def test_a_tap_that_arrives_twice_tells_once(day: Day) -> None:
    """Impatience, or a platform that repeats itself, opens no second one."""
    tess = day.asker()
    read = await tess.taps_twice(await tess.asks(BULLIED), TELL)
    await day.settle()
    one = await day.only()
    assert (one.reference in read.words, one.events) == (True, ("opened", "delivered"))


# ---- Who must not read it --------------------------------------------------------------------------------------------


async def test_an_adults_conduct_goes_to_the_headteacher_alone(day: Day) -> None:
    """It is no matter for those who read of children: neither they nor their place hear of it."""
    tess = day.asker()
    offer = await tess.asks(ABOUT_STAFF)
    assert (offer.outcome, offer.readers[0], "dsl" in offer.readers) == (Outcome.CONCERN, "headteacher", False)
    await tess.taps(offer, TELL)
    await day.settle()
    one = await day.only()
    assert (one.category, one.route) == ("adult-conduct", "staff")
    assert await told_roles(day, one.reference) == ("headteacher",)


async def test_the_heads_conduct_goes_to_the_chair_alone(day: Day) -> None:
    """The headteacher reads nothing of what is said of them."""
    tess = day.asker()
    offer = await tess.asks(ABOUT_THE_HEAD)
    assert (offer.outcome, offer.readers) == (Outcome.CONCERN, ("chair-of-governors",))
    await tess.taps(offer, TELL)
    await day.settle()
    one = await day.only()
    assert (one.category, one.route) == ("head-conduct", "head")
    assert await told_roles(day, one.reference) == ("chair-of-governors",)


async def test_a_calm_concern_wakes_nobody(day: Day) -> None:
    """A nagging doubt at 22:15 is read when school opens, and the teacher is told so."""
    day.pass_by(NIGHT)
    tess = day.asker()
    receipt = await tess.taps(await tess.asks(CALM), TELL)
    assert "It will be delivered on the next school morning: Tue 24 Nov, 07:45." in receipt.words
    await day.settle()
    one = await day.only()
    assert (one.state, await told_roles(day, one.reference)) == ("recorded", ())
    await day.wait(timedelta(hours=9, minutes=30))
    assert ((await day.only()).state, await told_roles(day, one.reference)) == ("delivered", ("headteacher",))


async def test_what_an_outsider_is_certain_of_is_passed_on(day: Day) -> None:
    """It goes to the same people, marked as not from staff; its sender reads kind words and no category."""
    gus = day.outsider()
    read = await gus.asks(CERTAIN)
    await day.settle()
    one = await day.only()
    assert (told.NOT_STAFF_REPLY in read.words, told.NOT_STAFF_TOLD in read.words) == (True, True)
    assert (one.staff, one.route, one.state) == (False, "child", "delivered")
    assert told.NOT_STAFF in (await card_of(day, "dsl")).words
    receipt = await gus.receipt(one.reference)
    assert (told.NOT_STAFF_TITLE in receipt, "A child may be at risk" in receipt) == (True, False)


async def test_what_an_outsider_only_wonders_about_is_not_passed_on(day: Day) -> None:
    """They read where to find help, and have nothing to tap."""
    read = await day.outsider().asks(POSSIBLE)
    await day.settle()
    assert (told.NOT_STAFF_REPLY in read.words, read.buttons, await day.recorded()) == (True, frozenset(), [])


# ---- What whoever raised it reads ------------------------------------------------------------------------------------


async def test_the_receipt_says_the_same_at_each_state(day: Day) -> None:
    """Recorded, delivered, seen, taken, answered, resolved: each is said once it is true, and not before."""
    tess, dale = day.asker(), day.reader("dsl")
    await tess.taps(await tess.asks(BULLIED), TELL)
    reference, dsl = (await day.only()).reference, "the Designated Safeguarding Lead (DSL)"
    lines = ["Recorded, 10:00.", "Delivered, ", f"Seen by {dsl}", f"Taken by {dsl}", f"Answered by {dsl}", "Resolved"]

    async def said() -> list[bool]:
        await day.settle()
        receipt = await tess.receipt(reference)
        return [line in receipt for line in lines]

    assert lines[0] in await tess.receipt(reference)
    assert lines[1] not in await tess.receipt(reference)
    assert await said() == [True, True, False, False, False, False]
    await dale.opens(await card_of(day, "dsl"))
    assert await said() == [True, True, True, False, False, False]
    await dale.does(await card_of(day, "dsl"), Act.ACKNOWLEDGE)
    assert await said() == [True, True, True, True, False, False]
    await dale.replies(await card_of(day, "dsl"), "Thank you.")
    await day.settle()
    assert "Thank you." in await tess.heard(reference)
    await dale.resolves(await card_of(day, "dsl"), Resolution.HANDLED)
    assert (await said())[4:] == [True, True]


async def test_whoever_is_not_heard_is_told_to_phone(day: Day) -> None:
    """After fifteen minutes without anybody, the teacher reads that, with the number of the office."""
    tess = day.asker()
    await tess.asks(CERTAIN)
    await day.settle()
    reference = (await day.only()).reference
    assert told.NOT_SEEN not in await tess.receipt(reference)
    for _ in range(2):
        await day.wait(timedelta(minutes=8))
    receipt = await tess.receipt(reference)
    assert (told.NOT_SEEN in receipt, "01632 960000" in receipt) == (True, True)
    assert await day.reader("deputy-dsl").card(reference) is not None
