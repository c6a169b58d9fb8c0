"""The example file says what the table says."""

from pathlib import Path

import pytest

from adapters.example_settings import FILE, example_text
from adapters.settings import SETTINGS, faults_of_teams, load_settings
from tests.packs import write_school

pytestmark = pytest.mark.usefixtures("bare_environment")


@pytest.mark.skipif(not FILE.is_file(), reason="the checkout is not here (the wheel is under test)")
def test_the_committed_example_is_that_of_the_table() -> None:
    """`make example` writes it anew."""
    assert FILE.read_text(encoding="utf-8") == example_text()


def test_the_example_sets_nothing() -> None:
    """Whoever copies it and changes nothing has a fresh install."""
    fresh = load_settings(None, {})
    Path("signpost.yaml").write_text(example_text(), encoding="utf-8")
    assert load_settings(None, {}) == fresh


def test_every_line_that_is_taken_into_use_is_right() -> None:
    """Each example and each default is a value that Signpost takes."""
    lines = example_text().splitlines()
    names = {setting.name for setting in SETTINGS if not setting.secret}
    used = [line.removeprefix("# ") for line in lines if line.removeprefix("# ").partition(":")[0] in names]
    Path("signpost.yaml").write_text("\n".join(used), encoding="utf-8")
    write_school(Path("my-schools"))
    found = load_settings(None, {})
    assert len(used) == len(names)
    assert (found.default_school, found.port) == ("hillside", 8080)
    assert found.admins == ("slack:U0ADMIN", "teams:head@hillside.example")
    lacking = [fault.partition(" ")[0] for fault in faults_of_teams(found)]
    assert lacking == ["TEAMS_APP_PASSWORD"]  # a secret, which the file must not hold


def test_no_line_is_longer_than_a_window_is_wide() -> None:
    """The file reads well in any editor."""
    assert max(map(len, example_text().splitlines())) <= 120
