"""`signpost teams`: the app package that an admin uploads."""

import json
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest

from tests.adapters.cli.conftest import Console

APP_ID = "1b4e28ba-2fa1-41d2-883f-0016d3cca427"
ADDRESS = "https://signpost.hillside.example"


@pytest.fixture
def school(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, bare_environment: None) -> Path:
    """Return a folder with the settings of a school that uses Teams, in which the commands are typed."""
    (tmp_path / "signpost.yaml").write_text(f"teams_app_id: {APP_ID}\npublic_url: {ADDRESS}\n", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def manifest_in(file: Path) -> Any:
    """Return the manifest in a package."""
    with ZipFile(file) as package:
        return json.loads(package.read("manifest.json"))


@pytest.mark.parametrize("command", ["teams", "teams package"])
def test_it_explains_itself(shell: Console, command: str) -> None:
    """Help is one switch away."""
    assert shell(*command.split(), "--help").out.startswith("Usage: ")


def test_the_package_is_written_from_the_settings(shell: Console, school: Path) -> None:
    """Whoever has set Teams up types two words, and reads where the package is and what to do with it."""
    printed = shell("teams", "package")
    assert (printed.code, printed.err) == (0, "")
    written = manifest_in(school / "signpost-teams.zip")
    assert written["id"] == APP_ID
    assert written["developer"]["privacyUrl"] == f"{ADDRESS}/privacy"
    first, second = printed.out.splitlines()
    assert first == (
        f"signpost-teams.zip is written: Signpost {written['version']}, which Teams reaches at {ADDRESS}/api/messages."
    )
    assert second.startswith("Upload it in the Teams admin centre")


def test_what_is_typed_wins_over_the_settings(shell: Console, school: Path) -> None:
    """A trial under another address needs no other settings file, and a changed package a higher version."""
    shell(
        *("teams", "package", "--public-url", "https://other.example/", "--out", school / "other.zip"),
        *("--developer", "Hillside School", "--privacy-url", "https://hillside.example/privacy"),
        *("--app-version", "0.1.7"),
    )
    written = manifest_in(school / "other.zip")
    assert written["version"] == "0.1.7"
    assert written["developer"] == {
        "name": "Hillside School",
        "websiteUrl": "https://other.example/privacy",
        "privacyUrl": "https://hillside.example/privacy",
        "termsOfUseUrl": "https://other.example/privacy#terms",
    }
    assert not (school / "signpost-teams.zip").exists()


def test_without_an_app_id_nothing_is_written(shell: Console, school: Path) -> None:
    """The id comes from Entra; Signpost makes none up, and says where it stands."""
    (school / "signpost.yaml").write_text(f"public_url: {ADDRESS}\n", encoding="utf-8")
    printed = shell("teams", "package")
    assert printed.code == 2
    assert printed.err.startswith("signpost: TEAMS_APP_ID is not set: set it to the Application (client) ID")
    assert not (school / "signpost-teams.zip").exists()


def test_an_app_id_that_is_none_is_told(shell: Console, school: Path) -> None:
    """Teams would refuse the package for it, and not say why."""
    (school / "signpost.yaml").write_text("teams_app_id: signpost\n", encoding="utf-8")
    printed = shell("teams", "package", "--public-url", ADDRESS)
    assert printed.code == 2
    assert "TEAMS_APP_ID is no id like" in printed.err


def test_without_an_address_nothing_is_written(shell: Console, school: Path) -> None:
    """Teams calls Signpost, so it must be told where."""
    (school / "signpost.yaml").write_text(f"teams_app_id: {APP_ID}\n", encoding="utf-8")
    printed = shell("teams", "package")
    assert printed.code == 2
    assert printed.err.startswith("signpost: public_url is not set: Teams must reach Signpost at an https address.")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--public-url", "http://127.0.0.1:3978"), "which only this computer can reach. Teams needs https://."),
        (("--public-url", "http://signpost.hillside.example"), "Expected: an address that begins with https://"),
        (("--public-url", f"{ADDRESS}/api/messages"), "Leave /api/messages out of the public_url"),
        (("--privacy-url", "hillside.example/privacy"), "Expected: an address that begins with https://"),
        (("--developer", "N" * 33), "Teams takes from 1 to 32 letters."),
        (("--developer", ""), "Teams takes from 1 to 32 letters."),
        (("--app-version", "2"), "expected three numbers, such as 0.1.1."),
    ],
)
def test_what_teams_would_refuse_is_told_before(
    shell: Console, school: Path, arguments: tuple[str, ...], said: str
) -> None:
    """The Teams admin centre says only that a package has errors; Signpost says which, and how to mend it."""
    printed = shell("teams", "package", *arguments)
    assert (printed.code, printed.out) == (2, "")
    assert said in printed.err
    assert not (school / "signpost-teams.zip").exists()


def test_a_place_that_cannot_be_written_is_told(shell: Console, school: Path) -> None:
    """A folder that is not there is one plain sentence."""
    printed = shell("teams", "package", "--out", school / "nowhere" / "signpost-teams.zip")
    assert printed.code == 2
    assert printed.err.startswith("signpost: No such file or directory: ")
