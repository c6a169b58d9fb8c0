"""What tests of the edges share: a Signpost over two small schools that a test may edit."""

from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from adapters.bootstrap import Signpost
from tests.fakes import signpost_over
from tests.packs import write_school


@pytest.fixture
def hillside(tmp_path: Path) -> Path:
    """Return the folder of a school with a document; it has a neighbour without one."""
    write_school(tmp_path / "ours", "valley", document=None)
    return write_school(tmp_path / "ours")


@pytest.fixture
def state() -> Iterator[Path]:
    """Return an empty state folder, under a name short enough for a socket."""
    with TemporaryDirectory(prefix="signpost-") as folder:
        yield Path(folder)


@pytest.fixture
def small(hillside: Path, signpost: Signpost, state: Path) -> Signpost:
    """Return Signpost over those two schools, with a state folder of its own."""
    return signpost_over(hillside.parents[1], signpost, state)
