"""Runs the story over and over, each time in a forked process of its own that is killed at another step.

usage: python -m tests.scenario.zygote FOLDER FIRST STRIDE
Prints a JSON object: how many runs there were, how many were killed, and every fault.
"""

import json
import os
import shutil
import sys
import traceback
from collections.abc import Callable
from pathlib import Path

from bot.view import SchoolView
from knowledge.model import Catalogue
from tests.scenario.story import live, live_on, read_knowledge
from tests.scenario.world import Weather


def in_child(work: Callable[[], object], note: Path) -> bool:
    """Do something in a forked process; tell whether it lived to the end. What it returned is written to `note`."""
    child = os.fork()
    if child == 0:
        code = 1
        try:
            note.write_text(json.dumps(work()), encoding="utf-8")
            code = 0
        except Exception:  # noqa: BLE001 - the process ends here; whoever runs the story must see why
            traceback.print_exc()
        finally:
            os._exit(code)
    _, status = os.waitpid(child, 0)
    if os.WIFSIGNALED(status):
        return False
    if status != 0:
        raise RuntimeError(f"a process of the story failed (see above), exit {status}")
    return True


def run(folder: Path, at: int, weather: Weather, view: SchoolView, catalogue: Catalogue) -> tuple[bool, int, list[str]]:
    """Live one story: killed at a step, then picked up. Returns whether it was killed, its steps, and the faults."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    note = folder / "note"
    lived = in_child(lambda: live(folder, at, weather, view, catalogue), note)
    steps = json.loads(note.read_text(encoding="utf-8")) if lived else 0
    in_child(lambda: live_on(folder, view, catalogue), note)
    return not lived, steps, json.loads(note.read_text(encoding="utf-8"))


def main() -> None:
    """Run every weather, killed at every `stride`-th step from `first` on, until the story outlives its steps."""
    folder, first, stride = Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3])
    view, catalogue = read_knowledge()
    runs, deaths, broken = 0, 0, list[str]()
    for weather in Weather:
        at = first
        while True:
            killed, _, faults = run(folder, at, weather, view, catalogue)
            runs += 1
            deaths += killed
            broken += [f"{weather}, killed at step {at}: {fault}" for fault in faults]
            if not killed:
                break
            at += stride
    print(json.dumps({"runs": runs, "killed": deaths, "faults": broken}))  # noqa: T201 - this is what the program is for


if __name__ == "__main__":
    main()
