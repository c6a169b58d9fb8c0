"""The concern at 22:15: what is told to whom in Teams, and what those who are told do with it."""

from datetime import timedelta

import pytest

from adapters.chat import wording
from adapters.teams import wording as in_teams
from bot.escalation import wording as told
from bot.escalation.message import Act
from bot.escalation.model import Resolution, State
from tests.scenario.teams_world import Served, bot_said
from tests.teams_fake import Person, Seen, words_of

FRIEND = "can I friend a parent?"
CERTAIN = "a child told me her dad hits her"
POSSIBLE = "a pupil is being bullied on snapchat by the zebrafinch gang"
CALM = "I have a nagging doubt about a colleague and the zebrafinch"
NIGHT = timedelta(hours=12, minutes=15)
DSL_TITLE = "Designated Safeguarding Lead (DSL)"
OPEN, TAKE, PASS, REPLY, RESOLVE, REOPEN = (
    wording.ACTS[one] for one in (Act.OPEN, Act.ACKNOWLEDGE, Act.ASSIGN, Act.REPLY, Act.RESOLVE, Act.REOPEN)
)
ON_AN_OPEN_CARD = [OPEN, TAKE, PASS, REPLY, RESOLVE]


@pytest.fixture
async def day(teams_day: Served) -> Served:
    """Return a day on which the safeguarding channel has the route of children."""
    await teams_day.bind()
    return teams_day


def in_safe(day: Served) -> Seen:
    """Return the latest card in the safeguarding channel, as the DSL sees it."""
    return next(one for one in reversed(bot_said(day.person("dsl"), day.at.safe)) if OPEN in one.titles)


async def raised(day: Served, text: str = CERTAIN) -> Seen:
    """Let the teacher write an urgent concern in their own chat; returns the card in the private channel."""
    await day.person("teacher").writes(text)
    await day.settle()
    return in_safe(day)


def own(day: Served, who: str) -> Seen:
    """Return the latest message of Signpost's in somebody's own chat."""
    return bot_said(day.person(who))[-1]


def window(person: Person) -> str:
    """Return all that somebody can read in the dialog they look at."""
    return words_of(person.dialog.card)


# ---- What is told ----------------------------------------------------------------------------------------------------


async def test_an_urgent_concern_is_passed_on_at_once_at_night(day: Served) -> None:
    """At 22:15 the teacher reads what to do and whom to phone; a card without words stands in the private channel."""
    day.pass_by(NIGHT)
    card = await raised(day)
    one = await day.only()
    advice, receipt = bot_said(day.person("teacher"))
    assert [line in advice.words for line in (wording.EMERGENCY, wording.WHAT_TO_DO, "01632 960002")] == [True] * 3
    assert advice.words.index(wording.EMERGENCY) < advice.words.index(wording.WHO_TO_TELL)
    assert "01632 960020" in advice.words  # the number of the night
    assert (receipt.summary, "Delivered, 22:15." in receipt.words) == (wording.news_of(one.reference), True)
    assert (card.summary, card.titles[:5]) == (
        f"Urgent: A child may be at risk of harm ({one.reference})",
        ON_AN_OPEN_CARD,
    )
    assert ("Raised by Tess Teacher, 22:15." in card.words, "hits" in card.words) == (True, False)


async def test_an_offer_names_its_readers_before_anybody_is_told(day: Served) -> None:
    """Nobody is told before the teacher has seen who will read it, and taps; then the offer is none any more."""
    tess = day.person("teacher")
    await tess.writes(POSSIBLE)
    offer = bot_said(tess)[-1]
    assert offer.verbs == ["reply:tell", "reply:involved", "reply:not-meant"]
    listed = offer.words.partition(wording.WHO_WILL_READ)[2]
    assert all(name in listed for name in ("Mr B. Example", "Ms C. Example", "Mrs A. Example"))
    await day.settle()
    assert await day.escalations() == []
    await tess.taps(offer, "reply:tell")
    one = await day.only()
    assert own(day, "teacher").summary == f"{wording.RECORDED} {one.reference}"
    await day.settle()
    assert one.reference in in_safe(day).summary
    assert "reply:tell" not in tess.sees(offer).verbs


async def test_a_calm_concern_waits_until_morning(day: Served) -> None:
    """A nagging doubt at 22:15 wakes nobody; the headteacher reads of it when school opens."""
    day.pass_by(NIGHT)
    tess, before = day.person("teacher"), len(bot_said(day.person("headteacher")))
    await tess.writes(CALM)
    await tess.taps(bot_said(tess)[-1], "reply:tell")
    assert "It will be delivered on the next school morning: Tue 24 Nov, 07:45." in own(day, "teacher").words
    await day.settle()
    assert len(bot_said(day.person("headteacher"))) == before
    await day.wait(timedelta(hours=9, minutes=30))
    one = await day.only()
    assert (one.reference in own(day, "headteacher").summary, one.state) == (True, State.DELIVERED)


async def test_one_of_these_people_is_involved(day: Served) -> None:
    """It moves on to the chair of governors, and none of those listed before is told."""
    await day.person("chair-of-governors").installs()  # from then on it is known who signs in by that name
    tess, before = day.person("teacher"), len(bot_said(day.person("headteacher")))
    await tess.writes(POSSIBLE)
    await tess.taps(bot_said(tess)[-1], "reply:involved")
    following = bot_said(tess)[-1]
    listed = following.words.partition(wording.WHO_WILL_READ)[2]
    assert ("Dr E. Example" in listed, "Mrs A. Example" in listed) == (True, False)
    await tess.taps(following, "reply:tell")
    await day.settle()
    assert (await day.only()).reference in own(day, "chair-of-governors").summary
    assert len(bot_said(day.person("headteacher"))) == before


async def test_what_a_guest_writes_of_a_child_at_risk_is_passed_on(day: Served) -> None:
    """A guest reads kind words; what they are certain of goes to the DSL, marked as not from staff."""
    gus = day.person("guest")
    await gus.writes(CERTAIN)
    await day.settle()
    first = bot_said(gus)[0]
    assert (told.NOT_STAFF_REPLY in first.words, told.NOT_STAFF_TOLD in first.words) == (True, True)
    assert told.NOT_STAFF in in_safe(day).words
    receipt = own(day, "guest")
    assert (told.NOT_STAFF_TITLE in receipt.words, "A child may be at risk" in receipt.words) == (True, False)


# ---- At the desk -----------------------------------------------------------------------------------------------------


async def test_the_words_are_opened_where_nobody_else_reads_them(day: Served) -> None:
    """The DSL reads them in a dialog; the card holds none of them, and the teacher reads that the DSL has seen it."""
    card, dale = await raised(day), day.person("dsl")
    await dale.taps(card, OPEN)
    assert CERTAIN in window(dale)
    await day.settle()
    assert f"Seen by the {DSL_TITLE}" in own(day, "teacher").words
    for who in ("dsl", "deputy-dsl"):
        assert "hits" not in day.person(who).sees(card).words


async def test_taking_it_edits_the_card_in_place_for_everybody(day: Served) -> None:
    """One card stays one card; the teacher reads who has it."""
    card, dale, ford = await raised(day), day.person("dsl"), day.person("deputy-dsl")
    before = len(bot_said(dale, day.at.safe))
    await dale.taps(card, TAKE)
    assert f"Taken by the {DSL_TITLE}" in dale.sees(card).words
    await day.settle()
    assert len(bot_said(dale, day.at.safe)) == before
    assert [f"Taken by the {DSL_TITLE}" in who.sees(card).words for who in (dale, ford)] == [True, True]
    assert TAKE not in ford.sees(card).titles
    assert f"Taken by the {DSL_TITLE}" in own(day, "teacher").words


async def test_a_reply_reaches_the_asker(day: Served) -> None:
    """What the DSL answers stands in the teacher's own chat, and its notification says only who answered."""
    card, dale = await raised(day), day.person("dsl")
    await dale.taps(card, REPLY)
    await dale.submits(wording.SEND_REPLY, text="Thank you. Please note the bruise today.")
    assert window(dale) == in_teams.REPLY_SENT
    await day.settle()
    one = await day.only()
    (reply,) = [m for m in bot_said(day.person("teacher")) if m.summary == told.reply_title(DSL_TITLE, one.reference)]
    assert "Please note the bruise today." in reply.words
    assert one.state is State.ACKNOWLEDGED


async def test_a_reply_that_cannot_be_taken_is_not_lost(day: Served) -> None:
    """Blanks are sent back in the dialog, with the reason, and nothing reaches the teacher."""
    card, dale = await raised(day), day.person("dsl")
    await dale.taps(card, REPLY)
    await dale.submits(wording.SEND_REPLY, text="   ")
    assert told.EMPTY_REPLY in window(dale)
    await dale.submits(wording.SEND_REPLY, text="I am on my way.")
    assert window(dale) == in_teams.REPLY_SENT


async def test_it_is_passed_on_resolved_and_reopened(day: Served) -> None:
    """The deputy is told in person, resolves it with a category, and opens it again; the teacher reads each state."""
    card, dale, ford = await raised(day), day.person("dsl"), day.person("deputy-dsl")
    await dale.taps(card, PASS)
    await dale.taps(card, wording.HAND_ON, role="deputy-dsl")
    await day.settle()
    mine = own(day, "deputy-dsl")
    assert "Passed on to the Deputy Designated Safeguarding Lead" in dale.sees(card).words
    assert "Passed on to the Deputy Designated Safeguarding Lead" in own(day, "teacher").words
    await ford.taps(mine, TAKE)
    await ford.taps(mine, RESOLVE)
    await ford.taps(mine, wording.RESOLVE_IT, resolution="handled")
    await day.settle()
    assert (await day.only()).resolution is Resolution.HANDLED
    assert dale.sees(card).titles == ford.sees(mine).titles == [OPEN, REOPEN]
    assert "Resolved: dealt with in school" in own(day, "teacher").words
    await ford.taps(mine, REOPEN)
    await day.settle()
    assert (await day.only()).state is State.DELIVERED
    assert dale.sees(card).titles[:5] == ON_AN_OPEN_CARD
    assert told.OPEN_AGAIN in own(day, "teacher").words


async def test_two_who_take_it_at_once_are_told_apart(day: Served) -> None:
    """The second one reads who has it already, and nobody else reads that."""
    card, ford = await raised(day), day.person("deputy-dsl")
    await day.person("dsl").taps(card, TAKE)
    await ford.taps(card, TAKE)
    assert ford.toasts == [told.taken_already(DSL_TITLE)]
    assert day.person("dsl").toasts == []


# ---- The asker writes again ------------------------------------------------------------------------------------------


async def test_the_asker_adds_something_with_the_button(day: Served) -> None:
    """It rings for those who have the card, without its words, and they read it on opening."""
    card, tess, dale = await raised(day), day.person("teacher"), day.person("dsl")
    await tess.taps(own(day, "teacher"), wording.ACTS[Act.ANSWER])
    await tess.submits(wording.SEND, text="There is a bruise on her arm.")
    assert window(tess) == wording.ADDED
    await day.settle()
    reference = (await day.only()).reference
    added = bot_said(dale, day.at.safe)[-1]
    assert (added.summary, added.root) == (f"Urgent: {told.answer_title(reference)}", card.root)
    assert "bruise" not in added.words
    await dale.taps(card, OPEN)
    assert "There is a bruise on her arm." in window(dale)


# ---- Until somebody has it -------------------------------------------------------------------------------------------


async def test_it_is_chased_beneath_the_card(day: Served) -> None:
    """After five minutes the channel is rung for again; after fifteen the deputy is told, and the teacher knows it."""
    card = await raised(day)
    await day.wait(timedelta(minutes=5))
    again = bot_said(day.person("dsl"), day.at.safe)[-1]
    assert (again.root, again.summary.startswith("Urgent: Nobody had taken it by 10:05: ")) == (card.root, True)
    await day.wait(timedelta(minutes=10))
    assert (await day.only()).reference in own(day, "deputy-dsl").summary
    assert told.NOT_SEEN in own(day, "teacher").words


# ---- Who looks at a card ---------------------------------------------------------------------------------------------


async def test_a_card_is_fetched_anew_by_whoever_may_act(day: Served) -> None:
    """Looking at it shows how it stands, also where Teams still shows an older one."""
    card, dale, ford = await raised(day), day.person("dsl"), day.person("deputy-dsl")
    await dale.taps(card, TAKE)
    await ford.opens(card)
    assert f"Taken by the {DSL_TITLE}" in ford.sees(card).words


async def test_whoever_may_not_act_learns_nothing_by_looking(rough_teams_day: Served) -> None:
    """Of whoever Teams does not say that they read the channel, nobody is shown words, and nothing is noted."""
    day = rough_teams_day
    await day.bind()
    card, cole = await raised(day), day.person("colleague")
    day.at.safe.members.append(day.user("colleague"))  # and no event told of it
    await cole.opens(card)
    for what in (OPEN, REPLY):
        await cole.taps(card, what)
        assert window(cole) in {told.NOT_YOURS, told.PERHAPS_YOURS}
    await cole.taps(card, TAKE)
    assert cole.toasts[-1] in {told.NOT_YOURS, told.PERHAPS_YOURS}
    one = await day.only()
    assert (one.seen, one.holder) == ((), None)


async def test_a_receipt_is_fetched_anew_by_whoever_raised_it(day: Served) -> None:
    """The first receipt says the same as the latest, when the teacher looks at it again."""
    card, tess = await raised(day), day.person("teacher")
    receipt = own(day, "teacher")
    await day.person("dsl").taps(card, TAKE)
    await tess.opens(receipt)
    assert f"Taken by the {DSL_TITLE}" in tess.sees(receipt).words
