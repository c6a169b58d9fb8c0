"""The way from the app to the fake: the real names over TLS, and to nowhere else."""

import asyncio
import ssl

import aiohttp
import pytest

from tests.teams_fake import METADATA, TeamsFake


async def test_the_real_names_lead_to_the_fake(teams: TeamsFake) -> None:
    """With a certificate for each name, which a client checks."""
    async with teams.network().session.get(METADATA) as answer:
        assert (answer.status, (await answer.json())["issuer"]) == (200, "https://api.botframework.com")
    found = await asyncio.to_thread(teams.network().http_client.get, METADATA)
    assert found.status_code == 200
    assert teams.network().attempts == []


@pytest.mark.parametrize(
    "address",
    [
        "https://graph.microsoft.com/v1.0/me",
        "https://evil.trafficmanager.net/uk/",
        "http://smba.trafficmanager.net/uk/",
        "https://smba.trafficmanager.net:8443/uk/",
        "http://127.0.0.1:1/",
        "https://school.sharepoint.com/file",
    ],
)
async def test_there_is_no_way_to_anywhere_else(teams: TeamsFake, address: str) -> None:
    """Another name, another port, no TLS, a number: nothing is connected, and the attempt is noted."""
    network = teams.network()
    with pytest.raises(aiohttp.ClientConnectorError):
        await network.session.get(address)
    with pytest.raises(ConnectionError):
        await asyncio.to_thread(network.http_client.get, address)
    assert network.attempts == [address, address]


async def test_a_client_that_does_not_trust_the_fake_does_not_talk_to_it(teams: TeamsFake) -> None:
    """It is as with any certificate of an authority that is not known: the fake proves nothing to others."""
    connector = aiohttp.TCPConnector(ssl=ssl.create_default_context())
    async with aiohttp.ClientSession(connector=connector) as session:
        with pytest.raises(aiohttp.ClientConnectorCertificateError):
            await session.get(f"https://localhost:{teams.network().port}/")


async def test_a_request_that_blocks_is_refused_in_the_event_loop(teams: TeamsFake) -> None:
    """So that nothing waits for Microsoft where everybody else would wait along."""
    with pytest.raises(RuntimeError, match="event loop"):
        teams.network().http_client.get(METADATA)
    assert teams.calls_of("openid") == []
