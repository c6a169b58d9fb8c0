"""Starts the servers of the Teams benchmark on one processor, beside Microsoft's stub and the load on another."""

import asyncio
import json
import os
import sys
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.bench.slack_host import VECTORS
from tests.bench.teams_load import Load
from tests.bench.teams_stub import Stub
from tests.scenario.teams_world import write_pack

_PEOPLE = 100


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
    """A place to start servers in: a folder, Microsoft's stub, and the processor that is theirs (None: any)."""

    folder: Path
    stub: Stub
    port: int
    cpu: int | None

    @asynccontextmanager
    async def serving(self, serves: str, questions: list[str]) -> AsyncIterator[Server]:
        """Run a server ("signpost", "echo", "echo, token kept") in a process of its own."""
        app = self.stub.fake.world.app
        asked = {
            "serves": serves,
            "cpu": self.cpu,
            "knowledge": str(self.folder / "knowledge"),
            "vectors": str(VECTORS),
            "state": str(self.folder / "state"),
            "stub": self.port,
            "app": app.id,
            "secret": app.secret,
            "tenant": app.tenant_id,
        }
        pipe = asyncio.subprocess.PIPE
        command = (sys.executable, "-m", "tests.bench.teams_server")
        process = await asyncio.create_subprocess_exec(*command, stdin=pipe, stdout=pipe, limit=1 << 24)
        assert process.stdin
        assert process.stdout
        process.stdin.write(f"{json.dumps(asked)}\n".encode())
        try:
            load = Load(int(await process.stdout.readline()), self.stub, questions)
            yield Server(process, load)
            await load.close()
        finally:
            process.stdin.close()
            await process.wait()


@asynccontextmanager
async def hosting(folder: Path) -> AsyncIterator[Host]:
    """Set up a school on Teams; this process keeps to the processor that is not the servers'."""
    own = os.sched_getaffinity(0)
    servers, clients = (sorted(own)[0], sorted(own)[1]) if len(own) > 1 else (None, None)
    write_pack(folder)
    stub = Stub(_PEOPLE)
    async with AsyncExitStack() as stack:
        port = await stack.enter_async_context(stub.listening())
        if clients is not None:
            os.sched_setaffinity(0, {clients})
            stack.callback(os.sched_setaffinity, 0, own)
        yield Host(folder, stub, port, servers)
