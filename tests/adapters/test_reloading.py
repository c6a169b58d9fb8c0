"""Reloading while the server runs: what is taken, what is told, and what never stops."""

import asyncio
import multiprocessing
import shutil
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest
import pytest_asyncio

from adapters.bootstrap import Signpost
from adapters.reloading import Reloader, status_of
from bot.types import Reply, Utterance
from bot.view import SchoolView
from knowledge.library import Library
from knowledge.model import School
from tests.fakes import listening
from tests.packs import edit, write_school

CONDUCT = "policies/conduct.yaml"
QUESTION = "can i accept a friend request from a pupil"


@pytest_asyncio.fixture
async def reloader(small: Signpost) -> AsyncIterator[Reloader]:
    """Return the reloader of a server over two small schools."""
    reloader = Reloader(small)
    yield reloader
    reloader.close()


async def asked(signpost: Signpost, school: str = "hillside") -> Reply:
    """Ask the same question of a school."""
    return await signpost.service.answer(Utterance("1", school, QUESTION))


def in_force(signpost: Signpost) -> dict[str, bool]:
    """Return which schools took their last change."""
    return {state.id: state.ok for state in signpost.library.states()}


async def test_an_edit_changes_the_answer(reloader: Reloader, small: Signpost, hillside: Path) -> None:
    """What was written is what staff read, under a new version."""
    before = await asked(small)
    edit(hillside / CONDUCT, "stance: must-not", "stance: should-not")
    await reloader.reload(["hillside"])
    after = await asked(small)
    assert (before.verdict or "").startswith("Not allowed")
    assert (after.verdict or "").startswith("Advised against")
    assert after.knowledge != before.knowledge


async def test_a_faulty_edit_is_told_in_the_log_with_its_line(
    reloader: Reloader, hillside: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """Who watches the server's log learns what to mend."""
    line = edit(hillside / CONDUCT, "stance: must-not", "stance: never")
    await reloader.reload(["hillside"])
    assert "hillside: the change was not taken; the last good version stays in force" in caplog.text
    assert f"hillside/policies/conduct.yaml:{line}" in caplog.text


async def test_a_question_set_that_fails_keeps_the_answers(reloader: Reloader, small: Signpost, hillside: Path) -> None:
    """A clause that loses its question is not taken, and the row is named (RS-65)."""
    before = await asked(small)
    edit(hillside / CONDUCT, "stance: must-not", "stance: should-not")
    edit(hillside / "questions.yaml", "finds: [friends-pupils]", "finds: [phones-class]")
    await reloader.reload(["hillside"])
    [state, _] = small.library.states()
    assert [(fault.file, fault.line) for fault in state.faults] == [("hillside/questions.yaml", 1)]
    assert (await asked(small)).clauses == before.clauses


async def test_a_broken_school_never_stops_the_others(reloader: Reloader, small: Signpost, hillside: Path) -> None:
    """Of two schools edited together, the sound one is taken."""
    edit(hillside / CONDUCT, "stance: must-not", "stance: never")
    edit(hillside.parent / "valley" / CONDUCT, "stance: must-not", "stance: should-not")
    await reloader.reload(None)
    assert in_force(small) == {"hillside": False, "valley": True}
    assert ((await asked(small, "valley")).verdict or "").startswith("Advised against")


async def test_a_removed_school_is_gone_and_a_new_one_there(
    reloader: Reloader, small: Signpost, hillside: Path
) -> None:
    """Schools move in and out without a restart."""
    shutil.move(hillside, hillside.with_name("ridge"))
    await reloader.reload(None)
    assert small.library.schools() == ["ridge", "valley"]


async def test_a_dead_parsing_process_is_replaced(reloader: Reloader, small: Signpost, hillside: Path) -> None:
    """A parser that was killed between two edits loses neither answers nor edits."""
    others = set(multiprocessing.active_children())
    await reloader.reload(["hillside"])
    for child in set(multiprocessing.active_children()) - others:
        child.kill()
        child.join()
    edit(hillside / CONDUCT, "stance: must-not", "stance: should-not")
    await reloader.reload(["hillside"])
    assert ((await asked(small)).verdict or "").startswith("Advised against")


async def test_a_fault_of_ours_stops_neither_the_watch_nor_the_others(
    small: Signpost, hillside: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """Whatever goes wrong with one school is logged, and the next school is taken."""

    def build(school: School) -> SchoolView:
        if school.id == "hillside":
            raise RuntimeError("a mistake in the program")
        return small.library.view(school.id)

    library = Library(small.library.folder, frozenset({"friend-pupil", "phone-in-class"}), build, lambda *_: ())
    reloader = Reloader(replace(small, library=library))
    await reloader.reload(None)
    reloader.close()
    assert library.schools() == ["valley"]
    assert "Signpost itself failed on this pack (RuntimeError)" in caplog.text


async def test_the_watch_takes_an_edit_by_itself(reloader: Reloader, small: Signpost, hillside: Path) -> None:
    """Saving the file is all an admin has to do."""
    with listening("hillside: version") as ear:
        watching = asyncio.create_task(reloader.watch())
        asyncio.get_running_loop().call_soon(edit, hillside / CONDUCT, "stance: must-not", "stance: should-not")
        await ear.heard()
    watching.cancel()
    assert ((await asked(small)).verdict or "").startswith("Advised against")


class Blind(Reloader):
    """A reloader whose machine can watch no more folders."""

    async def watch(self) -> None:
        """Fail as the system does."""
        raise OSError("OS file watch limit reached")


async def test_a_watch_that_cannot_begin_is_told(small: Signpost, caplog: pytest.LogCaptureFixture) -> None:
    """The server goes on, and the way to reload by hand is named."""
    reloader = Blind(small)
    await reloader.keep_up()
    reloader.close()
    assert "edits are not noticed (OS file watch limit reached): use `signpost kb reload`" in caplog.text


async def test_answers_stay_whole_under_a_storm_of_edits(reloader: Reloader, small: Signpost, hillside: Path) -> None:
    """Questions asked during good and broken reloads get the old answer or the new, never a mixture, never an error."""
    verdicts = {small.library.view("hillside").school.version: "Not allowed"}
    stances = {"must-not": "Not allowed", "should-not": "Advised against", "never": None}
    now, replies = "must-not", list[Reply]()
    for stance in ["never", "should-not", "never", "must-not", "should-not"] * 4:
        edit(hillside / CONDUCT, f"stance: {now}", f"stance: {stance}")
        questions = [asyncio.create_task(asked(small)) for _ in range(5)]
        await reloader.reload(["hillside"])
        replies += await asyncio.gather(*questions)
        now, version = stance, small.library.view("hillside").school.version
        verdicts[version] = stances[stance] or verdicts[version]
    assert all((reply.verdict or "").startswith(verdicts[reply.knowledge]) for reply in replies)
    assert len(replies) == 100


async def test_the_status_tells_what_is_in_force(reloader: Reloader, small: Signpost, hillside: Path) -> None:
    """The status names encoder, schools, versions, quotes and faults."""
    line = edit(hillside / CONDUCT, "stance: must-not", "stance: never")
    await reloader.reload(["hillside"])
    status = status_of(small)
    [school, valley] = status["schools"]
    assert status["encoder"].startswith("use-multilingual-3/")
    assert (school["clauses"], school["quoted"], valley["quoted"]) == (3, 2, 0)
    assert (school["last_reload_ok"], school["faults"][0]["line"]) == (False, line)


async def test_a_school_that_never_loaded_is_told_as_not_served(
    reloader: Reloader, small: Signpost, hillside: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """A new school with a mistake has no last good version to speak of."""
    edit(write_school(hillside.parents[1], "ridge") / "school.yaml", "england", "france")
    await reloader.reload(None)
    assert "ridge: not served" in caplog.text
    ridge = status_of(small)["schools"][1]
    assert (ridge["id"], ridge["served"], ridge["version"], ridge["taken_at"]) == ("ridge", False, None, None)
