"""What tests of the Slack edge share: a workspace with one school in it, and that school served whole."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from adapters.bootstrap import Signpost
from tests.adapters.slack.front_world import FrontWorld, front_world
from tests.adapters.slack.home_world import HomeWorld, home_world
from tests.escalation_fakes import TickingClock
from tests.scenario.slack_world import Served, over, served, write_pack


@pytest.fixture
async def oakwood() -> AsyncIterator[HomeWorld]:
    """Run a workspace with Oakwood in it."""
    async with home_world() as world:
        yield world


@pytest.fixture
async def front() -> AsyncIterator[FrontWorld]:
    """Run the front door, with listeners that note what they hear."""
    async with front_world() as world:
        yield world


@pytest.fixture(scope="session")
def on_slack(signpost: Signpost, tmp_path_factory: pytest.TempPathFactory) -> Signpost:
    """Return Signpost over the model school, as a school on Slack."""
    return over(signpost, write_pack(tmp_path_factory.mktemp("on-slack")))


@pytest.fixture
async def school(on_slack: Signpost, tmp_path: Path) -> AsyncIterator[Served]:
    """Serve the model school over signed HTTP."""
    async with served(on_slack, tmp_path, TickingClock(), mode="http") as world:
        yield world
