"""The try-out, served by aiohttp's own test server."""

from collections.abc import AsyncIterator

import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer

from adapters.web.app import create_app
from adapters.web.asker_side import Answers
from tests.adapters.web.fakes import FakeDirectory, FakeService
from tests.adapters.web.playing import Playing
from tests.adapters.web.visitor import Visitor

EXAMPLES = ("can I friend a parent?", "may I use my phone?")
Client = TestClient[web.Request, web.Application]


@pytest.fixture
def service() -> FakeService:
    """Return a service that answers as it is told."""
    return FakeService()


@pytest.fixture
def playing() -> Playing:
    """Return everything behind the page."""
    return Playing()


def served(playing: Playing, service: Answers) -> TestServer:
    """Serve the page over what is behind it."""
    return TestServer(
        create_app(
            service,
            FakeDirectory(),
            examples=EXAMPLES,
            intake=playing.intake,
            desk=playing.desk,
            channel=playing.channel,
        )
    )


@pytest.fixture
async def client(playing: Playing, service: FakeService) -> AsyncIterator[Client]:
    """Return a client of a try-out whose service answers as it is told."""
    async with TestClient(served(playing, service)) as connected:
        yield connected


@pytest.fixture
async def visitor(playing: Playing) -> AsyncIterator[Visitor]:
    """Return somebody who uses a try-out in which everything works."""
    async with TestClient(served(playing, playing.service)) as connected:
        yield Visitor(connected, playing)
