"""`make bench`: one question's work, start, reload, memory and growth; ratios from one run.

Absolute times drift with the machine, so each is printed beside a floor measured in the same minute.
"""

import asyncio
import gc
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace
from datetime import date
from functools import partial
from multiprocessing import get_context
from pathlib import Path

import numpy as np
from rapidfuzz import fuzz, process

from adapters.bootstrap import PolicyIndexes, Signpost, assemble
from adapters.settings import Settings
from bot.decide import Decider
from bot.types import Utterance
from bot.view import SchoolView
from knowledge.loader import SHIPPED
from knowledge.model import Policy, School
from tests.bench.recording import recording_times
from tests.bench.slack import slack_lines
from tests.bench.teams import teams_lines
from tests.evaluation.sets import SETS, read_sets

_STATE = Path(".state")
_SCHOOL_COUNTS = (1, 10, 100, 1_000)


def main() -> None:
    """Run every benchmark and print it."""
    signpost = assemble(Settings(None, _STATE, None, 0))
    schools = {name: signpost.library.view(name).school for name in signpost.library.schools()}
    questions = [row.q for row in read_sets(SETS, schools)][:120]
    one_question(signpost, questions)
    recording(signpost)
    slack(signpost, questions)
    teams(signpost, questions)
    growth(signpost, questions)
    reload_time()
    start_time()


def one_question(signpost: Signpost, questions: Sequence[str]) -> None:
    """One question, whole, beside the encoder alone and beside rapidfuzz over the same strings."""
    view = signpost.library.view("model")
    strings = [text for clause in view.index.clauses for text in (clause.says, *clause.asked)]
    decider = signpost.service.decider
    whole = _times(partial(_decide, decider, view), questions)
    encode = _times(lambda q: signpost.encoder.encode([q]), questions)
    token_set = _times(lambda q: process.extract(q, strings, scorer=fuzz.token_set_ratio, limit=5), questions)
    wratio = _times(lambda q: process.extract(q, strings, scorer=fuzz.WRatio, limit=5), questions)
    _title(f"One question, model school ({len(strings)} strings, {len(questions)} questions)")
    _row("whole decision", whole)
    _row("  the encoder alone", encode)
    _row("  own work (whole less encoder, medians)", [statistics.median(whole) - statistics.median(encode)])
    _row("rapidfuzz process.extract, token_set_ratio", token_set)
    _row("rapidfuzz process.extract, WRatio", wratio)
    own = statistics.median(whole) - statistics.median(encode)
    _say(f"  own work / encoder            {own / statistics.median(encode):.2f}")
    _say(f"  own work / token_set extract  {own / statistics.median(token_set):.2f}")
    _say(f"  whole / WRatio extract        {statistics.median(whole) / statistics.median(wratio):.2f}")


def recording(signpost: Signpost) -> None:
    """A concern, decided and durably recorded before the asker is told, beside one bare commit on the same disk."""
    recorded, floor = recording_times(signpost)
    _title(f"A concern, decided and recorded ({len(recorded)} in a row)")
    _row("decided and recorded", recorded)
    _row("one bare insert and commit (SQLite, FULL)", floor)
    _say(f"  recorded / bare commit        {statistics.median(recorded) / statistics.median(floor):.1f}")


def slack(signpost: Signpost, questions: Sequence[str]) -> None:
    """The whole slash command, signed, over HTTP, beside a bare ack of Bolt's."""
    title, *lines = slack_lines(signpost, questions)
    _title(title)
    for line in lines:
        _say(line)


def teams(signpost: Signpost, questions: Sequence[str]) -> None:
    """A whole message in Teams, authenticated, over HTTP, beside the SDK's adapter that only echoes."""
    title, *lines = teams_lines(signpost, questions)
    _title(title)
    for line in lines:
        _say(line)


def growth(signpost: Signpost, questions: Sequence[str]) -> None:
    """A question's cost and the memory as schools that share their policies grow from 1 to 1,000."""
    _title("Growth: schools of a trust that share the model policy, each with a clause of its own")
    model = signpost.library.view("model").school
    base: float | None = None
    for count in _SCHOOL_COUNTS:
        indexes = PolicyIndexes(signpost.shared)
        before, vectors = _memory(), len(signpost.shared.store)
        views = [indexes.view_of(_school(number, model)) for number in range(count)]
        times = _times(partial(_decide, signpost.service.decider, views[-1]), questions)
        median = statistics.median(times)
        base = base or median
        grown = f"{(_memory() - before) / count:7.3f}" if count > 1 else "      -"
        _say(
            f"  {count:>5} schools: {median:6.2f} ms a question ({median / base:4.2f} of one school's), "
            f"{grown} MB a school, {len(signpost.shared.store) - vectors} new vectors"
        )
        del views
        gc.collect()


def _school(number: int, model: School) -> School:
    own = replace(
        model.policies[0].clauses[0], id=f"own-{number}", says=f"Rule {number} of this school alone.", asked=()
    )
    policy = Policy(f"own-{number}", f"Own policy {number}", (own,), fingerprint=f"own-{number}")
    return replace(model, id=f"school-{number}", policies=(*model.policies, policy))


def reload_time() -> None:
    """An edit of ten clauses, from the changed file to the new version in force."""
    with tempfile.TemporaryDirectory() as folder, ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
        shutil.copytree(SHIPPED / "schools", Path(folder) / "schools")
        signpost = assemble(Settings(Path(folder), _STATE, None, 0))
        pool.submit(int).result()
        asyncio.run(signpost.library.reload(None, pool))
        policy = next((Path(folder) / "schools" / "model" / "policies").glob("*.yaml"))
        times = [_reload_once(signpost, policy, pool, number) for number in range(5)]
    _title("Reload: ten clauses of the model school edited (each 1 new question), parse to swap")
    _row("edit to live, without the watcher's 0.1 s", times)


def _reload_once(signpost: Signpost, policy: Path, pool: ProcessPoolExecutor, number: int) -> float:
    text = policy.read_text(encoding="utf-8")
    added = f'    asked:\n      - "bench question {number} '
    pieces = text.split("    asked:\n")
    changed = pieces[0] + "".join(
        (f'{added}{position}"\n' if position < 10 else "    asked:\n") + piece
        for position, piece in enumerate(pieces[1:])
    )
    policy.write_text(changed, encoding="utf-8")
    began = time.perf_counter()
    states = asyncio.run(signpost.library.reload(["model"], pool))
    took = (time.perf_counter() - began) * 1_000
    if not states[0].ok:
        raise SystemExit("\n".join(map(str, states[0].faults)))
    return took


def start_time() -> None:
    """From the command to the first answer, vectors cached; and Python's own start."""
    ask = [sys.executable, "-m", "adapters.cli", "ask", "can I friend a parent?"]
    _title("Start to first answer (vectors cached), beside Python with numpy alone")
    _row("signpost ask", [_run(ask) for _ in range(3)])
    _row("python -c 'import numpy'", [_run([sys.executable, "-c", "import numpy"]) for _ in range(3)])
    peak = subprocess.run(
        [sys.executable, "-c", _PEAK, *ask[2:]], capture_output=True, text=True, check=True
    ).stdout.splitlines()[-1]
    _say(f"  peak memory of `ask`          {peak} MB")


_PEAK = """
import runpy, sys
sys.argv = ["signpost", *sys.argv[2:]]
try:
    runpy.run_module("adapters.cli", run_name="__main__")
except SystemExit:
    pass
status = open("/proc/self/status", encoding="ascii").read()
print(round(int(status.split("VmHWM:")[1].split()[0]) / 1024))
"""


def _run(command: list[str]) -> float:
    began = time.perf_counter()
    subprocess.run(command, check=True, capture_output=True)
    return (time.perf_counter() - began) * 1_000


def _decide(decider: Decider, view: SchoolView, question: str) -> None:
    decider.decide(Utterance("1", view.school.id, question), view, date(2026, 11, 21))


def _times(work: Callable[[str], object], questions: Sequence[str]) -> list[float]:
    for question in questions[:10]:
        work(question)
    times: list[float] = []
    for question in questions:
        began = time.perf_counter()
        work(question)
        times.append((time.perf_counter() - began) * 1_000)
    return times


def _memory() -> float:
    """Return the resident memory of this process in MB (Linux)."""
    gc.collect()
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    return pages * 4_096 / 1e6


def _title(text: str) -> None:
    _say(f"\n{text}")


def _row(label: str, times: Sequence[float]) -> None:
    low, high = np.percentile(times, [50, 99])
    _say(f"  {label:<46} p50 {low:9.2f} ms   p99 {high:9.2f} ms")


def _say(text: str) -> None:
    sys.stdout.write(f"{text}\n")


if __name__ == "__main__":
    main()
