"""What it costs to record a concern before its asker is told so, beside a bare durable commit on the same disk."""

import asyncio
import sqlite3
import tempfile
import time
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from adapters.bootstrap import Signpost
from adapters.escalating import escalating
from bot.escalation.model import Person
from bot.types import Asker, Outcome, Utterance

_RUNS = 200
_ASKER = Asker(Person("web", "asker:bench", "Ms Patel"), "bench")
_CONCERN = "a boy in my class told me his dad hits him"


def recording_times(signpost: Signpost) -> tuple[Sequence[float], Sequence[float]]:
    """Return the times (s) of a concern decided and recorded, and of one bare insert and commit."""
    with tempfile.TemporaryDirectory() as folder:
        there = replace(signpost, settings=replace(signpost.settings, state=Path(folder)))
        return asyncio.run(_recorded(there)), _bare_commits(Path(folder) / "floor.sqlite")


async def _recorded(signpost: Signpost) -> list[float]:
    times = []
    async with escalating(signpost) as parts:
        for number in range(_RUNS):
            utterance = Utterance(f"bench-{number}", "model", _CONCERN, asker=_ASKER)
            began = time.perf_counter()
            reply = await parts.service.answer(utterance)
            times.append(time.perf_counter() - began)
            assert reply.outcome is Outcome.CONCERN
            assert reply.escalation is not None
            assert reply.escalation.reference
    return times


def _bare_commits(path: Path) -> list[float]:
    times = []
    with sqlite3.connect(path) as connection:
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = FULL")
        connection.execute("CREATE TABLE floor (word TEXT)")
        for _ in range(_RUNS):
            began = time.perf_counter()
            connection.execute("INSERT INTO floor VALUES (?)", ("x" * 400,))
            connection.commit()
            times.append(time.perf_counter() - began)
    return times
