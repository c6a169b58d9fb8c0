"""The try-out, served by aiohttp's own test server."""

from collections.abc import AsyncIterator

import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer

from adapters.web.app import create_app
from tests.adapters.web.fakes import FakeDirectory, FakeService

EXAMPLES = ("can I friend a parent?", "may I use my phone?")
Client = TestClient[web.Request, web.Application]


@pytest.fixture
def service() -> FakeService:
    """Return the service behind the page."""
    return FakeService()


@pytest.fixture
async def client(service: FakeService) -> AsyncIterator[Client]:
    """Return a client of the running try-out."""
    app = create_app(service, FakeDirectory(), examples=EXAMPLES)
    async with TestClient(TestServer(app)) as connected:
        yield connected
