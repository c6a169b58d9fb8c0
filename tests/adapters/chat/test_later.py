"""Posting a reply a little later, for as long as somebody still waits for it."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Iterator

import pytest

from adapters.chat.later import Later, Posted
from bot.escalation.errors import ChannelDownError, EscalationError, ThrottledError, UndeliverableError


class Clock:
    """Notes how long was waited, and waits no time at all."""

    def __init__(self) -> None:
        """Begin without a wait."""
        self.waits: list[float] = []

    async def __call__(self, seconds: float) -> None:
        """Wait."""
        self.waits.append(seconds)
        await asyncio.sleep(0)


class Post:
    """A reply: Slack answers each try with the next of these faults, then takes it."""

    def __init__(self, *faults: Exception) -> None:
        """Be refused so often."""
        self._faults: Iterator[Exception] = iter(faults)
        self.tries = 0
        self.arrived = 0

    async def __call__(self) -> None:
        """Try once."""
        self.tries += 1
        for fault in self._faults:
            raise fault
        self.arrived += 1


@pytest.fixture
def clock() -> Clock:
    """Return what is waited by."""
    return Clock()


@pytest.fixture
def later(clock: Clock) -> Later:
    """Return what posts."""
    return Later(clock)


async def test_what_slack_takes_is_posted_at_once(later: Later, clock: Clock) -> None:
    """Nothing is waited for."""
    post = Post()
    assert await later.post(post) is Posted.ARRIVED
    assert (post.arrived, clock.waits) == (1, [])


async def test_a_first_fault_does_not_hold_up_the_answer(later: Later, clock: Clock) -> None:
    """The second try is made beside it."""
    post = Post(ChannelDownError("no answer"))
    await later.post(post)
    assert (post.tries, clock.waits) == (1, [])
    await later.close(10)
    assert (post.tries, post.arrived, clock.waits) == (2, 1, [1.0])


async def test_the_messages_of_a_reply_keep_their_order(later: Later) -> None:
    """None overtakes one that waits, and one that is refused holds up no other."""
    arrived: list[str] = []

    def message(name: str, *faults: Exception) -> Callable[[], Awaitable[None]]:
        post = Post(*faults)

        async def send() -> None:
            await post()
            arrived.append(name)

        return send

    found = await later.post(
        message("first", ThrottledError(1)), message("no", UndeliverableError("no")), message("last")
    )
    assert (found, arrived) == (Posted.WAITS, [])
    await later.close(10)
    assert arrived == ["first", "last"]


async def test_under_one_key_nothing_is_posted_twice(later: Later) -> None:
    """Neither while it waits nor afterwards; what was given up is tried anew."""
    first, again = Post(ChannelDownError("no")), Post()
    assert await later.post(first, key="Ev1") is Posted.WAITS
    assert await later.post(again, key="Ev1") is Posted.WAITS
    await later.close(10)
    assert await later.post(again, key="Ev1") is Posted.ARRIVED
    assert (first.arrived, again.tries) == (1, 0)
    assert await later.post(Post(*(ChannelDownError("no") for _ in range(100))), key="Ev2") is Posted.WAITS
    await later.close(10)
    assert await later.post(again, key="Ev2") is Posted.ARRIVED
    assert again.arrived == 1


async def test_it_waits_as_slack_says_or_longer(later: Later, clock: Clock) -> None:
    """Each wait is the longer of what Slack says and what is planned."""
    post = Post(ThrottledError(0.5), ThrottledError(40), ChannelDownError("no"), ThrottledError(3))
    await later.post(post)
    await later.close(10)
    assert (post.arrived, clock.waits) == (1, [1.0, 40.0, 5.0, 15.0])


async def test_after_minutes_it_gives_up_and_says_so(
    later: Later, clock: Clock, caplog: pytest.LogCaptureFixture
) -> None:
    """By then nobody waits for the reply any more."""
    post = Post(*(ChannelDownError("zebrafinch") for _ in range(100)))
    await later.post(post)
    await later.close(10)
    assert (post.tries, post.arrived) == (7, 0)
    assert 100 < sum(clock.waits) <= 240
    assert [record.levelno for record in caplog.records] == [logging.WARNING]
    assert "zebrafinch" not in caplog.text


@pytest.mark.parametrize("before", [0, 2])
async def test_what_slack_refuses_is_not_tried_again(
    later: Later, before: int, caplog: pytest.LogCaptureFixture
) -> None:
    """The log says why, in Slack's own word."""
    post = Post(*[ChannelDownError("no")] * before, UndeliverableError("is_archived"))
    assert await later.post(post) is (Posted.WAITS if before else Posted.REFUSED)
    await later.close(10)
    assert (post.tries, post.arrived) == (before + 1, 0)
    assert "is_archived" in caplog.text


async def test_a_fault_of_ours_is_not_hidden(later: Later) -> None:
    """Only what Slack does is waited out."""
    for fault in (KeyError("a"), EscalationError("404")):
        with pytest.raises(type(fault)):
            await later.post(Post(fault))


async def test_what_is_under_way_at_the_end_may_finish() -> None:
    """For as long as there is patience; then it is let go, without a word."""
    later, ended = Later(), asyncio.Event()

    async def soon() -> None:
        await asyncio.sleep(0)
        ended.set()

    forever = asyncio.Event()
    stopped: list[str] = []

    async def never() -> None:
        try:
            await forever.wait()
        except asyncio.CancelledError:
            stopped.append("never")
            raise

    later.run(soon())
    later.run(never())
    await later.close(0.01)
    await asyncio.sleep(0)
    assert (ended.is_set(), stopped) == (True, ["never"])


async def test_ending_with_nothing_under_way_takes_no_time() -> None:
    """Nothing is waited for."""
    async with asyncio.timeout(1):
        await Later().close(60)
