"""RS-82 over registers made up at random: names and ids shared, deputies in rings, people away and gone."""

from types import MappingProxyType

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.escalation.register import NOBODY, Register
from bot.escalation.routing import Members, NoRoute, Plan, next_safe, plan
from knowledge.model import Contact, Reach, RouteName
from tests.bot.escalation.registers import PLACE, SlackBook, about, away, left, register, roles, school

CHILD, STAFF, HEAD = RouteName.CHILD, RouteName.STAFF, RouteName.HEAD
_ROLES = ("headteacher", "deputy-head", "dsl", "deputy-dsl", "chair-of-governors")
_NAMES = st.sampled_from([None, "A. One", "B. Two", "C. Three", "D. Four"])
_IDS = st.sampled_from([None, "U1", "U2", "U3", "U4", "U5"])
_REST = st.lists(st.sampled_from([*_ROLES, None]), min_size=5, max_size=5)
_STATES = st.lists(st.sampled_from([None, None, away, left]), min_size=5, max_size=5)


@st.composite
def _registers(draw: st.DrawFn) -> Register:
    contacts = [
        Contact(role, role, draw(_NAMES), tuple(Reach("slack", known) for known in [draw(_IDS)] if known), deputy)
        for role, deputy in zip(_ROLES, draw(_REST), strict=True)
    ]
    states = draw(_STATES)
    changed = [state(one) if state else one for one, state in zip(contacts, states, strict=True)]
    people = st.lists(st.sampled_from(_ROLES), min_size=1, max_size=4, unique=True)
    routes = {name: tuple(draw(people)) for name in (CHILD, STAFF, HEAD)}
    places = draw(st.sets(st.sampled_from([CHILD, STAFF, HEAD])))
    return register(school(*changed, routes=MappingProxyType(routes), places=places))


_MEMBERS = st.none() | st.frozensets(st.sampled_from(["U1", "U2", "U3", "U4", "U5", "U6"]))
_ASKERS = st.sampled_from([None, "U1", "U2", "U6"])


def _persons(on: Register, roles_: set[str]) -> tuple[set[str], set[str], bool]:
    """Return all roles and ids of the people in some roles, and whether each role has an id: told by pairs alone."""
    found = set(roles_)
    everybody = on.school.contacts
    for _ in everybody:
        for one in everybody.values():
            for other in found.copy():
                held = everybody[other]
                same_name = bool(one.name) and one.name == held.name
                if same_name or (one.reach and one.reach[0] in held.reach and one.reach[0].kind == "slack"):
                    found.add(one.role)
    ids = {reach.value for role in found for reach in everybody[role].reach if reach.kind == "slack"}
    return found, ids, all(SlackBook().address(everybody[role]) for role in found)


@settings(deadline=None, max_examples=400)
@given(_registers(), st.sampled_from([CHILD, STAFF, HEAD]), _MEMBERS, st.sets(st.sampled_from(_ROLES)), _ASKERS)
def test_nothing_reaches_whom_it_is_about_whoever_they_are(
    on: Register, route: RouteName, members: Members, accused: set[str], asker: str | None
) -> None:
    """RS-82 for any register: shared names and ids, deputies in rings, people away and gone."""
    found = plan(on, route, members, about(on, *accused), asker)
    hidden, ids, known = _persons(on, accused | ({"headteacher"} if route is HEAD else set()))
    assert not hidden & set(roles(found.phone))
    if isinstance(found, NoRoute):
        assert found.phone
        return
    assert found.rungs
    assert not hidden & {*roles(found.people), *roles(found.readers)}
    assert not ids & {rung.id for rung in found.rungs}
    if hidden and PLACE in {rung.id for rung in found.rungs}:
        assert known
        assert members is not None
        assert not members & ids


@settings(deadline=None, max_examples=400)
@given(_registers(), _MEMBERS, _MEMBERS, _ASKERS)
def test_nobody_shown_before_is_told_next(on: Register, first: Members, second: Members, asker: str | None) -> None:
    """Whoever was shown once, by name or as one of the place's readers, is told of it on no later route."""
    found, excluded = plan(on, CHILD, first, NOBODY, asker), NOBODY
    members = {STAFF: second, HEAD: second}
    seen: set[str] = set()
    for _ in range(3):
        if isinstance(found, NoRoute):
            assert found.phone
            break
        at_place = any(rung.kind == "place" for rung in found.rungs)
        read = (first if found.route is CHILD else second) if at_place else frozenset[str]()
        seen |= {*(read or ()), *(rung.id for rung in found.rungs if rung.kind == "person")} - {asker or ""}
        found, excluded = next_safe(on, found, members, excluded, asker)
        if isinstance(found, Plan):
            again = {rung.id for rung in found.rungs if rung.kind == "person"}
            at_place = any(rung.kind == "place" for rung in found.rungs)
            again |= (second or frozenset[str]()) if at_place else frozenset[str]()
            assert not again & seen
