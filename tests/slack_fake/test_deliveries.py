"""How Slack reaches an app: connections that are refreshed, dropped or half open; signed requests, and forged ones."""

import asyncio
from collections.abc import AsyncIterator

import aiohttp
import pytest
from slack_sdk.web.async_client import AsyncWebClient

from tests.slack_fake import SlackFake, Workspace
from tests.slack_fake.bolt_app import BoltApp, HttpRun, by_socket
from tests.slack_fake.refusing import refused
from tests.slack_fake.socket_mode import Reason


@pytest.fixture
async def connected(slack: SlackFake, bolt: BoltApp) -> AsyncIterator[BoltApp]:
    """Return the app in Socket Mode."""
    handler = by_socket(bolt, slack.app_token)
    await handler.connect_async()
    await slack.sockets.connected()
    yield bolt
    await handler.close_async()


@pytest.mark.parametrize("reason", ["refresh_requested", "warning"])
async def test_an_app_that_is_asked_to_reconnect_comes_back(
    slack: SlackFake, connected: BoltApp, reason: Reason
) -> None:
    """A disconnect message makes the real client open a new connection, over which events arrive."""
    await slack.sockets.connections[0].disconnect(reason)
    await slack.sockets.renewed(2)
    assert (await slack.person("U0TEACHER").says_in_dm("hello")).acked


async def test_a_dropped_connection_is_opened_anew(slack: SlackFake, connected: BoltApp) -> None:
    """The real client notices and connects again."""
    slack.sockets.connections[0].drop()
    await slack.sockets.renewed(2)
    assert (await slack.person("U0TEACHER").says_in_dm("hello")).acked


async def test_a_half_open_connection_swallows_events(slack: SlackFake, connected: BoltApp) -> None:
    """Nothing arrives and no ping is answered, until the real client gives up on it; then the event is sent again."""
    slack.sockets.patience = 0.05
    dead = slack.sockets.connections[0]
    dead.half_open = True
    lost = await slack.person("U0TEACHER").says_in_dm("hello")
    assert (lost.acked, lost.lost, connected.heard) == (False, "no ack", [])
    await slack.sockets.renewed(2)
    slack.sockets.patience = 5.0
    await slack.sockets.connected()
    assert dead.pings > 0
    assert (await slack.redeliver(lost, 1, "timeout")).acked
    assert [body["event_id"] for _, body in connected.heard] == [lost.sent.payload["event_id"]]


async def test_a_retry_says_so_in_socket_mode(slack: SlackFake, school: Workspace, connected: BoltApp) -> None:
    """A copy has the same envelope; a second copy at the same time is acknowledged for itself."""
    first = await slack.person("U0TEACHER").says_in_dm("hello")
    copies = await slack.redeliver_at_once(first, 3)
    assert all(copy.acked for copy in copies)
    assert {copy.sent.envelope_id for copy in copies} == {first.sent.envelope_id}
    assert len(school.said_by_bot(school.dm("U0TEACHER").id)) == 4


async def test_an_app_has_at_most_ten_connections(slack: SlackFake, client: AsyncWebClient) -> None:
    """The eleventh is told that there are too many, an address is good once, and events go round the others."""
    async with aiohttp.ClientSession() as session:
        sockets = []
        for _ in range(11):
            url = (await client.apps_connections_open(app_token=slack.app_token))["url"]
            sockets.append(await session.ws_connect(url))
        hellos = [await socket.receive_json() for socket in sockets]
        assert [hello["type"] for hello in hellos] == ["hello"] * 10 + ["disconnect"]
        assert hellos[10]["reason"] == "too_many_websockets"
        async with session.get(url.replace("ws://", "http://")) as response:
            assert response.status == 403
        sending = [asyncio.create_task(slack.person("U0TEACHER").says_in_dm("hello")) for _ in range(2)]
        for socket in sockets[:2]:
            envelope = await socket.receive_json()
            await socket.send_json({"envelope_id": envelope["envelope_id"]})
        assert all(answer.acked for answer in await asyncio.gather(*sending))
        for socket in sockets:
            await socket.close()
    bot_token = client.token or ""
    assert await refused(client.apps_connections_open(app_token=bot_token)) == "not_allowed_token_type"


async def test_nothing_is_heard_where_nobody_is_connected(slack: SlackFake, school: Workspace) -> None:
    """The person wrote all the same, and the event is not acknowledged."""
    answer = await slack.person("U0TEACHER").says_in_dm("hello")
    assert (answer.acked, answer.lost, len(school.messages(school.dm("U0TEACHER").id))) == (False, "no connection", 1)


async def test_only_what_is_signed_is_heard(slack: SlackFake, bolt: BoltApp) -> None:
    """Bolt takes the fake's signature, and no other; an app that is down does not answer."""
    run = HttpRun(bolt)
    http = slack.by_http(await run.start())
    assert (await slack.person("U0TEACHER").says_in_dm("hello")).acked
    forged = await http.post(b"{}", "application/json", headers={"X-Slack-Signature": "v0=00"})
    old = await http.post(b"{}", "application/json", headers={"X-Slack-Request-Timestamp": "1000000000"})
    assert (forged.status, old.status, len(bolt.heard)) == (401, 401, 1)
    await run.stop()
    down = await slack.person("U0TEACHER").says_in_dm("hello?")
    assert (down.acked, down.lost) == (False, "no answer")


async def test_an_uninstalled_app_is_told(slack: SlackFake, school: Workspace, client: AsyncWebClient) -> None:
    """Its tokens are revoked first."""
    told = await slack.uninstall(school)
    assert [answer.sent.payload["event"]["type"] for answer in told] == ["tokens_revoked", "app_uninstalled"]
    assert await refused(client.auth_test()) == "token_revoked"
