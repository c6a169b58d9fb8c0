"""The settings in force, read from the table of settings. Nothing else reads the environment."""

import os
import re
import stat
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from adapters import settings_values as read
from adapters.errors import SettingsError
from adapters.settings_table import SETTINGS, Setting
from adapters.settings_values import TLS_WAYS, is_loopback, is_mail_address, is_teams_id, web_address
from knowledge.yaml_reader import Path as YamlPath
from knowledge.yaml_reader import Value, YamlFile, read_yaml

__all__ = [
    "SETTINGS",
    "TLS_WAYS",
    "Setting",
    "Settings",
    "SlackMode",
    "TeamsMode",
    "exposed_secrets",
    "faults_of_slack",
    "faults_of_teams",
    "is_loopback",
    "is_mail_address",
    "is_teams_id",
    "load_settings",
    "mail_faults",
    "warnings_of_teams",
    "web_address",
]

SlackMode = Literal["socket", "http"]
TeamsMode = Literal["authenticated", "unauthenticated"]
_ONE_WORD = re.compile(r"[A-Za-z0-9._-]+")
_NO_SPACE = re.compile(r"[!-~]+")
_NO_ID = "00000000-0000-0000-0000-000000000000"
_UNAUTHENTICATED = "teams.dangerously_allow_unauthenticated"
_TEAMS_VALUES = {
    "TEAMS_APP_ID": "the Application (client) ID, from the overview of your app registration",
    "TEAMS_TENANT_ID": "the Directory (tenant) ID, from the overview of your app registration",
    "TEAMS_APP_PASSWORD": "the Value of a client secret, from Certificates & secrets of your app registration",
}


@dataclass(frozen=True, slots=True)
class Settings:
    """The settings in force; its repr holds no secret. `knowledge` is None for the shipped schools.

    `database_url` is None for a file in the state folder, `smtp_host` where there is no mail. `admins` are written
    "slack:U0ADMIN" or "teams:head@hillside.example".
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
    teams_app_id: str | None = None
    teams_tenant_id: str | None = None
    teams_app_password: str | None = field(default=None, repr=False)
    teams_unauthenticated: bool = False
    teams_service_hosts: tuple[str, ...] = ()
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

    @property
    def teams_mode(self) -> TeamsMode | None:
        """How Signpost knows that it is Teams that calls; None without Teams.

        None too where what is set would let in whoever calls from outside (RS-30); `faults_of_teams` says why.
        """
        given = (self.teams_app_id, self.teams_tenant_id, self.teams_app_password)
        if self.teams_unauthenticated:
            shut = is_loopback(self.listen_host) and self.public_url is None
            return "unauthenticated" if shut and not any(given) else None
        return "authenticated" if all(given) else None


def load_settings(config: Path | None, overrides: Mapping[str, str | None]) -> Settings:
    """Read the settings: command line over environment over signpost.yaml over defaults; secrets as `Setting` says.

    `config` is the file named on the command line; without one, signpost.yaml in the current folder is read if it is
    there. Raises SettingsError for a file that cannot be read, an unknown key, or a value that does not fit.
    """
    values = _chosen(_read_file(config), overrides)
    knowledge = values["knowledge"]
    return Settings(
        knowledge=read.folder(knowledge) if knowledge else None,
        state=read.path(values["state"] or "."),
        default_school=values["default_school"],
        port=read.port("port", values["port"] or "", lowest=0, such_as=8080),
        database_url=values["database_url"],
        data_key=values["data_key"],
        smtp_host=read.fitting(
            "smtp_host", values["smtp_host"], read.HOST, "the name of a computer, such as mail.example.org"
        ),
        smtp_port=read.port("smtp_port", values["smtp_port"] or "", lowest=1, such_as=587),
        smtp_from=read.fitting(
            "smtp_from", values["smtp_from"], read.MAIL_ADDRESS, "a mail address, such as office@x.example"
        ),
        smtp_tls=read.tls(values["smtp_tls"] or ""),
        smtp_user=values["smtp_user"],
        smtp_password=values["smtp_password"],
        slack_bot_token=values["slack_bot_token"],
        slack_app_token=values["slack_app_token"],
        slack_signing_secret=values["slack_signing_secret"],
        slack_client_id=read.client_id(values["slack_client_id"]),
        slack_client_secret=values["slack_client_secret"],
        slack_api_url=read.slack_api(values["slack_api_url"] or ""),
        teams_app_id=read.in_small_letters(values["teams_app_id"]),
        teams_tenant_id=read.in_small_letters(values["teams_tenant_id"]),
        teams_app_password=values["teams_app_password"],
        teams_unauthenticated=read.truth(_UNAUTHENTICATED, values[_UNAUTHENTICATED] or ""),
        teams_service_hosts=read.host_names("teams_service_hosts", values["teams_service_hosts"] or ""),
        listen_host=read.fitting("listen_host", values["listen_host"], read.HOST, "an address, such as 127.0.0.1")
        or "",
        listen_port=read.port("listen_port", values["listen_port"] or "", lowest=0, such_as=3978),
        public_url=web_address("public_url", values["public_url"]) if values["public_url"] else None,
        admins=read.admins(values["admins"] or ""),
    )


def _chosen(written: Mapping[str, str], overrides: Mapping[str, str | None]) -> Mapping[str, str | None]:
    """Return the value of each setting, from wherever it is given first."""
    values: dict[str, str | None] = {}
    for setting in SETTINGS:
        given = _secret(setting) if setting.secret else os.environ.get(setting.env)
        values[setting.name] = overrides.get(setting.name) or given or written.get(setting.name) or setting.default
    return values


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
    if settings.smtp_tls == "none" and not is_loopback(host):
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


def faults_of_teams(settings: Settings) -> tuple[str, ...]:
    """Tell what of Teams' settings does not fit together: with any of it Signpost does not start (RS-30).

    No secret is ever repeated.
    """
    given = {
        "TEAMS_APP_ID": settings.teams_app_id,
        "TEAMS_TENANT_ID": settings.teams_tenant_id,
        "TEAMS_APP_PASSWORD": settings.teams_app_password,
    }
    if settings.teams_unauthenticated:
        return tuple(_wrong_trial(settings, [name for name, value in given.items() if value]))
    missing = [name for name, value in given.items() if not value]
    if len(missing) == len(given):
        return ()
    faults = [f"{name} is not set, but Teams is set up: set it to {_TEAMS_VALUES[name]}" for name in missing]
    return (*faults, *_wrong_credentials(settings))


def warnings_of_teams(settings: Settings) -> tuple[str, ...]:
    """Tell what keeps Teams from reaching Signpost, as far as the settings say it."""
    if settings.teams_mode != "authenticated":
        return ()
    if settings.public_url is None:
        return ("public_url is not set, and Teams reaches Signpost only from outside: set it to your https address",)
    if not settings.public_url.startswith("https://"):
        return ("public_url does not begin with https://, and Teams calls no other address: set it to one that does",)
    return ()


def _wrong_credentials(settings: Settings) -> Iterator[str]:
    app, tenant, password = settings.teams_app_id, settings.teams_tenant_id, settings.teams_app_password
    for name, value in (("TEAMS_APP_ID", app), ("TEAMS_TENANT_ID", tenant)):
        if value and (value == _NO_ID or not read.GUID.fullmatch(value)):
            yield f"{name} is no id like 1b4e28ba-2fa1-41d2-883f-0016d3cca427: it must be {_TEAMS_VALUES[name]}"
    if app and app == tenant:
        yield "TEAMS_APP_ID and TEAMS_TENANT_ID are the same: copy each anew from the overview of your app registration"
    if password and read.GUID.fullmatch(password.strip().lower()):
        yield "TEAMS_APP_PASSWORD is the Secret ID, not its Value: make a new client secret, and copy its Value at once"
    elif password and not _NO_SPACE.fullmatch(password):
        yield "TEAMS_APP_PASSWORD holds a space, a line break or a letter that Entra does not use: copy it anew"


def _wrong_trial(settings: Settings, given: list[str]) -> Iterator[str]:
    if given:
        yield f"{_UNAUTHENTICATED} is true, but {given[0]} is set: take one of them away"
    if not is_loopback(settings.listen_host):
        yield (
            f"{_UNAUTHENTICATED} is true, but listen_host is {settings.listen_host}, where others could pose as "
            "anybody: set it to 127.0.0.1, or take the other away"
        )
    if settings.public_url:
        yield (
            f"{_UNAUTHENTICATED} is true, but public_url is set, so that whoever comes that way could pose as anybody: "
            "take one of them away"
        )


def exposed_secrets() -> tuple[str, ...]:
    """Return the variables that name a file with a secret which everybody on this computer can read (RS-93)."""
    paths = {setting.file_env: os.environ.get(setting.file_env) for setting in SETTINGS if setting.secret}
    return tuple(name for name, path in paths.items() if path and _is_readable_by_all(Path(path)))


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
        secret = read.path(path).read_text(encoding="utf-8").strip("\r\n")
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
    return {name: value for name, value in _settled(path, file) if value is not None}


def _settled(path: Path, file: YamlFile) -> Iterator[tuple[str, str | None]]:
    """Return each setting of a file with its value. Raises SettingsError for one that does not belong there."""
    known, seen = {setting.name: setting for setting in SETTINGS}, set[str]()
    for name, at, value in _keys(file.value if isinstance(file.value, dict) else {}):
        place = f"{path}:{file.line_of(at)}"
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
        if name in seen:
            raise SettingsError(f'{place}: "{name}" is given twice. Keep one of them.')
        seen.add(name)
        yield name, value


def _keys(written: Mapping[str, Value]) -> Iterator[tuple[str, YamlPath, Value]]:
    """Return each key with where it stands and its value; `a.b: 1` may be written as `a: {b: 1}`."""
    sections = {setting.name.partition(".")[0] for setting in SETTINGS if "." in setting.name}
    for name, value in written.items():
        if name in sections and isinstance(value, dict | None):
            yield from ((f"{name}.{inner}", (name, inner), one) for inner, one in (value or {}).items())
        else:
            yield name, (name,), value
