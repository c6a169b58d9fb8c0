"""/policy-admin doctor: what is wrong in Slack for a school, found in the fake Slack."""

from collections.abc import AsyncIterator, Mapping
from dataclasses import replace
from types import MappingProxyType

import pytest

from adapters.chat import admin_wording as says
from adapters.slack import checkup_wording as in_slack
from adapters.slack.admin_words import SLACK
from adapters.slack.manifest import SCOPES
from knowledge.model import Reach, Route, RouteName
from tests.adapters.slack.home_world import ADMIN, DSL, SAFE, SCHOOL, TEAM, HomeWorld, home_world

DSL_TITLE = SCHOOL.contact("dsl").title
SOUND = f"*{says.IN_ORDER}*"


@pytest.fixture
async def world() -> AsyncIterator[HomeWorld]:
    """Return a workspace of one school in which everything is in order."""
    async with home_world() as made:
        yield made


def asking(*groups: str) -> Mapping[str, Mapping[str, tuple[str, ...]]]:
    """Let the members of some user groups ask."""
    return MappingProxyType({"slack": MappingProxyType({"user_groups": groups})})


def to_mend(read: str) -> str:
    """Return what must be mended."""
    return read.partition(SOUND)[0]


async def test_what_is_in_order_is_said_to_be(world: HomeWorld) -> None:
    """Token, scopes, channel, people and groups are each named as fine."""
    world.team.add_group("S0STAFF", "staff", DSL)
    world.knowledge.replace(replace(SCHOOL, asks=asking("S0STAFF")))
    read = await world.types(ADMIN, "doctor")
    assert says.ALL_IN_ORDER in read
    for fine in (
        in_slack.token_fine(TEAM),
        in_slack.SCOPES_FINE,
        says.place_fine("child"),
        says.holder_fine(SLACK, DSL_TITLE),
        in_slack.group_fine("S0STAFF"),
    ):
        assert fine in read
    assert f"*{says.TO_MEND}*" not in read


async def test_a_token_that_is_refused_is_all_that_is_told(world: HomeWorld) -> None:
    """Nothing else can be looked at without one, so nothing else is blamed."""
    world.slack.faults.fail("auth.test", "token_revoked")
    read = await world.types(ADMIN, "doctor")
    assert f"{in_slack.token_refused(TEAM, 'token_revoked')} {in_slack.MEND_INSTALLED}" in read
    assert DSL_TITLE not in read


async def test_a_slack_that_does_not_answer_is_no_fault_of_the_school(world: HomeWorld) -> None:
    """The admin is told to try again."""
    world.slack.faults.crash("auth.test")
    assert f"{in_slack.workspace_silent(TEAM)} {says.TRY_AGAIN}" in await world.types(ADMIN, "doctor")


async def test_missing_scopes_are_named(world: HomeWorld) -> None:
    """What the token may not do is named by the scopes it lacks."""
    some = tuple(scope for scope in SCOPES if scope not in {"chat:write", "im:write"})
    await world.workspaces.enter(world.slack.install(world.team, some).access.value)
    read = to_mend(await world.types(ADMIN, "doctor"))
    assert f"{in_slack.scopes_missing(['chat:write', 'im:write'])} {in_slack.MEND_SCOPES}" in read


async def test_a_workspace_without_signpost_is_named(world: HomeWorld) -> None:
    """A school that names another workspace is told that Signpost is not in it."""
    there = (*SCHOOL.belongs, MappingProxyType({"slack_team": "T0OTHER"}))
    world.knowledge.replace(replace(SCHOOL, belongs=there))
    found = f"{says.not_installed(SLACK, 'T0OTHER')} {says.mend_install(SLACK)}"
    assert found in to_mend(await world.types(ADMIN, "doctor"))


async def test_a_channel_that_is_not_used_is_named_with_the_reason(world: HomeWorld) -> None:
    """The gate is asked anew, and the way to mend it is told."""
    world.team.channels[SAFE].is_archived = True
    read = to_mend(await world.types(ADMIN, "doctor"))
    assert f"{says.place_at_fault('child', 'the channel is archived')} {says.mend_channel(SLACK, 'archived')}" in read
    world.team.channels[SAFE].is_archived = False
    world.team.channels[SAFE].members.remove(world.team.bot.id)
    assert "invite it there with /invite" in to_mend(await world.types(ADMIN, "doctor"))


async def test_a_school_that_tells_nobody_of_a_child_at_risk_is_told(world: HomeWorld) -> None:
    """A school without that route reads how to add it."""
    world.knowledge.replace(replace(SCHOOL, routes=MappingProxyType({})))
    assert f"{says.NO_CHILD_ROUTE} {says.MEND_CHILD_ROUTE}" in to_mend(await world.types(ADMIN, "doctor"))


async def test_questions_in_the_channel_for_concerns_are_told(world: HomeWorld) -> None:
    """Files that put both into one channel are named, since questions then go there no more."""
    shared = Route(("headteacher",), MappingProxyType({"slack": SAFE}))
    routes = MappingProxyType({**SCHOOL.routes, RouteName.QUESTION: shared})
    world.knowledge.replace(replace(SCHOOL, routes=routes))
    assert f"{says.shared_place(SLACK)} {says.MEND_SHARED}" in to_mend(await world.types(ADMIN, "doctor"))


@pytest.mark.parametrize(
    ("flag", "found"),
    [
        ("deleted", says.holder_gone(SLACK, DSL_TITLE)),
        ("is_bot", says.holder_bot(SLACK, DSL_TITLE)),
    ],
)
async def test_a_closed_account_is_nobody_to_tell(world: HomeWorld, flag: str, found: str) -> None:
    """A role whose account is closed, or is an app's, is named with the way to mend it."""
    setattr(world.team.users[DSL], flag, True)
    assert f"{found} {says.mend_holder(SLACK, 'dsl')}" in to_mend(await world.types(ADMIN, "doctor"))


async def test_a_mistyped_member_id_is_found(world: HomeWorld) -> None:
    """A role whose Slack id nobody has is named."""
    del world.team.users[DSL]
    found = f"{says.holder_missing(SLACK, DSL_TITLE)} {says.mend_holder(SLACK, 'dsl')}"
    assert found in to_mend(await world.types(ADMIN, "doctor"))


@pytest.mark.parametrize("fault", ["throttled", "refused"])
async def test_somebody_who_cannot_be_looked_up_is_not_called_missing(world: HomeWorld, fault: str) -> None:
    """Where Slack says nothing of a person just now, the admin is told to try again."""
    if fault == "throttled":
        world.slack.faults.limit("users.info", 1, times=9)
    else:
        world.slack.faults.fail("users.info", "access_denied", times=9)
    assert f"{says.holder_unknown(DSL_TITLE)} {says.TRY_AGAIN}" in to_mend(await world.types(ADMIN, "doctor"))


async def test_somebody_on_a_route_without_a_slack_id_is_told(world: HomeWorld) -> None:
    """Nothing can be sent to a role of which the register has no Slack id; who has left is not asked for."""
    dsl = replace(SCHOOL.contact("dsl"), reach=(Reach("phone", "01632 960001"),))
    world.knowledge.replace(replace(SCHOOL, contacts=MappingProxyType({**SCHOOL.contacts, "dsl": dsl})))
    assert says.holder_without_id(SLACK, DSL_TITLE) in to_mend(await world.types(ADMIN, "doctor"))
    gone = replace(dsl, left="2026-01-01")
    world.knowledge.replace(replace(SCHOOL, contacts=MappingProxyType({**SCHOOL.contacts, "dsl": gone})))
    assert says.holder_without_id(SLACK, DSL_TITLE) not in await world.types(ADMIN, "doctor")


async def test_user_groups_that_let_nobody_ask_are_named(world: HomeWorld) -> None:
    """A group that is not there, closed or empty is named; a Slack that does not say is no fault of it."""
    world.team.add_group("S0CLOSED", "closed", DSL).disabled = True
    world.team.add_group("S0EMPTY", "empty")
    world.knowledge.replace(replace(SCHOOL, asks=asking("S0GONE", "S0CLOSED", "S0EMPTY")))
    read = to_mend(await world.types(ADMIN, "doctor"))
    gone = [in_slack.group_missing(group) for group in ("S0GONE", "S0CLOSED")]
    for found in (*gone, in_slack.group_empty("S0EMPTY")):
        assert f"{found} {in_slack.MEND_GROUP}" in read
    world.slack.faults.crash("usergroups.list")
    assert f"{in_slack.group_unknown('S0EMPTY')} {says.TRY_AGAIN}" in to_mend(await world.types(ADMIN, "doctor"))


async def test_what_slack_may_not_tell_for_want_of_a_scope_says_so(world: HomeWorld) -> None:
    """Trying again would not help: the app must be installed again."""
    world.knowledge.replace(replace(SCHOOL, asks=asking("S0STAFF")))
    for method in ("conversations.info", "users.info", "usergroups.list"):
        world.slack.faults.fail(method, "missing_scope", 9)
    read = to_mend(await world.types(ADMIN, "doctor"))
    assert "groups:read" in read
    assert f"{says.holder_unknown(DSL_TITLE)} {in_slack.MEND_SCOPES}" in read
    assert f"{in_slack.group_unknown('S0STAFF')} {in_slack.MEND_SCOPES}" in read
    assert ("missing_scope" in read, SLACK.make_channel in read) == (False, False)
