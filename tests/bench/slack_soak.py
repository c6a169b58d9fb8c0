"""`make soak`: questions at 40 a second for ten minutes, now and then a concern. Memory must not grow, nor any fail.

Usage: python -m tests.bench.slack_soak [SECONDS]
"""

import asyncio
import os
import sys
import tempfile
import time
from pathlib import Path

import numpy as np

from adapters.bootstrap import assemble
from adapters.settings import Settings
from tests.bench.slack import SIGNPOST, policy_questions
from tests.bench.slack_host import VECTORS, Noise, Server, hosting
from tests.bench.slack_load import Took
from tests.evaluation.sets import SETS, read_sets

_SECONDS = 600.0
_RATE = 40.0
_WARM_UP, _WARM_UP_S = 0.25, 120.0  # that part of the time, and never longer
_STEP_S = 5.0
_QUESTIONS_TO_A_CONCERN = 400  # a channel takes a message a second, and each concern makes several
_CONCERN = "a boy in my class told me his dad hits him"
_GROWTH_MB = 5.0


def main() -> None:
    """Run the soak; the exit code is 1 where an aim was missed."""
    seconds = float(sys.argv[1]) if len(sys.argv) > 1 else _SECONDS
    signpost = assemble(Settings(None, VECTORS, None, 0))
    schools = {name: signpost.library.view(name).school for name in signpost.library.schools()}
    asked = policy_questions(signpost, [row.q for row in read_sets(SETS, schools)])
    several = asked * (_QUESTIONS_TO_A_CONCERN // len(asked) + 1)
    del signpost
    with tempfile.TemporaryDirectory() as folder:
        met = asyncio.run(_soak(Path(folder), [_CONCERN, *several[:_QUESTIONS_TO_A_CONCERN]], seconds))
    sys.exit(0 if met else 1)


async def _soak(folder: Path, questions: list[str], seconds: float) -> bool:
    async with hosting(folder) as host, host.serving(SIGNPOST, questions) as server:
        noise, own = Noise(), time.process_time()
        warm = await _driven(server, min(seconds * _WARM_UP, _WARM_UP_S), seed=1)
        driven = await _driven(server, seconds - min(seconds * _WARM_UP, _WARM_UP_S), seed=2)
        cpu = float((await server.measures())["cpu"])
        others = noise.others(cpu + time.process_time() - own)
    took, memory, stalls = driven
    began = float(np.median(warm[1][-3:]))
    grown = float(np.median(memory[-3:])) - began
    refused = sum((warm[0].refused + took.refused).values())
    asked = len(warm[0].times) + len(took.times)
    for line in (
        f"/policy at {_RATE:.0f} a second for {seconds:.0f} s, {asked:,} in all, "
        f"{asked // len(questions) + 1} of them concerns",
        f"  not answered with 2xx   {refused} {dict(warm[0].refused + took.refused) or ''}   (aim 0)",
        f"  memory                  {began:.1f} MB warm, {began + grown:.1f} at the end, {max(memory):.1f} at most; "
        f"grown by {grown:.1f} (aim {_GROWTH_MB:.0f})",
        f"  from when each was due  p50 {took.at(50):.1f}  p99 {took.at(99):.1f}  longest {took.at(100):.1f} ms",
        f"  stalls of the loop      median {1_000 * float(np.median(stalls)):.1f}, "
        f"longest {1_000 * max(stalls):.1f} ms in {_STEP_S:.0f} s each",
        f"  processor               {1_000 * cpu / asked:.1f} ms a question, the start included; "
        f"others kept {others:.2f} of {os.cpu_count()} busy",
        f"  concerns reported       {len(host.slack.calls_of('chat.postMessage')):,} messages posted",
    ):
        sys.stdout.write(f"{line}\n")
    return refused == 0 and grown <= _GROWTH_MB


async def _driven(server: Server, seconds: float, *, seed: int) -> tuple[Took, list[float], list[float]]:
    """Ask for a while; returns what it took, and the memory (MB) and the longest stall (s) of every few seconds."""
    asking = asyncio.create_task(server.load.opened(_RATE, seconds, seed=seed))
    memory, stalls = [], []
    while not asking.done():
        await asyncio.wait({asking}, timeout=_STEP_S)
        measures = await server.measures()
        memory.append(float(measures["rss"]))
        stalls.append(float(measures["stall"]))
    return await asking, memory, stalls


if __name__ == "__main__":
    main()
