"""The knowledge model: what the bot asks of a school."""

import pickle
from datetime import date
from types import MappingProxyType

import pytest

from knowledge.model import (
    FORBIDDING,
    PERMISSIVE,
    Catalogue,
    Clause,
    Contact,
    Document,
    Jurisdiction,
    Passage,
    PassageKind,
    Policy,
    Reach,
    School,
    Stance,
)

CLAUSE = Clause("phones-off", "Phones", "Phones stay off.", "using a phone", Stance.MUST_NOT)
POLICY = Policy("phones", "Phones policy", (CLAUSE,))
HEAD = Contact("headteacher", "Headteacher", "Mrs A. Hill")
HILLTOP = School(
    "hilltop", "Hilltop", Jurisdiction.ENGLAND, MappingProxyType({"headteacher": HEAD}), (Policy("a", "A", ()), POLICY)
)


def test_clause_and_its_policy_are_found_by_id() -> None:
    """A clause's id leads to the clause and to the policy that holds it."""
    assert HILLTOP.clause("phones-off") is CLAUSE
    assert HILLTOP.policy_of("phones-off") is POLICY


def test_unknown_clause_is_a_key_error() -> None:
    """An id that no clause has is an error, not an empty answer."""
    with pytest.raises(KeyError, match="phones-on"):
        HILLTOP.clause("phones-on")
    with pytest.raises(KeyError, match="phones-on"):
        HILLTOP.policy_of("phones-on")


def test_contact_of_a_role_is_always_there() -> None:
    """A role that nobody registered has a contact without a holder, titled from its id."""
    assert HILLTOP.contact("headteacher") is HEAD
    assert HILLTOP.contact("pool-lead") == Contact("pool-lead", "Pool lead")


def test_passage_is_found_by_its_number() -> None:
    """Passages count from 1; there is none before the first or behind the last."""
    found = Document("a.txt", (Passage(1, PassageKind.SENTENCE, "Ask."), Passage(2, PassageKind.SENTENCE, "Wait.")))
    assert [found.passage(number) for number in (-1, 0, 1, 2, 3)] == [None, None, *found.passages, None]


def test_no_stance_both_allows_and_forbids() -> None:
    """The stances that allow and those that forbid have nothing in common."""
    assert not PERMISSIVE & FORBIDDING


def test_school_can_be_sent_between_processes() -> None:
    """RS-67: a school is read in a process of its own and arrives whole, its mappings read-only as before."""
    sent = pickle.loads(pickle.dumps(HILLTOP))  # noqa: S301 - our own bytes
    assert sent == HILLTOP
    with pytest.raises(TypeError):
        sent.contacts["headteacher"] = None


def test_catalogue_can_be_empty() -> None:
    """An empty catalogue is a value like any other."""
    assert Catalogue().topics == ()
    assert dict(Catalogue().sign_words) == {}


@pytest.mark.parametrize(
    ("day", "away"),
    [
        (date(2026, 10, 4), False),
        (date(2026, 10, 5), True),
        (date(2026, 10, 9), True),
        (date(2026, 10, 10), False),
        (date(2026, 12, 1), True),
    ],
)
def test_holder_is_away_from_the_first_day_to_the_last(day: date, away: bool) -> None:
    """Both days of an absence count, and there can be several."""
    contact = Contact("dsl", "DSL", "Mr B. Dale", away=(("2026-10-05", "2026-10-09"), ("2026-12-01", "2026-12-01")))
    assert contact.is_away(day) is away


def test_role_is_empty_from_the_day_its_holder_left() -> None:
    """Nobody is sent to somebody who has left: no name, no number. Until that day all is as it was."""
    contact = Contact("dsl", "DSL", "Mr B. Dale", (Reach("slack", "U1"),), "deputy-dsl", left="2026-10-05")
    assert contact.on(date(2026, 10, 4)) == contact
    gone = contact.on(date(2026, 10, 5))
    assert (gone.name, gone.reach, gone.title, gone.deputy) == (None, (), "DSL", "deputy-dsl")


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        (Contact("a", "A", "Mr B. Dale"), Contact("b", "B", "mr  b. DALE"), True),
        (Contact("a", "A", "Mr B. Dale"), Contact("b", "B", "Ms B. Dale"), False),
        (Contact("a", "A"), Contact("b", "B"), False),
        (Contact("a", "A", "X", (Reach("slack", "U1"),)), Contact("b", "B", "Y", (Reach("slack", "U1"),)), True),
        (Contact("a", "A", "X", (Reach("slack", "U1"),)), Contact("b", "B", "Y", (Reach("web", "U1"),)), False),
        (
            Contact("a", "A", "X", (Reach("email", "B@x.sch"),)),
            Contact("b", "B", "Y", (Reach("teams", "b@x.sch"),)),
            True,
        ),
        (Contact("a", "A", "X", (Reach("phone", "1"),)), Contact("b", "B", "Y", (Reach("phone", "1"),)), False),
        (Contact("a", "A", "X", (Reach("room", "4"),)), Contact("b", "B", "Y", (Reach("room", "4"),)), False),
    ],
)
def test_two_roles_are_one_person_by_name_id_or_mail(one: Contact, other: Contact, same: bool) -> None:
    """A name, an id or a mail address shows who holds two roles; an office's telephone or a room shows nothing."""
    assert bool(one.identities & other.identities) is same
