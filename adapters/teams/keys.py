"""The keys with which Microsoft signs what Teams sends: fetched beside everything else, and kept (RS-32)."""

import asyncio
import json
import logging
from base64 import urlsafe_b64decode
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import aiohttp
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey, RSAPublicNumbers
from yarl import URL

from adapters.teams.calls import whole
from adapters.teams.service_urls import is_loopback

METADATA_URL = "https://login.botframework.com/v1/.well-known/openidconfiguration"
_KEPT = timedelta(days=1)
_UNKNOWN_AGAIN = timedelta(minutes=1)
_FAILED_AGAIN = timedelta(seconds=10)
_PATIENCE_S = 5.0
_LONGEST = 1_000_000
_FEWEST_BITS = 2048
_log = logging.getLogger("signpost.teams")


@dataclass(frozen=True, slots=True)
class Key:
    """A published key, and the channels that it may speak for."""

    key: RSAPublicKey
    endorsements: frozenset[str]


class Keys:
    """The published keys, by their ids. `metadata_url` is the OpenID document that says where they are.

    They are kept for a day, and longer while they cannot be fetched. An id that is not among them has them fetched
    once more, but not more than once a minute, whoever shows it. Those who ask at once share one fetch.
    """

    def __init__(self, session: aiohttp.ClientSession, metadata_url: str, now: Callable[[], datetime]) -> None:
        self._session = session
        self._url = URL(metadata_url)
        if not (self._url.scheme == "https" or _is_here(self._url)):
            raise ValueError("keys are fetched over https")
        self._now = now
        self._keys: dict[str, Key] = {}
        self._times = 0
        self._fetched_at: datetime | None = None
        self._failed_at: datetime | None = None
        self._unknown_at: datetime | None = None
        self._fetching: asyncio.Task[None] | None = None

    async def get(self, key_id: object) -> Key | None:
        """Return a key; None where it is not published, or cannot be fetched."""
        if not isinstance(key_id, str):
            return None
        times = self._times
        if not self._within(self._fetched_at, _KEPT) and not self._within(self._failed_at, _FAILED_AGAIN):
            await self.prefetch()
        if key_id not in self._keys and self._times == times:
            await self._ask_for_unknown()
        return self._keys.get(key_id)

    async def prefetch(self) -> None:
        """Fetch the keys, within five seconds; a failure is logged, and what was known stays."""
        if self._fetching is None:
            self._fetching = asyncio.create_task(self._fetch())
            self._fetching.add_done_callback(self._over)
        await asyncio.shield(self._fetching)

    async def close(self) -> None:
        """Give up a fetch that is under way."""
        if self._fetching is not None:
            self._fetching.cancel()
            await asyncio.wait([self._fetching])

    async def _ask_for_unknown(self) -> None:
        if self._fetching is None:
            if self._within(self._unknown_at, _UNKNOWN_AGAIN):
                return
            self._unknown_at = self._now()
        await self.prefetch()

    def _within(self, since: datetime | None, span: timedelta) -> bool:
        """Tell whether something was less than that ago; a clock that was set back makes it long ago."""
        return since is not None and timedelta() <= self._now() - since < span

    async def _fetch(self) -> None:
        self._times += 1
        try:
            async with asyncio.timeout(_PATIENCE_S):
                metadata = await self._read(self._url)
                published = await self._read(self._place(metadata))
            self._keys = _usable(published)
        except (TimeoutError, aiohttp.ClientError, OSError, ValueError) as error:
            self._failed_at = self._now()
            _log.warning("the keys of Teams cannot be fetched (%s); those known so far stay", type(error).__name__)
        else:
            self._fetched_at = self._now()

    async def _read(self, url: URL) -> dict[str, Any]:
        async with self._session.get(url, allow_redirects=False) as response:
            if response.status != 200:
                raise ValueError("no document")
            given = json.loads(await whole(response, _LONGEST))
        if not isinstance(given, dict):
            raise ValueError("no document")
        return given

    def _place(self, metadata: dict[str, Any]) -> URL:
        """Return where the keys are: on the host that says so, which is Microsoft's."""
        place = URL(str(metadata.get("jwks_uri")))
        if place.origin() == self._url.origin() or (_is_here(place) and _is_here(self._url)):
            return place
        raise ValueError("the keys are said to be elsewhere")

    def _over(self, task: asyncio.Task[None]) -> None:
        self._fetching = None
        if not task.cancelled():
            task.exception()  # read, so that nobody warns of it; those who wait for it get it too


def _is_here(url: URL) -> bool:
    return is_loopback(url.raw_host or "")


def _usable(published: dict[str, Any]) -> dict[str, Key]:
    """Return the keys that a signature can be checked with; there must be one."""
    listed = published.get("keys")
    keys = {entry["kid"]: key for entry in listed if (key := _key(entry))} if isinstance(listed, list) else {}
    if not keys:
        raise ValueError("no key is published")
    return keys


def _key(entry: object) -> Key | None:
    if not isinstance(entry, dict) or entry.get("kty") != "RSA" or entry.get("use", "sig") != "sig":
        return None
    endorsed = entry.get("endorsements", [])
    if not isinstance(entry.get("kid"), str) or not isinstance(endorsed, list):
        return None
    try:
        key = RSAPublicNumbers(_number(entry["e"]), _number(entry["n"])).public_key()
    except (KeyError, TypeError, ValueError):
        return None
    return Key(key, frozenset(map(str, endorsed))) if key.key_size >= _FEWEST_BITS else None


def _number(text: str) -> int:
    """Read a number as a JSON Web Key writes it (RFC 7518, Base64urlUInt)."""
    return int.from_bytes(urlsafe_b64decode(text + "=" * (-len(text) % 4)), "big")
