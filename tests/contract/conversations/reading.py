"""What somebody reads in answer, and what they can tap: taken from the words that stand there, as a person takes it."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from adapters.chat import wording
from adapters.chat.contacts import called
from bot.types import Outcome
from knowledge.model import School

SAID = "said"  # a plain sentence: a refusal, or thanks
_PEOPLE = frozenset({wording.WHO_TO_ASK, wording.WHO_TO_TELL})
_READERS = frozenset({wording.WHO_WILL_READ, wording.WHO_CAN_READ})
_WAYS = (wording.PHONE, wording.E_MAIL, wording.IN_PERSON)
ACTIONS = frozenset(wording.ACTIONS.values())


@dataclass(frozen=True, slots=True)
class Read:
    """A reply as it was read.

    `outcome` is the reply's, or SAID. `clauses` are ids, `people` the roles to ask or to tell, `readers` the roles who
    will read it or can, `options` what can be chosen, `buttons` what else can be tapped. `words` is all of it, and
    `shown` what a platform taps on; both are left out where two are compared.
    """

    outcome: str
    verdict: str | None = None
    clauses: tuple[str, ...] = ()
    people: tuple[str, ...] = ()
    readers: tuple[str, ...] = ()
    options: tuple[str, ...] = ()
    buttons: frozenset[str] = frozenset()
    words: str = field(default="", compare=False, repr=False)
    shown: object = field(default=None, compare=False, repr=False)

    @property
    def lines(self) -> list[str]:
        """The words, a line each."""
        return self.words.splitlines()


@dataclass(frozen=True, slots=True)
class Page:
    """What stands on a screen: the text of the notification, lines, what can be chosen, and the labels of buttons."""

    notification: str
    lines: Sequence[str]
    options: Sequence[str]
    buttons: Iterable[str]


def understood(page: Page, school: School, shown: object) -> Read:
    """Return what a person takes from a page."""
    lines = list(page.lines)
    clauses = tuple(_clauses(lines, school))
    return Read(
        outcome=_outcome(page, lines, clauses),
        verdict=_verdict([line for line in lines if line not in page.options], school),
        clauses=clauses,
        people=tuple(_roles(lines, school, _PEOPLE)),
        readers=tuple(_roles(lines, school, _READERS)),
        options=tuple(page.options),
        buttons=frozenset(page.buttons) & ACTIONS,
        words="\n".join(lines),
        shown=shown,
    )


def _outcome(page: Page, lines: Sequence[str], clauses: Sequence[str]) -> str:
    if wording.WHAT_TO_DO in lines:
        return Outcome.CONCERN
    if wording.NO_RULE in lines:
        return Outcome.NO_MATCH
    if page.options:
        return Outcome.CLARIFY
    if clauses:
        return Outcome.ANSWER
    return Outcome.HELP if page.notification == wording.NEWS else SAID


def _clauses(lines: Sequence[str], school: School) -> Iterator[str]:
    """Find the rules that are quoted, in the order in which they stand there."""
    whole = "\n".join(lines)
    stands = {
        clause.id: whole.find(f"{wording.RULE_ITSELF}\n{clause.quote}\n{wording.IN_SHORT}\n{clause.says}\n")
        for policy in school.policies
        for clause in policy.clauses
        if clause.quote
    }
    yield from sorted((one for one, at in stands.items() if at >= 0), key=stands.__getitem__)


def _verdict(lines: Sequence[str], school: School) -> str | None:
    endings = tuple(f": {clause.act}" for policy in school.policies for clause in policy.clauses)
    return next((line for line in lines if line.endswith(endings)), None)


def _roles(lines: Sequence[str], school: School, headings: frozenset[str]) -> Iterator[str]:
    """Find who is named beneath a heading."""
    known = {called(contact): contact.role for contact in school.contacts.values()}
    listing = False
    for line in lines:
        named = line.removeprefix("• ")
        if line in headings:
            listing = True
        elif listing and named in known:
            yield known[named]
        elif not line.startswith(_WAYS) and not line.startswith("<@"):
            listing = False
