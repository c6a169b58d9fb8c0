"""Reads the catalogue: topics, out-of-scope examples, lexicon and concern categories."""

from collections.abc import Iterable, Mapping, Sequence
from types import MappingProxyType

from knowledge.errors import PackError
from knowledge.faults import Fault, errors_of
from knowledge.model import Advice, Catalogue, ConcernKind, Jurisdiction, Synonyms, Topic
from knowledge.schema import (
    AdviceFile,
    ConcernExamplesFile,
    ConcernsFile,
    LexiconFile,
    OutOfScopeFile,
    Shape,
    TopicsFile,
)
from knowledge.snapshot import YAML, Snapshot
from knowledge.validation import validate
from knowledge.yaml_reader import read_yaml

_FOLDERS: Mapping[str, type[Shape]] = {
    "topics": TopicsFile,
    "concern_examples": ConcernExamplesFile,
    "advice": AdviceFile,
}
_FILES: Mapping[str, type[Shape]] = {
    "out_of_scope.yaml": OutOfScopeFile,
    "lexicon.yaml": LexiconFile,
    "concerns.yaml": ConcernsFile,
}


def read_catalogue(snapshots: Sequence[Snapshot]) -> Catalogue:
    """Read the shipped catalogue and what a knowledge folder adds to it.

    A topic that is defined again adds its questions; everything else is put one behind the other. Raises PackError
    with every fault: without its catalogue Signpost does not start.
    """
    faults = [fault for snapshot in snapshots for fault in snapshot.faults]
    shapes = [shape for snapshot in snapshots for shape in _shapes(snapshot, faults)]
    if errors_of(faults):
        raise PackError(faults)
    concerns = [concern for shape in shapes if isinstance(shape, ConcernsFile) for concern in shape.concerns]
    words = _merged(shape.words for shape in shapes if isinstance(shape, ConcernsFile))
    return Catalogue(
        topics=_topics(shapes),
        out_of_scope=tuple(
            asked for s in shapes if isinstance(s, OutOfScopeFile) for group in s.out_of_scope for asked in group.asked
        ),
        lexicon=tuple(
            Synonyms(entry.means, tuple(entry.also), tuple(entry.kind_of))
            for shape in shapes
            if isinstance(shape, LexiconFile)
            for entry in shape.lexicon
        ),
        concerns=tuple(
            ConcernKind(
                id=kind.id,
                title=kind.title,
                route=kind.route,
                urgent=kind.urgent,
                clauses_shown=kind.clauses_shown,
                contacts=tuple(kind.contacts),
                advice=tuple(kind.advice),
                source=kind.source,
                signs=tuple(kind.signs),
                beside=tuple(kind.beside),
                elsewhere=_elsewhere(kind.id, shapes),
            )
            for kind in concerns
        ),
        sign_words=words,
        concern_examples=_merged(shape.concerns for shape in shapes if isinstance(shape, ConcernExamplesFile)),
        ordinary=tuple(text for shape in shapes if isinstance(shape, ConcernExamplesFile) for text in shape.ordinary),
    )


def _elsewhere(category: str, shapes: Sequence[Shape]) -> Mapping[Jurisdiction, Advice]:
    """Return a category's advice outside England; a later file replaces an earlier one's."""
    found = {
        shape.jurisdiction: Advice(tuple(said.says), said.source, tuple(said.contacts))
        for shape in shapes
        if isinstance(shape, AdviceFile)
        for said in [shape.advice.get(category)]
        if said
    }
    return MappingProxyType(found)


def _merged(parts: Iterable[Mapping[str, Sequence[str]]]) -> Mapping[str, tuple[str, ...]]:
    """Put lists of one name one behind the other: a later file adds, and never takes away."""
    whole: dict[str, tuple[str, ...]] = {}
    for part in parts:
        for name, listed in part.items():
            whole[name] = (*whole.get(name, ()), *listed)
    return whole


def _topics(shapes: Sequence[Shape]) -> tuple[Topic, ...]:
    topics: dict[str, Topic] = {}
    for shape in shapes:
        for topic in shape.topics if isinstance(shape, TopicsFile) else ():
            before = topics[topic.id].asked if topic.id in topics else ()
            topics[topic.id] = Topic(topic.id, topic.title, topic.description, (*before, *topic.asked))
    return tuple(topics.values())


def _shapes(snapshot: Snapshot, faults: list[Fault]) -> list[Shape]:
    shapes: list[Shape] = []
    for name, content in snapshot.files.items():
        if not name.endswith(YAML):
            continue
        kind = _kind(name)
        file = read_yaml(snapshot.shown(name), content)
        if kind is None:
            folders = ", ".join(f"{folder}/*.yaml" for folder in _FOLDERS)
            expected = f"{folders}, {' or '.join(_FILES)}"
            faults.append(Fault(file.name, None, "a file the catalogue does not know", expected, "Move it away."))
            continue
        shape = validate(file, kind)
        faults.extend(file.faults)
        if shape:
            shapes.append(shape)
    return shapes


def _kind(name: str) -> type[Shape] | None:
    folder, slash, _ = name.partition("/")
    return _FOLDERS.get(folder) if slash else _FILES.get(name)
