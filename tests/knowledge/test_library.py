"""The live library: changed packs are taken, faulty ones are not, and answers never suffer."""

import random
import shutil
from collections.abc import Sequence
from concurrent.futures import Executor, Future
from concurrent.futures.process import BrokenProcessPool
from pathlib import Path
from typing import Any

import pytest

from knowledge.faults import Fault, Severity
from knowledge.library import Library
from knowledge.loader import KnowledgeFolder
from knowledge.model import School
from tests.packs import DOCUMENT, POLICY, TOPICS, edit, write_school

CONDUCT = "policies/conduct.yaml"
EDITS = 1_000
ODD_SIGNS = ("", "\t", ":", "- ", "[", "}", '"', "&a ", "*a", "<<: ", "\n", "\x00", "\ufeff", "\u202e", "# ", "!!")


class Shelf(Library[School]):
    """A library whose views are the schools themselves; it notes what it builds."""

    def __init__(self, root: Path, refusals: Sequence[Fault] = ()) -> None:
        """Load the schools of a folder."""
        self.built: list[str] = []
        self.refusals = list(refusals)
        self.served_while_building: list[str] = []
        super().__init__(KnowledgeFolder(root), TOPICS, self._build_view, lambda school, view: self.refusals)
        self.load()

    def _build_view(self, school: School) -> School:
        self.built.append(school.id)
        self.served_while_building += [self.view(name).clause("friends-pupils").says for name in self.schools()]
        return school

    def says(self, school: str = "hillside") -> str:
        """Return what the first clause in force says."""
        return self.view(school).clause("friends-pupils").says


class DyingExecutor(Executor):
    """An executor whose process dies of whatever it is given."""

    def submit(self, *_args: Any, **_kwargs: Any) -> "Future[Any]":
        """Return a future that has failed."""
        future: Future[Any] = Future()
        future.set_exception(BrokenProcessPool("the process ended"))
        return future


@pytest.fixture
def hillside(tmp_path: Path) -> Path:
    """Return the folder of a sound school."""
    return write_school(tmp_path)


@pytest.fixture
def shelf(tmp_path: Path, hillside: Path) -> Shelf:
    """Return a library with that school in force."""
    assert hillside.is_dir()
    return Shelf(tmp_path)


async def test_a_changed_pack_is_live_after_a_reload(shelf: Shelf, hillside: Path) -> None:
    """What an admin wrote is what staff read from the next reload on."""
    edit(hillside / CONDUCT, "says: Don't", "says: Never")
    [state] = await shelf.reload(["hillside"], None)
    assert state.ok
    assert shelf.says() == "Never be friends with a pupil on social media."


async def test_an_unchanged_pack_is_not_built_again(tmp_path: Path, shelf: Shelf) -> None:
    """A reload of everything costs only what has changed."""
    edit(write_school(tmp_path, "valley") / CONDUCT, "says: Don't", "says: Never")
    before = shelf.view("hillside")
    await shelf.reload(None, None)
    assert shelf.built == ["hillside", "valley"]
    assert shelf.view("hillside") is before


async def test_whoever_keeps_what_a_pack_says_sees_that_it_changed(
    tmp_path: Path, shelf: Shelf, hillside: Path
) -> None:
    """An edit, a new school and one that is gone each make another generation; asking makes none."""
    seen = [shelf.generation()]
    for change in (
        lambda: edit(hillside / CONDUCT, "says: Don't", "says: Never"),
        lambda: write_school(tmp_path, "valley"),
        lambda: shutil.rmtree(hillside),
    ):
        change()
        await shelf.reload(None, None)
        shelf.states()
        seen.append(shelf.generation())
    assert len(set(seen)) == 4
    assert [shelf.state(school) is None for school in ("hillside", "valley")] == [True, False]
    assert shelf.generation() == seen[-1]


async def test_an_unchanged_pack_keeps_the_time_it_was_taken(shelf: Shelf) -> None:
    """The status tells since when a version is in force, and when it was last looked at."""
    [before] = shelf.states()
    [state] = await shelf.reload(["hillside"], None)
    assert state.taken_at == before.taken_at
    assert state.tried_at > before.tried_at


@pytest.mark.parametrize(
    ("file", "old", "new", "found"),
    [
        (CONDUCT, "stance: must-not", "stance: never", '"never" is not known here'),
        (CONDUCT, "stance: must-not", "says: twice", '"says" is given twice'),
        (CONDUCT, "act: being", "akt: being", '"akt" is not a key here'),
        (CONDUCT, "[friend-pupil]", "[friend-pupils]", 'the topic "friend-pupils" is not in the catalogue'),
        (CONDUCT, "[friend-pupil]", "*friends", "an anchor or alias"),
        (CONDUCT, "says: Don't", "says: !!python/name:os.system Don't", "a tag (!)"),
        (CONDUCT, "says: Don't", "says: Don\u202e't", "an invisible character, U+202E"),
        (CONDUCT, "stance: must-not", "\tstance: must-not", "this is not YAML"),
        (CONDUCT, "id: friends-pupils", "id: conduct-about", "an id that Signpost keeps"),
        ("school.yaml", "england", "france", '"france" is not known here'),
        ("school.yaml", "name: Hillside School", "nom: Hillside School", '"nom" is not a key here'),
        ("questions.yaml", "[friends-pupils]", "[friends-parents]", 'no clause has the id "friends-parents"'),
    ],
)
async def test_a_faulty_edit_keeps_the_last_good_version(
    shelf: Shelf, hillside: Path, file: str, old: str, new: str, found: str
) -> None:
    """A fault of any kind leaves the old answers in force, and is named with its file and line."""
    before = shelf.view("hillside")
    line = edit(hillside / file, old, new)
    [state] = await shelf.reload(["hillside"], None)
    assert shelf.view("hillside") is before
    assert not state.ok
    assert any(f.found.startswith(found) and (f.file, f.line) == (f"hillside/{file}", line) for f in state.faults)


async def test_bytes_that_are_not_text_keep_the_last_good_version(shelf: Shelf, hillside: Path) -> None:
    """A file saved in an old Windows encoding is refused with the line of the first odd byte."""
    before = shelf.view("hillside")
    (hillside / CONDUCT).write_bytes(POLICY.replace("pupil on", "pupil \x93on").encode("latin-1"))
    [state] = await shelf.reload(["hillside"], None)
    assert shelf.view("hillside") is before
    assert [str(fault).split(":")[1] for fault in state.faults[:1]] == ["5"]


async def test_a_missing_school_file_keeps_the_last_good_version(shelf: Shelf, hillside: Path) -> None:
    """A folder that lost its school.yaml is told as such, and goes on answering."""
    (hillside / "school.yaml").unlink()
    [state] = await shelf.reload(["hillside"], None)
    assert shelf.schools() == ["hillside"]
    assert state.faults[0].file == "hillside/school.yaml"


async def test_two_documents_for_a_policy_keep_the_last_good_version(shelf: Shelf, hillside: Path) -> None:
    """Signpost does not choose between two wordings of one policy."""
    (hillside / "policies" / "conduct.txt").write_text(DOCUMENT, encoding="utf-8")
    [state] = await shelf.reload(["hillside"], None)
    assert not state.ok
    assert state.faults[0].found == 'a second document for the policy "conduct"'


async def test_a_mended_pack_is_taken_again(shelf: Shelf, hillside: Path) -> None:
    """Going back to the version before is a change like any other, and ends the fault."""
    edit(hillside / CONDUCT, "stance: must-not", "stance: never")
    await shelf.reload(["hillside"], None)
    edit(hillside / CONDUCT, "stance: never", "stance: must-not")
    [state] = await shelf.reload(["hillside"], None)
    assert state.ok
    assert state.faults == ()


async def test_requests_in_flight_keep_the_view_they_began_with(shelf: Shelf, hillside: Path) -> None:
    """A question that came before the reload is answered wholly from the old version."""
    view = shelf.view("hillside")
    edit(hillside / CONDUCT, "says: Don't", "says: Never")
    await shelf.reload(None, None)
    assert view.clause("friends-pupils").says.startswith("Don't")
    assert shelf.says().startswith("Never")


async def test_the_old_version_answers_while_the_new_one_is_built(shelf: Shelf, hillside: Path) -> None:
    """Nobody waits for a reload."""
    edit(hillside / CONDUCT, "says: Don't", "says: Never")
    await shelf.reload(None, None)
    assert shelf.served_while_building == ["Don't be friends with a pupil on social media."]


def test_a_first_start_with_a_broken_school_serves_the_others(tmp_path: Path) -> None:
    """One school's mistake is no other school's outage."""
    for name in ("hillside", "valley", "ridge"):
        write_school(tmp_path, name)
    edit(tmp_path / "schools" / "valley" / CONDUCT, "stance: must-not", "stance: never")
    shelf = Shelf(tmp_path)
    assert (shelf.schools(), shelf.serves_all()) == (["hillside", "ridge"], False)
    assert [(state.id, state.ok) for state in shelf.states()] == [
        ("hillside", True),
        ("ridge", True),
        ("valley", False),
    ]


def test_a_school_that_never_loaded_has_no_view(tmp_path: Path) -> None:
    """A school that is not served is asked in vain, like one that does not exist."""
    edit(write_school(tmp_path) / CONDUCT, "stance: must-not", "stance: never")
    shelf = Shelf(tmp_path)
    with pytest.raises(KeyError):
        shelf.view("hillside")
    with pytest.raises(KeyError):
        shelf.view("nowhere")


async def test_a_broken_school_never_stops_the_others_reload(tmp_path: Path, shelf: Shelf, hillside: Path) -> None:
    """Of two edits made together the sound one is taken, whatever became of the other."""
    edit(hillside / CONDUCT, "stance: must-not", "stance: never")
    write_school(tmp_path, "valley")
    states = await shelf.reload(None, None)
    assert [(state.id, state.ok) for state in states] == [("hillside", False), ("valley", True)]
    assert shelf.schools() == ["hillside", "valley"]


async def test_a_school_broken_from_the_start_is_served_once_it_is_mended(tmp_path: Path, hillside: Path) -> None:
    """No restart is needed after the first mistake."""
    edit(hillside / CONDUCT, "stance: must-not", "stance: never")
    shelf = Shelf(tmp_path)
    edit(hillside / CONDUCT, "stance: never", "stance: must-not")
    await shelf.reload(None, None)
    assert shelf.schools() == ["hillside"]


async def test_a_question_set_that_fails_keeps_the_old_version(shelf: Shelf, hillside: Path) -> None:
    """A change that loses an answer the school relies on is not taken."""
    shelf.refusals = [Fault("hillside/questions.yaml", 1, "no_match", "answer", "Mend the clause.")]
    edit(hillside / CONDUCT, "says: Don't", "says: Never")
    [state] = await shelf.reload(None, None)
    assert not state.ok
    assert state.faults == tuple(shelf.refusals)
    assert shelf.says().startswith("Don't")


async def test_a_warning_is_told_and_the_version_taken(shelf: Shelf, hillside: Path) -> None:
    """What is merely untidy does not hold a change up."""
    shelf.refusals = [Fault("hillside/questions.yaml", 1, "passes", "fails", "Tidy up.", Severity.WARNING)]
    edit(hillside / CONDUCT, "says: Don't", "says: Never")
    [state] = await shelf.reload(None, None)
    assert state.ok
    assert state.faults == tuple(shelf.refusals)
    assert shelf.says().startswith("Never")


@pytest.mark.parametrize("named", [["hillside"], None])
async def test_a_removed_school_is_served_no_more(shelf: Shelf, hillside: Path, named: list[str] | None) -> None:
    """A school whose folder was taken away is gone, from the answers and from the status."""
    shutil.rmtree(hillside)
    assert await shelf.reload(named, None) == []
    assert shelf.schools() == []
    assert shelf.states() == []


async def test_a_new_school_folder_is_taken(tmp_path: Path, shelf: Shelf) -> None:
    """A school that moves in is served without a restart."""
    write_school(tmp_path, "valley")
    await shelf.reload(["valley"], None)
    assert shelf.schools() == ["hillside", "valley"]


async def test_a_reload_of_one_school_leaves_the_others_alone(tmp_path: Path, shelf: Shelf, hillside: Path) -> None:
    """Only the named schools are read."""
    edit(hillside / CONDUCT, "stance: must-not", "stance: never")
    write_school(tmp_path, "valley")
    await shelf.reload(["valley"], None)
    assert all(state.ok for state in shelf.states())


async def test_a_parsing_process_that_dies_keeps_the_last_good_version(shelf: Shelf, hillside: Path) -> None:
    """A pack that kills its parser is told as a fault of that school, and answers go on."""
    edit(hillside / CONDUCT, "says: Don't", "says: Never")
    [state] = await shelf.reload(["hillside"], DyingExecutor())
    assert not state.ok
    assert state.faults[0].found == "reading it ended the process that reads packs"
    assert shelf.says().startswith("Don't")


def _breakage(rng: random.Random) -> str:
    """Break a policy file as slips, merges and bad saves do."""
    start = rng.randrange(len(POLICY))
    end = min(len(POLICY), start + rng.randrange(40))
    odd = rng.choice(ODD_SIGNS)
    lines = POLICY.splitlines(keepends=True)
    return rng.choice(
        [
            POLICY[:start],
            POLICY[start:],
            POLICY[:start] + odd + POLICY[end:],
            POLICY[:start] + POLICY[start:end] * 2 + POLICY[end:],
            "".join(rng.sample(lines, len(lines))),
        ]
    )


async def test_a_thousand_broken_edits_never_change_an_answer(shelf: Shelf, hillside: Path) -> None:
    """Whatever happens to a file, either the whole new pack is sound or the old one stays; nothing is ever raised."""
    rng = random.Random(2026)  # noqa: S311 - a seed, so that a failure can be repeated
    refused = 0
    for _ in range(EDITS):
        before = shelf.view("hillside")
        (hillside / CONDUCT).write_text(_breakage(rng), encoding="utf-8")
        [state] = await shelf.reload(["hillside"], None)
        refused += not state.ok
        assert state.ok or (shelf.view("hillside") is before and state.faults)
        assert all(fault.file.startswith("hillside/") for fault in state.faults)
    assert refused > EDITS / 2


def _stumble(school: School) -> School:
    if school.clause("friends-pupils").says.startswith("Never"):
        raise RuntimeError("our own mistake")
    return school


def _stumbling_check(school: School, _view: School) -> list[Fault]:
    _stumble(school)
    return []


_BUILDS = {"build": _stumble, "check": lambda school: school}
_CHECKS = {"build": lambda _school, _view: [], "check": _stumbling_check}


@pytest.mark.parametrize("step", ["build", "check"])
async def test_a_pack_that_makes_us_fail_is_a_fault_of_that_school_alone(
    tmp_path: Path, hillside: Path, step: str
) -> None:
    """Where Signpost itself fails on one pack, its last good version stays and the others are taken."""
    library = Library(KnowledgeFolder(tmp_path), TOPICS, _BUILDS[step], _CHECKS[step])
    library.load()
    edit(hillside / CONDUCT, "says: Don't", "says: Never")
    write_school(tmp_path, "valley")
    hill, valley = await library.reload(None, None)
    assert (hill.ok, valley.ok, library.schools()) == (False, True, ["hillside", "valley"])
    assert [fault.found for fault in hill.faults] == ["Signpost itself failed on this pack (RuntimeError)"]
    assert library.view("hillside").clause("friends-pupils").says.startswith("Don't")


def test_a_pack_that_makes_us_fail_at_the_start_stops_no_other(tmp_path: Path, hillside: Path) -> None:
    """The first start serves whoever can be served."""
    edit(hillside / CONDUCT, "says: Don't", "says: Never")
    write_school(tmp_path, "valley")
    library = Library(KnowledgeFolder(tmp_path), TOPICS, _stumble, _CHECKS["build"])
    library.load()
    assert library.schools() == ["valley"]


@pytest.mark.parametrize("named", [["hillside"], None])
async def test_a_schools_folder_that_vanishes_leaves_every_school_in_force(
    tmp_path: Path, shelf: Shelf, named: list[str] | None
) -> None:
    """A folder that is being moved takes nobody's answers away."""
    (tmp_path / "schools").rename(tmp_path / "moved")
    assert await shelf.reload(named, None) == []
    assert shelf.schools() == ["hillside"]
    assert [state.ok for state in shelf.states()] == [True]
