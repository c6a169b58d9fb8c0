"""Notices that packs were edited, and says which schools they belong to."""

from collections.abc import AsyncGenerator
from functools import partial
from pathlib import Path

from watchfiles import Change, awatch

from knowledge.loader import KnowledgeFolder

_SETTLE_MS = 100
_STEP_MS = 50


async def edits(folder: KnowledgeFolder) -> AsyncGenerator[set[str] | None, None]:
    """Yield the ids of the schools whose files changed, each time some did; None when the trust folder did.

    The root is watched, so that a schools/ or trust/ that is put in place whole, or later, is noticed too.
    """
    root = folder.root.resolve()
    async for changes in awatch(root, watch_filter=partial(_matters, root), debounce=_SETTLE_MS, step=_STEP_MS):
        yield _schools_of(root, {path for _, path in changes})


def _matters(root: Path, _change: Change, path: str) -> bool:
    """Pass over what lies beside schools/ and trust/, and what editors leave beside a file.

    watchfiles' own filter would drop whatever lies below a .venv.
    """
    below = Path(path).relative_to(root).parts
    return below[:1] in {("schools",), ("trust",)} and not below[-1].startswith((".", "~$"))


def _schools_of(root: Path, changed: set[str]) -> set[str] | None:
    below = [Path(path).relative_to(root).parts for path in changed]
    if all(len(parts) > 1 and parts[0] == "schools" for parts in below):
        return {parts[1] for parts in below}
    return None
