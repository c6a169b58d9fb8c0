"""The systemd unit: sound by systemd's own word, and its commands work as they are written."""

import asyncio
import os
import re
import shutil
import signal
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from adapters.bootstrap import Signpost
from adapters.settings import SETTINGS
from tests.deploy.files import DEPLOY, PROGRAMS, text_of, told, tool
from tests.deploy.unit_file import unit

SERVICE = "signpost.service"
DROP_INS = sorted(path.name for path in (DEPLOY / "systemd" / "drop-ins").glob("*.conf"))
_PREFIX = "/opt/signpost/bin"
_ANALYZE = ("systemd-analyze", "Debian: apt install systemd")


def placed(folder: Path, *drop_ins: str) -> Path:
    """Write the unit into a folder as an admin would, with the program that is under test, and drop-ins beside it."""
    service = folder / SERVICE
    service.write_text(text_of(f"systemd/{SERVICE}").replace(_PREFIX, str(PROGRAMS)), encoding="utf-8")
    (folder / f"{SERVICE}.d").mkdir()
    for name in drop_ins:
        (folder / f"{SERVICE}.d" / name).write_bytes((DEPLOY / "systemd" / "drop-ins" / name).read_bytes())
    return service


@pytest.mark.parametrize("drop_ins", [(), *((name,) for name in DROP_INS)], ids=str)
def test_systemd_finds_no_fault(drop_ins: tuple[str, ...], tmp_path: Path) -> None:
    """The unit alone, and with the secrets of each kind, is one that systemd takes without a word."""
    service = placed(tmp_path, *drop_ins)
    assert told(tool(*_ANALYZE), "verify", service) == (0, "")


def test_a_drop_in_is_looked_at_as_well(tmp_path: Path) -> None:
    """The check before this one would find a mistake in a drop-in."""
    service = placed(tmp_path)
    (tmp_path / f"{SERVICE}.d" / "wrong.conf").write_text("[Service]\nLoadCredentials=a:/b\n", encoding="utf-8")
    assert "LoadCredentials" in told(tool(*_ANALYZE), "verify", service)[1]


def test_it_may_do_little(tmp_path: Path) -> None:
    """Systemd's own measure of exposure, from 0 (none) to 10, stays below 1.5."""
    code, text = told(tool(*_ANALYZE), "security", "--offline=true", "--threshold=15", placed(tmp_path))
    assert code == 0, text


@pytest.mark.parametrize("name", DROP_INS)
def test_each_secret_reaches_the_setting_that_reads_it(name: str) -> None:
    """What systemd hands over under a name is where the setting looks for it."""
    drop_in = unit(f"drop-ins/{name}")
    handed = dict(credential.split(":", 1) for credential in drop_in.all("LoadCredential"))
    assert drop_in.environment
    assert {path.removeprefix("%d/") for path in drop_in.environment.values()} == set(handed)
    assert all(path == f"/etc/signpost/secrets/{credential}" for credential, path in handed.items())
    assert set(drop_in.environment) <= {setting.file_env for setting in SETTINGS if setting.secret}


def test_every_secret_can_be_handed_over() -> None:
    """No secret must be written into the unit, or into the environment."""
    assert not any(variable.endswith("_FILE") for variable in unit(SERVICE).environment)
    given = [variable for name in DROP_INS for variable in unit(f"drop-ins/{name}").environment]
    assert sorted(given) == sorted(setting.file_env for setting in SETTINGS if setting.secret)


def test_the_user_and_the_folders_fit_together() -> None:
    """The unit runs as the user that is made for it, and keeps its state where it may write."""
    service = unit(SERVICE)
    assert service.one("User") == "signpost"
    assert re.search(r'^u signpost - ".+" /var/lib/signpost$', text_of("systemd/signpost.sysusers"), re.MULTILINE)
    assert service.environment["SIGNPOST_STATE"] == f"%S/{service.one('StateDirectory')}"
    assert service.one("WorkingDirectory") == f"/etc/{service.one('ConfigurationDirectory')}"


def test_a_doctor_with_much_to_look_at_ends_no_start() -> None:
    """Systemd counts what goes before the start into its time: 90 seconds of itself, too short for many schools."""
    service = unit(SERVICE)
    assert service.one("ExecStartPre").startswith("-")
    minutes, _, rest = service.one("TimeoutStartSec").partition("min")
    assert (int(minutes) >= 10, rest) == (True, "")


def as_written(key: str, state: Path) -> tuple[list[str], dict[str, str]]:
    """Return a command of the unit, from where Signpost is installed now, and the environment that it is given."""
    service = unit(SERVICE)
    program, *arguments = service.one(key).removeprefix("-").split()
    assert program == f"{_PREFIX}/signpost"
    given = {name: value.replace("%S/signpost", str(state)) for name, value in service.environment.items()}
    kept = {"PATH": os.environ["PATH"], "SIGNPOST_PORT": "0", "SIGNPOST_LISTEN_PORT": "0"}
    return [str(PROGRAMS / Path(program).name), *arguments], {**kept, **given}


@asynccontextmanager
async def run(key: str, state: Path, folder: Path) -> AsyncIterator[asyncio.subprocess.Process]:
    """Run a command of the unit in an empty folder."""
    command, environment = as_written(key, state)
    program = await asyncio.create_subprocess_exec(
        *command, cwd=folder, env=environment, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT
    )
    try:
        async with asyncio.timeout(120):
            yield program
            await program.communicate()
    finally:
        if program.returncode is None:
            program.kill()
            await program.wait()


async def heard(program: asyncio.subprocess.Process, words: str) -> str:
    """Read what a program says up to the line with these words."""
    assert program.stdout
    while line := (await program.stdout.readline()).decode():
        if words in line:
            return line
    raise AssertionError(f"the program ended without saying: {words}")


async def test_the_commands_of_the_unit_work_as_they_are_written(
    signpost: Signpost, state_folder: Path, tmp_path: Path
) -> None:
    """Doctor looks first, the server starts, takes a reload, and ends cleanly when systemd says so."""
    assert signpost.encoder_fault is None
    state = tmp_path / "state"
    state.mkdir(mode=0o700)
    shutil.copy(state_folder / "vectors.sqlite", state)
    async with run("ExecStartPre", state, tmp_path) as looking:
        await heard(looking, "ok    state folder")
    async with run("ExecStart", state, tmp_path) as serving:
        await heard(serving, "Signpost is ready")
        async with run("ExecReload", state, tmp_path) as reloading:
            pass
        assert reloading.returncode == 0
        serving.send_signal(signal.SIGTERM)
        await heard(serving, "Signpost has stopped")
    assert serving.returncode == 0
