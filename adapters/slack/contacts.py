"""People as Slack shows them: what they are called, how to reach them, and a mention where their Slack id is known."""

from collections.abc import Iterable, Iterator, Sequence

from adapters.chat import wording
from adapters.slack.blocks import Block, beside, heading, lines, small
from bot import wording as said
from knowledge.model import Contact, Reach

_WAYS = {"phone": wording.PHONE, "email": wording.E_MAIL, "room": wording.IN_PERSON}


def reachable(named: str, contacts: Sequence[Contact]) -> list[Block]:
    """Return people with the ways to reach them, under a heading; none where there are none."""
    return [heading(named), *people(contacts)] if contacts else []


def people(contacts: Iterable[Contact]) -> list[Block]:
    """Return people with the ways to reach them."""
    return [_contact(contact) for contact in contacts]


def called(contact: Contact) -> str:
    """Name a contact where a line begins."""
    named = said.contact_name(contact)
    return f"{named[:1].upper()}{named[1:]}"


def listed(named: str, contacts: Sequence[Contact]) -> list[Block]:
    """Return what people are called, under a heading; nobody is mentioned, since a mention can ring."""
    return [heading(named), *lines(f"• {called(one)}" for one in contacts)] if contacts else []


def roles(named: str, contacts: Sequence[Contact]) -> list[Block]:
    """Return the roles of people without their names, under a heading."""
    titles = dict.fromkeys(contact.title for contact in contacts)
    return [heading(named), *lines(f"• {title}" for title in titles)] if titles else []


def example_note(contacts: Iterable[Contact]) -> list[Block]:
    """Say that people are made up, where one of them is."""
    return small(said.EXAMPLE_REGISTER) if any(contact.example for contact in contacts) else []


def _contact(contact: Contact) -> Block:
    written = "\n".join([called(contact), *_ways(contact.reach)])
    return beside(written, (reach.value for reach in contact.reach if reach.kind == "slack"))


def _ways(reach: Iterable[Reach]) -> Iterator[str]:
    for one in reach:
        if one.kind in _WAYS:
            yield f"{_WAYS[one.kind]}: {one.value}"
