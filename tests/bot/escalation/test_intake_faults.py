"""Whatever goes wrong while a reply is attended to, its asker still reads it, and what is true of the record."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import datetime

import pytest

from bot.escalation import wording
from bot.escalation.intake import Intake
from bot.escalation.model import Change, Escalation, Turn
from bot.types import Asker, Outcome
from tests.bot.escalation.staffroom import (
    ABOUT_HEAD,
    AT_RISK,
    DSL,
    HEAD,
    PLACE,
    PUPIL,
    PUPIL_CONTACT,
    TEACHER,
    Staffroom,
    answer,
    concern,
    school,
)
from tests.escalation_fakes import FakeChannel
from tests.store_fake import MemoryStore


async def _breaks() -> None:
    raise ValueError("what no library should raise")


async def _hangs() -> None:
    await asyncio.Event().wait()


class Broken(MemoryStore):
    """A store that breaks, or never answers, in what is named: "commit", "remember", "recall"."""

    def __init__(self, how: Callable[[], Awaitable[None]], *where: str) -> None:
        """Break there."""
        super().__init__()
        self.how, self.where = how, where

    async def commit(self, change: Change) -> Escalation:
        """Write a step, or not."""
        if "commit" in self.where:
            await self.how()
        return await super().commit(change)

    async def remember(self, turn: Turn) -> None:
        """Keep a turn, or not."""
        if "remember" in self.where:
            await self.how()
        await super().remember(turn)

    async def recall(self, reply: str, now: datetime) -> Turn | None:
        """Return a turn, or not."""
        if "recall" in self.where:
            await self.how()
        return await super().recall(reply, now)


def _room(store: MemoryStore) -> Staffroom:
    room = Staffroom(store=store)
    room.intake = replace(room.intake, patience_s=0.02)
    return room


HOW = pytest.mark.parametrize("how", [_breaks, _hangs])


@HOW
async def test_advice_and_whom_to_phone_come_though_nothing_could_be_recorded(
    how: Callable[[], Awaitable[None]],
) -> None:
    """The asker reads that nobody has been told, whatever kept it from being written."""
    room = _room(Broken(how, "commit"))
    shown = await room.attend(concern(AT_RISK))
    assert shown.notices == (wording.NOT_RECORDED,)
    assert shown.escalation
    assert (shown.escalation.problem, shown.escalation.reference) == (wording.NOT_RECORDED, None)
    assert (shown.advice, shown.contacts[0]) == (AT_RISK.advice, DSL)


@HOW
async def test_what_was_recorded_is_never_called_lost(how: Callable[[], Awaitable[None]]) -> None:
    """Only the buttons are missing where the reply itself cannot be remembered."""
    room = _room(Broken(how, "remember"))
    shown = await room.attend(concern(AT_RISK))
    assert (shown.notices, shown.actions) == ((wording.RECORDED,), ())
    assert len(await room.raised()) == 1


@HOW
async def test_an_offer_whose_button_could_not_work_is_owned_up_to(how: Callable[[], Awaitable[None]]) -> None:
    """Nobody can be told by a tap that nothing is known of."""
    shown = await _room(Broken(how, "remember")).attend(concern(PUPIL_CONTACT))
    assert (shown.notices, shown.actions) == ((wording.NOT_RECORDED,), ())


@HOW
async def test_a_question_is_answered_though_it_could_not_be_remembered(how: Callable[[], Awaitable[None]]) -> None:
    """The answer comes as it was decided, without buttons."""
    assert await _room(Broken(how, "remember")).attend(answer(Outcome.ANSWER)) == answer(Outcome.ANSWER)


@HOW
async def test_a_pupil_gets_the_kind_reply_whatever_happens(how: Callable[[], Awaitable[None]]) -> None:
    """It promises nothing that did not happen, and shows nothing of the policies."""
    shown = await _room(Broken(how, "commit")).attend(concern(AT_RISK), PUPIL)
    assert (shown.message, shown.notices) == (wording.NOT_STAFF_REPLY, (wording.NOT_STAFF_LOST,))
    assert shown.contacts == ()


async def test_whom_a_concern_is_about_is_not_named_where_it_could_not_be_recorded() -> None:
    """Whatever went wrong, the asker is not sent to the headteacher with a concern about the headteacher."""
    shown = await _room(Broken(_hangs, "recall")).attend(concern(ABOUT_HEAD))
    assert shown.notices == (wording.NOT_RECORDED,)
    assert HEAD not in shown.contacts


class Breaking(FakeChannel):
    """A platform whose library raises what it likes."""

    async def members(self, school: str, place: str) -> frozenset[str] | None:
        """Fail."""
        await _breaks()
        return None


class Hanging(FakeChannel):
    """A platform that never answers."""

    async def members(self, school: str, place: str) -> frozenset[str] | None:
        """Never answer."""
        await _hangs()
        return None


@pytest.mark.parametrize("platform", [Breaking, Hanging])
@pytest.mark.parametrize("by", [TEACHER, PUPIL], ids=["a teacher", "a pupil"])
async def test_a_platform_that_fails_keeps_no_concern_from_being_recorded(
    platform: type[FakeChannel], by: Asker
) -> None:
    """It goes to the school's place, where others may read it as well; nothing waits for the platform."""
    room = Staffroom(school())
    office = replace(room.office, channels={"web": platform(clock=room.clock)}, patience_s=0.01)
    room.intake = Intake(office, room.intake.known)
    await room.attend(concern(AT_RISK), by)
    (one,) = await room.raised()
    assert [to.id for to in one.told] == [PLACE]
