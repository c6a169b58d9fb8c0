"""Reads the blind evaluation sets, and says which clauses are right for each question."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from knowledge.about import ABOUT_SUFFIX
from knowledge.model import School

SETS = Path(__file__).parent / "sets"
CALIBRATION = Path(__file__).parent / "calibration"


@dataclass(frozen=True, slots=True)
class Row:
    """One question of a set: its kind (rule, unclear, out-of-scope), style, right clauses and expected verdict."""

    school: str
    part: str
    q: str
    kind: str
    style: str
    gold: frozenset[str]
    verdict: str | None


def read_sets(folder: Path, schools: Mapping[str, School]) -> list[Row]:
    """Read every set of a folder; a file is <school>-<part>.yaml or <school>.yaml."""
    rows: list[Row] = []
    for path in sorted(folder.glob("*.yaml")):
        school, _, part = path.stem.partition("-")
        clauses = _clauses_by_passage(schools[school])
        rows.extend(_row(school, part, raw, clauses) for raw in yaml.safe_load(path.read_text(encoding="utf-8")))
    return rows


def _row(school: str, part: str, raw: Mapping[str, Any], clauses: Mapping[int, Iterable[str]]) -> Row:
    gold = frozenset(clause for passage in raw.get("passages") or () for clause in clauses[int(passage)])
    return Row(school, part, raw["q"], raw["kind"], raw["style"], gold, raw.get("verdict"))


def _clauses_by_passage(school: School) -> Mapping[int, Iterable[str]]:
    """Map each passage to the clauses that stand there; header fields belong to the policy's own clause."""
    found: dict[int, list[str]] = defaultdict(list)
    for policy in school.policies:
        for clause in policy.clauses:
            for passage in clause.locator.passages if clause.locator else ():
                found[passage].append(clause.id)
        for passage in policy.document.metadata_passages if policy.document else ():
            found[passage].append(f"{policy.id}{ABOUT_SUFFIX}")
    return found
