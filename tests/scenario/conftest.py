"""What the scenarios share: a school on Slack, served in both modes, and what must hold at the end of every day."""

import logging
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from adapters.bootstrap import Signpost
from tests.escalation_fakes import TickingClock
from tests.scenario import teams_world
from tests.scenario.slack_world import SECOND_ROOM, School, Served, over, served, write_pack
from tests.slack_fake import SlackFake
from tests.teams_fake import TeamsFake

# What only the words of a concern hold in the scenarios: none of it may stand in a notification or in the log.
CANARIES = ("dad hits", "zebrafinch", "knife", "bruise")


@pytest.fixture(scope="session")
def school(signpost: Signpost, tmp_path_factory: pytest.TempPathFactory) -> Signpost:
    """Return Signpost over the model school, as a school on Slack."""
    return over(signpost, write_pack(tmp_path_factory.mktemp("slack")))


@pytest.fixture
def clock() -> TickingClock:
    """Return the school's clock, on a Monday morning."""
    return TickingClock()


@pytest.fixture(params=["http", "socket"])
def mode(request: pytest.FixtureRequest) -> str:
    """Return how Slack reaches the server."""
    return str(request.param)


@pytest.fixture
async def rough_day(
    school: Signpost, tmp_path: Path, clock: TickingClock, mode: str, caplog: pytest.LogCaptureFixture
) -> AsyncIterator[Served]:
    """Serve the school for a day on which Slack itself misbehaves."""
    caplog.set_level(logging.INFO)
    async with served(school, tmp_path / "state", clock, mode=mode) as world:
        yield world
        words_are_kept(world.slack, caplog)


@pytest.fixture
async def day(rough_day: Served) -> AsyncIterator[Served]:
    """Serve the school for a day, and look at its end whether everything went as it must."""
    yield rough_day
    all_went_well(rough_day.slack)


@pytest.fixture(scope="session")
def two_schools(signpost: Signpost, tmp_path_factory: pytest.TempPathFactory) -> Signpost:
    """Return Signpost over two schools that share a workspace."""

    def second(school: School) -> None:
        school["name"] = "Second Primary School"
        school["contacts"]["dsl"]["name"] = "Mr S. Second"
        school["routes"]["child"] = {"people": ["chair-of-governors", "headteacher"]}
        school["belongs"].append({"slack_channel": SECOND_ROOM})

    root = tmp_path_factory.mktemp("two")
    write_pack(root)
    return over(signpost, write_pack(root, second, school="second"))


@pytest.fixture
async def trust(two_schools: Signpost, tmp_path: Path, clock: TickingClock, mode: str) -> AsyncIterator[Served]:
    """Serve two schools that share a workspace."""
    async with served(two_schools, tmp_path, clock, mode=mode) as day:
        yield day
        all_went_well(day.slack)


@pytest.fixture(scope="session")
def teams_school(signpost: Signpost, tmp_path_factory: pytest.TempPathFactory) -> Signpost:
    """Return Signpost over the model school, as a school on Teams."""
    return over(signpost, teams_world.write_pack(tmp_path_factory.mktemp("teams")))


@pytest.fixture
async def rough_teams_day(
    teams_school: Signpost, tmp_path: Path, clock: TickingClock, caplog: pytest.LogCaptureFixture
) -> AsyncIterator[teams_world.Served]:
    """Serve the school for a day on which Teams itself misbehaves."""
    caplog.set_level(logging.INFO)
    async with teams_world.served(teams_school, tmp_path / "state", clock) as world:
        yield world
        teams_words_are_kept(world.teams, caplog)


@pytest.fixture
async def teams_day(rough_teams_day: teams_world.Served) -> AsyncIterator[teams_world.Served]:
    """Serve the school for a day on Teams, and look at its end whether everything went as it must."""
    yield rough_teams_day
    all_went_well_in_teams(rough_teams_day.teams)


def all_went_well_in_teams(teams: TeamsFake) -> None:
    """Look whether every request was answered, and Teams could show everything."""
    assert [(one.status, one.lost) for one in teams.answers if not one.acked] == []
    assert teams.world.refusals == []
    assert [one for one in teams.network().attempts] == []


def teams_words_are_kept(teams: TeamsFake, caplog: pytest.LogCaptureFixture) -> None:
    """Look whether the words of a concern are in no notification and in no line of the log."""
    sent = [str((one.body or {}).get("summary")) for one in teams.calls]
    logged = [logging.Formatter().format(one) for when in ("setup", "call") for one in caplog.get_records(when)]
    told = [*sent, *logged, caplog.text]
    assert [text for text in told for canary in CANARIES if canary in text.lower()] == []


def all_went_well(slack: SlackFake) -> None:
    """Look whether every request was answered, Slack could show everything, and no file was fetched."""
    assert [answer for answer in slack.answers if not answer.acked] == []
    assert slack.world.refusals == []
    assert [(call.method, call.error) for call in slack.calls if (call.error or "").startswith("invalid_")] == []
    assert slack.world.fetched == []


def words_are_kept(slack: SlackFake, caplog: pytest.LogCaptureFixture) -> None:
    """Look whether the words of a concern are in no notification and in no line of the log."""
    places = [place for team in slack.world.workspaces.values() for place in team.channels.values()]
    notified = [message.text for place in places for message in place.messages if message.bot_id]
    sent = [str(call.args.get("text")) for call in slack.calls]
    logged = [logging.Formatter().format(one) for when in ("setup", "call") for one in caplog.get_records(when)]
    told = [*notified, *sent, *logged, caplog.text]
    assert [text for text in told for canary in CANARIES if canary in text.lower()] == []
