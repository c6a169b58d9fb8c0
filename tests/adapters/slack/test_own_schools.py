"""Which school somebody asks for: they choose once, and that is remembered."""

from collections.abc import AsyncIterator
from dataclasses import replace
from types import MappingProxyType

import pytest

from adapters.chat.own_schools import OwnSchools
from bot.escalation.errors import StoreError
from tests.adapters.slack.home_world import ELM, SCHOOL, STAFF_ROOM, TEACHER, TEAM, HomeWorld, home_world
from tests.store_fake import MemoryKept, PlainPseudonyms

YEW = replace(SCHOOL, id="yew", belongs=(MappingProxyType({"slack_team": "T0OTHER"}),))


def _all() -> bool:
    """Say that every school is served."""
    return True


class KeysSeen(MemoryKept):
    """Keeps values, and notes under which keys."""

    def __init__(self) -> None:
        """Begin empty."""
        super().__init__()
        self.keys: list[str] = []

    async def put(self, kind: str, key: str, value: str) -> None:
        """Keep a value."""
        self.keys.append(key)
        await super().put(kind, key, value)


@pytest.fixture
async def two() -> AsyncIterator[HomeWorld]:
    """Run a workspace with two schools in it; a third is in another."""
    async with home_world(SCHOOL, ELM, YEW) as world:
        yield world


async def test_where_there_is_one_school_nobody_chooses(oakwood: HomeWorld) -> None:
    """It is theirs, and the store is not even looked at."""
    oakwood.kept.down = True
    assert await oakwood.own_schools.school(TEAM, TEACHER) == SCHOOL.id


async def test_where_there_are_several_it_must_be_chosen(two: HomeWorld) -> None:
    """Until then there is none; then it holds for that person alone."""
    assert await two.own_schools.school(TEAM, TEACHER) is None
    assert await two.own_schools.choose(TEAM, TEACHER, ELM.id)
    assert await two.own_schools.school(TEAM, TEACHER) == ELM.id
    assert await two.own_schools.school(TEAM, "U0OTHER") is None
    assert await two.own_schools.choose(TEAM, TEACHER, SCHOOL.id)
    assert await two.own_schools.school(TEAM, TEACHER) == SCHOOL.id


async def test_while_a_school_cannot_be_read_nobody_is_taken_for_staff_of_another(oakwood: HomeWorld) -> None:
    """Only one is left in the workspace, and it may not be theirs: they choose, and what they chose before counts."""
    oakwood.all_served = False
    assert await oakwood.own_schools.school(TEAM, TEACHER) is None
    await oakwood.own_schools.choose(TEAM, TEACHER, SCHOOL.id)
    assert await oakwood.own_schools.school(TEAM, TEACHER) == SCHOOL.id
    await oakwood.kept.put("school", PlainPseudonyms().key(f"slack:{TEAM}:{TEACHER}"), ELM.id)
    assert await oakwood.own_schools.school(TEAM, TEACHER) is None


async def test_a_channel_of_one_school_decides_whatever_becomes_of_others() -> None:
    """It stands in that school's own pack."""
    own = replace(SCHOOL, belongs=(*SCHOOL.belongs, MappingProxyType({"slack_channel": STAFF_ROOM})))
    async with home_world(own) as world:
        world.all_served = False
        assert await world.own_schools.school(TEAM, TEACHER, STAFF_ROOM) == SCHOOL.id
        assert await world.own_schools.school(TEAM, TEACHER, "C0OTHER") is None


async def test_the_school_of_the_channel_beside_comes_first_and_decides_nothing() -> None:
    """Whoever looks at a channel of one school may be of another: a concern must not go there by a guess."""
    own = replace(SCHOOL, belongs=(*SCHOOL.belongs, MappingProxyType({"slack_channel": STAFF_ROOM})))
    async with home_world(own, ELM) as world:
        assert world.own_schools.to_choose(TEAM, TEACHER) == [ELM.id, SCHOOL.id]
        world.own_schools.looks_at(TEAM, TEACHER, STAFF_ROOM)
        assert world.own_schools.to_choose(TEAM, TEACHER) == [SCHOOL.id, ELM.id]
        assert await world.own_schools.school(TEAM, TEACHER) is None
        world.own_schools.looks_at(TEAM, TEACHER, None)
        assert world.own_schools.to_choose(TEAM, TEACHER) == [ELM.id, SCHOOL.id]


async def test_a_choice_outlives_a_restart(two: HomeWorld) -> None:
    """It stands in the store, and nowhere else."""
    await two.own_schools.choose(TEAM, TEACHER, ELM.id)
    again = OwnSchools(two.kept, PlainPseudonyms(), two.workspaces, _all, "slack")
    assert await again.school(TEAM, TEACHER) == ELM.id


@pytest.mark.parametrize("school", ["yew", "", "nowhere", "Oakwood"])
async def test_a_school_of_another_workspace_cannot_be_chosen(two: HomeWorld, school: str) -> None:
    """Whatever a tap says, only the schools of this workspace are there to choose (RS-19)."""
    assert not await two.own_schools.choose(TEAM, TEACHER, school)
    assert await two.own_schools.school(TEAM, TEACHER) is None


async def test_a_choice_counts_in_its_own_workspace(two: HomeWorld) -> None:
    """The same id elsewhere is somebody else."""
    await two.own_schools.choose(TEAM, TEACHER, ELM.id)
    assert await two.own_schools.school("T0OTHER", TEACHER) == "yew"
    assert await two.own_schools.school("T0NEVER", TEACHER) is None


async def test_a_school_that_has_left_is_chosen_no_more(two: HomeWorld) -> None:
    """Where one is left that is theirs; where several are, they choose again."""
    await two.own_schools.choose(TEAM, TEACHER, ELM.id)
    two.knowledge.remove(ELM.id)
    assert await two.own_schools.school(TEAM, TEACHER) == SCHOOL.id
    two.knowledge.replace(replace(ELM, id="fir"))
    assert await two.own_schools.school(TEAM, TEACHER) is None


async def test_the_channel_of_one_school_decides(two: HomeWorld) -> None:
    """Whatever was chosen, what is asked there is asked of that school."""
    two.knowledge.replace(replace(ELM, belongs=(MappingProxyType({"slack_team": TEAM, "slack_channel": STAFF_ROOM}),)))
    await two.own_schools.choose(TEAM, TEACHER, SCHOOL.id)
    assert await two.own_schools.school(TEAM, TEACHER, STAFF_ROOM) == ELM.id
    assert await two.own_schools.school(TEAM, TEACHER, "C0ELSE") == SCHOOL.id


async def test_without_the_store_they_are_asked_again(two: HomeWorld) -> None:
    """What was chosen cannot be read; what is chosen now cannot be kept, and that is said."""
    await two.own_schools.choose(TEAM, TEACHER, ELM.id)
    two.kept.down = True
    assert await two.own_schools.school(TEAM, TEACHER) is None
    with pytest.raises(StoreError):
        await two.own_schools.choose(TEAM, TEACHER, ELM.id)


async def test_a_choice_is_kept_under_a_key_that_says_nothing(two: HomeWorld) -> None:
    """Who chose cannot be read from the store."""
    kept = KeysSeen()
    await OwnSchools(kept, PlainPseudonyms(), two.workspaces, _all, "slack").choose(TEAM, TEACHER, ELM.id)
    (key,) = kept.keys
    assert TEACHER not in key
    assert TEAM not in key
