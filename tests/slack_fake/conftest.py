"""A fake with one school's workspace, and a bolt app that talks to it in either mode."""

from collections.abc import AsyncIterator

import pytest
from slack_sdk.web.async_client import AsyncWebClient

from tests.slack_fake import SlackFake, Workspace
from tests.slack_fake.bolt_app import BoltApp, HttpRun, by_socket


@pytest.fixture
async def slack() -> AsyncIterator[SlackFake]:
    """Run the fake."""
    async with SlackFake() as fake:
        yield fake


@pytest.fixture
def school(slack: SlackFake) -> Workspace:
    """Return a workspace with a teacher, a DSL, a channel for all and a private one."""
    team = slack.workspace("T0MODEL", "Model Primary")
    team.add_user("U0TEACHER", "tess")
    team.add_user("U0DSL", "dan")
    team.add_channel("C0STAFF", "staff-room", "U0TEACHER", "U0DSL")
    team.add_channel("C0SAFE", "safeguarding", "U0DSL", is_private=True)
    return team


@pytest.fixture
def client(slack: SlackFake, school: Workspace) -> AsyncWebClient:
    """Return the real client, with the school's token."""
    return AsyncWebClient(token=slack.install(school).access.value, base_url=slack.url)


@pytest.fixture
def bolt(slack: SlackFake, client: AsyncWebClient) -> BoltApp:
    """Return the app, not yet connected."""
    return BoltApp(client, slack.world.app.signing_secret)


@pytest.fixture(params=["http", "socket"])
async def app(request: pytest.FixtureRequest, slack: SlackFake, bolt: BoltApp) -> AsyncIterator[BoltApp]:
    """Return the app, connected over HTTP and then in Socket Mode."""
    if request.param == "http":
        run = HttpRun(bolt)
        slack.by_http(await run.start())
        yield bolt
        await slack.delivery.close()
        await run.stop()
    else:
        handler = by_socket(bolt, slack.app_token)
        await handler.connect_async()
        await slack.sockets.connected()
        yield bolt
        await handler.close_async()
