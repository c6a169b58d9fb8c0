"""A school whose people can be accused, away and gone, and an address book that knows where they are."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from types import MappingProxyType

from bot.escalation.register import Register, TokenSet
from bot.escalation.routing import NoRoute, Plan
from knowledge.model import Contact, Jurisdiction, Reach, Route, RouteName, School
from knowledge.roles import unnamed_contacts

DAY = date(2026, 7, 1)
PLACE = "C0SAFE"


def contact(role: str, name: str, slack: str | None = None, deputy: str | None = None) -> Contact:
    """Return a contact with a telephone, and an id on Slack where there is one."""
    reach = (Reach("phone", "01632 960001"), *((Reach("slack", slack),) if slack else ()))
    return Contact(role, role.replace("-", " ").capitalize(), name, reach, deputy)


PEOPLE = (
    contact("headteacher", "Mrs A. Hill", "U-headteacher", "deputy-head"),
    contact("deputy-head", "Mr D. Wood", "U-deputy-head"),
    contact("dsl", "Mr B. Dale", "U-dsl", "deputy-dsl"),
    contact("deputy-dsl", "Ms C. Ford", "U-deputy-dsl"),
    contact("chair-of-governors", "Dr E. Glen", "U-chair-of-governors"),
    contact("lado", "Duty desk"),
    contact("out-of-hours", "Duty team"),
)
ROUTES = MappingProxyType(
    {
        RouteName.CHILD: ("dsl", "deputy-dsl", "headteacher"),
        RouteName.STAFF: ("headteacher", "chair-of-governors"),
        RouteName.HEAD: ("chair-of-governors",),
        RouteName.QUESTION: ("headteacher", "deputy-head"),
    }
)


@dataclass(frozen=True, slots=True)
class SlackBook:
    """An address book that knows the ids in the register, and those of `bound` roles besides."""

    bound: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))

    @property
    def platform(self) -> str:
        """Its name."""
        return "slack"

    def address(self, contact: Contact) -> str | None:
        """Return a contact's id."""
        ids = [reach.value for reach in contact.reach if reach.kind == "slack"]
        return next(iter(ids), self.bound.get(contact.role))


def school(
    *changed: Contact,
    places: Iterable[RouteName] = (),
    routes: Mapping[RouteName, tuple[str, ...]] = ROUTES,
    jurisdiction: Jurisdiction = Jurisdiction.ENGLAND,
) -> School:
    """Return the school with some contacts changed, and a place on some routes."""
    place = MappingProxyType({"slack": PLACE})
    with_place = frozenset(places)
    return School(
        "hilltop",
        "Hilltop School",
        jurisdiction,
        MappingProxyType(unnamed_contacts(jurisdiction) | {one.role: one for one in (*PEOPLE, *changed)}),
        (),
        routes=MappingProxyType(
            {name: Route(people, place if name in with_place else None) for name, people in routes.items()}
        ),
    )


def register(of: School | None = None, day: date = DAY, book: SlackBook | None = None) -> Register:
    """Return the register of a school on a day."""
    return Register(of or school(), book or SlackBook(), day)


def away(contact: Contact) -> Contact:
    """Return a contact whose holder is away on the day."""
    return replace(contact, away=((str(DAY), str(DAY)),))


def left(contact: Contact) -> Contact:
    """Return a contact whose holder leaves on the day."""
    return replace(contact, left=str(DAY))


def of(role: str) -> Contact:
    """Return the contact of a role as it stands in the school."""
    return next(one for one in PEOPLE if one.role == role)


def about(on: Register, *roles: str, key: TokenSet | None = None) -> TokenSet:
    """Return the people in some roles as those who must not be told."""
    return (key or TokenSet()).plus(token for role in roles for token in on.tokens(on.school.contact(role)))


SHORT = {"headteacher": "head", "deputy-head": "dhead", "deputy-dsl": "deputy", "chair-of-governors": "chair"}


def told(found: Plan | NoRoute) -> str:
    """Return who is told in short words, the place first: "place dsl deputy"; else why nobody is."""
    if isinstance(found, NoRoute):
        return str(found.reason)
    return " ".join(SHORT.get(rung.role or "", rung.role or rung.kind) for rung in found.rungs)


def roles(contacts: Iterable[Contact]) -> list[str]:
    """List the roles of some contacts."""
    return [one.role for one in contacts]
