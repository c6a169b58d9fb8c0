"""Who may do what: open and take an escalation, and ask as a member of staff. Being an admin gives no words."""

from enum import StrEnum

from bot.escalation.model import Escalation
from bot.escalation.register import Register, TokenSet

_BY_GROUP = ("user_groups", "groups", "roles")


class Standing(StrEnum):
    """Whether somebody is one of the school's staff; `unknown` where the platform cannot say just now."""

    STAFF = "staff"
    OUTSIDER = "outsider"
    UNKNOWN = "unknown"


def may_act(register: Register, escalation: Escalation, excluded: TokenSet, person_id: str, *, is_member: bool) -> bool:
    """Tell whether a person may open an escalation and act on it: on its route or told of it, and not excluded.

    `excluded` are the people whom the escalation excludes, `is_member` whether the person reads a place it went to.
    Where somebody excluded cannot be told from the members of a place, being a member gives nothing.
    """
    if escalation.school != register.school.id:
        return False
    named = register.identities(person_id)
    held = {one.role for one in register.school.contacts.values() if register.tokens(one) & named}
    about = register.about(escalation.route, excluded)
    barred = register.involved(about)
    if held & barred:
        return False
    roles = register.roles_of(person_id)
    if roles & _told(register, escalation, barred):
        return True
    gone = bool(held) and not roles
    return is_member and not gone and register.are_placed(about)


def _told(register: Register, escalation: Escalation, barred: frozenset[str]) -> frozenset[str]:
    """Return the roles that are told: the route's, those who stand in today, and those who were told before."""
    route = register.school.routes.get(escalation.route)
    people = [register.school.contact(role) for role in (route.people if route else ())]
    absent = [contact for contact in people if contact.role not in barred and not register.is_there(contact)]
    deputies = [register.stand_in(contact, barred) for contact in absent]
    roles = {contact.role for contact in [*people, *deputies] if contact}
    return frozenset(roles | {address.role for address in escalation.told if address.role})


def standing(register: Register, person_id: str, groups: frozenset[str], *, is_guest: bool) -> Standing:
    """Say whether a person asks as a member of staff. `groups` are the ids of the platform's groups they are in.

    Holders of a role always do. Where the school does not say who may ask on the platform, every full member does;
    where it does, those it lists. A guest does only where listed as a person.
    """
    asks = register.school.asks.get(register.book.platform)
    listed = asks or {}
    if register.roles_of(person_id) or person_id in listed.get("people", ()):
        return Standing.STAFF
    in_group = any(group in listed.get(kind, ()) for kind in _BY_GROUP for group in groups)
    return Standing.STAFF if not is_guest and (asks is None or in_group) else Standing.OUTSIDER
