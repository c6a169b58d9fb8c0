"""The server as its users start it, over a copy of the shipped schools, and a headless Chromium."""

import os
import re
import shutil
import socket
import subprocess
import sys
import tarfile
from collections.abc import Iterator
from pathlib import Path
from urllib.request import urlopen

import pytest
from selenium.webdriver import Chrome, ChromeOptions, ChromeService
from selenium.webdriver.support.wait import WebDriverWait

from knowledge.loader import SHIPPED
from tests.e2e.page import TryOut

_START_SECONDS = 300
_AXE = "axe-core@4.14.1"
_FLAGS = (
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
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
    state, port = tmp_path_factory.mktemp("state"), _free_port()
    settings = {
        "SIGNPOST_STATE": str(state),
        "SIGNPOST_KNOWLEDGE": str(schools.parent),
        "SIGNPOST_DEFAULT_SCHOOL": "model",
    }
    bare = {name: value for name, value in os.environ.items() if not name.startswith("SIGNPOST_")}
    command = [sys.executable, "-m", "adapters.cli", "serve", "--port", str(port)]
    with (state / "server.log").open("wb") as log:
        server = subprocess.Popen(command, env=bare | settings, cwd=state, stdout=log, stderr=log)
    try:
        url = f"http://127.0.0.1:{port}"
        wait = WebDriverWait(chromium, _START_SECONDS, ignored_exceptions=[OSError])
        wait.until(lambda _: _is_up(server, url), f"the server did not start; see {state / 'server.log'}")
        yield url
    finally:
        server.terminate()
        server.wait(timeout=30)


def _is_up(server: subprocess.Popen[bytes], url: str) -> bool:
    assert server.poll() is None, "the server ended before it was ready; its words are in server.log"
    with urlopen(f"{url}/healthz", timeout=5) as response:  # noqa: S310 - our own loopback address
        return bool(response.status == 200)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


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
def axe(tmp_path_factory: pytest.TempPathFactory) -> str:
    """Fetch the accessibility checker from the npm registry; it is no part of this repository."""
    npm = shutil.which("npm")
    if not npm:
        pytest.skip("axe-core needs npm to fetch it")
    folder = tmp_path_factory.mktemp("axe")
    packed = subprocess.run([npm, "pack", "--silent", _AXE], cwd=folder, capture_output=True, timeout=120, check=False)
    found = list(folder.glob("axe-core-*.tgz"))
    if packed.returncode or not found:
        pytest.skip(f"{_AXE} could not be fetched from the npm registry")
    with tarfile.open(found[0]) as archive:
        member = archive.extractfile("package/axe.min.js")
        assert member is not None
        return member.read().decode()
