"""The client of the Slack benchmarks: signed /policy commands, in a closed loop or at a rate, over kept connections."""

import asyncio
import time
from collections import Counter
from collections.abc import Awaitable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import cycle
from typing import Self
from urllib.parse import urlencode

import numpy as np

from adapters.slack.manifest import REQUEST_PATH
from tests.scenario.slack_world import STAFF_ROOM, TEAM
from tests.slack_fake import SlackFake, signature
from tests.slack_fake.interactions import Actor, slash

_HOST = "127.0.0.1"


@dataclass(slots=True)
class Took:
    """How long each answer took (s), how many came in a second, and how many came with each status that is no 2xx."""

    times: list[float] = field(default_factory=list)
    rate: float = 0.0
    refused: Counter[int] = field(default_factory=Counter)

    def __add__(self, other: Self) -> "Took":
        """Return both together, at the rate of the first."""
        return Took(self.times + other.times, self.rate, self.refused + other.refused)

    def at(self, percent: float) -> float:
        """Return a percentile in ms."""
        return float(np.percentile(self.times, percent)) * 1_000


class Load:
    """Asks questions of the server at a port, as many people in turn."""

    def __init__(self, port: int, slack: SlackFake, users: Sequence[str], questions: Sequence[str]) -> None:
        """Ask nothing yet."""
        self._port = port
        self._world = slack.world
        self._team = slack.world.workspaces[TEAM]
        self._asked: Iterator[tuple[str, str]] = zip(cycle(users), cycle(questions), strict=False)
        self._idle: list[tuple[asyncio.StreamReader, asyncio.StreamWriter]] = []

    async def closed(self, clients: int, seconds: float) -> Took:
        """Keep a number of clients asking, each its next question as soon as it has an answer."""
        took, began = Took(), time.perf_counter()

        async def keep_asking() -> None:
            while (at := time.perf_counter()) - began < seconds:
                await self._timed(at, took)

        await asyncio.gather(*(keep_asking() for _ in range(clients)))
        took.rate = len(took.times) / (time.perf_counter() - began)
        return took

    async def opened(self, rate: float, seconds: float, *, seed: int = 0) -> Took:
        """Ask at a mean rate, at random moments, whatever the server does; times count from when each was due."""
        gaps = np.random.default_rng(seed).exponential(1 / rate, int(rate * seconds))
        took, began, asking = Took(), time.perf_counter(), set[asyncio.Task[None]]()
        for due in began + np.cumsum(gaps):
            await asyncio.sleep(float(due) - time.perf_counter())
            task = asyncio.create_task(self._timed(float(due), took))
            asking.add(task)
            task.add_done_callback(asking.discard)
        await asyncio.gather(*asking)
        took.rate = len(took.times) / (time.perf_counter() - began)
        return took

    async def ask(self, user: str, question: str) -> int:
        """Ask one question; returns the status."""
        actor = Actor(self._world, self._team, self._team.users[user])
        body = urlencode(slash(actor, "/policy", question, self._team.channels[STAFF_ROOM])).encode()
        stamp = str(int(time.time()))
        signed = signature(self._world.app.signing_secret, stamp, body)
        head = (
            f"POST {REQUEST_PATH} HTTP/1.1\r\nHost: {_HOST}\r\nContent-Type: application/x-www-form-urlencoded\r\n"
            f"X-Slack-Request-Timestamp: {stamp}\r\nX-Slack-Signature: {signed}\r\n"
            f"Content-Length: {len(body)}\r\n\r\n"
        )
        reader, writer = (
            self._idle.pop() if self._idle else await asyncio.open_connection(_HOST, self._port, limit=1 << 20)
        )
        writer.write(head.encode() + body)
        answer = (await reader.readuntil(b"\r\n\r\n")).lower()
        length = answer.partition(b"\r\ncontent-length:")[2].partition(b"\r\n")[0]
        await reader.readexactly(int(length or 0))
        self._idle.append((reader, writer))
        return int(answer.split(b" ", 2)[1])

    async def close(self) -> None:
        """Close the connections."""
        for _, writer in self._idle:
            writer.close()
        closing: list[Awaitable[None]] = [writer.wait_closed() for _, writer in self._idle]
        await asyncio.gather(*closing)
        self._idle.clear()

    async def _timed(self, since: float, took: Took) -> None:
        status = await self.ask(*next(self._asked))
        took.times.append(time.perf_counter() - since)
        if not 200 <= status < 300:
            took.refused[status] += 1
