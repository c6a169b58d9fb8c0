"""What goes in and what comes out: the utterance and the reply, neutral of any platform."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from bot.escalation.authority import Standing
from bot.escalation.model import Person
from knowledge.model import Clause, Contact, Policy


class Outcome(StrEnum):
    """What an utterance came to; each has exactly one."""

    ANSWER = "answer"
    CLARIFY = "clarify"
    CONCERN = "concern"
    NO_MATCH = "no_match"
    HELP = "help"


@dataclass(frozen=True, slots=True)
class Asker:
    """Who asks, where (`conversation` is the platform's name of the chat), and whether they may."""

    person: Person
    conversation: str
    standing: Standing = Standing.STAFF


@dataclass(frozen=True, slots=True)
class Utterance:
    """What a person wrote. `choice` is the option they tapped ("clause:..." or "topic:..."), if they tapped one.

    `id` becomes the id of the reply and must be its own. `asker` is None where nobody can be told of anything, as on
    the command line. `event_key` is the platform's key of the event that brought it, once claimed. `thread` names the
    place where a follow-up goes on from what the same person asked there before; None where each stands by itself.
    """

    id: str
    school: str
    text: str
    choice: str | None = None
    asker: Asker | None = None
    event_key: str | None = None
    thread: str | None = None


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


class Action(StrEnum):
    """What can be tapped beneath a reply."""

    TELL = "tell"
    INVOLVED = "involved"
    ASK_A_PERSON = "ask-a-person"
    HELPED = "helped"
    NOT_MEANT = "not-meant"


@dataclass(frozen=True, slots=True)
class Offer:
    """A concern that can be passed on, or has been: its category, how sure, where it goes, and its state.

    `state` is "offered" until it is recorded, then that of the escalation. `readers` are those who will read it, shown
    before anything is sent; `seal` stands for that list, and comes back with the tap. `says` tells the asker what is
    true of it now. `problem` says why it cannot be passed on; None where it can. `sent`: it has gone to others before.
    """

    category: str
    certainty: str
    urgent: bool
    route: str
    state: str = "offered"
    reference: str | None = None
    seen_by_roles: tuple[str, ...] = ()
    id: str | None = None
    readers: tuple[Contact, ...] = ()
    seal: str | None = None
    says: str | None = None
    problem: str | None = None
    sent: bool = False


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
    actions: tuple[Action, ...] = ()
