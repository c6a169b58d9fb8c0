"""What people write stays where it belongs (RS-88): a canary goes through a whole life, whatever fails on the way.

Words may stand in the thread, in the turn of a reply, and in a reply to the asker; a question's words on its card too.
Names stand on cards and in threads. Nothing else ever holds either.
"""

import asyncio
import logging
import random
import traceback
from collections.abc import Awaitable, Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from bot.errors import BotError
from bot.escalation.courier import Courier
from bot.escalation.desk import Opened, Replied
from bot.escalation.errors import EscalationError
from bot.escalation.intake import Thread
from bot.escalation.message import Message
from bot.escalation.model import MAIL, DeliveryKind, Escalation, Person, Resolution
from bot.types import Reply
from knowledge.model import Reach
from tests.bot.escalation.staffroom import (
    ABOUT_HEAD,
    ADULT,
    AT_RISK,
    CHAIR,
    DEPUTY,
    DSL,
    HEAD,
    PUPIL,
    PUPIL_CONTACT,
    TEACHER,
    Staffroom,
    answer,
    concern,
    person,
    school,
)
from tests.escalation_fakes import FakeChannel, Fault, QuietBell

CANARY = "zanzibarcanary"
QUESTION_CANARY = "timbuktucanary"
NAMES = ("Ms Patel", "Mr B. Dale", "Ms C. Ford", "Mrs A. Hill", "Dr E. Glen")
MAILED = replace(DSL, reach=(*DSL.reach, Reach("email", "dsl@oakwood.example")))
KINDS = (AT_RISK, PUPIL_CONTACT, ADULT, ABOUT_HEAD)
FAULTS = tuple(fault for fault in Fault if fault not in {Fault.HANG, Fault.HANG_ARRIVED})
DESKS = (person(DSL), person(DEPUTY), person(HEAD), person(CHAIR), person("u-stranger"))


@dataclass(slots=True)
class Life:
    """A school at work with a courier, and everything that was said on the way."""

    text: str
    room: Staffroom = field(default_factory=lambda: Staffroom(school(MAILED)))
    bell: QuietBell = field(default_factory=QuietBell)
    mail: FakeChannel = field(default_factory=lambda: FakeChannel("mail"))
    failures: list[str] = field(default_factory=list)
    shown: list[str] = field(default_factory=list)
    raised: list[Escalation] = field(default_factory=list)
    courier: Courier = field(init=False)
    _asked: int = 0

    def __post_init__(self) -> None:
        """Wire the courier, with mail beside the chat."""
        self.room.office = replace(self.room.office, channels={"web": self.room.channel, MAIL: self.mail})
        self.room.intake = replace(self.room.intake, office=self.room.office)
        self.room.desk = replace(self.room.desk, office=self.room.office)
        chance = random.Random(1)  # noqa: S311 - the jitter of pauses
        self.courier = Courier(self.room.office, self.room.office.channels, self.bell, "worker", chance, 0.01)

    async def do(self, step: Awaitable[object]) -> None:
        """Take a step; what it shows, or why it failed, is kept."""
        try:
            self.shown.append(_shown(await step))
        except (BotError, EscalationError) as error:
            self.failures.append("".join(traceback.format_exception(error)))

    async def write(self, reply: Reply, by_pupil: bool, words: str) -> None:
        """Let somebody write, and tap whatever can be tapped."""
        self._asked += 1
        reply, by = replace(reply, id=f"r{self._asked}"), PUPIL if by_pupil else TEACHER
        await self.do(self.room.attend(reply, by, words))
        for tap in (self.room.intake.tell, self.room.intake.involved, self.room.intake.tell):
            await self.do(tap(by, reply.id))
        await self.do(self.room.intake.ask_a_person(by, reply.id))
        await self.do(self.room.intake.helped(by, reply.id))

    async def work(self, minutes: int) -> None:
        """Let the courier work while time passes."""
        self.room.clock.move(timedelta(minutes=minutes))
        for _ in range(3):
            try:
                await self.courier.step()
            except EscalationError as error:
                self.failures.append("".join(traceback.format_exception(error)))
            await self.courier.finish()

    async def at_desk(self, who: Person, one: Escalation, number: int) -> None:
        """Take one of the steps of the desk."""
        desk, text = self.room.desk, QUESTION_CANARY if one.is_question else self.text
        steps: Sequence[Callable[[], Awaitable[object]]] = (
            lambda: desk.open(who, one.id),
            lambda: desk.acknowledge(who, one.id),
            lambda: desk.reply(who, one.id, f"thank you {text}"),
            lambda: desk.reply(who, one.id, text * 500),
            lambda: desk.pass_on(who, one.id, text),
            lambda: desk.pass_on(who, one.id, "headteacher"),
            lambda: desk.resolve(who, one.id, Resolution.REFERRED),
            lambda: desk.reopen(who, one.id),
            lambda: desk.inbox(who, "oakwood"),
            lambda: self.room.intake.answer(TEACHER, one.id, f"and {text}"),
            lambda: self.room.intake.answer(TEACHER, one.id, text * 500),
            lambda: self.room.intake.thread(TEACHER, one.id),
            lambda: self.room.intake.receipts(TEACHER),
        )
        await self.do(steps[number % len(steps)]())

    async def go_on(self, move: str, number: int, other: int) -> None:
        """Let one thing happen."""
        match move:
            case "write" | "pupil":
                certainty = "certain" if number % 2 == 0 else "possible"
                await self.write(concern(KINDS[number % len(KINDS)], certainty), move == "pupil", self.text)
            case "question":
                await self.write(answer(), False, f"can i {QUESTION_CANARY}")
            case "desk":
                if not self.room.store.down:
                    self.raised = await self.room.raised()
                for one in self.raised:
                    await self.at_desk(DESKS[other], one, number)
            case "work":
                await self.work(1 + number * 5)
            case "fault":
                self.room.channel.fail_next(FAULTS[other % len(FAULTS)])
            case "store":
                self.room.store.down = number % 3 == 0
            case "channel":
                self.room.channel.down = number % 3 == 0

    async def kept(self) -> list[str]:
        """Return everything that is kept or told and may hold no words."""
        store, raised = self.room.store, await self.room.raised()
        found: list[object] = [*raised, *self.bell.alarms, *store.noted]
        for one in raised:
            found += [*await store.events(one.id), *await store.deliveries(one.id)]
        return [*map(repr, found), *self.failures]


def _shown(what: object) -> str:
    """Return what a step shows, without the words that it is there to show: the thread, and the question itself."""
    if isinstance(what, Reply):
        return repr(replace(what, question=""))
    if isinstance(what, Opened):
        return repr(replace(what, thread=()))
    if isinstance(what, Replied):
        return repr(what.listed)
    return repr(replace(what, said=())) if isinstance(what, Thread) else repr(what)


def _texts(message: Message) -> Iterator[tuple[str, str]]:
    """Yield the parts of a message, each with where it stands."""
    yield "title", message.title
    yield from (("line", line) for line in message.lines)
    yield "quoted", message.quoted or ""
    yield "whole", repr(replace(message, quoted=None))


Move = tuple[str, int, int]
MOVES = st.lists(
    st.tuples(
        st.sampled_from(["write", "pupil", "question", "desk", "work", "fault", "store", "channel"]),
        st.integers(0, 12),
        st.integers(0, 4),
    ),
    min_size=3,
    max_size=25,
)
WHOLE_LIFE: list[Move] = [
    ("write", 0, 0),
    ("work", 1, 0),
    ("desk", 0, 0),
    ("fault", 0, 3),
    ("desk", 2, 0),
    ("work", 2, 0),
    ("desk", 9, 0),
    ("work", 2, 0),
    ("desk", 3, 0),
    ("desk", 6, 0),
    ("work", 20, 0),
    ("desk", 0, 4),
]


async def _live(text: str, moves: Sequence[Move]) -> Life:
    life = Life(text)
    for move in moves:
        await life.go_on(*move)
    life.room.store.down = life.room.channel.down = False
    for _ in range(4):
        await life.work(7)
    return life


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@example(around="", moves=WHOLE_LIFE)
@example(around="", moves=[("question", 0, 0), *WHOLE_LIFE])
@given(around=st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=12), moves=MOVES)
def test_words_and_names_stay_where_they_belong(
    around: str, moves: Sequence[Move], caplog: pytest.LogCaptureFixture
) -> None:
    """Log, outbox, alarms, errors and feedback hold no words and no names; notices, mail and cards hold no words."""
    caplog.set_level(logging.DEBUG)
    caplog.clear()
    life = asyncio.run(_live(f"{around}{CANARY}{around}", moves))
    kept = asyncio.run(life.kept())
    for text in (*kept, caplog.text):
        assert CANARY not in text
        assert QUESTION_CANARY not in text
        assert not [name for name in NAMES if name in text]
    assert not [text for text in life.shown if CANARY in text or QUESTION_CANARY in text]
    for message in (*life.room.channel.messages, *life.mail.messages):
        _look_at(message)


def _look_at(message: Message) -> None:
    """Assert that a message holds words only where they may stand."""
    for where, text in _texts(message):
        if CANARY in text:
            assert (where, message.kind) == ("quoted", DeliveryKind.REPLY)
            assert message.address.id in {TEACHER.person.id, PUPIL.person.id}
        if QUESTION_CANARY in text:
            assert where == "quoted"
            assert message.address.id in {"u-headteacher", "u-deputy-head", TEACHER.person.id}
        if message.address.platform == MAIL:
            assert not [name for name in NAMES if name in text]


def test_a_whole_life_really_brings_words_to_the_asker() -> None:
    """The property is not true for want of words: a reply arrives, and the thread holds all three pieces."""
    life = asyncio.run(_live(CANARY, WHOLE_LIFE))
    replies = [one for one in life.room.channel.messages if one.kind is DeliveryKind.REPLY]
    raised = min(asyncio.run(life.room.raised()), key=lambda one: one.id)
    entries = asyncio.run(life.room.store.entries(raised.id))
    assert [one.quoted for one in replies] == [f"thank you {CANARY}"]
    assert [entry.text for entry in entries] == [CANARY, f"thank you {CANARY}", f"and {CANARY}"]
    assert life.failures
    assert "words-opened" in asyncio.run(life.room.log(raised.id))


@pytest.mark.parametrize("school_shows", [False, True])
async def test_words_stand_in_notices_only_where_the_school_says_so(school_shows: bool) -> None:
    """A school may put the words on the card in its private place; nothing else changes with it."""
    life = Life(CANARY)
    life.room.knowledge.replace(replace(school(MAILED), words_in_notices=school_shows))
    await life.room.attend(concern(AT_RISK), TEACHER, CANARY)
    await life.work(1)
    (notice,) = [one for one in life.room.channel.messages if one.kind is DeliveryKind.NOTICE]
    assert notice.quoted == (CANARY if school_shows else None)
    assert CANARY not in repr(replace(notice, quoted=None))
    assert not [text for text in await life.kept() if CANARY in text]


async def test_mail_holds_the_reference_and_whom_to_phone_and_no_more() -> None:
    """Where every chat fails, mail says that there is something, what kind, and a number; never who or what."""
    life = Life(CANARY)
    life.room.channel.down = True
    await life.room.attend(concern(AT_RISK), TEACHER, CANARY)
    for _ in range(6):
        await life.work(10)
    assert life.mail.messages
    for message in life.mail.messages:
        _look_at(message)
        assert message.reference in message.title
        assert message.acts == ()
