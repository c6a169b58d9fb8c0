"""A message in Teams, authenticated, from the request to the reply that is posted, beside the SDK's own echo."""

import asyncio
import os
import tempfile
import time
from collections.abc import Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from adapters.bootstrap import Signpost
from tests.bench.slack import policy_questions
from tests.bench.slack_host import Noise
from tests.bench.slack_load import Took
from tests.bench.teams_host import Server, hosting

SIGNPOST, ECHO, TOKEN_KEPT = "signpost", "echo", "echo, token kept"
_LABELS = {
    ECHO: "stock CloudAdapter echo, as it comes: a new token for every message",
    TOKEN_KEPT: "the same echo, its token kept",
    SIGNPOST: "Signpost: RS256 to the card, recorded",
}
_ROUNDS = 5
_ALONE_S, _SIXTEEN_S, _OPEN_S = 1.5, 1.5, 4.0
_WARM_UP_S = 4.0  # by then everybody's name is known
_RATE = 20.0
_TIMES, _P99_MS = 3.0, 100.0
_CLIENTS = 16


@dataclass(slots=True)
class Rounds:
    """What one server did in each round, and what it measured itself.

    `encoding` is the encoder's part of a question (s), `processor` the time on the processor for one (s), which other
    programs change less than any other time; `inside` is from while questions came at a rate.
    """

    alone: list[Took] = field(default_factory=list)
    sixteen: list[Took] = field(default_factory=list)
    opened: list[Took] = field(default_factory=list)
    encoding: list[float] = field(default_factory=list)
    processor: list[float] = field(default_factory=list)
    inside: list[dict[str, Any]] = field(default_factory=list)

    @property
    def rate(self) -> float:
        """The median of what is answered in a second, 16 at a time."""
        return _median([took.rate for took in self.sixteen])

    @property
    def rate_less_encoder(self) -> float:
        """The same, had the encoder taken no time: it works on the one processor that all 16 wait for."""
        pairs = zip(self.sixteen, self.encoding, strict=True)
        return _median([1 / (1 / took.rate - encoding) for took, encoding in pairs])

    @property
    def own_processor(self) -> float:
        """The median of the time on the processor for one message, less the encoder's."""
        return _median([one - encoding for one, encoding in zip(self.processor, self.encoding, strict=True)])


def teams_lines(signpost: Signpost, questions: Sequence[str]) -> list[str]:
    """Run the benchmark; returns what there is to print."""
    asked = policy_questions(signpost, questions)
    with tempfile.TemporaryDirectory() as folder:
        found, others = asyncio.run(_measured(Path(folder), asked))
    title = (
        f"A message in Teams, authenticated, to the reply posted ({len(asked)} questions, {_ROUNDS} rounds: median "
        "[range]; servers on one core, Microsoft's stub on loopback without TLS)"
    )
    return [
        title,
        *(line for serves, label in _LABELS.items() for line in _lines(label, found[serves])),
        *_verdict(found[SIGNPOST], found[ECHO], found[TOKEN_KEPT]),
        f"  other programs meanwhile kept {others:.2f} of {os.cpu_count()} processors busy",
    ]


async def _measured(folder: Path, questions: list[str]) -> tuple[dict[str, Rounds], float]:
    found = {serves: Rounds() for serves in _LABELS}
    async with hosting(folder) as host, AsyncExitStack() as stack:
        servers = {serves: await stack.enter_async_context(host.serving(serves, questions)) for serves in _LABELS}
        used = 0.0
        for server in servers.values():
            await server.load.closed(_CLIENTS, _WARM_UP_S)
            used -= float((await server.measures())["cpu"])
        noise, own = Noise(), time.process_time()
        for number in range(_ROUNDS):
            for serves, server in servers.items():
                await _round(server, found[serves], number, with_rate=serves != TOKEN_KEPT)
        used += sum([float((await server.measures())["cpu"]) for server in servers.values()])
        return found, noise.others(used + time.process_time() - own)


async def _round(server: Server, rounds: Rounds, number: int, *, with_rate: bool) -> None:
    await server.measures()
    rounds.alone.append(await server.load.closed(1, _ALONE_S))
    before = await server.measures()
    sixteen = await server.load.closed(_CLIENTS, _SIXTEEN_S)
    after = await server.measures()
    rounds.sixteen.append(sixteen)
    rounds.encoding.append(_median(after["encoding"]))
    rounds.processor.append((after["cpu"] - before["cpu"]) / max(len(sixteen.times), 1))
    if with_rate:
        rounds.opened.append(await server.load.opened(_RATE, _OPEN_S, seed=number))
        rounds.inside.append(await server.measures())


def _lines(label: str, rounds: Rounds) -> list[str]:
    refused = sum((took.refused for took in [*rounds.alone, *rounds.sixteen, *rounds.opened]), start=Took().refused)
    opened = [f"    {_RATE:.0f} a second, open    {_latency(rounds.opened)}"] if rounds.opened else []
    return [
        f"  {label}" + (f"   NOT ANSWERED: {dict(refused)}" if refused else ""),
        f"    one at a time        {_latency(rounds.alone)}   {_rate(rounds.alone)}",
        f"    {_CLIENTS} at a time         {_latency(rounds.sixteen)}   {_rate(rounds.sixteen)}",
        *opened,
    ]


def _verdict(signpost: Rounds, echo: Rounds, kept: Rounds) -> list[str]:
    p99 = [took.at(99) for took in signpost.opened]
    times = signpost.rate_less_encoder / echo.rate
    own, memory = signpost.own_processor, _median([one["rss"] for one in signpost.inside])
    return [
        f"  the encoder's part, p50             {_spread(_ms(signpost.encoding))} ms",
        f"  throughput, times the stock echo's  {signpost.rate / echo.rate:.2f}; less the encoder {times:.2f}"
        f"   (aim {_TIMES:g}: {'met' if times >= _TIMES else 'missed'})",
        f"    times the echo's with token kept  {signpost.rate / kept.rate:.2f};"
        f" less the encoder {signpost.rate_less_encoder / kept.rate:.2f}",
        f"  processor time for one message      {_spread(_ms(signpost.processor))} ms, less the encoder"
        f" {1_000 * own:.2f} (stock echo {_spread(_ms(echo.processor))}, token kept {_spread(_ms(kept.processor))})",
        f"  p99 at {_RATE:.0f} a second                  {_spread(p99)} ms"
        f"   (aim {_P99_MS:g}: {'met' if _median(p99) <= _P99_MS else 'missed'})",
        _stalls(f"longest stall at {_RATE:.0f} a second", signpost.inside),
        _stalls("  of the stock echo", echo.inside),
        f"  memory                              {memory:.0f} MB (stock echo"
        f" {_median([one['rss'] for one in echo.inside]):.0f})",
    ]


def _stalls(label: str, measured: Sequence[dict[str, Any]]) -> str:
    """Say how late the event loop's beat came, and how long it worked between two: the rest is other programs."""
    stalls, busy = (_ms([one[which] for one in measured]) for which in ("stall", "busy"))
    return f"  {label:<35} {_spread(stalls)} ms, at work {_spread(busy)}"


def _ms(seconds: Sequence[float]) -> list[float]:
    return [1_000 * one for one in seconds]


def _latency(runs: Sequence[Took]) -> str:
    return f"p50 {_spread([took.at(50) for took in runs])}  p99 {_spread([took.at(99) for took in runs])} ms"


def _rate(runs: Sequence[Took]) -> str:
    rates = [took.rate for took in runs]
    return f"{_median(rates):,.0f} [{min(rates):,.0f}-{max(rates):,.0f}] a second"


def _spread(values: Sequence[float]) -> str:
    return f"{_median(values):.2f} [{min(values):.2f}-{max(values):.2f}]"


def _median(values: Sequence[float]) -> float:
    return float(np.median(values)) if len(values) else 0.0
