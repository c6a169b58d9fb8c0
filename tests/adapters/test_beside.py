"""What runs beside the server: stopped with it, and never ended in silence."""

import asyncio
import logging
from collections.abc import Callable

import pytest

from adapters.beside import beside


async def breaks(step: Callable[[], None]) -> None:
    """Fail, with words in the fault."""
    step()
    raise LookupError("the words of a person")


async def waits(ended: list[str]) -> None:
    """Go on until it is stopped."""
    try:
        await asyncio.Event().wait()
    finally:
        ended.append("stopped")


async def ends() -> None:
    """Have nothing more to do."""


async def test_what_fails_is_told_when_it_happens(caplog: pytest.LogCaptureFixture) -> None:
    """It is named with the kind of fault, without a word of its text; the rest runs on."""
    ended: list[str] = []
    failing = asyncio.Event()
    async with beside(breaks(failing.set), waits(ended)):
        await failing.wait()
        await asyncio.sleep(0)
        assert ended == []
        [record] = caplog.records
        assert record.levelno == logging.ERROR
        assert record.getMessage() == "breaks has ended, for a fault of ours: LookupError; restart Signpost"
    assert ended == ["stopped"]
    assert "words" not in caplog.text


async def test_what_ends_or_is_stopped_is_no_fault(caplog: pytest.LogCaptureFixture) -> None:
    """Nothing is told of it."""
    ended: list[str] = []
    async with beside(ends(), waits(ended)):
        await asyncio.sleep(0)
        await asyncio.sleep(0)
    assert (ended, caplog.records) == (["stopped"], [])
