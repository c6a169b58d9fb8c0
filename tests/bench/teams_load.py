"""Questions for the Teams benchmark: signed activities, in a closed loop or at a rate, over kept connections.

A question has its answer once the reply stands in its chat; a client goes on when the server has answered too.
"""

import asyncio
import json
import time
from collections.abc import Iterator, Sequence
from itertools import cycle

import numpy as np

from adapters.teams.manifest import REQUEST_PATH
from tests.bench.slack_load import Took
from tests.bench.teams_stub import Stub
from tests.teams_fake import User
from tests.teams_fake.activities import Actor, said
from tests.teams_fake.places import Message

_HOST = "127.0.0.1"
_NOT_POSTED = 0  # in place of a status, where no reply was posted by the time the server had answered


class Load:
    """Asks questions of the server at a port, as many people in turn, each in their own chat."""

    def __init__(self, port: int, stub: Stub, questions: Sequence[str]) -> None:
        """Ask nothing yet."""
        self._port = port
        self._stub = stub
        self._asked: Iterator[tuple[User, str]] = zip(cycle(stub.people), cycle(questions), strict=False)
        self._idle: list[tuple[asyncio.StreamReader, asyncio.StreamWriter]] = []
        self._posted: dict[str, float] = {}
        self._token = ""

    async def closed(self, clients: int, seconds: float) -> Took:
        """Keep a number of clients asking, each its next question as soon as it has an answer."""
        self._begin()
        took, began = Took(), time.perf_counter()

        async def keep_asking() -> None:
            while (at := time.perf_counter()) - began < seconds:
                await self._timed(at, took)

        await asyncio.gather(*(keep_asking() for _ in range(clients)))
        took.rate = len(took.times) / (time.perf_counter() - began)
        return took

    async def opened(self, rate: float, seconds: float, *, seed: int = 0) -> Took:
        """Ask at a mean rate, at random moments, whatever the server does; times count from when each was due."""
        self._begin()
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

    async def ask(self, user: User, question: str) -> tuple[int, float | None]:
        """Ask one question; returns the status, and when the first message of the reply was posted."""
        activity, conversation = self._written(user, question)
        body = json.dumps(activity).encode()
        head = (
            f"POST {REQUEST_PATH} HTTP/1.1\r\nHost: {_HOST}\r\nContent-Type: application/json; charset=utf-8\r\n"
            f"Authorization: Bearer {self._token}\r\nContent-Length: {len(body)}\r\n\r\n"
        )
        reader, writer = (
            self._idle.pop() if self._idle else await asyncio.open_connection(_HOST, self._port, limit=1 << 20)
        )
        writer.write(head.encode() + body)
        answer = (await reader.readuntil(b"\r\n\r\n")).lower()
        length = answer.partition(b"\r\ncontent-length:")[2].partition(b"\r\n")[0]
        await reader.readexactly(int(length or 0))
        self._idle.append((reader, writer))
        return int(answer.split(b" ", 2)[1]), self._posted.pop(conversation, None)

    async def close(self) -> None:
        """Close the connections."""
        for _, writer in self._idle:
            writer.close()
        await asyncio.gather(*(writer.wait_closed() for _, writer in self._idle), return_exceptions=True)
        self._idle.clear()

    def _begin(self) -> None:
        """Sign a token, which holds for an hour as Microsoft's do, and listen for the replies."""
        fake = self._stub.fake
        self._token = fake.keys.token(fake.claims({"serviceUrl": self._stub.tenant.service_url}))
        self._stub.on_reply = self._posted.setdefault

    def _written(self, user: User, question: str) -> tuple[dict[str, object], str]:
        actor = Actor(self._stub.fake.world, self._stub.tenant, user)
        chat = self._stub.tenant.chat_with_bot(user)
        message = Message(actor.world.new_message_id(), chat, user, {}, "")
        return said(actor, message, question, f"<p>{question}</p>"), chat.id

    async def _timed(self, since: float, took: Took) -> None:
        status, posted = await self.ask(*next(self._asked))
        if 200 <= status < 300 and posted is not None:
            took.times.append(posted - since)
        else:
            took.refused[status if posted is not None else _NOT_POSTED] += 1
