"""What tests share: one Signpost, built once, and an environment without settings."""

from pathlib import Path

import pytest
from hypothesis import settings

from adapters.bootstrap import Signpost, assemble
from adapters.settings import SETTINGS, Settings

# The same draws in every run: one that fails fails for whoever changed something. `--hypothesis-profile=default` draws
# others, to look for more.
settings.register_profile("repeatable", derandomize=True)
settings.load_profile("repeatable")


@pytest.fixture(scope="session")
def state_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the state folder of the tests; its vectors are made once."""
    return tmp_path_factory.mktemp("state")


@pytest.fixture(scope="session")
def signpost(state_folder: Path) -> Signpost:
    """Return Signpost over the shipped schools, whole, with its sentence encoder."""
    return assemble(Settings(None, state_folder, None, 0))


@pytest.fixture
def bare_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Take every setting out of the environment, and work in an empty folder."""
    for setting in SETTINGS:
        monkeypatch.delenv(setting.env, raising=False)
        monkeypatch.delenv(f"{setting.env}_FILE", raising=False)
    monkeypatch.chdir(tmp_path)
