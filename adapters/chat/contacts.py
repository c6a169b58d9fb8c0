"""People as every chat platform names them: what they are called, and how to reach them."""

from collections.abc import Iterable, Sequence

from adapters.chat import wording
from bot import wording as said
from knowledge.model import Contact, Reach

_WAYS = {"phone": wording.PHONE, "email": wording.E_MAIL, "room": wording.IN_PERSON}


def called(contact: Contact) -> str:
    """Name a contact where a line begins."""
    named = said.contact_name(contact)
    return f"{named[:1].upper()}{named[1:]}"


def ways(reach: Iterable[Reach]) -> list[str]:
    """List how somebody can be reached by whoever reads it, a line each; their ids on platforms are no such way."""
    return [f"{_WAYS[one.kind]}: {one.value}" for one in reach if one.kind in _WAYS]


def names(contacts: Iterable[Contact]) -> list[str]:
    """List what people are called."""
    return [f"• {called(one)}" for one in contacts]


def roles(contacts: Iterable[Contact]) -> list[str]:
    """List the roles of people without their names, each once."""
    return [f"• {title}" for title in dict.fromkeys(contact.title for contact in contacts)]


def examples(contacts: Sequence[Contact]) -> str:
    """Say that people are made up, where one of them is; nothing where none is."""
    return said.EXAMPLE_REGISTER if any(contact.example for contact in contacts) else ""
