"""How Teams reaches the app: signed activities, posted to one address."""

import json
import time
from dataclasses import dataclass, field
from typing import Any

import aiohttp

Json = dict[str, Any]
NOT_SENT = "lost on the way"
NOT_TOLD = "the app is not told of it"
NO_ANSWER = "no answer"
NOWHERE = "the app has no address"


@dataclass(frozen=True, slots=True)
class Answer:
    """What the app answered to an activity. `body` is the JSON or text of it; `lost` says why there is none."""

    activity: Json
    status: int | None
    body: Any
    seconds: float = 0.0
    lost: str = ""
    headers: dict[str, str] = field(default_factory=dict)

    @property
    def acked(self) -> bool:
        """Tell whether Teams would be content."""
        return self.status is not None and 200 <= self.status < 300


@dataclass(slots=True)
class Endpoint:
    """The app's address, as it is registered with the Bot Service."""

    url: str = ""
    _session: aiohttp.ClientSession | None = None

    async def post(self, activity: Json, authorization: str | None) -> Answer:
        """Post an activity, and return the app's answer."""
        headers = {"Content-Type": "application/json; charset=utf-8", "User-Agent": "Microsoft-SkypeBotApi"}
        if authorization is not None:
            headers["Authorization"] = authorization
        return await self.post_bytes(json.dumps(activity).encode(), headers, activity)

    async def post_bytes(self, body: bytes, headers: dict[str, str], activity: Json | None = None) -> Answer:
        """Post bytes as they are."""
        what = activity or {}
        if not self.url:
            return Answer(what, None, None, lost=NOWHERE)
        if self._session is None:
            self._session = aiohttp.ClientSession()
        began = time.perf_counter()
        try:
            async with self._session.post(self.url, data=body, headers=headers) as response:
                text = await response.text()
                read = json.loads(text) if response.content_type == "application/json" and text else text or None
                seconds = time.perf_counter() - began
                return Answer(what, response.status, read, seconds, headers=dict(response.headers))
        except aiohttp.ClientError:
            return Answer(what, None, None, time.perf_counter() - began, NO_ANSWER)

    async def close(self) -> None:
        """Let go of the connections."""
        if self._session is not None:
            await self._session.close()
            self._session = None
