"""What goes in and what comes out: the utterance and the reply, neutral of any platform."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from knowledge.model import Clause, Contact, Policy


class Outcome(StrEnum):
    """What an utterance came to; each has exactly one."""

    ANSWER = "answer"
    CLARIFY = "clarify"
    CONCERN = "concern"
    NO_MATCH = "no_match"
    HELP = "help"


@dataclass(frozen=True, slots=True)
class Utterance:
    """What a person wrote. `choice` is the option they tapped ("clause:..." or "topic:..."), if they tapped one."""

    id: str
    school: str
    text: str
    choice: str | None = None


@dataclass(frozen=True, slots=True)
class Candidate:
    """A clause that was weighed: its calibrated chance (0..1) of answering, and the signals behind it."""

    clause: Clause
    score: float
    signals: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class ShownClause:
    """A clause as the reply shows it, with the policy it stands in."""

    clause: Clause
    policy: Policy
    score: float


@dataclass(frozen=True, slots=True)
class Option:
    """Something to tap when the question could mean several things."""

    id: str
    label: str
    clauses: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Offer:
    """A concern that can be passed on: its category, how sure, where it would go, and its state."""

    category: str
    certainty: str
    urgent: bool
    route: str
    state: str = "offered"
    reference: str | None = None
    seen_by_roles: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Reply:
    """What the person gets back; every adapter renders this and nothing else."""

    id: str
    school: str
    question: str
    outcome: Outcome
    confidence: float
    message: str
    verdict: str | None = None
    advice: tuple[str, ...] = ()
    clauses: tuple[ShownClause, ...] = ()
    tension: str | None = None
    contacts: tuple[Contact, ...] = ()
    options: tuple[Option, ...] = ()
    escalation: Offer | None = None
    notices: tuple[str, ...] = ()
    candidates: tuple[Candidate, ...] = ()
    why: str | None = None
    knowledge: str = ""
