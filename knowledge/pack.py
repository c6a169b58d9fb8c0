"""One pack as its files say it: parsed and shaped, not yet checked across files."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import PurePosixPath

from knowledge.documents.reader import SUFFIXES, read_document
from knowledge.errors import DocumentError
from knowledge.faults import Fault
from knowledge.model import Document, Policy
from knowledge.schema import PolicyFile, QuestionShape, SchoolFile, is_id
from knowledge.snapshot import Snapshot
from knowledge.validation import validate
from knowledge.yaml_reader import Path, YamlFile, read_yaml


@dataclass(slots=True)
class PolicySource:
    """A policy file, the lines of its parts, and its document where one is attached.

    `shared` is the policy built from it, once, for the schools of a trust that take it as it is; `shared_faults` are
    the warnings that came of it.
    """

    id: str
    shape: PolicyFile
    file: YamlFile
    document: Document | None = None
    shared: Policy | None = None
    shared_faults: tuple[Fault, ...] = ()

    def line_of(self, *path: str | int) -> int | None:
        """Return the line of a part of the file."""
        whole: Path = path
        return self.file.line_of(whole)


@dataclass(slots=True)
class Pack:
    """What the files of one school (or of the trust folder) hold, with every fault found so far.

    `unread` holds the policy files that could not be taken, by the id of their policy.
    """

    id: str
    version: str
    school: SchoolFile | None = None
    school_file: YamlFile | None = None
    policies: dict[str, PolicySource] = field(default_factory=dict)
    unread: dict[str, YamlFile] = field(default_factory=dict)
    questions: tuple[QuestionShape, ...] = ()
    questions_file: YamlFile | None = None
    faults: list[Fault] = field(default_factory=list)


def read_pack(snapshot: Snapshot) -> Pack:
    """Parse the files of a school folder. Never raises for bad content: what is wrong stands in `faults`."""
    pack = Pack(snapshot.root.name, snapshot.version, faults=list(snapshot.faults))
    _read_school(pack, snapshot)
    documents = _documents(pack, snapshot)
    for name in sorted(snapshot.files):
        path = PurePosixPath(name)
        if path.parts[0] == "policies" and path.suffix in {".yaml", ".yml"}:
            _read_policy(pack, snapshot, path, documents)
        elif path.suffix in {".yaml", ".yml"} and name not in {"school.yaml", "questions.yaml"}:
            mend = "Policies live in policies/; move or rename the file."
            expected = "school.yaml, questions.yaml or policies/<id>.yaml"
            pack.faults.append(Fault(snapshot.shown(name), None, "a file Signpost does not know", expected, mend))
    _read_questions(pack, snapshot)
    _check_names(pack, snapshot)
    return pack


def _check_names(pack: Pack, snapshot: Snapshot) -> None:
    """Refuse names that could not be typed as an id: the folder's is the school's, a file's the policy's."""
    expected, mend = "lower-case letters, digits and hyphens", 'Rename it, such as "hillside-primary".'
    names = [(snapshot.root.name, snapshot.root.name)]
    names += [(source.file.name, policy) for policy, source in pack.policies.items()]
    for place, name in names:
        if not is_id(name):
            pack.faults.append(Fault(place, None, f'the name "{name}"', expected, mend))


def _read_school(pack: Pack, snapshot: Snapshot) -> None:
    if "school.yaml" not in snapshot.files:
        expected, mend = "school.yaml with the school's name", "Run `signpost kb new` to see one."
        pack.faults.append(Fault(snapshot.shown("school.yaml"), None, "the file is missing", expected, mend))
        return
    pack.school_file = read_yaml(snapshot.shown("school.yaml"), snapshot.files["school.yaml"])
    pack.school = validate(pack.school_file, SchoolFile)
    pack.faults.extend(pack.school_file.faults)


def _read_policy(pack: Pack, snapshot: Snapshot, path: PurePosixPath, documents: Mapping[str, Document]) -> None:
    file = read_yaml(snapshot.shown(str(path)), snapshot.files[str(path)])
    shape = validate(file, PolicyFile)
    pack.faults.extend(file.faults)
    if path.stem in pack.policies:
        found = f'a second file for the policy "{path.stem}"'
        pack.faults.append(Fault(file.name, None, found, "one file a policy", "Put it all in one, or rename one."))
    elif shape:
        pack.policies[path.stem] = PolicySource(path.stem, shape, file, documents.get(path.stem))
    else:
        pack.unread[path.stem] = file


def _documents(pack: Pack, snapshot: Snapshot) -> dict[str, Document]:
    documents: dict[str, Document] = {}
    for name, content in snapshot.files.items():
        path = PurePosixPath(name)
        if path.suffix not in SUFFIXES or path.parts[0] != "policies":
            continue
        shown = snapshot.shown(name)
        if path.stem in documents:
            found = f'a second document for the policy "{path.stem}"'
            pack.faults.append(Fault(shown, None, found, "one document a policy", "Keep the one that is in force."))
            continue
        try:
            documents[path.stem] = read_document(name, content)
        except DocumentError as error:
            found = str(error).rstrip(".")
            pack.faults.append(Fault(shown, None, found, "a readable document", "Attach it again."))
    return documents


def _read_questions(pack: Pack, snapshot: Snapshot) -> None:
    if "questions.yaml" not in snapshot.files:
        return
    pack.questions_file = read_yaml(snapshot.shown("questions.yaml"), snapshot.files["questions.yaml"])
    pack.questions = tuple(validate(pack.questions_file, list[QuestionShape]) or ())
    pack.faults.extend(pack.questions_file.faults)
