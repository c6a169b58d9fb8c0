"""Reloading while the server runs, and the status it reports."""

import asyncio
import logging
import signal
from collections.abc import Iterable, Sequence
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from multiprocessing import get_context
from typing import Any

from adapters.bootstrap import Signpost
from bot.view import SchoolView
from knowledge.faults import Fault
from knowledge.library import SchoolState
from knowledge.watch import edits

_log = logging.getLogger("signpost.reload")


class Reloader:
    """Takes changed packs, parsing them in a process of its own; a parser that dies takes nothing else with it."""

    def __init__(self, signpost: Signpost) -> None:
        self._signpost = signpost
        self._pool = _new_pool()

    async def reload(self, schools: Iterable[str] | None) -> None:
        """Reload some schools, all for None; the outcome is logged and stands in the status."""
        library = self._signpost.library
        everything = {*library.folder.school_ids(), *(state.id for state in library.states())}
        for school in sorted(everything if schools is None else set(schools)):
            try:
                tried = await library.reload([school], await self._living_pool())
            except Exception as error:  # noqa: BLE001 - a watch that ends here would silently take no change any more
                _log.error("%s: the change was not taken, for a fault of ours: %s", school, type(error).__name__)
                continue
            for state in tried:
                _log_outcome(state)

    async def check(self, school: str) -> Sequence[Fault]:
        """Return everything that is wrong with a school's files as they are now, and take nothing."""
        return (await self._signpost.library.read(school, await self._living_pool())).faults

    async def keep_up(self) -> None:
        """Take what was edited since the start, and what is edited from now on, until cancelled.

        A watch that cannot begin leaves changes to `kb reload`, and says so.
        """
        try:
            async with asyncio.TaskGroup() as group:
                group.create_task(self.watch())  # begins first, so that no edit falls between the two
                group.create_task(self.reload(None))
        except* OSError as error:
            _log.warning("edits are not noticed (%s): use `signpost kb reload`", error.exceptions[0])

    async def watch(self) -> None:
        """Reload what is edited, until cancelled."""
        async for schools in edits(self._signpost.library.folder):
            await self.reload(schools)

    async def _living_pool(self) -> ProcessPoolExecutor:
        """Return the parsing process, a new one where it has died."""
        try:
            await asyncio.get_running_loop().run_in_executor(self._pool, _ready)
        except BrokenProcessPool:
            self._pool = _new_pool()
        return self._pool

    def close(self) -> None:
        """Stop the parsing process."""
        self._pool.shutdown(wait=False, cancel_futures=True)


def _new_pool() -> ProcessPoolExecutor:
    return ProcessPoolExecutor(max_workers=1, mp_context=get_context("spawn"), initializer=_ignore_interrupts)


def _ignore_interrupts() -> None:
    """Leave Ctrl+C, which a terminal sends to every process, to the server."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)


def _ready() -> None:
    """Answer, from the parsing process, that it is there."""


def _log_outcome(state: SchoolState[SchoolView]) -> None:
    if state.ok:
        version = state.school.version if state.school else "-"
        _log.info("%s: version %s is in force", state.id, version)
        return
    kept = "the change was not taken; the last good version stays in force" if state.view else "not served"
    _log.warning("%s: %s", state.id, kept)
    for fault in state.faults:
        _log.warning("  %s", fault)


def status_of(signpost: Signpost) -> dict[str, Any]:
    """Return the status as a JSON object: the encoder, and each school with its version and faults."""
    return {
        "encoder": signpost.encoder.identity(),
        "encoder_fault": signpost.encoder_fault,
        "vectors": len(signpost.shared.store),
        "topics": len(signpost.shared.catalogue.topics),
        "schools": [school_status(state) for state in signpost.library.states()],
    }


def school_status(state: SchoolState[SchoolView]) -> dict[str, Any]:
    """Return one school's status as a JSON object."""
    school = state.school
    clauses = [clause for policy in school.policies for clause in policy.clauses] if school else []
    return {
        "id": state.id,
        "name": school.name if school else None,
        "version": school.version if school else None,
        "served": state.view is not None,
        "clauses": len(clauses),
        "quoted": sum(1 for clause in clauses if clause.quote),
        "taken_at": state.taken_at.isoformat(timespec="seconds") if state.taken_at else None,
        "last_reload_ok": state.ok,
        "last_reload_at": state.tried_at.isoformat(timespec="seconds"),
        "faults": [fault.as_dict() for fault in state.faults],
    }
