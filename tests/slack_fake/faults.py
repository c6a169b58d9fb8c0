"""What a test makes go wrong with the next calls of a Web API method."""

import asyncio
from collections import deque
from dataclasses import dataclass, field
from enum import Enum
from typing import Any

from tests.slack_fake.errors import RefusedError
from tests.slack_fake.limits import too_fast


class Moment(Enum):
    """When, seen from the work that the call asks for."""

    BEFORE = "before"
    AFTER = "after"


class Held:
    """A call that hangs: a test waits until it has arrived, looks around, and lets it go on."""

    def __init__(self) -> None:
        """Hold it."""
        self._arrived, self._released = asyncio.Event(), asyncio.Event()

    async def arrived(self) -> None:
        """Wait until the call is there."""
        await self._arrived.wait()

    def release(self) -> None:
        """Let it go on."""
        self._released.set()

    async def wait(self) -> None:
        """Hang."""
        self._arrived.set()
        await self._released.wait()


@dataclass(frozen=True, slots=True)
class Fault:
    """What happens to one call: a refusal, a hang, a server error, or a connection that breaks."""

    refusal: RefusedError | None = None
    status: int | None = None
    held: Held | None = None
    breaks: Moment | None = None
    channel: str | None = None

    def hits(self, args: dict[str, Any]) -> bool:
        """Tell whether the fault is meant for a call with these arguments."""
        return self.channel is None or self.channel in (args.get("channel"), args.get("channel_id"))


@dataclass(slots=True)
class Faults:
    """The faults that wait for their call, method by method. `channel` narrows one to calls about that channel."""

    _waiting: dict[str, deque[Fault]] = field(default_factory=dict)
    _held: list[Held] = field(default_factory=list)

    def fail(self, method: str, error: str, times: int = 1, *, channel: str | None = None, **more: Any) -> None:
        """Refuse the next calls with an error."""
        self._add(method, Fault(refusal=RefusedError(error, **more), channel=channel), times)

    def limit(self, method: str, retry_after: int | str, times: int = 1, *, channel: str | None = None) -> None:
        """Answer the next calls with 429."""
        self._add(method, Fault(refusal=too_fast(retry_after), channel=channel), times)

    def crash(self, method: str, times: int = 1, *, status: int = 500, channel: str | None = None) -> None:
        """Answer the next calls with a server error and no JSON."""
        self._add(method, Fault(status=status, channel=channel), times)

    def drop(self, method: str, moment: Moment, times: int = 1, *, channel: str | None = None) -> None:
        """Break the connection of the next calls, before or after the work is done."""
        self._add(method, Fault(breaks=moment, channel=channel), times)

    def hang(self, method: str, *, channel: str | None = None) -> Held:
        """Hold the next call until the test releases it; then it is done as usual."""
        held = Held()
        self._held.append(held)
        self._add(method, Fault(held=held, channel=channel), 1)
        return held

    def take(self, method: str, args: dict[str, Any]) -> Fault:
        """Return what is to happen to a call: mostly nothing."""
        waiting = self._waiting.get(method, deque())
        for fault in waiting:
            if fault.hits(args):
                waiting.remove(fault)
                return fault
        return Fault()

    def clear(self) -> None:
        """Forget every fault and release every call."""
        self._waiting.clear()
        for held in self._held:
            held.release()

    def _add(self, method: str, fault: Fault, times: int) -> None:
        self._waiting.setdefault(method, deque()).extend([fault] * times)
