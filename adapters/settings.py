"""The settings in force, read from the table of settings. Nothing else reads the environment."""

import ipaddress
import os
import re
import stat
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal
from urllib.parse import urlsplit

from adapters.errors import SettingsError
from adapters.settings_table import SETTINGS, Setting
from knowledge.yaml_reader import read_yaml

__all__ = [
    "SETTINGS",
    "TLS_WAYS",
    "Setting",
    "Settings",
    "SlackMode",
    "exposed_secrets",
    "faults_of_slack",
    "is_mail_address",
    "load_settings",
    "mail_faults",
    "web_address",
]

SlackMode = Literal["socket", "http"]
TLS_WAYS = ("starttls", "tls", "none")
_MAIL_ADDRESS = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[A-Za-z0-9](?:[A-Za-z0-9.-]{0,250}[A-Za-z0-9])?")
_URL_PATH = re.compile(r"[A-Za-z0-9/._~-]*")
_ONE_WORD = re.compile(r"[A-Za-z0-9._-]+")
_CLIENT_ID = re.compile(r"[0-9]{1,30}\.[0-9]{1,30}")
_ADMIN = re.compile(r"slack:[UW][A-Z0-9]{1,30}")  # docs.slack.dev, reference/objects/user-object
_HOST = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9.-]{0,250}[A-Za-z0-9])?|[0-9A-Fa-f:]{2,45}")


@dataclass(frozen=True, slots=True)
class Settings:
    """The settings in force; its repr holds no secret. `knowledge` is None for the shipped schools.

    `database_url` is None for a file in the state folder, `smtp_host` where there is no mail. `admins` are written
    "slack:U0ADMIN".
    """

    knowledge: Path | None
    state: Path
    default_school: str | None
    port: int
    database_url: str | None = field(default=None, repr=False)
    data_key: str | None = field(default=None, repr=False)
    smtp_host: str | None = None
    smtp_port: int = 587
    smtp_from: str | None = None
    smtp_tls: str = "starttls"
    smtp_user: str | None = field(default=None, repr=False)
    smtp_password: str | None = field(default=None, repr=False)
    slack_bot_token: str | None = field(default=None, repr=False)
    slack_app_token: str | None = field(default=None, repr=False)
    slack_signing_secret: str | None = field(default=None, repr=False)
    slack_client_id: str | None = None
    slack_client_secret: str | None = field(default=None, repr=False)
    slack_api_url: str = "https://slack.com/api/"
    listen_host: str = "127.0.0.1"
    listen_port: int = 3978
    public_url: str | None = None
    admins: tuple[str, ...] = ()

    @property
    def slack_mode(self) -> SlackMode | None:
        """How Signpost and Slack meet: Socket Mode where its token is given, else HTTP; None without Slack."""
        if self.slack_app_token:
            return "socket"
        return "http" if self.slack_signing_secret else None


def load_settings(config: Path | None, overrides: Mapping[str, str | None]) -> Settings:
    """Read the settings: command line over environment over signpost.yaml over defaults; secrets as `Setting` says.

    `config` is the file named on the command line; without one, signpost.yaml in the current folder is read if it is
    there. Raises SettingsError for a file that cannot be read, an unknown key, or a value that does not fit.
    """
    written = _read_file(config)
    values: dict[str, str | None] = {}
    for setting in SETTINGS:
        given = _secret(setting) if setting.secret else os.environ.get(setting.env)
        values[setting.name] = overrides.get(setting.name) or given or written.get(setting.name) or setting.default
    knowledge = values["knowledge"]
    return Settings(
        knowledge=_folder(knowledge) if knowledge else None,
        state=_path(values["state"] or "."),
        default_school=values["default_school"],
        port=_port("port", values["port"] or "", lowest=0, such_as=8080),
        database_url=values["database_url"],
        data_key=values["data_key"],
        smtp_host=_fitting("smtp_host", values["smtp_host"], _HOST, "the name of a computer, such as mail.example.org"),
        smtp_port=_port("smtp_port", values["smtp_port"] or "", lowest=1, such_as=587),
        smtp_from=_fitting("smtp_from", values["smtp_from"], _MAIL_ADDRESS, "a mail address, such as office@x.example"),
        smtp_tls=_tls(values["smtp_tls"] or ""),
        smtp_user=values["smtp_user"],
        smtp_password=values["smtp_password"],
        slack_bot_token=values["slack_bot_token"],
        slack_app_token=values["slack_app_token"],
        slack_signing_secret=values["slack_signing_secret"],
        slack_client_id=_fitting(
            "slack_client_id", values["slack_client_id"], _CLIENT_ID, "as in 1234567890.1234567890"
        ),
        slack_client_secret=values["slack_client_secret"],
        slack_api_url=_slack_api(values["slack_api_url"] or ""),
        listen_host=_fitting("listen_host", values["listen_host"], _HOST, "an address, such as 127.0.0.1") or "",
        listen_port=_port("listen_port", values["listen_port"] or "", lowest=0, such_as=3978),
        public_url=web_address("public_url", values["public_url"]) if values["public_url"] else None,
        admins=_admins(values["admins"] or ""),
    )


def mail_faults(settings: Settings) -> tuple[str, ...]:
    """Tell why no mail can be sent although some of it is set up."""
    host, faults = settings.smtp_host, []
    if host is None:
        if settings.smtp_from or settings.smtp_user or settings.smtp_password:
            faults.append(
                "mail is set up, but smtp_host is not set, so none is sent; set smtp_host to your mail server"
            )
        return tuple(faults)
    if settings.smtp_from is None:
        faults.append("smtp_host is set, but smtp_from is not: set it to the address that mail comes from")
    if (settings.smtp_user is None) != (settings.smtp_password is None):
        faults.append("only one of SIGNPOST_SMTP_USER and SIGNPOST_SMTP_PASSWORD is set: set both, or neither")
    if not f"{settings.smtp_user or ''}{settings.smtp_password or ''}".isascii():
        faults.append("SIGNPOST_SMTP_USER or SIGNPOST_SMTP_PASSWORD holds letters that mail servers do not take")
    if settings.smtp_tls == "none" and not _is_loopback(host):
        faults.append(f"smtp_tls is none, but {host} is another computer: set it to starttls or tls")
    return tuple(faults)


def faults_of_slack(settings: Settings) -> tuple[str, ...]:
    """Tell what of Slack's settings does not fit together. No secret is ever repeated."""
    socket, http = settings.slack_app_token, settings.slack_signing_secret
    faults = [*_wrong_tokens(settings), *_wrong_installing(settings)]
    if socket and http:
        faults.append(
            "SLACK_APP_TOKEN and SLACK_SIGNING_SECRET are both set: Socket Mode is used; take away the one that you do "
            "not need"
        )
    if settings.slack_bot_token and not socket and not http:
        faults.append(
            "SLACK_BOT_TOKEN is set, but SLACK_APP_TOKEN is not, so Signpost does not listen to Slack: set it to the "
            "app-level token (or, for HTTP, set SLACK_SIGNING_SECRET)"
        )
    if socket and not settings.slack_bot_token:
        faults.append("SLACK_APP_TOKEN is set, but SLACK_BOT_TOKEN is not: set it to the Bot User OAuth Token")
    if http and not socket and not settings.slack_bot_token and not settings.slack_client_id:
        faults.append(
            "SLACK_SIGNING_SECRET is set, but nothing lets Signpost act in a workspace: set SLACK_CLIENT_ID, "
            "SLACK_CLIENT_SECRET and public_url, or SLACK_BOT_TOKEN"
        )
    return tuple(faults)


def _wrong_tokens(settings: Settings) -> Iterator[str]:
    bot, app, signing = settings.slack_bot_token, settings.slack_app_token, settings.slack_signing_secret
    given = {
        "SLACK_BOT_TOKEN": bot,
        "SLACK_APP_TOKEN": app,
        "SLACK_SIGNING_SECRET": signing,
        "SLACK_CLIENT_SECRET": settings.slack_client_secret,
    }
    for name, secret in given.items():
        if secret and not _ONE_WORD.fullmatch(secret):
            yield f"{name} holds a space, a line break or a letter that Slack does not use: copy it anew"
    if bot and bot.startswith("xoxe"):
        yield (
            "SLACK_BOT_TOKEN expires after 12 hours, because token rotation is on in Slack: install over HTTP with "
            "SLACK_CLIENT_ID, or make the app anew for Socket Mode"
        )
    elif bot and not bot.startswith("xoxb-"):
        yield (
            "SLACK_BOT_TOKEN does not begin with xoxb-: it must be the Bot User OAuth Token, from OAuth & Permissions"
        )
    if app and not app.startswith("xapp-"):
        yield "SLACK_APP_TOKEN does not begin with xapp-: it must be the app-level token, from Basic Information"
    if signing and signing.startswith(("xox", "xapp-")):
        yield "SLACK_SIGNING_SECRET is a token: it must be the Signing Secret, from Basic Information"


def _wrong_installing(settings: Settings) -> Iterator[str]:
    client, secret = settings.slack_client_id, settings.slack_client_secret
    if (client is None) != (secret is None):
        yield "only one of SLACK_CLIENT_ID and SLACK_CLIENT_SECRET is set: set both, or neither"
    elif client and settings.slack_mode != "http":
        yield "SLACK_CLIENT_ID is set, but installing from Slack needs HTTP: set SLACK_SIGNING_SECRET, or take it away"
    elif client and settings.public_url is None:
        yield "SLACK_CLIENT_ID is set, but public_url is not: set it to the https address where Slack reaches Signpost"


def exposed_secrets() -> tuple[str, ...]:
    """Return the variables that name a file with a secret which everybody on this computer can read (RS-93)."""
    paths = {setting.file_env: os.environ.get(setting.file_env) for setting in SETTINGS if setting.secret}
    return tuple(name for name, path in paths.items() if path and _is_readable_by_all(Path(path)))


def is_mail_address(text: str) -> bool:
    """Tell whether a text is one plain mail address, as every mail server takes it."""
    return _MAIL_ADDRESS.fullmatch(text) is not None


def web_address(name: str, value: str) -> str:
    """Return an address of the web without a slash at its end. Raises SettingsError for one that does not fit."""
    try:
        parts = urlsplit(value)
        plain = parts.port is None or parts.port > 0
    except ValueError:
        parts, plain = urlsplit(""), False
    host = parts.hostname or ""
    safe = parts.scheme == "https" or (parts.scheme == "http" and _is_loopback(host))
    rest = parts.query or parts.fragment or "@" in parts.netloc
    if not (plain and safe and _HOST.fullmatch(host)) or rest or not _URL_PATH.fullmatch(parts.path):
        raise SettingsError(
            f'The {name} is "{value}". Expected: an address that begins with https://, such as '
            "https://signpost.school.example."
        )
    return value.rstrip("/")


def _slack_api(value: str) -> str:
    if not value.endswith("/api/"):
        raise SettingsError(f'The slack_api_url is "{value}". Expected: an address that ends in /api/.')
    return f"{web_address('slack_api_url', value)}/"


def _admins(value: str) -> tuple[str, ...]:
    found = tuple(part.strip() for part in value.split(",") if part.strip())
    for admin in found:
        if not _ADMIN.fullmatch(admin):
            raise SettingsError(
                f'One of the admins is "{admin}". Expected: slack: and a member id, such as slack:U0ADMIN, with commas '
                "between several."
            )
    return found


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host.lower() == "localhost"


def _is_readable_by_all(path: Path) -> bool:
    try:
        return bool(path.stat().st_mode & stat.S_IROTH)
    except OSError:
        return False


def _secret(setting: Setting) -> str | None:
    """Return a secret from its variable or its file; what is told of a fault never holds it."""
    given, path = os.environ.get(setting.env), os.environ.get(setting.file_env)
    if not path:
        return given
    if given:
        raise SettingsError(f"{setting.env} and {setting.file_env} are both set. Keep one of them.")
    try:
        secret = _path(path).read_text(encoding="utf-8").strip("\r\n")
    except (OSError, UnicodeDecodeError) as error:
        why = error.strerror if isinstance(error, OSError) else "not a text in UTF-8"
        raise SettingsError(f"{setting.file_env} names {path}, which cannot be read ({why}).") from None
    if not secret:
        raise SettingsError(f"{setting.file_env} names {path}, which is empty. Write the secret into it.")
    return secret


def _read_file(config: Path | None) -> dict[str, str]:
    path = config or Path("signpost.yaml")
    if not path.is_file():
        if config:
            raise SettingsError(
                f"{config} is not there. Name the file that holds your settings, or leave --config out."
            )
        return {}
    file = read_yaml(str(path), path.read_bytes())
    if file.faults:
        raise SettingsError("\n".join(str(fault) for fault in file.faults))
    if not isinstance(file.value, dict | None):
        raise SettingsError(f'{path}:{file.line_of(())}: Expected: lines of "key: value", such as "port: 8080".')
    known = {setting.name: setting for setting in SETTINGS}
    written = file.value or {}
    for name, value in written.items():
        place = f"{path}:{file.line_of((name,))}"
        if name not in known:
            names = sorted(setting.name for setting in SETTINGS if not setting.secret)
            raise SettingsError(f'{place}: "{name}" is not a setting. The settings are: {", ".join(names)}.')
        if known[name].secret:
            raise SettingsError(
                f'{place}: "{name}" is a secret, and this file may be read by others. Take it out here, and set '
                f"{known[name].env} in the environment, or {known[name].file_env} to a file that holds it."
            )
        if not isinstance(value, str | None):
            raise SettingsError(f'{place}: "{name}" is not a single value. Expected: one value behind the colon.')
    return {name: value for name, value in written.items() if isinstance(value, str)}


def _path(value: str) -> Path:
    try:
        return Path(value).expanduser()
    except RuntimeError as error:
        raise SettingsError(f"The folder {value} names a user whom this computer does not know.") from error


def _folder(value: str) -> Path:
    path = _path(value)
    if not (path / "schools").is_dir():
        raise SettingsError(
            f"{path} is not a knowledge folder: it has no schools/ in it. Make one with `signpost kb new {path} ID`."
        )
    return path


def _port(name: str, value: str, *, lowest: int, such_as: int) -> int:
    if not re.fullmatch("[0-9]{1,5}", value) or not lowest <= int(value) <= 65535:
        raise SettingsError(f'The {name} is "{value}". Expected: a number from {lowest} to 65535, such as {such_as}.')
    return int(value)


def _fitting(name: str, value: str | None, pattern: re.Pattern[str], expected: str) -> str | None:
    if value is not None and not pattern.fullmatch(value):
        raise SettingsError(f'The {name} is "{value}". Expected: {expected}.')
    return value


def _tls(value: str) -> str:
    if value not in TLS_WAYS:
        raise SettingsError(f'The smtp_tls is "{value}". Expected: {", ".join(TLS_WAYS)}.')
    return value
