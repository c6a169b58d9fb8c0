"""The page and its small API."""

import json
from collections.abc import Mapping
from typing import Any

import pytest
from aiohttp import ClientResponse

from bot.errors import QuestionError, UnknownSchoolError
from tests.adapters.web.conftest import EXAMPLES, Client
from tests.adapters.web.fakes import FakeService


async def error_of(response: ClientResponse, status: int) -> Mapping[str, Any]:
    """Return the error of a refused request; every one has this one shape."""
    assert response.status == status
    assert response.content_type == "application/json"
    body = await response.json()
    assert set(body) == {"error"}
    assert set(body["error"]) == {"code", "message"}
    error: Mapping[str, Any] = body["error"]
    return error


async def test_front_page_is_served(client: Client) -> None:
    """The front page is the try-out."""
    response = await client.get("/")
    assert response.status == 200
    assert response.content_type == "text/html"
    assert "This is a try-out. Nobody is told anything you type here." in await response.text()


@pytest.mark.parametrize(
    ("name", "kind"), [("style.css", "text/css"), ("tryout.js", "/javascript"), ("icon.svg", "image/svg+xml")]
)
async def test_page_brings_its_own_files(client: Client, name: str, kind: str) -> None:
    """Style, script and icon come from the try-out itself."""
    response = await client.get(f"/static/{name}")
    assert response.status == 200
    assert response.content_type.endswith(kind)  # the folder of "javascript" hangs on the version of Python


async def test_page_names_no_other_place(client: Client) -> None:
    """Neither the page nor its style or script loads anything from anywhere else."""
    for path in ("/", "/static/style.css", "/static/tryout.js"):
        text = await (await client.get(path)).text()
        assert "http:" not in text
        assert "https:" not in text


async def test_schools_are_listed(client: Client) -> None:
    """The page learns which schools there are, which comes first, and what to tap."""
    body = await (await client.get("/api/schools")).json()
    assert [school["id"] for school in body["schools"]] == ["model", "hill"]
    assert body["schools"][1] == {
        "id": "hill",
        "name": "Hill School",
        "quotes": False,
        "attach": "signpost kb attach hill FILE",
        "edit": "schools/hill/policies/a.yaml",
        "status": "line 3",
    }
    assert body["default"] == "model"
    assert body["examples"] == list(EXAMPLES)


async def test_question_is_answered(client: Client, service: FakeService) -> None:
    """A question reaches the service, and its reply comes back with the reason why."""
    response = await client.post("/api/ask", json={"school": "model", "question": "can I friend a pupil?"})
    body = await response.json()
    assert body["verdict"] == "Not allowed: being friends with a pupil online"
    assert body["why"] == "It came first."
    asked = service.asked[0]
    assert (asked.school, asked.text, asked.choice) == ("model", "can I friend a pupil?", None)


async def test_tapped_option_is_passed_on(client: Client, service: FakeService) -> None:
    """A tapped option goes with the question, and every question has an id of its own."""
    body = {"school": "model", "question": "friends?", "choice": "clause:friends-pupils"}
    await client.post("/api/ask", json=body)
    await client.post("/api/ask", json=body | {"choice": None})
    assert [asked.choice for asked in service.asked] == ["clause:friends-pupils", None]
    assert service.asked[0].id != service.asked[1].id


async def test_question_that_cannot_be_read_is_refused(client: Client, service: FakeService) -> None:
    """A refused question brings the bot's own code and words."""
    service.error = QuestionError("The question is empty.")
    error = await error_of(await client.post("/api/ask", json={"school": "model", "question": ""}), 400)
    assert error == {"code": "bad_question", "message": "The question is empty."}


async def test_unknown_school_is_refused(client: Client, service: FakeService) -> None:
    """A school that is not here is refused with those that are."""
    service.error = UnknownSchoolError("moon", ["model"])
    error = await error_of(await client.post("/api/ask", json={"school": "moon", "question": "hi"}), 400)
    assert error["code"] == "unknown_school"
    assert "model" in error["message"]


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"\xff\xfe",
        b"[" * 20_000,
        b"[]",
        b'"model"',
        b"{}",
        b'{"school": "model"}',
        b'{"school": 1, "question": "hi"}',
        b'{"school": "model", "question": ["hi"]}',
        b'{"school": "model", "question": "hi", "choice": 3}',
    ],
)
async def test_other_bodies_are_refused(client: Client, service: FakeService, body: bytes) -> None:
    """Whatever is not a question is refused with the shape of one, and never reaches the service."""
    response = await client.post("/api/ask", data=body, headers={"Content-Type": "application/json"})
    error = await error_of(response, 400)
    assert error["code"] == "bad_request"
    assert '"school" and "question"' in error["message"]
    assert not service.asked


async def test_form_is_refused(client: Client, service: FakeService) -> None:
    """A form, which another site could send, is not a question."""
    error = await error_of(await client.post("/api/ask", data={"school": "model", "question": "hi"}), 415)
    assert error["code"] == "not_json"
    assert not service.asked


async def test_huge_question_is_refused(client: Client, service: FakeService) -> None:
    """A body over 64 KiB is not read."""
    body = json.dumps({"school": "model", "question": "a" * 65 * 1024})
    response = await client.post("/api/ask", data=body, headers={"Content-Type": "application/json"})
    assert (await error_of(response, 413))["code"] == "too_large"
    assert not service.asked


async def test_unknown_address_is_refused(client: Client) -> None:
    """An address that is not there says so: as JSON under the API, in plain words to a person."""
    assert (await error_of(await client.get("/api/other"), 404))["code"] == "not_found"
    page = await client.get("/other")
    assert (page.status, page.content_type) == (404, "text/plain")
    assert "front page" in await page.text()


async def test_wrong_method_names_the_right_one(client: Client) -> None:
    """Asking with GET is refused, and the answer names the method that is allowed."""
    response = await client.get("/api/ask")
    await error_of(response, 405)
    assert response.headers["Allow"] == "POST"


async def test_health_is_told(client: Client) -> None:
    """Whoever watches the server can ask whether it is up."""
    response = await client.get("/healthz")
    assert (response.status, await response.json()) == (200, {"status": "ok"})
