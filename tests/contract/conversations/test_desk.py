"""Those who are told, on every platform: what they open, take, answer, pass on, resolve and reopen."""

from adapters.chat import wording
from bot.escalation import wording as told
from bot.escalation.message import Act
from bot.escalation.model import Resolution
from tests.contract.conversations.parties import Card, Day
from tests.contract.conversations.story import CERTAIN, card_of

UNTAKEN = {wording.ACTS[one] for one in (Act.OPEN, Act.ACKNOWLEDGE, Act.ASSIGN, Act.REPLY, Act.RESOLVE)}
TAKEN = UNTAKEN - {wording.ACTS[Act.ACKNOWLEDGE]}
DONE = {wording.ACTS[Act.OPEN], wording.ACTS[Act.REOPEN]}


async def raised(day: Day) -> Card:
    """Let the teacher write an urgent concern; returns the card as the DSL reads it."""
    await day.asker().asks(CERTAIN)
    await day.settle()
    return await card_of(day, "dsl")


async def test_the_words_are_read_on_opening_alone(day: Day) -> None:
    """No card holds them; whoever opens it reads them, and that is noted."""
    card = await raised(day)
    assert card.buttons == UNTAKEN
    assert "hits" not in card.words
    assert CERTAIN in await day.reader("dsl").opens(card)
    await day.settle()
    one = await day.only()
    assert (one.seen, one.events) == (("dsl",), ("opened", "delivered", "words-opened"))
    assert "hits" not in (await card_of(day, "deputy-dsl")).words


async def test_who_takes_it_stands_on_every_card(day: Day) -> None:
    """The others read who has it, and have no button to take it too."""
    card = await raised(day)
    assert await day.reader("dsl").does(card, Act.ACKNOWLEDGE) == ""
    await day.settle()
    one, others = await day.only(), await card_of(day, "deputy-dsl")
    assert (one.state, one.holder) == ("acknowledged", "dsl")
    assert "Taken by the Designated Safeguarding Lead (DSL)" in others.words
    assert others.buttons == TAKEN


async def test_the_second_to_take_it_reads_who_was_first(day: Day) -> None:
    """Two taps at the same moment: one has it, the other is told whom to speak to."""
    await raised(day)
    first, second = await card_of(day, "dsl"), await card_of(day, "deputy-dsl")
    assert await day.reader("dsl").does(first, Act.ACKNOWLEDGE) == ""
    refused = await day.reader("deputy-dsl").does(second, Act.ACKNOWLEDGE)
    assert refused == told.taken_already("Designated Safeguarding Lead (DSL)")
    assert (await day.only()).holder == "dsl"


async def test_a_reply_reaches_whoever_raised_it(day: Day) -> None:
    """What the DSL answers is read by the teacher; answering takes it."""
    await day.reader("dsl").replies(await raised(day), "Thank you. Please note the bruise today.")
    await day.settle()
    one = await day.only()
    assert (one.state, one.entries, "replied" in one.events) == ("acknowledged", 2, True)
    assert "Please note the bruise today." in await day.asker().heard(one.reference)


async def test_what_the_teacher_adds_reaches_the_desk(day: Day) -> None:
    """It is read on opening, beneath what was written first."""
    await day.reader("dsl").does(await raised(day), Act.ACKNOWLEDGE)
    await day.settle()
    await day.asker().adds((await day.only()).reference, "There is a bruise on her arm.")
    await day.settle()
    words = await day.reader("dsl").opens(await card_of(day, "dsl"))
    assert words.index(CERTAIN) < words.index("There is a bruise on her arm.")
    assert (await day.only()).entries == 2


async def test_it_is_passed_on_to_somebody_in_person(day: Day) -> None:
    """The deputy is told, everybody reads that they have not taken it yet, and anybody still can."""
    await day.reader("dsl").passes_on(await raised(day), "deputy-dsl")
    await day.settle()
    one = await day.only()
    assert (one.state, one.holder, one.told) == ("delivered", "deputy-dsl", ("place", "deputy-dsl"))
    for role in ("dsl", "deputy-dsl", "headteacher"):
        card = await card_of(day, role)
        assert "Passed on to the Deputy Designated Safeguarding Lead" in card.words
        assert card.buttons == UNTAKEN


async def test_a_whole_life_from_opening_to_reopening(day: Day) -> None:
    """Opened, taken, answered, passed on, taken again, resolved and opened again: each step stands in the log."""
    dale, ford = day.reader("dsl"), day.reader("deputy-dsl")
    await dale.opens(await raised(day))
    await dale.does(await card_of(day, "dsl"), Act.ACKNOWLEDGE)
    await day.settle()
    await dale.replies(await card_of(day, "dsl"), "Is she still there?")
    await day.settle()
    await dale.passes_on(await card_of(day, "dsl"), "deputy-dsl")
    await day.settle()
    await ford.does(await card_of(day, "deputy-dsl"), Act.ACKNOWLEDGE)
    await day.settle()
    await ford.resolves(await card_of(day, "deputy-dsl"), Resolution.REFERRED)
    await day.settle()
    done = await day.only()
    assert (done.state, done.resolution, done.holder) == ("resolved", Resolution.REFERRED, "deputy-dsl")
    assert [(await card_of(day, role)).buttons for role in ("dsl", "deputy-dsl")] == [DONE, DONE]
    await ford.does(await card_of(day, "deputy-dsl"), Act.REOPEN)
    await day.settle()
    again = await day.only()
    assert (again.state, again.resolution, again.holder) == ("delivered", None, None)
    assert again.events == (
        *("opened", "delivered", "words-opened", "acknowledged", "replied", "passed-on", "delivered"),
        *("acknowledged", "resolved", "reopened"),
    )
    assert (await card_of(day, "dsl")).buttons == UNTAKEN


async def test_what_is_added_to_something_resolved_opens_it_again(day: Day) -> None:
    """Whoever raised it has the last word: it waits for somebody once more."""
    await day.reader("dsl").resolves(await raised(day), Resolution.NO_ACTION)
    await day.settle()
    reference = (await day.only()).reference
    await day.asker().adds(reference, "It happened again.")
    await day.settle()
    one = await day.only()
    assert (one.state, one.events[-2:]) == ("delivered", ("answered", "reopened"))


async def test_two_concerns_have_a_card_and_a_receipt_each(day: Day) -> None:
    """What is done with one leaves the other as it is."""
    await day.asker().asks(CERTAIN)
    await day.colleague().asks("a child told me her mum punches her")
    await day.settle()
    first, second = await day.recorded()
    card = await day.reader("dsl").card(first.reference)
    assert card is not None
    await day.reader("dsl").does(card, Act.ACKNOWLEDGE)
    await day.settle()
    states = {one.reference: one.state for one in await day.recorded()}
    assert states == {first.reference: "acknowledged", second.reference: "delivered"}
