"""What Slack was asked a short while ago: how long it counts, and what is left of it when Slack does not answer."""

import asyncio
from datetime import timedelta

import pytest

from adapters.chat.cache import Lately
from bot.escalation.errors import ThrottledError
from tests.escalation_fakes import TickingClock

KEEP = timedelta(minutes=10)
SECOND = timedelta(seconds=1)


class Asked:
    """Slack: answers with how often it was asked, unless it is down."""

    def __init__(self) -> None:
        """Begin unasked."""
        self.times = 0
        self.is_down = False

    async def __call__(self) -> int:
        """Answer."""
        if self.is_down:
            raise TimeoutError
        self.times += 1
        return self.times


@pytest.fixture
def clock() -> TickingClock:
    """Return the clock."""
    return TickingClock()


@pytest.fixture
def lately(clock: TickingClock) -> Lately[str, int]:
    """Return a memory of ten minutes, for three keys."""
    return Lately(KEEP, clock.now, most=3)


async def test_it_asks_anew_once_the_time_is_over(lately: Lately[str, int], clock: TickingClock) -> None:
    """For ten minutes nothing is asked; then it is."""
    slack = Asked()
    assert await lately.get("a", slack) == 1
    clock.move(KEEP - SECOND)
    assert await lately.get("a", slack) == 1
    clock.move(SECOND)
    assert await lately.get("a", slack) == 2


async def test_it_asks_anew_where_the_clock_was_set_back(lately: Lately[str, int], clock: TickingClock) -> None:
    """Else an answer could count for years."""
    slack = Asked()
    await lately.get("a", slack)
    clock.move(-SECOND)
    assert await lately.get("a", slack) == 2


async def test_what_it_forgets_is_asked_anew(lately: Lately[str, int]) -> None:
    """Nothing is left of it, and forgetting what was never known does nothing."""
    slack = Asked()
    await lately.get("a", slack)
    lately.forget("a")
    lately.forget("b")
    assert (lately.last("a"), lately.last("b")) == (None, None)
    assert await lately.get("a", slack) == 2


async def test_where_slack_is_down_the_last_answer_is_left(lately: Lately[str, int], clock: TickingClock) -> None:
    """The fault comes through, and the last answer can be had, however old it is."""
    slack = Asked()
    await lately.get("a", slack)
    clock.move(KEEP * 100)
    slack.is_down = True
    with pytest.raises(TimeoutError):
        await lately.get("a", slack)
    assert (lately.last("a"), lately.last("b")) == (1, None)


async def test_it_grows_no_further_than_it_may(lately: Lately[str, int]) -> None:
    """The answer that was had longest ago makes room."""
    slack = Asked()
    for key in "abcad":
        await lately.get(key, slack)
    assert [lately.last(key) for key in "abcd"] == [None, 2, 3, 4]


async def test_an_answer_that_was_renewed_is_young_again(lately: Lately[str, int], clock: TickingClock) -> None:
    """What makes room is what was asked longest ago, not what was asked first."""
    slack = Asked()
    for key in "abc":
        await lately.get(key, slack)
    clock.move(KEEP)
    for key in "ad":
        await lately.get(key, slack)
    assert [lately.last(key) for key in "abcd"] == [4, None, 3, 5]


async def test_nothing_known_is_an_answer_too(lately: Lately[str, int | None]) -> None:
    """That there is nothing is remembered like anything else."""
    asked: list[str] = []

    async def nothing() -> None:
        asked.append("a")

    assert [await lately.get("a", nothing) for _ in range(2)] == [None, None]
    assert asked == ["a"]


async def test_those_who_ask_at_once_share_one_question(lately: Lately[str, int]) -> None:
    """Thirty teachers at 8:40 are one question to Slack."""
    asked = Asked()
    assert await asyncio.gather(*(lately.get("a", asked) for _ in range(30))) == [1] * 30


async def test_after_a_failure_slack_is_left_alone_for_as_long_as_it_says(clock: TickingClock) -> None:
    """Whoever writes meanwhile does not wait for another answer that does not come."""
    found, asked = Lately[str, int](KEEP, clock.now, again=5 * SECOND), Asked()

    async def throttled() -> int:
        raise ThrottledError(20)

    with pytest.raises(ThrottledError):
        await found.get("a", throttled)
    clock.move(19 * SECOND)
    with pytest.raises(ThrottledError):
        await found.get("a", asked)
    clock.move(SECOND)
    assert await found.get("a", asked) == 1
