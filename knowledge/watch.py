"""Notices that packs were edited, and says which schools they belong to."""

from collections.abc import AsyncGenerator
from pathlib import Path

from watchfiles import Change, awatch

from knowledge.loader import KnowledgeFolder

_SETTLE_MS = 100
_STEP_MS = 50


async def edits(folder: KnowledgeFolder) -> AsyncGenerator[set[str] | None, None]:
    """Yield the ids of the schools whose files changed, each time some did; None when the trust folder did.

    The root is watched, so that a schools/ or trust/ that is put in place whole, or later, is noticed too.
    """
    async for changes in awatch(folder.root, watch_filter=_matters, debounce=_SETTLE_MS, step=_STEP_MS):
        schools = _schools_of(folder, {path for _, path in changes})
        if schools is None or schools:
            yield schools


def _matters(_change: Change, path: str) -> bool:
    """Pass over what editors leave beside a file. watchfiles' own filter would drop whatever lies below a .venv."""
    return not Path(path).name.startswith((".", "~$"))


def _schools_of(folder: KnowledgeFolder, changed: set[str]) -> set[str] | None:
    paths = {Path(path).resolve() for path in changed}
    schools, trust = folder.schools.resolve(), (folder.root / "trust").resolve()
    if any(path == schools or path.is_relative_to(trust) for path in paths):
        return None
    return {path.relative_to(schools).parts[0] for path in paths if path.is_relative_to(schools)}
