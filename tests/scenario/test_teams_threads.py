"""What is written beneath, or quotes, what stands there: more of a concern, an answer that goes nowhere, a question."""

from typing import Any

import pytest

from adapters.chat import wording
from adapters.teams import wording as in_teams
from bot import wording as said
from bot.escalation import wording as told
from bot.escalation.message import Act
from tests.scenario.teams_world import Served, bot_said
from tests.teams_fake import Seen, words_of

FRIEND = "can I friend a parent?"
CERTAIN = "a child told me her dad hits her"
ABOUT_HEAD = "I saw Mrs Head, the headteacher, slap a child"
NO_RULE = "does the moon rise on tuesdays"
MORE = "there is a bruise on her arm"


@pytest.fixture
async def day(teams_day: Served) -> Served:
    """Return a day on which the safeguarding channel has the route of children."""
    await teams_day.bind()
    return teams_day


async def raised(day: Served) -> tuple[Seen, Seen]:
    """Let the teacher raise a concern; returns its card in the private channel, and the teacher's receipt."""
    await day.person("teacher").writes(CERTAIN)
    await day.settle()
    return bot_said(day.person("dsl"), day.at.safe)[-1], bot_said(day.person("teacher"))[-1]


async def asked_a_person(day: Served) -> Seen:
    """Let the teacher hand a question to a person; returns its receipt."""
    tess = day.person("teacher")
    await tess.writes(NO_RULE)
    await tess.taps(bot_said(tess)[-1], "reply:ask-a-person")
    await day.settle()
    return bot_said(tess)[-1]


async def texts(day: Served) -> list[str]:
    """Return all that was written under the one escalation that there is."""
    return [entry.text for entry in await day.parts.store.entries((await day.only()).id)]


# ---- Whoever raised it -----------------------------------------------------------------------------------------------


async def test_a_message_that_quotes_the_receipt_is_added(day: Served) -> None:
    """What the teacher writes under it goes to whoever has it, and that is confirmed; it opens no second case."""
    card, receipt = await raised(day)
    tess, dale = day.person("teacher"), day.person("dsl")
    await tess.writes(MORE, quotes=receipt)
    assert bot_said(tess)[-1].words == wording.ADDED
    await day.settle()
    assert await texts(day) == [CERTAIN, MORE]
    await dale.taps(card, wording.ACTS[Act.OPEN])
    assert MORE in words_of(dale.dialog.card)


async def test_a_message_that_quotes_a_reply_is_an_answer_to_it(day: Served) -> None:
    """The DSL asks something, and reads the teacher's answer."""
    card, _ = await raised(day)
    tess, dale = day.person("teacher"), day.person("dsl")
    await dale.taps(card, wording.ACTS[Act.REPLY])
    await dale.submits(wording.SEND_REPLY, text="Is she still there?")
    await day.settle()
    reply = next(one for one in bot_said(tess) if "Is she still there?" in one.words)
    await tess.writes("yes, in the office", quotes=reply)
    assert bot_said(tess)[-1].words == wording.ADDED
    assert await texts(day) == [CERTAIN, "Is she still there?", "yes, in the office"]


async def test_what_quotes_an_answer_or_nothing_stays_a_question(day: Served) -> None:
    """Beneath the answer to another question, and by itself, the next question is answered."""
    await raised(day)
    tess = day.person("teacher")
    await tess.writes(FRIEND)
    await tess.writes(FRIEND, quotes=bot_said(tess)[-1])
    assert [one.summary.partition(":")[0] for one in bot_said(tess)[-2:]] == ["Advised against"] * 2
    assert await texts(day) == [CERTAIN]


async def test_an_addition_that_is_too_long_is_sent_back(day: Served) -> None:
    """It says how much fits, and nothing of it is kept."""
    _, receipt = await raised(day)
    tess = day.person("teacher")
    await tess.writes("bruise " * 400, quotes=receipt)
    assert bot_said(tess)[-1].words == told.reply_too_long(2799)
    assert await texts(day) == [CERTAIN]


async def test_a_concern_that_quotes_the_receipt_of_a_question_goes_its_own_way(day: Served) -> None:
    """Those who answer policy questions never read it: the headteacher may be whom it is about."""
    receipt = await asked_a_person(day)
    tess, before = day.person("teacher"), len(bot_said(day.person("headteacher")))
    await tess.writes(ABOUT_HEAD, quotes=receipt)
    await day.settle()
    assert wording.WHAT_TO_DO in bot_said(tess)[-1].words
    assert len(bot_said(day.person("headteacher"))) == before
    assert await texts(day) == [NO_RULE]


async def test_a_concern_typed_into_the_window_of_a_question_is_refused(day: Served) -> None:
    """What was typed stays there, and the writer reads which way it must go."""
    receipt, tess = await asked_a_person(day), day.person("teacher")
    await tess.taps(receipt, wording.ACTS[Act.ANSWER])
    await tess.submits(wording.SEND, text=ABOUT_HEAD)
    shown = words_of(tess.dialog.card)
    assert (told.FOR_OTHERS in shown, ABOUT_HEAD in shown) == (True, True)
    assert await texts(day) == [NO_RULE]


async def test_an_addition_that_comes_twice_is_added_once(day: Served) -> None:
    """Teams may send a message again; those who have it are told once."""
    _, receipt = await raised(day)
    sent = await day.person("teacher").writes(MORE, quotes=receipt)
    again: dict[str, Any] = sent.activity
    assert (await day.teams.send(again)).acked
    assert await texts(day) == [CERTAIN, MORE]


# ---- At the desk -----------------------------------------------------------------------------------------------------


async def test_what_a_dsl_writes_beneath_a_card_is_not_lost_in_silence(day: Served) -> None:
    """The thread says that nobody got it, and how to answer; the teacher gets nothing, and no case is opened."""
    card, receipt = await raised(day)
    dale, tess = day.person("dsl"), day.person("teacher")
    before = len(bot_said(dale))
    await dale.writes_in(day.at.safe, "thank you, I hit the roof when I read it", beneath=card)
    answer = bot_said(dale, day.at.safe)[-1]
    assert (answer.words, answer.root) == (in_teams.NOT_SENT, card.root)
    await day.settle()
    assert (bot_said(tess)[-1].id, len(bot_said(dale)), await texts(day)) == (receipt.id, before, [CERTAIN])


async def test_what_quotes_a_card_in_ones_own_chat_is_not_lost_in_silence(day: Served) -> None:
    """The headteacher who answers a card by quoting it reads that nobody got it."""
    tess, head = day.person("teacher"), day.person("headteacher")
    await tess.writes("a colleague messages a pupil on instagram at night")
    await tess.taps(bot_said(tess)[-1], "reply:tell")
    await day.settle()
    await head.writes("thank you, I hit the roof when I read it", quotes=bot_said(head)[-1])
    assert bot_said(head)[-1].words == in_teams.NOT_SENT
    assert len(await day.escalations()) == 1


async def test_what_is_said_beneath_a_card_without_a_mention_is_their_own(day: Served) -> None:
    """Those who share a case talk about it in the thread, and Signpost leaves them alone."""
    card, _ = await raised(day)
    dale, before = day.person("dsl"), len(day.teams.calls)
    await dale.writes_in(day.at.safe, "I will phone her mother", mention=False, beneath=card)
    assert len(day.teams.calls) == before


async def test_a_question_elsewhere_in_the_channel_is_answered(day: Served) -> None:
    """Only what stands beneath a card is taken for an answer to it."""
    await raised(day)
    dale = day.person("dsl")
    await dale.writes_in(day.at.safe, FRIEND)
    assert bot_said(dale, day.at.safe)[-1].summary.startswith("Advised against")


async def test_edits_and_reactions_beneath_a_receipt_add_nothing(day: Served) -> None:
    """What was added stays what was written first; a thumb on the receipt is no message."""
    _, receipt = await raised(day)
    tess = day.person("teacher")
    await tess.writes(MORE, quotes=receipt)
    written = [one for one in tess.reads() if not one.is_from_bot][-1]
    await tess.edits(written, "forget it")
    await tess.takes_back(written)
    await tess.reacts(receipt)
    assert await texts(day) == [CERTAIN, MORE]
    assert said.EMPTY_QUESTION not in [one.words for one in bot_said(tess)]
