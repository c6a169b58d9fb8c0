"""The server as its users start it, over a copy of the shipped schools, and a headless Chromium."""

import os
import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from selenium.webdriver import Chrome, ChromeOptions, ChromeService

from knowledge.loader import SHIPPED
from tests.e2e.page import TryOut
from tests.e2e.processes import free_port, serving

_CLIENTS = Path(__file__).parent / "node_modules"
_FLAGS = (
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost",  # nothing is asked of the internet
    "--window-size=1000,900",
)


@pytest.fixture(scope="session")
def schools(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Copy the shipped schools, so that a test may edit them."""
    folder = tmp_path_factory.mktemp("knowledge") / "schools"
    shutil.copytree(SHIPPED / "schools", folder)
    _never_closes(folder / "model" / "school.yaml")
    return folder


def _never_closes(school: Path) -> None:
    """Keep the model school open at every hour, so that no test depends on when it is run."""
    before = school.read_text(encoding="utf-8")
    hours = 'hours: {days: [mon, tue, wed, thu, fri, sat, sun], from: "00:00", to: "23:59"}'
    after = re.sub(r"^hours: .*$", hours, before, flags=re.MULTILINE)
    assert after != before
    school.write_text(after, encoding="utf-8")


@pytest.fixture(scope="session")
def address(chromium: Chrome, schools: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Start `signpost serve` on a free port, with a state folder of its own, and stop it at the end."""
    state, port = tmp_path_factory.mktemp("state"), free_port()
    settings = {"SIGNPOST_KNOWLEDGE": str(schools.parent), "SIGNPOST_DEFAULT_SCHOOL": "model"}
    with serving(chromium, state, settings, port=port, web=True):
        yield f"http://127.0.0.1:{port}"


@pytest.fixture(scope="session")
def chromium(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Chrome]:
    """Start one Chromium with a fresh profile; where it is missing, CI fails and a person is told what to install."""
    browser, driver = shutil.which("chromium"), shutil.which("chromedriver")
    if not browser or not driver:
        absent = pytest.fail if os.environ.get("CI") else pytest.skip
        absent("needs Debian's packages chromium and chromium-driver")
    options = ChromeOptions()
    options.binary_location = browser
    for flag in (*_FLAGS, f"--user-data-dir={tmp_path_factory.mktemp('profile')}"):
        options.add_argument(flag)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
    chrome = Chrome(options=options, service=ChromeService(driver))
    yield chrome
    chrome.quit()


@pytest.fixture
def tryout(chromium: Chrome, address: str, shots: Path) -> Iterator[TryOut]:
    """Open the page afresh; whatever the test did, the browser must have found no fault in the page."""
    page = TryOut(chromium, address, shots)
    page.desktop()
    page.open()
    yield page
    faults = [fault for fault in page.console() if not any(words in fault for words in page.expected_faults)]
    assert faults == []


@pytest.fixture(scope="session")
def shots(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder for screenshots: SIGNPOST_SCREENSHOTS, or a temporary one."""
    named = os.environ.get("SIGNPOST_SCREENSHOTS")
    folder = Path(named) if named else tmp_path_factory.mktemp("screenshots")
    folder.mkdir(parents=True, exist_ok=True)
    return folder


@pytest.fixture(scope="session")
def clients() -> Path:
    """Return the folder of what deploy/clients.sh installs; without it, CI fails and a person is told what to run."""
    if not (_CLIENTS / ".signpost-clients").is_file():
        absent = pytest.fail if os.environ.get("CI") else pytest.skip
        absent("needs the clients that deploy/clients.sh installs (make test-e2e does)")
    return _CLIENTS


@pytest.fixture(scope="session")
def axe(clients: Path) -> str:
    """Return the accessibility checker's script."""
    return (clients / "axe-core" / "axe.min.js").read_text(encoding="utf-8")
