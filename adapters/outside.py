"""Looks whether the address at which a chat platform reaches Signpost leads to it, over https that others accept.

It looks from here, which is not outside: what it finds are warnings. `signpost doctor` says them.
"""

import json
import os
import ssl
from http import HTTPStatus

import aiohttp

_PATIENCE_S = 8.0
_HEALTH, _HEALTHY, _MUCH = "/healthz", {"status": "ok"}, 1000
_EXPIRED, _TOO_EARLY, _OTHER_NAMES = 10, 9, frozenset({62, 64})  # openssl, x509_vfy.h
_UNKNOWN_ISSUERS = frozenset({18, 19, 20, 21})
_NO_NAME = "there is no computer of that name: look for a slip in public_url, or enter the name in your DNS"
_NOT_RUNNING = frozenset({HTTPStatus.BAD_GATEWAY, HTTPStatus.SERVICE_UNAVAILABLE, HTTPStatus.GATEWAY_TIMEOUT})


async def what_is_amiss(public_url: str, signed: str, *pages: str, patience_s: float = _PATIENCE_S) -> str | None:
    """Say why an address does not lead to Signpost, as far as it can be seen from here; None where it does.

    `signed` is the path that takes signed messages, and refuses what is not; `pages` are those that anybody may read.
    """
    trusted = ssl.create_default_context()  # made here, so that SSL_CERT_FILE counts
    timeout = aiohttp.ClientTimeout(total=patience_s)
    try:
        async with aiohttp.ClientSession(
            timeout=timeout, trust_env=True, connector=aiohttp.TCPConnector(ssl=trusted)
        ) as session:
            return await _amiss(session, public_url, signed, pages)
    except TimeoutError:
        return f"nothing answers there within {patience_s:.0f} seconds: look at your web server and your firewall"
    except aiohttp.ClientError as error:
        return _of_connection(error)
    except UnicodeError:  # the name has a part that no name of a computer has
        return _NO_NAME


async def _amiss(session: aiohttp.ClientSession, public_url: str, signed: str, pages: tuple[str, ...]) -> str | None:
    async with session.post(f"{public_url}{signed}", json={}, allow_redirects=False) as answer:
        status = answer.status
    if status != HTTPStatus.UNAUTHORIZED:
        return _of_status(status, signed, is_signpost=await _is_signpost(session, public_url))
    for page in pages:
        async with session.get(f"{public_url}{page}", allow_redirects=False) as answer:
            if answer.status != HTTPStatus.OK:
                return f"{page} is not passed on to Signpost (status {answer.status}): let your web server do so"
    return None


async def _is_signpost(session: aiohttp.ClientSession, public_url: str) -> bool:
    async with session.get(f"{public_url}{_HEALTH}", allow_redirects=False) as answer:
        try:
            return answer.status == HTTPStatus.OK and json.loads(await answer.content.read(_MUCH)) == _HEALTHY
        except ValueError:
            return False


def _of_status(status: int, signed: str, *, is_signpost: bool) -> str:
    if is_signpost:
        return f"Signpost answers there, but not at {signed} (status {status}): restart it, so that it serves Teams"
    if status in _NOT_RUNNING:
        return f"your web server answers, but not Signpost behind it (status {status}): start Signpost, and look again"
    return f"{signed} is not passed on to Signpost (status {status}): let your web server do so"


def _of_connection(error: aiohttp.ClientError) -> str:
    if isinstance(error, aiohttp.ClientConnectorCertificateError):
        return _of_certificate(error.certificate_error)
    if isinstance(error, aiohttp.ClientSSLError):
        return "what answers there does not speak https: let your web server do so, with a valid certificate"
    if isinstance(error, aiohttp.ClientConnectorDNSError | aiohttp.InvalidURL):
        return _NO_NAME
    if isinstance(error, aiohttp.ClientConnectorError):
        return f"nothing answers there ({os.strerror(error.os_error.errno or 0)}): look whether your web server runs"
    return "what answers there breaks off: look whether it is your web server, and what its log says"


def _of_certificate(error: Exception) -> str:
    code = error.verify_code if isinstance(error, ssl.SSLCertVerificationError) else None
    if code == _EXPIRED:
        return "its certificate has expired: renew it"
    if code == _TOO_EARLY:
        return "its certificate is not valid yet: look at the clock of this computer, and at the certificate"
    if code in _OTHER_NAMES:
        return "its certificate is for another name: get one for the name in public_url"
    if code in _UNKNOWN_ISSUERS:
        return (
            "its certificate is from no authority that this computer knows: get one from a public authority, and let "
            "your web server send the whole chain"
        )
    return f"its certificate is not valid ({error}): get another"
