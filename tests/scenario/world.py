"""A world that outlives the process: a platform that notes what arrives, and what the asker was told.

Both are files that are appended to in one write each, so that a process killed in the middle leaves whole lines.
"""

import asyncio
import json
import os
import signal
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from pathlib import Path
from typing import Any

from bot.escalation.errors import ChannelDownError, ThrottledError
from bot.escalation.message import Message
from knowledge.model import Contact

BASE = datetime(2026, 11, 23, 10, 0, tzinfo=UTC)


class Weather(StrEnum):
    """What else goes wrong while a process may die."""

    CALM = "calm"
    THROTTLED = "throttled"
    ERRORS = "errors"
    IN_DOUBT = "in doubt"
    TIMEOUT = "timeout"
    DISK_FULL = "disk full"
    CLOCK_BACK = "clock back"
    CLOCK_FORWARD = "clock forward"


@dataclass(slots=True)
class Fuse:
    """Kills this very process at the n-th step; 0 for never. Counts the steps either way."""

    at: int
    passed: int = 0

    def step(self) -> None:
        """Pass a step, or die there."""
        self.passed += 1
        if self.passed == self.at:
            os.kill(os.getpid(), signal.SIGKILL)


@dataclass(slots=True)
class Diary:
    """A file of JSON lines, each written at once."""

    path: Path

    def note(self, **what: Any) -> None:
        """Append a line."""
        file = os.open(self.path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
        try:
            os.write(file, (json.dumps(what) + "\n").encode())
        finally:
            os.close(file)

    def lines(self) -> list[dict[str, Any]]:
        """Return what was noted."""
        if not self.path.exists():
            return []
        return [json.loads(line) for line in self.path.read_text(encoding="utf-8").splitlines()]


@dataclass(slots=True)
class StoryClock:
    """A clock that goes only when told; the story sets it back or forward in some weathers."""

    at: datetime = BASE

    def now(self) -> datetime:
        """Return the time."""
        return self.at

    def move(self, seconds: float) -> None:
        """Let time pass; less than none sets the clock back."""
        self.at += timedelta(seconds=seconds)


@dataclass(slots=True)
class DiaryChannel:
    """A platform that notes each message as it arrives. Every third send meets the weather."""

    diary: Diary
    fuse: Fuse
    weather: Weather
    members_of: Callable[[str], frozenset[str]]
    pace: float = 0.0
    platform: str = "web"
    sends: int = field(default=0)

    def address(self, contact: Contact) -> str | None:
        """Return a contact's inbox."""
        return contact.role if contact.name else None

    async def members(self, school: str, place: str) -> frozenset[str] | None:
        """Return who reads a place."""
        del school
        return self.members_of(place)

    async def send(self, message: Message) -> str:
        """Note a message, unless the weather keeps it back."""
        self.sends += 1
        self.fuse.step()
        bad = self.sends % 3 == 1
        if bad and self.weather is Weather.THROTTLED:
            raise ThrottledError(2.0)
        if bad and self.weather is Weather.ERRORS:
            raise ChannelDownError("no answer")
        self.diary.note(
            key=message.key,
            kind=str(message.kind),
            to=message.address.id,
            reference=message.reference,
            again=message.again,
            title=message.title,
        )
        self.fuse.step()
        if bad and self.weather is Weather.IN_DOUBT:
            raise ChannelDownError("the answer was lost", in_doubt=True)
        if bad and self.weather is Weather.TIMEOUT:
            raise TimeoutError
        await asyncio.sleep(0)
        return f"message-{message.key}"
