"""The settings of Teams: where each comes from, what does not fit together, and what would let anybody in (RS-30)."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from adapters.errors import SettingsError
from adapters.settings import Settings, faults_of_teams, load_settings, warnings_of_teams

pytestmark = pytest.mark.usefixtures("bare_environment")

APP, TENANT = "1b4e28ba-2fa1-41d2-883f-0016d3cca427", "6fa459ea-ee8a-4ca4-894e-db77e160355e"
PASSWORD = "Kf8~canary.Q_9-zzzzzzzzzzzzzzzzzzzzzzzzz"  # noqa: S105 - made up
BARE = Settings(None, Path(), None, 0)
REAL = replace(
    BARE,
    teams_app_id=APP,
    teams_tenant_id=TENANT,
    teams_app_password=PASSWORD,
    public_url="https://signpost.hillside.example",
)
TRIAL = replace(BARE, teams_unauthenticated=True)
FLAG = "teams.dangerously_allow_unauthenticated"


def written(text: str) -> None:
    """Write the settings file of the working folder."""
    Path("signpost.yaml").write_text(text, encoding="utf-8")


def test_the_ids_stand_in_the_file_and_the_password_in_one_of_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    """A school writes two ids into signpost.yaml, and one secret into a file; no repr shows it."""
    written(
        f"teams_app_id: {APP.upper()}\nteams_tenant_id: ' {TENANT} '\npublic_url: https://signpost.hillside.example\n"
    )
    Path("password").write_text(f"{PASSWORD}\n", encoding="utf-8")
    monkeypatch.setenv("TEAMS_APP_PASSWORD_FILE", "password")
    found = load_settings(None, {})
    assert (found.teams_app_id, found.teams_tenant_id, found.teams_app_password) == (APP, TENANT, PASSWORD)
    assert (found.teams_mode, faults_of_teams(found), warnings_of_teams(found)) == ("authenticated", (), ())
    assert "canary" not in repr(found)


def test_without_teams_nothing_is_missed() -> None:
    """A school on Slack, or only trying out, is told nothing of Teams; nobody is let in unsigned."""
    fresh = load_settings(None, {})
    assert (fresh.teams_mode, fresh.teams_unauthenticated, fresh.teams_service_hosts) == (None, False, ())
    assert (faults_of_teams(fresh), warnings_of_teams(fresh)) == ((), ())


@pytest.mark.parametrize("text", [f"{FLAG}: true\n", "teams:\n  dangerously_allow_unauthenticated: True\n"])
def test_the_way_in_for_trying_out_may_be_written_on_one_line_or_on_two(text: str) -> None:
    """The key is what stands in the design, with its dot as a name or as a step."""
    written(text)
    found = load_settings(None, {})
    assert (found.teams_mode, faults_of_teams(found), warnings_of_teams(found)) == ("unauthenticated", (), ())


def test_the_environment_shuts_the_way_in_that_the_file_opens(monkeypatch: pytest.MonkeyPatch) -> None:
    """False is an answer, not nothing."""
    written(f"{FLAG}: true\n")
    monkeypatch.setenv("SIGNPOST_TEAMS_DANGEROUSLY_ALLOW_UNAUTHENTICATED", "false")
    assert load_settings(None, {}).teams_mode is None


def test_an_empty_section_sets_nothing() -> None:
    """A section of notes alone is no mistake."""
    written("teams:\n  # dangerously_allow_unauthenticated: true\nport: 1\n")
    assert load_settings(None, {}).teams_mode is None


def test_admins_and_further_hosts_are_taken_in_small_letters() -> None:
    """Entra and the internet do not tell capitals apart; Slack does."""
    admins = f"slack:U0ADMIN, teams:{APP.upper()}, teams:Head@Hillside.Example"
    written(f"admins: {admins}\nteams_service_hosts: A.Example, b.example\n")
    found = load_settings(None, {})
    assert found.admins == ("slack:U0ADMIN", f"teams:{APP}", "teams:head@hillside.example")
    assert found.teams_service_hosts == ("a.example", "b.example")


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (f"{FLAG}: yes", f'The {FLAG} is "yes". Expected: true or false.'),
        (f"{FLAG}: [true]", f'signpost.yaml:1: "{FLAG}" is not a single value.'),
        (
            f"{FLAG}: true\nteams: {{dangerously_allow_unauthenticated: true}}",
            f'signpost.yaml:2: "{FLAG}" is given twice.',
        ),
        ("teams:\n  app_id: x", 'signpost.yaml:2: "teams.app_id" is not a setting.'),
        ("teams: true", 'signpost.yaml:1: "teams" is not a setting.'),
        ("teams_unauthenticated: true", '"teams_unauthenticated" is not a setting.'),
        (
            "admins: teams:anna",
            'One of the admins is "teams:anna". Expected: slack: and a member id, such as slack:U0ADMIN',
        ),
        ("admins: teams:29:1abc", 'One of the admins is "teams:29:1abc".'),
        ("admins: teams:a_x.example#EXT#@hillside.example", "One of the admins is"),
        ("teams_service_hosts: https://a.example", 'One of the teams_service_hosts is "https://a.example".'),
        ("teams_service_hosts: '*.trafficmanager.net'", "Expected: the whole name of a computer without https://"),
        ("teams_service_hosts: 10.0.0.1", 'One of the teams_service_hosts is "10.0.0.1".'),
        ("teams_service_hosts: localhost", 'One of the teams_service_hosts is "localhost".'),
        ("teams_service_hosts: a.example:8443", 'One of the teams_service_hosts is "a.example:8443".'),
    ],
)
def test_a_wrong_setting_is_told(text: str, told: str) -> None:
    """A mistake stops the start with what was found and what was expected."""
    written(f"{text}\n")
    with pytest.raises(SettingsError) as wrong:
        load_settings(None, {})
    assert told in str(wrong.value)


@pytest.mark.parametrize(
    ("settings", "changes", "told"),
    [
        (REAL, {"teams_app_id": None}, "TEAMS_APP_ID is not set, but Teams is set up: set it to the Application"),
        (REAL, {"teams_app_id": ""}, "TEAMS_APP_ID is not set"),
        (REAL, {"teams_tenant_id": None}, "TEAMS_TENANT_ID is not set, but Teams is set up: set it to the Directory"),
        (REAL, {"teams_app_password": None}, "TEAMS_APP_PASSWORD is not set, but Teams is set up: set it to the Value"),
        (REAL, {"teams_app_id": "signpost"}, "TEAMS_APP_ID is no id like 1b4e28ba-"),
        (REAL, {"teams_app_id": f"{{{APP}}}"}, "TEAMS_APP_ID is no id like"),
        (REAL, {"teams_tenant_id": "hillside.example"}, "TEAMS_TENANT_ID is no id like"),
        (REAL, {"teams_tenant_id": "00000000-0000-0000-0000-000000000000"}, "TEAMS_TENANT_ID is no id like"),
        (REAL, {"teams_tenant_id": APP}, "TEAMS_APP_ID and TEAMS_TENANT_ID are the same"),
        (REAL, {"teams_app_password": f" {APP.upper()}"}, "TEAMS_APP_PASSWORD is the Secret ID, not its Value"),
        (REAL, {"teams_app_password": f"{PASSWORD} "}, "TEAMS_APP_PASSWORD holds a space"),
        (REAL, {"teams_app_password": "canary\u00e4"}, "TEAMS_APP_PASSWORD holds a space"),
        (TRIAL, {"teams_app_id": APP}, f"{FLAG} is true, but TEAMS_APP_ID is set"),
        (TRIAL, {"teams_app_password": PASSWORD}, f"{FLAG} is true, but TEAMS_APP_PASSWORD is set"),
        (TRIAL, {"listen_host": "0.0.0.0"}, f"{FLAG} is true, but listen_host is 0.0.0.0"),  # noqa: S104 - refused
        (TRIAL, {"listen_host": "::"}, f"{FLAG} is true, but listen_host is ::"),
        (TRIAL, {"listen_host": "signpost.local"}, f"{FLAG} is true, but listen_host is signpost.local"),
        (TRIAL, {"public_url": "https://x.example"}, f"{FLAG} is true, but public_url is set"),
    ],
)
def test_what_does_not_fit_together_is_told_once(settings: Settings, changes: dict[str, Any], told: str) -> None:
    """RS-30: each mistake is one sentence that names the setting; no secret is repeated."""
    [fault] = faults_of_teams(replace(settings, **changes))
    assert fault.startswith(told)
    assert "canary" not in fault
    assert APP.upper() not in fault


@pytest.mark.parametrize("name", ["teams_app_id", "teams_tenant_id", "teams_app_password"])
def test_one_of_three_is_not_teams(name: str) -> None:
    """RS-30: with a part of the credentials nothing is served, whichever it is, and both others are asked for."""
    found = replace(BARE, **{name: getattr(REAL, name)})
    assert found.teams_mode is None
    assert len(faults_of_teams(found)) == 2


@pytest.mark.parametrize(
    "changes",
    [{"listen_host": "0.0.0.0"}, {"public_url": "https://x.example"}, {"teams_app_id": APP}],  # noqa: S104 - refused
)
def test_nobody_is_let_in_unsigned_from_outside(changes: dict[str, Any]) -> None:
    """RS-30: even where nobody looks at the faults, the way in for trying out stays shut."""
    assert replace(TRIAL, **changes).teams_mode is None


def test_credentials_do_not_help_whoever_lets_everybody_in() -> None:
    """RS-30: with the flag, the three credentials do not pass for authentication."""
    both = replace(REAL, teams_unauthenticated=True)
    assert both.teams_mode is None
    assert len(faults_of_teams(both)) == 2


@pytest.mark.parametrize("host", ["127.0.0.1", "127.0.0.9", "::1", "localhost"])
def test_trying_out_is_for_this_computer(host: str) -> None:
    """Every name of this computer will do."""
    assert replace(TRIAL, listen_host=host).teams_mode == "unauthenticated"


@pytest.mark.parametrize(
    ("address", "told"),
    [(None, "public_url is not set, and Teams"), ("http://127.0.0.1:3978", "public_url does not begin with https://")],
)
def test_an_address_that_teams_cannot_reach_is_warned_of(address: str | None, told: str) -> None:
    """A tunnel may do it all the same, so that Signpost starts; who set it up learns what is missing."""
    found = replace(REAL, public_url=address)
    [warning] = warnings_of_teams(found)
    assert warning.startswith(told)
    assert (found.teams_mode, faults_of_teams(found)) == ("authenticated", ())
