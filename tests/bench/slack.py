"""The whole signed slash command over HTTP, from the request to the answer, beside Bolt that only acks."""

import asyncio
import os
import tempfile
import time
from collections.abc import Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np

from adapters.bootstrap import Signpost
from bot.decide import MAX_QUESTION
from bot.types import Outcome, Utterance
from tests.bench.slack_host import Noise, Server, hosting
from tests.bench.slack_load import Took

SIGNPOST, BOLT, BOLT_WITHIN = "signpost", "bolt", "bolt within the request"
_LABELS = {
    BOLT: "bare Bolt ack, as it comes",
    BOLT_WITHIN: "bare Bolt ack, process_before_response",
    SIGNPOST: "Signpost: signature to answer, recorded",
}
_ROUNDS = 5
_ALONE_S, _SIXTEEN_S, _OPEN_S = 1.5, 1.5, 6.0
_WARM_UP_S = 4.0  # by then the packs have been read anew beside it, and everybody's name is known
_RATE = 20.0
_OWN_MS, _P99_MS, _STALL_MS = 1.5, 60.0, 20.0


@dataclass(slots=True)
class Rounds:
    """What one server did in each round, and what it measured itself.

    `processor` is its time on the processor for one question (s), which other programs hardly change; `inside` is from
    while questions came at a rate, `longest` from the longest question that is taken.
    """

    alone: list[Took] = field(default_factory=list)
    sixteen: list[Took] = field(default_factory=list)
    opened: list[Took] = field(default_factory=list)
    encoding: list[float] = field(default_factory=list)
    processor: list[float] = field(default_factory=list)
    inside: list[dict[str, Any]] = field(default_factory=list)
    longest: list[dict[str, Any]] = field(default_factory=list)


def slack_lines(signpost: Signpost, questions: Sequence[str]) -> list[str]:
    """Run the benchmark; returns what there is to print."""
    asked = policy_questions(signpost, questions)
    with tempfile.TemporaryDirectory() as folder:
        found, others = asyncio.run(_measured(Path(folder), asked))
    title = f"/policy over HTTP, signed ({len(asked)} questions, {_ROUNDS} rounds: median [range]; servers on one core)"
    return [
        title,
        *(line for serves, label in _LABELS.items() for line in _lines(label, found[serves])),
        *_verdict(found[SIGNPOST], found[BOLT], found[BOLT_WITHIN]),
        f"  other programs meanwhile kept {others:.2f} of {os.cpu_count()} processors busy",
    ]


def policy_questions(signpost: Signpost, questions: Sequence[str]) -> list[str]:
    """List those that are no concern, which would wait for a message a second in the channel for concerns."""
    view, decider = signpost.library.view("model"), signpost.service.decider
    today = date(2026, 11, 21)
    replies = [decider.decide(Utterance(str(number), "model", q), view, today) for number, q in enumerate(questions)]
    return [reply.question for reply in replies if reply.outcome is not Outcome.CONCERN]


async def _measured(folder: Path, questions: list[str]) -> tuple[dict[str, Rounds], float]:
    found = {serves: Rounds() for serves in _LABELS}
    async with hosting(folder) as host, AsyncExitStack() as stack:
        servers = {serves: await stack.enter_async_context(host.serving(serves, questions)) for serves in _LABELS}
        used = 0.0
        for server in servers.values():
            await server.load.closed(1, _WARM_UP_S)
            used -= float((await server.measures())["cpu"])
        noise, own = Noise(), time.process_time()
        for number in range(_ROUNDS):
            for serves, server in servers.items():
                await _round(server, found[serves], number)
            await servers[SIGNPOST].load.ask(host.people[0], " ".join(questions)[:MAX_QUESTION])
            found[SIGNPOST].longest.append(await servers[SIGNPOST].measures())
        used += sum([float((await server.measures())["cpu"]) for server in servers.values()])
        return found, noise.others(used + time.process_time() - own)


async def _round(server: Server, rounds: Rounds, number: int) -> None:
    before = await server.measures()
    alone = await server.load.closed(1, _ALONE_S)
    after = await server.measures()
    rounds.alone.append(alone)
    rounds.encoding.append(_median(after["encoding"]))
    rounds.processor.append((after["cpu"] - before["cpu"]) / len(alone.times))
    rounds.sixteen.append(await server.load.closed(16, _SIXTEEN_S))
    await server.measures()
    rounds.opened.append(await server.load.opened(_RATE, _OPEN_S, seed=number))
    rounds.inside.append(await server.measures())


def _lines(label: str, rounds: Rounds) -> list[str]:
    refused = sum((took.refused for took in [*rounds.alone, *rounds.sixteen, *rounds.opened]), start=Took().refused)
    return [
        f"  {label}" + (f"   NOT ANSWERED WITH 2xx: {dict(refused)}" if refused else ""),
        f"    one at a time        {_latency(rounds.alone)}   {_rate(rounds.alone)}",
        f"    16 at a time         {_latency(rounds.sixteen)}   {_rate(rounds.sixteen)}",
        f"    {_RATE:.0f} a second, open    {_latency(rounds.opened)}",
    ]


def _verdict(signpost: Rounds, bolt: Rounds, within: Rounds) -> list[str]:
    encoding = _ms(signpost.encoding)
    less = [took.at(50) - spent for took, spent in zip(signpost.alone, encoding, strict=True)]
    own = [spent - floor.at(50) for spent, floor in zip(less, within.alone, strict=True)]
    p99 = [took.at(99) for took in signpost.opened]
    whole = _median([took.at(50) for took in signpost.alone])
    return [
        f"  the encoder's part, p50             {_spread(encoding)} ms",
        f"  whole less the encoder, p50         {_spread(less)} ms   {_aim(_median(less), _OWN_MS)}",
        f"  own work: that less the bare ack    {_spread(own)} ms",
        f"  whole / bare ack                    {whole / _median([took.at(50) for took in within.alone]):.1f}"
        f" (within the request), {whole / _median([took.at(50) for took in bolt.alone]):.2f} (as it comes)",
        f"  p99 at {_RATE:.0f} a second                  {_spread(p99)} ms   {_aim(_median(p99), _P99_MS)}",
        f"  processor time for one question     {_spread(_ms(signpost.processor))} ms"
        f" (bare ack {_spread(_ms(within.processor))})",
        *_stalls(f"longest stall at {_RATE:.0f} a second", signpost.inside),
        *_stalls("  of the bare ack", within.inside, aim=""),
        *_stalls(f"longest stall at {MAX_QUESTION:,} characters", signpost.longest),
    ]


def _stalls(label: str, measured: Sequence[dict[str, Any]], aim: str | None = None) -> list[str]:
    """Say how late the event loop's beat came, and how long it worked between two: the rest is other programs."""
    stalls, busy = (_ms([one[which] for one in measured]) for which in ("stall", "busy"))
    found = _aim(_median(stalls), _STALL_MS) if aim is None else aim
    return [f"  {label:<35} {_spread(stalls)} ms, at work {_spread(busy)}   {found}".rstrip()]


def _ms(seconds: Sequence[float]) -> list[float]:
    return [1_000 * one for one in seconds]


def _latency(runs: Sequence[Took]) -> str:
    return f"p50 {_spread([took.at(50) for took in runs])}  p99 {_spread([took.at(99) for took in runs])} ms"


def _rate(runs: Sequence[Took]) -> str:
    rates = [took.rate for took in runs]
    return f"{_median(rates):,.0f} [{min(rates):,.0f}-{max(rates):,.0f}] a second"


def _spread(values: Sequence[float]) -> str:
    return f"{_median(values):.2f} [{min(values):.2f}-{max(values):.2f}]"


def _aim(found: float, most: float) -> str:
    return f"(aim {most:g}: {'met' if found <= most else 'missed'})"


def _median(values: Sequence[float]) -> float:
    return float(np.median(values)) if len(values) else 0.0
