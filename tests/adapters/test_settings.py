"""The settings: where each comes from, and how a wrong one is told."""

from dataclasses import replace
from pathlib import Path

import pytest

from adapters.errors import SettingsError
from adapters.settings import SETTINGS, Setting, Settings, exposed_secrets, load_settings, mail_faults
from tests.packs import write_school

pytestmark = pytest.mark.usefixtures("bare_environment")


def written(text: str, name: str = "signpost.yaml") -> Path:
    """Write a settings file into the working folder."""
    path = Path(name)
    path.write_text(text, encoding="utf-8")
    return path


def test_without_settings_the_defaults_hold() -> None:
    """A fresh install serves the shipped schools from the home folder's state."""
    state = Path.home() / ".local/state/signpost"
    assert load_settings(None, {}) == Settings(knowledge=None, state=state, default_school=None, port=8080)
    assert mail_faults(load_settings(None, {})) == ()


def test_the_settings_file_of_the_working_folder_is_read() -> None:
    """signpost.yaml needs no naming."""
    written("port: 9000\ndefault_school: hillside\nstate:\n")
    settings = load_settings(None, {})
    assert (settings.port, settings.default_school) == (9000, "hillside")


def test_the_environment_beats_the_file(monkeypatch: pytest.MonkeyPatch) -> None:
    """A container overrides the file it was built with."""
    written("port: 9000")
    monkeypatch.setenv("SIGNPOST_PORT", "9001")
    assert load_settings(None, {}).port == 9001


def test_the_command_line_beats_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """What a person types now counts most."""
    monkeypatch.setenv("SIGNPOST_PORT", "9001")
    assert load_settings(None, {"port": "9002"}).port == 9002


def test_a_named_settings_file_is_read() -> None:
    """--config names a file of any name."""
    assert load_settings(written("port: 9000", "other.yaml"), {}).port == 9000


def test_a_knowledge_folder_is_taken(tmp_path: Path) -> None:
    """A folder with schools/ replaces the shipped schools."""
    write_school(tmp_path)
    assert load_settings(None, {"knowledge": str(tmp_path)}).knowledge == tmp_path


def test_a_tilde_is_the_home_folder() -> None:
    """Folders may be written as in a shell."""
    assert load_settings(None, {"state": "~/signpost"}).state == Path.home() / "signpost"


def test_an_empty_file_sets_nothing() -> None:
    """A file of notes alone is no mistake."""
    written("# port: 9000\n")
    assert load_settings(None, {}).port == 8080


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("port: 1\nprot: 2\n", 'signpost.yaml:2: "prot" is not a setting. The settings are: admins, default_school,'),
        ("port: [1]\n", 'signpost.yaml:1: "port" is not a single value'),
        ("- port\n", 'signpost.yaml:1: Expected: lines of "key: value"'),
        ("\nport\n", 'signpost.yaml:2: Expected: lines of "key: value"'),
        ("a: 1\nport: [1\n", "signpost.yaml:3: this is not YAML"),
        ("port: 1\nport: 2\n", 'signpost.yaml:2: "port" is given twice'),
        ("port: !!python/name:os.system 1\n", "signpost.yaml:1: a tag (!)"),
        ("port: http\n", 'The port is "http". Expected: a number from 0 to 65535'),
        ("port: 65536\n", 'The port is "65536"'),
        ("port: -1\n", 'The port is "-1"'),
        ("port: ²\n", 'The port is "²"'),
        ("smtp_port: 0\n", 'The smtp_port is "0". Expected: a number from 1 to 65535, such as 587.'),
        ("smtp_tls: ssl\n", 'The smtp_tls is "ssl". Expected: starttls, tls, none.'),
        ("smtp_host: mail.x.example:587\n", 'The smtp_host is "mail.x.example:587". Expected: the name of a computer'),
        ('smtp_from: "s@x.example\\nBcc: a@b"\n', "Expected: a mail address, such as office@x.example."),
        ("smtp_from: signpost\n", 'The smtp_from is "signpost". Expected: a mail address'),
        ("knowledge: nowhere\n", "nowhere is not a knowledge folder: it has no schools/ in it. Make one with"),
        ("state: ~nobody-here/state\n", "~nobody-here/state names a user whom this computer does not know"),
    ],
)
def test_a_wrong_setting_is_told(text: str, told: str) -> None:
    """A mistake stops the start with where it stands, what was found and what was expected."""
    written(text)
    with pytest.raises(SettingsError) as wrong:
        load_settings(None, {})
    assert told in str(wrong.value)


def test_a_named_file_that_is_not_there_is_told() -> None:
    """A mistyped --config is not passed over."""
    with pytest.raises(SettingsError, match="is not there"):
        load_settings(Path("nowhere.yaml"), {})


def test_the_table_names_every_setting_once() -> None:
    """The table that feeds loader and docs is whole, and explains each setting."""
    assert [setting.name.replace(".dangerously_allow_", "_") for setting in SETTINGS] == list(Settings.__slots__)
    for setting in SETTINGS:
        theirs = setting.name.upper().replace(".", "_")
        ours = f"SIGNPOST_{theirs}"
        assert setting.env in ((ours, theirs) if setting.name.startswith(("slack_", "teams_")) else (ours,))
    assert all(setting.help.endswith(".") for setting in SETTINGS)


def test_mail_is_set_in_the_file_and_its_secrets_in_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is no secret stands in signpost.yaml."""
    written("smtp_host: mail.x.example\nsmtp_port: 465\nsmtp_from: s@x.example\nsmtp_tls: tls\n")
    monkeypatch.setenv("SIGNPOST_SMTP_USER", "office")
    monkeypatch.setenv("SIGNPOST_SMTP_PASSWORD", "pass word")
    found = load_settings(None, {})
    assert (found.smtp_host, found.smtp_port, found.smtp_from) == ("mail.x.example", 465, "s@x.example")
    assert (found.smtp_tls, found.smtp_user, found.smtp_password) == ("tls", "office", "pass word")
    assert mail_faults(found) == ()


def test_mail_may_stay_unencrypted_to_this_machine_alone() -> None:
    """A mail server on the same machine needs no encryption; "none" is a word here, not nothing."""
    written("smtp_host: localhost\nsmtp_from: s@x.example\nsmtp_tls: none\n")
    found = load_settings(None, {})
    assert mail_faults(found) == ()
    for host in ("127.0.0.2", "::1", "LOCALHOST"):
        assert mail_faults(replace(found, smtp_host=host)) == ()
    for host in ("localhost.x.example", "10.0.0.1", "127.0.0.1.x.example"):
        assert mail_faults(replace(found, smtp_host=host))


def test_a_password_that_no_mail_server_takes_is_told() -> None:
    """The log-in of mail servers knows ASCII alone; the password is not repeated."""
    password = "passw\u00f6rd"  # noqa: S105
    found = replace(load_settings(None, {}), smtp_host="x.example", smtp_from="s@x.example", smtp_user="s")
    [told] = mail_faults(replace(found, smtp_password=password))
    assert "letters that mail servers do not take" in told
    assert password not in told


SECRETS = [setting for setting in SETTINGS if setting.secret]


def test_the_secrets_are_known() -> None:
    """RS-93: what opens the store, the mail server, Slack or Teams is a secret."""
    assert [setting.name for setting in SECRETS] == [
        *("database_url", "data_key", "smtp_user", "smtp_password"),
        *("slack_bot_token", "slack_app_token", "slack_signing_secret", "slack_client_secret"),
        "teams_app_password",
    ]


@pytest.mark.parametrize("secret", SECRETS, ids=lambda secret: secret.name)
def test_a_secret_in_the_settings_file_is_refused(secret: Setting) -> None:
    """RS-93: the file is read by many; the message says where the secret belongs, and does not repeat it."""
    written(f"port: 1\n{secret.name}: canary\n")
    with pytest.raises(SettingsError) as wrong:
        load_settings(None, {})
    told = str(wrong.value)
    assert told.startswith(f'signpost.yaml:2: "{secret.name}" is a secret')
    assert f"{secret.env} in the environment" in told
    assert f"{secret.env}_FILE" in told
    assert "canary" not in told


@pytest.mark.parametrize("secret", SECRETS, ids=lambda secret: secret.name)
def test_a_secret_comes_from_the_environment_or_a_file(secret: Setting, monkeypatch: pytest.MonkeyPatch) -> None:
    """RS-93: the line end that an editor puts behind it is no part of it; and no repr shows it."""
    monkeypatch.setenv(secret.env, "canary one")
    assert getattr(load_settings(None, {}), secret.name) == "canary one"
    monkeypatch.delenv(secret.env)
    written(" canary two \r\n", "secret")
    monkeypatch.setenv(secret.file_env, "secret")
    found = load_settings(None, {})
    assert getattr(found, secret.name) == " canary two "
    assert "canary" not in repr(found) + str(found)


def test_a_secret_that_is_given_twice_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    """Which of two keys is in force must not be a guess."""
    written("canary", "secret")
    monkeypatch.setenv("SIGNPOST_DATA_KEY", "canary")
    monkeypatch.setenv("SIGNPOST_DATA_KEY_FILE", "secret")
    with pytest.raises(SettingsError) as wrong:
        load_settings(None, {})
    assert str(wrong.value) == "SIGNPOST_DATA_KEY and SIGNPOST_DATA_KEY_FILE are both set. Keep one of them."


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (None, "cannot be read (No such file or directory)"),
        (b"\xff", "cannot be read (not a text in UTF-8)"),
        (b"\n", "is empty. Write the secret into it."),
    ],
)
def test_a_file_without_a_secret_is_told(content: bytes | None, told: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A mistyped path does not pass for having no secret."""
    if content is not None:
        Path("secret").write_bytes(content)
    monkeypatch.setenv("SIGNPOST_DATABASE_URL_FILE", "secret")
    with pytest.raises(SettingsError) as wrong:
        load_settings(None, {})
    assert told in str(wrong.value)
    assert str(wrong.value).startswith("SIGNPOST_DATABASE_URL_FILE names secret, which")


@pytest.mark.parametrize(("mode", "exposed"), [(0o644, True), (0o640, False), (0o600, False)])
def test_a_file_that_everybody_can_read_is_known(mode: int, exposed: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    """RS-93: `doctor` warns of it; one that is not there is another fault."""
    written("canary", "secret").chmod(mode)
    monkeypatch.setenv("SIGNPOST_DATA_KEY_FILE", "secret")
    monkeypatch.setenv("SIGNPOST_SMTP_USER_FILE", "nowhere")
    assert exposed_secrets() == (("SIGNPOST_DATA_KEY_FILE",) if exposed else ())
