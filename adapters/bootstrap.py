"""The composition root: the one place where the parts are made and put together."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from importlib.resources import files
from pathlib import Path
from weakref import WeakValueDictionary

from adapters.encoder.cache import CachedEncoder
from adapters.encoder.sentence import SentenceEncoder
from adapters.errors import EncoderError
from adapters.question_faults import question_faults
from adapters.settings import Settings
from bot.decide import Decider
from bot.escalation.hours import LONDON
from bot.matching.index import PolicyIndex, SchoolIndex, build_policy_index
from bot.matching.lexical import LexicalEncoder
from bot.matching.shared import Shared, build_shared
from bot.matching.spelling import Speller
from bot.matching.vectors import VectorStore
from bot.matching.weights import LEXICAL, SENTENCE
from bot.ports import Encoder
from bot.sense import learn_sense
from bot.service import Service
from bot.triage import SafetyFloor
from bot.view import SchoolView
from knowledge.faults import Fault
from knowledge.library import Library
from knowledge.loader import SHIPPED, KnowledgeFolder, load_catalogue
from knowledge.model import Policy, School

Progress = Callable[[int, int], None]
_ENGLISH_WORDS = 25_000


@dataclass(frozen=True, slots=True)
class Signpost:
    """Everything wired together. `encoder_fault` says why Signpost works by keywords alone; None where it does not."""

    settings: Settings
    library: Library[SchoolView]
    service: Service
    shared: Shared
    encoder: Encoder
    encoder_fault: str | None


class SchoolClock:
    """The clock of this machine."""

    def today(self) -> date:
        """Return the date at the school."""
        return self.now().astimezone(LONDON).date()

    def now(self) -> datetime:
        """Return the time, in UTC."""
        return datetime.now(UTC)


def assemble(
    settings: Settings,
    progress: Progress = lambda done, total: None,
    load_encoder: Callable[[], Encoder] = SentenceEncoder,
) -> Signpost:
    """Make the parts and load the knowledge. Raises PackError where the catalogue has faults."""
    settings.state.mkdir(parents=True, exist_ok=True, mode=0o700)
    encoder, fault = _encoder(load_encoder)
    folder = KnowledgeFolder(settings.knowledge or SHIPPED)
    catalogue = load_catalogue(folder)
    store = VectorStore(CachedEncoder(encoder, settings.state / "vectors.sqlite", progress))
    shared = build_shared(catalogue, store, Speller(_english()))
    decider = Decider(encoder, LEXICAL if fault else SENTENCE, SafetyFloor(catalogue), learn_sense(catalogue, store))

    def check(school: School, view: SchoolView) -> Sequence[Fault]:
        return question_faults(school, view, decider, SchoolClock().today())

    topics = frozenset(topic.id for topic in catalogue.topics)
    categories = frozenset(kind.id for kind in catalogue.concerns)
    library = Library(folder, topics, PolicyIndexes(shared).view_of, check, categories)
    library.load()
    return Signpost(settings, library, Service(library, decider, SchoolClock()), shared, encoder, fault)


class PolicyIndexes:
    """Builds the index of a policy once, however many schools share it, and drops it with the last of them."""

    def __init__(self, shared: Shared) -> None:
        self._shared = shared
        self._known: WeakValueDictionary[str, PolicyIndex] = WeakValueDictionary()

    def view_of(self, school: School) -> SchoolView:
        """Return a school with its index."""
        return SchoolView(school, SchoolIndex(tuple(self._of(policy) for policy in school.policies), self._shared))

    def _of(self, policy: Policy) -> PolicyIndex:
        index = self._known.get(policy.fingerprint)
        if index is None:
            index = build_policy_index(policy, self._shared)
            self._known[policy.fingerprint] = index
        return index


def view_of(school: School, shared: Shared) -> SchoolView:
    """Index one school by itself, so that it can be asked."""
    return PolicyIndexes(shared).view_of(school)


def _encoder(load: Callable[[], Encoder]) -> tuple[Encoder, str | None]:
    """Return the sentence encoder, or the keyword one with the reason why."""
    try:
        return load(), None
    except EncoderError as error:
        return LexicalEncoder(), str(error)


def _english() -> Iterator[tuple[str, int]]:
    """Yield common English words with their frequencies, from the list in the symspellpy wheel."""
    listed = (files("symspellpy") / "frequency_dictionary_en_82_765.txt").read_text(encoding="utf-8-sig")
    for line in listed.splitlines()[:_ENGLISH_WORDS]:
        word, count = line.split()
        yield word, int(count)


def default_school(signpost: Signpost) -> str | None:
    """Return the school asked where none is named: the setting, the shipped model school, or the only one there is."""
    served = signpost.library.schools()
    if signpost.settings.default_school:
        return signpost.settings.default_school
    if signpost.settings.knowledge is None and "model" in served:
        return "model"
    return served[0] if len(served) == 1 else None


def socket_path(state: Path) -> Path:
    """Return where the running server listens for `kb reload` and `kb status`."""
    return state / "signpost.sock"


def sentence_encoder_identity() -> str:
    """Load the sentence encoder and name it. Raises EncoderError where it cannot be used."""
    return SentenceEncoder().identity()
