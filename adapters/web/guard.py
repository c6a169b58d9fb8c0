"""What every request to the try-out goes through: only this computer may ask, and a failure never shows a question."""

import logging
import secrets
import traceback
from urllib.parse import urlsplit

from aiohttp import hdrs, web
from aiohttp.typedefs import Handler

from bot import wording
from bot.errors import BotError
from bot.escalation import wording as told
from bot.escalation.errors import StoreError

_LOG = logging.getLogger(__name__)
_LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})
_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
    "base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)
_HEADERS = {
    "Content-Security-Policy": _POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}
_SENTENCES = {
    404: ("not_found", wording.TRYOUT_NOT_FOUND),
    413: ("too_large", wording.TRYOUT_TOO_LARGE),
    415: ("not_json", wording.TRYOUT_NOT_JSON),
}


def refusal(request: web.Request, status: int, code: str, message: str) -> web.Response:
    """Word an error: JSON for the API, a line of plain text for a person who opened a page."""
    if request.path.startswith("/api/"):
        return web.json_response({"error": {"code": code, "message": message}}, status=status)
    return web.Response(text=f"{message}\n", status=status)


@web.middleware
async def kind_errors(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Turn whatever goes wrong into one kind sentence; the log gets a number and a place in the code, never words."""
    try:
        return await handler(request)
    except web.HTTPException as refused:
        code, message = _SENTENCES.get(refused.status, ("refused", refused.reason))
        response = refusal(request, refused.status, code, message)
        if hdrs.ALLOW in refused.headers:
            response.headers[hdrs.ALLOW] = refused.headers[hdrs.ALLOW]
        return response
    except BotError as refused:
        return refusal(request, 400, refused.code, str(refused))
    except StoreError:
        return refusal(request, 503, "store_down", _honest(request))
    except Exception as error:  # noqa: BLE001 - the last resort: whoever asked must read whom to ask instead
        error_id = secrets.token_hex(4)
        _LOG.error("error %s: %s in %s", error_id, type(error).__name__, _place(error))
        return refusal(request, 500, "internal", wording.tryout_broke(error_id))


@web.middleware
async def loopback_only(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Refuse a request under a foreign name (DNS rebinding) or from a page of another origin."""
    hosts = request.headers.getall(hdrs.HOST, [])
    if len(hosts) != 1 or not _is_loopback(hosts[0]):
        return refusal(request, 403, "loopback_only", wording.TRYOUT_LOOPBACK_ONLY)
    if any(origin != f"http://{hosts[0]}" for origin in request.headers.getall(hdrs.ORIGIN, [])):
        return refusal(request, 403, "loopback_only", wording.TRYOUT_LOOPBACK_ONLY)
    return await handler(request)


async def add_headers(request: web.Request, response: web.StreamResponse) -> None:
    """Put the security headers on a response; nothing of the API is kept by the browser."""
    response.headers.update(_HEADERS)
    response.headers[hdrs.CACHE_CONTROL] = "no-store" if request.path.startswith("/api/") else "no-cache"


def _is_loopback(host: str) -> bool:
    try:
        parts = urlsplit(f"//{host}")
        _ = parts.port
    except ValueError:
        return False
    return parts.netloc == host and parts.username is None and parts.hostname in _LOOPBACK


def _honest(request: web.Request) -> str:
    """Say what is true of a request that the store failed: what was to be written is not."""
    if request.method != hdrs.METH_POST or request.path.endswith("/open"):
        return told.NOT_READABLE
    return told.NOT_WRITTEN if request.path.startswith("/api/desk/") else told.NOT_RECORDED


def _place(error: Exception) -> str:
    frames = traceback.extract_tb(error.__traceback__)
    return f"{frames[-1].name}:{frames[-1].lineno}" if frames else "?"
