"""Notices that packs were edited, and says which schools they belong to."""

from collections.abc import AsyncGenerator
from pathlib import Path

from watchfiles import Change, awatch

from knowledge.loader import KnowledgeFolder

_SETTLE_MS = 100
_STEP_MS = 50


async def edits(folder: KnowledgeFolder) -> AsyncGenerator[set[str] | None, None]:
    """Yield the ids of the schools whose files changed, each time some did; None when the trust folder did."""
    watched = [path for path in (folder.schools, folder.root / "trust") if path.is_dir()]
    async for changes in awatch(*watched, watch_filter=_matters, debounce=_SETTLE_MS, step=_STEP_MS):
        yield _schools_of(folder, {Path(path) for _, path in changes})


def _matters(_change: Change, path: str) -> bool:
    """Pass over what editors leave beside a file. watchfiles' own filter would drop whatever lies below a .venv."""
    return not Path(path).name.startswith((".", "~$"))


def _schools_of(folder: KnowledgeFolder, paths: set[Path]) -> set[str] | None:
    root = folder.schools.resolve()
    schools: set[str] = set()
    for path in paths:
        try:
            schools.add(path.resolve().relative_to(root).parts[0])
        except (ValueError, IndexError):
            return None
    return schools
