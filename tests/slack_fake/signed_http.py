"""Delivery as Slack does it over HTTP: signed requests to one address."""

import hashlib
import hmac
import json
import time
from collections.abc import Callable
from urllib.parse import urlencode

import aiohttp

from tests.slack_fake.delivery import Answer, Sent

FORM = "application/x-www-form-urlencoded"


def signature(secret: str, timestamp: str, body: bytes) -> str:
    """Return Slack's v0 signature of a request."""
    signed = b"v0:" + timestamp.encode() + b":" + body
    return "v0=" + hmac.new(secret.encode(), signed, hashlib.sha256).hexdigest()


class SignedHttp:
    """Posts to the app, signed. `now` is the clock of the signature: the real one, by which the app checks it."""

    def __init__(self, url: str, secret: str, *, now: Callable[[], float] = time.time) -> None:
        """Point at the app."""
        self.url = url
        self._secret = secret
        self._now = now
        self._session: aiohttp.ClientSession | None = None

    async def deliver(self, sent: Sent) -> Answer:
        """Post one thing, and return the app's response."""
        content_type, body = _encoded(sent)
        retry = sent.retry
        headers = {"X-Slack-Retry-Num": str(retry.number), "X-Slack-Retry-Reason": retry.reason} if retry else {}
        began = time.perf_counter()
        try:
            return await self.post(body, content_type, sent=sent, headers=headers)
        except aiohttp.ClientError:
            return Answer(sent, None, None, time.perf_counter() - began, "no answer")

    async def post(
        self, body: bytes, content_type: str, *, sent: Sent | None = None, headers: dict[str, str] | None = None
    ) -> Answer:
        """Post bytes as they are, signed; `headers` come last, so that a test can send a wrong signature."""
        timestamp = str(int(self._now()))
        signed = {
            "Content-Type": content_type,
            "User-Agent": "Slackbot 1.0 (+https://api.slack.com/robots)",
            "X-Slack-Request-Timestamp": timestamp,
            "X-Slack-Signature": signature(self._secret, timestamp, body),
        }
        if self._session is None:
            self._session = aiohttp.ClientSession()
        began = time.perf_counter()
        async with self._session.post(self.url, data=body, headers=signed | (headers or {})) as response:
            text = await response.text()
            seconds = time.perf_counter() - began
            read = json.loads(text) if response.content_type == "application/json" and text else text or None
            what = sent or Sent("events_api", {}, "")
            return Answer(what, response.status, read, seconds, headers=dict(response.headers))

    async def close(self) -> None:
        """Let go of the connections."""
        if self._session is not None:
            await self._session.close()
            self._session = None


def _encoded(sent: Sent) -> tuple[str, bytes]:
    if sent.kind == "events_api":
        return "application/json", json.dumps(sent.payload).encode()
    if sent.kind == "slash_commands":
        return FORM, urlencode(sent.payload).encode()
    return FORM, urlencode({"payload": json.dumps(sent.payload)}).encode()
