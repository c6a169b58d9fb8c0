"""Checks whether a concern would reach somebody: routes, those who are told on them, hours and categories.

A school without routes has nothing sent for it, so only what would break it is told.
"""

from collections.abc import Iterator, Mapping
from datetime import date

from rapidfuzz import process

from knowledge.faults import Fault, Severity
from knowledge.model import Contact, Reach, RouteName
from knowledge.pack import Pack
from knowledge.schema import RouteShape, SchoolFile
from knowledge.yaml_reader import YamlFile

_HEAD = "headteacher"
_DSL = "dsl"
# Nobody can be sent a message by telephone or in a room.
_SPOKEN = frozenset({"phone", "room"})


def route_faults(pack: Pack, trust: Pack | None, categories: frozenset[str] | None, today: date) -> list[Fault]:
    """List what would keep a concern from reaching somebody. `categories` are the catalogue's, None where unknown."""
    school, file = pack.school, pack.school_file
    if school is None or file is None:
        return []
    faults = [*_categories(school, file, categories), *_clock(school, file)]
    if school.routes:
        contacts = _contacts(school, trust)
        faults += [
            *_own_route(school, file),
            *_people(school, file, contacts, today),
            *_one_person(school, file, contacts),
            *_missing(school, file),
            *_times(school, file, today),
        ]
    return faults


def _contacts(school: SchoolFile, trust: Pack | None) -> Mapping[str, Contact]:
    """Return the register as the school will have it, with what it inherits."""
    shapes = {**(trust.school.contacts if trust and trust.school else {}), **school.contacts}
    return {
        role: Contact(role, role, shape.name, tuple(Reach(r.kind, r.value) for r in shape.reach), left=shape.left)
        for role, shape in shapes.items()
    }


def _categories(school: SchoolFile, file: YamlFile, known: frozenset[str] | None) -> Iterator[Fault]:
    for category in school.concerns:
        if known is not None and category not in known:
            near = process.extractOne(category, sorted(known), score_cutoff=60)
            mend = f'Did you mean "{near[0]}"?' if near else "Take it out here."
            found = f'"{category}" is no category of concern'
            yield Fault(file.name, file.line_of(("concerns", category)), found, "a category of the catalogue", mend)


def _clock(school: SchoolFile, file: YamlFile) -> Iterator[Fault]:
    if school.hours and school.hours.closes <= school.hours.opens:
        found = f"the school opens at {school.hours.opens} and closes at {school.hours.closes}"
        mend = "Write the hours of one day, such as 07:45 and 17:30."
        yield Fault(file.name, file.line_of(("hours", "to")), found, "a time after it opens", mend)


def _own_route(school: SchoolFile, file: YamlFile) -> Iterator[Fault]:
    """A concern about the headteacher must never go to the headteacher."""
    head = school.routes.get(RouteName.HEAD)
    for position, role in enumerate(head.people if head else ()):
        if role == _HEAD:
            found = "concerns about the headteacher would go to the headteacher"
            line = file.line_of(("routes", "head", "people", position))
            yield Fault(file.name, line, found, "somebody else", "Put the chair of governors there instead.")


def _people(school: SchoolFile, file: YamlFile, contacts: Mapping[str, Contact], today: date) -> Iterator[Fault]:
    told: set[str] = set()
    for name, route in school.routes.items():
        for position, role in enumerate(route.people):
            found, mend = _gap(contacts.get(role, Contact(role, role)).on(today), route)
            if found and found not in told:
                told.add(found)
                line = file.line_of(("routes", str(name), "people", position))
                words = (found, "somebody whom a concern can reach", mend)
                yield Fault(file.name, line, *words, Severity.WARNING)


def _gap(contact: Contact, route: RouteShape) -> tuple[str, str]:
    if contact.name is None:
        return f'nobody is named as "{contact.role}"', f"Add a name under contacts, {contact.role}."
    if not contact.reach:
        return f'there is no way to reach "{contact.role}"', f"Add a line reach under contacts, {contact.role}."
    if not route.place and all(reach.kind in _SPOKEN for reach in contact.reach):
        mend = "Add a reach of the chat platform or email, or give the route a place."
        return f'nothing can be sent to "{contact.role}", who has a telephone or a room alone', mend
    return "", ""


def _one_person(school: SchoolFile, file: YamlFile, contacts: Mapping[str, Contact]) -> Iterator[Fault]:
    """Warn where one person is headteacher and DSL, and a concern about them has nowhere else to go."""
    head, dsl = (contacts.get(role, Contact(role, role)).identities for role in (_HEAD, _DSL))
    route = school.routes.get(RouteName.HEAD)
    others = [role for role in (route.people if route else ()) if role not in {_HEAD, _DSL}]
    if head & dsl and not any(not contacts.get(role, Contact(role, role)).identities & (head | dsl) for role in others):
        found = "the headteacher and the DSL are one person, and no route head leads to somebody else"
        mend = "Add a route head, with the chair of governors."
        line = file.line_of(("routes", "head") if route else ("routes",))
        yield Fault(file.name, line, found, "somebody else for a concern about them", mend, Severity.WARNING)


def _missing(school: SchoolFile, file: YamlFile) -> Iterator[Fault]:
    if RouteName.CHILD not in school.routes:
        return
    for name, about in ((RouteName.STAFF, "a member of staff"), (RouteName.HEAD, "the headteacher")):
        if name not in school.routes:
            found = f"there is no route {name}, so a concern about {about} is sent to nobody"
            words = (found, f"a route {name}", "Add it under routes.")
            yield Fault(file.name, file.line_of(("routes",)), *words, Severity.WARNING)


def _times(school: SchoolFile, file: YamlFile, today: date) -> Iterator[Fault]:
    if school.hours is None:
        if set(school.routes) - {RouteName.QUESTION}:
            found = "there are no hours, so Monday to Friday, 08:00 to 17:00, counts as open"
            words = (found, "when the school is open", "Add a line hours.")
            yield Fault(file.name, file.line_of(("routes",)), *words, Severity.WARNING)
    elif school.hours.terms and max(term.partition("/")[2] for term in school.hours.terms) < today.isoformat():
        words = ("every term listed has ended, so all weekdays count as open", "the terms to come", "Add them.")
        yield Fault(file.name, file.line_of(("hours", "terms")), *words, Severity.WARNING)
