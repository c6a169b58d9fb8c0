"""What is filled into a view is taken once, however often it is submitted."""

import asyncio

from adapters.chat.submissions import Submissions


class Submit:
    """Taking a form: counts how often, waits for the gate, and ends as it is told."""

    def __init__(self, *ends: str | None) -> None:
        """Begin behind an open gate."""
        self.gate = asyncio.Event()
        self.gate.set()
        self.taken = 0
        self._ends = iter(ends)

    async def __call__(self) -> str | None:
        """Take it."""
        self.taken += 1
        await self.gate.wait()
        return next(self._ends)


async def test_a_view_that_is_submitted_again_while_it_is_taken_is_taken_once() -> None:
    """Slack shows an error after three seconds, and people try again: both read what came of the first."""
    found, submit = Submissions(), Submit(None)
    submit.gate.clear()
    first, second = (asyncio.create_task(found.once("V1", submit)) for _ in range(2))
    await asyncio.sleep(0)
    submit.gate.set()
    assert [await first, await second, await found.once("V1", submit)] == [None, None, None]
    assert submit.taken == 1


async def test_what_was_refused_can_be_mended() -> None:
    """A text that is too long is shortened and submitted again."""
    found, submit = Submissions(), Submit("too long", None)
    assert [await found.once("V1", submit) for _ in range(2)] == ["too long", None]


async def test_views_are_told_apart() -> None:
    """Each is taken for itself, and one without a name always."""
    found, submit = Submissions(), Submit(None, None, None, None)
    for key in ("V1", "V2", None, None):
        await found.once(key, submit)
    assert submit.taken == 4
