"""Only this computer may ask, and a failure never shows a question."""

import logging

import pytest

from tests.adapters.web.conftest import Client
from tests.adapters.web.fakes import FakeService

PRIVATE = "a question that no log may hold"


@pytest.mark.parametrize("host", ["127.0.0.1", "127.0.0.1:8080", "localhost:9", "LOCALHOST", "[::1]:8080", "[::1]"])
async def test_this_computer_may_ask(client: Client, host: str) -> None:
    """Every name of this computer is answered, with any port."""
    assert (await client.get("/healthz", headers={"Host": host})).status == 200


@pytest.mark.parametrize(
    "host",
    ["evil.example", "127.0.0.1.evil.example", "localhost@evil.example", "user@localhost", "[::1", "x:y", "10.0.0.1"],
)
async def test_foreign_name_is_refused(client: Client, host: str) -> None:
    """A page that reaches us under another name (DNS rebinding) gets nothing, front page and files included."""
    for path in ("/", "/static/tryout.js", "/healthz", "/api/schools"):
        response = await client.get(path, headers={"Host": host})
        assert response.status == 403
        assert "this computer only" in await response.text()


@pytest.mark.parametrize("origin", ["http://evil.example", "null", "http://127.0.0.1:1", "https://127.0.0.1:8080", ""])
async def test_foreign_origin_is_refused(client: Client, service: FakeService, origin: str) -> None:
    """A page of another origin cannot ask, not even one on another port of this computer."""
    headers = {"Host": "127.0.0.1:8080", "Origin": origin}
    response = await client.post("/api/ask", json={"school": "model", "question": "hi"}, headers=headers)
    assert response.status == 403
    assert not service.asked


async def test_own_origin_may_ask(client: Client) -> None:
    """The page itself may ask."""
    headers = {"Host": "localhost:8080", "Origin": "http://localhost:8080"}
    response = await client.post("/api/ask", json={"school": "model", "question": "hi"}, headers=headers)
    assert response.status == 200


@pytest.mark.parametrize("path", ["/", "/static/style.css", "/api/schools", "/other", "/healthz"])
async def test_every_response_is_guarded(client: Client, path: str) -> None:
    """Every response, found or not, tells the browser to load and run nothing but our own files."""
    headers = (await client.get(path)).headers
    assert headers["Content-Security-Policy"].startswith("default-src 'none'; script-src 'self'; ")
    assert "frame-ancestors 'none'" in headers["Content-Security-Policy"]
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "no-referrer"


async def test_browser_keeps_no_answer(client: Client) -> None:
    """The browser keeps nothing of the API, and asks whether its copy of the page is still good."""
    assert (await client.get("/api/schools")).headers["Cache-Control"] == "no-store"
    assert (await client.get("/")).headers["Cache-Control"] == "no-cache"


async def test_refusal_is_guarded_too(client: Client) -> None:
    """A refused request gets the same headers as any other."""
    response = await client.get("/", headers={"Host": "evil.example"})
    assert "Content-Security-Policy" in response.headers


async def test_failure_tells_whom_to_ask(
    client: Client, service: FakeService, caplog: pytest.LogCaptureFixture
) -> None:
    """When everything fails, the person reads whom to ask; the log gets the same number and not a word of theirs."""
    service.error = RuntimeError(f"broke on: {PRIVATE}")
    with caplog.at_level(logging.DEBUG):
        response = await client.post("/api/ask", json={"school": "model", "question": PRIVATE})
    assert response.status == 500
    error = (await response.json())["error"]
    assert error["code"] == "internal"
    assert "Ask a colleague or your headteacher" in error["message"]
    logged = [record.getMessage() for record in caplog.records if record.name == "adapters.web.guard"]
    assert len(logged) == 1
    assert logged[0].split()[1].rstrip(":") in error["message"]
    assert "RuntimeError in answer:" in logged[0]
    assert PRIVATE not in caplog.text
