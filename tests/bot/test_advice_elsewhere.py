"""What to do now outside England: the same safeguarding rules, in the words of each jurisdiction."""

import re
from dataclasses import replace
from functools import cache

import pytest

from knowledge.loader import SHIPPED, KnowledgeFolder, load_catalogue
from knowledge.model import Advice, ConcernChange, ConcernKind, Jurisdiction, RouteName
from knowledge.roles import TITLES, title_of
from tests.bot.builders import SCHOOL

ELSEWHERE = (Jurisdiction.WALES, Jurisdiction.SCOTLAND, Jurisdiction.NORTHERN_IRELAND)
ENGLANDS = re.compile(r"\b(DSL|LADO|Keeping children safe in education|KCSIE)\b")
SHORT = {
    Jurisdiction.WALES: "DSP",
    Jurisdiction.SCOTLAND: "Child Protection Coordinator",
    Jurisdiction.NORTHERN_IRELAND: "Designated Teacher",
}


@cache
def kinds() -> tuple[ConcernKind, ...]:
    """Return the shipped categories."""
    return load_catalogue(KnowledgeFolder(SHIPPED)).concerns


def local(kind: ConcernKind, where: Jurisdiction) -> ConcernKind:
    """Return a category as a school of a jurisdiction has it."""
    return kind.at(replace(SCHOOL, jurisdiction=where))


@pytest.mark.parametrize("where", ELSEWHERE)
def test_every_category_has_the_words_of_the_jurisdiction(where: Jurisdiction) -> None:
    """No category falls back to England's advice, its bodies or its titles."""
    for kind in kinds():
        there = local(kind, where)
        assert there.advice, kind.id
        assert there.source != kind.source or kind.route is RouteName.STAFF, kind.id
        assert [line for line in (*there.advice, there.source) if ENGLANDS.search(line)] == [], kind.id


@pytest.mark.parametrize("where", ELSEWHERE)
def test_a_child_goes_to_the_person_whom_the_jurisdiction_names(where: Jurisdiction) -> None:
    """Every category about a child says whom to tell by the title used there, in person or by phone (RS-80)."""
    assert SHORT[where] in title_of("dsl", where)
    for kind in kinds():
        there = local(kind, where)
        if there.route is RouteName.CHILD:
            assert there.contacts[0] == "dsl", kind.id
            assert any(SHORT[where] in line and "in person or by phone" in line for line in there.advice), kind.id


@pytest.mark.parametrize("where", ELSEWHERE)
def test_danger_begins_with_999_everywhere(where: Jurisdiction) -> None:
    """The first line is the emergency number (RS-81)."""
    assert "999 first" in local(kinds()[0], where).advice[0]


@pytest.mark.parametrize("where", ELSEWHERE)
def test_the_head_is_never_told_of_a_concern_about_the_head(where: Jurisdiction) -> None:
    """Neither the contacts nor the advice lead back to the headteacher (RS-82)."""
    there = next(local(kind, where) for kind in kinds() if kind.id == "head-conduct")
    assert "headteacher" not in there.contacts
    assert not any(re.match("Tell the headteacher", line) for line in there.advice)


@pytest.mark.parametrize("where", ELSEWHERE)
def test_pictures_are_never_handled_anywhere(where: Jurisdiction) -> None:
    """The rule on pictures is the same in every jurisdiction (RS-86)."""
    there = next(local(kind, where) for kind in kinds() if kind.id == "indecent-images")
    rule = next(line for line in there.advice if line.startswith("Never look at"))
    assert all(verb in rule for verb in ("copy", "print", "share", "store", "forward"))


@pytest.mark.parametrize("where", ELSEWHERE)
def test_every_role_named_exists_there(where: Jurisdiction) -> None:
    """Contacts are roles of the register, and the LADO is England's alone."""
    named = {role for kind in kinds() for advice in [kind.elsewhere[where]] for role in advice.contacts}
    assert named <= set(TITLES) - {"lado"}


def test_a_school_says_it_in_its_own_words() -> None:
    """A school's own advice, route, urgency and contacts come before its jurisdiction's and the catalogue's."""
    kind = replace(
        kinds()[0], elsewhere={Jurisdiction.WALES: Advice(("Tell the DSP.",), "Wales", ("safeguarding-governor",))}
    )
    change = ConcernChange(False, RouteName.STAFF, (), Advice(("Ring the bell.",), "our own plan"))
    school = replace(SCHOOL, jurisdiction=Jurisdiction.WALES, concerns={kind.id: change})
    there = kind.at(school)
    assert (there.advice, there.source) == (("Ring the bell.",), "our own plan")
    assert (there.urgent, there.route, there.contacts) == (False, RouteName.STAFF, ("safeguarding-governor",))
    assert kind.at(SCHOOL) == kind
