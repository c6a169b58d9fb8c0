"""The stream that keeps a page up to date, without a word of what changed."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from aiohttp import ClientResponse

from bot import wording
from tests.adapters.web.playing import CONTACT, Playing
from tests.adapters.web.visitor import WHO, Visitor, error_of

CHANGED = ["event: changed", "data: look"]


@asynccontextmanager
async def listening(visitor: Visitor, school: str = "model", who: str = WHO) -> AsyncIterator[ClientResponse]:
    """Open the stream of a page, past its greeting."""
    async with visitor.client.get("/api/events", params={"school": school, "who": who}) as response:
        assert response.status == 200
        assert await block(response) == ["retry: 2000"]
        yield response


async def block(response: ClientResponse) -> list[str]:
    """Read up to the next empty line; no line at all where the stream has ended."""
    lines = []
    async with asyncio.timeout(20):
        while line := (await response.content.readline()).decode().rstrip("\n"):
            lines.append(line)
    return lines


async def test_it_is_a_stream_that_nobody_keeps(visitor: Visitor) -> None:
    """It is a stream of events, guarded like everything else and kept by nobody."""
    async with listening(visitor) as stream:
        assert stream.content_type == "text/event-stream"
        assert stream.headers["Cache-Control"] == "no-store"
        assert "Content-Security-Policy" in stream.headers


async def test_a_card_and_a_receipt_are_announced(visitor: Visitor) -> None:
    """What reaches an inbox of the school, or the asker, makes the page look; the event holds nothing of it."""
    async with listening(visitor) as stream:
        await visitor.raise_danger()
        assert await block(stream) == CHANGED


async def test_nobody_else_hears_of_a_receipt(visitor: Visitor) -> None:
    """Pages at another school hear nothing of it, only that the server is still here."""
    async with listening(visitor, school="hill", who="somebody-else") as stream:
        await visitor.tap((await visitor.ask(CONTACT))["id"], "tell")
        visitor.playing.pauses.end_one()
        assert await block(stream) == [": still here"]


async def test_a_quiet_stream_has_a_heartbeat(visitor: Visitor, playing: Playing) -> None:
    """Every 15 seconds a comment keeps the stream open."""
    async with listening(visitor) as stream:
        for _ in range(2):
            playing.pauses.end_one()
            assert await block(stream) == [": still here"]
    assert playing.pauses.asked[0] == 15.0


async def test_the_server_can_stop_while_a_page_listens(visitor: Visitor, playing: Playing) -> None:
    """When the server stops, open streams end, so that it need not wait for them."""
    async with listening(visitor) as stream:
        playing.channel.close()
        assert await block(stream) == []
        assert stream.content.at_eof()


async def test_a_stream_says_whose_it_is(visitor: Visitor) -> None:
    """A stream without an asker, or of a school that is not here, is refused like any request."""
    nobody = await error_of(await visitor.client.get("/api/events", params={"school": "model"}), 400)
    assert nobody["message"] == wording.tryout_needs("who")
    gone = await error_of(await visitor.client.get("/api/events", params={"school": "moon", "who": WHO}), 400)
    assert gone["code"] == "unknown_school"
