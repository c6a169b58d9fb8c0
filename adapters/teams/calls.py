"""What the Bot Connector answers, with what can go wrong put into the words of escalating (RS-36)."""

import json
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from typing import Any

import aiohttp

from adapters.teams.connection import Json
from bot.escalation.errors import ChannelDownError, ThrottledError, UndeliverableError

_LONGEST_BODY = 4_000_000
# Teams' limits for one conversation are counted over 1, 2 and 30 s (learn.microsoft.com, bots/how-to/rate-limit).
_UNSAID_RETRY_S = 10.0
_LONGEST_RETRY_S = 600.0
_SECONDS = re.compile(r"[0-9]{1,9}(?:\.[0-9]{1,3})?", re.ASCII)
_CODE = re.compile(r"[A-Za-z][A-Za-z0-9_]{0,63}", re.ASCII)
# Refused for now, with nothing done: a conflict with another call, a request that came too slowly or too early.
_AGAIN = frozenset({408, 412, 425})
_NOT_KNOWN = 401
_THROTTLES = 429
_UNAVAILABLE = 503


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back from a call: its status, its headers, and its whole body."""

    status: int
    headers: Mapping[str, str]
    body: bytes


async def whole(response: aiohttp.ClientResponse, longest: int = _LONGEST_BODY) -> bytes:
    """Read a body, of bounded length; raise ValueError beyond it."""
    body = bytearray()
    async for chunk in response.content.iter_any():
        body += chunk
        if len(body) > longest:
            raise ValueError("the answer is too long")
    return bytes(body)


@contextmanager
def translated(*, posts: bool) -> Iterator[None]:
    """Turn what can go wrong on the way into ChannelDownError, by the kind of fault alone.

    Of a call that `posts`, what broke off once it was under way may stand there all the same: it is `in_doubt`.
    """
    try:
        yield
    except (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError) as error:
        raise ChannelDownError(f"Teams cannot be reached ({type(error).__name__})") from None
    except (TimeoutError, aiohttp.ClientError, OSError, ValueError) as error:
        raise ChannelDownError(f"Teams does not answer ({type(error).__name__})", in_doubt=posts) from None


def outcome(answer: Answer, *, posts: bool) -> Json:
    """Return what a call gave, of a call that `posts` as far as it can be read.

    Raises ThrottledError, ChannelDownError or UndeliverableError, named by Teams' own code or by the status.
    """
    if not 200 <= answer.status < 300:
        raise _refusal(answer, posts=posts)
    given = _json(answer.body)
    if isinstance(given, dict):
        return given
    if posts:  # it stands there, whatever was said of it
        return {}
    raise ChannelDownError("Teams gives an answer that cannot be read")


def _refusal(answer: Answer, *, posts: bool) -> ThrottledError | ChannelDownError | UndeliverableError:
    status, code = answer.status, _code(answer.body)
    wait = _retry_after(answer.headers)
    if status == _NOT_KNOWN:  # Signpost's own token is at fault, and no address: what was to be sent waits
        return ChannelDownError("Teams refuses Signpost's token: signpost doctor says why")
    if status == _THROTTLES or (wait is not None and status in _AGAIN | {_UNAVAILABLE}):
        return ThrottledError(_UNSAID_RETRY_S if wait is None else wait)
    if status in _AGAIN:
        return ChannelDownError(f"Teams asks to try again ({code or status})")
    if status >= 500:
        return ChannelDownError(f"Teams fails ({code or status})", in_doubt=posts)
    if status < 400:  # nobody at Microsoft moves an address this way, but a box on the school's network may
        return ChannelDownError(f"Teams is not reached: something redirects the call ({status})")
    return UndeliverableError(code or f"Teams refuses it ({status})")


def _code(body: bytes) -> str:
    """Return Teams' own name for a refusal; its sentence may hold what was sent."""
    given = _json(body)
    error = given.get("error", given) if isinstance(given, dict) else None
    code = error.get("code") if isinstance(error, dict) else None
    return code if isinstance(code, str) and _CODE.fullmatch(code) else ""


def _json(body: bytes) -> Any:
    try:
        return json.loads(body)
    except (ValueError, RecursionError):
        return None


def _retry_after(headers: Mapping[str, str]) -> float | None:
    """Return the seconds to wait, if they are said: as a number, or as a date (counted from the answer's own)."""
    named = {name.lower(): value.strip() for name, value in headers.items()}
    said = named.get("retry-after", "")
    if _SECONDS.fullmatch(said):
        return _within_reason(float(said))
    try:
        wait = parsedate_to_datetime(said) - parsedate_to_datetime(named.get("date", ""))
    except (ValueError, TypeError):  # TypeError where only one of them has a time zone
        return None
    return _within_reason(wait.total_seconds())


def _within_reason(seconds: float) -> float:
    return min(max(seconds, 1.0), _LONGEST_RETRY_S)
