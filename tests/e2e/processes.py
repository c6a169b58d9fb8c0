"""Programs that run beside a test: the server as its users start it, and what talks to it."""

import os
import socket
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from urllib.request import urlopen

from selenium.webdriver import Chrome
from selenium.webdriver.support.wait import WebDriverWait

_START_SECONDS = 300
_STOP_SECONDS = 30


@contextmanager
def serving(chromium: Chrome, state: Path, settings: Mapping[str, str], *, port: int, web: bool) -> Iterator[None]:
    """Run `signpost serve` until the block ends; `port` is that of the web try-out, or of what the chats call."""
    bare = {name: value for name, value in os.environ.items() if not name.startswith(("SIGNPOST_", "SLACK_", "TEAMS_"))}
    command = [sys.executable, "-m", "adapters.cli", "serve", *(("--port", str(port)) if web else ())]
    own = {"SIGNPOST_STATE": str(state)} | ({} if web else {"SIGNPOST_LISTEN_PORT": str(port)})
    with running(
        chromium, command, state / "server.log", f"http://127.0.0.1:{port}/healthz", env=bare | own | dict(settings)
    ):
        yield


@contextmanager
def running(
    chromium: Chrome, command: Sequence[str], log: Path, sign_of_life: str, *, env: Mapping[str, str]
) -> Iterator[None]:
    """Run a program in its log's folder, wait until it answers at that address, and stop it when the block ends."""
    with log.open("wb") as words:
        program = subprocess.Popen(command, env=dict(env), cwd=log.parent, stdout=words, stderr=words)

    def is_up(_: Chrome) -> bool:
        assert program.poll() is None, f"it ended before it was ready; see {log}"
        with urlopen(sign_of_life, timeout=5) as response:  # noqa: S310 - our own loopback address
            return bool(response.status == 200)

    try:
        wait = WebDriverWait(chromium, _START_SECONDS, ignored_exceptions=[OSError])
        wait.until(is_up, f"it did not start; see {log}")
        yield
    finally:
        program.terminate()
        program.wait(timeout=_STOP_SECONDS)


def free_port() -> int:
    """Return a port of the loopback that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
