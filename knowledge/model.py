"""The knowledge model: what a school's pack says, as plain immutable values. It does no I/O and imports no library.

Everything `bot/` knows about a school it knows from here. The loader builds these values after the whole pack has
been validated, so that every reference between them holds.
"""

import copyreg
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from enum import StrEnum
from types import MappingProxyType
from typing import Any


def _read_only(items: dict[Any, Any]) -> MappingProxyType[Any, Any]:
    return MappingProxyType(items)


def _reduced(mapping: MappingProxyType[Any, Any]) -> tuple[Any, ...]:
    return _read_only, (dict(mapping),)


# A school is read in a process of its own and handed back; Python cannot send a read-only mapping unless told how.
copyreg.pickle(MappingProxyType, _reduced)


class Stance(StrEnum):
    """How a clause stands to its act, from forbidding to informing."""

    MUST_NOT = "must-not"
    MUST = "must"
    SHOULD_NOT = "should-not"
    SHOULD = "should"
    MAY_IF = "may-if"
    MAY = "may"
    INFO = "info"


PERMISSIVE = frozenset({Stance.MAY, Stance.MAY_IF})
FORBIDDING = frozenset({Stance.MUST_NOT, Stance.SHOULD_NOT})


class Party(StrEnum):
    """Whom a clause applies to."""

    STAFF = "staff"
    GOVERNOR = "governor"
    VOLUNTEER = "volunteer"
    PARENT = "parent"
    PUPIL = "pupil"
    VISITOR = "visitor"


class Jurisdiction(StrEnum):
    """Whose statutory wording and outside bodies apply."""

    ENGLAND = "england"
    WALES = "wales"
    SCOTLAND = "scotland"
    NORTHERN_IRELAND = "northern-ireland"


class RouteName(StrEnum):
    """Who is told: the Designated Safeguarding Lead, the headteacher, the chair, or whoever answers questions."""

    CHILD = "child"
    STAFF = "staff"
    HEAD = "head"
    QUESTION = "question"


class PassageKind(StrEnum):
    """What a passage is on the page."""

    HEADING = "heading"
    SENTENCE = "sentence"
    BULLET = "bullet"
    ROW = "row"
    CONTENTS = "contents"


@dataclass(frozen=True, slots=True)
class Passage:
    """One sentence, bullet, table row or heading of a document, numbered from 1 through the document.

    `lead_in` holds the numbers of the passages it depends on ("Staff must not:"), outermost first. `printed` is
    the number the document itself prints for it or for its section; it is for people, never an identifier.
    """

    number: int
    kind: PassageKind
    text: str
    heading: str | None = None
    printed: str | None = None
    lead_in: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Document:
    """A policy document as read: its passages, and the header fields found in its version table (label: value)."""

    name: str
    passages: tuple[Passage, ...]
    metadata: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    metadata_passages: frozenset[int] = frozenset()

    def passage(self, number: int) -> Passage | None:
        """Return the passage of that number, or None where the document is shorter."""
        return self.passages[number - 1] if 0 < number <= len(self.passages) else None


@dataclass(frozen=True, slots=True)
class Locator:
    """Where a clause stands in its document: one to three adjacent passage numbers and the digest of their text."""

    passages: tuple[int, ...]
    digest: str | None = None


@dataclass(frozen=True, slots=True)
class Clause:
    """One rule, definition, scope statement or consequence of a policy: the unit that is quoted."""

    id: str
    section: str
    says: str
    act: str
    stance: Stance
    topics: tuple[str, ...] = ()
    applies_to: tuple[Party, ...] = (Party.STAFF,)
    contacts: tuple[str, ...] = ()
    asked: tuple[str, ...] = ()
    only_if: str | None = None
    locator: Locator | None = None
    quote: str | None = None


@dataclass(frozen=True, slots=True)
class Tension:
    """Clauses of one school that pull apart; all are shown, and the role in `ask` is the one to ask."""

    between: tuple[str, ...]
    says: str
    ask: str


@dataclass(frozen=True, slots=True)
class Policy:
    """One policy: its header fields and its clauses. Dates are "YYYY-MM" or "YYYY-MM-DD".

    `fingerprint` is the same for policies with the same clauses, so that what is built from them can be shared.
    """

    id: str
    title: str
    clauses: tuple[Clause, ...]
    tensions: tuple[Tension, ...] = ()
    version: str | None = None
    issued: str | None = None
    approved_by: str | None = None
    owner: str | None = None
    review_due: str | None = None
    applies_to: tuple[Party, ...] = (Party.STAFF,)
    document: Document | None = None
    fingerprint: str = ""


@dataclass(frozen=True, slots=True)
class Reach:
    """One way to reach a person: kind "phone", "email", "slack", "teams", "web" or "room", and its value."""

    kind: str
    value: str


@dataclass(frozen=True, slots=True)
class Contact:
    """A role of the school's register. `name` is None where the school has not said who holds it.

    `away` holds the first and last day ("YYYY-MM-DD") of each absence of the holder; from the day in `left` on they
    hold the role no more.
    """

    role: str
    title: str
    name: str | None = None
    reach: tuple[Reach, ...] = ()
    deputy: str | None = None
    synonyms: tuple[str, ...] = ()
    example: bool = False
    away: tuple[tuple[str, str], ...] = ()
    left: str | None = None

    def is_away(self, day: date) -> bool:
        """Tell whether the holder is away on a day."""
        return any(first <= day.isoformat() <= last for first, last in self.away)

    def has_left(self, day: date) -> bool:
        """Tell whether the holder has left by a day, so that nobody holds the role."""
        return self.left is not None and self.left <= day.isoformat()

    def on(self, day: date) -> "Contact":
        """Return the contact as it stands on a day: once the holder has left, without a name or a way to reach."""
        return replace(self, name=None, reach=(), example=False) if self.has_left(day) else self

    @property
    def identities(self) -> frozenset[str]:
        """What shows two contacts to be one person, such as "name:mr b. example", "slack:U1" or "email:b@x".

        Telephones and rooms are shared by many, and show nothing.
        """
        named = " ".join((self.name or "").casefold().split())
        found = {f"name:{named}"} if named else set[str]()
        for reach in self.reach:
            if reach.kind not in {"phone", "room"}:
                found |= person_identities(reach.kind, reach.value)
        return frozenset(found)


def person_identities(kind: str, value: str) -> frozenset[str]:
    """Return the identities that an id on a platform, or a mail address, gives a person: "slack:U1", "email:b@x".

    A mail address is one however it is typed, and also where a platform takes it for an id.
    """
    plain = value.strip()
    if "@" not in plain:
        return frozenset({f"{kind}:{plain}"})
    return frozenset({f"{kind}:{plain.casefold()}", f"email:{plain.casefold()}"})


@dataclass(frozen=True, slots=True)
class Route:
    """Who is told on one route: roles in order, and the seed of the place (platform: id); None for direct messages."""

    people: tuple[str, ...]
    place: Mapping[str, str] | None = None


@dataclass(frozen=True, slots=True)
class Hours:
    """When the school is open: days ("mon"...), times "HH:MM", and terms as (first, last) dates "YYYY-MM-DD"."""

    days: tuple[str, ...]
    opens: str
    closes: str
    terms: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Advice:
    """What to do now about a category of concern, with its source, and the roles to name (none: those it has)."""

    says: tuple[str, ...]
    source: str
    contacts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ConcernChange:
    """What a school changes about a category of concern; what is None or empty stays as it is."""

    urgent: bool | None = None
    route: RouteName | None = None
    contacts: tuple[str, ...] = ()
    advice: Advice | None = None


@dataclass(frozen=True, slots=True)
class Question:
    """A row of a question set: a question, the clauses it must find, the outcome it must have, and its line."""

    q: str
    finds: tuple[str, ...] = ()
    outcome: str = "answer"
    known_failure: str | None = None
    line: int | None = None


@dataclass(frozen=True, slots=True)
class School:
    """One tenant, whole: register, routes and policies.

    `contacts` holds every standard role and the school's own, with or without a holder. `version` names the
    accepted state of the school's files. `words_in_notices`: the words of a concern may stand in its notices.
    """

    id: str
    name: str
    jurisdiction: Jurisdiction
    contacts: Mapping[str, Contact]
    policies: tuple[Policy, ...]
    aliases: tuple[str, ...] = ()
    routes: Mapping[RouteName, Route] = field(default_factory=lambda: MappingProxyType({}))
    hours: Hours | None = None
    admins: tuple[Mapping[str, str], ...] = ()
    asks: Mapping[str, Mapping[str, tuple[str, ...]]] = field(default_factory=lambda: MappingProxyType({}))
    belongs: tuple[Mapping[str, str], ...] = ()
    concerns: Mapping[str, ConcernChange] = field(default_factory=lambda: MappingProxyType({}))
    words_in_notices: bool = False
    questions: tuple[Question, ...] = ()
    version: str = ""

    def contact(self, role: str) -> Contact:
        """Return the contact of a role, without a holder where the school has given none."""
        return self.contacts[role] if role in self.contacts else Contact(role, role.replace("-", " ").capitalize())

    def policy_of(self, clause_id: str) -> Policy:
        """Return the policy that holds a clause. Raises KeyError for an unknown id."""
        for policy in self.policies:
            if any(clause.id == clause_id for clause in policy.clauses):
                return policy
        raise KeyError(clause_id)

    def clause(self, clause_id: str) -> Clause:
        """Return a clause by its id. Raises KeyError for an unknown id."""
        for policy in self.policies:
            for clause in policy.clauses:
                if clause.id == clause_id:
                    return clause
        raise KeyError(clause_id)


@dataclass(frozen=True, slots=True)
class Topic:
    """A thing staff ask about, shared by all schools."""

    id: str
    title: str
    description: str
    asked: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Synonyms:
    """A group of the lexicon: the word a policy would use, what staff type instead, and the kinds it belongs to."""

    means: str
    also: tuple[str, ...]
    kind_of: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ConcernKind:
    """A category of concern: whom it goes to, what to do now in fixed words, and its unmistakable signs.

    `beside` are roles that are told besides the route, by direct message. The words are England's; `elsewhere` has
    those of other jurisdictions.
    """

    id: str
    title: str
    route: RouteName
    urgent: bool
    clauses_shown: bool
    contacts: tuple[str, ...]
    advice: tuple[str, ...]
    source: str
    signs: tuple[str, ...] = ()
    beside: tuple[str, ...] = ()
    elsewhere: Mapping[Jurisdiction, Advice] = field(default_factory=lambda: MappingProxyType({}))

    def at(self, school: School) -> "ConcernKind":
        """Return the category as it is at a school: in the words of its jurisdiction, with the school's own changes."""
        changed = school.concerns.get(self.id, ConcernChange())
        local = self.elsewhere.get(school.jurisdiction, Advice(self.advice, self.source))
        advice = changed.advice or local
        return replace(
            self,
            urgent=self.urgent if changed.urgent is None else changed.urgent,
            route=changed.route or self.route,
            contacts=changed.contacts or local.contacts or self.contacts,
            advice=advice.says,
            source=advice.source,
        )


@dataclass(frozen=True, slots=True)
class Catalogue:
    """What all schools share: topics, out-of-scope examples, the lexicon and the concern categories.

    `concern_examples` holds example messages by category; `ordinary` those that sound like a concern and are none.
    """

    topics: tuple[Topic, ...] = ()
    out_of_scope: tuple[str, ...] = ()
    lexicon: tuple[Synonyms, ...] = ()
    concerns: tuple[ConcernKind, ...] = ()
    sign_words: Mapping[str, tuple[str, ...]] = field(default_factory=lambda: MappingProxyType({}))
    concern_examples: Mapping[str, tuple[str, ...]] = field(default_factory=lambda: MappingProxyType({}))
    ordinary: tuple[str, ...] = ()
