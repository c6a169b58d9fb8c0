"""What `signpost kb` prints."""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from bot.question_set import Asked
from knowledge.attach import Attached
from knowledge.coverage import PolicyCoverage, paste_line
from knowledge.faults import errors_of
from knowledge.loader import Loaded

_SHOWN = 90
NO_SUCH_SCHOOL = "there is no such school here, so the document was left alone"
PACK_IS_BROKEN = "its school has errors, so the document was left alone; run `signpost kb check`"


def bad_id(school_id: str) -> str:
    """Say what a school id looks like."""
    return f'"{school_id}" cannot be a school id. Use lower-case letters, digits and hyphens, such as hillside-primary.'


def made(folder: Path, school_id: str, files: Sequence[Path]) -> str:
    """Say what `kb new` made and what to do next."""
    listed = "\n".join(f"  {path}" for path in files[:3])
    return (
        f"Made a school to start from:\n{listed}\n"
        f"Next: edit these files, then run  signpost --knowledge {folder} kb check\n"
        f"Try it:  signpost --knowledge {folder} serve\n"
        f"Quote your policy's own words:  signpost --knowledge {folder} kb attach {school_id} YOUR-POLICY.docx"
    )


def check_text(loaded: Sequence[Loaded]) -> str:
    """Return the faults of every school, or that there are none."""
    lines: list[str] = []
    for one in loaded:
        errors = len(errors_of(one.faults))
        warnings = len(one.faults) - errors
        verdict = f"{errors} to mend" if errors else "can be served"
        lines.append(f"{one.id}: {verdict}" + (f", {_counted(warnings, 'warning')}" if warnings else ""))
        lines.extend(f"  {fault.severity}: {fault}" for fault in one.faults)
    return "\n".join(lines) or "There are no schools here. Make one with `signpost kb new DIR ID`."


def test_text(results: Mapping[str, Sequence[Asked]]) -> str:
    """Return how each question set went, failures first in words."""
    lines: list[str] = []
    for school, rows in results.items():
        failed = [asked for asked in rows if asked.failed]
        lines.extend(f"  FAILED {_asked_line(asked)}" for asked in failed)
        known = sum(1 for asked in rows if not asked.right and asked.row.known_failure)
        note = f", {known} known to fail" if known else ""
        lines.append(f"{school}: {len(rows) - len(failed) - known} of {len(rows)} questions pass{note}")
    return "\n".join(lines)


def _asked_line(asked: Asked) -> str:
    shown = [clause.clause.id for clause in asked.reply.clauses] or [option.id for option in asked.reply.options]
    wants = " or ".join(asked.row.finds) or "no clause"
    place = f"line {asked.row.line}: " if asked.row.line else ""
    return f'{place}"{asked.row.q}" wants {asked.row.outcome} with {wants}, got {asked.reply.outcome} with {shown}'


def asked_as_json(school: str, asked: Asked) -> dict[str, Any]:
    """Return a row of a question set with its outcome as JSON."""
    return {
        "school": school,
        "q": asked.row.q,
        "finds": list(asked.row.finds),
        "outcome": asked.row.outcome,
        "got": str(asked.reply.outcome),
        "clauses": [clause.clause.id for clause in asked.reply.clauses],
        "right": asked.right,
        "known_failure": asked.row.known_failure,
    }


def coverage_text(school: str, coverages: Sequence[PolicyCoverage]) -> str:
    """Return what of each document is covered, and the missing passages with their locator lines."""
    lines: list[str] = []
    for one in coverages:
        if not one.has_document:
            lines.append(f"{school}/{one.policy}: no document is attached. Attach it: signpost kb attach {school} FILE")
            continue
        lines.append(f"{school}/{one.policy}: {int(one.percent)} % of {one.passages} passages covered")
        for passage in one.missing:
            lines.append(f"  [{passage.number}] {passage.text[:_SHOWN]}")
            lines.append(f"      {paste_line(passage)}")
    return "\n".join(lines)


def coverage_as_json(one: PolicyCoverage) -> dict[str, Any]:
    """Return a policy's coverage as JSON."""
    missing = [{"number": p.number, "text": p.text, "locator": paste_line(p)} for p in one.missing]
    return {
        "policy": one.policy,
        "has_document": one.has_document,
        "passages": one.passages,
        "percent": round(one.percent, 1),
        "missing": missing,
    }


def attached_text(done: Sequence[Attached], left: Mapping[str, str]) -> str:
    """Say what was attached, which clauses no longer match, and which documents were left and why."""
    lines = [line for one in done for line in _attached_lines(one)]
    lines.extend(f"{name}: {why}" for name, why in left.items())
    return "\n".join(lines) or "There was nothing to attach."


def _attached_lines(one: Attached) -> Iterator[str]:
    yield f"{one.school}/{one.policy}: attached as {one.path}; {_counted(one.quoted, 'clause')} now quoted"
    if one.bare:
        yield f"  {_counted(one.bare, 'clause')} without a locator; run `signpost kb coverage {one.school}`"
    for miss in one.unmatched:
        yield f"  {miss.clause.id}: its wording is not in the document"
        if miss.nearest:
            yield f"      nearest is [{miss.nearest.number}] {miss.nearest.text[:_SHOWN]}"
            yield f"      {paste_line(miss.nearest)}"


def attached_as_json(one: Attached) -> dict[str, Any]:
    """Return what was attached as JSON."""
    unmatched = [
        {"clause": miss.clause.id, "nearest": miss.nearest.number if miss.nearest else None} for miss in one.unmatched
    ]
    return {
        "school": one.school,
        "policy": one.policy,
        "path": str(one.path),
        "quoted": one.quoted,
        "without_locator": one.bare,
        "unmatched": unmatched,
    }


def status_text(status: Mapping[str, Any]) -> str:
    """Return the status in words."""
    lines = [f"Encoder: {status['encoder']}, {status['vectors']:,} texts, {status['topics']} topics"]
    if status["encoder_fault"]:
        lines.append(f"  Works by keywords alone, and finds less: {status['encoder_fault']}")
    for school in status["schools"]:
        lines.extend(_school_lines(school))
    lines.extend(_escalation_lines(status))
    return "\n".join(lines)


def _escalation_lines(status: Mapping[str, Any]) -> Iterator[str]:
    """Say how escalating fares; nothing where no server runs."""
    if "escalations" not in status:
        return
    found = status["escalations"]
    if found is None:
        yield "Escalations: the store cannot be read"
    else:
        late = f"{found['undelivered']} urgent not delivered"
        yield f"Escalations: {found['open']} open, {found['waiting']} not taken, {late}"
    for alarm in status["alarms"]:
        yield f"  ALARM {alarm['at']} {alarm['school']}: {alarm['says']}"


def _school_lines(school: Mapping[str, Any]) -> Iterator[str]:
    if school["served"]:
        quoted = f"{school['quoted']} of {_counted(school['clauses'], 'clause')} quoted"
        yield f"{school['id']} ({school['name']}): version {school['version']} since {school['taken_at']}, {quoted}"
    else:
        yield f"{school['id']}: not served"
    if school["served"] and not school["last_reload_ok"]:
        yield f"  The change of {school['last_reload_at']} was not taken; the last good version stays in force:"
    for fault in school["faults"]:
        place = f"{fault['file']}:{fault['line']}" if fault["line"] else fault["file"]
        yield f"  {fault['severity']}: {place}: {fault['found']}. Expected: {fault['expected']}. {fault['mend']}"


def _counted(number: int, thing: str) -> str:
    return f"{number} {thing}" if number == 1 else f"{number} {thing}s"
