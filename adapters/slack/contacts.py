"""People as Slack shows them: what they are called, how to reach them, and a mention where their Slack id is known."""

from collections.abc import Iterable, Sequence

from adapters.chat.contacts import called, examples, names, ways
from adapters.chat.contacts import roles as roles_of
from adapters.slack.blocks import Block, beside, heading, lines, small
from knowledge.model import Contact


def reachable(named: str, contacts: Sequence[Contact]) -> list[Block]:
    """Return people with the ways to reach them, under a heading; none where there are none."""
    return [heading(named), *people(contacts)] if contacts else []


def people(contacts: Iterable[Contact]) -> list[Block]:
    """Return people with the ways to reach them."""
    return [_contact(contact) for contact in contacts]


def listed(named: str, contacts: Sequence[Contact]) -> list[Block]:
    """Return what people are called, under a heading; nobody is mentioned, since a mention can ring."""
    return [heading(named), *lines(names(contacts))] if contacts else []


def roles(named: str, contacts: Sequence[Contact]) -> list[Block]:
    """Return the roles of people without their names, under a heading."""
    return [heading(named), *lines(roles_of(contacts))] if contacts else []


def example_note(contacts: Sequence[Contact]) -> list[Block]:
    """Say that people are made up, where one of them is."""
    return small(examples(contacts))


def _contact(contact: Contact) -> Block:
    written = "\n".join([called(contact), *ways(contact.reach)])
    return beside(written, (reach.value for reach in contact.reach if reach.kind == "slack"))
