"""The settings of Slack and of the listener: where each comes from, and what does not fit together."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from adapters.errors import SettingsError
from adapters.settings import Settings, faults_of_slack, load_settings

pytestmark = pytest.mark.usefixtures("bare_environment")

BOT, APP, SIGNING = "xoxb-1-canary", "xapp-1-canary", "0123456789abcdef0123456789abcdef"
BARE = Settings(None, Path(), None, 0)
SOCKET = replace(BARE, slack_bot_token=BOT, slack_app_token=APP)
HTTP = replace(BARE, slack_bot_token=BOT, slack_signing_secret=SIGNING)
SEVERAL = replace(
    BARE,
    slack_signing_secret=SIGNING,
    slack_client_id="1.2",
    slack_client_secret="canary",  # noqa: S106
    public_url="https://signpost.hillside.example",
)


def written(text: str) -> None:
    """Write the settings file of the working folder."""
    Path("signpost.yaml").write_text(text, encoding="utf-8")


def test_slack_comes_from_files_and_the_listener_stays_on_this_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    """A school of one workspace gives two tokens, each in a file; nothing listens to the outside by default."""
    for name, token in (("SLACK_BOT_TOKEN", BOT), ("SLACK_APP_TOKEN", APP)):
        Path(name).write_text(f"{token}\n", encoding="utf-8")
        monkeypatch.setenv(f"{name}_FILE", name)
    found = load_settings(None, {})
    assert (found.slack_bot_token, found.slack_app_token, found.slack_mode) == (BOT, APP, "socket")
    assert (found.listen_host, found.listen_port) == ("127.0.0.1", 3978)
    assert found.slack_api_url == "https://slack.com/api/"
    assert faults_of_slack(found) == ()
    assert "canary" not in repr(found)


def test_what_is_no_secret_of_slack_may_stand_in_the_file() -> None:
    """The addresses and the first admins are plain settings."""
    written(
        "slack_client_id: 1.2\npublic_url: https://signpost.hillside.example/\nadmins: slack:U0ADMIN, slack:W0OTHER\n"
        "listen_host: 0.0.0.0\nlisten_port: 9000\nslack_api_url: https://slack-gov.com/api/\n"
    )
    found = load_settings(None, {})
    assert found.slack_client_id == "1.2"
    assert found.public_url == "https://signpost.hillside.example"
    assert found.admins == ("slack:U0ADMIN", "slack:W0OTHER")
    assert (found.listen_host, found.listen_port) == ("0.0.0.0", 9000)  # noqa: S104
    assert found.slack_api_url == "https://slack-gov.com/api/"


@pytest.mark.parametrize("address", ["http://127.0.0.1:4003/api/", "http://localhost/api/", "http://[::1]:1/api/"])
def test_slack_on_this_machine_needs_no_encryption(address: str) -> None:
    """Whoever tests against something that speaks as Slack does may run it beside Signpost."""
    written(f'slack_api_url: "{address}"\n')
    assert load_settings(None, {}).slack_api_url == address


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("slack_api_url: https://slack.com/api", "Expected: an address that ends in /api/."),
        ("slack_api_url: http://slack.com/api/", "Expected: an address that begins with https://"),
        (
            "public_url: signpost.hillside.example",
            'The public_url is "signpost.hillside.example". Expected: an address',
        ),
        ("public_url: http://signpost.hillside.example", "begins with https://"),
        ("public_url: https://", "begins with https://"),
        ("public_url: https://x.example:70000", "begins with https://"),
        ("public_url: https://x.example:0", "begins with https://"),
        ("public_url: https://[x.example", "begins with https://"),
        ("public_url: https://me@x.example", "begins with https://"),
        ('public_url: "https://x.example/?a=b"', "begins with https://"),
        ('public_url: "https://x.example/#a"', "begins with https://"),
        ('public_url: "https://x.example/a b"', "begins with https://"),
        ("listen_host: 1.2.3.4:80", 'The listen_host is "1.2.3.4:80". Expected: an address, such as 127.0.0.1.'),
        ("listen_port: http", 'The listen_port is "http". Expected: a number from 0 to 65535, such as 3978.'),
        ("slack_client_id: signpost", 'The slack_client_id is "signpost". Expected: as in 1234567890.1234567890.'),
        ("admins: anna", 'One of the admins is "anna". Expected: slack: and a member id, such as slack:U0ADMIN'),
        ('admins: "slack:U0ADMIN, @anna"', 'One of the admins is "@anna".'),
        ("admins: slack:u0admin", 'One of the admins is "slack:u0admin".'),
    ],
)
def test_a_wrong_setting_is_told(text: str, told: str) -> None:
    """A mistake stops the start with what was found and what was expected."""
    written(f"{text}\n")
    with pytest.raises(SettingsError) as wrong:
        load_settings(None, {})
    assert told in str(wrong.value)


@pytest.mark.parametrize(
    ("settings", "mode"), [(BARE, None), (SOCKET, "socket"), (HTTP, "http"), (SEVERAL, "http")], ids=str
)
def test_what_fits_together_is_left_alone(settings: Settings, mode: str | None) -> None:
    """Without Slack, in Socket Mode, over HTTP, and over HTTP for several workspaces there is nothing to mend."""
    assert settings.slack_mode == mode
    assert faults_of_slack(settings) == ()


@pytest.mark.parametrize(
    ("settings", "changes", "told"),
    [
        (SOCKET, {"slack_app_token": None}, "SLACK_BOT_TOKEN is set, but SLACK_APP_TOKEN is not"),
        (SOCKET, {"slack_bot_token": None}, "SLACK_APP_TOKEN is set, but SLACK_BOT_TOKEN is not"),
        (HTTP, {"slack_bot_token": None}, "nothing lets Signpost act in a workspace"),
        (SOCKET, {"slack_signing_secret": SIGNING}, "are both set: Socket Mode is used"),
        (SOCKET, {"slack_bot_token": "xoxp-canary"}, "SLACK_BOT_TOKEN does not begin with xoxb-"),
        (SOCKET, {"slack_bot_token": "xoxe.xoxb-canary"}, "SLACK_BOT_TOKEN expires after 12 hours"),
        (SOCKET, {"slack_app_token": "xoxb-canary"}, "SLACK_APP_TOKEN does not begin with xapp-"),
        (SOCKET, {"slack_app_token": "xapp-canary 1"}, "SLACK_APP_TOKEN holds a space"),
        (HTTP, {"slack_signing_secret": "xapp-1-canary"}, "SLACK_SIGNING_SECRET is a token"),
        (SEVERAL, {"slack_client_secret": None}, "only one of SLACK_CLIENT_ID and SLACK_CLIENT_SECRET is set"),
        (HTTP, {"slack_client_secret": "canary"}, "only one of SLACK_CLIENT_ID and SLACK_CLIENT_SECRET is set"),
        (SEVERAL, {"slack_client_secret": "c\u00e4nary"}, "SLACK_CLIENT_SECRET holds a space"),
        (SEVERAL, {"public_url": None}, "public_url is not: set it to the https address"),
        (SOCKET, {"slack_client_id": "1.2", "slack_client_secret": "canary"}, "installing from Slack needs HTTP"),
    ],
)
def test_what_does_not_fit_together_is_told_once(settings: Settings, changes: dict[str, Any], told: str) -> None:
    """Each mistake is one sentence that names the setting and what it should be; no secret is repeated."""
    [fault] = faults_of_slack(replace(settings, **changes))
    assert told in fault
    assert "canary" not in fault


def test_tokens_that_were_swapped_are_both_named() -> None:
    """The commonest slip of all: each token in the file of the other."""
    first, second = faults_of_slack(replace(BARE, slack_bot_token=APP, slack_app_token=BOT))
    assert first.startswith("SLACK_BOT_TOKEN does not begin with xoxb-")
    assert second.startswith("SLACK_APP_TOKEN does not begin with xapp-")
