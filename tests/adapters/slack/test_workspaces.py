"""The workspaces Signpost is installed in, and the schools in them: none ever gets what is another's (RS-19)."""

from collections.abc import AsyncIterator
from dataclasses import replace
from types import MappingProxyType

import pytest

from adapters.slack.workspaces import Workspaces
from bot.escalation.errors import ChannelDownError, EscalationError, ThrottledError, UndeliverableError
from bot.view import SchoolView
from knowledge.model import School
from tests.adapters.slack.home_world import SCHOOL, STAFF_ROOM, TEAM, HomeWorld, home_world

OTHER = "T0OTHER"


def belonging(name: str, *places: dict[str, str]) -> School:
    """Return a school that belongs to some places."""
    return replace(SCHOOL, id=name, belongs=tuple(MappingProxyType(place) for place in places))


OAK = belonging("oak", {"slack_team": TEAM}, {"slack_team": OTHER})
ASH = belonging("ash", {"slack_team": TEAM, "slack_channel": STAFF_ROOM})
YEW = belonging("yew", {"slack_team": OTHER})
FIR = belonging("fir", {"teams_tenant": "abc"})


@pytest.fixture
async def trust() -> AsyncIterator[HomeWorld]:
    """Run a trust of four schools in two workspaces; Signpost is installed in the first."""
    async with home_world(OAK, ASH, YEW, FIR) as world:
        world.slack.workspace(OTHER, "Other Trust")
        yield world


def workspaces(trust: HomeWorld) -> Workspaces:
    """Return the workspaces, none of them entered yet."""
    return Workspaces(trust.slack.url, trust.session, trust.knowledge)


# ---- Entering and leaving --------------------------------------------------------------------------------------------


async def test_a_token_says_whose_it_is(trust: HomeWorld) -> None:
    """Workspace, bot user and bot are Slack's to say."""
    entered = await trust.workspaces.enter(trust.slack.install(trust.slack.world.workspaces[OTHER]).access.value)
    assert (entered.team, entered.bot_user, entered.bot) == (OTHER, "UBOT0OTHER", "B0OTHER")
    assert list(trust.workspaces.homes()) == [TEAM, OTHER]
    assert trust.workspaces.workspace(OTHER) == entered


async def test_a_token_shows_nowhere(trust: HomeWorld) -> None:
    """What is printed of a workspace names it, and keeps its token to itself (RS-93)."""
    known = trust.workspaces.workspace(TEAM)
    assert known is not None
    assert known.token not in f"{known!r} {known} {trust.workspaces!r}"


@pytest.mark.parametrize("code", ["invalid_auth", "account_inactive", "token_revoked", "token_expired"])
async def test_a_token_that_slack_refuses_enters_nothing(trust: HomeWorld, code: str) -> None:
    """What is wrong is named by Slack's own code."""
    found = workspaces(trust)
    trust.slack.faults.fail("auth.test", code)
    with pytest.raises(UndeliverableError, match=code):
        await found.enter(trust.slack.install(trust.team).access.value)
    assert found.homes() == ()


async def test_a_token_of_the_app_itself_enters_nothing(trust: HomeWorld) -> None:
    """It belongs to no workspace."""
    found = workspaces(trust)
    with pytest.raises(UndeliverableError, match="not the token of a bot"):
        await found.enter(trust.slack.app_token)
    assert found.homes() == ()


async def test_where_slack_does_not_answer_it_can_be_tried_again(trust: HomeWorld) -> None:
    """That is another fault than being refused."""
    token = trust.slack.install(trust.team).access.value
    found = workspaces(trust)
    trust.slack.faults.crash("auth.test")
    with pytest.raises(ChannelDownError):
        await found.enter(token)
    trust.slack.faults.limit("auth.test", 3)
    with pytest.raises(ThrottledError):
        await found.enter(token)
    assert (await found.enter(token)).team == TEAM


async def test_there_is_no_client_where_signpost_is_not(trust: HomeWorld) -> None:
    """Neither for a workspace that never was, nor for one that was left."""
    trust.workspaces.leave(TEAM)
    trust.workspaces.leave("T0NEVER")
    for team in (TEAM, "T0NEVER", ""):
        assert trust.workspaces.workspace(team) is None
        with pytest.raises(UndeliverableError, match="not installed"):
            trust.workspaces.client(team)


async def test_a_new_token_takes_the_place_of_the_old(trust: HomeWorld) -> None:
    """From then on everything is done with it."""
    fresh = trust.slack.install(trust.team).access.value
    await trust.workspaces.enter(fresh)
    await trust.workspaces.client(TEAM).auth_test()
    assert trust.slack.calls[-1].token == fresh


# ---- Schools ---------------------------------------------------------------------------------------------------------


async def test_a_workspace_has_the_schools_that_say_so(trust: HomeWorld) -> None:
    """In the order of their ids; a school that names it nowhere is not there."""
    assert trust.workspaces.schools_in(TEAM) == ("ash", "oak")
    assert trust.workspaces.schools_in(OTHER) == ("oak", "yew")


@pytest.mark.parametrize("team", ["", "T0NEVER", "t0model", "abc", TEAM[:-1], f"{TEAM} "])
async def test_an_unknown_workspace_has_no_school(trust: HomeWorld, team: str) -> None:
    """There is no school for want of a better one."""
    assert trust.workspaces.schools_in(team) == ()


async def test_a_channel_of_one_school_is_that_schools(trust: HomeWorld) -> None:
    """Elsewhere in the workspace all are possible; the channel of a school counts in its own workspace alone."""
    assert trust.workspaces.schools_in(TEAM, STAFF_ROOM) == ("ash",)
    assert trust.workspaces.schools_in(TEAM, "C0ELSE") == ("ash", "oak")
    assert trust.workspaces.schools_in(OTHER, STAFF_ROOM) == ("oak", "yew")


async def test_a_school_that_moves_or_leaves_is_elsewhere_at_once(trust: HomeWorld) -> None:
    """What a changed pack says of its workspaces and channels holds from the next message on."""
    trust.knowledge.replace(belonging("ash", {"slack_team": OTHER, "slack_channel": "C0ELSE"}))
    assert (trust.workspaces.schools_in(TEAM, STAFF_ROOM), trust.workspaces.schools_in(OTHER)) == (
        ("oak",),
        ("ash", "oak", "yew"),
    )
    assert trust.workspaces.is_of_one_school(OTHER, "C0ELSE")
    assert not trust.workspaces.is_of_one_school(TEAM, STAFF_ROOM)
    trust.knowledge.remove("oak")
    assert (trust.workspaces.schools_in(TEAM), trust.workspaces.unserved()) == ((), (TEAM,))


async def test_a_channel_of_two_schools_is_neithers_own(trust: HomeWorld) -> None:
    """Both are possible there, and no other."""
    trust.knowledge.replace(belonging("elm", {"slack_team": TEAM}, {"slack_channel": STAFF_ROOM}))
    assert trust.workspaces.schools_in(TEAM, STAFF_ROOM) == ("ash", "elm")
    assert not trust.workspaces.is_of_one_school(TEAM, STAFF_ROOM)


async def test_a_message_costs_no_look_at_every_school(trust: HomeWorld, monkeypatch: pytest.MonkeyPatch) -> None:
    """However many schools there are, they are gone through once for each change, and not for each message."""
    looked: list[str] = []
    view = trust.knowledge.view

    def noted(school: str) -> SchoolView:
        looked.append(school)
        return view(school)

    monkeypatch.setattr(trust.knowledge, "view", noted)
    for _ in range(100):
        trust.workspaces.schools_in(TEAM, STAFF_ROOM)
        trust.workspaces.is_of_one_school(TEAM, STAFF_ROOM)
        trust.workspaces.unserved()
    assert looked == []
    trust.knowledge.replace(OAK)
    trust.workspaces.schools_in(TEAM)
    trust.workspaces.schools_in(OTHER)
    assert looked == ["ash", "fir", "oak", "yew"]


async def test_a_school_is_reached_where_signpost_is_installed(trust: HomeWorld) -> None:
    """Of its workspaces those without a token are left out, until they have one."""
    assert [trust.workspaces.homes_of(school) for school in ("oak", "yew", "fir", "none")] == [(TEAM,), (), (), ()]
    await trust.workspaces.enter(trust.slack.install(trust.slack.world.workspaces[OTHER]).access.value)
    assert [trust.workspaces.homes_of(school) for school in ("oak", "yew")] == [(TEAM, OTHER), (OTHER,)]
    assert (trust.workspaces.belongs("yew", TEAM), trust.workspaces.belongs("yew", OTHER)) == (False, True)


async def test_every_workspace_is_spoken_to_with_its_own_token(trust: HomeWorld) -> None:
    """What is asked in one is never asked with another's."""
    token = trust.slack.install(trust.slack.world.workspaces[OTHER]).access.value
    await trust.workspaces.enter(token)
    assert (await trust.workspaces.client(OTHER).auth_test())["team_id"] == OTHER
    assert (await trust.workspaces.client(TEAM).auth_test())["team_id"] == TEAM
    with pytest.raises(EscalationError):
        await trust.gate.check(OTHER, STAFF_ROOM)


async def test_nothing_is_sent_twice_by_the_sdk_itself(trust: HomeWorld) -> None:
    """Only the courier repeats, since only it can say so."""
    assert trust.workspaces.client(TEAM).retry_handlers == []
