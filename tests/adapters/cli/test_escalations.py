"""`signpost escalations list|show`: what is open and what became of it, in roles and times."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from adapters.cli.escalation_speech import span
from adapters.settings import Settings
from bot.escalation.model import Address, DeliveryKind, DeliveryState, Event, State
from knowledge.model import RouteName
from tests.adapters.cli.conftest import Console
from tests.adapters.cli.seeding import ID, KEY, MONDAY, NAME, WORDS, no_canary, raised, seed, settings_of, story
from tests.contract.postgres import fresh_postgres_url
from tests.contract.values import delivery

TOLD = Address("slack", ID, role="deputy-dsl")


@pytest.fixture
def settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, bare_environment: None) -> Settings:
    """Return the settings in force: a state folder of its own, without a database."""
    monkeypatch.setenv("SIGNPOST_STATE", str(tmp_path / "state"))
    return settings_of(tmp_path / "state")


def minutes_ago(minutes: float) -> datetime:
    """Return a time in the past."""
    return datetime.now(UTC) - timedelta(minutes=minutes)


# ---- list ------------------------------------------------------------------------------------------------------------


def test_the_urgent_come_first_then_the_oldest(shell: Console, settings: Settings) -> None:
    """Whoever looks sees at the top what cannot wait."""
    seed(
        settings,
        raised("calm", opened_at=minutes_ago(300), urgent=False, category="data-loss", route=RouteName.STAFF),
        raised("young", opened_at=minutes_ago(2)),
        raised("old", opened_at=minutes_ago(40)),
    )
    printed = shell("escalations", "list")
    rows = printed.out.splitlines()
    assert (printed.code, printed.err) == (0, "")
    assert [row.split()[0] for row in rows[:4]] == ["REFERENCE", "K7-OLD", "K7-YOUNG", "K7-CALM"]
    assert rows[-1].startswith("3 open escalations, 2 of them urgent. What was written, and who wrote it, can be read")
    assert no_canary(printed.out)


def test_a_row_says_what_where_since_when_and_who_has_it_as_a_role(shell: Console, settings: Settings) -> None:
    """Title, school, state, waiting time, route and role: never a name."""
    waits, *_ = story("waits", minutes_ago(50 * 60))
    first, delivered, taken, *_ = story("taken", minutes_ago(51 * 60))
    seed(settings, waits, first, delivered, taken)
    heading, has, lies, *_ = shell("escalations", "list").out.splitlines()
    assert heading.split() == ["REFERENCE", "STATE", "OPENED", "WAITING", "ROUTE", "WITH", "SCHOOL", "WHAT"]
    what = ["model", "Urgent:", "A", "child", "may", "be", "at", "risk", "of", "harm"]
    assert has.split()[1:2] + has.split()[4:] == ["acknowledged", "-", "child", "deputy-dsl", *what]
    assert lies.split()[1:2] + lies.split()[4:] == ["recorded", "2", "days", "child", "nobody", "yet", *what]


@pytest.mark.parametrize(
    ("minutes", "said"), [(-5, "0 min"), (0.9, "0 min"), (59, "59 min"), (130, "2 h 10 min"), (2880, "2 days")]
)
def test_a_time_is_said_as_people_say_it(minutes: float, said: str) -> None:
    """Minutes, then hours, then days; a clock that was set back gives none."""
    assert span(timedelta(minutes=minutes)) == said


def test_one_passed_on_is_with_a_role_that_has_not_taken_it(shell: Console, settings: Settings) -> None:
    """Passing on is not taking."""
    seed(settings, raised("one", state=State.DELIVERED, holder_role="headteacher"))
    assert "headteacher, not taken yet" in shell("escalations", "list").out


def test_resolved_ones_are_listed_on_demand(shell: Console, settings: Settings) -> None:
    """The list is what is left to do, unless all is asked for."""
    seed(settings, *story("done", minutes_ago(200)))
    assert shell("escalations", "list").out == "There is no open escalation.\n"
    printed = shell("escalations", "list", "--all")
    assert "K7-DONE    resolved" in printed.out
    assert "1 escalation, 1 of them urgent." in printed.out


def test_the_list_can_be_narrowed_to_a_school(shell: Console, settings: Settings) -> None:
    """A school sees its own; one that is not served any more can still be looked at."""
    seed(settings, raised("here"), raised("there", school="long-gone"))
    assert "K7-THERE" not in shell("escalations", "list", "--school", "model").out
    assert "K7-HERE" not in shell("escalations", "list", "--school", "long-gone").out
    printed = shell("escalations", "list", "--school", "modle")
    assert (printed.code, printed.out) == (2, "")
    assert 'There is no school "modle" here.' in printed.err


def test_the_list_as_json(shell: Console, settings: Settings) -> None:
    """Tools read the same, and nothing that stands for a person."""
    seed(settings, *story("taken", MONDAY)[:3])
    printed = shell("escalations", "list", "--format", "json")
    [one] = printed.json
    assert no_canary(printed.out)
    assert one == {
        "reference": "K7-TAKEN",
        "school": "model",
        "category": "child-at-risk",
        "title": "A child may be at risk of harm",
        "certainty": "certain",
        "urgent": True,
        "route": "child",
        "staff": True,
        "state": "acknowledged",
        "holder_role": "deputy-dsl",
        "seen_by_roles": [],
        "opened": "2026-11-02T10:00:00+00:00",
        "delivered": "2026-11-02T10:02:00+00:00",
        "acknowledged": "2026-11-02T10:09:00+00:00",
        "resolved": None,
        "resolution": None,
        "waiting_minutes": None,
    }


def test_the_waiting_time_as_json_is_in_minutes(shell: Console, settings: Settings) -> None:
    """A clock that was set back makes it nothing, never less."""
    seed(settings, raised("old", waiting_since=minutes_ago(90)), raised("ahead", waiting_since=minutes_ago(-60)))
    waiting = {
        one["reference"]: one["waiting_minutes"] for one in shell("escalations", "list", "--format", "json").json
    }
    assert 90 <= waiting["K7-OLD"] < 120
    assert waiting["K7-AHEAD"] == 0


def test_a_broken_catalogue_keeps_nobody_from_what_is_open(shell: Console, settings: Settings, hillside: Path) -> None:
    """Categories are then named by their id."""
    seed(settings, raised("one"))
    (hillside.parents[1] / "catalogue").mkdir()
    (hillside.parents[1] / "catalogue" / "lexicon.yaml").write_text("lexicon: 3\n", encoding="utf-8")
    printed = shell("--knowledge", hillside.parents[1], "escalations", "list")
    assert printed.code == 0
    assert "Urgent: child-at-risk" in printed.out


# ---- show ------------------------------------------------------------------------------------------------------------


def test_the_story_is_told_in_times_and_roles(shell: Console, settings: Settings) -> None:
    """What happened, in order, on the clock of the school; no words, no name, no key."""
    seed(settings, *story("done", MONDAY))
    printed = shell("escalations", "show", " k7-done ")
    assert (printed.code, printed.err) == (0, "")
    assert no_canary(printed.out)
    assert printed.out.splitlines()[:12] == [
        "K7-DONE: A child may be at risk of harm",
        "School model, route child, urgent, certain.",
        "State: resolved. With: deputy-dsl.",
        "",
        "What has happened:",
        "  2026-11-02 10:00  recorded",
        "  2026-11-02 10:02  delivered to the private channel, marked as sent again",
        "  2026-11-02 10:09  taken by deputy-dsl",
        "  2026-11-02 10:09  deputy-dsl answered the person who raised it",
        "  2026-11-02 11:00  resolved by deputy-dsl: dealt with in school",
        "",
        "What was sent:",
    ]
    assert printed.out.endswith("Times are British time.\n")


def test_deliveries_are_shown_with_state_and_attempts(shell: Console, settings: Settings) -> None:
    """Where something did not arrive, an operator sees it, without an address or the words of a fault."""
    sent = delivery("d1", of="one", state=DeliveryState.SENT, attempts=1, created_at=MONDAY)
    stuck = delivery("d2", of="one", address=TOLD, attempts=7, in_doubt=True, fault=NAME, created_at=MONDAY)
    receipt = delivery("d3", of="one", address=replace(TOLD, role=None), kind=DeliveryKind.RECEIPT, created_at=MONDAY)
    aside = replace(stuck, id="d4", kind=DeliveryKind.CHASE, state=DeliveryState.ASIDE, in_doubt=False)
    seed(settings, replace(raised("one"), deliveries=(sent, stuck, receipt, aside)))
    printed = shell("escalations", "show", "K7-ONE")
    assert no_canary(printed.out)
    assert [line[20:] for line in printed.out.splitlines() if line.startswith("  ") and "attempt" in line] == [
        "card to dsl (slack): sent, 1 attempt",
        "card to deputy-dsl (slack): waiting to be sent, 7 attempts, may have arrived twice",
        "receipt to the person who raised it (slack): waiting to be sent, 0 attempts",
        "reminder to deputy-dsl (slack): given up; the server's log says why, 7 attempts",
    ]


def test_the_story_as_json(shell: Console, settings: Settings) -> None:
    """Events carry what may be told of them: the keys that stand for people are left out."""
    seed(settings, *story("done", MONDAY)[:-1], replace(raised("two"), deliveries=(delivery("d1", of="two"),)))
    printed = shell("escalations", "show", "K7-DONE", "--format", "json")
    assert no_canary(printed.out)
    assert [event["kind"] for event in printed.json["events"]] == ["opened", "delivered", "acknowledged", "replied"]
    assert printed.json["events"][2] == {
        "seq": 3,
        "at": "2026-11-02T10:09:00+00:00",
        "kind": "acknowledged",
        "role": "deputy-dsl",
    }
    [one] = shell("escalations", "show", "K7-TWO", "--format", "json").json["deliveries"]
    assert (one["kind"], one["to"], one["platform"], one["state"]) == ("notice", "dsl", "slack", "pending")


@pytest.mark.parametrize(
    ("kind", "data", "told"),
    [
        ("opened", {"route": "staff", "by": KEY}, "recorded"),
        ("delivered", {"to": "dsl"}, "delivered to dsl"),
        ("chase", {"to": "person"}, "reminder delivered to a person"),
        ("stale", {"to": "dsl"}, "dsl was asked whether it is still with them"),
        ("undeliverable", {"to": "place", "brought": "notice"}, "could not be delivered to the private channel"),
        ("words-opened", {"role": "dsl", "by": KEY}, "read by dsl"),
        ("passed-on", {"role": "dsl", "to": "headteacher", "by": KEY}, "passed on by dsl to headteacher"),
        ("answered", {"by": KEY}, "the person who raised it wrote again"),
        ("reopened", {"by": KEY}, "reopened by the person who raised it"),
        ("reopened", {"role": "dsl", "by": KEY}, "reopened by dsl"),
        ("chased", {"step": 2, "told": 3}, "nobody had taken it: step 2 of the chase"),
        ("asked-again", {"times": 1}, "nothing had happened since it was taken: asked again (1)"),
        ("of-a-later-version", {"new": WORDS}, "of-a-later-version"),
    ],
)
def test_every_event_has_words_of_its_own(
    shell: Console, settings: Settings, kind: str, data: dict[str, str | int], told: str
) -> None:
    """The log reads as sentences; of an event nobody knows, only its kind is told."""
    seed(settings, replace(raised("one"), events=(Event(kind, MONDAY, data),)))
    printed = shell("escalations", "show", "K7-ONE")
    assert f"  2026-11-02 10:00  {told}\n" in printed.out
    assert no_canary(printed.out)


def test_one_from_outside_the_staff_is_marked(shell: Console, settings: Settings) -> None:
    """Whoever reads the story knows that the person is not known as staff."""
    seed(settings, raised("one", staff=False))
    assert "is not known here as a member of staff" in shell("escalations", "show", "K7-ONE").out


def test_an_unknown_reference_is_told(shell: Console, settings: Settings) -> None:
    """A mistyped reference is bad usage."""
    seed(settings, raised("one"))
    printed = shell("escalations", "show", "K7-NONE")
    assert (printed.code, printed.out) == (2, "")
    assert "There is no escalation K7-NONE." in printed.err


# ---- the store -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("command", ["list", "show K7-ONE", "export"])
def test_no_database_is_not_a_quiet_school(shell: Console, settings: Settings, command: str) -> None:
    """Where the folder is the wrong one, nobody reads that nothing is open, and nothing is made there."""
    printed = shell("escalations", *command.split())
    assert (printed.code, printed.out) == (2, "")
    assert "There is no database at" in printed.err
    assert not settings.state.exists()


def test_a_lost_data_key_is_told_and_no_other_is_made(shell: Console, settings: Settings) -> None:
    """A new key could open nothing that is there."""
    seed(settings, raised("one"))
    key = settings.state / "data.key"
    key.unlink()
    printed = shell("escalations", "list")
    assert (printed.code, printed.out) == (2, "")
    assert f"bring back {key}" in printed.err
    assert not key.exists()


def test_a_database_that_is_none_is_told(shell: Console, settings: Settings) -> None:
    """A damaged file is one plain message."""
    seed(settings, raised("one"))
    for name in ("signpost.sqlite-wal", "signpost.sqlite-shm"):
        (settings.state / name).unlink(missing_ok=True)
    (settings.state / "signpost.sqlite").write_bytes(b"no database at all" * 1000)
    printed = shell("escalations", "list")
    assert (printed.code, printed.out) == (2, "")
    assert "signpost: the file is no database" in printed.err


def test_postgresql_answers_the_same(shell: Console, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    """A trust on PostgreSQL has the same commands."""
    url = fresh_postgres_url()
    monkeypatch.setenv("SIGNPOST_DATABASE_URL", url)
    assert "SIGNPOST_DATABASE_URL names is empty" in shell("escalations", "list").err
    seed(settings_of(settings.state, url), *story("done", MONDAY), raised("open"))
    assert "1 open escalation, 1 of them urgent." in shell("escalations", "list").out
    assert "taken by deputy-dsl" in shell("escalations", "show", "K7-DONE").out
    assert shell("escalations", "export").out.count("child-at-risk") == 2
    assert shell("audit", "verify").code == 0
    assert "revision 0001 already" in shell("db", "upgrade").out
    assert shell("db", "purge", "--format", "json").json["dry_run"] is False
