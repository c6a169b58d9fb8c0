"""Somebody who uses Teams: what they can read, and what is in their hands."""

from dataclasses import dataclass
from typing import Any, Protocol

from tests.teams_fake.activities import Actor
from tests.teams_fake.delivery import Answer
from tests.teams_fake.errors import ImpossibleError
from tests.teams_fake.keys import Claims
from tests.teams_fake.people import User
from tests.teams_fake.places import Message, Place
from tests.teams_fake.seen import Seen, seen_by
from tests.teams_fake.tenant import Tenant
from tests.teams_fake.world import Refusal, World

Json = dict[str, Any]


class Post(Protocol):
    """What a person needs of the fake: to have things sent to the app."""

    world: World

    async def send(self, activity: Json, claims: Claims | None = None) -> Answer:
        """Send an activity."""
        ...


@dataclass(frozen=True, slots=True)
class Dialog:
    """A dialog that somebody looks at. `asks` is what goes to the app with what they fill in, and under which name."""

    title: str
    card: Json
    place: Place
    submit: str
    asks: Json
    message: Message | None = None


class Somebody:
    """One user of one tenant.

    `toasts` are the short words that Teams showed them, `draft` is what waits in their compose box.
    """

    def __init__(self, post: Post, tenant: Tenant, user: User) -> None:
        """Be that user."""
        self._post = post
        self.tenant = tenant
        self.user = user
        self.toasts: list[str] = []
        self.draft: list[Json] = []
        self._dialog: Dialog | None = None
        self._actor = Actor(post.world, tenant, user)

    @property
    def chat(self) -> Place:
        """Return their personal chat with the bot."""
        return self.tenant.chat_with_bot(self.user)

    @property
    def has_dialog(self) -> bool:
        """Tell whether they look at a dialog."""
        return self._dialog is not None

    @property
    def dialog(self) -> Dialog:
        """Return the dialog they look at."""
        if self._dialog is None:
            raise ImpossibleError(f"{self.user.name} has no dialog open")
        return self._dialog

    def reads(self, place: Place | None = None) -> list[Seen]:
        """Return what they can read in a place, or in their chat with the bot, as it stands for them now."""
        found = self._readable(place or self.chat)
        return [seen_by(message, self.user) for message in found.messages if not message.deleted]

    def sees(self, message: Seen | Message) -> Seen:
        """Return a message as it stands for them now."""
        return seen_by(self._current(message), self.user)

    def typing_in(self, place: Place | None = None) -> int:
        """Return how often they saw that the bot is typing."""
        return len(self._readable(place or self.chat).typing)

    def closes(self) -> None:
        """Close the dialog without sending it; the app does not hear of it."""
        if self.has_dialog:
            self._dialog = None

    def _readable(self, place: Place) -> Place:
        if self.user not in place.roster:
            raise ImpossibleError(f"{self.user.name} cannot see {place.name or place.id}")
        return place

    def _writable(self, place: Place) -> Place:
        if place.deleted:
            raise ImpossibleError(f"{place.name or place.id} is not there any more")
        return self._readable(place)

    def _current(self, what: Seen | Message) -> Message:
        message = what.message if isinstance(what, Seen) else what
        self._readable(message.place)
        if message.deleted:
            raise ImpossibleError("that message is not there any more")
        return message

    def _wrong(self, where: str, *faults: str) -> None:
        self._post.world.refusals.append(Refusal(where, list(faults)))
        self.toasts.append("Something went wrong. Please try again.")
