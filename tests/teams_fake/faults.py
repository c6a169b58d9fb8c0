"""What a test makes go wrong with the next calls of a service's operation."""

import asyncio
from collections import deque
from dataclasses import dataclass, field
from enum import Enum

from tests.teams_fake.errors import RefusedError, refused, too_many

OPERATIONS = (
    "begin",
    "send",
    "update",
    "delete",
    "member",
    "members",
    "team",
    "channels",
    "token",
    "tenant",
    "instances",
    "openid",
    "keys",
)


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
    place: str | None = None

    def hits(self, place: str) -> bool:
        """Tell whether the fault is meant for a call about this conversation."""
        return self.place is None or self.place == place.partition(";")[0]


@dataclass(slots=True)
class Faults:
    """The faults that wait for their call, operation by operation, first come first served.

    The operations of the Bot Connector are `begin`, `send`, `update`, `delete`, `member`, `members`, `team` and
    `channels`; those of Entra `token`, `tenant` and `instances`; those of the Bot Service `openid` and `keys`.
    `place` narrows a fault to calls about one conversation.
    """

    _waiting: dict[str, deque[Fault]] = field(default_factory=dict)
    _held: list[Held] = field(default_factory=list)

    def refuse(self, operation: str, code: str, times: int = 1, *, status: int = 0, place: str | None = None) -> None:
        """Refuse the next calls with an error of the Bot Connector, by its name."""
        self._add(operation, Fault(refusal=refused(code, status=status or None), place=place), times)

    def throttle(
        self, operation: str, retry_after: float | str | None, times: int = 1, *, place: str | None = None
    ) -> None:
        """Answer the next calls with 429."""
        self._add(operation, Fault(refusal=too_many(retry_after), place=place), times)

    def crash(self, operation: str, times: int = 1, *, status: int = 500, place: str | None = None) -> None:
        """Answer the next calls with a status and no JSON."""
        self._add(operation, Fault(status=status, place=place), times)

    def statuses(self, operation: str, *sequence: int, place: str | None = None) -> None:
        """Answer the next calls with one status each; 2xx lets a call pass."""
        for status in sequence:
            fault = Fault(place=place)
            if status == 429:
                fault = Fault(refusal=too_many(1), place=place)
            elif status >= 300:
                fault = Fault(status=status, place=place)
            self._add(operation, fault, 1)

    def drop(self, operation: str, moment: Moment, times: int = 1, *, place: str | None = None) -> None:
        """Break the connection of the next calls, before or after the work is done."""
        self._add(operation, Fault(breaks=moment, place=place), times)

    def hang(self, operation: str, *, place: str | None = None) -> Held:
        """Hold the next call until the test releases it; then it is done as usual."""
        held = Held()
        self._held.append(held)
        self._add(operation, Fault(held=held, place=place), 1)
        return held

    def take(self, operation: str, place: str = "") -> Fault:
        """Return what is to happen to a call: mostly nothing."""
        waiting = self._waiting.get(operation, deque())
        for fault in waiting:
            if fault.hits(place):
                waiting.remove(fault)
                return fault
        return Fault()

    def clear(self) -> None:
        """Forget every fault and release every call."""
        self._waiting.clear()
        for held in self._held:
            held.release()

    def _add(self, operation: str, fault: Fault, times: int) -> None:
        if operation not in OPERATIONS:
            raise LookupError(operation)
        self._waiting.setdefault(operation, deque()).extend([fault] * times)
