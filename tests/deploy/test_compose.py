"""The containers: sound by the schema of Compose, shut to the outside, secrets in files."""

import base64
import shutil
import stat
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml

from adapters.settings import SETTINGS, load_settings
from adapters.storage.crypto import DataKey
from tests.deploy.files import DEPLOY, text_of, told, tool
from tests.deploy.image_file import in_image

COMPOSE = DEPLOY / "compose"
CHATS = {"slack": ("slack-bot-token", "slack-app-token"), "teams": ("teams-app-password",)}


def merged(*chats: str) -> dict[str, Any]:
    """Return the compose file with those of the chats, put together as Compose does: names by name, lists in turn."""
    found: dict[str, Any] = yaml.safe_load(text_of("compose/compose.yaml"))
    service = found["services"]["signpost"]
    for chat in chats:
        added = yaml.safe_load(text_of(f"compose/{chat}.yaml"))
        assert (set(added), set(added["services"])) == ({"services", "secrets"}, {"signpost"})
        for key, value in added["services"]["signpost"].items():
            service[key] = {**service[key], **value} if isinstance(value, dict) else [*service.get(key, ()), *value]
        found["secrets"] |= added["secrets"]
    return found


@pytest.fixture(params=[("slack",), ("teams",), ("slack", "teams")], ids="+".join)
def compose(request: pytest.FixtureRequest) -> dict[str, Any]:
    """Return the compose file as it is used with each chat, and with both."""
    return merged(*request.param)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return a folder with the script that makes the secrets, and nothing else."""
    text_of("compose/secrets.sh")
    shutil.copy(DEPLOY / "compose" / "secrets.sh", tmp_path)
    return tmp_path


def made(folder: Path, *chats: str) -> tuple[int, str]:
    """Run the script; return its exit code and what it said."""
    return told(folder / "secrets.sh", *chats)


def test_the_schema_of_compose_is_kept() -> None:
    """Each file is one that Compose reads, by the Compose Specification's own schema."""
    text_of("compose/compose.yaml")
    checker = tool("check-jsonschema", "pip install check-jsonschema")
    files = [COMPOSE / f"{name}.yaml" for name in ("compose", *CHATS)]
    code, text = told(checker, "--builtin-schema", "vendor.compose-spec", *files)
    assert code == 0, text


def test_the_linter_finds_nothing_dangerous(compose: dict[str, Any], tmp_path: Path) -> None:
    """The rules of OWASP and CIS for containers: nothing high, nothing critical, whichever the chat."""
    file = tmp_path / "compose.yaml"
    file.write_text(yaml.safe_dump(compose), encoding="utf-8")
    code, text = told(tool("compose-lint", "pip install compose-lint"), file)
    assert code == 0, text


def test_signpost_waits_for_a_database_that_answers() -> None:
    """The first start does not fail because the database is still being made."""
    services = merged()["services"]
    assert services["signpost"]["depends_on"] == {"database": {"condition": "service_healthy"}}
    check = services["database"]["healthcheck"]["test"]
    assert check[:2] == ["CMD", "pg_isready"]
    assert "--username=" + services["database"]["environment"]["POSTGRES_USER"] in check


def test_nothing_is_open_to_the_outside(compose: dict[str, Any]) -> None:
    """No port is published but one to this computer for Teams, and the database is in a network of its own."""
    ports = [port for service in compose["services"].values() for port in service.get("ports", ())]
    teams = "SIGNPOST_LISTEN_HOST" in compose["services"]["signpost"]["environment"]
    assert ports == (["127.0.0.1:3978:3978"] if teams else [])
    assert compose["networks"]["inside"] == {"internal": True}
    assert compose["services"]["database"]["networks"] == ["inside"]


def test_signpost_runs_with_as_little_as_it_needs(compose: dict[str, Any]) -> None:
    """No capabilities, no new ones, nothing to write but its state; it is given time to finish."""
    service = compose["services"]["signpost"]
    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert all("no-new-privileges:true" in one["security_opt"] for one in compose["services"].values())
    assert f"state:{in_image('VOLUME')}" in service["volumes"]
    assert f"./config:{in_image('WORKDIR')}:ro" in service["volumes"]
    assert all(one["restart"] == "unless-stopped" for one in compose["services"].values())


def test_secrets_are_files(compose: dict[str, Any]) -> None:
    """Each variable names a secret that is handed over, for a setting that there is; none holds the secret itself."""
    known = {setting.file_env for setting in SETTINGS if setting.secret} | {"POSTGRES_PASSWORD_FILE"}
    for service in compose["services"].values():
        named = {name: value for name, value in service["environment"].items() if name.endswith("_FILE")}
        assert set(named) <= known
        assert {value.removeprefix("/run/secrets/") for value in named.values()} == set(service["secrets"])
    assert set(compose["services"]["signpost"]["environment"]) <= known | {"SIGNPOST_LISTEN_HOST"}
    assert {name: one["file"] for name, one in compose["secrets"].items()} == {
        name: f"./secrets/{name}" for name in compose["secrets"]
    }
    assert "secrets/" in text_of("compose/.gitignore").splitlines()


@pytest.mark.parametrize("chats", [("slack",), ("teams",), ("slack", "teams")], ids="+".join)
def test_the_script_makes_what_can_be_made_and_names_the_rest(chats: tuple[str, ...], folder: Path) -> None:
    """Once the files of each chat are written, everything that the containers want is there; nothing is made twice."""
    wanted = [name for chat in chats for name in CHATS[chat]]
    code, said = made(folder, *chats)
    assert code == 1
    assert said.endswith(f"in it: {' '.join(f'{folder}/secrets/{name}' for name in wanted)}\n")
    first = {path.name: path.read_bytes() for path in (folder / "secrets").iterdir()}
    for name in wanted:
        (folder / "secrets" / name).write_text("canary\n", encoding="utf-8")
    code, said = made(folder, *chats)
    assert code == 0
    assert "Still to be written" not in said
    assert "canary" not in said
    found = {path.name: path.read_bytes() for path in (folder / "secrets").iterdir()}
    assert set(found) == set(merged(*chats)["secrets"])
    assert first.items() <= found.items()


def test_the_script_speaks_of_slack_where_no_chat_is_named_and_knows_no_other(folder: Path) -> None:
    """Who types the line of before gets what it did; a slip makes nothing."""
    assert made(folder, "team") == (2, "There is no chat called team here. Expected: slack, teams, or both.\n")
    assert not (folder / "secrets").exists()
    assert made(folder) == made(folder, "slack")


def test_what_the_script_makes_is_what_signpost_takes(
    folder: Path, monkeypatch: pytest.MonkeyPatch, bare_environment: None
) -> None:
    """The data key is a key, the address of the database holds its password, and nobody else can read them."""
    made(folder)
    secrets = folder / "secrets"
    for variable, name in (("SIGNPOST_DATABASE_URL", "database-url"), ("SIGNPOST_DATA_KEY", "data-key")):
        monkeypatch.setenv(f"{variable}_FILE", str(secrets / name))
    found = load_settings(None, {})
    assert found.data_key
    DataKey.parse(found.data_key)
    password = (secrets / "database-password").read_text(encoding="utf-8")
    assert len(base64.urlsafe_b64decode(f"{password}=")) == 32
    assert found.database_url == f"postgresql://signpost:{password}@database/signpost"
    assert {stat.S_IMODE(path.stat().st_mode) for path in secrets.iterdir()} == {0o400}
    assert stat.S_IMODE(secrets.stat().st_mode) == 0o700


def test_two_schools_get_different_secrets(tmp_path: Path, folder: Path) -> None:
    """Nothing that is made is the same twice."""
    other = tmp_path / "other"
    other.mkdir()
    shutil.copy(folder / "secrets.sh", other)
    made(folder)
    made(other)
    for name in ("data-key", "database-password"):
        assert (folder / "secrets" / name).read_bytes() != (other / "secrets" / name).read_bytes()


def test_the_script_is_one_that_every_shell_reads() -> None:
    """It is plain sh."""
    text_of("compose/secrets.sh")
    assert subprocess.run(["sh", "-n", DEPLOY / "compose" / "secrets.sh"], check=False).returncode == 0
