"""The files that Signpost is run with, and the tools that check them where they are there."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent.parent
DEPLOY = ROOT / "deploy"
PROGRAMS = Path(sys.executable).parent


def text_of(name: str) -> str:
    """Return a file of deploy/; skip the test where the wheel is under test and the file is not beside it."""
    if not (ROOT / "README.md").is_file() and not (DEPLOY / name).is_file():
        pytest.skip("the checkout is not here (the wheel is under test)")
    return (DEPLOY / name).read_text(encoding="utf-8")


def tool(name: str, where: str) -> str:
    """Return the path of a tool; skip the test, saying where it comes from, where it is not there."""
    found = shutil.which(name, path=f"{PROGRAMS}{os.pathsep}{os.environ.get('PATH', '')}")
    if found is None:
        pytest.skip(f"{name} is not here ({where})")
    return found


def told(*command: str | Path) -> tuple[int, str]:
    """Run a command; return its exit code and all that it printed."""
    done = subprocess.run(
        command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False, timeout=120
    )
    return done.returncode, done.stdout
