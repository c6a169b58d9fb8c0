"""Builds the model of a school from its checked pack and, in a trust, from the shared folder it inherits."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from hashlib import sha256
from types import MappingProxyType
from typing import Any

from knowledge.about import about_clause
from knowledge.faults import Fault, Severity
from knowledge.locators import cut_quote, digest_at, resolve
from knowledge.model import (
    Advice,
    Clause,
    ConcernChange,
    Contact,
    Document,
    Hours,
    Locator,
    Policy,
    Question,
    Reach,
    Route,
    School,
    Tension,
)
from knowledge.pack import Pack, PolicySource
from knowledge.roles import title_of, unnamed_contacts
from knowledge.schema import ClauseShape, ConcernOverride, ContactShape, HoursShape, SchoolFile


def assemble(pack: Pack, trust: Pack | None) -> tuple[School, list[Fault]]:
    """Build a school from a pack without errors, over what it inherits from the trust.

    Returns the school and the faults that only show up while building: quotes that no longer match (warnings) and
    overrides of what the trust has locked (errors).
    """
    if pack.school is None:
        raise ValueError("a pack with errors cannot be assembled")
    faults = _locked_overrides(pack, trust)
    sources = {**(trust.policies if trust else {}), **pack.policies}
    policies: list[Policy] = []
    for policy_id, head in sources.items():
        inherited = trust.policies.get(policy_id) if trust else None
        own = pack.policies.get(policy_id)
        if inherited and _holds_locked(inherited, trust):
            head = inherited  # noqa: PLW2901 - title, dates and document stay the trust's where a clause is locked
        policies.append(_policy(head, inherited, own, faults) if own else _shared(head, faults))
    shape = pack.school
    contacts = {**(trust.school.contacts if trust and trust.school else {}), **shape.contacts}
    version = f"{pack.version[:6]}{trust.version[:6]}" if trust else pack.version
    return _school(pack, shape, contacts, tuple(policies), version), faults


def _school(
    pack: Pack,
    shape: SchoolFile,
    contacts: Mapping[str, ContactShape],
    policies: tuple[Policy, ...],
    version: str,
) -> School:
    return School(
        id=pack.id,
        name=shape.name,
        jurisdiction=shape.jurisdiction,
        contacts=MappingProxyType(
            unnamed_contacts(shape.jurisdiction) | {role: _contact(role, contacts[role], shape) for role in contacts}
        ),
        policies=policies,
        aliases=tuple(shape.aliases),
        routes=MappingProxyType({name: Route(tuple(r.people), _texts(r.place)) for name, r in shape.routes.items()}),
        hours=_hours(shape.hours) if shape.hours else None,
        admins=tuple(MappingProxyType({str(k): v for k, v in admin.items()}) for admin in shape.admins),
        asks=MappingProxyType(
            {str(p): MappingProxyType({kind: tuple(ids) for kind, ids in who.items()}) for p, who in shape.asks.items()}
        ),
        belongs=tuple(MappingProxyType({str(k): v for k, v in place.items()}) for place in shape.belongs),
        concerns=MappingProxyType({category: _change(change) for category, change in shape.concerns.items()}),
        words_in_notices=shape.words_in_notices,
        questions=_questions(pack),
        version=version,
    )


def _change(shape: ConcernOverride) -> ConcernChange:
    advice = Advice(tuple(shape.says), shape.source or "the school itself") if shape.says else None
    return ConcernChange(shape.urgent, shape.route, tuple(shape.contacts), advice)


def _questions(pack: Pack) -> tuple[Question, ...]:
    file = pack.questions_file
    return tuple(
        Question(row.q, tuple(row.finds), row.outcome, row.known_failure, file.line_of((position,)) if file else None)
        for position, row in enumerate(pack.questions)
    )


def _texts(keyed: Mapping[Any, str] | None) -> Mapping[str, str] | None:
    return MappingProxyType({str(key): value for key, value in keyed.items()}) if keyed else None


def _contact(role: str, shape: ContactShape, school: SchoolFile) -> Contact:
    return Contact(
        role=role,
        title=shape.title or title_of(role, school.jurisdiction),
        name=shape.name,
        reach=tuple(Reach(reach.kind, reach.value) for reach in shape.reach),
        deputy=shape.deputy,
        synonyms=tuple(shape.synonyms),
        example=shape.example,
        away=_spans(shape.away),
        left=shape.left,
    )


def _spans(written: Iterable[str]) -> tuple[tuple[str, str], ...]:
    return tuple((first, last) for first, _, last in (span.partition("/") for span in written))


def _hours(shape: HoursShape) -> Hours:
    return Hours(tuple(shape.days), shape.opens, shape.closes, _spans(shape.terms))


def _locked_overrides(pack: Pack, trust: Pack | None) -> list[Fault]:
    if not trust or not trust.school:
        return []
    locked = frozenset(trust.school.locked)
    faults: list[Fault] = []
    for source in pack.policies.values():
        for position, clause in enumerate(source.shape.clauses):
            if clause.id in locked:
                line = source.line_of("clauses", position, "id")
                found = f'the clause "{clause.id}" is locked by the trust'
                mend = "Take it out here, or ask the trust to unlock it."
                faults.append(Fault(source.file.name, line, found, "a clause of the school's own", mend))
    faults.extend(_locked_tensions(pack, locked))
    for role in sorted(locked & set(pack.school.contacts if pack.school else ())):
        line = pack.school_file.line_of(("contacts", role)) if pack.school_file else None
        found = f'the role "{role}" is locked by the trust'
        faults.append(Fault(f"{pack.id}/school.yaml", line, found, "a role of the school's own", "Take it out here."))
    return faults


def _holds_locked(inherited: PolicySource, trust: Pack | None) -> bool:
    locked = frozenset(trust.school.locked if trust and trust.school else ())
    return any(clause.id in locked for clause in inherited.shape.clauses)


def _locked_tensions(pack: Pack, locked: frozenset[str]) -> Iterator[Fault]:
    """List the tensions by which a school would soften a locked clause of the trust to "Ask first"."""
    for source in pack.policies.values():
        for position, tension in enumerate(source.shape.tensions):
            for clause_id in sorted(locked & set(tension.between)):
                line = source.line_of("tensions", position, "between")
                found = f'a tension with the clause "{clause_id}", which is locked by the trust'
                yield Fault(source.file.name, line, found, "clauses of the school's own", "Take it out here.")


def _shared(inherited: PolicySource, faults: list[Fault]) -> Policy:
    """Return a policy of the trust that a school takes as it is; all such schools share one value."""
    if inherited.shared is None:
        own: list[Fault] = []
        inherited.shared = _policy(inherited, inherited, None, own)
        inherited.shared_faults = tuple(own)
    faults.extend(inherited.shared_faults)
    return inherited.shared


def _policy(
    head: PolicySource, inherited: PolicySource | None, own: PolicySource | None, faults: list[Fault]
) -> Policy:
    document = head.document or (inherited.document if inherited else None)
    clauses = dict(_clauses(inherited, inherited.document, faults)) if inherited else {}
    clauses.update(_clauses(own, document, faults) if own else ())
    tensions = [*(inherited.shape.tensions if inherited else ()), *(own.shape.tensions if own else ())]
    policy = Policy(
        id=head.id,
        title=head.shape.title,
        clauses=tuple(clauses.values()),
        tensions=tuple(Tension(tuple(t.between), t.says, t.ask) for t in tensions),
        version=head.shape.version,
        issued=head.shape.issued,
        approved_by=head.shape.approved_by,
        owner=head.shape.owner,
        review_due=head.shape.review_due,
        applies_to=tuple(head.shape.applies_to),
        document=document,
    )
    whole = (*policy.clauses, about_clause(policy))
    return replace(policy, clauses=whole, fingerprint=sha256(repr(whole).encode()).hexdigest())


def _clauses(source: PolicySource, document: Document | None, faults: list[Fault]) -> Iterator[tuple[str, Clause]]:
    if document is None:
        mend = "Attach it with `signpost kb attach`."
        found = "no document is attached, so answers show plain words and no quote"
        faults.append(Fault(source.file.name, None, found, "the policy's own document", mend, Severity.WARNING))
    for position, shape in enumerate(source.shape.clauses):
        quote = _quote(source, document, position, faults) if document else None
        locator = Locator(tuple(shape.locator.passages), shape.locator.digest) if shape.locator else None
        yield (
            shape.id,
            Clause(
                id=shape.id,
                section=shape.section,
                says=shape.says,
                act=shape.act,
                stance=shape.stance,
                topics=tuple(shape.topics),
                applies_to=tuple(shape.applies_to or source.shape.applies_to),
                contacts=tuple(shape.contacts),
                asked=tuple(shape.asked),
                only_if=shape.only_if,
                locator=locator,
                quote=quote,
            ),
        )


def _quote(source: PolicySource, document: Document, position: int, faults: list[Fault]) -> str | None:
    """Cut the quote of a clause, or warn why there is none."""
    shape = source.shape.clauses[position]
    if shape.locator is None:
        found, mend = "the clause has no locator, so it is shown in plain words", "Run `signpost kb coverage`."
        faults.append(_warning(source, position, shape, (found, "a locator", mend)))
        return None
    resolved = resolve(document, Locator(tuple(shape.locator.passages), shape.locator.digest), shape.says)
    if shape.locator.digest is None and resolved.passages:
        digest = digest_at(document, shape.locator.passages)
        words = ("the locator has no digest", "12 hex digits", f'Write "digest: {digest}" into it.')
        faults.append(_warning(source, position, shape, words))
    if not resolved.passages:
        near = resolved.nearest
        nearest = f' The nearest passage is number {near.number}: "{near.text[:80]}".' if near else ""
        words = ("its wording is not in the document any more", "the wording it was written for", f"Read it.{nearest}")
        faults.append(_warning(source, position, shape, words))
        return None
    return cut_quote(document, resolved.passages)


def _warning(source: PolicySource, position: int, shape: ClauseShape, words: tuple[str, str, str]) -> Fault:
    line = source.line_of("clauses", position, "locator")
    return Fault(source.file.name, line, *words, Severity.WARNING, shape.id)
