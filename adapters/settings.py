"""The settings: one table feeds the loader, the docs and the example file. Nothing else reads the environment."""

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from adapters.errors import SettingsError
from knowledge.yaml_reader import read_yaml


@dataclass(frozen=True, slots=True)
class Setting:
    """One setting: its key in signpost.yaml, its environment variable, its default and what it does."""

    name: str
    env: str
    default: str | None
    help: str


SETTINGS = (
    Setting(
        "knowledge",
        "SIGNPOST_KNOWLEDGE",
        None,
        "Folder with your schools/ (and trust/). Without it: the shipped schools.",
    ),
    Setting(
        "state", "SIGNPOST_STATE", "~/.local/state/signpost", "Folder for what Signpost keeps: caches and its socket."
    ),
    Setting("default_school", "SIGNPOST_DEFAULT_SCHOOL", None, "The school that is asked where none is named."),
    Setting("port", "SIGNPOST_PORT", "8080", "Port of the web try-out on 127.0.0.1."),
)


@dataclass(frozen=True, slots=True)
class Settings:
    """The settings in force. `knowledge` is None for the shipped schools."""

    knowledge: Path | None
    state: Path
    default_school: str | None
    port: int


def load_settings(config: Path | None, overrides: Mapping[str, str | None]) -> Settings:
    """Read the settings: command line over environment over signpost.yaml over defaults.

    `config` is the file named on the command line; without one, signpost.yaml in the current folder is read if it is
    there. Raises SettingsError for a file that cannot be read, an unknown key, or a value that does not fit.
    """
    written = _read_file(config)
    values: dict[str, str | None] = {}
    for setting in SETTINGS:
        found = overrides.get(setting.name) or os.environ.get(setting.env) or written.get(setting.name)
        values[setting.name] = found or setting.default
    knowledge = values["knowledge"]
    return Settings(
        knowledge=_folder(knowledge) if knowledge else None,
        state=_path(values["state"] or "."),
        default_school=values["default_school"],
        port=_port(values["port"] or ""),
    )


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
    known = {setting.name for setting in SETTINGS}
    written = file.value or {}
    for name, value in written.items():
        place = f"{path}:{file.line_of((name,))}"
        if name not in known:
            raise SettingsError(f'{place}: "{name}" is not a setting. The settings are: {", ".join(sorted(known))}.')
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


def _port(value: str) -> int:
    if not re.fullmatch("[0-9]{1,5}", value) or int(value) > 65535:
        raise SettingsError(f'The port is "{value}". Expected: a number from 0 to 65535, such as 8080.')
    return int(value)
