"""The page that Teams links to from the app: privacy and terms, for everybody, the same for every school."""

import re
from collections.abc import AsyncIterator
from datetime import timedelta
from html.parser import HTMLParser

import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer

from adapters.storage.purge import EVENT_KEYS_KEPT, RECORDS_KEPT, WORDS_KEPT
from adapters.storage.spans import TURN_KEPT
from adapters.teams.manifest import publisher_at
from adapters.teams.pages import KEPT, add_pages, privacy_page

Client = TestClient[web.Request, web.Application]


class Outline(HTMLParser):
    """What a browser makes of a page: which anchors and tags it has, and whether every tag is closed."""

    def __init__(self) -> None:
        super().__init__()
        self.anchors: set[str] = set()
        self.tags: list[str] = []
        self.open: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note a tag."""
        self.tags.append(tag)
        self.anchors |= {value for name, value in attrs if name == "id" and value}
        if tag != "meta":
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        """Close the tag that was opened last."""
        assert self.open.pop() == tag


def outline() -> Outline:
    """Return what a browser makes of the page."""
    found = Outline()
    found.feed(privacy_page())
    return found


@pytest.fixture
async def client() -> AsyncIterator[Client]:
    """Return a browser before a listener that serves the page."""
    app = web.Application()
    add_pages(app.router)
    async with TestClient(TestServer(app)) as browser:
        yield browser


@pytest.mark.parametrize("path", ["/privacy", "/privacy?from=teams"])
async def test_everybody_may_read_it(client: Client, path: str) -> None:
    """Whoever taps the link in Teams has not logged in to Signpost, and cannot."""
    response = await client.get(path)
    assert (response.status, response.content_type, response.charset) == (200, "text/html", "utf-8")
    assert await response.text() == privacy_page()


async def test_it_runs_nothing_and_cannot_be_framed(client: Client) -> None:
    """It is text: a browser is told to run no script, load nothing, and show it in no other page."""
    response = await client.get("/privacy")
    policy = response.headers["Content-Security-Policy"]
    assert policy.startswith("default-src 'none'; style-src 'sha256-")
    assert "frame-ancestors 'none'" in policy
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert not {"script", "img", "link", "form", "iframe", "a"} & set(outline().tags)


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE"])
async def test_it_can_only_be_read(client: Client, method: str) -> None:
    """Nothing that is sent to it is taken."""
    assert (await client.request(method, "/privacy")).status == 405


def test_every_link_of_the_app_leads_to_it() -> None:
    """The manifest names anchors of the page that are there."""
    publisher = publisher_at("https://signpost.hillside.example")
    for address in (publisher.website, publisher.privacy, publisher.terms):
        path, _, anchor = address.removeprefix("https://signpost.hillside.example").partition("#")
        assert path == "/privacy"
        assert not anchor or anchor in outline().anchors


def test_every_tag_is_closed_and_the_page_says_its_language() -> None:
    """A screen reader reads it in English, heading by heading."""
    found = outline()
    assert found.open == []
    assert found.tags.count("h1") == 1
    assert '<html lang="en-GB">' in privacy_page()


def test_what_it_says_of_keeping_is_what_is_kept() -> None:
    """RS-90: a notice that names another time than the purge does would be untrue."""
    times = {row[0]: row[2] for row in KEPT}
    said = {what: re.match(r"(\d+) (hour|day|year)", time) for what, time in times.items()}
    spans = {"hour": timedelta(hours=1), "day": timedelta(days=1), "year": timedelta(days=365)}
    kept = [int(found[1]) * spans[found[2]] for found in said.values() if found]
    assert kept == [TURN_KEPT, WORDS_KEPT, WORDS_KEPT, RECORDS_KEPT, EVENT_KEYS_KEPT]


def test_it_promises_nothing_that_signpost_cannot_keep() -> None:
    """RS-84: no confidentiality; and who runs Microsoft 365 for the school is said to be able to read along."""
    page = privacy_page()
    assert not re.search(r"confidential|anonym|secret", page, re.IGNORECASE)
    assert "can read what passes through Teams" in page
    assert "phone 999" in page
    assert "not a safeguarding record" in page
