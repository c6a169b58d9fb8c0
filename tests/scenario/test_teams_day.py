"""The 8:40 question: what people ask in Teams, wherever they ask it, and what they read."""

from adapters.chat import wording
from adapters.teams import wording as in_teams
from bot import wording as said
from bot.escalation import wording as told
from bot.escalation.message import Act
from tests.scenario.teams_world import Served, bot_said
from tests.teams_fake import Person, Place, Seen

FRIEND = "can I friend a parent?"
PHONE = "can I be on my phone in the playground?"
LUNCH = "and at lunch?"
NO_RULE = "does the moon rise on tuesdays"
CERTAIN = "a child told me her dad hits her"
POSSIBLE = "a pupil is being bullied on snapchat by the zebrafinch gang"
VERDICT = "Advised against: sending friend requests to parents or accepting theirs"
QUOTE = "You should not send friend requests to parents or accept theirs."
ON_EVERY_ANSWER = ["reply:helped", "reply:not-meant", "reply:ask-a-person"]
DEVICE = "Using a school device, and never your own, for photos or film of pupils"


def place_of(day: Served, kind: str) -> Place:
    """Return the group chat, or the staff room."""
    return day.at.chat if kind == "group chat" else day.at.staff_room


async def picks(person: Person, offered: Seen, meaning: str) -> None:
    """Tap the meaning that stands above the button, or on it."""
    lines = offered.words.splitlines()
    choices = [line for number, line in enumerate(lines[:-1]) if lines[number + 1] == in_teams.THIS_ONE]
    await person.taps(offered, "reply:choose", choices.index(meaning))


# ---- Wherever it is asked --------------------------------------------------------------------------------------------


async def test_a_question_in_the_own_chat_is_answered_there(teams_day: Served) -> None:
    """A teacher reads verdict, rule, source and whom to ask."""
    tess = teams_day.person("teacher")
    await tess.writes(FRIEND)
    (answer,) = bot_said(tess)
    assert answer.summary == VERDICT
    assert all(part in answer.words for part in (QUOTE, "Section: 8.1 Parents", "Version: 3.1", "Mrs A. Example"))
    assert answer.verbs == ON_EVERY_ANSWER


async def test_a_mention_in_a_group_chat_is_answered_there_once_for_all(teams_day: Served) -> None:
    """Everybody reads the rule and the roles to ask, without anybody's name or number; nobody gets it twice."""
    tess, cole, chat = teams_day.person("teacher"), teams_day.person("colleague"), teams_day.at.chat
    await tess.writes_in(chat, FRIEND)
    (answer,) = bot_said(cole, chat)
    assert (answer.summary, answer.verbs) == (VERDICT, ON_EVERY_ANSWER)
    assert (QUOTE in answer.words, "Your headteacher" in answer.words) == (True, True)
    assert ("Mrs A. Example" in answer.words, "01632" in answer.words) == (False, False)
    assert bot_said(tess) == bot_said(cole) == []


async def test_a_mention_in_a_channel_is_answered_in_its_thread(teams_day: Served) -> None:
    """The answer stands beneath the question, for everybody who reads the channel."""
    tess, cole, room = teams_day.person("teacher"), teams_day.person("colleague"), teams_day.at.staff_room
    await tess.writes_in(room, FRIEND)
    (answer,) = bot_said(cole, room)
    assert (answer.summary, answer.root) == (VERDICT, cole.reads(room)[0].id)
    assert bot_said(tess) == []


async def test_what_colleagues_say_to_each_other_is_left_alone(teams_day: Served) -> None:
    """Without a mention nothing is said, in a group chat or in a channel."""
    tess = teams_day.person("teacher")
    for place in (teams_day.at.chat, teams_day.at.staff_room):
        await tess.writes_in(place, FRIEND, mention=False)
        assert bot_said(tess, place) == []
    assert teams_day.teams.calls == []


async def test_a_bare_mention_is_told_what_to_do_where_it_stands(teams_day: Served) -> None:
    """Nothing stood in it that others may not read, so nobody is sent elsewhere."""
    tess, room = teams_day.person("teacher"), teams_day.at.staff_room
    await tess.writes_in(room, "")
    assert [one.words for one in bot_said(tess, room)] == [in_teams.ASK_IN_ONE_MESSAGE]
    assert bot_said(tess) == []


async def test_a_question_without_a_rule_is_said_so_openly(teams_day: Served) -> None:
    """Others learn that there is none, and that this does not make it allowed."""
    tess, room = teams_day.person("teacher"), teams_day.at.staff_room
    await tess.writes_in(room, NO_RULE)
    assert wording.NO_RULE in bot_said(teams_day.person("colleague"), room)[0].words
    assert bot_said(tess) == []


# ---- Privately, where others read it ---------------------------------------------------------------------------------


async def test_a_concern_in_a_place_that_others_read_is_answered_in_the_own_chat(teams_day: Served) -> None:
    """The place reads one neutral sentence; advice, names and buttons stand with the asker alone."""
    tess, cole = teams_day.person("teacher"), teams_day.person("colleague")
    for place in (teams_day.at.chat, teams_day.at.staff_room):
        for text in (CERTAIN, POSSIBLE):
            await tess.writes_in(place, text)
            (*_, pointed), (*_, advice) = bot_said(cole, place), bot_said(tess)
            assert (pointed.words, pointed.summary) == (in_teams.ANSWERED_PRIVATELY, in_teams.ANSWERED_PRIVATELY)
            assert (advice.summary, wording.WHAT_TO_DO in advice.words) == (wording.NEWS_OF_A_CONCERN, True)
        assert len(bot_said(cole, place)) == 2
    assert len(bot_said(tess)) == 4


async def test_words_of_danger_are_answered_in_the_own_chat(teams_day: Served) -> None:
    """A question that may be about somebody in danger is not answered for all to read."""
    tess, room = teams_day.person("teacher"), teams_day.at.staff_room
    await tess.writes_in(room, "can I search his bag, he says he has a knife")
    assert [one.words for one in bot_said(tess, room)] == [in_teams.ANSWERED_PRIVATELY]
    assert "999" in bot_said(tess)[-1].words


async def test_nobody_but_staff_is_answered_and_others_do_not_learn_it(teams_day: Served) -> None:
    """A guest reads where to find help in their own chat; the channel reads the neutral sentence."""
    gus, room = teams_day.person("guest"), teams_day.at.staff_room
    await gus.writes_in(room, FRIEND)
    assert [one.words for one in bot_said(teams_day.person("colleague"), room)] == [in_teams.ANSWERED_PRIVATELY]
    assert [one.words for one in bot_said(gus)] == [told.NOT_STAFF_REPLY]


async def test_whoever_cannot_be_written_to_reads_how_to_get_the_answer(rough_teams_day: Served) -> None:
    """Where their own chat does not open, the place says what to do and whom to tell, and nothing of the question."""
    tess, room = rough_teams_day.person("teacher"), rough_teams_day.at.staff_room
    rough_teams_day.user("teacher").has_blocked = True
    await tess.writes_in(room, CERTAIN)
    assert [one.words for one in bot_said(tess, room)] == [in_teams.OPEN_ME_FIRST]
    assert "999" in in_teams.OPEN_ME_FIRST
    assert (await rough_teams_day.only()).category == "child-at-risk"


# ---- Going on --------------------------------------------------------------------------------------------------------


async def test_a_follow_up_in_the_own_chat_is_taken_with_the_question_before_it(teams_day: Served) -> None:
    """ "And at lunch?" is understood, and the answer says with what it was taken together."""
    tess = teams_day.person("teacher")
    await tess.writes(PHONE)
    await tess.writes(LUNCH)
    assert said.taken_together(PHONE) in bot_said(tess)[-1].words


async def test_a_follow_up_in_a_thread_follows_that_thread_alone(teams_day: Served) -> None:
    """In a channel it goes on from its own thread; in a new thread it stands by itself."""
    tess, room = teams_day.person("teacher"), teams_day.at.staff_room
    await tess.writes_in(room, PHONE)
    await tess.writes_in(room, LUNCH, beneath=tess.reads(room)[0])
    assert said.taken_together(PHONE) in bot_said(tess, room)[-1].words
    await tess.writes_in(room, LUNCH)
    assert said.taken_together("") not in bot_said(tess, room)[-1].words


async def test_a_follow_up_in_a_group_chat_follows_what_the_same_person_asked(teams_day: Served) -> None:
    """What a colleague asks in between is nobody else's beginning."""
    tess, cole, chat = teams_day.person("teacher"), teams_day.person("colleague"), teams_day.at.chat
    await tess.writes_in(chat, PHONE)
    await cole.writes_in(chat, LUNCH)
    assert said.taken_together("") not in bot_said(tess, chat)[-1].words
    await tess.writes_in(chat, LUNCH)
    assert said.taken_together(PHONE) in bot_said(tess, chat)[-1].words


async def test_a_meaning_is_picked_by_tapping(teams_day: Served) -> None:
    """Where a question could mean several things, tapping one of them brings its rule."""
    tess = teams_day.person("teacher")
    await tess.writes("photos")
    (offered,) = bot_said(tess)
    await picks(tess, offered, DEVICE)
    assert DEVICE.lower() in bot_said(tess)[-1].summary.lower()
    assert tess.toasts == [in_teams.BELOW]


async def test_a_meaning_is_picked_in_a_channel_by_whoever_asked(teams_day: Served) -> None:
    """The rule stands beneath the same question, for everybody there."""
    tess, room = teams_day.person("teacher"), teams_day.at.staff_room
    await tess.writes_in(room, "photos")
    (offered,) = bot_said(tess, room)
    await picks(tess, offered, DEVICE)
    picked = bot_said(teams_day.person("colleague"), room)[-1]
    assert (DEVICE.lower() in picked.summary.lower(), picked.root) == (True, offered.root)


async def test_what_another_asked_is_not_theirs_to_tap(teams_day: Served) -> None:
    """A colleague reads whose buttons they are; nothing is posted, kept or handed on in either name."""
    tess, cole, room = teams_day.person("teacher"), teams_day.person("colleague"), teams_day.at.staff_room
    await tess.writes_in(room, "photos")
    (offered,) = bot_said(cole, room)
    await picks(cole, offered, DEVICE)
    for verb in ON_EVERY_ANSWER:
        await cole.taps(offered, verb)
    assert cole.toasts == [in_teams.NOT_THEIR_ANSWER] * 4
    assert len(bot_said(cole, room)) == 1
    assert bot_said(cole) == []
    assert [*await teams_day.escalations(), *await teams_day.parts.store.feedback("model", 10)] == []


# ---- What comes of the answer ----------------------------------------------------------------------------------------


async def test_that_an_answer_helped_is_thanked_for_unseen(teams_day: Served) -> None:
    """In the own chat and in a channel only whoever tapped reads the thanks, where the buttons stood."""
    tess, cole, room = teams_day.person("teacher"), teams_day.person("colleague"), teams_day.at.staff_room
    await tess.writes(FRIEND)
    await tess.taps(bot_said(tess)[-1], "reply:helped")
    await tess.writes_in(room, FRIEND)
    await tess.taps(bot_said(tess, room)[-1], "reply:helped")
    assert [told.HELPED in one.words for one in (*bot_said(tess), *bot_said(tess, room))] == [True, True]
    assert [told.HELPED in one.words for one in bot_said(cole, room)] == [False]


async def test_an_answer_that_was_not_meant_is_put_right_where_it_stands(teams_day: Served) -> None:
    """Something nearer is offered beneath it, and it is kept without the asker that the answer missed."""
    tess, room = teams_day.person("teacher"), teams_day.at.staff_room
    await tess.writes(FRIEND)
    await tess.taps(bot_said(tess)[-1], "reply:not-meant")
    assert said.NOT_MEANT in bot_said(tess)[-1].words
    await tess.writes_in(room, FRIEND)
    await tess.taps(bot_said(tess, room)[-1], "reply:not-meant")
    assert said.NOT_MEANT in bot_said(tess, room)[-1].words
    assert [one.kind for one in await teams_day.parts.store.feedback("model", 10)] == ["not-helpful"] * 2


async def test_a_person_is_asked_from_the_own_chat(teams_day: Served) -> None:
    """The question goes to the headteacher with its words; the answer comes back to the asker's own chat."""
    tess, head = teams_day.person("teacher"), teams_day.person("headteacher")
    await tess.writes(NO_RULE)
    await tess.taps(bot_said(tess)[-1], "reply:ask-a-person")
    assert told.ASKED_A_PERSON in [one.words for one in bot_said(tess)]
    await teams_day.settle()
    card = bot_said(head)[-1]
    assert NO_RULE in card.words
    assert (await teams_day.only()).is_question
    await head.taps(card, wording.ACTS[Act.REPLY])
    await head.submits(wording.SEND_REPLY, text="It does, in November.")
    await teams_day.settle()
    assert [one for one in bot_said(tess) if "It does, in November." in one.words]


async def test_a_person_is_asked_from_a_channel_and_the_channel_learns_nothing(teams_day: Served) -> None:
    """What was handed on is said to the asker, and its receipt stands in their own chat."""
    tess, room = teams_day.person("teacher"), teams_day.at.staff_room
    await tess.writes_in(room, NO_RULE)
    before = [one.words for one in bot_said(tess, room)]
    await tess.taps(bot_said(tess, room)[-1], "reply:ask-a-person")
    assert f"{told.ASKED_A_PERSON} {in_teams.RECEIPT_IN_OWN_CHAT}" in bot_said(tess, room)[-1].words
    reference = (await teams_day.only()).reference
    assert reference in bot_said(tess)[-1].words
    assert [one.words for one in bot_said(teams_day.person("colleague"), room)] == before


# ---- What is no question ---------------------------------------------------------------------------------------------


async def test_edits_deletions_and_reactions_are_no_new_questions(teams_day: Served) -> None:
    """A question that is mended or taken back afterwards is not answered again, nor is a thumb."""
    tess = teams_day.person("teacher")
    await tess.writes(FRIEND)
    asked, answer = tess.reads()
    await tess.edits(asked, "photos")
    await tess.reacts(answer)
    await tess.takes_back(asked)
    assert len(bot_said(tess)) == 1


async def test_files_are_never_opened(teams_day: Served) -> None:
    """Nothing is fetched; the sender reads what to do, and what they wrote beside it is answered."""
    tess = teams_day.person("teacher")
    await tess.sends_file("screenshot.png")
    assert [one.words for one in bot_said(tess)] == [wording.NO_FILES]
    await tess.sends_file("letter.pdf", FRIEND)
    assert [one.summary for one in bot_said(tess)[1:]] == [wording.NO_FILES, VERDICT]


async def test_an_answer_that_is_there_at_once_needs_no_sign(teams_day: Served) -> None:
    """Nobody sees Signpost typing where the answer stands there already."""
    tess = teams_day.person("teacher")
    await tess.writes(FRIEND)
    assert tess.typing_in() == 0


# ---- The first time --------------------------------------------------------------------------------------------------


async def test_whoever_takes_signpost_in_is_greeted_once(teams_day: Served) -> None:
    """Taking it out and in again greets anew; two events of one installation do not."""
    tess = teams_day.person("teacher")
    await tess.installs()
    (greeting,) = bot_said(tess)
    assert (greeting.summary, said.help_text("Designated Safeguarding Lead") in greeting.words) == (
        in_teams.WELCOME,
        True,
    )
    await tess.installs()
    assert len(bot_said(tess)) == 1
    await tess.uninstalls()
    await tess.installs()
    assert [one.summary for one in bot_said(tess)] == [in_teams.WELCOME] * 2


async def test_a_suggestion_is_asked_with_one_tap(teams_day: Served) -> None:
    """It is said in the teacher's own name, and answered."""
    tess = teams_day.person("teacher")
    await tess.installs()
    await tess.taps(bot_said(tess)[0], "Photos of pupils")
    assert [one.summary for one in tess.reads()[1:]] == [
        "May I take photos of pupils with my own phone?",
        f"Required: {DEVICE[0].lower()}{DEVICE[1:]}",
    ]


async def test_a_guest_is_greeted_with_where_to_find_help(teams_day: Served) -> None:
    """They are not told that they can ask about policies, for they cannot."""
    gus = teams_day.person("guest")
    await gus.installs()
    assert [one.words for one in bot_said(gus)] == [in_teams.NOT_STAFF_WELCOME]
