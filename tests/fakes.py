"""Stand-ins for what is slow or moves by itself. They keep the promises of what they stand for."""

import asyncio
import logging
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import date
from functools import cached_property
from pathlib import Path

from adapters.bootstrap import PolicyIndexes, Signpost
from adapters.cli.session import Session
from adapters.question_faults import question_faults
from adapters.settings import Settings
from bot.matching.lexical import LexicalEncoder
from bot.ports import Vectors
from bot.service import Service
from knowledge.library import Library
from knowledge.loader import KnowledgeFolder

TODAY = date(2026, 11, 2)


class FixedClock:
    """A clock that stands still."""

    def today(self) -> date:
        """Return the same date for ever."""
        return TODAY


class CountingEncoder:
    """The lexical encoder, which is quick, noting what it was given. `identity` names its weights."""

    def __init__(self, identity: str = "lexical/1") -> None:
        """Begin with nothing encoded."""
        self.encoded: list[str] = []
        self._identity = identity
        self._lexical = LexicalEncoder()

    def identity(self) -> str:
        """Name the encoder."""
        return self._identity

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Return one row of unit length for each text."""
        self.encoded += texts
        return self._lexical.encode(texts)


class ReadySession(Session):
    """A run of the command line whose Signpost is already built."""

    def __init__(self, ready: Signpost) -> None:
        """Take the Signpost, with its settings."""
        super().__init__(None, {})
        self._ready = ready

    @cached_property
    def settings(self) -> Settings:
        """The settings in force."""
        settings = self._ready.settings
        return replace(settings, port=int(self._overrides.get("port") or settings.port))

    @cached_property
    def signpost(self) -> Signpost:
        """Signpost, with those settings."""
        return replace(self._ready, settings=self.settings)


class Ear(logging.Handler):
    """Listens to a log, so that a test can await a line instead of sleeping."""

    def __init__(self, words: str) -> None:
        """Wait for a line that holds these words."""
        super().__init__()
        self._words = words
        self._loop = asyncio.get_running_loop()
        self._heard = asyncio.Event()

    def emit(self, record: logging.LogRecord) -> None:
        """Look at a line; it may come from any thread."""
        if self._words in record.getMessage():
            self._loop.call_soon_threadsafe(self._heard.set)

    async def heard(self) -> None:
        """Return once the line came."""
        async with asyncio.timeout(60):
            await self._heard.wait()


@contextmanager
def listening(words: str) -> Iterator[Ear]:
    """Listen to the log of reloads, for a line with these words."""
    log, ear = logging.getLogger("signpost.reload"), Ear(words)
    level = log.level
    log.addHandler(ear)
    log.setLevel(logging.INFO)
    yield ear
    log.setLevel(level)
    log.removeHandler(ear)


def signpost_over(root: Path, base: Signpost, state: Path, default_school: str | None = None) -> Signpost:
    """Wire a Signpost over another folder, with what takes long to make taken from one that is ready."""
    decider, shared = base.service.decider, base.shared
    library = Library(
        KnowledgeFolder(root),
        frozenset(topic.id for topic in shared.catalogue.topics),
        PolicyIndexes(shared).view_of,
        lambda school, view: question_faults(school, view, decider, TODAY),
    )
    library.load()
    settings = Settings(root, state, default_school, 0)
    return replace(base, settings=settings, library=library, service=Service(library, decider, FixedClock()))
