"""The card library in a browser; Signpost and the playground side by side, and windows of the people who use them."""

import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from selenium.webdriver import Chrome

from knowledge.loader import SHIPPED
from tests.e2e.processes import free_port, running, serving
from tests.e2e.teams.cards import CardBench
from tests.e2e.teams.playground import Window
from tests.e2e.teams.school import Person, move_into_teams, playground_settings

_HERE = Path(__file__).parent


@pytest.fixture
def bench(chromium: Chrome, clients: Path) -> CardBench:
    """Open a page with the card library in it."""
    opened = CardBench(chromium, clients)
    opened.open()
    return opened


@pytest.fixture(scope="session")
def playground(chromium: Chrome, clients: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Start `signpost serve` for the model school in Teams, and the playground that calls it; return its address."""
    folder = tmp_path_factory.mktemp("teams")
    shutil.copytree(SHIPPED / "schools" / "model", folder / "knowledge" / "schools" / "model")
    move_into_teams(folder / "knowledge" / "schools" / "model" / "school.yaml")
    settings = {
        "SIGNPOST_KNOWLEDGE": str(folder / "knowledge"),
        "SIGNPOST_TEAMS_DANGEROUSLY_ALLOW_UNAUTHENTICATED": "true",
    }
    (folder / ".m365agentsplayground.yml").write_text(playground_settings(), encoding="utf-8")
    (folder / "state").mkdir()
    ours, theirs = free_port(), free_port()
    command = [
        *(shutil.which("node") or "node", "-r", str(_HERE / "loopback.cjs")),
        *(str(clients / ".bin" / "agentsplayground"), "start", "-c", "msteams", "--disable-telemetry"),
        *("-e", f"http://127.0.0.1:{ours}/api/messages", "-p", str(theirs)),
    ]
    address = f"http://127.0.0.1:{theirs}/"
    with (
        serving(chromium, folder / "state", settings, port=ours, web=False),
        running(chromium, command, folder / "playground.log", address, env=os.environ),
    ):
        yield address


@pytest.fixture
def sit_down(chromium: Chrome, playground: str, shots: Path) -> Iterator[Callable[[Person], Window]]:
    """Open a window for somebody; all are closed at the end."""
    with ExitStack() as opened:

        def sit(person: Person) -> Window:
            window = Window(chromium, playground, person, shots)
            opened.callback(window.close)
            return window

        yield sit
    # The playground complains of fonts that it cannot get; no later test is to read that.
    chromium.get_log("browser")  # type: ignore[no-untyped-call]  # selenium does not say what it returns
