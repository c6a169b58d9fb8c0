"""The settings: one table feeds the loader, the docs and the example file. Nothing else reads the environment."""

import ipaddress
import os
import re
import stat
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from adapters.errors import SettingsError
from knowledge.yaml_reader import read_yaml


@dataclass(frozen=True, slots=True)
class Setting:
    """One setting: its key in signpost.yaml, its environment variable, its default and what it does.

    A secret one is never taken from signpost.yaml: only from its variable, or from the file that `file_env` names.
    """

    name: str
    env: str
    default: str | None
    help: str
    secret: bool = False

    @property
    def file_env(self) -> str:
        """The variable that names a file with the secret in it."""
        return f"{self.env}_FILE"


SETTINGS = (
    Setting(
        "knowledge",
        "SIGNPOST_KNOWLEDGE",
        None,
        "Folder with your schools/ (and trust/). Without it: the shipped schools.",
    ),
    Setting(
        "state",
        "SIGNPOST_STATE",
        "~/.local/state/signpost",
        "Folder for what Signpost keeps: its database, data key, caches and socket.",
    ),
    Setting("default_school", "SIGNPOST_DEFAULT_SCHOOL", None, "The school that is asked where none is named."),
    Setting("port", "SIGNPOST_PORT", "8080", "Port of the web try-out on 127.0.0.1."),
    Setting(
        "database_url",
        "SIGNPOST_DATABASE_URL",
        None,
        "Database, such as postgresql://user:password@host/name. Without it: a file in the state folder.",
        secret=True,
    ),
    Setting(
        "data_key",
        "SIGNPOST_DATA_KEY",
        None,
        "Key that encrypts stored words and names. Without it: one is made in the state folder.",
        secret=True,
    ),
    Setting(
        "smtp_host",
        "SIGNPOST_SMTP_HOST",
        None,
        "Your school's mail server, the way out where no chat works. Without it: no mail.",
    ),
    Setting("smtp_port", "SIGNPOST_SMTP_PORT", "587", "Port of the mail server."),
    Setting("smtp_from", "SIGNPOST_SMTP_FROM", None, "Mail address that Signpost sends from."),
    Setting(
        "smtp_tls",
        "SIGNPOST_SMTP_TLS",
        "starttls",
        "How mail is encrypted on its way: starttls, tls, or none (only to a server on this machine).",
    ),
    Setting(
        "smtp_user", "SIGNPOST_SMTP_USER", None, "Name to log in to the mail server with, if it asks.", secret=True
    ),
    Setting("smtp_password", "SIGNPOST_SMTP_PASSWORD", None, "Password of that name.", secret=True),
)
TLS_WAYS = ("starttls", "tls", "none")
_MAIL_ADDRESS = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[A-Za-z0-9](?:[A-Za-z0-9.-]{0,250}[A-Za-z0-9])?")
_HOST = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9.-]{0,250}[A-Za-z0-9])?|[0-9A-Fa-f:]{2,45}")


@dataclass(frozen=True, slots=True)
class Settings:
    """The settings in force; its repr holds no secret. `knowledge` is None for the shipped schools.

    `database_url` is None for a file in the state folder, `smtp_host` where there is no mail.
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


def exposed_secrets() -> tuple[str, ...]:
    """Return the variables that name a file with a secret which everybody on this computer can read (RS-93)."""
    paths = {setting.file_env: os.environ.get(setting.file_env) for setting in SETTINGS if setting.secret}
    return tuple(name for name, path in paths.items() if path and _is_readable_by_all(Path(path)))


def is_mail_address(text: str) -> bool:
    """Tell whether a text is one plain mail address, as every mail server takes it."""
    return _MAIL_ADDRESS.fullmatch(text) is not None


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
