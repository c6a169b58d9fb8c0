"""Who is who: which roles are one person, who holds a role today, and whom a concern is about."""

from dataclasses import replace
from datetime import timedelta
from types import MappingProxyType

import pytest

from bot.escalation.register import NOBODY, TokenSet, excluded_by, tokens
from knowledge.model import Reach, RouteName
from tests.bot.escalation.registers import DAY, SlackBook, about, away, contact, left, of, register, school

SAME_NAME = contact("dsl", "mrs a.  HILL", "U-dsl")
SAME_ID = contact("dsl", "Mr B. Dale", "U-headteacher")


def _hashed(token: str) -> str:
    return f"key of {token}"


def test_people_are_known_by_role_name_id_and_mail() -> None:
    """A telephone or a room is shared by many, and shows nobody."""
    reach = (Reach("phone", "1"), Reach("room", "4"), Reach("slack", "U1"), Reach("email", "B.Dale@hill.sch"))
    known = tokens(replace(of("dsl"), reach=reach))
    assert known == {"role:dsl", "name:mr b. dale", "slack:U1", "email:b.dale@hill.sch"}


def test_an_id_the_platform_knows_counts() -> None:
    """Two roles that a platform reaches at one id are one person, whatever the register says."""
    on = register(book=SlackBook(MappingProxyType({"lado": "U-headteacher"})))
    assert "slack:U-headteacher" in on.tokens(of("lado"))
    assert on.involved(about(on, "headteacher")) == {"headteacher", "lado"}


@pytest.mark.parametrize("dsl", [SAME_NAME, SAME_ID])
def test_a_concern_about_the_head_is_kept_from_all_their_roles(dsl: object) -> None:
    """The category itself says whom it is about: the headteacher, and whatever else that person is."""
    assert isinstance(dsl, type(SAME_ID))
    found = excluded_by("head-conduct", school(dsl))
    assert {"role:headteacher", "role:dsl", "name:mrs a. hill"} <= found
    assert not {"role:deputy-dsl", "role:deputy-head"} & found


def test_one_person_is_followed_through_their_roles() -> None:
    """Head and DSL share a name, DSL and chair an id: all three are one."""
    chair = contact("chair-of-governors", "E. Glen", "U-dsl")
    assert {"role:headteacher", "role:dsl", "role:chair-of-governors"} <= excluded_by(
        "head-conduct", school(SAME_NAME, chair)
    )


@pytest.mark.parametrize("category", ["adult-conduct", "child-at-risk", "question"])
def test_other_categories_are_about_nobody_in_the_register(category: str) -> None:
    """A concern about an adult is not about the headteacher until somebody says so."""
    assert excluded_by(category, school()) == frozenset()


def test_the_head_is_excluded_where_the_register_has_none() -> None:
    """A school without a headteacher in its register still keeps the role out."""
    bare = replace(school(), contacts=MappingProxyType({}))
    assert excluded_by("head-conduct", bare) == {"role:headteacher"}


def test_set_of_people_is_kept_in_keys() -> None:
    """What is stored says nothing of who it is, and works all the same."""
    people = TokenSet(key=_hashed).plus(["role:dsl"])
    assert people.keys == {"key of role:dsl"}
    assert people("role:dsl")
    assert people.holds(["slack:U1", "role:dsl"])
    assert not people("role:headteacher")
    assert people
    assert not NOBODY
    assert not NOBODY("role:dsl")


def test_all_roles_of_somebody_excluded_are_involved() -> None:
    """Whoever is the head and the DSL is kept out as both, even where one role alone was named."""
    assert register(school(SAME_NAME)).involved(TokenSet(frozenset({"role:dsl"}))) == {"headteacher", "dsl"}
    assert register().involved(TokenSet(frozenset({"role:dsl"}))) == {"dsl"}
    assert register().involved(NOBODY) == frozenset()


def test_ids_show_who_reads_a_place_only_if_everybody_excluded_has_one() -> None:
    """A list of ids says nothing of somebody whose id is unknown, or who is no longer in the register."""
    on = register()
    assert on.are_placed(NOBODY)
    assert on.are_placed(about(on, "dsl", "headteacher"))
    assert not on.are_placed(about(on, "dsl", "lado"))
    assert not on.are_placed(about(on, "dsl").plus(["name:somebody who was dsl before"]))
    same = register(school(contact("dsl", "Mrs A. Hill")))
    assert not same.are_placed(about(same, "headteacher"))


def test_roles_are_those_held_today() -> None:
    """Somebody away holds their role; somebody who left does not."""
    changed = school(away(of("dsl")), left(of("headteacher")), contact("dpo", "Mr B. Dale", "U-dsl"))
    on = register(changed)
    assert on.roles_of("U-dsl") == {"dsl", "dpo"}
    assert on.roles_of("U-headteacher") == frozenset()
    assert register(changed, DAY - timedelta(days=1)).roles_of("U-headteacher") == {"headteacher"}
    assert on.roles_of("U-teacher") == frozenset()


def test_somebody_who_left_has_no_address_and_is_still_known() -> None:
    """Nothing is sent to somebody who left; a concern about them is kept from them all the same."""
    on = register(school(left(of("dsl"))))
    gone = on.school.contact("dsl")
    assert on.address(gone) is None
    assert "slack:U-dsl" in on.tokens(gone)


def test_nearest_deputy_who_is_there_stands_in() -> None:
    """Deputies are followed from one to the next, past those who are absent or barred, and never round in a ring."""
    ring = school(
        away(of("dsl")),
        replace(of("deputy-dsl"), deputy="headteacher"),
        replace(of("headteacher"), deputy="dsl"),
    )
    dsl = ring.contact("dsl")
    on = register(ring)
    assert on.stand_in(dsl, frozenset()) == ring.contact("deputy-dsl")
    assert on.stand_in(dsl, frozenset({"deputy-dsl"})) == ring.contact("headteacher")
    assert on.stand_in(dsl, frozenset({"deputy-dsl", "headteacher"})) is None
    assert on.stand_in(of("lado"), frozenset()) is None


def test_route_head_is_always_about_the_head() -> None:
    """What goes to the route head is kept from the headteacher; other routes are about nobody more."""
    on = register()
    assert on.about(RouteName.HEAD, NOBODY)("role:headteacher")
    assert on.about(RouteName.STAFF, NOBODY) == NOBODY
