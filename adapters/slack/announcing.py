"""Says where it is read that a route goes to another channel now: who reads it can open what is raised."""

from dataclasses import dataclass
from functools import partial

from adapters.slack import home_wording as says
from adapters.slack.asking import Asking, Where
from adapters.slack.notes import note
from adapters.slack.people import PLATFORM
from knowledge.model import RouteName, School


@dataclass(frozen=True, slots=True)
class Announcing:
    """Tells the people of a route and the channel it went to before, so that nobody moves it unseen."""

    asking: Asking

    async def moved(self, where: Where, school: School, route: RouteName, before: str | None) -> None:
        """Tell them that somebody bound a route, or took its binding away. Never fails for what Slack does."""
        by = (await self.asking.people.person(where.team, where.user)).name
        told = note(says.moved(route, school.name, by))
        register = self.asking.office.register(school.id, PLATFORM)
        people = [register.address(school.contact(role)) for role in school.routes[route].people]
        posts = [partial(self.asking.channel.tell, where.team, user, told) for user in dict.fromkeys(people) if user]
        if before is not None and before != where.channel:
            posts.append(partial(self._post, where.team, before, says.moved(route, school.name, by)))
        for post in posts:  # one that Slack refuses holds up no other
            await self.asking.later.post(post)

    async def _post(self, team: str, channel: str, text: str) -> None:
        await self.asking.channel.post(team, channel, note(text))
