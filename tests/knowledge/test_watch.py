"""The watch over the packs: which school an edit belongs to."""

import asyncio
import shutil
from collections.abc import Callable
from contextlib import aclosing
from pathlib import Path

import pytest

from knowledge.loader import KnowledgeFolder
from knowledge.watch import edits
from tests.packs import POLICY, SCHOOL, edit, write_school


async def noticed_after(root: Path, change: Callable[[], object]) -> set[str] | None:
    """Begin to watch, then make a change; return what is noticed first."""
    async with asyncio.timeout(60), aclosing(edits(KnowledgeFolder(root))) as watching:
        noticed = asyncio.ensure_future(anext(watching))
        asyncio.get_running_loop().call_soon(change)  # runs after the watch has begun
        return await noticed


@pytest.fixture
def conduct(tmp_path: Path) -> Path:
    """Return the policy file of a school that has a neighbour."""
    write_school(tmp_path, "valley")
    return write_school(tmp_path) / "policies" / "conduct.yaml"


async def test_an_edit_by_atomic_rename_names_its_school(tmp_path: Path, conduct: Path) -> None:
    """Editors that write beside the file and rename are noticed."""
    assert await noticed_after(tmp_path, lambda: edit(conduct, "Don't", "Never")) == {"hillside"}


async def test_an_edit_by_plain_write_names_its_school(tmp_path: Path, conduct: Path) -> None:
    """Editors that write into the file are noticed."""
    assert await noticed_after(tmp_path, lambda: conduct.write_text(POLICY + "\n")) == {"hillside"}


@pytest.mark.usefixtures("conduct")
async def test_a_new_school_is_noticed(tmp_path: Path) -> None:
    """A folder that is put beside the others is named."""
    assert await noticed_after(tmp_path, lambda: write_school(tmp_path, "ridge")) == {"ridge"}


async def test_a_removed_school_is_noticed(tmp_path: Path, conduct: Path) -> None:
    """A folder that is taken away is named."""
    assert await noticed_after(tmp_path, lambda: shutil.rmtree(conduct.parents[1])) == {"hillside"}


@pytest.mark.usefixtures("conduct")
async def test_an_edit_of_the_trust_concerns_every_school(tmp_path: Path) -> None:
    """What all schools inherit is named by None."""
    (tmp_path / "trust").mkdir()
    assert await noticed_after(tmp_path, lambda: (tmp_path / "trust" / "school.yaml").write_text(SCHOOL)) is None


async def test_a_trust_folder_that_comes_later_is_noticed(tmp_path: Path, conduct: Path) -> None:
    """Schools that join a trust need no restart."""
    trust = conduct.parents[1] / "trust"

    def change() -> None:
        trust.mkdir()
        (trust / "school.yaml").write_text(SCHOOL)
        trust.rename(tmp_path / "trust")

    assert await noticed_after(tmp_path, change) is None


async def test_packs_that_are_exchanged_as_a_whole_are_watched_on(tmp_path: Path, conduct: Path) -> None:
    """A deployment that puts a new schools/ in place is noticed, and so are edits in it."""
    schools = tmp_path / "schools"

    def exchange() -> None:
        shutil.copytree(schools, tmp_path / "coming")
        schools.rename(tmp_path / "old")
        (tmp_path / "coming").rename(schools)

    async with asyncio.timeout(60), aclosing(edits(KnowledgeFolder(tmp_path))) as watching:
        noticed = asyncio.ensure_future(anext(watching))
        asyncio.get_running_loop().call_soon(exchange)
        assert await noticed is None
        edit(conduct, "Don't", "Never")
        while await anext(watching) != {"hillside"}:
            pass  # what is left of the exchange


async def test_what_lies_beside_the_packs_is_passed_over(tmp_path: Path, conduct: Path) -> None:
    """A note beside schools/ is no edit; a real edit is named alone."""

    def change() -> None:
        (tmp_path / "notes.txt").write_text("a note")
        edit(conduct, "Don't", "Never")

    assert await noticed_after(tmp_path, change) == {"hillside"}


async def test_what_editors_leave_beside_a_file_is_passed_over(tmp_path: Path, conduct: Path) -> None:
    """A swap file of one school is no edit; a real edit of another is named alone."""

    def change() -> None:
        (conduct.parent / ".conduct.yaml.swp").write_text("swap")
        (tmp_path / "schools" / "valley" / "school.yaml").write_text(SCHOOL + "\n")

    assert await noticed_after(tmp_path, change) == {"valley"}


async def test_packs_below_a_virtual_environment_are_watched(tmp_path: Path) -> None:
    """Where the packs lie does not matter: an edit below a .venv is noticed too."""
    conduct = write_school(tmp_path / ".venv") / "policies" / "conduct.yaml"
    assert await noticed_after(tmp_path / ".venv", lambda: edit(conduct, "Don't", "Never")) == {"hillside"}
