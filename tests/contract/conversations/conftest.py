"""The school on every platform, and a day on each of them."""

from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack
from pathlib import Path

import pytest

from adapters.bootstrap import Signpost
from tests.contract.conversations.chats import ChatDay
from tests.contract.conversations.days import CHATS, PLATFORMS, chat_day_on, day_on
from tests.contract.conversations.pack import write_everywhere, write_two
from tests.contract.conversations.parties import Day
from tests.scenario.slack_world import over


@pytest.fixture(scope="session")
def school_everywhere(signpost: Signpost, tmp_path_factory: pytest.TempPathFactory) -> Signpost:
    """Return Signpost over the model school, as a school that every platform serves."""
    return over(signpost, write_everywhere(tmp_path_factory.mktemp("everywhere")))


@pytest.fixture(scope="session")
def two_schools(signpost: Signpost, tmp_path_factory: pytest.TempPathFactory) -> Signpost:
    """Return Signpost over two schools that share a home."""
    return over(signpost, write_two(tmp_path_factory.mktemp("two-everywhere")))


@pytest.fixture(params=PLATFORMS)
async def day(request: pytest.FixtureRequest, school_everywhere: Signpost, tmp_path: Path) -> AsyncIterator[Day]:
    """Serve the school for a day, on each platform in turn."""
    async with day_on(request.param, school_everywhere, tmp_path) as served:
        yield served


@pytest.fixture(params=CHATS)
async def chat(request: pytest.FixtureRequest, school_everywhere: Signpost, tmp_path: Path) -> AsyncIterator[ChatDay]:
    """Serve the school for a day, on each chat platform in turn."""
    async with chat_day_on(request.param, school_everywhere, tmp_path) as served:
        yield served


@pytest.fixture(params=PLATFORMS)
async def shared_home(request: pytest.FixtureRequest, two_schools: Signpost, tmp_path: Path) -> AsyncIterator[Day]:
    """Serve two schools that share a home, on each platform in turn."""
    async with day_on(request.param, two_schools, tmp_path) as served:
        yield served


@pytest.fixture
async def everywhere(school_everywhere: Signpost, tmp_path: Path) -> AsyncIterator[Mapping[str, Day]]:
    """Serve the same day on all platforms at once, so that they can be compared."""
    async with AsyncExitStack() as stack:
        days = [await stack.enter_async_context(day_on(one, school_everywhere, tmp_path)) for one in PLATFORMS]
        yield {served.platform: served for served in days}
