"""Whether the address at which a chat platform calls leads to Signpost: a real web server over https says so."""

import asyncio
import socket
from collections.abc import Callable
from pathlib import Path

import pytest

from adapters.outside import what_is_amiss
from tests.adapters.https_world import certificate, web_server

SIGNED, PAGE = "/api/messages", "/privacy"
SIGNPOST = {SIGNED: (401, ""), PAGE: (200, "<title>Privacy</title>"), "/healthz": (200, '{"status": "ok"}')}
Trusted = Callable[..., Path]


@pytest.fixture
def trusted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Trusted:
    """Make certificates that this computer trusts, as far as their dates and names allow; no proxy is in between."""
    monkeypatch.setenv("NO_PROXY", "*")

    def made(host: str = "localhost", begins: int = -1, ends: int = 30) -> Path:
        found = certificate(tmp_path, host, begins=begins, ends=ends)
        monkeypatch.setenv("SSL_CERT_FILE", str(found))
        return found

    return made


async def test_a_web_server_that_passes_on_what_it_should_leads_to_signpost(trusted: Trusted) -> None:
    """What is not signed is refused by Signpost itself: then the way is open. Nothing more is asked than it takes."""
    async with web_server(SIGNPOST, trusted()) as server:
        assert await what_is_amiss(server.url, SIGNED, PAGE) is None
    assert server.asked == ["POST /api/messages", "GET /privacy"]


@pytest.mark.parametrize(
    ("path", "answer", "told"),
    [
        (SIGNED, (404, ""), "Signpost answers there, but not at /api/messages (status 404): restart it"),
        (SIGNED, (200, ""), "Signpost answers there, but not at /api/messages (status 200)"),
        (PAGE, (404, ""), "/privacy is not passed on to Signpost (status 404): let your web server do so"),
        (PAGE, (302, ""), "/privacy is not passed on to Signpost (status 302)"),
    ],
)
async def test_a_path_that_does_not_lead_to_signpost_is_named(
    path: str, answer: tuple[int, str], told: str, trusted: Trusted
) -> None:
    """Each path that Teams or its people need is looked at for itself."""
    async with web_server({**SIGNPOST, path: answer}, trusted()) as server:
        assert str(await what_is_amiss(server.url, SIGNED, PAGE)).startswith(told)


@pytest.mark.parametrize(
    ("status", "told"),
    [
        (404, "/api/messages is not passed on to Signpost (status 404): let your web server do so"),
        (302, "/api/messages is not passed on to Signpost (status 302)"),
        (403, "/api/messages is not passed on to Signpost (status 403)"),
        (502, "your web server answers, but not Signpost behind it (status 502): start Signpost"),
        (504, "your web server answers, but not Signpost behind it (status 504)"),
    ],
)
@pytest.mark.parametrize("page", [(404, ""), (200, "<html>"), (200, "[]"), (503, '{"status": "ok"}')])
async def test_a_web_server_without_signpost_behind_it_is_told(
    status: int, told: str, page: tuple[int, str], trusted: Trusted
) -> None:
    """A page of another program is not taken for Signpost's health, and a redirect is not followed."""
    async with web_server({SIGNED: (status, ""), "/healthz": page}, trusted()) as server:
        assert str(await what_is_amiss(server.url, SIGNED)).startswith(told)
    assert server.asked == ["POST /api/messages", "GET /healthz"]


@pytest.mark.parametrize(
    ("host", "begins", "ends", "told"),
    [
        ("localhost", -30, -1, "its certificate has expired: renew it"),
        ("localhost", 1, 30, "its certificate is not valid yet: look at the clock"),
        ("hillside.example", -1, 30, "its certificate is for another name: get one for the name in public_url"),
    ],
)
async def test_a_certificate_that_teams_would_refuse_is_named(
    host: str, begins: int, ends: int, told: str, trusted: Trusted
) -> None:
    """Each fault of a certificate has its own mending, and nothing is sent to who has one."""
    async with web_server(SIGNPOST, trusted(host, begins, ends)) as server:
        assert str(await what_is_amiss(server.url, SIGNED)).startswith(told)
    assert server.asked == []


async def test_a_certificate_for_a_name_does_not_do_for_a_number(trusted: Trusted) -> None:
    """An address by numbers is another name."""
    async with web_server(SIGNPOST, trusted()) as server:
        amiss = await what_is_amiss(server.url.replace("localhost", "127.0.0.1"), SIGNED)
    assert str(amiss).startswith("its certificate is for another name")


async def test_a_certificate_of_ones_own_making_is_named(tmp_path: Path, trusted: Trusted) -> None:
    """What only this school trusts, Microsoft does not."""
    trusted("other.example")
    async with web_server(SIGNPOST, certificate(tmp_path)) as server:
        amiss = await what_is_amiss(server.url, SIGNED)
    assert str(amiss).startswith("its certificate is from no authority that this computer knows")


async def test_what_speaks_no_https_is_told(trusted: Trusted) -> None:
    """The port of Signpost itself, without a web server before it, speaks plain http."""
    trusted()
    server = await asyncio.start_server(_plain, "127.0.0.1", 0)
    async with server:
        amiss = await what_is_amiss(f"https://127.0.0.1:{server.sockets[0].getsockname()[1]}", SIGNED)
    assert str(amiss).startswith("what answers there does not speak https")


async def _plain(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    await reader.read(100)
    writer.write(b"HTTP/1.1 400 Bad Request\r\n\r\n")
    writer.close()


async def test_where_nothing_answers_the_web_server_is_looked_at(trusted: Trusted) -> None:
    """A port that nothing listens on, and one that takes a call and stays silent."""
    trusted()
    with socket.create_server(("127.0.0.1", 0)) as silent:
        url = f"https://127.0.0.1:{silent.getsockname()[1]}"
        amiss = await what_is_amiss(url, SIGNED, patience_s=0.1)
        assert str(amiss).startswith("nothing answers there within")
    assert str(await what_is_amiss(url, SIGNED)).startswith("nothing answers there (Connection refused)")


@pytest.mark.parametrize("name", ["signpost..example", f"{'a' * 64}.example", "300.1.1.1"])
async def test_a_name_that_no_computer_has_is_told(name: str, trusted: Trusted) -> None:
    """A slip in the address is no traceback."""
    trusted()
    assert str(await what_is_amiss(f"https://{name}", SIGNED)).startswith("there is no computer of that name")
