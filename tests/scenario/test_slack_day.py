"""The 8:40 question: what people ask in Slack, wherever they ask it, and what they read."""

from datetime import timedelta

from adapters.chat import wording
from adapters.slack import wording as in_slack
from bot import wording as said
from bot.escalation import wording as told
from tests.scenario.slack_world import (
    COLLEAGUE,
    GUEST,
    HEAD,
    SAFE,
    STAFF_ROOM,
    STRANGER,
    TEACHER,
    Served,
    bot_said,
    buttons_of,
    words_of,
)

FRIEND = "can I friend a parent?"
VERDICT = "Advised against: sending friend requests to parents or accepting theirs"
QUOTE = "You should not send friend requests to parents or accept theirs."
ON_EVERY_ANSWER = ["reply:helped", "reply:not-meant", "reply:ask-a-person"]


# ---- Wherever it is asked --------------------------------------------------------------------------------------------


async def test_a_direct_message_is_answered_in_its_thread(day: Served) -> None:
    """A teacher sees at once that it is being looked up, then reads verdict, rule, source and whom to ask."""
    tess = day.person(TEACHER)
    await tess.says_in_dm(FRIEND)
    asked, (answer,) = tess.reads()[0], bot_said(tess)
    assert (day.team.statuses[0].thread_ts, day.team.statuses[0].words) == (asked.ts, in_slack.LOOKING)
    assert (answer.text, answer.thread_ts) == (VERDICT, asked.ts)
    assert all(part in words_of(answer) for part in (QUOTE, "Section: 8.1 Parents", "Version: 3.1", f"<@{HEAD}>"))
    assert buttons_of(answer) == ON_EVERY_ANSWER


async def test_a_mention_is_answered_once_and_to_the_asker_alone(day: Served) -> None:
    """Although Slack tells of it twice, the asker reads one answer in the channel, and nobody else reads any."""
    day.slack.subscriptions.add("message.channels")
    tess, cole = day.person(TEACHER), day.person(COLLEAGUE)
    sent = await tess.mentions(STAFF_ROOM, FRIEND)
    (answer,) = bot_said(tess, STAFF_ROOM)
    assert [one.sent.payload["event"]["type"] for one in sent] == ["app_mention", "message"]
    assert (answer.text, answer.ephemeral_to) == (VERDICT, TEACHER)
    assert buttons_of(answer) == [*ON_EVERY_ANSWER, "reply:share"]
    assert (bot_said(cole, STAFF_ROOM), bot_said(tess)) == ([], [])


async def test_a_mention_is_seen_at_once(day: Served) -> None:
    """A pair of eyes stands on the message that asked."""
    tess = day.person(TEACHER)
    await tess.mentions(STAFF_ROOM, FRIEND)
    assert tess.reads(STAFF_ROOM)[0].reactions == {"eyes": [day.team.bot.id]}


async def test_a_command_is_answered_in_its_acknowledgement(day: Served) -> None:
    """What is typed after /policy is answered in the same breath, to the asker alone."""
    tess = day.person(TEACHER)
    answer = await tess.slash("/policy", FRIEND, STAFF_ROOM)
    (shown,) = bot_said(tess, STAFF_ROOM)
    assert answer.body["text"] == shown.text == VERDICT
    assert shown.ephemeral_to == TEACHER
    assert day.slack.calls_of("chat.postMessage") == []


async def test_an_empty_command_is_answered_kindly(day: Served) -> None:
    """Whoever types /policy and nothing else is told what to type."""
    tess = day.person(TEACHER)
    await tess.slash("/policy", "", STAFF_ROOM)
    assert bot_said(tess, STAFF_ROOM)[0].text == said.EMPTY_QUESTION


async def test_a_message_of_somebody_else_can_be_asked_about(day: Served) -> None:
    """A colleague's question in the channel is pointed at, and the answer is for whoever pointed."""
    tess, cole = day.person(TEACHER), day.person(COLLEAGUE)
    await cole.says(STAFF_ROOM, FRIEND)
    await tess.message_shortcut("ask-signpost", tess.reads(STAFF_ROOM)[0])
    assert [message.text for message in bot_said(tess, STAFF_ROOM)] == [VERDICT]
    assert bot_said(cole, STAFF_ROOM) == []


async def test_a_channel_message_that_names_nobody_is_left_alone(day: Served) -> None:
    """Signpost does not mix into what colleagues say to each other."""
    day.slack.subscriptions.add("message.channels")
    await day.person(TEACHER).says(STAFF_ROOM, FRIEND)
    assert bot_said(day.person(TEACHER), STAFF_ROOM) == []


# ---- What comes of the answer ----------------------------------------------------------------------------------------


async def test_a_follow_up_in_the_thread_is_taken_with_the_question_before_it(day: Served) -> None:
    """ "And at lunch?" means something only in the thread in which the question before it stands."""
    tess = day.person(TEACHER)
    await tess.says_in_dm("can I be on my phone in the playground?")
    first = tess.reads()[0]
    await tess.says_in_dm("and at lunch?", thread_ts=first.ts)
    answer = bot_said(tess)[-1]
    assert answer.thread_ts == first.ts
    assert said.taken_together("can I be on my phone in the playground?") in words_of(answer)
    await tess.says_in_dm("and at lunch?")
    assert said.taken_together("") not in words_of(bot_said(tess)[-1])


async def test_a_meaning_is_picked_by_tapping(day: Served) -> None:
    """Where a question could mean several things, tapping one of them brings its rule."""
    tess = day.person(TEACHER)
    await tess.says_in_dm("photos")
    offered = bot_said(tess)[-1]
    assert buttons_of(offered)[:4] == [f"reply:choose:{number}" for number in range(4)]
    await tess.taps(offered, "reply:choose:2")
    answer = bot_said(tess)[-1]
    assert answer.thread_ts == tess.reads()[0].ts
    assert "using a school device, and never your own, for photos or film of pupils" in answer.text.lower()


async def test_a_meaning_is_picked_in_a_channel_unseen_by_others(day: Served) -> None:
    """What is tapped on an answer that one person sees is answered to them alone."""
    tess = day.person(TEACHER)
    await tess.slash("/policy", "photos", STAFF_ROOM)
    await tess.taps(bot_said(tess, STAFF_ROOM)[0], "reply:choose:2")
    assert [message.ephemeral_to for message in bot_said(tess, STAFF_ROOM)] == [TEACHER, TEACHER]
    assert bot_said(day.person(COLLEAGUE), STAFF_ROOM) == []


async def test_that_an_answer_helped_is_noted(day: Served) -> None:
    """Whoever says that it helped is thanked."""
    tess = day.person(TEACHER)
    await tess.says_in_dm(FRIEND)
    await tess.taps(bot_said(tess)[-1], "reply:helped")
    assert bot_said(tess)[-1].text == told.HELPED


async def test_an_answer_that_was_not_meant_is_put_right(day: Served) -> None:
    """Something nearer is offered, and it is kept without the asker that the answer missed."""
    tess = day.person(TEACHER)
    await tess.says_in_dm(FRIEND)
    await tess.taps(bot_said(tess)[-1], "reply:not-meant")
    assert bot_said(tess)[-1].text in {said.NOT_MEANT, said.NOT_MEANT_NOTHING}
    (kept,) = await day.parts.store.feedback("model", 10)
    assert kept.kind == "not-helpful"


async def test_a_person_is_asked(day: Served) -> None:
    """The question goes to the headteacher with its words; the answer comes back to the asker's direct messages."""
    tess, head = day.person(TEACHER), day.person(HEAD)
    await tess.says_in_dm("does the moon rise on tuesdays")
    await tess.taps(bot_said(tess)[-1], "reply:ask-a-person")
    await day.settle()
    card = bot_said(head)[-1]
    assert "does the moon rise on tuesdays" in words_of(card)
    assert (await day.only()).is_question
    await head.taps(card, "desk:reply")
    await head.submits(head.modal, {"text": "It does, in November."})
    await day.settle()
    assert "It does, in November." in "".join(words_of(message) for message in bot_said(tess))
    assert day.person(HEAD).reads(SAFE) == []


async def test_an_answer_is_shared_with_the_channel(day: Served) -> None:
    """What everybody may read is posted for everybody: the rule and its source, and no buttons."""
    tess, cole = day.person(TEACHER), day.person(COLLEAGUE)
    await tess.mentions(STAFF_ROOM, FRIEND)
    await tess.taps(bot_said(tess, STAFF_ROOM)[-1], "reply:share")
    (shared,) = bot_said(cole, STAFF_ROOM)
    assert (shared.text, buttons_of(shared)) == (VERDICT, [])
    assert QUOTE in words_of(shared)
    assert bot_said(tess, STAFF_ROOM)[-1].text == in_slack.SHARED


async def test_an_answer_is_shared_once_however_often_it_is_tapped(day: Served) -> None:
    """The second tap says that it stands there already, and posts nothing."""
    tess, cole = day.person(TEACHER), day.person(COLLEAGUE)
    await tess.mentions(STAFF_ROOM, FRIEND)
    answer = bot_said(tess, STAFF_ROOM)[-1]
    for _ in range(2):
        await tess.taps(answer, "reply:share")
    assert len(bot_said(cole, STAFF_ROOM)) == 1
    said_to_tess = [message.text for message in bot_said(tess, STAFF_ROOM) if message.ephemeral_to == TEACHER]
    assert said_to_tess[-2:] == [in_slack.SHARED, in_slack.SHARED_ALREADY]


async def test_an_answer_that_could_not_be_shared_can_be_shared_later(day: Served) -> None:
    """Once Signpost has been invited, a later tap shares it; one at the same moment says to wait a little."""
    there = day.team.add_channel("C0LATER", "later", TEACHER, COLLEAGUE, with_bot=False)
    tess = day.person(TEACHER)
    await tess.slash("/policy", FRIEND, "C0LATER")
    answer = bot_said(tess, "C0LATER")[-1]
    await tess.taps(answer, "reply:share")
    await tess.taps(answer, "reply:share")
    assert [one.text for one in bot_said(tess, "C0LATER")[-2:]] == [in_slack.CANNOT_POST_HERE, in_slack.BEING_SHARED]
    there.members.append(day.team.bot.id)
    day.pass_by(timedelta(minutes=1))
    await tess.taps(answer, "reply:share")
    assert len(bot_said(day.person(COLLEAGUE), "C0LATER")) == 1


async def test_an_answer_cannot_be_shared_where_signpost_is_not(day: Served) -> None:
    """In a channel without Signpost /policy works, and sharing says what to do about it."""
    day.team.add_channel("C0OTHER", "other", TEACHER, COLLEAGUE, is_private=True, with_bot=False)
    tess = day.person(TEACHER)
    await tess.slash("/policy", FRIEND, "C0OTHER")
    await tess.taps(bot_said(tess, "C0OTHER")[-1], "reply:share")
    assert bot_said(tess, "C0OTHER")[-1].text == in_slack.CANNOT_POST_HERE
    assert bot_said(day.person(COLLEAGUE), "C0OTHER") == []


async def test_somebody_elses_answer_is_not_theirs_to_tap(day: Served) -> None:
    """A tap made up for the reply of another does nothing with it."""
    tess, cole = day.person(TEACHER), day.person(COLLEAGUE)
    await tess.says_in_dm("does the moon rise on tuesdays")
    await cole.says_in_dm(FRIEND)
    theirs, own = bot_said(tess)[-1], bot_said(cole)[-1]
    own.blocks[-1]["elements"][2]["value"] = theirs.blocks[-1]["elements"][2]["value"]
    await cole.taps(own, "reply:ask-a-person")
    assert bot_said(cole)[-1].text == told.GONE
    assert await day.escalations() == []


# ---- Who asks, and what is no question -------------------------------------------------------------------------------


async def test_a_guest_and_a_stranger_get_kind_words_and_no_policy(day: Served) -> None:
    """Nobody but staff is answered; they read where to find help."""
    for user in (GUEST, STRANGER):
        person = day.person(user)
        await person.says_in_dm(FRIEND)
        assert told.NOT_STAFF_REPLY in words_of(bot_said(person)[-1])
        await person.slash("/policy", FRIEND, STAFF_ROOM)
        assert QUOTE not in words_of(bot_said(person, STAFF_ROOM)[-1])


async def test_what_bots_write_is_left_alone(day: Served) -> None:
    """Neither its own messages nor those of other bots are answered, so that no two of them talk for ever."""
    tess = day.person(TEACHER)
    day.team.add_user("U0BOT", "reminder", is_bot=True, bot_id="B0REMIND")
    day.team.channels[STAFF_ROOM].members.append("U0BOT")
    await tess.says_in_dm(FRIEND)
    before = len(day.slack.calls)
    await day.slack.echo(day.team, bot_said(tess)[-1])
    await day.person("U0BOT").mentions(STAFF_ROOM, FRIEND)
    assert [call.method for call in day.slack.calls[before:]] == []


async def test_edits_and_deletions_are_no_new_questions(day: Served) -> None:
    """A question that is mended or taken back afterwards is not answered again."""
    tess = day.person(TEACHER)
    await tess.says_in_dm(FRIEND)
    asked = tess.reads()[0]
    await tess.edits(asked, "photos")
    await tess.deletes(asked)
    assert len(bot_said(tess)) == 1


async def test_files_are_never_opened(day: Served) -> None:
    """A picture is not fetched; its sender reads what to do, and what they wrote beside it is answered."""
    tess = day.person(TEACHER)
    await tess.shares_file("screenshot.png")
    assert [message.text for message in bot_said(tess)] == [wording.NO_FILES]
    await tess.shares_file("letter.pdf", FRIEND)
    assert [message.text for message in bot_said(tess)[1:]] == [wording.NO_FILES, VERDICT]


async def test_whoever_opens_the_conversation_is_greeted_once(day: Served) -> None:
    """The first opening says what Signpost is for, the second nothing new."""
    tess = day.person(TEACHER)
    await tess.opens_messages()
    await tess.opens_messages()
    (greeting,) = bot_said(tess)
    assert said.help_text("Designated Safeguarding Lead") in words_of(greeting)
