"""The page and its small API."""

import json
import re
from pathlib import Path

import pytest

import adapters.web
from bot.errors import QuestionError, UnknownSchoolError
from tests.adapters.web.conftest import EXAMPLES, Client
from tests.adapters.web.fakes import FakeService
from tests.adapters.web.visitor import WHO, error_of

STATIC = Path(adapters.web.__file__).parent / "static"
FILES = sorted(path.name for path in STATIC.iterdir())
PROMISES = re.compile(r"confiden|anonym|in secret", re.IGNORECASE)


async def test_front_page_is_served(client: Client) -> None:
    """The front page is the try-out."""
    response = await client.get("/")
    assert response.status == 200
    assert response.content_type == "text/html"
    assert "This is a try-out: nobody real is told." in await response.text()


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
    for path in ("/", *(f"/static/{name}" for name in FILES)):
        text = (await (await client.get(path)).text()).replace("http://www.w3.org/2000/svg", "")
        assert "http:" not in text
        assert "https:" not in text


@pytest.mark.parametrize("name", FILES)
def test_page_promises_no_secrecy(name: str) -> None:
    """Nothing on the page promises that what is said stays between two people."""
    assert not PROMISES.search((STATIC / name).read_text(encoding="utf-8"))


@pytest.mark.parametrize("name", [name for name in FILES if name.endswith(".js")])
def test_scripts_show_texts_as_texts(name: str) -> None:
    """No script turns a text into a part of the page, and none holds a sentence of its own."""
    script = (STATIC / name).read_text(encoding="utf-8")
    assert not re.search(r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\b", script)
    assert not re.search(r'"[A-Z][a-z]+ [a-z]+ [a-z]+', script)


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
        "roles": [],
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


async def test_who_asks_goes_with_the_question(client: Client, service: FakeService) -> None:
    """The service learns who asks; where nobody is named, nobody can be told of anything."""
    body = {"school": "model", "question": "hi"}
    await client.post("/api/ask", json=body | {"who": WHO, "name": "Ms T."})
    await client.post("/api/ask", json=body)
    named, unnamed = service.asked
    assert named.asker
    assert (named.asker.person.id, named.asker.person.name) == (f"asker:{WHO}", "Ms T.")
    assert unnamed.asker is None


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
        b'{"school": "model", "question": "hi", "who": "me"}',
    ],
)
async def test_other_bodies_are_refused(client: Client, service: FakeService, body: bytes) -> None:
    """Whatever is not a question is refused, and never reaches the service."""
    response = await client.post("/api/ask", data=body, headers={"Content-Type": "application/json"})
    error = await error_of(response, 400)
    assert error["code"] == "bad_request"
    assert error["message"]
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
