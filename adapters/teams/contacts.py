"""People as Teams shows them: what they are called, and how to reach them. Nobody is mentioned: a mention can ring."""

from collections.abc import Iterable, Sequence

from adapters.chat.contacts import called, examples, names, ways
from adapters.teams.connection import Json
from adapters.teams.elements import STRONG, faint, heading, lines, written
from knowledge.model import Contact


def reachable(named: str, contacts: Sequence[Contact]) -> list[Json]:
    """Return people with the ways to reach them, under a heading; none where there are none."""
    return heading(named, people(contacts)) if contacts else []


def people(contacts: Iterable[Contact]) -> list[Json]:
    """Return people with the ways to reach them."""
    return [element for contact in contacts for element in _contact(contact)]


def listed(named: str, contacts: Sequence[Contact]) -> list[Json]:
    """Return what people are called, under a heading."""
    return heading(named, lines(names(contacts))) if contacts else []


def example_note(contacts: Sequence[Contact]) -> list[Json]:
    """Say that people are made up, where one of them is."""
    return faint(examples(contacts))


def _contact(contact: Contact) -> list[Json]:
    reach = ways(contact.reach)
    found = written(called(contact), STRONG if reach else {})
    return [*found, *(way | {"spacing": "None"} for way in lines(reach))]
