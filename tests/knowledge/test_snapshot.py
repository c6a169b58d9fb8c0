"""Reading a folder once, whole and consistent: RS-61 and RS-68."""

import os
import re
import threading
from pathlib import Path

import pytest

from knowledge.documents.reader import MAX_BYTES
from knowledge.snapshot import MAX_FOLDER_BYTES, read_folder, steady_bytes
from tests.knowledge.builders import SCHOOL, load, seconds, told, write

FIRST, SECOND = b"first: 1\n" * 50_000, b"the second: 2\n" * 30_000


def _names(folder: Path) -> list[str]:
    return list(read_folder(folder).files)


def test_yaml_and_documents_are_read(tmp_path: Path) -> None:
    """The YAML files and documents of a folder are read, by their paths below it, in order."""
    write(tmp_path, {"school.yaml": "a", "policies/b.yml": "b", "policies/b.docx": "c", "policies/a.md": "d"})
    snapshot = read_folder(tmp_path)
    assert dict(snapshot.files) == {
        "school.yaml": b"a",
        "policies/a.md": b"d",
        "policies/b.docx": b"c",
        "policies/b.yml": b"b",
    }
    assert snapshot.faults == ()


@pytest.mark.parametrize(
    "name",
    [".hidden.yaml", "~$phones.docx", ".git/a.yaml", "policies/.trash/a.yaml", "photo.jpg", "a.yaml~", "a.yaml.swp"],
)
def test_what_editors_leave_behind_is_not_read(tmp_path: Path, name: str) -> None:
    """Hidden files, Word's lock files, backups and other formats are passed over."""
    assert _names(write(tmp_path, {name: "x"})) == []


def test_folder_that_is_not_there_is_empty(tmp_path: Path) -> None:
    """A folder that is missing holds nothing; what it lacks is told by those who need it."""
    snapshot = read_folder(tmp_path / "gone")
    assert (dict(snapshot.files), snapshot.faults) == ({}, ())


def test_paths_are_shown_from_the_name_of_the_folder_on(tmp_path: Path) -> None:
    """An admin knows a file by its school."""
    assert read_folder(tmp_path / "hilltop").shown("policies/a.yaml") == "hilltop/policies/a.yaml"


def test_version_changes_with_any_byte_and_any_name(tmp_path: Path) -> None:
    """RS-65: the version names the state of the files: the same files have the same, any change another."""
    states = [{"a.yaml": "1"}, {"a.yaml": "2"}, {"b.yaml": "1"}, {"a.yaml": "1", "b.yaml": ""}]
    versions = [read_folder(write(tmp_path / str(n), state)).version for n, state in enumerate([*states, states[0]])]
    assert len(set(versions)) == 4
    assert versions[0] == versions[-1]
    assert all(re.fullmatch("[0-9a-f]{12}", version) for version in versions)


def test_link_out_of_the_folder_is_refused(tmp_path: Path) -> None:
    """RS-68: a link that leads out of the folder is a fault and is not read."""
    write(tmp_path, {"secret.yaml": "password: x", "hilltop/school.yaml": SCHOOL})
    (tmp_path / "hilltop" / "more.yaml").symlink_to(tmp_path / "secret.yaml")
    snapshot = read_folder(tmp_path / "hilltop")
    assert list(snapshot.files) == ["school.yaml"]
    assert told(snapshot.faults) == [
        "hilltop/more.yaml: a link that leads out of the folder. Expected: a file of its own. "
        "Copy the file here in place of the link."
    ]


def test_folder_that_is_a_link_out_is_refused(tmp_path: Path) -> None:
    """RS-68: a policies folder that is a link to elsewhere is a fault, not an empty pack."""
    write(tmp_path, {"elsewhere/a.yaml": "x", "hilltop/school.yaml": SCHOOL})
    (tmp_path / "hilltop" / "policies").symlink_to(tmp_path / "elsewhere")
    snapshot = read_folder(tmp_path / "hilltop")
    assert list(snapshot.files) == ["school.yaml"]
    assert [fault.file for fault in snapshot.faults] == ["hilltop/policies"]


def test_link_that_climbs_out_in_its_path_is_refused(tmp_path: Path) -> None:
    """RS-68: it is where a link ends that counts, not how it is written; a folder with a like name is outside."""
    write(tmp_path, {"hilltop-two/a.yaml": "x", "hilltop/school.yaml": SCHOOL})
    (tmp_path / "hilltop" / "a.yaml").symlink_to("../hilltop/../hilltop-two/a.yaml")
    assert len(read_folder(tmp_path / "hilltop").faults) == 1


def test_links_inside_the_folder_are_followed(tmp_path: Path) -> None:
    """Kubernetes mounts files and folders as links into a hidden folder beside them."""
    write(tmp_path, {"..data/school.yaml": SCHOOL, "..data/policies/a.yaml": "x"})
    (tmp_path / "school.yaml").symlink_to("..data/school.yaml")
    (tmp_path / "policies").symlink_to("..data/policies")
    snapshot = read_folder(tmp_path)
    assert (list(snapshot.files), snapshot.faults) == (["school.yaml", "policies/a.yaml"], ())


def test_link_to_a_folder_around_it_ends(tmp_path: Path) -> None:
    """RS-68: a folder that links to itself is read once."""
    write(tmp_path, {"school.yaml": SCHOOL, "policies/a.yaml": "x"})
    (tmp_path / "policies" / "again").symlink_to(tmp_path)
    assert _names(tmp_path) == ["school.yaml", "policies/a.yaml"]


@pytest.mark.parametrize("target", ["loop.yaml", "gone.yaml"])
def test_link_to_nowhere_is_a_fault(tmp_path: Path, target: str) -> None:
    """RS-66, RS-68: a link to itself or to nothing is told, and is no exception that would stop every school."""
    (write(tmp_path / "hilltop", {}) or tmp_path).mkdir()
    (tmp_path / "hilltop" / "loop.yaml").symlink_to(target)
    assert told(read_folder(tmp_path / "hilltop").faults) == [
        "hilltop/loop.yaml: the file cannot be read, or is still being written. Expected: a file at rest. "
        "Save it again, and look at who may read it."
    ]


def test_pipe_is_refused_and_never_waited_for(tmp_path: Path) -> None:
    """RS-61: a named pipe would be read for ever: it is a fault at once."""
    os.mkfifo(tmp_path / "a.yaml")
    assert seconds(lambda: read_folder(tmp_path)) < 5
    assert len(read_folder(tmp_path).faults) == 1


def test_huge_file_is_never_read_whole(tmp_path: Path) -> None:
    """RS-61: a file of gigabytes is refused at the cap, before it fills the memory."""
    with (tmp_path / "a.yaml").open("wb") as file:
        file.truncate(20_000_000_000)
    snapshot = read_folder(tmp_path)
    assert told(snapshot.faults) == [
        f"{tmp_path.name}/a.yaml: the file is too large. Expected: at most {MAX_BYTES:,} bytes. Move it away."
    ]


def test_folder_of_too_much_yaml_is_refused(tmp_path: Path) -> None:
    """RS-61: ten million bytes of YAML are a school, one more are not; documents do not count."""
    write(tmp_path / "hilltop", {"a.yaml": b"#" * MAX_FOLDER_BYTES, "a.docx": b"x" * 1_000})
    assert read_folder(tmp_path / "hilltop").faults == ()
    write(tmp_path / "hilltop", {"b.yml": b"#"})
    assert told(read_folder(tmp_path / "hilltop").faults) == [
        "hilltop: the YAML files together have 10,000,001 bytes. Expected: at most 10,000,000. "
        "Move old files out of the folder."
    ]


def test_name_that_is_no_text_is_shown_with_escapes(tmp_path: Path) -> None:
    """RS-66: a file name in another encoding is one fault of its school, not an exception that stops them all."""
    folder = write(tmp_path / "schools" / "hilltop", {"school.yaml": SCHOOL})
    (folder / os.fsdecode(b"caf\xe9.yaml")).write_text("x")
    loaded = load(tmp_path, {"schools/dale/school.yaml": SCHOOL})
    assert loaded["dale"].school
    assert [fault.file for fault in loaded["hilltop"].faults] == ["hilltop/caf\\udce9.yaml"]


def test_file_at_rest_is_read_once(tmp_path: Path) -> None:
    """RS-68: a file that does not move is read as it is, an empty one too."""
    write(tmp_path, {"a.yaml": FIRST, "b.yaml": b""})
    assert steady_bytes(tmp_path / "a.yaml") == FIRST
    assert steady_bytes(tmp_path / "b.yaml") == b""


def test_file_that_does_not_come_to_rest_is_given_up() -> None:
    """RS-68: a file whose size never agrees with what was read is given up after a few tries."""
    restless = Path("/proc/self/status")
    if not restless.is_file():
        pytest.skip("needs a file whose size is not what it holds")
    assert steady_bytes(restless) is None


def test_file_that_changes_while_read_is_whole_or_a_fault(tmp_path: Path) -> None:
    """RS-68: while a writer replaces a file again and again, every read is one of its states, whole."""
    path, done = write(tmp_path, {"a.yaml": FIRST}) / "a.yaml", threading.Event()

    def replace_often() -> None:
        for content in [SECOND, FIRST] * 100:
            new = tmp_path / ".new"
            new.write_bytes(content)
            new.replace(path)
        done.set()

    writer = threading.Thread(target=replace_often)
    writer.start()
    seen = set()
    while not done.is_set():
        seen.add(steady_bytes(path))
    writer.join()
    assert seen <= {FIRST, SECOND, None}
    assert steady_bytes(path) == FIRST
