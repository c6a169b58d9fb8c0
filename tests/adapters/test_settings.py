"""The settings: where each comes from, and how a wrong one is told."""

from pathlib import Path

import pytest

from adapters.errors import SettingsError
from adapters.settings import SETTINGS, Settings, load_settings
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
        ("port: 1\nprot: 2\n", 'signpost.yaml:2: "prot" is not a setting. The settings are: default_school,'),
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
    assert [setting.name for setting in SETTINGS] == list(Settings.__slots__)
    assert [setting.env for setting in SETTINGS] == [f"SIGNPOST_{setting.name.upper()}" for setting in SETTINGS]
    assert all(setting.help.endswith(".") for setting in SETTINGS)
