"""A server that falls silent: every call of the store ends all the same, and says so."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

import pytest
from sqlalchemy import make_url

from adapters.storage.engine import open_database
from adapters.storage.migrate import upgrade
from adapters.storage.store import SqlStore
from bot.escalation.errors import StoreError
from bot.escalation.model import Feedback
from bot.escalation.ports import Wanted
from tests.adapters.storage.conftest import KEY
from tests.contract.postgres import fresh_postgres_url
from tests.contract.values import NOW, delivery, opening, turn

PATIENCE_S = 1.0

CALLS: dict[str, Callable[[SqlStore], Awaitable[object]]] = {
    "claim": lambda store: store.claim("event", NOW),
    "finish": lambda store: store.finish("event", NOW),
    "commit": lambda store: store.commit(opening("two", deliveries=(delivery("d2", of="two"),))),
    "escalation": lambda store: store.escalation("id-one"),
    "by_reference": lambda store: store.by_reference("REF-one"),
    "escalations": lambda store: store.escalations(Wanted()),
    "due": lambda store: store.due(NOW, 10),
    "entries": lambda store: store.entries("id-one"),
    "events": lambda store: store.events("id-one"),
    "claim_deliveries": lambda store: store.claim_deliveries("worker", NOW, NOW, ()),
    "next_delivery_at": lambda store: store.next_delivery_at(NOW),
    "put_back": lambda store: store.put_back(delivery("d")),
    "deliveries": lambda store: store.deliveries("id-one"),
    "delivered_to": lambda store: store.delivered_to("slack:A", 1),
    "person": lambda store: store.person("key"),
    "remember": lambda store: store.remember(turn()),
    "recall": lambda store: store.recall("reply", NOW),
    "note": lambda store: store.note(Feedback("model", "helped", None, None, NOW)),
}


class Line:
    """A line to a server that passes everything on, until it is cut: then nothing comes through, either way."""

    def __init__(self, url: str) -> None:
        """Take the URL of the server."""
        self._url = make_url(url)
        self.passes = asyncio.Event()
        self.passes.set()

    def url(self, port: int) -> str:
        """Return the URL of the server as it is called through the line."""
        through = self._url.difference_update_query(["host"]).set(host="127.0.0.1", port=port)
        return through.render_as_string(hide_password=False)

    async def carry(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Carry one call."""
        path = f"{self._url.query['host']}/.s.PGSQL.{self._url.port or 5432}"
        there, back = await asyncio.open_unix_connection(path)
        await asyncio.gather(self._pass_on(reader, back), self._pass_on(there, writer))

    async def _pass_on(self, source: asyncio.StreamReader, sink: asyncio.StreamWriter) -> None:
        try:
            while data := await source.read(65536):
                await self.passes.wait()
                sink.write(data)
                await sink.drain()
        finally:
            sink.close()


@asynccontextmanager
async def _listening(
    answer: Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[object]],
) -> AsyncIterator[int]:
    """Listen at a free port; at the end nobody who called is waited for."""
    calls: list[asyncio.Task[object]] = []

    async def called(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        calls.append(asyncio.ensure_future(answer(reader, writer)))
        try:
            await asyncio.wait(calls[-1:])
        finally:
            writer.close()

    server = await asyncio.start_server(called, "127.0.0.1", 0)
    try:
        yield server.sockets[0].getsockname()[1]
    finally:
        for call in calls:
            call.cancel()
        await asyncio.gather(*calls, return_exceptions=True)
        server.close()


async def _keeps_silent(*_: object) -> None:
    await asyncio.Event().wait()


@pytest.mark.parametrize("call", CALLS.values(), ids=CALLS.keys())
async def test_a_server_that_takes_a_call_and_never_answers_is_told(
    call: Callable[[SqlStore], Awaitable[object]],
) -> None:
    """Whatever is asked of the store, StoreError comes instead of nothing."""
    async with _listening(_keeps_silent) as port:
        database = open_database(f"postgresql://user:hunter2@127.0.0.1:{port}/db", patience_s=0.05)
        with pytest.raises(StoreError, match="the database does not answer") as caught:
            await call(SqlStore(database, KEY))
        await database.close()
    assert "hunter2" not in str(caught.value)


@pytest.mark.parametrize("call", ["commit", "due"])
async def test_a_line_that_goes_dead_is_told_and_the_next_one_works(call: str) -> None:
    """Where the packets are dropped on an open connection, StoreError comes; once they pass again, all works."""
    url = fresh_postgres_url()
    ready, line = open_database(url), Line(url)
    await upgrade(ready)
    await ready.close()
    async with _listening(line.carry) as port:
        store = SqlStore(open_database(line.url(port), PATIENCE_S), KEY)
        await store.commit(opening())
        line.passes.clear()
        with pytest.raises(StoreError, match="the database does not answer"):
            await CALLS[call](store)
        line.passes.set()
        await CALLS[call](store)
        await store.close()


async def test_a_store_is_closed_though_the_server_is_silent() -> None:
    """Whoever stops Signpost does not wait for the database."""
    line = Line(fresh_postgres_url())
    async with _listening(line.carry) as port:
        database = open_database(line.url(port), PATIENCE_S)
        async with database.reading() as connection:
            await connection.exec_driver_sql("SELECT 1")
        line.passes.clear()
        await database.close()
