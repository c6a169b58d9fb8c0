"""Loads the packs of a knowledge folder: each school for itself, so that a broken one never stops the others.

`topics` and `categories` are the ids that the catalogue has; without categories their names are not checked.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from knowledge.assembly import assemble
from knowledge.catalogue_loader import read_catalogue
from knowledge.faults import Fault, errors_of
from knowledge.model import Catalogue, School
from knowledge.pack import Pack, read_pack
from knowledge.references import reference_faults
from knowledge.route_checks import route_faults
from knowledge.snapshot import YAML, Snapshot, read_folder

SHIPPED = Path(__file__).parent


@dataclass(frozen=True, slots=True)
class Loaded:
    """What became of one school's folder: the school where it has no errors, and every fault."""

    id: str
    school: School | None
    faults: tuple[Fault, ...]
    version: str


@dataclass(frozen=True, slots=True)
class KnowledgeFolder:
    """Where packs are read from: the shipped ones, or a folder with schools/, trust/ and perhaps catalogue/."""

    root: Path = SHIPPED

    @property
    def schools(self) -> Path:
        """The folder with a folder for each school."""
        return self.root / "schools"

    def school_ids(self) -> list[str]:
        """List the schools there are, by the names of their folders."""
        if not self.schools.is_dir():
            return []
        return sorted(path.name for path in self.schools.iterdir() if path.is_dir() and path.name[0] not in "._")

    def catalogue_folders(self) -> list[Path]:
        """List the folders the catalogue is read from: the shipped one, then what this folder adds."""
        return [path for path in dict.fromkeys([SHIPPED / "catalogue", self.root / "catalogue"]) if path.is_dir()]


def load_catalogue(folder: KnowledgeFolder) -> Catalogue:
    """Read the catalogue. Raises PackError with every fault."""
    return read_catalogue([read_folder(path) for path in folder.catalogue_folders()])


def load_schools(
    folder: KnowledgeFolder, topics: frozenset[str], categories: frozenset[str] | None = None
) -> Iterator[Loaded]:
    """Load every school of a folder, one at a time."""
    trust = read_trust(folder)
    for school_id in folder.school_ids():
        yield load_school(folder, school_id, topics, trust, categories)


def load_one(
    folder: KnowledgeFolder, school_id: str, topics: frozenset[str], categories: frozenset[str] | None = None
) -> Loaded:
    """Load one school with the trust folder it inherits from; fit to run in another process."""
    return load_school(folder, school_id, topics, read_trust(folder), categories)


def read_trust(folder: KnowledgeFolder) -> Pack | None:
    """Read the trust folder, where there is one."""
    snapshot = read_folder(folder.root / "trust")
    there = snapshot.faults or any(name.endswith(YAML) for name in snapshot.files)
    return read_pack(snapshot) if there else None


def load_school(
    folder: KnowledgeFolder,
    school_id: str,
    topics: frozenset[str],
    trust: Pack | None,
    categories: frozenset[str] | None = None,
) -> Loaded:
    """Read, validate wholly and build one school. Never raises for bad content."""
    return build_school(read_folder(folder.schools / school_id), topics, trust, categories)


def build_school(
    snapshot: Snapshot, topics: frozenset[str], trust: Pack | None, categories: frozenset[str] | None = None
) -> Loaded:
    """Build one school from a snapshot of its folder."""
    pack = read_pack(snapshot)
    shared = [*trust.faults, *reference_faults(trust, topics, None)] if trust else []
    faults = [*shared, *pack.faults, *reference_faults(pack, topics, trust)]
    faults += route_faults(pack, trust, categories, datetime.now(UTC).date())
    if errors_of(faults) or pack.school is None:
        return Loaded(pack.id, None, tuple(faults), pack.version)
    school, more = assemble(pack, trust)
    faults += more
    return Loaded(pack.id, None if errors_of(faults) else school, tuple(faults), pack.version)
