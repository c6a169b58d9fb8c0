"""Who somebody is in a workspace, as far as Slack says."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from datetime import timedelta
from types import MappingProxyType
from typing import Any

import pytest

from bot.escalation.authority import Standing
from bot.escalation.model import Person
from tests.adapters.slack.home_world import DSL, GUEST, SCHOOL, TEACHER, TEAM, HomeWorld, home_world
from tests.slack_fake import User

KEEP = timedelta(minutes=10)
STAFF_GROUP, OTHER_GROUP = "S0STAFF", "S0OTHER"
LISTED = replace(
    SCHOOL,
    asks=MappingProxyType({"slack": MappingProxyType({"user_groups": (STAFF_GROUP,), "people": (GUEST,)})}),
)


@dataclass(slots=True)
class GridUser(User):
    """Somebody of an Enterprise organisation, who is in these workspaces of it."""

    teams: tuple[str, ...] = ()

    def as_json(self) -> dict[str, Any]:
        """Return the user as users.info shows them."""
        return User.as_json(self) | {"enterprise_user": {"id": "W1", "enterprise_id": "E1", "teams": list(self.teams)}}


@pytest.fixture
async def listed() -> AsyncIterator[HomeWorld]:
    """Run a workspace whose school says who may ask: a user group, and one guest."""
    async with home_world(LISTED) as world:
        world.team.add_group(STAFF_GROUP, "staff", TEACHER)
        yield world


async def standing(world: HomeWorld, user: str) -> Standing:
    """Say whether somebody asks as a member of staff."""
    school = world.knowledge.schools()[0]
    return await world.people.standing(TEAM, user, world.office.register(school, "slack"))


# ---- What Slack says -------------------------------------------------------------------------------------------------


async def test_people_are_called_by_their_real_name(oakwood: HomeWorld) -> None:
    """What stands in their profile is shown, not their login."""
    oakwood.team.add_user("U0SAM", "sam42", real_name="Samira Khan")
    assert await oakwood.people.person(TEAM, "U0SAM") == Person("slack", "U0SAM", "Samira Khan")


async def test_who_has_no_name_is_called_somebody(oakwood: HomeWorld) -> None:
    """Blanks are no name; the login is better than nothing."""
    oakwood.team.users["U0BLANK"] = User("U0BLANK", "blank7", " ", TEAM)
    oakwood.team.users["U0NONE"] = User("U0NONE", "", "", TEAM)
    names = [(await oakwood.people.person(TEAM, user)).name for user in ("U0BLANK", "U0NONE", "U0MISSING")]
    assert names == ["blank7", "Somebody in Slack", "Somebody in Slack"]


@pytest.mark.parametrize("flag", ["is_restricted", "is_ultra_restricted", "is_stranger", "deleted"])
async def test_whoever_is_no_full_member_is_an_outsider(oakwood: HomeWorld, flag: str) -> None:
    """Guests of either kind, people of a shared channel, and those who have left."""
    assert await standing(oakwood, TEACHER) is Standing.STAFF
    setattr(oakwood.team.add_user("U0PART", "pat"), flag, True)
    assert await standing(oakwood, "U0PART") is Standing.OUTSIDER


async def test_a_member_of_another_workspace_is_an_outsider(oakwood: HomeWorld) -> None:
    """Wherever they read along."""
    oakwood.team.users["U0ELSE"] = User("U0ELSE", "elsa", "Elsa Else", "T0OTHER")
    assert await standing(oakwood, "U0ELSE") is Standing.OUTSIDER


@pytest.mark.parametrize(("teams", "expected"), [((TEAM,), Standing.STAFF), (("T0THIRD",), Standing.OUTSIDER)])
async def test_in_an_organisation_people_belong_to_every_workspace_they_are_in(
    oakwood: HomeWorld, teams: tuple[str, ...], expected: Standing
) -> None:
    """One person has one id there, and one home workspace."""
    oakwood.team.users["W0GRID"] = GridUser("W0GRID", "gia", "Gia Grid", "T0OTHER", teams=teams)
    assert await standing(oakwood, "W0GRID") is expected


async def test_a_bot_is_an_outsider_whatever_its_role(oakwood: HomeWorld) -> None:
    """An app that writes on its own asks for nobody."""
    oakwood.team.add_user("U0APP", "app", is_bot=True)
    assert await standing(oakwood, "U0APP") is Standing.OUTSIDER
    oakwood.team.users[DSL].is_bot = True
    assert await standing(oakwood, DSL) is Standing.OUTSIDER


async def test_who_is_not_there_at_all_is_an_outsider(oakwood: HomeWorld) -> None:
    """Slack says that it knows nobody by that id: that is an answer, and not a fault."""
    assert await standing(oakwood, "U0MISSING") is Standing.OUTSIDER
    assert await standing(oakwood, TEACHER) is Standing.STAFF
    oakwood.clock.move(KEEP)
    del oakwood.team.users[TEACHER]
    assert await standing(oakwood, TEACHER) is Standing.OUTSIDER


# ---- Groups ----------------------------------------------------------------------------------------------------------


async def test_where_a_group_is_listed_its_members_ask(listed: HomeWorld) -> None:
    """Everybody else is an outsider, however full a member; a guest asks only where named."""
    listed.team.add_user("U0NEW", "newton")
    found = [await standing(listed, user) for user in (TEACHER, "U0NEW", GUEST, DSL)]
    assert found == [Standing.STAFF, Standing.OUTSIDER, Standing.STAFF, Standing.STAFF]


async def test_whoever_leaves_the_group_asks_no_more(listed: HomeWorld) -> None:
    """It takes ten minutes at the most."""
    assert await standing(listed, TEACHER) is Standing.STAFF
    listed.team.groups[STAFF_GROUP].users.remove(TEACHER)
    listed.clock.move(KEEP - timedelta(seconds=1))
    assert await standing(listed, TEACHER) is Standing.STAFF
    listed.clock.move(timedelta(seconds=1))
    assert await standing(listed, TEACHER) is Standing.OUTSIDER


async def test_a_group_that_is_gone_lets_nobody_in(listed: HomeWorld) -> None:
    """Nobody is in a group that there is not."""
    listed.team.groups.clear()
    assert await standing(listed, TEACHER) is Standing.OUTSIDER


async def test_where_groups_cannot_be_read_those_known_last_count(listed: HomeWorld) -> None:
    """A fault of Slack's locks nobody out who was in, and lets nobody in who was not."""
    assert await standing(listed, TEACHER) is Standing.STAFF
    listed.clock.move(KEEP)
    listed.slack.faults.crash("usergroups.list", 2)
    listed.team.add_user("U0NEW", "newton")
    assert await standing(listed, TEACHER) is Standing.STAFF
    assert await standing(listed, "U0NEW") is Standing.OUTSIDER


async def test_where_a_group_was_never_read_nobody_is_locked_out_for_good(listed: HomeWorld) -> None:
    """Until Slack says who is in it nothing is claimed, but of a guest, whom no group lets in."""
    listed.slack.faults.crash("usergroups.list")
    listed.team.add_user("U0VISITOR", "visitor", is_restricted=True)
    assert await standing(listed, TEACHER) is Standing.UNKNOWN
    assert await standing(listed, "U0VISITOR") is Standing.OUTSIDER
    listed.clock.move(timedelta(seconds=5))
    assert await standing(listed, TEACHER) is Standing.STAFF


# ---- When Slack does not answer --------------------------------------------------------------------------------------


async def test_slack_is_asked_once_in_ten_minutes(oakwood: HomeWorld) -> None:
    """For name and standing together."""
    for _ in range(3):
        await oakwood.people.person(TEAM, TEACHER)
        await standing(oakwood, TEACHER)
    assert len(oakwood.slack.calls_of("users.info")) == 1
    oakwood.clock.move(KEEP)
    oakwood.team.users[TEACHER].is_restricted = True
    assert await standing(oakwood, TEACHER) is Standing.OUTSIDER


async def test_who_cannot_be_looked_at_is_neither_staff_nor_an_outsider(oakwood: HomeWorld) -> None:
    """Those who hold a role are known by the register; of others nothing is claimed."""
    oakwood.slack.faults.crash("users.info", 3)
    assert await standing(oakwood, TEACHER) is Standing.UNKNOWN
    assert await standing(oakwood, DSL) is Standing.STAFF
    assert (await oakwood.people.person(TEAM, TEACHER)).name == "Somebody in Slack"


async def test_who_was_known_stays_known_while_slack_is_down(oakwood: HomeWorld) -> None:
    """What Slack said last counts until it answers again."""
    assert await standing(oakwood, GUEST) is Standing.OUTSIDER
    assert await standing(oakwood, TEACHER) is Standing.STAFF
    oakwood.clock.move(KEEP * 10)
    oakwood.slack.faults.crash("users.info", 2)
    assert await standing(oakwood, TEACHER) is Standing.STAFF
    assert await standing(oakwood, GUEST) is Standing.OUTSIDER


async def test_people_of_one_workspace_are_nobody_in_another(oakwood: HomeWorld) -> None:
    """A known id counts in the workspace it was looked up in, and nowhere else (RS-19)."""
    await oakwood.people.person(TEAM, TEACHER)
    assert await oakwood.people.member("T0OTHER", TEACHER) is None
