"""Kill -9 at every kind of step, in every weather: nothing that was promised is lost, and every double is marked."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]


def lived(folder: Path, first: int, stride: int) -> dict[str, Any]:
    """Run the story in forked processes of a program of its own, and return what it printed."""
    command = [sys.executable, "-m", "tests.scenario.zygote", str(folder), str(first), str(stride)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-2000:]
    told: dict[str, Any] = json.loads(done.stdout)
    return told


def test_nothing_promised_is_lost_in_a_sample_of_kills(tmp_path: Path) -> None:
    """A few dozen deaths spread over the story, in each weather."""
    told = lived(tmp_path / "story", 7, 131)
    assert told["faults"] == []
    assert told["killed"] >= 40


@pytest.mark.faults
@pytest.mark.parametrize("first", range(1, 3))
def test_nothing_promised_is_lost_wherever_the_process_dies(tmp_path: Path, first: int) -> None:
    """RS-50, RS-51: hundreds of deaths, each at another step."""
    told = lived(tmp_path / "story", first, 26)
    assert told["faults"] == []
    assert told["killed"] >= 250
