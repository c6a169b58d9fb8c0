"""The knowledge model: what the bot asks of a school."""

import pickle
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
