"""Starts the servers of the Slack benchmarks on one processor, beside a Slack of our own on another."""

import asyncio
import json
import os
import socket
import sys
import time
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.bench.slack_load import Load
from tests.scenario.slack_world import STAFF_ROOM, furnish, write_pack
from tests.slack_fake import SlackFake

VECTORS = Path(".state")
_PEOPLE = 200


@dataclass(frozen=True, slots=True)
class Server:
    """A server that runs, and the load upon it."""

    process: asyncio.subprocess.Process
    load: Load

    async def measures(self) -> dict[str, Any]:
        """Return what it measured since it was last asked."""
        assert self.process.stdin
        assert self.process.stdout
        self.process.stdin.write(b"\n")
        found: dict[str, Any] = json.loads(await self.process.stdout.readline())
        return found


@dataclass(frozen=True, slots=True)
class Host:
    """A place to start servers in: a folder, Slack, and the processor that is theirs (None: any)."""

    folder: Path
    slack: SlackFake
    token: str
    people: list[str]
    cpu: int | None

    @asynccontextmanager
    async def serving(self, serves: str, questions: list[str]) -> AsyncIterator[Server]:
        """Run a server ("signpost", "bolt", "bolt within the request") in a process of its own."""
        asked = {
            "serves": serves,
            "cpu": self.cpu,
            "port": _free_port(),
            "knowledge": str(self.folder / "knowledge"),
            "vectors": str(VECTORS),
            "state": str(self.folder / "state"),
            "api": self.slack.url,
            "token": self.token,
            "secret": self.slack.world.app.signing_secret,
        }
        pipe = asyncio.subprocess.PIPE
        command = (sys.executable, "-m", "tests.bench.slack_server")
        process = await asyncio.create_subprocess_exec(*command, stdin=pipe, stdout=pipe)
        assert process.stdin
        assert process.stdout
        process.stdin.write(f"{json.dumps(asked)}\n".encode())
        try:
            port = int(await process.stdout.readline())
            load = Load(port, self.slack, self.people, questions)
            yield Server(process, load)
            await load.close()
        finally:
            process.stdin.close()
            await process.wait()


@asynccontextmanager
async def hosting(folder: Path) -> AsyncIterator[Host]:
    """Set up a school on Slack; this process keeps to the processor that is not the servers'."""
    own = os.sched_getaffinity(0)
    servers, clients = (sorted(own)[0], sorted(own)[1]) if len(own) > 1 else (None, None)
    async with AsyncExitStack() as stack:
        slack = await stack.enter_async_context(SlackFake())
        team = furnish(slack)
        people = [f"U0BENCH{number}" for number in range(_PEOPLE)]
        for user in people:
            team.add_user(user, f"Colleague {user}")
        team.channels[STAFF_ROOM].members.extend(people)
        token = slack.install(team).access.value
        write_pack(folder)
        if clients is not None:
            os.sched_setaffinity(0, {clients})
            stack.callback(os.sched_setaffinity, 0, own)
        yield Host(folder, slack, token, people, servers)


class Noise:
    """Tells how busy other programs keep this machine, over a while (Linux)."""

    def __init__(self) -> None:
        """Begin."""
        self._began, self._before = time.monotonic(), _busy_seconds()

    def others(self, used: float) -> float:
        """Return how many processors others kept busy, given the seconds that were ours."""
        took = time.monotonic() - self._began
        return max(_busy_seconds() - self._before - used, 0.0) / took


def _busy_seconds() -> float:
    user, nice, system, _idle, _wait, irq, soft, steal, *_ = map(
        int, Path("/proc/stat").read_text(encoding="ascii").split("\n", 1)[0].split()[1:]
    )
    return (user + nice + system + irq + soft + steal) / os.sysconf("SC_CLK_TCK")


def _free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])
