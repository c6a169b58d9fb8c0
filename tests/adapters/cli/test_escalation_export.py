"""`signpost escalations export`: figures for governors, by which nobody can be named."""

import csv
import io
from datetime import UTC, datetime
from pathlib import Path

import pytest

from adapters.settings import Settings
from tests.adapters.cli.conftest import Console
from tests.adapters.cli.seeding import MONDAY, no_canary, raised, seed, settings_of, story

NOW = datetime.now(UTC)


@pytest.fixture
def settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, bare_environment: None) -> Settings:
    """Return the settings in force: a state folder of its own, without a database."""
    monkeypatch.setenv("SIGNPOST_STATE", str(tmp_path / "state"))
    return settings_of(tmp_path / "state")


def read(text: str) -> list[dict[str, str]]:
    """Read CSV as a spreadsheet does."""
    return list(csv.DictReader(io.StringIO(text, newline="")))


def test_governors_get_one_row_an_escalation(shell: Console, settings: Settings) -> None:
    """Counts and times, without reference, name, word or key."""
    seed(settings, *story("done", MONDAY), raised("open", opened_at=NOW, urgent=False, staff=False))
    printed = shell("escalations", "export")
    done, still_open = read(printed.out)
    assert (printed.code, printed.err) == (0, "")
    assert no_canary(printed.out)
    assert "K7-" not in printed.out
    assert done == {
        "school": "model",
        "category": "child-at-risk",
        "route": "child",
        "urgent": "yes",
        "certainty": "certain",
        "staff": "yes",
        "opened": "2026-11-02",
        "minutes_to_delivered": "2.0",
        "minutes_to_acknowledged": "9.0",
        "minutes_to_resolved": "60.0",
        "resolution": "handled",
    }
    assert (still_open["urgent"], still_open["staff"], still_open["minutes_to_resolved"]) == ("no", "no", "")


def test_the_help_says_what_is_left_out(shell: Console) -> None:
    """Whoever hands the figures on knows what they hold, and what a single row can still tell."""
    told = " ".join(shell("escalations", "export", "--help").out.split())
    assert "no names, no words, no references and no keys that stand for people" in told
    assert "a single row can still point to a person" in told


def test_the_days_of_an_export_are_days_in_school(shell: Console, settings: Settings) -> None:
    """Both ends count whole, on British time: half past eleven at night in July belongs to that day."""
    late = datetime(2026, 7, 1, 22, 30, tzinfo=UTC)  # 23:30 in school
    after = datetime(2026, 7, 1, 23, 30, tzinfo=UTC)  # 00:30 on the next day
    seed(settings, raised("a", opened_at=late), raised("b", opened_at=after), raised("c", opened_at=MONDAY))

    def days(*options: str) -> list[str]:
        return [row["opened"] for row in read(shell("escalations", "export", *options).out)]

    assert days() == ["2026-07-01", "2026-07-02", "2026-11-02"]
    assert days("--from", "2026-07-02") == ["2026-07-02", "2026-11-02"]
    assert days("--to", "2026-07-01") == ["2026-07-01"]
    assert days("--from", "2026-07-02", "--to", "2026-07-02") == ["2026-07-02"]


@pytest.mark.parametrize(
    ("options", "told"),
    [
        (["--from", "2026-11-03", "--to", "2026-11-02"], "--from is later than --to."),
        (["--from", "3 November"], "Invalid value for '--from'"),
        (["--school", "modle"], 'There is no school "modle" here.'),
    ],
)
def test_a_wrong_export_is_told(shell: Console, settings: Settings, options: list[str], told: str) -> None:
    """Nothing is exported that was not meant."""
    seed(settings, raised("one"))
    printed = shell("escalations", "export", *options)
    assert (printed.code, printed.out) == (2, "")
    assert told in printed.err


def test_the_summary_counts_by_school_and_category(shell: Console, settings: Settings) -> None:
    """Median and ninth decile of each step, and how many came so far."""
    quick, slow = story("quick", MONDAY, taken=4), story("slow", MONDAY, taken=10)
    seed(settings, *quick, *slow[:3], raised("calm", category="data-loss", urgent=False))
    lying, at_risk = sorted(
        shell("escalations", "export", "--summary", "--format", "json").json, key=lambda row: row["escalations"]
    )
    assert (lying["category"], lying["delivered"], lying["median_minutes_to_delivered"]) == ("data-loss", 0, None)
    assert (at_risk["escalations"], at_risk["acknowledged"], at_risk["resolved"]) == (2, 2, 1)
    assert at_risk["median_minutes_to_acknowledged"] == 7.0
    assert at_risk["p90_minutes_to_acknowledged"] == 10.0
    assert len(read(shell("escalations", "export", "--summary").out)) == 2


def test_an_export_goes_to_a_file(shell: Console, settings: Settings, tmp_path: Path) -> None:
    """The file holds the figures alone; what is said of it goes beside."""
    seed(settings, raised("one"))
    printed = shell("escalations", "export", "--output", tmp_path / "figures.csv")
    assert (printed.code, printed.out) == (0, "")
    assert printed.err.endswith("figures.csv was written, from 1 escalations.\n")
    assert len(read((tmp_path / "figures.csv").read_text(encoding="utf-8"))) == 1
    assert shell("escalations", "export", "--output", tmp_path / "nowhere" / "figures.csv").code == 2


def test_an_empty_export_has_its_heading(shell: Console, settings: Settings) -> None:
    """A spreadsheet without rows is still one."""
    seed(settings)
    assert shell("escalations", "export").out.startswith("school,category,route,urgent,")
    assert shell("escalations", "export", "--summary", "--format", "json").json == []
