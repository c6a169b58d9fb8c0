"""Calls people in a channel: Teams rings for nobody there who is not mentioned.

The first two of a route who are there are called when something urgent comes, since one of them may have raised it; and
everybody of it who reads the channel while nobody has taken it. A mention in a card: learn.microsoft.com, cards-format,
user mention in Adaptive Cards.
"""

import re
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from adapters.teams import wording as in_teams
from adapters.teams.connection import Json
from adapters.teams.people import PLATFORM
from adapters.teams.rendered import Rendered
from bot.escalation.hours import local_date
from bot.escalation.message import Message
from bot.escalation.model import DeliveryKind
from bot.escalation.register import AddressBook, Register
from bot.ports import Knowledge
from knowledge.model import School

_AT_FIRST = 2
_FIRST = frozenset({DeliveryKind.NOTICE, DeliveryKind.ANSWER})
_ALL = frozenset({DeliveryKind.CHASE, DeliveryKind.STALE})
# What Teams could read as markup in a text block. A name stands there, as the school has written it.
_SIGNS = re.compile(r"[^\w .,'’-]")


@dataclass(frozen=True, slots=True)
class Ringing:
    """Knows whom to call. `book` gives the object id of a contact; `now` tells the time."""

    knowledge: Knowledge
    book: AddressBook
    now: Callable[[], datetime]

    def ring(self, rendered: Rendered, message: Message, readers: Collection[str]) -> Rendered:
        """Return a message that calls those who must see it now, of the people who read the channel."""
        if not message.urgent or message.replaces or message.kind not in _FIRST | _ALL:
            return rendered
        called = list(self._called(message, readers))
        return _calling(rendered, called[:_AT_FIRST] if message.kind in _FIRST else called)

    def _called(self, message: Message, readers: Collection[str]) -> Iterator[tuple[str, str]]:
        try:
            school = self.knowledge.view(message.school).school
        except KeyError:
            return
        register = Register(school, self.book, local_date(self.now()))
        for role in dict.fromkeys(_roles_at(school, message.address.id)):
            contact = school.contact(role)
            user = register.address(contact) if register.is_there(contact) else None
            if user is not None and user in readers:
                yield user, " ".join(_SIGNS.sub(" ", contact.name or contact.title).split())


def _roles_at(school: School, place: str) -> Iterator[str]:
    """Go through the roles of the routes that go to a channel."""
    for route in school.routes.values():
        if (route.place or {}).get(PLATFORM) == place:
            yield from route.people


def _calling(rendered: Rendered, called: Sequence[tuple[str, str]]) -> Rendered:
    if not called:
        return rendered
    text = ", ".join(f"<at>{name}</at>" for _, name in called)
    entities: list[Json] = [
        {"type": "mention", "text": f"<at>{name}</at>", "mentioned": {"id": user, "name": name}}
        for user, name in called
    ]
    card = rendered.card
    line = {"type": "TextBlock", "text": f"{in_teams.CALLED} {text}", "wrap": True}
    first, *others = card["body"]
    more = {"body": [first, line, *others], "msteams": {**card.get("msteams", {}), "entities": entities}}
    return replace(rendered, card=card | more)
