"""`make eval`: how well questions find their clause, beside plain matchers, with bootstrap intervals."""

import asyncio
import sys
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from adapters.bootstrap import Signpost, assemble
from adapters.settings import Settings
from bot.types import Outcome, Reply, Utterance
from knowledge.model import FORBIDDING, PERMISSIVE
from tests.evaluation.baselines import BASELINES, Ranker
from tests.evaluation.sets import CALIBRATION, SETS, Row, read_sets
from tests.evaluation.triage import print_triage

_ROUNDS = 2_000
_FORBIDDEN = {"forbidden", "advised-against"}


@dataclass(frozen=True, slots=True)
class Judged:
    """A question with its reply."""

    row: Row
    reply: Reply

    @property
    def ids(self) -> list[str]:
        """The candidates, best first."""
        return [candidate.clause.id for candidate in self.reply.candidates]

    @property
    def shown(self) -> set[str]:
        """The clauses a person sees or can tap."""
        tapped = {clause for option in self.reply.options for clause in option.clauses}
        return {shown.clause.id for shown in self.reply.clauses} | tapped

    @property
    def answered(self) -> bool:
        """Whether a clause was given as the answer."""
        return self.reply.outcome is Outcome.ANSWER


def hit(count: int) -> Callable[[Judged], bool]:
    """Return whether a right clause is among the first `count` candidates."""
    return lambda judged: bool(set(judged.ids[:count]) & judged.row.gold)


def lead_wrong(judged: Judged) -> bool:
    """Tell whether the first clause of an answer is not a right one."""
    return judged.reply.clauses[0].clause.id not in judged.row.gold


def nothing_right(judged: Judged) -> bool:
    """Tell whether an answer shows no right clause at all."""
    return not judged.shown & judged.row.gold


def wrong_permissive(judged: Judged) -> bool:
    """Tell a verdict that allows, wholly or under a condition, what the rule forbids or advises against."""
    if not judged.reply.clauses or judged.row.verdict not in _FORBIDDEN:
        return False
    lead = judged.reply.clauses[0].clause
    softened = (judged.reply.verdict or "").startswith("Ask first")
    return lead.stance in PERMISSIVE and lead.id not in judged.row.gold and not softened


def flipped(judged: Judged) -> bool:
    """Tell a verdict that forbids what the rule allows: annoying, not dangerous."""
    lead = judged.reply.clauses[0].clause
    return lead.stance in FORBIDDING and judged.row.verdict in {"allowed", "conditional"} and lead_wrong(judged)


def interval(values: Sequence[bool]) -> str:
    """Return a share with its 95 % bootstrap interval and its n."""
    if not values:
        return "-"
    sample = np.array(values, dtype=float)
    draws = np.random.default_rng(0).choice(sample, (_ROUNDS, len(sample))).mean(axis=1)
    low, high = np.percentile(draws, [2.5, 97.5])
    return f"{sample.mean():.3f} [{low:.2f}-{high:.2f}] n={len(sample)}"


def share(rows: Iterable[Judged], told: Callable[[Judged], bool]) -> str:
    """Return the share of rows for which something holds."""
    return interval([told(judged) for judged in rows])


def print_group(name: str, rows: Sequence[Judged]) -> None:
    """Print every figure of one group of questions."""
    rules = [judged for judged in rows if judged.row.kind == "rule"]
    unclear = [judged for judged in rows if judged.row.kind == "unclear"]
    outside = [judged for judged in rows if judged.row.kind == "out-of-scope"]
    answered = [judged for judged in rules if judged.answered]
    _line(f"\n{name}")
    _line("  hit@1", share(rules, hit(1)))
    _line("  hit@3", share(rules, hit(3)))
    _line("  rule: answered", share(rules, lambda j: j.answered))
    _line("  rule: answered or clarified with a right clause", share(rules, lambda j: bool(j.shown & j.row.gold)))
    _line("  rule: told as a concern", share(rules, lambda j: j.reply.outcome is Outcome.CONCERN))
    _line("  answered: lead clause wrong", share(answered, lead_wrong))
    _line("  answered: no right clause shown", share(answered, nothing_right))
    _line("  answered: forbade what is allowed", share(answered, flipped))
    _line("  answered: WRONG-PERMISSIVE", str(sum(wrong_permissive(judged) for judged in answered)))
    _line("  unclear: clarified", share(unclear, lambda j: j.reply.outcome is Outcome.CLARIFY))
    _line("  out of scope: answered", share(outside, lambda j: j.answered))
    _line("  out of scope: clarified", share(outside, lambda j: j.reply.outcome is Outcome.CLARIFY))


def print_baseline(name: str, ranker: Ranker, rows: Sequence[Row]) -> None:
    """Print the hit rates of a plain matcher over the same strings."""
    rules = [row for row in rows if row.kind == "rule"]
    ranked = [ranker(row.school, row.q) for row in rules]
    first = [bool(set(ids[:1]) & row.gold) for ids, row in zip(ranked, rules, strict=True)]
    third = [bool(set(ids[:3]) & row.gold) for ids, row in zip(ranked, rules, strict=True)]
    _line(f"  {name}", f"hit@1 {interval(first)}   hit@3 {interval(third)}")


def judge(signpost: Signpost, rows: Iterable[Row]) -> list[Judged]:
    """Ask every question."""

    async def ask() -> list[Judged]:
        answer = signpost.service.answer
        return [Judged(row, await answer(Utterance(str(n), row.school, row.q))) for n, row in enumerate(rows)]

    return asyncio.run(ask())


def _line(label: str, value: str = "") -> None:
    sys.stdout.write(f"{label:<54}{value}\n" if value else f"{label}\n")


def main() -> None:
    """Print the table: the scored part, the open part, each school, each style, the plain matchers, and triage."""
    signpost = assemble(Settings(None, Path(".state"), None, 0))
    schools = {name: signpost.library.view(name).school for name in signpost.library.schools()}
    if "--calibration" in sys.argv:
        print_group("calibration sets (fitted on; no evidence)", judge(signpost, read_sets(CALIBRATION, schools)))
        return
    rows = read_sets(SETS, schools)
    judged = judge(signpost, rows)
    for part in ("scored", "open"):
        print_group(f"{part} part", [one for one in judged if one.row.part == part])
    for school in sorted(schools):
        print_group(f"{school}, both parts", [one for one in judged if one.row.school == school])
    print_group("all", judged)
    _line("\nby style (rule questions, all)")
    for style in sorted({row.style for row in rows}):
        own = [one for one in judged if one.row.style == style and one.row.kind == "rule"]
        _line(f"  {style}", f"hit@1 {share(own, hit(1))}   hit@3 {share(own, hit(3))}")
    _line("\nplain matchers over the same strings (all)")
    for name, make in BASELINES.items():
        print_baseline(name, make(signpost), rows)
    print_triage(signpost)


if __name__ == "__main__":
    main()
