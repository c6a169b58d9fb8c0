"""Builds what the tests read: packs, trust folders, YAML files and documents, all in words of our own."""

import io
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path

import docx
from docx.document import Document as WordDocument
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls

from knowledge.documents.reader import read_document
from knowledge.faults import Fault
from knowledge.loader import KnowledgeFolder, Loaded, load_schools
from knowledge.model import Document, Passage, PassageKind
from knowledge.pack import Pack, read_pack
from knowledge.snapshot import read_folder
from knowledge.yaml_reader import YamlFile, read_yaml

TOPICS = frozenset({"phones", "friend-pupil", "friend-parent"})

SCHOOL = "name: Hilltop School\njurisdiction: england\n"

DOCUMENT = """\
Phones

Staff must not:

· use a phone in a lesson;
· lend a phone to a pupil.

Phones stay in the locker all day. Ask the office for a key.
"""


def clause(clause_id: str = "phones-off", *lines: str) -> str:
    """Return a clause of a policy file; `lines` are added to it."""
    text = f"  - id: {clause_id}\n    section: Phones\n    says: Phones stay off in lessons.\n    act: using a phone\n"
    stance = () if any(line.startswith("stance:") for line in lines) else ("stance: must-not",)
    return text + "".join(f"    {line}\n" for line in (*stance, *lines))


def policy(*clauses: str, head: Iterable[str] = (), tail: Iterable[str] = ()) -> str:
    """Return a policy file with these clauses, lines before them and lines after them."""
    body = f"clauses:\n{''.join(clauses)}" if clauses else "clauses: []\n"
    return f"title: Phones policy\n{_lines(head)}{body}{_lines(tail)}"


def _lines(lines: Iterable[str]) -> str:
    return "".join(f"{line}\n" for line in lines)


def write(folder: Path, files: Mapping[str, str | bytes]) -> Path:
    """Write files below a folder and return it."""
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return folder


def pack_of(folder: Path, files: Mapping[str, str | bytes], school: str = SCHOOL) -> Pack:
    """Write a pack and read it; it has a school.yaml unless that is empty."""
    there: dict[str, str | bytes] = {"school.yaml": school} if school else {}
    return read_pack(read_folder(write(folder, {**there, **files})))


def load(root: Path, files: Mapping[str, str | bytes]) -> dict[str, Loaded]:
    """Write a knowledge folder and load its schools."""
    folder = KnowledgeFolder(write(root, files))
    return {loaded.id: loaded for loaded in load_schools(folder, TOPICS)}


def yaml_of(text: str | bytes, name: str = "hilltop/school.yaml") -> YamlFile:
    """Read a YAML file."""
    return read_yaml(name, text if isinstance(text, bytes) else text.encode())


def told(faults: Iterable[Fault]) -> list[str]:
    """Return faults as an admin reads them."""
    return [str(fault) for fault in faults]


def document(text: str, name: str = "phones.txt") -> Document:
    """Read a document from its text."""
    return read_document(name, text.encode())


def texts(passages: Iterable[Passage], kind: PassageKind | None = None) -> list[str]:
    """Return the texts of passages, of one kind where it is given."""
    return [passage.text for passage in passages if kind in (None, passage.kind)]


def led_in(found: Document) -> dict[str, list[str]]:
    """Return the passages that have a lead-in, each with the texts of its lead-ins, outermost first."""
    return {
        passage.text: [found.passages[number - 1].text for number in passage.lead_in]
        for passage in found.passages
        if passage.lead_in
    }


def word(fill: Callable[[WordDocument], object]) -> bytes:
    """Return a .docx that `fill` has written."""
    made = docx.Document()
    fill(made)
    held = io.BytesIO()
    made.save(held)
    return held.getvalue()


def add_table(made: WordDocument, rows: Sequence[Sequence[str]]) -> None:
    """Add a table to a .docx that is being written."""
    table = made.add_table(0, max(map(len, rows)))
    for cells in rows:
        row = table.add_row()
        for place, text in enumerate(cells):
            row.cells[place].text = text


def word_xml(*elements: str) -> bytes:
    """Return a .docx whose body is these elements of WordprocessingML."""

    def fill(made: WordDocument) -> None:
        body = made.element.body
        for element in elements:
            name, _, rest = element.partition(">")
            closed = f"{name[:-1]} {nsdecls('w')}/>" if name.endswith("/") else f"{name} {nsdecls('w')}>"
            body.insert(len(body) - 1, parse_xml(closed + rest))

    return word(fill)


def seconds(action: Callable[[], object]) -> float:
    """Return how much of the processor's time something takes, whatever else the machine is doing."""
    start = time.process_time()
    action()
    return time.process_time() - start
