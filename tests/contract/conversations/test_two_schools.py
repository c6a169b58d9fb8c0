"""Two schools that share a home: on the page they are in one list, in chat in one workspace or tenant."""

from tests.contract.conversations.pack import TWO
from tests.contract.conversations.parties import Day
from tests.contract.conversations.story import CERTAIN, FRIEND, VERDICT, told_roles


async def test_the_school_is_picked_once(shared_home: Day) -> None:
    """Both are offered, the question is answered for the one that is picked, and nobody is asked again."""
    offered, answer = await shared_home.asks_first(FRIEND, TWO[1])
    assert sorted(offered) == sorted(TWO)
    assert answer.verdict == VERDICT
    assert (await shared_home.asker().asks("photos")).options != ()


async def test_each_school_tells_its_own_people(shared_home: Day) -> None:
    """The second school has another route for children: its chair and its headteacher, and nobody else."""
    _, advice = await shared_home.asks_first(CERTAIN, TWO[1])
    await shared_home.settle()
    one = await shared_home.only()
    assert ("Mr S. Second" in advice.words, "Mr B. Example" in advice.words) == (True, False)
    assert (one.school, one.route, one.state) == ("second", "child", "delivered")
    assert "dsl" not in await told_roles(shared_home, one.reference)
    assert "chair-of-governors" in await told_roles(shared_home, one.reference)


async def test_the_first_school_is_left_in_peace(shared_home: Day) -> None:
    """What is asked for the first school is answered by its own register."""
    _, advice = await shared_home.asks_first(CERTAIN, TWO[0])
    await shared_home.settle()
    one = await shared_home.only()
    assert ("Mr B. Example" in advice.words, "Mr S. Second" in advice.words, one.school) == (True, False, "model")
    assert await told_roles(shared_home, one.reference) == ("dsl", "deputy-dsl", "headteacher")
