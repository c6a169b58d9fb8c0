"""Says what Signpost is for, once, to whoever takes it into their own chat."""

import logging
from dataclasses import dataclass, field, replace

from adapters.chat.prompts import PROMPTS
from adapters.teams import wording as in_teams
from adapters.teams.asking import Asking, Where
from adapters.teams.notes import note, welcome, which_school
from adapters.teams.people import PLATFORM
from adapters.teams.rendered import Rendered
from bot import wording as said
from bot.escalation.authority import Standing
from bot.escalation.errors import EscalationError
from bot.escalation.ports import Kept

_GREETED = "greeted"
_log = logging.getLogger("signpost.teams")


@dataclass(frozen=True, slots=True)
class Greeting:
    """Greets people. `in_hand` are those who are being greeted: Teams says twice, at once, that Signpost was put in."""

    asking: Asking
    kept: Kept
    in_hand: set[str] = field(default_factory=set)

    async def greet(self, there: Where) -> None:
        """Greet somebody in their own chat, the first time. Never raises."""
        key = self.asking.office.pseudonyms.key(f"{PLATFORM}:{there.tenant}:{there.user}")
        if key in self.in_hand:
            return
        self.in_hand.add(key)
        try:
            greeting = await self._first(there, key)
        except (EscalationError, KeyError) as error:
            _log.warning("nobody was greeted: %s", type(error).__name__)
            return
        finally:
            self.in_hand.discard(key)
        if greeting is not None:
            await self.asking.later.post(lambda: self.asking.post(there, greeting))

    async def _first(self, there: Where, key: str) -> Rendered | None:
        """Return the greeting; None for somebody who has been greeted."""
        if await self.kept.get(_GREETED, key) is not None:
            return None
        await self.kept.put(_GREETED, key, "yes")
        return await self._greeting(there)

    async def forget(self, there: Where) -> None:
        """Greet somebody again who takes Signpost out, and back in. Raises StoreError."""
        await self.kept.drop(_GREETED, self.asking.office.pseudonyms.key(f"{PLATFORM}:{there.tenant}:{there.user}"))

    async def _greeting(self, there: Where) -> Rendered:
        own = await self.asking.own_schools.school(there.tenant, there.user, there.place)
        if own is None:
            schools = [
                self.asking.office.school(one) for one in self.asking.own_schools.to_choose(there.tenant, there.user)
            ]
            return which_school(schools, "", are_all=self.asking.own_schools.are_all_served(), is_new=True)
        asker = await self.asking.asker(there, own)
        if asker.standing is Standing.OUTSIDER:
            return replace(note(in_teams.NOT_STAFF_WELCOME), text=in_teams.WELCOME)
        return welcome(PROMPTS, said.help_text(self.asking.office.school(own).contact("dsl").title))
