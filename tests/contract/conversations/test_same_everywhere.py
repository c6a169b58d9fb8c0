"""The platforms beside each other: what is asked and done on each of them comes to the same."""

from collections.abc import Mapping, Sequence
from datetime import timedelta

import pytest
import yaml

from adapters.chat import wording
from bot.escalation import wording as told
from bot.escalation.message import Act
from bot.escalation.model import Resolution
from bot.types import Action
from knowledge.loader import SHIPPED
from tests.contract.conversations.parties import Day, Recorded
from tests.contract.conversations.reading import Read
from tests.contract.conversations.story import BULLIED, TELL, card_of

CONCERNS = (
    "a child told me her mum punches her",
    "a boy has a knife",
    "nudes of a girl in year 6 are going round on whatsapp",
    "a pupil seems very quiet lately and I am worried",
    "one of my year 6s looks unhappy at home",
    "the deputy touched a child",
    "the headteacher hit a pupil",
    "I texted a pupil by mistake",
    "my account has been hacked",
    "I left my school laptop on the train",
    "a pupil is being bullied on snapchat",
    "I have a nagging doubt about a colleague",
    "a parent keeps posting threats against me on facebook",
)
_SHIPPED = yaml.safe_load((SHIPPED / "schools" / "model" / "questions.yaml").read_text(encoding="utf-8"))
UTTERANCES = (*(str(row["q"]) for row in _SHIPPED), *CONCERNS)
PARTS = [UTTERANCES[at : at + 14] for at in range(0, len(UTTERANCES), 14)]


async def _asked(day: Day, texts: Sequence[str]) -> list[Read]:
    return [await day.asker().asks(text) for text in texts]


@pytest.mark.parametrize("texts", PARTS, ids=lambda texts: texts[0][:24])
async def test_the_same_is_read_and_recorded_of_every_utterance(
    everywhere: Mapping[str, Day], texts: Sequence[str]
) -> None:
    """Outcome, verdict, rules, people, readers, options, buttons and what is recorded: all as on the page."""
    read = {platform: await _asked(day, texts) for platform, day in everywhere.items()}
    recorded = {platform: sorted(await day.recorded(), key=str) for platform, day in everywhere.items()}
    for platform in everywhere:
        assert list(zip(texts, read[platform], strict=True)) == list(zip(texts, read["web"], strict=True))
        assert recorded[platform] == recorded["web"]


@pytest.mark.parametrize("texts", PARTS, ids=lambda texts: texts[0][:24])
async def test_no_sentence_of_the_page_is_missing_in_a_chat(
    everywhere: Mapping[str, Day], texts: Sequence[str]
) -> None:
    """What the page says of an answer, each chat says too, word for word."""
    read = {platform: await _asked(day, texts) for platform, day in everywhere.items()}
    for platform in everywhere:
        for text, chat, page in zip(texts, read[platform], read["web"], strict=True):
            missing = [
                line
                for line in page.lines
                if line.casefold() not in chat.words.casefold() and not _is_a_reference(line)
            ]
            assert (platform, text, missing) == (platform, text, [])


async def test_a_whole_life_is_recorded_alike(everywhere: Mapping[str, Day]) -> None:
    """From the offer to the reopening: after each step every platform has recorded the same."""
    lives = {platform: await _life(day) for platform, day in everywhere.items()}
    assert lives["slack"] == lives["teams"] == lives["web"]
    assert [state.state for state in lives["web"]] == [
        *("recorded", "delivered", "delivered", "acknowledged", "acknowledged", "delivered", "acknowledged"),
        *("resolved", "delivered", "delivered"),
    ]


@pytest.mark.parametrize("what", list(Resolution))
async def test_the_receipts_say_the_same_words(everywhere: Mapping[str, Day], what: Resolution) -> None:
    """Delivered, seen, taken, resolved: what the page says of a state stands in the latest message of each chat."""
    _hold_what_the_page_says({platform: await _receipts(day, what) for platform, day in everywhere.items()})


async def test_the_warnings_say_the_same_words(everywhere: Mapping[str, Day]) -> None:
    """While nobody has seen it, the same is said of it, and the same number stands there, by day and by night."""
    for hours in (0, 12):
        said: dict[str, list[str]] = {}
        for platform, day in everywhere.items():
            day.pass_by(timedelta(hours=hours))
            asked = await day.asker().asks(f"a child told me her {'mum' if hours else 'dad'} punches her")
            reference = next(one.reference for one in await day.recorded() if one.reference in asked.words)
            await day.settle()
            for _ in range(2):
                await day.wait(timedelta(minutes=8))
            said[platform] = [await day.asker().receipt(reference)]
            assert told.NOT_SEEN in said[platform][0]
        _hold_what_the_page_says(said)


async def test_whoever_is_involved_is_gone_past_alike(everywhere: Mapping[str, Day]) -> None:
    """Each tap on "One of these people is involved" lists the same people on every platform."""
    label = wording.ACTIONS[Action.INVOLVED]
    listed: dict[str, list[tuple[str, ...]]] = {}
    for platform, day in everywhere.items():
        read = await day.asker().asks(BULLIED)
        listed[platform] = [read.readers]
        while label in read.buttons:
            read = await day.asker().taps(read, label)
            listed[platform].append(read.readers)
    assert listed["slack"] == listed["teams"] == listed["web"]
    assert len(listed["web"]) > 2


async def _receipts(day: Day, what: Resolution) -> list[str]:
    """Return what the teacher reads last of a concern after each step that somebody takes with it."""
    tess, dale = day.asker(), day.reader("dsl")
    await tess.taps(await tess.asks(BULLIED), TELL)
    reference, said = (await day.only()).reference, []

    async def note() -> None:
        await day.settle()
        said.append(await tess.receipt(reference))

    said.append(await tess.receipt(reference))
    await note()
    await dale.opens(await card_of(day, "dsl"))
    await note()
    await dale.does(await card_of(day, "dsl"), Act.ACKNOWLEDGE)
    await note()
    await dale.resolves(await card_of(day, "dsl"), what)
    await note()
    return said


async def _life(day: Day) -> list[Recorded]:
    """Let a concern go through everything that can become of it; returns what is recorded after each step."""
    tess, dale, ford = day.asker(), day.reader("dsl"), day.reader("deputy-dsl")
    await tess.taps(await tess.asks(BULLIED), TELL)
    states = [await day.only()]

    async def note() -> None:
        await day.settle()
        states.append(await day.only())

    await note()
    await dale.opens(await card_of(day, "dsl"))
    await note()
    await dale.does(await card_of(day, "dsl"), Act.ACKNOWLEDGE)
    await note()
    await dale.replies(await card_of(day, "dsl"), "Is it still going on?")
    await note()
    await dale.passes_on(await card_of(day, "dsl"), "deputy-dsl")
    await note()
    await ford.does(await card_of(day, "deputy-dsl"), Act.ACKNOWLEDGE)
    await note()
    await ford.resolves(await card_of(day, "deputy-dsl"), Resolution.HANDLED)
    await note()
    await ford.does(await card_of(day, "deputy-dsl"), Act.REOPEN)
    await note()
    await tess.adds(states[0].reference, "It goes on.")
    await note()
    return states


def _hold_what_the_page_says(said: Mapping[str, Sequence[str]]) -> None:
    """Look whether every line of the page's receipts stands in those of each chat."""
    for platform, receipts in said.items():
        for page, chat in zip(said["web"], receipts, strict=True):
            lines = [line for line in page.splitlines() if not _is_a_reference(line)]
            assert (platform, [line for line in lines if line not in chat], bool(lines)) == (platform, [], True)


def _is_a_reference(line: str) -> bool:
    """Tell whether a line is the reference of an escalation, which each has for itself."""
    return len(line) == len("K7-2222") and line[2] == "-"
