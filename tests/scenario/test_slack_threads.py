"""What is typed in a thread: more of a concern, something for others, an answer that goes nowhere, a question on."""

from datetime import timedelta

from adapters.chat import wording
from adapters.slack import wording as in_slack
from bot import wording as said
from bot.escalation import wording as told
from bot.escalation.model import State
from tests.scenario.slack_world import (
    DSL,
    HEAD,
    SAFE,
    STAFF_ROOM,
    TEACHER,
    Served,
    bot_said,
    buttons_of,
    choices_of,
    words_of,
)

FRIEND = "can I friend a parent?"
CERTAIN = "a child told me her dad hits her"
ABOUT_HEAD = "I saw Mrs Head, the headteacher, slap a child"
PHONE = "can I be on my phone in the playground?"


async def asked_a_person(day: Served) -> str:
    """Let the teacher hand a question to a person; returns the thread of its receipt."""
    tess = day.person(TEACHER)
    await tess.says_in_dm("does the moon rise on tuesdays")
    await tess.taps(bot_said(tess)[-1], "reply:ask-a-person")
    await day.settle()
    return bot_said(tess)[-1].ts


# ---- Beneath what was raised -----------------------------------------------------------------------------------------


async def test_a_concern_beneath_a_question_goes_its_own_way(day: Served) -> None:
    """Those who answer policy questions never read it: the headteacher may be whom it is about."""
    thread = await asked_a_person(day)
    before = len(bot_said(day.person(HEAD)))
    tess = day.person(TEACHER)
    await tess.says_in_dm(ABOUT_HEAD, thread_ts=thread)
    await day.settle()
    assert wording.WHAT_TO_DO in words_of(bot_said(tess)[-1])
    assert len(bot_said(day.person(HEAD))) == before
    await tess.says_in_dm(CERTAIN, thread_ts=thread)
    await day.settle()
    assert [one.category for one in await day.escalations() if one.urgent] == ["child-at-risk"]
    assert bot_said(day.person(DSL), SAFE)


async def test_a_concern_typed_into_the_form_of_a_question_is_refused(day: Served) -> None:
    """What was typed stays there, and the writer reads which way it must go."""
    await asked_a_person(day)
    tess = day.person(TEACHER)
    await tess.taps(bot_said(tess)[-1], "asker:answer")
    answer = await tess.submits(tess.modal, {"text": ABOUT_HEAD})
    assert answer.body["errors"] == {"text": told.FOR_OTHERS}
    assert len(await day.escalations()) == 1


async def test_more_of_a_concern_is_added_to_it(day: Served) -> None:
    """Whoever goes on writing beneath the advice opens no second case, and reads that it was added."""
    tess = day.person(TEACHER)
    await tess.says_in_dm(CERTAIN)
    await day.settle()
    root = tess.reads()[0].ts
    await tess.says_in_dm("her dad hit her again this morning, she is still here with me", thread_ts=root)
    await day.settle()
    one = await day.only()
    assert bot_said(tess)[-1].text == wording.ADDED
    assert [entry.text for entry in await day.parts.store.entries(one.id)][1:] == [
        "her dad hit her again this morning, she is still here with me"
    ]


async def test_a_question_beneath_a_concern_is_answered(day: Served) -> None:
    """Whoever asks for a rule in between gets the rule."""
    tess = day.person(TEACHER)
    await tess.says_in_dm(CERTAIN)
    await day.settle()
    await tess.says_in_dm(FRIEND, thread_ts=tess.reads()[0].ts)
    assert bot_said(tess)[-1].text.startswith("Advised against")
    assert len(await day.escalations()) == 1


async def test_what_is_added_by_the_form_is_confirmed(day: Served) -> None:
    """The form closes, and a direct message says that it was added."""
    tess = day.person(TEACHER)
    await tess.says_in_dm(CERTAIN)
    await day.settle()
    await tess.taps(bot_said(tess)[-1], "asker:answer")
    await tess.submits(tess.modal, {"text": "he is in the office now"})
    assert not tess.has_modal
    assert wording.ADDED in [message.text for message in bot_said(tess)]


async def test_an_addition_whose_confirmation_waits_is_added_once(rough_day: Served) -> None:
    """Slack sends it again until that arrives; those who have it are told once."""
    rough_day.slack.sockets.patience = 1.0
    tess = rough_day.person(TEACHER)
    await tess.says_in_dm(CERTAIN)
    await rough_day.settle()
    rough_day.slack.faults.limit("chat.postMessage", 1)
    sent = await tess.says_in_dm("he is in the office now", thread_ts=bot_said(tess)[-1].ts)
    await rough_day.until(lambda: bot_said(tess)[-1].text == wording.ADDED)
    rough_day.pass_by(timedelta(minutes=1))
    assert (await rough_day.slack.redeliver(sent, 2)).acked
    one = await rough_day.only()
    assert len(await rough_day.parts.store.entries(one.id)) == 2


# ---- At the desk -----------------------------------------------------------------------------------------------------


async def test_what_a_dsl_types_beneath_a_card_is_not_lost_in_silence(day: Served) -> None:
    """They read that nobody got it and how to answer; it opens no case of its own."""
    await day.person(TEACHER).says_in_dm("a colleague messages a pupil on instagram at night")
    offer = bot_said(day.person(TEACHER))[-1]
    await day.person(TEACHER).taps(offer, "reply:tell")
    await day.settle()
    head = day.person(HEAD)
    card = bot_said(head)[-1]
    await head.says_in_dm("thank you, I hit the roof when I read it", thread_ts=card.ts)
    assert bot_said(head)[-1].text == in_slack.NOT_SENT
    assert len(await day.escalations()) == 1


async def test_the_home_tab_shows_what_was_done_in_a_view(day: Served) -> None:
    """Once it is resolved in a view, it does not stand in the home tab as waiting."""
    await day.person(TEACHER).says_in_dm(CERTAIN)
    await day.settle()
    dale = day.person(DSL)
    await dale.opens_home()
    await dale.taps(dale.home, "desk:resolve")
    await dale.submits(dale.modal, {"resolution": "handled"})
    assert (await day.only()).state is State.RESOLVED
    await day.until(lambda: "desk:resolve" not in buttons_of(dale.home))


# ---- In a channel ----------------------------------------------------------------------------------------------------


async def test_a_mention_in_the_thread_of_a_mention_follows_it(day: Served) -> None:
    """ "And at lunch?" beneath the question in a channel means what it means in a direct message."""
    tess = day.person(TEACHER)
    await tess.mentions(STAFF_ROOM, PHONE)
    first = tess.reads(STAFF_ROOM)[0]
    await tess.mentions(STAFF_ROOM, "and at lunch?", thread_ts=first.ts)
    assert said.taken_together(PHONE) in words_of(bot_said(tess, STAFF_ROOM)[-1])


# ---- Before the school is known --------------------------------------------------------------------------------------


async def test_everything_that_waited_for_the_school_is_answered(trust: Served) -> None:
    """A disclosure that came second is raised, whichever of the lists the school was picked from."""
    tess = trust.person(TEACHER)
    await tess.says_in_dm(FRIEND)
    first = bot_said(tess)[-1]
    await tess.says_in_dm(CERTAIN)
    await tess.selects(first, "school:choose", choices_of(first)["Model Primary School"])
    assert (await trust.only()).school == "model"
    assert [message.text for message in bot_said(tess)[2:]] == [
        wording.school_chosen("Model Primary School"),
        "Advised against: sending friend requests to parents or accepting theirs",
        wording.NEWS_OF_A_CONCERN,
    ]


async def test_a_school_picked_in_the_home_tab_answers_what_waited(trust: Served) -> None:
    """The answers come by direct message."""
    tess = trust.person(TEACHER)
    await tess.says_in_dm(CERTAIN)
    await tess.opens_home()
    await tess.selects(tess.home, "home:school", "second")
    assert (await trust.only()).school == "second"
    assert bot_said(tess)[-1].text == wording.NEWS_OF_A_CONCERN
