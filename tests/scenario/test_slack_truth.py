"""What stands in Slack stays true: offers that were taken, words that were opened, people who cannot be looked at."""

from datetime import timedelta

from adapters.chat import wording
from adapters.slack import wording as in_slack
from bot.escalation import wording as told
from tests.scenario.slack_world import (
    CHAIR,
    COLLEAGUE,
    DSL,
    GUEST,
    HEAD,
    SAFE,
    STAFF_ROOM,
    TEACHER,
    Served,
    bot_said,
    buttons_of,
    words_of,
)
from tests.slack_fake import Message

FRIEND = "can I friend a parent?"
CERTAIN = "a child told me her dad hits her"
POSSIBLE = "a pupil is being bullied on snapchat by the zebrafinch gang"


async def offered(day: Served, text: str = POSSIBLE) -> Message:
    """Let the teacher write of a concern that is offered; returns the offer."""
    tess = day.person(TEACHER)
    await tess.says_in_dm(text)
    return bot_said(tess)[-1]


async def told_at_once(day: Served) -> Message:
    """Let the teacher write of an urgent concern; returns the card in the private channel."""
    await day.person(TEACHER).says_in_dm(CERTAIN)
    await day.settle()
    return bot_said(day.person(DSL), SAFE)[-1]


# ---- Offers that were taken ------------------------------------------------------------------------------------------


async def test_an_offer_that_was_taken_is_none_any_more(day: Served) -> None:
    """The card says that it was passed on, where it said that nobody has been told; its advice stays."""
    offer = await offered(day)
    assert told.OFFERED in words_of(offer)
    await day.person(TEACHER).taps(offer, "reply:tell")
    reference = (await day.only()).reference
    card = next(message for message in bot_said(day.person(TEACHER)) if message.ts == offer.ts)
    assert wording.handed_on(reference) in words_of(card)
    assert told.OFFERED not in words_of(card)
    assert wording.WHO_WILL_READ not in words_of(card)
    assert not {"reply:tell", "reply:involved"} & set(buttons_of(card))
    assert wording.WHAT_TO_DO in words_of(card)


async def test_the_readers_of_an_offer_go_where_one_of_them_is_involved(day: Served) -> None:
    """The next list stands below, and the first one cannot be taken for who will read it."""
    offer = await offered(day)
    await day.person(TEACHER).taps(offer, "reply:involved")
    card = next(message for message in bot_said(day.person(TEACHER)) if message.ts == offer.ts)
    assert wording.INVOLVED_BELOW in words_of(card)
    assert wording.WHO_WILL_READ not in words_of(card)
    assert wording.WHO_WILL_READ in words_of(bot_said(day.person(TEACHER))[-1])


async def test_a_list_of_readers_that_changed_is_shown_anew(day: Served) -> None:
    """Somebody joined the channel meanwhile: the tap is not taken for a list that nobody saw, nor lost."""
    tess, offer = day.person(TEACHER), await offered(day)
    day.team.channels[SAFE].members.append(COLLEAGUE)
    day.pass_by(timedelta(minutes=2))
    await tess.taps(offer, "reply:tell")
    assert await day.escalations() == []
    fresh = bot_said(tess)[-1]
    assert told.NEW_LIST in words_of(fresh)
    assert wording.LIST_BELOW in words_of(next(message for message in bot_said(tess) if message.ts == offer.ts))
    await tess.taps(fresh, "reply:tell")
    assert (await day.only()).reference in bot_said(tess)[-1].text


async def test_a_list_that_changed_in_the_form_is_shown_anew(day: Served) -> None:
    """What was typed is not lost: the second step comes again with the list as it stands."""
    tess = day.person(TEACHER)
    await tess.shortcut("raise-a-concern")
    await tess.submits(tess.modal, {"text": POSSIBLE, "category": "child-at-risk"})
    day.team.channels[SAFE].members.append(COLLEAGUE)
    day.pass_by(timedelta(minutes=2))
    await tess.submits(tess.modal)
    assert (told.NEW_LIST in words_of(tess.modal), await day.escalations()) == (True, [])
    await tess.submits(tess.modal)
    assert (await day.only()).reference in words_of(tess.modal)


async def test_what_went_to_others_before_is_never_said_to_have_reached_nobody(day: Served) -> None:
    """Where nobody is left whom it could go to next, those who were told before have been told all the same."""
    await offered(day, CERTAIN)
    await day.settle()
    (advice, _receipt) = bot_said(day.person(TEACHER))
    for user in (HEAD, CHAIR):
        day.team.users[user].deleted = True
    last = advice
    while "reply:involved" in buttons_of(last):
        await day.person(TEACHER).taps(last, "reply:involved")
        last = bot_said(day.person(TEACHER))[-1]
        assert wording.NOBODY_TOLD not in words_of(last)


# ---- Opening the words -----------------------------------------------------------------------------------------------


async def test_words_that_cannot_be_shown_are_not_called_seen(rough_day: Served) -> None:
    """Where Slack opens no view, the asker does not read that the DSL has seen it."""
    card = await told_at_once(rough_day)
    rough_day.slack.faults.fail("views.open", "expired_trigger_id")
    await rough_day.person(DSL).taps(card, "desk:open")
    assert (await rough_day.only()).seen == ()
    assert bot_said(rough_day.person(DSL), SAFE)[-1].text == in_slack.CANNOT_SHOW


async def test_a_view_is_there_before_the_words_are_read(rough_day: Served) -> None:
    """The trigger of a tap holds for three seconds, however long the words take."""
    card = await told_at_once(rough_day)
    await rough_day.person(DSL).taps(card, "desk:open")
    opened, changed = rough_day.slack.calls_of("views.open")[-1], rough_day.slack.calls_of("views.update")[-1]
    assert wording.OPENING in str(opened.args["view"])
    assert CERTAIN in str(changed.args["view"])
    assert CERTAIN in words_of(rough_day.person(DSL).modal)


async def test_whoever_may_not_open_it_gets_no_view(day: Served) -> None:
    """Whoever joined the channel a moment ago is not known there yet: nothing is shown, and nothing is noted."""
    card = await told_at_once(day)
    day.team.channels[SAFE].members.append(COLLEAGUE)
    cole = day.person(COLLEAGUE)
    await cole.taps(card, "desk:open")
    assert not cole.has_modal
    assert (await day.only()).seen == ()


# ---- Who cannot be looked at -----------------------------------------------------------------------------------------


async def test_who_cannot_be_looked_at_is_not_taken_for_a_guest(rough_day: Served) -> None:
    """A member of staff whom Slack cannot name just now is told so, and asks again with success."""
    tess = rough_day.person(TEACHER)
    rough_day.slack.faults.crash("users.info")
    await tess.says_in_dm(FRIEND)
    assert told.NOT_CHECKED in words_of(bot_said(tess)[-1])
    rough_day.pass_by(timedelta(seconds=5))
    await tess.says_in_dm(FRIEND)
    assert told.NOT_CHECKED not in words_of(bot_said(tess)[-1])


async def test_a_concern_of_somebody_who_cannot_be_looked_at_is_passed_on(rough_day: Served) -> None:
    """It is never marked as not from staff, since nobody knows that."""
    rough_day.slack.faults.crash("users.info", 4)
    card = await told_at_once(rough_day)
    assert told.NOT_STAFF not in words_of(card)
    assert (await rough_day.only()).staff


async def test_what_a_guest_raises_reaches_the_school(day: Served) -> None:
    """A guest who opens the form is shown no readers: it is passed on, marked as not from staff, and they read that."""
    gus = day.person(GUEST)
    await gus.shortcut("raise-a-concern")
    await gus.submits(gus.modal, {"text": "something is wrong with the zebrafinch boy", "category": "child-at-risk"})
    assert told.NOT_STAFF_TOLD in words_of(gus.modal)
    assert told.NOT_STAFF_REPLY in words_of(gus.modal)
    await day.settle()
    assert told.NOT_STAFF in words_of(bot_said(day.person(DSL), SAFE)[-1])


# ---- Where Slack does not take an answer -----------------------------------------------------------------------------


async def test_an_answer_that_a_channel_does_not_take_comes_directly(rough_day: Served) -> None:
    """Whoever asked in a channel that has been left meanwhile reads it in their direct messages."""
    tess = rough_day.person(TEACHER)
    rough_day.slack.faults.fail("chat.postEphemeral", "user_not_in_channel")
    await tess.mentions(STAFF_ROOM, FRIEND)
    assert bot_said(tess, STAFF_ROOM) == []
    assert len(bot_said(tess)) == 1


async def test_a_refusal_in_the_home_tab_is_never_silent(rough_day: Served) -> None:
    """Where no view can be opened to say it, it comes by direct message."""
    await told_at_once(rough_day)
    dale = rough_day.person(DSL)
    await dale.opens_home()
    rough_day.slack.faults.fail("views.open", "expired_trigger_id", 2)
    await dale.taps(dale.home, "desk:open")
    assert bot_said(dale)[-1].text == in_slack.CANNOT_SHOW


async def test_an_offer_in_a_channel_is_left_as_it_is(rough_day: Served) -> None:
    """What was shown for the moment only, because direct messages failed, is not edited."""
    person = rough_day.person(COLLEAGUE)
    rough_day.slack.faults.fail("conversations.open", "cannot_dm_bot", 9)
    await person.slash("/policy", POSSIBLE, STAFF_ROOM)
    offer = bot_said(person, STAFF_ROOM)[-1]
    await person.taps(offer, "reply:tell")
    assert (await rough_day.only()).reference in words_of(bot_said(person, STAFF_ROOM)[-1])
    assert rough_day.slack.calls_of("chat.update") == []
