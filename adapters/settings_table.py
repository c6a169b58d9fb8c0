"""The table of settings: it feeds the loader, the docs and the example file."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Setting:
    """One setting: its key in signpost.yaml, its environment variable, its default and what it does.

    A secret one is never taken from signpost.yaml: only from its variable, or from the file that `file_env` names.
    `example` is what the example file shows where there is no default.
    """

    name: str
    env: str
    default: str | None
    help: str
    secret: bool = False
    example: str | None = None

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
        example="my-schools",
    ),
    Setting(
        "state",
        "SIGNPOST_STATE",
        "~/.local/state/signpost",
        "Folder for what Signpost keeps: its database, data key, caches and socket.",
    ),
    Setting(
        "default_school",
        "SIGNPOST_DEFAULT_SCHOOL",
        None,
        "The school that is asked where none is named.",
        example="hillside",
    ),
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
        example="mail.hillside.example",
    ),
    Setting("smtp_port", "SIGNPOST_SMTP_PORT", "587", "Port of the mail server."),
    Setting(
        "smtp_from",
        "SIGNPOST_SMTP_FROM",
        None,
        "Mail address that Signpost sends from.",
        example="signpost@hillside.example",
    ),
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
    Setting(
        "slack_bot_token",
        "SLACK_BOT_TOKEN",
        None,
        "Slack's Bot User OAuth Token; it begins with xoxb-. Signpost acts with it in your workspace.",
        secret=True,
    ),
    Setting(
        "slack_app_token",
        "SLACK_APP_TOKEN",
        None,
        "Slack's app-level token, for Socket Mode, which needs no open port; it begins with xapp-.",
        secret=True,
    ),
    Setting(
        "slack_signing_secret",
        "SLACK_SIGNING_SECRET",
        None,
        "Slack's signing secret, for HTTP instead of Socket Mode.",
        secret=True,
    ),
    Setting(
        "slack_client_id",
        "SLACK_CLIENT_ID",
        None,
        "Slack's Client ID, to install Signpost in several workspaces over HTTP.",
        example="1234567890.1234567890",
    ),
    Setting("slack_client_secret", "SLACK_CLIENT_SECRET", None, "The Client Secret that goes with it.", secret=True),
    Setting(
        "slack_api_url",
        "SIGNPOST_SLACK_API_URL",
        "https://slack.com/api/",
        "Address of Slack's Web API; it ends in /api/. Change it for GovSlack, or for tests.",
    ),
    Setting(
        "teams_app_id",
        "TEAMS_APP_ID",
        None,
        "The Application (client) ID of your app registration in Entra, for Microsoft Teams.",
        example="1b4e28ba-2fa1-41d2-883f-0016d3cca427",
    ),
    Setting(
        "teams_tenant_id",
        "TEAMS_TENANT_ID",
        None,
        "The Directory (tenant) ID of the same page: Signpost answers this tenant and no other.",
        example="6fa459ea-ee8a-4ca4-894e-db77e160355e",
    ),
    Setting(
        "teams_app_password",
        "TEAMS_APP_PASSWORD",
        None,
        "The Value of a client secret of that app registration.",
        secret=True,
    ),
    Setting(
        "teams.dangerously_allow_unauthenticated",
        "SIGNPOST_TEAMS_DANGEROUSLY_ALLOW_UNAUTHENTICATED",
        "false",
        "Only to try it out with Microsoft's Agents Playground on this computer: whoever calls may pose as anybody.",
    ),
    Setting(
        "teams_service_hosts",
        "SIGNPOST_TEAMS_SERVICE_HOSTS",
        None,
        "Further computers of Microsoft that Signpost answers, by commas: for a government cloud. Schools need none.",
        example="smba.infra.gcc.teams.microsoft.com",
    ),
    Setting(
        "listen_host",
        "SIGNPOST_LISTEN_HOST",
        "127.0.0.1",
        "Address that Signpost listens on for chat platforms over HTTP, and for /healthz and /readyz.",
    ),
    Setting("listen_port", "SIGNPOST_LISTEN_PORT", "3978", "Port of that address."),
    Setting(
        "public_url",
        "SIGNPOST_PUBLIC_URL",
        None,
        "Where chat platforms reach that address from outside, with https. Socket Mode needs none.",
        example="https://signpost.hillside.example",
    ),
    Setting(
        "admins",
        "SIGNPOST_ADMINS",
        None,
        "The first admins, by platform and id, separated by commas. Further ones stand in each school.yaml.",
        example="slack:U0ADMIN, teams:head@hillside.example",
    ),
)
