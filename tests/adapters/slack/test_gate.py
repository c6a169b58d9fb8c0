"""The gate before a private channel: every way in which it could be read outside the school shuts it (RS-14)."""

from datetime import timedelta

import pytest

from adapters.slack.gate import fault_of
from bot.escalation.errors import ChannelDownError, ThrottledError, UndeliverableError
from tests.adapters.slack.home_world import DSL, HEAD, SAFE, TEAM, HomeWorld
from tests.slack_fake import Moment

KEEP = timedelta(minutes=10)
SECOND = timedelta(seconds=1)
SAFE_CHANNEL = {
    "is_private": True,
    "is_archived": False,
    "is_ext_shared": False,
    "is_pending_ext_shared": False,
    "is_org_shared": False,
    "is_shared": False,
    "is_member": True,
}
SHARED = ["is_ext_shared", "is_pending_ext_shared", "is_org_shared", "is_shared"]


def asked(world: HomeWorld, method: str = "conversations.info") -> int:
    """Count how often Slack was asked."""
    return len(world.slack.calls_of(method))


# ---- What shuts it ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("flag", SAFE_CHANNEL)
def test_every_flag_the_wrong_way_shuts_it(flag: str) -> None:
    """Each is looked at by itself, and none is told from another."""
    assert fault_of(SAFE_CHANNEL) is None
    assert fault_of(SAFE_CHANNEL | {flag: not SAFE_CHANNEL[flag]})


@pytest.mark.parametrize("flag", SAFE_CHANNEL)
@pytest.mark.parametrize("given", [None, "true", "false", 1, 0, [], {}])
def test_a_flag_that_is_missing_or_says_nothing_shuts_it(flag: str, given: object) -> None:
    """What Slack does not say plainly is not taken for good."""
    assert fault_of({name: value for name, value in SAFE_CHANNEL.items() if name != flag})
    assert fault_of(SAFE_CHANNEL | {flag: given})


def test_every_fault_says_something_else() -> None:
    """An admin can tell from the words what to mend."""
    faults = [fault_of(SAFE_CHANNEL | {flag: not SAFE_CHANNEL[flag]}) for flag in SAFE_CHANNEL]
    assert len(set(faults)) == len(SAFE_CHANNEL)


@pytest.mark.parametrize("flag", [*SHARED, "is_archived"])
async def test_a_channel_that_is_opened_to_others_is_shut(oakwood: HomeWorld, flag: str) -> None:
    """The flags come from Slack itself; nothing is told from the id, which begins as before."""
    assert await oakwood.gate.fault(TEAM, SAFE) is None
    setattr(oakwood.team.channels[SAFE], flag, True)
    oakwood.gate.forget(TEAM, SAFE)
    with pytest.raises(UndeliverableError):
        await oakwood.gate.check(TEAM, SAFE)


async def test_the_letter_of_an_id_opens_nothing(oakwood: HomeWorld) -> None:
    """G was once the letter of private channels; a public one with it stays public."""
    oakwood.team.add_channel("G0OPEN", "open", DSL)
    oakwood.team.add_channel("G0SAFE", "closed", DSL, is_private=True)
    oakwood.team.add_channel("C0CLOSED", "closed", DSL, is_private=True)
    faults = [await oakwood.gate.fault(TEAM, name) for name in ("G0OPEN", "G0SAFE", "C0CLOSED")]
    assert (faults[0] is None, faults[1:]) == (False, [None, None])


@pytest.mark.parametrize("channel", ["C0NOWHERE", "C0FOREIGN"])
async def test_a_channel_that_signpost_is_not_in_says_how_to_invite_it(oakwood: HomeWorld, channel: str) -> None:
    """To Slack a private channel without the bot is not there at all."""
    oakwood.team.add_channel("C0FOREIGN", "foreign", DSL, is_private=True, with_bot=False)
    with pytest.raises(UndeliverableError, match="/invite"):
        await oakwood.gate.check(TEAM, channel)


@pytest.mark.parametrize("code", ["account_inactive", "token_revoked"])
async def test_a_token_that_slack_refuses_shuts_it(oakwood: HomeWorld, code: str) -> None:
    """Whatever the reason, nobody is told where nobody could look; it says what to do."""
    oakwood.slack.faults.fail("conversations.info", code)
    assert await oakwood.gate.fault(TEAM, SAFE) == (
        f"Slack refuses Signpost’s token ({code}): install the app again, and give Signpost the new token"
    )


async def test_a_scope_that_is_missing_is_put_into_words(oakwood: HomeWorld) -> None:
    """An admin reads which one, what it is for and how to mend it, and not Slack's own code."""
    oakwood.slack.faults.fail("conversations.info", "missing_scope")
    fault = str(await oakwood.gate.fault(TEAM, SAFE))
    assert all(part in fault for part in ("groups:read", "who reads the channel", "signpost slack manifest"))
    assert "missing_scope" not in fault


async def test_any_other_refusal_is_named_by_slacks_code(oakwood: HomeWorld) -> None:
    """What has no words of its own can at least be looked up."""
    oakwood.slack.faults.fail("conversations.info", "team_access_not_granted")
    assert await oakwood.gate.fault(TEAM, SAFE) == "team_access_not_granted"


async def test_an_unknown_workspace_is_shut(oakwood: HomeWorld) -> None:
    """There is no token to look with."""
    assert "not installed" in str(await oakwood.gate.fault("T0OTHER", SAFE))


# ---- How long it counts ----------------------------------------------------------------------------------------------


async def test_it_looks_anew_after_ten_minutes_at_the_latest(oakwood: HomeWorld) -> None:
    """What was good is taken for good for less than ten minutes."""
    await oakwood.gate.check(TEAM, SAFE)
    oakwood.team.channels[SAFE].is_ext_shared = True
    oakwood.clock.move(KEEP - SECOND)
    await oakwood.gate.check(TEAM, SAFE)
    assert asked(oakwood) == 1
    oakwood.clock.move(SECOND)
    with pytest.raises(UndeliverableError):
        await oakwood.gate.check(TEAM, SAFE)
    assert asked(oakwood) == 2


async def test_it_looks_anew_once_it_has_forgotten(oakwood: HomeWorld) -> None:
    """As it does at a reload, and after a channel was mended: readers included."""
    oakwood.team.channels[SAFE].is_archived = True
    assert await oakwood.gate.fault(TEAM, SAFE)
    before = await oakwood.gate.members(TEAM, SAFE)
    oakwood.team.channels[SAFE].is_archived = False
    oakwood.team.channels[SAFE].members.append("U0NEW")
    oakwood.gate.forget(TEAM, SAFE)
    assert await oakwood.gate.fault(TEAM, SAFE) is None
    assert await oakwood.gate.members(TEAM, SAFE) == before | {"U0NEW"}


async def test_where_slack_cannot_say_nothing_is_taken_for_granted(oakwood: HomeWorld) -> None:
    """A fault of Slack's is neither open nor shut: whoever sends waits. It is not remembered either."""
    oakwood.slack.faults.crash("conversations.info")
    with pytest.raises(ChannelDownError):
        await oakwood.gate.check(TEAM, SAFE)
    oakwood.slack.faults.limit("conversations.info", 7)
    with pytest.raises(ThrottledError):
        await oakwood.gate.check(TEAM, SAFE)
    await oakwood.gate.check(TEAM, SAFE)


async def test_an_old_answer_is_no_answer_where_slack_is_down(oakwood: HomeWorld) -> None:
    """What was good ten minutes ago may have been opened to others since."""
    await oakwood.gate.check(TEAM, SAFE)
    oakwood.clock.move(KEEP)
    oakwood.slack.faults.drop("conversations.info", Moment.BEFORE, 2)  # aiohttp asks again by itself
    with pytest.raises(ChannelDownError):
        await oakwood.gate.check(TEAM, SAFE)


# ---- Who reads it ----------------------------------------------------------------------------------------------------


async def test_the_readers_are_all_but_signpost_itself(oakwood: HomeWorld) -> None:
    """The bot is in the channel, and is nobody who reads."""
    assert await oakwood.gate.members(TEAM, SAFE) == {DSL, HEAD}


async def test_readers_are_counted_over_all_pages(oakwood: HomeWorld) -> None:
    """Slack lists them page by page."""
    many = [f"U{number:05}" for number in range(450)]
    oakwood.team.channels[SAFE].members.extend(many)
    assert await oakwood.gate.members(TEAM, SAFE) == {DSL, HEAD, *many}
    assert asked(oakwood, "conversations.members") == 3


async def test_a_channel_with_too_many_readers_is_for_no_concern(oakwood: HomeWorld) -> None:
    """Ten thousand people are no safeguarding team, and pages without end must end."""
    oakwood.team.channels[SAFE].members.extend(f"U{number:05}" for number in range(10_000))
    with pytest.raises(UndeliverableError, match="too many"):
        await oakwood.gate.members(TEAM, SAFE)


async def test_readers_are_asked_for_anew_every_minute(oakwood: HomeWorld) -> None:
    """Whoever joins is known soon."""
    await oakwood.gate.members(TEAM, SAFE)
    oakwood.team.channels[SAFE].members.append("U0NEW")
    oakwood.clock.move(timedelta(seconds=59))
    assert "U0NEW" not in await oakwood.gate.members(TEAM, SAFE)
    oakwood.clock.move(SECOND)
    assert "U0NEW" in await oakwood.gate.members(TEAM, SAFE)
