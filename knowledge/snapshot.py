"""Reads a folder once into memory, whole and consistent, so that nothing changes under the loader's hands."""

import hashlib
import os
import stat
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from knowledge.documents.reader import MAX_BYTES, SUFFIXES
from knowledge.faults import Fault

MAX_FOLDER_BYTES = 10_000_000
YAML = (".yaml", ".yml")
_ATTEMPTS = 5


@dataclass(frozen=True, slots=True)
class Snapshot:
    """The YAML files and documents of one folder: path below the folder -> bytes, with what was refused."""

    root: Path
    files: Mapping[str, bytes]
    faults: tuple[Fault, ...]

    @property
    def version(self) -> str:
        """Twelve hex digits that name this state of the folder."""
        whole = hashlib.sha256()
        for name in sorted(self.files):
            whole.update(name.encode() + b"\0" + hashlib.sha256(self.files[name]).digest())
        return whole.hexdigest()[:12]

    def shown(self, name: str) -> str:
        """Return a file's path as an admin knows it: from the name of the folder on."""
        return f"{self.root.name}/{name}"


def read_folder(root: Path) -> Snapshot:
    """Read the YAML files and documents below a folder.

    A file that is being written (its size or time moves while it is read) is read again; one that does not come to
    rest, one over 20 MB, a link that leads out of the folder, and a folder of YAML over 10 MB are faults.
    """
    files: dict[str, bytes] = {}
    faults: list[Fault] = []
    for path in _paths(root):
        # A name that is no text is shown with escapes: it must neither stop the others nor break what prints it.
        name = path.relative_to(root).as_posix().encode(errors="backslashreplace").decode()
        shown = f"{root.name}/{name}"
        if not _is_inside(path, root):
            found = "a link that leads out of the folder"
            faults.append(Fault(shown, None, found, "a file of its own", "Copy the file here in place of the link."))
            continue
        content = steady_bytes(path)
        if content is None:
            found = "the file cannot be read, or is still being written"
            faults.append(Fault(shown, None, found, "a file at rest", "Save it again, and look at who may read it."))
            continue
        if len(content) > MAX_BYTES:
            faults.append(Fault(shown, None, "the file is too large", f"at most {MAX_BYTES:,} bytes", "Move it away."))
            continue
        files[name] = content
    size = sum(len(content) for name, content in files.items() if name.endswith(YAML))
    if size > MAX_FOLDER_BYTES:
        found = f"the YAML files together have {size:,} bytes"
        faults.append(
            Fault(root.name, None, found, f"at most {MAX_FOLDER_BYTES:,}", "Move old files out of the folder.")
        )
    return Snapshot(root, files, tuple(faults))


def _paths(root: Path) -> Iterator[Path]:
    """Walk the files below a folder, and the links to folders that lead out of it, which are not followed."""
    seen: set[str] = set()
    for folder, folders, names in os.walk(root, followlinks=True):
        place = os.path.realpath(folder)
        if place in seen:  # a link to a folder around it would go round for ever
            folders.clear()
            continue
        seen.add(place)
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        outward = {name for name in folders if not _is_inside(Path(folder) / name, root)}
        yield from (Path(folder) / name for name in folders if name in outward)
        folders[:] = [name for name in folders if name not in outward]
        for name in sorted(names):
            if name.endswith((*YAML, *SUFFIXES)) and not name.startswith((".", "~$")):
                yield Path(folder) / name


def _is_inside(path: Path, root: Path) -> bool:
    return Path(os.path.realpath(path)).is_relative_to(os.path.realpath(root))


def steady_bytes(path: Path) -> bytes | None:
    """Return what a file holds, at most a byte over 20 MB, once it is at rest; None where it cannot be had."""
    for _ in range(_ATTEMPTS):
        try:
            before = path.stat()
            if not stat.S_ISREG(before.st_mode):
                return None
            with path.open("rb") as file:
                content = file.read(MAX_BYTES + 1)
            after = path.stat()
        except OSError:
            return None
        whole = len(content) == after.st_size or len(content) > MAX_BYTES
        if whole and (before.st_mtime_ns, before.st_size) == (after.st_mtime_ns, after.st_size):
            return content
    return None
