"""How well live concerns are told from everything else, on rows written by other hands than the examples.

Prints figures only. Run by `make eval`, or alone: python -m tests.evaluation.triage
"""

import asyncio
import sys
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from adapters.bootstrap import Signpost, assemble
from adapters.settings import Settings
from bot import wording
from bot.types import Outcome, Reply, Utterance
from knowledge.model import ConcernKind, RouteName

FOLDER = Path(__file__).parent / "triage"
PARTS = ("open", "scored")
SCHOOL = "model"
# Concerns about what happens to a child: none of them may go without the line that says whom to tell.
ABOUT_CHILDREN = frozenset(
    {
        "immediate-danger",
        "child-at-risk",
        "indecent-images",
        "adult-conduct",
        "head-conduct",
        "pupil-contact",
        "pupil-cyberbullying",
    }
)


@dataclass(frozen=True, slots=True)
class Told:
    """A row with the reply it got: a concern of a category, or a message of another kind, of a style."""

    live: bool
    group: str
    alarm: bool
    reply: Reply
    wanted: ConcernKind | None
    got: ConcernKind | None

    @property
    def pinged(self) -> bool:
        """Whether the reply is advice and an offer to tell somebody."""
        return self.reply.outcome is Outcome.CONCERN

    @property
    def certain(self) -> bool:
        """Whether the reply takes it for certain."""
        return self.reply.escalation is not None and self.reply.escalation.certainty == "certain"

    @property
    def says_whom(self) -> bool:
        """Whether the reply says whom to tell: as advice, or in one line."""
        return self.pinged or any(notice.startswith(wording.SAFETY_OPENING) for notice in self.reply.notices)

    @property
    def right_category(self) -> bool:
        """Whether the category is the right one."""
        return bool(self.wanted and self.got and self.wanted.id == self.got.id)

    @property
    def right_route(self) -> bool:
        """Whether the right people are told."""
        return bool(self.wanted and self.got and self.wanted.route is self.got.route)

    @property
    def to_the_wrong_people(self) -> bool:
        """Whether a concern for the headteacher or the chair would go to the DSL, and for certain: the worst error."""
        if not (self.wanted and self.got and self.certain):
            return False
        return self.wanted.route is not RouteName.CHILD and self.got.route is RouteName.CHILD


def ask(signpost: Signpost, part: str) -> list[Told]:
    """Ask the model school every message of a part."""
    rows: list[dict[str, Any]] = yaml.safe_load((FOLDER / f"{part}.yaml").read_text(encoding="utf-8"))
    kinds = {kind.id: kind for kind in signpost.shared.catalogue.concerns}

    async def asked() -> list[Told]:
        answer = signpost.service.answer
        return [_told(row, await answer(Utterance(str(n), SCHOOL, row["q"])), kinds) for n, row in enumerate(rows)]

    return asyncio.run(asked())


def _told(row: dict[str, Any], reply: Reply, kinds: dict[str, ConcernKind]) -> Told:
    live = row["kind"] == "concern"
    got = kinds[reply.escalation.category] if reply.escalation else None
    group = row["category"] if live else row["style"]
    return Told(live, group, row["alarm"] == "yes", reply, kinds.get(group), got)


def share(rows: Iterable[Told], holds: Callable[[Told], bool]) -> float:
    """Return the share of rows for which something holds; 0 where there is none."""
    held = [holds(row) for row in rows]
    return sum(held) / len(held) if held else 0.0


def print_part(name: str, rows: Sequence[Told]) -> None:
    """Print every figure of one part."""
    live = [row for row in rows if row.live]
    others = [row for row in rows if not row.live]
    pinged = [row for row in rows if row.pinged]
    found = [row for row in live if row.pinged]
    children = [row for row in live if row.group in ABOUT_CHILDREN]
    _line(f"\ntriage, {name} part ({len(live)} concerns, {len(others)} others)")
    _line("  recall", share(live, lambda row: row.pinged))
    _line("  precision", share(pinged, lambda row: row.live))
    _line("  others pinged", share(others, lambda row: row.pinged))
    _line("  others certain", share(others, lambda row: row.certain))
    _line("  concerns certain", share(live, lambda row: row.certain))
    _line("  about children: says whom to tell", share(children, lambda row: row.says_whom))
    _line("  all concerns: says whom to tell", share(live, lambda row: row.says_whom))
    _line("  others: says whom to tell", share(others, lambda row: row.says_whom))
    _line("  category right, of those found", share(found, lambda row: row.right_category))
    _line("  route right, of those found", share(found, lambda row: row.right_route))
    _line("  for head or chair, but certain for the DSL (rows)", sum(row.to_the_wrong_people for row in live))
    for alarm in (True, False):
        word = "with" if alarm else "without"
        _line(f"  recall {word} an alarm word", share([r for r in live if r.alarm is alarm], lambda row: row.pinged))
        _line(f"  pinged {word} an alarm word", share([r for r in others if r.alarm is alarm], lambda row: row.pinged))
    for group in sorted({row.group for row in live}):
        own = [row for row in live if row.group == group]
        routed = share([row for row in own if row.pinged], lambda row: row.right_route)
        _line(f"    {group}", share(own, lambda row: row.pinged), f"route right {routed:.3f}   n={len(own)}")
    for group in sorted({row.group for row in others}):
        own = [row for row in others if row.group == group]
        _line(f"    pinged: {group}", share(own, lambda row: row.pinged), f"n={len(own)}")


def _line(label: str, value: float | None = None, more: str = "") -> None:
    number = "" if value is None else f"{value}" if isinstance(value, int) else f"{value:.3f}"
    sys.stdout.write(f"{label:<54}{number}   {more}".rstrip() + "\n")


def print_triage(signpost: Signpost) -> None:
    """Print the figures of both parts."""
    for part in PARTS:
        print_part(part, ask(signpost, part))


if __name__ == "__main__":
    print_triage(assemble(Settings(None, Path(".state"), None, 0)))
