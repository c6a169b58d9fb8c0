"""A message as one person sees it."""

from dataclasses import dataclass
from typing import Any

from tests.teams_fake.cards import Found, actions_in, markdown_in, words_of_card
from tests.teams_fake.people import User
from tests.teams_fake.places import Message, Place

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Seen:
    """What stands there for somebody now: the text, and the cards, which may be theirs alone (`is_own`)."""

    message: Message
    text: str
    cards: tuple[Json, ...]
    is_own: bool

    @property
    def id(self) -> str:
        """Return the id of the message."""
        return self.message.id

    @property
    def root(self) -> str:
        """Return the first message of its thread."""
        return self.message.root

    @property
    def place(self) -> Place:
        """Return where it stands."""
        return self.message.place

    @property
    def is_from_bot(self) -> bool:
        """Tell whether the bot wrote it."""
        return self.message.sender is None

    @property
    def summary(self) -> str:
        """Return what a notification says."""
        return str(self.message.activity.get("summary") or self.text)

    @property
    def words(self) -> str:
        """Return all that can be read, a line each."""
        return words_of(self)

    @property
    def buttons(self) -> list[Found]:
        """Return all that can be tapped."""
        return buttons_of(self)

    @property
    def titles(self) -> list[str]:
        """Return the words on the buttons."""
        return [one.title for one in buttons_of(self)]

    @property
    def verbs(self) -> list[str]:
        """Return what the buttons ask for."""
        return [one.verb for one in buttons_of(self) if one.verb]

    @property
    def markdown(self) -> list[str]:
        """Return the texts that Teams reads as Markdown."""
        plain = self.message.activity.get("textFormat") == "plain" or self.message.sender is not None
        return [
            *([] if plain or not self.text else [self.text]),
            *(line for c in self.cards for line in markdown_in(c)),
        ]


def seen_by(message: Message, user: User) -> Seen:
    """Return a message as it stands for somebody now."""
    own = message.views.get(user.id)
    cards = message.cards if own is None else own
    return Seen(message, str(message.activity.get("text") or ""), tuple(cards), own is not None)


def words_of(what: Seen | Json) -> str:
    """Return all that can be read in a message or a card, a line each."""
    if isinstance(what, Seen):
        return "\n".join(
            [*([what.text] if what.text else []), *(line for c in what.cards for line in words_of_card(c))]
        )
    return "\n".join(words_of_card(what))


def buttons_of(what: Seen | Json) -> list[Found]:
    """Return all that can be tapped in a message or a card."""
    cards = what.cards if isinstance(what, Seen) else (what,)
    return [found for card in cards for found in actions_in(card)]
