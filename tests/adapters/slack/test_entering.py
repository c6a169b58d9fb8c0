"""Where Slack does not answer when Signpost starts, whoever runs it reads so, and reads what else is wrong later."""

import asyncio
import logging
from collections.abc import AsyncIterator, Callable

import pytest

from adapters.slack.entering import AGAIN_S, Entering
from bot.escalation.errors import UndeliverableError
from tests.adapters.slack.home_world import TEAM, home_world
from tests.adapters.slack.install_world import OTHER, Install, Watched


@pytest.fixture
async def install(caplog: pytest.LogCaptureFixture) -> AsyncIterator[Install]:
    """Run a Slack with a workspace that Signpost has yet to enter."""
    caplog.set_level(logging.INFO, "signpost.slack")
    async with home_world() as world:
        yield Install(world, world.slack.workspace(OTHER, "Other"), Watched())


def entering(install: Install, token: str | None = None) -> Entering:
    """Enter with the token of the settings."""
    return Entering(install.installing, token or install.world.slack.install(install.world.team).access.value)


async def go_on(one: Entering, rounds: int = 9, meanwhile: Callable[[int], None] = lambda _: None) -> list[float]:
    """Try again, for some rounds at most; returns how long it waited before each."""
    waited: list[float] = []

    async def pause(seconds: float) -> None:
        if len(waited) == rounds:
            raise asyncio.CancelledError
        meanwhile(len(waited))
        waited.append(seconds)

    try:
        await one.go_on(pause)
    except asyncio.CancelledError:
        assert len(waited) == rounds
    return waited


def told(caplog: pytest.LogCaptureFixture) -> list[tuple[str, str]]:
    """Return what stands in the log, and how bad it is."""
    return [(record.levelname, record.getMessage()) for record in caplog.records]


async def test_a_slack_that_answers_is_entered_without_a_word(
    install: Install, caplog: pytest.LogCaptureFixture
) -> None:
    """Its workspace can be answered from then on."""
    assert await entering(install).begin()
    assert (list(install.workspaces.homes()), told(caplog)) == ([TEAM], [])


@pytest.mark.parametrize("happened", ["crash", "limit"])
async def test_a_slack_that_does_not_answer_is_told_at_the_start(
    install: Install, caplog: pytest.LogCaptureFixture, happened: str
) -> None:
    """A server that starts without a word would look as if it worked."""
    faults = install.world.slack.faults
    faults.crash("auth.test") if happened == "crash" else faults.limit("auth.test", 3)
    one = entering(install)
    assert not await one.begin()
    [(level, text)] = told(caplog)
    assert level == "WARNING"
    assert text.startswith("nobody in the workspace of SLACK_BOT_TOKEN is answered yet: ")
    assert await go_on(one) == [AGAIN_S]
    assert (list(install.workspaces.homes()), told(caplog)[1:]) == ([TEAM], [("INFO", "Slack answers now")])


async def test_a_token_that_slack_refuses_at_the_start_ends_it(install: Install) -> None:
    """Nothing would mend itself."""
    install.world.slack.faults.fail("auth.test", "invalid_auth")
    with pytest.raises(UndeliverableError, match="invalid_auth"):
        await entering(install).begin()


async def test_a_token_that_slack_refuses_later_is_told_once_for_each_reason(
    install: Install, caplog: pytest.LogCaptureFixture
) -> None:
    """With Slack's own code and what to do; what Slack takes after all is used."""
    codes = ["invalid_auth", "invalid_auth", "account_inactive"]

    def refuse(number: int) -> None:
        if number < len(codes):
            install.world.slack.faults.fail("auth.test", codes[number])

    waited = await go_on(entering(install), meanwhile=refuse)
    assert waited == [AGAIN_S] * 4
    (_, first), (_, second), (_, last) = told(caplog)
    assert [level for level, _ in told(caplog)] == ["ERROR", "ERROR", "INFO"]
    assert "(invalid_auth)" in first
    assert "(account_inactive)" in second
    assert 'copy the Bot User OAuth Token anew from your app\'s page "OAuth & Permissions"' in first
    assert (last, list(install.workspaces.homes())) == ("Slack answers now", [TEAM])


async def test_a_token_that_slack_refuses_is_not_said(install: Install, caplog: pytest.LogCaptureFixture) -> None:
    """The log names the setting, and never what is in it (RS-93)."""
    assert await go_on(entering(install, "xoxb-canary"), rounds=3) == [AGAIN_S] * 3
    assert len(told(caplog)) == 1
    assert "canary" not in caplog.text
