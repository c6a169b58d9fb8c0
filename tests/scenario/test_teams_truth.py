"""What stands in Teams stays true and whole: offers that were taken, long rules, people who cannot be looked at."""

import asyncio
import json
import logging
from datetime import timedelta
from pathlib import Path

import docx
import pytest

from adapters.bootstrap import Signpost
from adapters.chat import wording
from adapters.teams import wording as in_teams
from bot import wording as said
from bot.escalation import wording as told
from bot.escalation.message import Act
from bot.types import Action
from knowledge.documents.folding import digest
from tests.escalation_fakes import TickingClock
from tests.packs import edit
from tests.scenario.slack_world import over
from tests.scenario.teams_world import Served, bot_said, served, write_pack
from tests.teams_fake import Seen, words_of

FRIEND = "can I friend a parent?"
PHONE = "can I be on my phone in the playground?"
CERTAIN = "a child told me her dad hits her"
POSSIBLE = "a pupil is being bullied on snapchat by the zebrafinch gang"
QUOTE = "You should not send friend requests to parents or accept theirs."
BIGGEST = 28 * 1024


async def offered(day: Served, text: str = POSSIBLE) -> Seen:
    """Let the teacher write of a concern that is offered; returns the offer."""
    tess = day.person("teacher")
    await tess.writes(text)
    return bot_said(tess)[-1]


def stands(message: Seen) -> str:
    """Return what stands there for good, whatever Teams shows somebody for the moment."""
    return "\n".join(words_of(card) for card in message.message.cards)


# ---- Offers that were taken ------------------------------------------------------------------------------------------


async def test_an_offer_that_was_taken_is_none_any_more(teams_day: Served) -> None:
    """The card says that it was passed on, where it said that nobody has been told; its advice stays."""
    await teams_day.bind()
    tess, offer = teams_day.person("teacher"), await offered(teams_day)
    assert told.OFFERED in stands(offer)
    await tess.taps(offer, "reply:tell")
    card, reference = stands(offer), (await teams_day.only()).reference
    assert wording.handed_on(reference) in card
    assert [words in card for words in (told.OFFERED, wording.WHO_WILL_READ, wording.ACTIONS[Action.TELL])] == [
        False
    ] * 3
    assert wording.WHAT_TO_DO in card
    assert tess.sees(offer).words == card


async def test_the_readers_of_an_offer_go_where_one_of_them_is_involved(teams_day: Served) -> None:
    """The next list stands below, and the first one cannot be taken for who will read it."""
    await teams_day.bind()
    await teams_day.person("chair-of-governors").installs()  # from then on it is known who signs in by that name
    tess, offer = teams_day.person("teacher"), await offered(teams_day)
    await tess.taps(offer, "reply:involved")
    assert (wording.INVOLVED_BELOW in stands(offer), wording.WHO_WILL_READ in stands(offer)) == (True, False)
    assert wording.WHO_WILL_READ in bot_said(tess)[-1].words


async def test_a_list_of_readers_that_changed_is_shown_anew(teams_day: Served) -> None:
    """Somebody joined the channel meanwhile: the tap is not taken for a list that nobody saw, nor lost."""
    await teams_day.bind()
    tess, offer = teams_day.person("teacher"), await offered(teams_day)
    await teams_day.person("admin").adds(teams_day.at.safe, teams_day.user("colleague"))
    teams_day.pass_by(timedelta(minutes=2))
    await tess.taps(offer, "reply:tell")
    assert await teams_day.escalations() == []
    fresh = bot_said(tess)[-1]
    assert (told.NEW_LIST in fresh.words, wording.LIST_BELOW in stands(offer)) == (True, True)
    await tess.taps(fresh, "reply:tell")
    assert (await teams_day.only()).reference in bot_said(tess)[-1].words


async def test_an_offer_that_is_tapped_twice_is_taken_once(teams_day: Served) -> None:
    """On a slow phone people tap again: one case, one receipt of it."""
    await teams_day.bind()
    tess, offer = teams_day.person("teacher"), await offered(teams_day)
    first = await tess.taps(offer, "reply:tell")
    assert (await teams_day.teams.redeliver(first)).acked
    await teams_day.settle()
    assert len(await teams_day.escalations()) == 1


# ---- What everybody reads is whole -----------------------------------------------------------------------------------


async def test_what_goes_with_an_open_answer_is_not_left_out(teams_day: Served) -> None:
    """With what a follow-up was taken together stands on the answer for all, as it does in the own chat."""
    tess, chat = teams_day.person("teacher"), teams_day.at.chat
    for text in (PHONE, "and at lunch?"):
        await tess.writes(text)
        await tess.writes_in(chat, text)
    assert [said.taken_together(PHONE) in bot_said(tess, place)[-1].words for place in (None, chat)] == [True, True]


def lengthen(pack: Path, rule: str) -> None:
    """Put another wording into the school's document in place of the rule about parents."""
    policies = pack / "schools" / "model" / "policies"
    document = docx.Document(str(policies / "online-safety.docx"))
    (paragraph,) = [one for one in document.paragraphs if QUOTE in one.text]
    paragraph.text = paragraph.text.replace(QUOTE, rule)
    document.save(str(policies / "online-safety.docx"))
    edit(policies / "online-safety.yaml", digest([QUOTE]), digest([rule]))


async def test_a_long_rule_comes_in_several_messages_with_nothing_left_out(
    signpost: Signpost, tmp_path: Path, clock: TickingClock
) -> None:
    """Each is small enough for Teams and says which one it is; put together they hold every word (RS-38)."""
    pack = write_pack(tmp_path)
    cases = [f"in case {number} of your own phone \U0001f600" for number in range(600)]
    lengthen(pack, f"You should not send friend requests to parents or accept theirs {', '.join(cases)}.")
    async with served(over(signpost, pack), tmp_path / "state", clock) as day:
        tess = day.person("teacher")
        await tess.writes(FRIEND)
        shown = bot_said(tess)
        assert len(shown) > 1
        parts = [wording.part(number, len(shown)) for number in range(1, len(shown) + 1)]
        assert [one.words.startswith(part) for one, part in zip(shown, parts, strict=True)] == [True] * len(shown)
        words = (one.words.removeprefix(part) for one, part in zip(shown, parts, strict=True))
        together = "".join("".join(words).split())
        assert [one for one in cases if "".join(one.split()) not in together] == []
        sent = [json.dumps(one.body, ensure_ascii=False) for one in day.teams.calls if one.operation == "send"]
        assert max(len(body.encode("utf-16-le")) for body in sent) <= BIGGEST


# ---- While it takes a moment -----------------------------------------------------------------------------------------


async def test_an_answer_that_takes_a_moment_shows_that_it_comes(rough_teams_day: Served) -> None:
    """While Teams is slow to say who asks, the asker sees Signpost typing; then the answer stands there."""
    tess = rough_teams_day.person("teacher")
    slow = rough_teams_day.teams.faults.hang("member")
    asking = asyncio.create_task(tess.writes(FRIEND))
    await slow.arrived()
    await rough_teams_day.until(lambda: tess.typing_in() == 1)
    assert bot_said(tess) == []
    slow.release()
    await asking
    assert (tess.typing_in(), len(bot_said(tess))) == (1, 1)


async def test_an_answer_that_teams_does_not_take_just_now_comes_later(rough_teams_day: Served) -> None:
    """Nobody is left without one for a moment's trouble, and nobody gets it twice."""
    tess = rough_teams_day.person("teacher")
    rough_teams_day.teams.faults.throttle("send", 1)
    await tess.writes(FRIEND)
    await rough_teams_day.until(lambda: len(bot_said(tess)) == 1)
    assert bot_said(tess)[0].summary.startswith("Advised against")


# ---- Who cannot be looked at -----------------------------------------------------------------------------------------


async def test_who_cannot_be_looked_at_is_not_taken_for_a_guest(rough_teams_day: Served) -> None:
    """A member of staff whom Teams cannot name just now is told so, and asks again with success."""
    tess = rough_teams_day.person("teacher")
    rough_teams_day.teams.faults.crash("member", 8)
    await tess.writes(FRIEND)
    assert bot_said(tess)[-1].words == told.NOT_CHECKED
    rough_teams_day.teams.faults.clear()
    rough_teams_day.pass_by(timedelta(seconds=6))
    await tess.writes(FRIEND)
    assert bot_said(tess)[-1].summary.startswith("Advised against")


async def test_who_cannot_be_looked_at_is_not_exposed_in_a_channel(rough_teams_day: Served) -> None:
    """The channel reads the neutral sentence; that they could not be checked stands in their own chat."""
    tess, room = rough_teams_day.person("teacher"), rough_teams_day.at.staff_room
    rough_teams_day.teams.faults.crash("member", 8)
    await tess.writes_in(room, FRIEND)
    assert [one.words for one in bot_said(tess, room)] == [in_teams.ANSWERED_PRIVATELY]
    assert bot_said(tess)[-1].words == told.NOT_CHECKED


async def test_a_concern_of_somebody_who_cannot_be_looked_at_is_passed_on(rough_teams_day: Served) -> None:
    """It is never marked as not from staff, since nobody knows that."""
    await rough_teams_day.bind()
    rough_teams_day.teams.faults.crash("member", 8)
    await rough_teams_day.person("teacher").writes(CERTAIN)
    assert (await rough_teams_day.only()).staff


# ---- Words that stay where they belong -------------------------------------------------------------------------------


async def test_the_words_of_a_concern_stand_where_they_are_opened_and_nowhere_else(
    teams_day: Served, caplog: pytest.LogCaptureFixture
) -> None:
    """From the first word to the reopening: in no notification, on no card that others read, in no line of the log."""
    caplog.set_level(logging.DEBUG, logger="signpost")
    await teams_day.bind()
    tess, dale = teams_day.person("teacher"), teams_day.person("dsl")
    await tess.writes_in(teams_day.at.staff_room, CERTAIN)
    await teams_day.settle()
    card = bot_said(dale, teams_day.at.safe)[-1]
    for _ in range(2):
        await dale.taps(card, wording.ACTS[Act.REPLY])
        await dale.submits(wording.SEND_REPLY, text="I know of the bruise, and of the knife.")
        await teams_day.settle()
    await tess.taps(bot_said(tess)[-1], wording.ACTS[Act.ANSWER])
    await tess.submits(wording.SEND, text="the bruise is from the knife")
    await teams_day.settle()
    read_by_others = [
        one.words for place in (teams_day.at.safe, teams_day.at.staff_room) for one in bot_said(dale, place)
    ]
    found = [*read_by_others, *dale.toasts, *tess.toasts, caplog.text]
    assert [text for text in found for canary in ("hits", "bruise", "knife") if canary in text] == []
