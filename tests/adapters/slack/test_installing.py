"""Installing from Slack, and keeping the tokens: in time, in one write, and where nobody can read them (RS-17)."""

import logging
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from adapters.escalating import opened_store
from adapters.settings import Settings
from adapters.slack.quiet import quiet_logger
from bot.escalation.errors import ChannelDownError, StoreError, UndeliverableError
from tests.adapters.slack.home_world import TEACHER, TEAM, home_world
from tests.adapters.slack.install_world import (
    AHEAD,
    LIFETIME,
    OTHER,
    OURS,
    REDIRECT,
    SECOND,
    TEN_MINUTES,
    Install,
    Watched,
)
from tests.slack_fake import REGISTERED


@pytest.fixture
async def install() -> AsyncIterator[Install]:
    """Run a workspace."""
    async with home_world() as world:
        yield Install(world, world.slack.workspace(OTHER, "Other"), Watched())


# ---- Installing ------------------------------------------------------------------------------------------------------


async def test_a_workspace_takes_signpost_in(install: Install) -> None:
    """From then on there is a token for it, also after a restart."""
    assert not install.installing.can_act()
    assert await install.install() == TEAM
    known = install.workspaces.workspace(TEAM)
    assert (install.installing.can_act(), await install.works()) == (True, True)
    install.restart()
    await install.installing.load(None)
    assert install.workspaces.workspace(TEAM) == known


async def test_slack_is_told_where_people_came_back_to(install: Install) -> None:
    """Code, secret and address go to Slack together."""
    await install.install()
    (call,) = install.world.slack.calls_of("oauth.v2.access")
    assert call.args["redirect_uri"] == REDIRECT
    assert (call.error, call.verb) == (None, "POST")


async def test_a_way_to_slack_leads_back_once(install: Install) -> None:
    """Whoever comes a second time with the same state is refused, whatever code they bring."""
    state = await install.installing.begin()
    await install.installing.finish(state, install.world.slack.consent(install.world.team, TEACHER))
    with pytest.raises(UndeliverableError, match="used before"):
        await install.installing.finish(state, install.world.slack.consent(install.other, TEACHER))
    assert install.workspaces.workspace(OTHER) is None


async def test_a_state_that_failed_is_used_up_too(install: Install) -> None:
    """A wrong code cannot be tried again and again on the same state."""
    state = await install.installing.begin()
    with pytest.raises(UndeliverableError, match="invalid_code"):
        await install.installing.finish(state, "guessed")
    with pytest.raises(UndeliverableError, match="used before"):
        await install.installing.finish(state, install.world.slack.consent(install.world.team, TEACHER))
    assert install.workspaces.homes() == ()


@pytest.mark.parametrize(("after", "is_taken"), [(TEN_MINUTES - SECOND, True), (TEN_MINUTES, False)])
async def test_the_way_to_slack_is_open_for_ten_minutes(install: Install, after: timedelta, *, is_taken: bool) -> None:
    """Whoever comes back later begins again."""
    state = await install.installing.begin()
    install.pass_by(after)
    code = install.world.slack.consent(install.world.team, TEACHER)
    if is_taken:
        assert await install.installing.finish(state, code) == TEAM
        return
    with pytest.raises(UndeliverableError, match="too old"):
        await install.installing.finish(state, code)
    assert install.world.slack.calls_of("oauth.v2.access") == []


@pytest.mark.parametrize("state", ["", "made-up", "x" * 5000, "'; --"])
async def test_nobody_comes_back_who_was_not_sent(install: Install, state: str) -> None:
    """A state of nobody's is refused before Slack is asked."""
    with pytest.raises(UndeliverableError):
        await install.installing.finish(state, install.world.slack.consent(install.world.team, TEACHER))
    assert install.world.slack.calls_of("oauth.v2.access") == []


async def test_no_two_states_are_alike(install: Install) -> None:
    """And none can be guessed."""
    states = {await install.installing.begin() for _ in range(50)}
    assert len(states) == 50
    assert min(map(len, states)) >= 32


async def test_where_it_is_not_set_up_nothing_is_installed(install: Install) -> None:
    """Without a client id and its secret there is nobody to ask."""
    install.restart(registration=None)
    assert not install.installing.is_open
    with pytest.raises(UndeliverableError, match="not set up"):
        await install.install()


async def test_where_the_store_fails_nothing_is_installed(install: Install) -> None:
    """A token that could not be kept would be lost at the next start."""
    install.kept.down = True
    with pytest.raises(StoreError):
        await install.installing.begin()


@pytest.mark.parametrize("answer", ["org", "nothing"])
async def test_an_answer_without_a_token_for_a_workspace_is_refused(install: Install, answer: str) -> None:
    """A whole organisation is none."""
    install.world.slack.faults.fail("oauth.v2.access", f"{answer}_not_allowed")
    with pytest.raises(ChannelDownError):
        await install.install()
    assert install.kept.writes == []


async def test_the_registration_keeps_its_secret(install: Install) -> None:
    """Neither it nor a token shows where something is printed (RS-93)."""
    install.rotating()
    await install.install()
    assert REGISTERED.client_secret not in repr(OURS)
    assert str(install.token) not in repr(install.workspaces.workspace(TEAM))


# ---- Revoked ---------------------------------------------------------------------------------------------------------


async def test_a_workspace_that_takes_signpost_out_is_forgotten(install: Install) -> None:
    """At once, and after a restart."""
    await install.install()
    await install.installing.removed(TEAM)
    assert (install.workspaces.homes(), install.installing.can_act()) == ((), False)
    install.restart()
    await install.installing.load(None)
    assert install.workspaces.homes() == ()


async def test_a_workspace_is_forgotten_even_where_the_store_fails(install: Install) -> None:
    """Slack says it again; until then nothing is done in its name."""
    await install.install()
    install.kept.down = True
    with pytest.raises(StoreError):
        await install.installing.removed(TEAM)
    assert install.workspaces.homes() == ()


@pytest.mark.parametrize("code", ["token_revoked", "account_inactive", "invalid_auth"])
async def test_a_token_that_slack_refuses_is_noticed(
    install: Install, code: str, caplog: pytest.LogCaptureFixture
) -> None:
    """The event of it may have been lost: Signpost is not ready until the token is taken again."""
    await install.install()
    install.world.slack.faults.fail("auth.test", code)
    await install.installing.look()
    assert not install.installing.can_act()
    assert TEAM in caplog.text
    assert code in caplog.text
    await install.installing.look()
    assert install.installing.can_act()


async def test_that_slack_does_not_answer_says_nothing_of_a_token(install: Install) -> None:
    """It is as good as it was."""
    await install.install()
    install.world.slack.faults.crash("auth.test")
    await install.installing.look()
    assert install.installing.can_act()


async def test_with_one_workspace_left_there_is_still_work(install: Install) -> None:
    """A trust does not go down with one of its workspaces."""
    await install.install()
    code = install.world.slack.consent(install.other, TEACHER)
    await install.installing.finish(await install.installing.begin(), code)
    install.world.slack.world.tokens.revoke(TEAM)
    await install.installing.look()
    assert install.installing.can_act()


# ---- At rest ---------------------------------------------------------------------------------------------------------


async def test_tokens_and_states_are_sealed_in_the_database(
    install: Install, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """Whoever has the file has neither token, nor whose it is; the log has none of it either (RS-93)."""
    caplog.set_level(logging.DEBUG)
    quiet_logger()
    install.rotating()
    async with opened_store(Settings(None, tmp_path, None, 0)) as store:
        install.restart(store.kept)
        pending = await install.installing.begin()
        await install.install()
        install.pass_by(LIFETIME - AHEAD)
        await install.installing.renew()
        token = str(install.token)
    async with opened_store(Settings(None, tmp_path, None, 0)) as store:
        install.restart(store.kept)
        await install.installing.load(None)
        assert (install.token, await install.works()) == (token, True)
    book = install.world.slack.world.tokens
    secrets = [*book.tokens, *book.refreshes, pending, TEAM, "xoxb", "xoxe", REGISTERED.client_secret]
    written = everything_in(tmp_path)
    assert written
    assert [secret for secret in secrets if secret.encode() in written] == []
    assert [secret for secret in secrets if secret in caplog.text and secret != TEAM] == []


def everything_in(folder: Path) -> bytes:
    """Return all that stands in the files of a folder, its key apart."""
    files = [path for path in folder.rglob("*") if path.is_file() and path.name != "data.key"]
    return b"".join(path.read_bytes() for path in files)
