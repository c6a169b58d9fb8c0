"""What the value of a setting must look like: each reader takes what was written, and returns it as it is used.

They raise SettingsError, which says what was found and what was expected.
"""

import ipaddress
import re
from pathlib import Path
from urllib.parse import urlsplit

from adapters.errors import SettingsError

TLS_WAYS = ("starttls", "tls", "none")
HOST = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9.-]{0,250}[A-Za-z0-9])?|[0-9A-Fa-f:]{2,45}")
MAIL_ADDRESS = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[A-Za-z0-9](?:[A-Za-z0-9.-]{0,250}[A-Za-z0-9])?")
_CLIENT_ID = re.compile(r"[0-9]{1,30}\.[0-9]{1,30}")
GUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_URL_PATH = re.compile(r"[A-Za-z0-9/._~-]*")
_SLACK_ADMIN = re.compile(r"slack:[UW][A-Z0-9]{1,30}")  # docs.slack.dev, reference/objects/user-object
_TEAMS = "teams:"
_NAME = r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?"
_HOST_NAME = re.compile(rf"(?:{_NAME}\.)+[a-z]{_NAME}")
_TRUTHS = {"true": True, "false": False}


def is_mail_address(text: str) -> bool:
    """Tell whether a text is one plain mail address, as every mail server takes it."""
    return MAIL_ADDRESS.fullmatch(text) is not None


def is_teams_id(text: str) -> bool:
    """Tell whether a text can be somebody in Teams: an Entra object id, or a user principal name. No guest is one."""
    if GUID.fullmatch(text.lower()):
        return True
    return is_mail_address(text) and "#ext#" not in text.lower()


def is_loopback(host: str) -> bool:
    """Tell whether a host is this computer, which nobody reaches from outside."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host.lower() == "localhost"


def web_address(name: str, value: str) -> str:
    """Return an address of the web without a slash at its end. Raises SettingsError for one that does not fit."""
    try:
        parts = urlsplit(value)
        plain = parts.port is None or parts.port > 0
    except ValueError:
        parts, plain = urlsplit(""), False
    host = parts.hostname or ""
    safe = parts.scheme == "https" or (parts.scheme == "http" and is_loopback(host))
    rest = parts.query or parts.fragment or "@" in parts.netloc
    if not (plain and safe and HOST.fullmatch(host)) or rest or not _URL_PATH.fullmatch(parts.path):
        raise SettingsError(
            f'The {name} is "{value}". Expected: an address that begins with https://, such as '
            "https://signpost.school.example."
        )
    return value.rstrip("/")


def slack_api(value: str) -> str:
    """Return the address of Slack's Web API."""
    if not value.endswith("/api/"):
        raise SettingsError(f'The slack_api_url is "{value}". Expected: an address that ends in /api/.')
    return f"{web_address('slack_api_url', value)}/"


def admins(value: str) -> tuple[str, ...]:
    """Return the first admins; those in Teams in small letters, as ids and names there count."""
    return tuple(_admin(part.strip()) for part in value.split(",") if part.strip())


def _admin(written: str) -> str:
    if _SLACK_ADMIN.fullmatch(written):
        return written
    if written.startswith(_TEAMS) and is_teams_id(written.removeprefix(_TEAMS)):
        return written.lower()
    raise SettingsError(
        f'One of the admins is "{written}". Expected: slack: and a member id, such as slack:U0ADMIN, or teams: and an '
        "object id or a user principal name, such as teams:head@hillside.example, with commas between several."
    )


def host_names(name: str, value: str) -> tuple[str, ...]:
    """Return exact names of computers on the internet: no address by numbers, and no pattern."""
    found = tuple(part.strip().lower() for part in value.split(",") if part.strip())
    for host in found:
        if not _HOST_NAME.fullmatch(host):
            raise SettingsError(
                f'One of the {name} is "{host}". Expected: the whole name of a computer without https://, such as '
                "smba.infra.gcc.teams.microsoft.com, with commas between several."
            )
    return found


def truth(name: str, value: str) -> bool:
    """Return whether something is true."""
    if value.lower() not in _TRUTHS:
        raise SettingsError(f'The {name} is "{value}". Expected: true or false.')
    return _TRUTHS[value.lower()]


def path(value: str) -> Path:
    """Return a path; a tilde is the home folder."""
    try:
        return Path(value).expanduser()
    except RuntimeError as error:
        raise SettingsError(f"The folder {value} names a user whom this computer does not know.") from error


def folder(value: str) -> Path:
    """Return a knowledge folder."""
    found = path(value)
    if not (found / "schools").is_dir():
        raise SettingsError(
            f"{found} is not a knowledge folder: it has no schools/ in it. Make one with `signpost kb new {found} ID`."
        )
    return found


def port(name: str, value: str, *, lowest: int, such_as: int) -> int:
    """Return the number of a port."""
    if not re.fullmatch("[0-9]{1,5}", value) or not lowest <= int(value) <= 65535:
        raise SettingsError(f'The {name} is "{value}". Expected: a number from {lowest} to 65535, such as {such_as}.')
    return int(value)


def fitting(name: str, value: str | None, pattern: re.Pattern[str], expected: str) -> str | None:
    """Return a value that fits a pattern, or None."""
    if value is not None and not pattern.fullmatch(value):
        raise SettingsError(f'The {name} is "{value}". Expected: {expected}.')
    return value


def client_id(value: str | None) -> str | None:
    """Return Slack's Client ID."""
    return fitting("slack_client_id", value, _CLIENT_ID, "as in 1234567890.1234567890")


def in_small_letters(value: str | None) -> str | None:
    """Return an id of Entra as Microsoft writes it in what it signs."""
    return value.strip().lower() if value else None


def tls(value: str) -> str:
    """Return a way of encrypting mail."""
    if value not in TLS_WAYS:
        raise SettingsError(f'The smtp_tls is "{value}". Expected: {", ".join(TLS_WAYS)}.')
    return value
