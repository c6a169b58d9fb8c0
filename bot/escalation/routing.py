"""Who is told: people in order and the place of a route, never anybody whom the concern is about."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from bot.escalation.model import Address
from bot.escalation.register import NOBODY, Register, TokenSet
from knowledge.model import Contact, Jurisdiction, Route, RouteName

Members = frozenset[str] | None

_OUT_OF_HOURS = "out-of-hours"
_LADO = "lado"
# Phoned about a child only once somebody below them is involved.
_FURTHER_UP = ("chair-of-governors", _LADO)
# No person of the school, whom a concern could be about.
_OUTSIDE = frozenset({_LADO, _OUT_OF_HOURS, "police"})
_PHONED: Mapping[RouteName, tuple[str, ...]] = {
    RouteName.CHILD: ("dsl", "deputy-dsl", "headteacher", *_FURTHER_UP, _OUT_OF_HOURS),
    RouteName.STAFF: ("headteacher", "chair-of-governors", _LADO, _OUT_OF_HOURS),
    RouteName.HEAD: ("chair-of-governors", _LADO, _OUT_OF_HOURS),
    RouteName.QUESTION: ("headteacher", "deputy-head", "school-office"),
}
_SAFER: Mapping[RouteName, tuple[RouteName, ...]] = {
    RouteName.CHILD: (RouteName.STAFF, RouteName.HEAD),
    RouteName.STAFF: (RouteName.HEAD,),
}


class Reason(StrEnum):
    """Why nobody is told."""

    NOT_SET = "not-set"  # the school has no such route
    NOBODY_LEFT = "nobody-left"  # everybody on it is excluded, or has left
    CANNOT_CHECK = "cannot-check"  # who reads the place is unknown, and nobody can be told apart from it
    NOBODY_REACHABLE = "nobody-reachable"  # people are left, and the platform does not know where


@dataclass(frozen=True, slots=True)
class Plan:
    """Who is told on a route today.

    `people` in order, the deputies of those who are away among them, the asker last. `rungs` are where they are told:
    the place first, then each person. `readers` is everybody of the register who will see it, for the card that is
    shown before sending; `unnamed` counts others who read the place, None where that is unknown. `phone` is whom to
    phone besides. `beside` are those who are told at once by direct message, besides the first rung.
    """

    route: RouteName
    people: tuple[Contact, ...]
    rungs: tuple[Address, ...]
    readers: tuple[Contact, ...] = ()
    phone: tuple[Contact, ...] = ()
    unnamed: int | None = 0
    beside: tuple[Address, ...] = ()


@dataclass(frozen=True, slots=True)
class NoRoute:
    """Nobody is told, why, and whom to phone instead."""

    reason: Reason
    phone: tuple[Contact, ...]


@dataclass(frozen=True, slots=True)
class _Roll:
    """Those of a route who may be told: there today, away today, and the asker where they are one of them."""

    there: tuple[Contact, ...]
    away: tuple[Contact, ...]
    asker: tuple[Contact, ...]


@dataclass(frozen=True, slots=True)
class _Place:
    """What is known of a route's place: whether it may be used, and who reads it."""

    address: Address | None = None
    unchecked: bool = False
    readers: tuple[Contact, ...] = ()
    unnamed: int | None = 0


def plan(
    register: Register,
    route: RouteName,
    members: Members,
    excluded: TokenSet = NOBODY,
    asker: str | None = None,
) -> Plan | NoRoute:
    """Decide who is told on a route.

    `members` are the ids of those who read the route's place on the platform; None where that is unknown (or there is
    no place). `asker` is the asker's id on the platform: they are told only where nobody else can be.
    """
    phone = whom_to_phone(register, route, excluded, asker)
    found = register.school.routes.get(route)
    if found is None:
        return NoRoute(Reason.NOT_SET, phone)
    about = register.about(route, excluded)
    roll = _roll(register, found, register.involved(about), asker)
    place = _place(register, found, members, about, asker)
    named = place.address is not None and (bool(place.readers) or not about)
    people = roll.there
    if not _addresses(register, people) and not (named and people):
        people += roll.away  # somebody who is away rather than nobody
    if not (people or roll.asker or named):
        return NoRoute(Reason.NOBODY_LEFT, phone)
    others_read = named and place.unnamed is not None
    persons = _addresses(register, people) or (() if others_read else _addresses(register, roll.asker))
    rungs = (place.address, *persons) if place.address and named else persons
    if not rungs:
        return NoRoute(Reason.CANNOT_CHECK if place.unchecked else Reason.NOBODY_REACHABLE, phone)
    readers = _once([*people, *roll.away, *(place.readers if named else ())])
    unnamed = place.unnamed if named else 0
    beside = _beside_place(register, place, roll.there) if named else ()
    return Plan(route, (*people, *roll.asker), rungs, readers, phone, unnamed, beside)


def _beside_place(register: Register, place: _Place, there: Iterable[Contact]) -> tuple[Address, ...]:
    """Return the first person who is there, where nobody known to read the place is: it must not be told alone."""
    if place.unnamed is None or any(register.is_there(reader) for reader in place.readers):
        return ()
    return _addresses(register, there)[:1]


def with_beside(
    register: Register, found: Plan, roles: Sequence[str], excluded: TokenSet = NOBODY, asker: str | None = None
) -> Plan:
    """Add to a plan some roles that are told besides its route, as far as they may be told and can be reached.

    The asker, who is not told of their own report, is left out.
    """
    barred = register.involved(register.about(found.route, excluded))
    roll = _roll(register, Route(tuple(roles)), barred, asker)
    told = {contact.role for contact in found.people}
    more = [one for one in roll.there if one.role not in told and register.address(one) is not None]
    at_once = {rung.lane for rung in (found.rungs[0], *found.beside)}
    beside = [address for address in _addresses(register, more) if address.lane not in at_once]
    return replace(found, beside=(*found.beside, *beside), readers=_once([*found.readers, *more]))


def next_safe(
    register: Register,
    shown: Plan,
    members: Mapping[RouteName, Members],
    excluded: TokenSet = NOBODY,
    asker: str | None = None,
) -> tuple[Plan | NoRoute, TokenSet]:
    """Go on to the next safe route: one of those who were shown is involved. Nobody is asked who it is.

    Returns what comes next, and who is excluded from now on: everybody who was shown, and whoever may have been one
    of the readers of the place whom the register could not name.
    """
    inside = [contact for contact in shown.readers if contact.role not in _OUTSIDE]
    named = excluded.plus(token for contact in inside for token in register.tokens(contact))
    whole = named
    if shown.unnamed != 0:
        whole = _with_unnamed(register, shown, named)
    for route in _SAFER.get(shown.route, ()) if shown.unnamed is not None else ():
        found = plan(register, route, members.get(route), whole, asker)
        if isinstance(found, Plan):
            return found, register.about(route, whole)
    reason = Reason.CANNOT_CHECK if shown.unnamed is None else Reason.NOBODY_LEFT
    return NoRoute(reason, whom_to_phone(register, shown.route, named, asker)), whole


def _with_unnamed(register: Register, shown: Plan, excluded: TokenSet) -> TokenSet:
    """Exclude the place itself (no other place can be told apart from it), and whoever has no known id."""
    contacts = register.school.contacts.values()
    unknown = [one for one in contacts if one.role not in _OUTSIDE and register.address(one) is None]
    places = {f"place:{rung.platform}:{rung.id}" for rung in shown.rungs if rung.kind == "place"}
    return excluded.plus({*places, *(token for one in unknown for token in register.tokens(one))})


def _roll(register: Register, route: Route, barred: frozenset[str], asker: str | None) -> _Roll:
    there: list[Contact] = []
    away: list[Contact] = []
    for contact in map(register.school.contact, route.people):
        if contact.role in barred:
            continue
        if register.is_there(contact):
            there.append(contact)
            continue
        if not contact.has_left(register.today):
            away.append(contact)
        deputy = register.stand_in(contact, barred)
        there += [deputy] if deputy else []
    own = _asked_by(register, [*there, *away], asker)
    return _Roll(
        there=tuple(one for one in _once(there) if one not in own),
        away=tuple(one for one in _once(away) if one not in own),
        asker=own,
    )


def _asked_by(register: Register, contacts: Iterable[Contact], asker: str | None) -> tuple[Contact, ...]:
    named = register.identities(asker) if asker is not None else frozenset[str]()
    return _once(contact for contact in contacts if register.tokens(contact) & named)


def _place(register: Register, route: Route, members: Members, excluded: TokenSet, asker: str | None) -> _Place:
    """Say whether the place may be used: not where somebody who is excluded reads it, or may read it unknown to us."""
    platform = register.book.platform
    place = (route.place or {}).get(platform)
    if place is None:
        return _Place()
    address = Address(platform, place, kind="place")
    if members is None:
        return _Place(unchecked=True) if excluded else _Place(address, unnamed=None)
    if excluded and not register.are_placed(excluded):
        return _Place(unchecked=True)
    own = register.identities(asker) if asker is not None else frozenset[str]()
    reads = [register.identities(member) for member in members]
    others = [named for named in reads if not named & own]
    hidden = register.tokens_of(register.involved(excluded))
    if not others or any(named & hidden for named in reads):
        return _Place()
    contacts = [one for one in register.school.contacts.values() if not one.has_left(register.today)]
    reading = {one.role: register.tokens(one) for one in contacts}
    everybody = frozenset[str]().union(*others)
    readers = tuple(one for one in contacts if reading[one.role] & everybody)
    known = frozenset[str]().union(*(reading[one.role] for one in readers))
    return _Place(address, readers=readers, unnamed=sum(1 for named in others if not named & known))


def _addresses(register: Register, people: Iterable[Contact]) -> tuple[Address, ...]:
    found: dict[str, Address] = {}
    for contact in people:
        known = register.address(contact)
        if known is not None:
            found.setdefault(known, Address(register.book.platform, known, role=contact.role))
    return tuple(found.values())


def _once(contacts: Iterable[Contact]) -> tuple[Contact, ...]:
    return tuple({contact.role: contact for contact in contacts}.values())


def whom_to_phone(
    register: Register, route: RouteName, excluded: TokenSet = NOBODY, asker: str | None = None
) -> tuple[Contact, ...]:
    """Return whom to phone about what a route is for, in order; those with a number first. Nobody who is excluded."""
    barred = register.involved(register.about(route, excluded))
    left_out = set(_FURTHER_UP) if route is RouteName.CHILD and not excluded else set[str]()
    if register.school.jurisdiction is not Jurisdiction.ENGLAND:
        left_out.add(_LADO)
    roll = _roll(register, Route(tuple(role for role in _PHONED[route] if role not in left_out)), barred, asker)
    there = sorted(roll.there, key=lambda contact: not _has_phone(contact))
    away = sorted(roll.away, key=lambda contact: not _has_phone(contact))
    return (*there, *away)


def _has_phone(contact: Contact) -> bool:
    return any(reach.kind == "phone" for reach in contact.reach)
