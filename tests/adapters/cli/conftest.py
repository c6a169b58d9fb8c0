"""The command line as a person uses it: words in, exit code and text out."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from adapters.bootstrap import Signpost
from adapters.cli.main import main
from adapters.cli.session import Session
from tests.fakes import ReadySession


@dataclass(frozen=True, slots=True)
class Printed:
    """What a run of the command line came to."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        """What was printed, read as JSON."""
        return json.loads(self.out)

    @property
    def lines(self) -> list[Any]:
        """What was printed, read as JSON lines."""
        return [json.loads(line) for line in self.out.splitlines()]


class Console:
    """Runs the command line; `session` spares the start where a test has a Signpost ready."""

    def __init__(
        self, capsys: pytest.CaptureFixture[str], session: Session | None = None, always: tuple[object, ...] = ()
    ) -> None:
        """Take what captures the output, and the arguments that every run begins with."""
        self._capsys = capsys
        self._session = session
        self._always = always

    def __call__(self, *arguments: object) -> Printed:
        """Run `signpost ARGUMENTS`; no run may print a traceback."""
        code = 0
        try:
            main([str(argument) for argument in (*self._always, *arguments)], self._session)
        except SystemExit as done:
            code = int(done.code or 0)
        printed = self._capsys.readouterr()
        assert "Traceback" not in printed.out + printed.err
        return Printed(code, printed.out, printed.err)


@pytest.fixture
def shell(capsys: pytest.CaptureFixture[str], bare_environment: None) -> Console:
    """Return a command line that starts from nothing, without any setting."""
    return Console(capsys)


@pytest.fixture
def kb(capsys: pytest.CaptureFixture[str], hillside: Path, bare_environment: None) -> Console:
    """Return `signpost kb` over two small schools, hillside with a document and valley without."""
    return Console(capsys, always=("--knowledge", hillside.parents[1], "kb"))


@pytest.fixture
def console(capsys: pytest.CaptureFixture[str], small: Signpost, bare_environment: None) -> Console:
    """Return a command line over the same two schools, started already."""
    return Console(capsys, ReadySession(small))
