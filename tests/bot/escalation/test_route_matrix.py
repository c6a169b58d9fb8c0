"""The route matrix: whom a concern is about, who reads the place, who is absent and the hour, and who is told then.

RS-82: nothing is ever sent to, or can be read by, the person a concern is about.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from hashlib import sha256
from itertools import product

import pytest

from bot.escalation.hours import local_date
from bot.escalation.register import Register, TokenSet
from bot.escalation.routing import Members, NoRoute, Plan, next_safe, plan
from knowledge.model import Contact, Jurisdiction, RouteName
from tests.bot.escalation.registers import PLACE, ROUTES, SlackBook, about, away, contact, left, of, school, told

# The head and the DSL are one person: one name and one id, in two roles.
BOTH = "head=dsl"
ACCUSED: dict[str, tuple[str, ...]] = {
    "nobody": (),
    "head": ("headteacher",),
    "dsl": ("dsl",),
    "deputy": ("deputy-dsl",),
    "chair": ("chair-of-governors",),
    BOTH: ("headteacher", "dsl"),
}
PLACES = ("without them", "with them", "unknown", "no place")
ABSENT: dict[str, tuple[Contact, ...]] = {
    "nobody": (),
    "dsl away": (away(of("dsl")),),
    "both away": (away(of("dsl")), away(of("deputy-dsl"))),
    "head left": (left(of("headteacher")),),
}
# In school, in the evening, and on a night when UTC is a day behind the school; the absences are of that day.
HOURS = ("2026-07-01T10:00Z", "2026-07-01T20:30Z", "2026-06-30T23:30Z")

# Who is told, by whom it is about, who is absent and who reads the place. "place" is the route's own place, "dhead" the
# deputy headteacher; a line has what the four kinds of place come to, in the order of PLACES.
CHILD = """
nobody   | nobody    | place dsl deputy head  | place dsl deputy head  | place dsl deputy head  | dsl deputy head
nobody   | dsl away  | place deputy head      | place deputy head      | place deputy head      | deputy head
nobody   | both away | place head             | place head             | place head             | head
nobody   | head left | place dsl deputy dhead | place dsl deputy dhead | place dsl deputy dhead | dsl deputy dhead
head     | nobody    | place dsl deputy       | dsl deputy             | dsl deputy             | dsl deputy
head     | dsl away  | place deputy           | deputy                 | deputy                 | deputy
head     | both away | place dsl deputy       | dsl deputy             | dsl deputy             | dsl deputy
head     | head left | place dsl deputy       | dsl deputy             | dsl deputy             | dsl deputy
dsl      | nobody    | place deputy head      | deputy head            | deputy head            | deputy head
dsl      | dsl away  | place deputy head      | deputy head            | deputy head            | deputy head
dsl      | both away | place head             | head                   | head                   | head
dsl      | head left | place deputy dhead     | deputy dhead           | deputy dhead           | deputy dhead
deputy   | nobody    | place dsl head         | dsl head               | dsl head               | dsl head
deputy   | dsl away  | place head             | head                   | head                   | head
deputy   | both away | place head             | head                   | head                   | head
deputy   | head left | place dsl dhead        | dsl dhead              | dsl dhead              | dsl dhead
chair    | nobody    | place dsl deputy head  | dsl deputy head        | dsl deputy head        | dsl deputy head
chair    | dsl away  | place deputy head      | deputy head            | deputy head            | deputy head
chair    | both away | place head             | head                   | head                   | head
chair    | head left | place dsl deputy dhead | dsl deputy dhead       | dsl deputy dhead       | dsl deputy dhead
head=dsl | nobody    | place deputy           | deputy                 | deputy                 | deputy
head=dsl | dsl away  | place deputy           | deputy                 | deputy                 | deputy
head=dsl | both away | place deputy           | deputy                 | deputy                 | deputy
head=dsl | head left | place deputy           | deputy                 | deputy                 | deputy
"""
STAFF = """
nobody   | nobody    | place head chair       | place head chair       | place head chair       | head chair
nobody   | head left | place dhead chair      | place dhead chair      | place dhead chair      | dhead chair
head     | nobody    | place chair            | chair                  | chair                  | chair
head     | head left | place chair            | chair                  | chair                  | chair
dsl      | nobody    | place head chair       | head chair             | head chair             | head chair
dsl      | both away | place head chair       | head chair             | head chair             | head chair
dsl      | head left | place dhead chair      | dhead chair            | dhead chair            | dhead chair
chair    | nobody    | place head             | head                   | head                   | head
chair    | head left | dhead                  | dhead                  | dhead                  | dhead
head=dsl | nobody    | place chair            | chair                  | chair                  | chair
head=dsl | head left | place chair            | chair                  | chair                  | chair
"""
HEAD = """
head     | nobody    | place chair            | chair                  | chair                  | chair
head     | head left | place chair            | chair                  | chair                  | chair
chair    | nobody    | nobody-left            | nobody-left            | nobody-left            | nobody-left
head=dsl | nobody    | place chair            | chair                  | chair                  | chair
head=dsl | both away | place chair            | chair                  | chair                  | chair
"""


@dataclass(frozen=True, slots=True)
class Row:
    """One cell of the matrix, as it stands at the school."""

    route: RouteName
    accused: str
    absent: str
    place: str
    hour: str = HOURS[0]
    jurisdiction: Jurisdiction = Jurisdiction.ENGLAND

    @property
    def register(self) -> Register:
        """The school's register at that hour."""
        changed = {one.role: one for one in ABSENT[self.absent]}
        if self.accused == BOTH:
            one_person = contact("dsl", "mrs a.  hill", "U-headteacher", "deputy-dsl")
            dsl = changed.get("dsl", of("dsl"))
            changed["dsl"] = replace(one_person, away=dsl.away)
        there = school(
            *changed.values(),
            places=() if self.place == "no place" else (self.route,),
            jurisdiction=self.jurisdiction,
        )
        return Register(there, SlackBook(), local_date(datetime.fromisoformat(self.hour)))

    @property
    def excluded(self) -> TokenSet:
        """Whom the concern is about, as a stored escalation has it: in keys that say nothing."""
        hashed = TokenSet(key=lambda token: sha256(token.encode()).hexdigest())
        return about(self.register, *ACCUSED[self.accused], key=hashed)

    @property
    def accused_ids(self) -> frozenset[str]:
        """The ids of whom the concern is about."""
        found = [self.register.book.address(self.register.school.contact(role)) for role in ACCUSED[self.accused]]
        return frozenset(known for known in found if known)

    @property
    def members(self) -> Members:
        """Who reads the place."""
        if self.place in {"unknown", "no place"}:
            return None
        route = [self.register.book.address(self.register.school.contact(role)) for role in ROUTES[self.route]]
        ids = frozenset(known for known in route if known) - self.accused_ids
        return ids | self.accused_ids if self.place == "with them" else ids

    def plan(self, asker: str | None = None) -> Plan | NoRoute:
        """Decide who is told."""
        return plan(self.register, self.route, self.members, self.excluded, asker)


def _table(route: RouteName, text: str) -> Iterator[tuple[Row, str]]:
    for line in text.strip().splitlines():
        accused, absent, *cells = (cell.strip() for cell in line.split("|"))
        for place, cell in zip(PLACES, cells, strict=True):
            yield Row(route, accused, absent, place), cell


TABLE = [*_table(RouteName.CHILD, CHILD), *_table(RouteName.STAFF, STAFF), *_table(RouteName.HEAD, HEAD)]
ALL = [
    Row(*cell)
    for cell in product(
        (RouteName.CHILD, RouteName.STAFF, RouteName.HEAD),
        ACCUSED,
        ABSENT,
        PLACES,
        HOURS,
    )
]
ALL += [replace(row, jurisdiction=Jurisdiction.SCOTLAND) for row in ALL if row.hour == HOURS[0]]
ASKERS = (None, "U-dsl", "U-headteacher", "U-chair-of-governors", "U-teacher")


def _name(value: Row | str) -> str:
    return (
        f"{value.route}, about {value.accused}, absent {value.absent}, {value.place}" if isinstance(value, Row) else ""
    )


@pytest.mark.parametrize("hour", HOURS)
@pytest.mark.parametrize(("row", "expected"), TABLE, ids=_name)
def test_who_is_told(row: Row, expected: str, hour: str) -> None:
    """The place where only safe people read it, then each of them in order; the hour never changes who it is."""
    assert told(replace(row, hour=hour).plan()) == expected


def test_the_child_table_has_every_row() -> None:
    """Nothing is left out: each accused with each absence, over each kind of place."""
    rows = [(row.accused, row.absent, row.place) for row, _ in TABLE if row.route is RouteName.CHILD]
    assert sorted(rows) == sorted(product(ACCUSED, ABSENT, PLACES))


def _assert_safe(row: Row, found: Plan | NoRoute) -> None:
    """Nobody whom it is about can read it or be phoned about it, and the asker is never left with nobody."""
    hidden = frozenset(token for role in ACCUSED[row.accused] for token in row.register.tokens(of(role)))
    assert not [one.role for one in found.phone if row.register.tokens(one) & hidden]
    if isinstance(found, NoRoute):
        assert found.phone
        return
    assert found.rungs
    assert not [one.role for one in (*found.people, *found.readers) if row.register.tokens(one) & hidden]
    assert not row.accused_ids & {rung.id for rung in found.rungs}
    if PLACE in {rung.id for rung in found.rungs} and row.accused_ids:
        assert row.members is not None
        assert not row.members & row.accused_ids


@pytest.mark.parametrize("asker", ASKERS)
def test_whom_it_is_about_never_reads_it(asker: str | None) -> None:
    """RS-82 over the whole product, whoever asks: no rung, reader or number belongs to whom it is about."""
    for row in ALL:
        _assert_safe(row, row.plan(asker))


def test_on_the_route_head_the_headteacher_never_reads_it() -> None:
    """Even where nobody said so, a concern that came as far as the route head is kept from the headteacher."""
    for row in ALL:
        if row.route is RouteName.HEAD and row.accused in {"head", BOTH}:
            _assert_safe(row, plan(row.register, RouteName.HEAD, row.members))


@pytest.mark.parametrize("asker", ASKERS)
def test_going_on_never_comes_back(asker: str | None) -> None:
    """Each "One of these people is involved" leads to people who were not shown before, or to a telephone."""
    for row in ALL:
        found, excluded = row.plan(asker), row.excluded
        shown: frozenset[str] = frozenset()
        for _ in range(4):
            if isinstance(found, NoRoute):
                break
            shown |= {token for one in found.readers for token in row.register.tokens(one)}
            found, excluded = next_safe(row.register, found, {row.route: row.members}, excluded, asker)
            _assert_safe(row, found)
            again = [one for one in found.phone if row.register.tokens(one) & shown]
            if isinstance(found, Plan):
                again += [one for one in (*found.people, *found.readers) if row.register.tokens(one) & shown]
            assert not again
        assert isinstance(found, NoRoute)


def test_nobody_who_left_is_told_or_phoned() -> None:
    """From the day somebody left, nothing of the school's goes to them."""
    for row in ALL:
        if row.absent == "head left":
            found = row.plan()
            assert "headteacher" not in {one.role for one in found.phone}
            if isinstance(found, Plan):
                assert "U-headteacher" not in {rung.id for rung in found.rungs} or row.accused == BOTH


def test_the_asker_is_told_only_where_nobody_else_is() -> None:
    """Whoever asks need not be told what they wrote, unless there is nobody else."""
    for row, asker in product(ALL, ASKERS):
        found = row.plan(asker)
        if asker and isinstance(found, Plan) and asker in {rung.id for rung in found.rungs}:
            assert {rung.id for rung in found.rungs if rung.kind == "person"} == {asker}
            assert found.unnamed is None or len(found.rungs) == 1
