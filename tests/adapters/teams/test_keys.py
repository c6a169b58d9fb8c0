"""The published keys: fetched once, kept, rotated, and missed by nobody while they cannot be had (RS-32)."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import pytest

from adapters.teams.keys import METADATA_URL, Keys
from tests.adapters.teams.auth_world import FIRST, SECOND, Clock, KeyServer, private_key, published


@pytest.fixture
async def publisher() -> AsyncIterator[KeyServer]:
    """Return a server that publishes keys."""
    async with KeyServer().running() as running:
        yield running


@pytest.fixture
def clock() -> Clock:
    """Return a clock that is set by hand."""
    return Clock()


@pytest.fixture
async def keys(publisher: KeyServer, clock: Clock) -> AsyncIterator[Keys]:
    """Return the keys of that server."""
    async with aiohttp.ClientSession() as session:
        made = Keys(session, publisher.metadata_url, clock.now)
        yield made
        await made.close()


async def test_a_published_key_is_fetched_once(keys: Keys, publisher: KeyServer) -> None:
    """With its endorsements, and able to check what its private half signed."""
    found = await keys.get(FIRST)
    assert found is not None
    assert found.key.public_numbers() == private_key(FIRST).public_key().public_numbers()
    assert found.endorsements == {"msteams", "webchat"}
    assert await keys.get(FIRST) is found
    assert publisher.asked == ["/openid", "/keys"]


async def test_fetched_ahead_nobody_waits_for_them(keys: Keys, publisher: KeyServer) -> None:
    """As at the start of the server (RS-32)."""
    await keys.prefetch()
    publisher.gate.clear()
    assert await keys.get(FIRST) is not None
    assert publisher.fetches == 1


async def test_those_who_ask_at_once_share_one_fetch(keys: Keys, publisher: KeyServer) -> None:
    """A morning's first hundred messages are one call of Microsoft's server."""
    found = await asyncio.gather(*(keys.get(FIRST) for _ in range(100)))
    assert all(found)
    assert publisher.fetches == 1


async def test_who_gives_up_waiting_takes_it_from_nobody_else(keys: Keys, publisher: KeyServer) -> None:
    """A cancelled request does not cancel the fetch that others wait for."""
    publisher.gate.clear()
    one, other = asyncio.create_task(keys.get(FIRST)), asyncio.create_task(keys.get(FIRST))
    await publisher.waited_for.wait()
    one.cancel()
    await asyncio.wait([one])
    publisher.gate.set()
    assert await other is not None
    assert publisher.fetches == 1


async def test_a_new_key_is_found_at_once(keys: Keys, publisher: KeyServer) -> None:
    """Microsoft rotates its keys: the first message with a new one has them fetched again (RS-32)."""
    await keys.get(FIRST)
    publisher.keys = [published(FIRST), published(SECOND)]
    assert await keys.get(SECOND) is not None
    assert await keys.get(FIRST) is not None
    assert publisher.fetches == 2


async def test_a_key_that_is_withdrawn_is_gone_with_the_next_fetch(
    keys: Keys, publisher: KeyServer, clock: Clock
) -> None:
    """At the latest after a day."""
    await keys.get(FIRST)
    publisher.keys = [published(SECOND)]
    clock.forward(hours=23)
    assert await keys.get(FIRST) is not None
    clock.forward(hours=1)
    assert await keys.get(FIRST) is None
    assert await keys.get(SECOND) is not None


async def test_unknown_ids_cause_one_fetch_a_minute(keys: Keys, publisher: KeyServer, clock: Clock) -> None:
    """Whoever makes up ids, and however many, cannot make Signpost hammer Microsoft (RS-32)."""
    await keys.get(FIRST)
    for number in range(50):
        assert await keys.get(f"made up {number}") is None
    assert publisher.fetches == 2
    clock.forward(seconds=59)
    assert await keys.get("made up") is None
    assert publisher.fetches == 2
    clock.forward(seconds=1)
    await asyncio.gather(*(keys.get(f"made up {number}") for number in range(50)))
    assert publisher.fetches == 3


async def test_an_unknown_id_on_a_cold_start_is_one_fetch(keys: Keys, publisher: KeyServer) -> None:
    """The keys that were just had need no second look."""
    assert await keys.get("made up") is None
    assert publisher.fetches == 1


@pytest.mark.parametrize("key_id", [None, 7, ["first-key"], {}])
async def test_what_is_no_id_is_never_looked_up(key_id: object, keys: Keys, publisher: KeyServer) -> None:
    """A token's header may hold anything."""
    assert await keys.get(key_id) is None
    assert publisher.asked == []


async def test_in_an_outage_the_last_keys_stay(keys: Keys, publisher: KeyServer, clock: Clock) -> None:
    """For days if need be: what Microsoft's server cannot say takes nobody's answer away (RS-32)."""
    await keys.get(FIRST)
    publisher.status = 503
    for _ in range(3):
        clock.forward(days=1)
        assert await keys.get(FIRST) is not None
    assert publisher.fetches == 4
    publisher.status, publisher.keys = 200, [published(SECOND)]
    clock.forward(seconds=10)
    assert await keys.get(SECOND) is not None
    assert await keys.get(FIRST) is None


async def test_an_outage_at_the_start_ends_by_itself(keys: Keys, publisher: KeyServer, clock: Clock) -> None:
    """It is tried again after a few seconds, and not for every message meanwhile."""
    publisher.status = 500
    for _ in range(20):
        assert await keys.get(FIRST) is None
    assert publisher.fetches == 2  # one because nothing is known, one because the id is not
    publisher.status = 200
    clock.forward(seconds=10)
    assert await keys.get(FIRST) is not None


async def test_a_server_that_hangs_holds_nobody_for_long(
    keys: Keys, publisher: KeyServer, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """After a few seconds in all the last keys are taken, and Microsoft is left alone for a while (RS-32)."""
    await keys.get(FIRST)
    monkeypatch.setattr("adapters.teams.keys._PATIENCE_S", 0.05)
    publisher.gate.clear()
    clock.forward(days=1)
    assert await keys.get(FIRST) is not None
    assert await keys.get(FIRST) is not None
    assert publisher.fetches == 2


async def test_while_keys_are_fetched_others_go_on(keys: Keys, publisher: KeyServer) -> None:
    """The fetch waits beside the loop, not in it: whole calls come and go meanwhile."""
    publisher.gate.clear()
    waiting = asyncio.create_task(keys.get(FIRST))
    await publisher.waited_for.wait()
    async with aiohttp.ClientSession() as session:
        for _ in range(20):
            async with session.get(publisher.metadata_url) as response:
                assert response.status == 200
    assert not waiting.done()
    publisher.gate.set()
    assert await waiting is not None


@pytest.mark.parametrize(
    "place",
    [
        "http://evil.example/keys",
        "https://evil.example/keys",
        "https://login.botframework.com.evil.example/keys",
        "http://169.254.169.254/latest/meta-data/",
        "/keys",
        "",
        None,
        7,
    ],
)
async def test_keys_are_never_fetched_from_elsewhere(place: object, keys: Keys, publisher: KeyServer) -> None:
    """The document that says where they are may name its own host only."""
    publisher.metadata = {"jwks_uri": place}
    assert await keys.get(FIRST) is None
    assert publisher.fetches == 0


@pytest.mark.parametrize("document", [["jwks_uri"], "jwks_uri", 7])
async def test_a_document_of_another_shape_is_none(document: Any, keys: Keys, publisher: KeyServer) -> None:
    """Something on the way may answer in Microsoft's place."""
    publisher.metadata = document
    assert await keys.get(FIRST) is None
    assert publisher.fetches == 0


async def test_microsofts_document_may_not_send_signpost_into_the_network() -> None:
    """What is published there is fetched there, over https, and not on this machine either."""
    async with KeyServer().running() as publisher, aiohttp.ClientSession() as session:
        publisher.metadata = {"jwks_uri": f"{publisher.url}/keys"}
        async with _ServedAs(session, publisher, METADATA_URL) as apart:
            assert await Keys(apart, METADATA_URL, Clock().now).get(FIRST) is None
        assert publisher.asked == ["/openid"]


class _ServedAs:
    """A session for which an address of Microsoft's is answered by a server of ours; every other one as it stands."""

    def __init__(self, session: aiohttp.ClientSession, publisher: KeyServer, url: str) -> None:
        self._session, self._publisher, self._url = session, publisher, url

    async def __aenter__(self) -> Any:
        return self

    async def __aexit__(self, *_error: object) -> None:
        pass

    def get(self, url: object, **options: Any) -> Any:
        """Ask for a document."""
        where = self._publisher.metadata_url if str(url) == self._url else str(url)
        return self._session.get(where, **options)


@pytest.mark.parametrize("url", ["http://login.botframework.com/x", "http://10.0.0.8/x", "ftp://login.example/x", "x"])
async def test_keys_are_fetched_over_https(url: str) -> None:
    """But for those of a server on this machine, for tests."""
    async with aiohttp.ClientSession() as session:
        with pytest.raises(ValueError, match="https"):
            Keys(session, url, Clock().now)


async def test_a_redirect_is_not_followed(keys: Keys, publisher: KeyServer) -> None:
    """The keys are where they are said to be, or nowhere."""
    async with KeyServer().running() as other:
        publisher.elsewhere = f"{other.url}/keys"
        assert await keys.get(FIRST) is None
        assert other.asked == []


@pytest.mark.parametrize(
    "bad",
    [
        "text",
        None,
        {},
        {"kty": "RSA", "kid": SECOND},
        {**published(SECOND), "kid": None},
        {**published(SECOND), "kty": "EC"},
        {**published(SECOND), "use": "enc"},
        {**published(SECOND), "n": "!"},
        {**published(SECOND), "n": 7},
        {**published(SECOND), "e": ""},
        {**published(SECOND), "endorsements": "msteams"},
        {**published(SECOND), "n": published(SECOND)["n"][:100]},  # too short to be safe
    ],
)
async def test_an_entry_that_is_no_key_spoils_no_other(bad: object, keys: Keys, publisher: KeyServer) -> None:
    """A published document may hold keys of other kinds."""
    publisher.keys = [bad, published(FIRST)]
    assert await keys.get(SECOND) is None
    assert await keys.get(FIRST) is not None


async def test_a_key_without_endorsements_has_none(keys: Keys, publisher: KeyServer) -> None:
    """It speaks for no channel then."""
    publisher.keys = [{name: value for name, value in published(FIRST).items() if name != "endorsements"}]
    found = await keys.get(FIRST)
    assert found is not None
    assert found.endorsements == frozenset()


@pytest.mark.parametrize("given", [[], "text", [{"kty": "EC"}]])
async def test_a_document_without_keys_replaces_nothing(
    given: Any, keys: Keys, publisher: KeyServer, clock: Clock
) -> None:
    """An empty list is a fault of the server, not the end of all keys."""
    await keys.get(FIRST)
    publisher.keys = given
    clock.forward(days=1)
    assert await keys.get(FIRST) is not None


async def test_a_fetch_under_way_ends_with_the_server() -> None:
    """Nothing is left behind that waits."""
    async with KeyServer().running() as publisher, aiohttp.ClientSession() as session:
        keys = Keys(session, publisher.metadata_url, Clock().now)
        publisher.gate.clear()
        asking = asyncio.create_task(keys.prefetch())
        await publisher.waited_for.wait()
        await keys.close()
        with pytest.raises(asyncio.CancelledError):
            await asking
