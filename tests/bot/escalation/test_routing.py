"""Who is told on a route, who reads it, whom to phone, and where it goes once somebody is involved."""

from collections.abc import Sequence
from dataclasses import replace
from types import MappingProxyType

import pytest

from bot.escalation.model import Address
from bot.escalation.register import NOBODY, Register, TokenSet
from bot.escalation.routing import Members, NoRoute, Plan, Reason, next_safe, plan, whom_to_phone
from knowledge.model import Contact, Jurisdiction, Reach, RouteName
from tests.bot.escalation.registers import (
    PLACE,
    ROUTES,
    about,
    away,
    contact,
    left,
    of,
    register,
    roles,
    school,
    told,
)

CHILD, STAFF, HEAD, QUESTION = RouteName.CHILD, RouteName.STAFF, RouteName.HEAD, RouteName.QUESTION
SAFE = frozenset({"U-dsl", "U-deputy-dsl"})
AT_PLACE = school(places=[CHILD])


def _plan(on: Register, route: RouteName, members: Members = None, *about_roles: str) -> Plan:
    found = plan(on, route, members, about(on, *about_roles))
    assert isinstance(found, Plan)
    return found


def test_everybody_is_told_in_order_the_place_first() -> None:
    """The place has everybody at once; behind it each person, in the role they are told in."""
    assert _plan(register(AT_PLACE), CHILD, SAFE).rungs == (
        Address("slack", PLACE, "place"),
        Address("slack", "U-dsl", role="dsl"),
        Address("slack", "U-deputy-dsl", role="deputy-dsl"),
        Address("slack", "U-headteacher", role="headteacher"),
    )


def test_place_of_another_platform_is_no_place_here() -> None:
    """A channel on Teams is none on Slack."""
    on_teams = replace(AT_PLACE.routes[CHILD], place=MappingProxyType({"teams": "19:safe"}))
    on = register(replace(AT_PLACE, routes=MappingProxyType({CHILD: on_teams})))
    assert told(plan(on, CHILD, SAFE)) == "dsl deputy head"


@pytest.mark.parametrize("members", [frozenset[str](), frozenset({"U-asker"})], ids=["nobody", "the asker"])
def test_place_that_nobody_else_reads_is_not_used(members: frozenset[str]) -> None:
    """A message nobody reads has told nobody."""
    assert told(plan(register(AT_PLACE), CHILD, members, NOBODY, "U-asker")) == "dsl deputy head"


def test_person_in_two_roles_is_told_once() -> None:
    """One address gets one message, in the first of its roles."""
    on = register(school(contact("deputy-dsl", "Mrs A. Hill", "U-headteacher")))
    assert told(plan(on, CHILD, None)) == "dsl deputy"


def test_people_who_share_a_mailbox_are_told_each() -> None:
    """While nobody is involved, a shared mail address takes nobody off the ladder."""
    box = Reach("email", "safe@hill.sch")
    shared = [replace(of(role), reach=(*of(role).reach, box)) for role in ("dsl", "deputy-dsl")]
    on = register(school(*shared))
    assert told(plan(on, CHILD, None)) == "dsl deputy head"
    assert told(plan(on, CHILD, None, about(on, "dsl"))) == "head"


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        ([away(of("dsl"))], "deputy head"),
        ([away(of("headteacher"))], "dsl deputy dhead"),
        ([left(of("headteacher"))], "dsl deputy dhead"),
        ([away(of("dsl")), away(of("deputy-dsl"))], "head"),
        ([away(of("headteacher")), away(of("deputy-head"))], "dsl deputy"),
        ([away(of("dsl")), away(of("deputy-dsl")), away(of("headteacher")), away(of("deputy-head"))], None),
        ([left(of("dsl")), left(of("deputy-dsl")), left(of("headteacher")), left(of("deputy-head"))], "nobody-left"),
        ([left(of("dsl")), away(of("deputy-dsl")), left(of("headteacher")), left(of("deputy-head"))], "deputy"),
    ],
)
def test_whoever_is_absent_is_stood_in_for(changed: Sequence[Contact], expected: str | None) -> None:
    """Deputies take the place of those who are away or have left; somebody away is told rather than nobody."""
    assert told(plan(register(school(*changed)), CHILD, None)) == (expected or "dsl deputy head")


def test_somebody_away_is_told_where_nobody_else_can_be_reached() -> None:
    """A colleague whose id is unknown is no reason to tell nobody."""
    unknown = [contact(role, "X", None) for role in ("deputy-dsl", "headteacher")]
    on = register(school(away(of("dsl")), *unknown, places=[CHILD]))
    assert told(plan(on, CHILD, None)) == "place"
    assert told(plan(on, CHILD, None, about(on, "chair-of-governors"))) == "dsl"


def test_place_is_used_though_everybody_left() -> None:
    """Whoever reads the place is told, where a route's people are all gone and nobody is involved."""
    gone = [left(of(role)) for role in ("dsl", "deputy-dsl", "headteacher", "deputy-head")]
    assert told(plan(register(school(*gone, places=[CHILD])), CHILD, frozenset({"U-new"}))) == "place"


@pytest.mark.parametrize(
    ("changed", "members", "beside"),
    [
        ([], ["dsl"], []),
        ([away(of("dsl"))], ["dsl"], ["deputy-dsl"]),
        ([left(of("dsl"))], ["dsl"], ["deputy-dsl"]),
        ([away(of("dsl")), away(of("deputy-dsl"))], ["dsl", "deputy-dsl"], ["headteacher"]),
        ([away(of("dsl"))], ["dsl", "deputy-dsl"], []),
        ([away(of("dsl"))], ["dsl", "chair-of-governors"], []),
        ([], ["stranger"], ["dsl"]),
        ([], None, []),
    ],
)
def test_a_place_without_anybody_who_is_there_is_not_told_alone(
    changed: Sequence[Contact], members: list[str] | None, beside: list[str]
) -> None:
    """Where nobody known to read it is there today, the first person who is gets it at once as well."""
    on = register(school(*changed, places=[CHILD]))
    reads = None if members is None else frozenset(f"U-{role}" for role in members)
    found = _plan(on, CHILD, reads)
    assert told(found).startswith("place")
    assert [address.role for address in found.beside] == beside
    assert {address.lane for address in found.beside} <= {rung.lane for rung in found.rungs}


@pytest.mark.parametrize(
    ("asker", "expected"),
    [
        ("U-dsl", "deputy head"),
        ("U-headteacher", "dsl deputy"),
        ("U-teacher", "dsl deputy head"),
    ],
)
def test_asker_is_not_told_what_they_wrote(asker: str, expected: str) -> None:
    """Somebody on the route who raises it need not be told; they stay last among its people."""
    found = plan(register(), CHILD, None, NOBODY, asker)
    assert isinstance(found, Plan)
    assert told(found) == expected
    if asker != "U-teacher":
        assert f"U-{found.people[-1].role}" == asker
        assert found.people[-1] not in found.readers


def test_asker_is_told_where_nobody_else_is_left() -> None:
    """It stands recorded somewhere, rather than nowhere; the place or somebody away comes before that."""
    assert told(plan(register(), HEAD, None, NOBODY, "U-chair-of-governors")) == "chair"
    here = register(school(places=[HEAD], routes=MappingProxyType({HEAD: ("chair-of-governors",)})))
    assert told(plan(here, HEAD, frozenset({"U-clerk"}), NOBODY, "U-chair-of-governors")) == "chair"
    both = [away(of("deputy-dsl")), left(of("headteacher")), left(of("deputy-head"))]
    assert told(plan(register(school(*both)), CHILD, None, NOBODY, "U-dsl")) == "deputy"
    alone = school(places=[CHILD], routes=MappingProxyType({CHILD: ("dsl",)}))
    assert told(plan(register(alone), CHILD, SAFE, NOBODY, "U-dsl")) == "place"
    assert told(plan(register(alone), CHILD, None, NOBODY, "U-dsl")) == "place dsl"


def test_place_that_the_asker_is_kept_from_is_not_used() -> None:
    """Somebody who is excluded reads no place, not even where they are the one who asks."""
    on = register(AT_PLACE)
    assert told(plan(on, CHILD, SAFE, about(on, "dsl"), "U-dsl")) == "deputy head"


def test_one_token_of_somebody_is_enough() -> None:
    """Whoever is known to be the DSL is known by their id as well, in the place and out of it."""
    on = register(AT_PLACE)
    role = TokenSet(frozenset({"role:dsl"}))
    assert told(plan(on, CHILD, SAFE, role)) == "deputy head"
    assert told(plan(on, CHILD, frozenset({"U-deputy-dsl"}), role)) == "place deputy head"


def test_place_of_strangers_is_left_out_once_somebody_is_involved() -> None:
    """Where nobody of the register reads the place, it is not trusted with what is about one of them."""
    found = _plan(register(AT_PLACE), CHILD, frozenset({"U-1", "U-2"}), "dsl")
    assert (told(found), found.unnamed) == ("deputy head", 0)


def test_readers_are_all_who_will_see_it() -> None:
    """The card lists the route's people, whoever is away among them, and who else reads the place."""
    on = register(school(away(of("dsl")), places=[CHILD]))
    found = _plan(on, CHILD, frozenset({"U-dsl", "U-chair-of-governors", "U-1", "U-2"}))
    assert roles(found.people) == ["deputy-dsl", "headteacher"]
    assert roles(found.readers) == ["deputy-dsl", "headteacher", "dsl", "chair-of-governors"]
    assert found.unnamed == 2
    assert _plan(on, CHILD, None).unnamed is None
    assert _plan(register(), CHILD, None).unnamed == 0


def test_somebody_who_left_and_still_reads_the_place_is_counted_without_a_name() -> None:
    """The card never says nobody else reads it where somebody does."""
    found = _plan(register(school(left(of("headteacher")), places=[CHILD])), CHILD, SAFE | {"U-headteacher"})
    assert found.unnamed == 1
    assert "headteacher" not in roles(found.readers)


def test_somebody_involved_whose_id_is_unknown_may_be_in_the_place() -> None:
    """RS-82: where it cannot be checked, the place is left out and the others are told in person."""
    on = register(school(contact("chair-of-governors", "Dr E. Glen"), places=[CHILD]))
    assert told(plan(on, CHILD, SAFE, about(on, "dsl"))) == "deputy head"
    assert told(plan(on, CHILD, SAFE, about(on, "chair-of-governors"))) == "dsl deputy head"


def test_somebody_involved_who_left_the_register_may_be_in_the_place() -> None:
    """A DSL who was replaced since is not in the register any more: nothing shows that they do not read the place."""
    before = register(AT_PLACE)
    excluded = about(before, "dsl")
    assert told(plan(before, CHILD, frozenset({"U-deputy-dsl"}), excluded)) == "place deputy head"
    after = register(school(contact("dsl", "Ms N. New", "U-new"), places=[CHILD]))
    assert told(plan(after, CHILD, frozenset({"U-deputy-dsl"}), excluded)) == "deputy head"


@pytest.mark.parametrize(
    ("changed", "about_roles", "members", "reason"),
    [
        ([], ["dsl", "deputy-dsl", "headteacher"], SAFE, Reason.NOBODY_LEFT),
        ([], ["dsl", "deputy-dsl", "headteacher"], None, Reason.NOBODY_LEFT),
        ([contact("deputy-dsl", "C")], ["dsl", "headteacher"], None, Reason.CANNOT_CHECK),
        ([contact("deputy-dsl", "C")], ["dsl", "headteacher"], SAFE, Reason.NOBODY_REACHABLE),
        ([contact("deputy-dsl", "C")], ["dsl", "headteacher", "lado"], SAFE, Reason.CANNOT_CHECK),
    ],
)
def test_why_nobody_is_told(
    changed: Sequence[Contact], about_roles: Sequence[str], members: Members, reason: Reason
) -> None:
    """Nobody left, a place that cannot be checked, and people nobody can reach are told apart; each names a phone."""
    on = register(school(*changed, places=[CHILD]))
    found = plan(on, CHILD, members, about(on, *about_roles))
    assert isinstance(found, NoRoute)
    assert found.reason is reason
    assert found.phone


def test_school_without_the_route_names_whom_to_phone() -> None:
    """Where the school has set no route nothing is sent, and the telephone is all there is."""
    found = plan(register(school(routes=MappingProxyType({}))), CHILD, None)
    assert found == NoRoute(Reason.NOT_SET, tuple(of(r) for r in ("dsl", "deputy-dsl", "headteacher", "out-of-hours")))


@pytest.mark.parametrize(
    ("route", "about_roles", "expected"),
    [
        (CHILD, [], ["dsl", "deputy-dsl", "headteacher", "out-of-hours"]),
        (CHILD, ["dsl"], ["deputy-dsl", "headteacher", "chair-of-governors", "lado", "out-of-hours"]),
        (STAFF, [], ["headteacher", "chair-of-governors", "lado", "out-of-hours"]),
        (STAFF, ["headteacher"], ["chair-of-governors", "lado", "out-of-hours"]),
        (HEAD, [], ["chair-of-governors", "lado", "out-of-hours"]),
        (HEAD, ["chair-of-governors"], ["lado", "out-of-hours"]),
        (QUESTION, [], ["headteacher", "deputy-head", "school-office"]),
    ],
)
def test_whom_to_phone_goes_with_the_route(route: RouteName, about_roles: list[str], expected: list[str]) -> None:
    """The telephone leads up the same way as the route, past whoever is involved, to somebody outside the school."""
    on = register()
    assert roles(whom_to_phone(on, route, about(on, *about_roles))) == expected


def test_nobody_outside_england_is_sent_to_a_lado() -> None:
    """The LADO is England's; elsewhere the duty team is whom to phone."""
    abroad = register(school(jurisdiction=Jurisdiction.NORTHERN_IRELAND))
    assert roles(whom_to_phone(abroad, HEAD, about(abroad, "chair-of-governors"))) == ["out-of-hours"]


def test_whoever_has_a_number_is_phoned_first() -> None:
    """A role without a number is still named, behind those with one; who is away comes last, who left not at all."""
    silent = replace(of("dsl"), reach=())
    assert roles(whom_to_phone(register(school(silent)), CHILD)) == ["deputy-dsl", "headteacher", "out-of-hours", "dsl"]
    off = register(school(away(of("deputy-dsl")), silent))
    assert roles(whom_to_phone(off, CHILD)) == ["headteacher", "out-of-hours", "dsl", "deputy-dsl"]
    gone = register(school(left(of("dsl")), left(of("headteacher"))))
    assert roles(whom_to_phone(gone, CHILD)) == ["deputy-dsl", "deputy-head", "out-of-hours"]


def test_asker_is_not_told_to_phone_themselves() -> None:
    """Whoever asks is left out of the list."""
    assert "dsl" not in roles(whom_to_phone(register(), CHILD, NOBODY, "U-dsl"))


def test_somebody_involved_moves_it_up_the_routes() -> None:
    """From child to staff to head, past everybody who was shown; then the telephone outside the school is left."""
    routes = MappingProxyType({**ROUTES, CHILD: ("dsl", "deputy-dsl")})
    on = register(school(routes=routes))
    first = _plan(on, CHILD)
    second, excluded = next_safe(on, first, {})
    assert isinstance(second, Plan)
    assert (second.route, told(second)) == (STAFF, "head chair")
    third, excluded = next_safe(on, second, {}, excluded)
    assert third == NoRoute(Reason.NOBODY_LEFT, (of("lado"), of("out-of-hours")))
    assert excluded.holds(["role:chair-of-governors"])


def test_route_that_shows_the_same_people_is_passed_over() -> None:
    """Where the head was shown, the staff route goes on with the chair; where the chair was too, nothing is left."""
    on = register()
    found, _ = next_safe(on, _plan(on, CHILD), {})
    assert isinstance(found, Plan)
    assert (found.route, told(found)) == (STAFF, "chair")
    short = register(school(routes=MappingProxyType({CHILD: ("dsl", "headteacher"), HEAD: ("chair-of-governors",)})))
    found, excluded = next_safe(short, _plan(short, CHILD), {})
    assert isinstance(found, Plan)
    assert found.route is HEAD
    assert excluded("role:headteacher")


def test_what_reached_the_route_head_stays_from_the_head() -> None:
    """Once it is on the route head, the headteacher is excluded for good, shown before or not."""
    on = register(school(routes=MappingProxyType({CHILD: ("dsl",), HEAD: ("chair-of-governors",)})))
    found, excluded = next_safe(on, _plan(on, CHILD), {})
    assert isinstance(found, Plan)
    assert (found.route, excluded("role:headteacher")) == (HEAD, True)


def test_keys_go_on_as_keys() -> None:
    """A stored escalation's excluded people stay in keys as more of them are added."""
    on = register()
    kept = TokenSet(key=lambda token: f"key of {token}")
    _, excluded = next_safe(on, _plan(on, CHILD), {}, kept)
    assert "key of role:dsl" in excluded.keys
    assert all(key.startswith("key of ") for key in excluded.keys)


def test_readers_without_a_name_may_be_the_one() -> None:
    """Where the place had readers nobody could name, no place is used again, nor anybody whose id is unknown."""
    changed = contact("headteacher", "Mrs A. Hill")
    on = register(school(changed, places=[CHILD, STAFF], routes=MappingProxyType({**ROUTES, CHILD: ("dsl",)})))
    shown = _plan(on, CHILD, frozenset({"U-dsl", "U-1"}))
    found, excluded = next_safe(on, shown, {STAFF: frozenset({"U-chair-of-governors"})})
    assert isinstance(found, Plan)
    assert (told(found), roles(found.people)) == ("chair", ["chair-of-governors"])
    assert not on.are_placed(excluded)


def test_nothing_moves_on_from_a_place_whose_readers_are_unknown() -> None:
    """Nobody knows who was shown it, so nobody is told: Signpost says so and names whom to phone."""
    on = register(AT_PLACE)
    found, _ = next_safe(on, _plan(on, CHILD, None), {})
    assert found == NoRoute(Reason.CANNOT_CHECK, (of("chair-of-governors"), of("lado"), of("out-of-hours")))


def test_outside_bodies_are_nobody_of_the_school() -> None:
    """A LADO or a duty team on a route is shown, and stays to be phoned when everybody else is involved."""
    on = register(school(routes=MappingProxyType({HEAD: ("chair-of-governors", "lado", "out-of-hours")})))
    found, _ = next_safe(on, _plan(on, HEAD), {})
    assert roles(found.phone) == ["lado", "out-of-hours"]
