"""Checks what hangs together across the files of a pack: ids, topics, roles, conditions, tensions, questions."""

from collections.abc import Callable, Iterator

from rapidfuzz import process

from knowledge.about import ABOUT_SUFFIX
from knowledge.faults import Fault, Severity
from knowledge.model import Stance
from knowledge.pack import Pack, PolicySource
from knowledge.roles import TITLES
from knowledge.schema import ClauseShape, SchoolFile
from knowledge.yaml_reader import Value, YamlFile

Check = Callable[[Pack, frozenset[str], Pack | None], Iterator[Fault]]


def reference_faults(pack: Pack, topics: frozenset[str], trust: Pack | None) -> list[Fault]:
    """List every broken reference of a pack, which may name what it inherits from the trust."""
    return [fault for check in CHECKS for fault in check(pack, topics, trust)]


def _clauses(pack: Pack) -> Iterator[tuple[PolicySource, int, ClauseShape]]:
    for source in pack.policies.values():
        for position, clause in enumerate(source.shape.clauses):
            yield source, position, clause


def _is_unknowable(pack: Pack) -> bool:
    """Tell whether a policy file could not even be read: any clause that is named may stand in it."""
    return any(file.value is None for file in pack.unread.values())


def _clause_ids(pack: Pack) -> Iterator[str]:
    """List the ids of a pack's clauses, with those that a faulty file names: its faults are told where they are."""
    yield from (clause.id for _, _, clause in _clauses(pack))
    for file in pack.unread.values():
        clauses = _part(file.value, "clauses")
        for clause in clauses if isinstance(clauses, list) else ():
            clause_id = _part(clause, "id")
            if isinstance(clause_id, str):
                yield clause_id


def _own_roles(pack: Pack) -> frozenset[str]:
    """List the roles under contacts in school.yaml, though something else in it may be wrong."""
    if pack.school:
        return frozenset(pack.school.contacts)
    contacts = _part(pack.school_file.value, "contacts") if pack.school_file else None
    return frozenset(contacts if isinstance(contacts, dict) else ())


def _part(value: Value, key: str) -> Value:
    return value.get(key) if isinstance(value, dict) else None


def _fault(source: PolicySource, clause: ClauseShape, position: int, key: str, words: tuple[str, str, str]) -> Fault:
    line = source.line_of("clauses", position, key)
    return Fault(source.file.name, line, *words, clause=clause.id)


def _unique_ids(pack: Pack, _topics: frozenset[str], trust: Pack | None) -> Iterator[Fault]:
    homes = {clause.id: source.id for source, _, clause in _clauses(trust)} if trust else {}
    policies = {*pack.policies, *(trust.policies if trust else ())}
    seen: dict[str, str] = {}
    for source, position, clause in _clauses(pack):
        place = f"{source.file.name}:{source.line_of('clauses', position, 'id')}"
        if clause.id in seen:
            words = (f'the id "{clause.id}" is used twice', "ids unique in the school", f"See {seen[clause.id]}.")
            yield _fault(source, clause, position, "id", words)
        if homes.get(clause.id, source.id) != source.id:
            home = homes[clause.id]
            found = f'the id "{clause.id}" stands in the trust\'s policy "{home}"'
            words = (found, "ids unique in the school", f"Override it in policies/{home}.yaml, or rename it.")
            yield _fault(source, clause, position, "id", words)
        if clause.id.endswith(ABOUT_SUFFIX) and clause.id.removesuffix(ABOUT_SUFFIX) in policies:
            words = ("an id that Signpost keeps for questions about the policy itself", "another id", "Rename it.")
            yield _fault(source, clause, position, "id", words)
        seen.setdefault(clause.id, place)


def _known_topics(pack: Pack, topics: frozenset[str], _trust: Pack | None) -> Iterator[Fault]:
    for source, position, clause in _clauses(pack):
        for place, topic in enumerate(clause.topics):
            if topic not in topics:
                words = (
                    f'the topic "{topic}" is not in the catalogue',
                    "a topic of the catalogue, as it was when Signpost started",
                    _near(topic, topics),
                )
                line = source.line_of("clauses", position, "topics", place)
                yield Fault(source.file.name, line, *words, clause=clause.id)


def _known_roles(pack: Pack, _topics: frozenset[str], trust: Pack | None) -> Iterator[Fault]:
    known = frozenset(TITLES) | _own_roles(pack) | (_own_roles(trust) if trust else frozenset())
    for source, position, clause in _clauses(pack):
        for role in clause.contacts:
            if role not in known:
                yield _fault(source, clause, position, "contacts", _role_words(role, known))
    for source in pack.policies.values():
        for position, tension in enumerate(source.shape.tensions):
            if tension.ask not in known:
                line = source.line_of("tensions", position, "ask")
                yield Fault(source.file.name, line, *_role_words(tension.ask, known))
    if pack.school and pack.school_file:
        yield from _school_roles(pack.school, pack.school_file, known)


def _school_roles(school: SchoolFile, file: YamlFile, known: frozenset[str]) -> Iterator[Fault]:
    named = [("contacts", role, "deputy", contact.deputy) for role, contact in school.contacts.items()]
    named += [("routes", name, "people", role) for name, route in school.routes.items() for role in route.people]
    for *path, role in named:
        if role is not None and role not in known:
            yield Fault(file.name, file.line_of(tuple(map(str, path))), *_role_words(role, known))


def _role_words(role: str, known: frozenset[str]) -> tuple[str, str, str]:
    return f'the role "{role}" is not in the register', "a role under contacts in school.yaml", _near(role, known)


def _near(word: str, known: frozenset[str]) -> str:
    found = process.extractOne(word, sorted(known), score_cutoff=60)
    return f'Did you mean "{found[0]}"?' if found else "Add it there, or take it out here."


def _conditions(pack: Pack, _topics: frozenset[str], _trust: Pack | None) -> Iterator[Fault]:
    for source, position, clause in _clauses(pack):
        if clause.stance is Stance.MAY_IF and not clause.only_if:
            words = ("stance may-if without only_if", "the condition", 'Add a line "only_if: the headteacher agrees".')
            yield _fault(source, clause, position, "stance", words)
        if clause.only_if and clause.stance is not Stance.MAY_IF:
            words = (f"only_if with stance {clause.stance}", "only_if with may-if alone", "Take only_if out.")
            yield _fault(source, clause, position, "only_if", words)


def _locator_numbers(pack: Pack, _topics: frozenset[str], _trust: Pack | None) -> Iterator[Fault]:
    for source, position, clause in _clauses(pack):
        numbers = clause.locator.passages if clause.locator else []
        if numbers and numbers != list(range(numbers[0], numbers[0] + len(numbers))):
            words = (f"passages {numbers}", "numbers next to each other, rising", "Make it two clauses.")
            yield _fault(source, clause, position, "locator", words)


def _known_clauses(pack: Pack, _topics: frozenset[str], trust: Pack | None) -> Iterator[Fault]:
    packs = [pack, trust] if trust else [pack]
    if any(_is_unknowable(each) for each in packs):
        return
    known = frozenset(clause_id for each in packs for clause_id in _clause_ids(each))
    known |= {f"{policy}{ABOUT_SUFFIX}" for each in packs for policy in (*each.policies, *each.unread)}
    for source in pack.policies.values():
        for position, tension in enumerate(source.shape.tensions):
            for clause_id in tension.between:
                if clause_id not in known:
                    words = (f'no clause has the id "{clause_id}"', "the id of a clause", _near(clause_id, known))
                    yield Fault(source.file.name, source.line_of("tensions", position, "between"), *words)
    for position, question in enumerate(pack.questions):
        for clause_id in question.finds:
            if clause_id not in known and pack.questions_file:
                words = (f'no clause has the id "{clause_id}"', "the id of a clause", _near(clause_id, known))
                yield Fault(pack.questions_file.name, pack.questions_file.line_of((position, "finds")), *words)


def _known_locks(pack: Pack, _topics: frozenset[str], _trust: Pack | None) -> Iterator[Fault]:
    """A lock with a slip in its name would lock nothing, and nobody would know."""
    if not pack.school or not pack.school_file or _is_unknowable(pack):
        return
    known = frozenset(_clause_ids(pack)) | frozenset(pack.school.contacts)
    for position, locked in enumerate(pack.school.locked):
        if locked not in known:
            words = (f'nothing has the id "{locked}"', "the id of a clause or role to lock", _near(locked, known))
            yield Fault(pack.school_file.name, pack.school_file.line_of(("locked", position)), *words)


def _repeated_questions(pack: Pack, _topics: frozenset[str], _trust: Pack | None) -> Iterator[Fault]:
    """Warn of one question asked of two clauses: neither can win."""
    places: dict[str, str] = {}
    for source, position, clause in _clauses(pack):
        for place, question in enumerate(clause.asked):
            key = " ".join(question.lower().split())
            if places.get(key, clause.id) != clause.id:
                line = source.line_of("clauses", position, "asked", place)
                found = f'"{question}" is asked of the clause {places[key]} too'
                mend = "Keep it where it fits best."
                yield Fault(
                    source.file.name, line, found, "a question for one clause", mend, Severity.WARNING, clause.id
                )
            places.setdefault(key, clause.id)


CHECKS: tuple[Check, ...] = (
    _unique_ids,
    _known_topics,
    _known_roles,
    _conditions,
    _locator_numbers,
    _known_clauses,
    _known_locks,
    _repeated_questions,
)
