"""Says where it is read that a route goes to another channel now: who reads it can open what is raised."""

from dataclasses import dataclass
from functools import partial
from typing import Protocol

from adapters.chat import admin_wording as says
from adapters.chat.admin_wording import Platform
from adapters.chat.later import Later
from bot.escalation.model import Person
from bot.escalation.office import Office
from knowledge.model import RouteName, School


class Telling(Protocol):
    """Writes one sentence to people, or into a channel."""

    async def person(self, home: str, user: str, /) -> Person:
        """Return somebody with the name they go by, as far as it is known."""
        ...

    async def tell(self, home: str, user: str, text: str, /) -> None:
        """Tell somebody directly. Raises EscalationError."""
        ...

    async def post(self, home: str, place: str, text: str, /) -> None:
        """Post in a channel. Raises EscalationError."""
        ...


@dataclass(frozen=True, slots=True)
class Announcing:
    """Tells the people of a route and the channel it went to before, so that nobody moves it unseen."""

    platform: Platform
    office: Office
    telling: Telling
    later: Later

    async def moved(self, home: str, by: str, school: School, route: RouteName, before: str | None) -> None:
        """Tell them that somebody (`by`) bound a route, or took its binding away. Never fails for the platform.

        `before` is the channel that it went to and goes to no more; None where there is none.
        """
        name = (await self.telling.person(home, by)).name
        told = says.moved(self.platform, route, school.name, name)
        register = self.office.register(school.id, self.platform.id)
        people = [register.address(school.contact(role)) for role in school.routes[route].people]
        posts = [partial(self.telling.tell, home, user, told) for user in dict.fromkeys(people) if user]
        if before is not None:
            posts.append(partial(self.telling.post, home, before, told))
        for post in posts:  # one that is refused holds up no other
            await self.later.post(post)
