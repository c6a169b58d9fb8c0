"""What `signpost doctor` says of Slack: the tokens, and whose workspace it is."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from dataclasses import replace
from pathlib import Path

import pytest

from adapters.settings import Settings
from adapters.slack_doctor import look_at_slack
from tests.slack_fake import SlackFake

TEAMS = {"T0MODEL": "model"}
BARE = Settings(None, Path("."), None, 0)


@pytest.fixture
async def slack() -> AsyncIterator[SlackFake]:
    """Run a Slack."""
    async with SlackFake() as fake:
        yield fake


@pytest.fixture
def settings(slack: SlackFake) -> Settings:
    """Return the settings of a school whose workspace is in it."""
    token = slack.install(slack.workspace("T0MODEL", "Model Primary")).access.value
    return replace(BARE, slack_api_url=slack.url, slack_bot_token=token, slack_app_token=slack.app_token)


async def _found(settings: Settings, teams: Mapping[str, str] = TEAMS) -> list[tuple[bool, str]]:
    return await asyncio.to_thread(lambda: list(look_at_slack(settings, teams)))


async def test_a_workspace_that_is_set_up_is_named(settings: Settings) -> None:
    """The workspace, its school, and that Socket Mode can connect."""
    found = await _found(settings)
    assert [good for good, _ in found] == [True, True]
    assert "Model Primary (T0MODEL), which is that of model" in found[0][1]


async def test_a_workspace_without_a_school_says_what_to_write(settings: Settings) -> None:
    """The line for school.yaml stands there, ready to copy."""
    good, text = (await _found(settings, {}))[0]
    assert not good
    assert "belongs: [{slack_team: T0MODEL}]" in text


async def test_a_token_that_slack_refuses_says_where_the_right_one_is(settings: Settings) -> None:
    """Each token names its own page."""
    for wrong, says in (
        (replace(settings, slack_bot_token="xoxb-0-0-wrong"), "copy the Bot User OAuth Token"),  # noqa: S106
        (replace(settings, slack_app_token="xapp-1-A0-0-wrong"), "connections:write"),  # noqa: S106
    ):
        assert [says in text for good, text in await _found(wrong) if not good] == [True]


async def test_a_slack_that_cannot_be_reached_is_no_wrong_token(settings: Settings) -> None:
    """A firewall is not mended by another token."""
    found = await _found(replace(settings, slack_api_url="http://127.0.0.1:9/api/"))
    assert [good for good, _ in found] == [False, False]
    assert all("try again" in text for _, text in found)


def test_without_slack_nothing_is_said() -> None:
    """A school on Teams, or only trying out, need not read of Slack."""
    assert list(look_at_slack(BARE, TEAMS)) == []
