"""Who is who at a school today: which roles are one person, who is away, and whom a concern is about.

People are compared by tokens such as "role:dsl", "name:mr b. example" or "slack:U1"; a stored escalation keeps their
pseudonymous keys instead.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import date
from typing import Protocol

from knowledge.model import Contact, RouteName, School, person_identities

HEAD_CONDUCT = "head-conduct"
_HEAD = "headteacher"


class AddressBook(Protocol):
    """A platform, as far as it says where a contact can be reached."""

    @property
    def platform(self) -> str:
        """Its name: "slack", "teams", "web"."""
        ...

    def address(self, contact: Contact) -> str | None:
        """Return a contact's id there; None where it is unknown."""
        ...


@dataclass(frozen=True, slots=True)
class TokenSet:
    """The tokens of some people, kept as keys; `key` makes the key of a token (the token itself where not given)."""

    keys: frozenset[str] = frozenset()
    key: Callable[[str], str] = str

    def __bool__(self) -> bool:
        """Tell whether anybody is in the set."""
        return bool(self.keys)

    def __call__(self, token: str) -> bool:
        """Tell whether a token is in the set."""
        return bool(self.keys) and self.key(token) in self.keys

    def holds(self, tokens: Iterable[str]) -> bool:
        """Tell whether any of the tokens is in the set."""
        return any(self(token) for token in tokens)

    def plus(self, tokens: Iterable[str]) -> "TokenSet":
        """Return the set with more tokens in it."""
        return replace(self, keys=self.keys | {self.key(token) for token in tokens})


NOBODY = TokenSet()


def tokens(contact: Contact) -> frozenset[str]:
    """Return what a contact is known by: role, name, ids and mail addresses, but no telephone or room."""
    return contact.identities | {f"role:{contact.role}"}


def excluded_by(category: str, school: School) -> frozenset[str]:
    """Return the tokens of those whom a category itself says a concern is about: the headteacher, or nobody."""
    if category != HEAD_CONDUCT:
        return frozenset()
    known = {role: tokens(contact) for role, contact in school.contacts.items()}
    known.setdefault(_HEAD, frozenset({f"role:{_HEAD}"}))
    return frozenset().union(*(known[role] for role in _one_person(known, {_HEAD})))


def _one_person(known: dict[str, frozenset[str]], roles: Iterable[str]) -> frozenset[str]:
    """Return the roles, and those that share a token with one of them, however many steps away."""
    found, fresh = set[str](), set(roles)
    while fresh:
        found |= fresh
        seen = frozenset().union(*(known[role] for role in found))
        fresh = {role for role, held in known.items() if role not in found and held & seen}
    return frozenset(found)


@dataclass(frozen=True, slots=True)
class Register:
    """A school's register as it stands on a day, on one platform."""

    school: School
    book: AddressBook
    today: date

    def identities(self, person_id: str) -> frozenset[str]:
        """Return the tokens of whoever has an id on the platform."""
        return person_identities(self.book.platform, person_id)

    def tokens(self, contact: Contact) -> frozenset[str]:
        """Return what a contact is known by, the platform's id included; who has left is known still."""
        known = self.book.address(contact)
        return tokens(contact) | (self.identities(known) if known else frozenset())

    def address(self, contact: Contact) -> str | None:
        """Return where a contact can be reached; nowhere once the holder has left."""
        return None if contact.has_left(self.today) else self.book.address(contact)

    def is_there(self, contact: Contact) -> bool:
        """Tell whether the holder of a role has neither left nor is away."""
        return not contact.has_left(self.today) and not contact.is_away(self.today)

    def stand_in(self, contact: Contact, barred: frozenset[str]) -> Contact | None:
        """Return the nearest deputy who is there and not barred (roles)."""
        seen = {contact.role}
        while contact.deputy is not None and contact.deputy not in seen:
            contact = self.school.contact(contact.deputy)
            seen.add(contact.role)
            if self.is_there(contact) and contact.role not in barred:
                return contact
        return None

    def roles_of(self, person_id: str) -> frozenset[str]:
        """Return the roles that a person holds today."""
        named = self.identities(person_id)
        contacts = [one for one in self.school.contacts.values() if not one.has_left(self.today)]
        return frozenset(one.role for one in contacts if self.tokens(one) & named)

    def involved(self, excluded: TokenSet) -> frozenset[str]:
        """Return the roles held by people who are excluded, the other roles of one person included."""
        return frozenset(self._involved(excluded))

    def are_placed(self, excluded: TokenSet) -> bool:
        """Tell whether everybody who is excluded is in the register, with an id on the platform.

        Only then does a list of ids show that they are not among them.
        """
        found = self._involved(excluded)
        accounted = {excluded.key(token) for held in found.values() for token in held}
        return excluded.keys <= accounted and all(self.book.address(self.school.contact(role)) for role in found)

    def tokens_of(self, roles: Iterable[str]) -> frozenset[str]:
        """Return what the holders of some roles are known by."""
        return frozenset().union(*(self.tokens(self.school.contact(role)) for role in roles))

    def about(self, route: RouteName, excluded: TokenSet) -> TokenSet:
        """Return who must not be told on a route: those who are excluded, and on the route head the headteacher."""
        return excluded.plus(self.tokens_of([_HEAD])) if route is RouteName.HEAD else excluded

    def _involved(self, excluded: TokenSet) -> dict[str, frozenset[str]]:
        if not excluded:
            return {}
        known = {role: self.tokens(contact) for role, contact in self.school.contacts.items()}
        roles = _one_person(known, {role for role, held in known.items() if excluded.holds(held)})
        return {role: known[role] for role in roles}
