"""Who may open and act on an escalation, and who asks as a member of staff."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from itertools import product
from types import MappingProxyType

import pytest

from bot.escalation.authority import Standing, may_act, standing
from bot.escalation.model import Address, Escalation
from bot.escalation.register import NOBODY, Register, TokenSet
from bot.escalation.routing import Plan, plan
from knowledge.model import RouteName
from tests.bot.escalation.registers import DAY, about, away, contact, left, of, register, school

OPENED = datetime(2026, 7, 1, 9, tzinfo=UTC)
CONCERN = Escalation(
    id="e1",
    reference="K7-QMX4",
    source="s1",
    school="hilltop",
    category="child-at-risk",
    certainty="certain",
    urgent=True,
    route=RouteName.CHILD,
    platform="slack",
    asker="key of the asker",
    opened_at=OPENED,
)
HASHED = TokenSet(key=lambda token: sha256(token.encode()).hexdigest())


def _may(
    person: str,
    on: Register | None = None,
    escalation: Escalation = CONCERN,
    excluded: TokenSet = NOBODY,
    *,
    is_member: bool = False,
) -> bool:
    return may_act(on or register(), escalation, excluded, person, is_member=is_member)


@pytest.mark.parametrize(
    ("route", "person", "allowed"),
    [
        (RouteName.CHILD, "U-dsl", True),
        (RouteName.CHILD, "U-deputy-dsl", True),
        (RouteName.CHILD, "U-headteacher", True),
        (RouteName.CHILD, "U-chair-of-governors", False),
        (RouteName.CHILD, "U-teacher", False),
        (RouteName.STAFF, "U-dsl", False),
        (RouteName.STAFF, "U-headteacher", True),
        (RouteName.STAFF, "U-deputy-head", False),
        (RouteName.HEAD, "U-headteacher", False),
        (RouteName.HEAD, "U-chair-of-governors", True),
        (RouteName.QUESTION, "U-deputy-head", True),
        (RouteName.QUESTION, "U-dsl", False),
    ],
)
def test_people_of_the_route_may_act(route: RouteName, person: str, allowed: bool) -> None:
    """RS-91: a concern is for the people of its route, and for nobody else who happens to hold a role."""
    assert _may(person, escalation=replace(CONCERN, route=route)) is allowed


def test_nobody_of_another_school_sees_anything() -> None:
    """RS-91: the DSL of school A sees nothing of school B, not even as a member of the place."""
    elsewhere = replace(CONCERN, school="valley")
    assert not _may("U-dsl", escalation=elsewhere)
    assert not _may("U-dsl", escalation=elsewhere, is_member=True)


def test_admins_get_no_words() -> None:
    """Whoever may change the knowledge reads no concern for it."""
    on = register(replace(school(), admins=(MappingProxyType({"slack": "U-admin"}),)))
    assert not _may("U-admin", on)


def test_members_of_the_place_may_act() -> None:
    """Somebody whom the register does not name, and who reads the place, may take what was posted there."""
    assert _may("U-pastoral", is_member=True)


@pytest.mark.parametrize("person", ["U-dsl", "U-dsl-at-home"])
def test_whoever_is_excluded_may_not_act(person: str) -> None:
    """RS-82: the person concerned sees nothing, by role or as a member of the place."""
    on = register()
    excluded = about(on, "dsl", key=HASHED).plus(["slack:U-dsl-at-home"])
    assert not _may(person, on, excluded=excluded)
    assert not _may(person, on, excluded=excluded, is_member=True)
    assert _may("U-deputy-dsl", on, excluded=excluded)


def test_whoever_is_excluded_may_not_act_in_another_role() -> None:
    """A headteacher who is the DSL as well does not see what is about the DSL."""
    on = register(school(contact("dsl", "Mrs A. Hill", "U-dsl")))
    assert not _may("U-headteacher", on, excluded=TokenSet(frozenset({"role:dsl"})))
    assert not _may("U-headteacher", on, replace(CONCERN, route=RouteName.HEAD), is_member=True)


def test_members_count_only_where_whoever_is_excluded_is_known() -> None:
    """Where the person concerned has no known id, any member of the place may be them."""
    known = register()
    assert _may("U-pastoral", known, excluded=about(known, "dsl"), is_member=True)
    unknown = register(school(contact("dsl", "Mr B. Dale")))
    assert not _may("U-pastoral", unknown, excluded=about(unknown, "dsl"), is_member=True)


def test_whoever_left_may_not_act() -> None:
    """From the day they left, neither the role nor the place gives them anything; the day before, both did."""
    on = register(school(left(of("dsl"))))
    assert not _may("U-dsl", on)
    assert not _may("U-dsl", on, is_member=True)
    assert _may("U-dsl", register(on.school, DAY - timedelta(days=1)))
    still = register(school(left(of("dsl")), contact("deputy-dsl", "Mr B. Dale", "U-dsl")))
    assert _may("U-dsl", still)


def test_deputies_act_while_they_stand_in() -> None:
    """The deputy head may act while the head is away, and afterwards on what they were told of."""
    assert not _may("U-deputy-head")
    assert _may("U-deputy-head", register(school(away(of("headteacher")))))
    before = replace(CONCERN, told=(Address("slack", "U-deputy-head", role="deputy-head"),))
    assert _may("U-deputy-head", escalation=before)
    on = register()
    assert not _may("U-deputy-head", on, before, about(on, "deputy-head"))


def test_somebody_away_may_still_act() -> None:
    """A DSL who looks in from home may open what is theirs."""
    assert _may("U-dsl", register(school(away(of("dsl")))))


def test_whoever_was_told_may_act_though_the_route_is_gone() -> None:
    """A route taken out of the pack does not strand what was sent on it."""
    on = register(school(routes=MappingProxyType({})))
    assert not _may("U-dsl", on)
    assert _may("U-dsl", on, replace(CONCERN, told=(Address("slack", "U-dsl", role="dsl"),)))


@pytest.mark.parametrize("accused", [(), ("dsl",), ("headteacher",), ("dsl", "headteacher"), ("chair-of-governors",)])
def test_whoever_may_act_was_on_the_card(accused: tuple[str, ...]) -> None:
    """Nobody of the register can open what the card did not say they would see."""
    absences = [(), (away(of("dsl")),), (left(of("headteacher")),), (away(of("headteacher")),)]
    for changed, route, place in product(absences, RouteName, (True, False)):
        on = register(school(*changed, places=[route] if place else []))
        members = frozenset({"U-dsl", "U-deputy-dsl", "U-headteacher"})
        excluded = about(on, *accused)
        found = plan(on, route, members if place else None, excluded)
        if not isinstance(found, Plan):
            continue
        at_place = any(rung.kind == "place" for rung in found.rungs)
        one = replace(CONCERN, route=route, told=found.rungs)
        listed = {reader.role for reader in found.readers}
        for role in ("dsl", "deputy-dsl", "headteacher", "deputy-head", "chair-of-governors"):
            is_member = at_place and f"U-{role}" in members
            assert _may(f"U-{role}", on, one, excluded, is_member=is_member) is (role in listed)


ASKS = MappingProxyType(
    {"user_groups": ("S-staff",), "groups": ("all",), "roles": ("owner",), "people": ("U-visitor",)}
)


@pytest.mark.parametrize(
    ("asks", "person", "groups", "is_guest", "expected"),
    [
        (None, "U-teacher", set(), False, Standing.STAFF),
        (None, "U-teacher", set(), True, Standing.OUTSIDER),
        (None, "U-chair-of-governors", set(), True, Standing.STAFF),
        (ASKS, "U-teacher", set(), False, Standing.OUTSIDER),
        (ASKS, "U-teacher", {"S-pupils"}, False, Standing.OUTSIDER),
        (ASKS, "U-teacher", {"S-pupils", "S-staff"}, False, Standing.STAFF),
        (ASKS, "U-teacher", {"all"}, False, Standing.STAFF),
        (ASKS, "U-teacher", {"owner"}, False, Standing.STAFF),
        (ASKS, "U-teacher", {"S-staff"}, True, Standing.OUTSIDER),
        (ASKS, "U-teacher", {"U-visitor"}, False, Standing.OUTSIDER),
        (ASKS, "U-visitor", set(), True, Standing.STAFF),
        (ASKS, "U-visitor", set(), False, Standing.STAFF),
        (ASKS, "U-dsl", set(), False, Standing.STAFF),
        (MappingProxyType({}), "U-teacher", set(), False, Standing.OUTSIDER),
    ],
)
def test_who_asks_as_staff(
    asks: Mapping[str, tuple[str, ...]] | None, person: str, groups: set[str], is_guest: bool, expected: Standing
) -> None:
    """Every full member asks as staff until the school lists who may; guests only by name, role holders always."""
    listed = MappingProxyType({"slack": asks} if asks is not None else {})
    on = register(replace(school(), asks=listed))
    assert standing(on, person, frozenset(groups), is_guest=is_guest) is expected


def test_a_list_of_another_platform_says_nothing_here() -> None:
    """Who may ask on Teams leaves Slack open."""
    on = register(replace(school(), asks=MappingProxyType({"teams": ASKS})))
    assert standing(on, "U-teacher", frozenset(), is_guest=False) is Standing.STAFF


def test_whoever_left_their_role_asks_as_anybody_else() -> None:
    """A role that was given up lets nobody in."""
    on = register(replace(school(left(of("dsl"))), asks=MappingProxyType({"slack": ASKS})))
    assert standing(on, "U-dsl", frozenset(), is_guest=False) is Standing.OUTSIDER
