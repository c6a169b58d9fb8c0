"""What somebody can ask to see by one word in their own chat: what waits for them, what they raised, other schools."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass

from adapters.teams import wording as in_teams
from adapters.teams.asking import Asking, Where
from adapters.teams.cards import desk_card, render_receipt
from adapters.teams.channel import to_refresh
from adapters.teams.manifest import RAISED_COMMAND, SCHOOL_COMMAND, WAITING_COMMAND
from adapters.teams.notes import note
from adapters.teams.rendered import Rendered
from bot.escalation import wording as told
from bot.escalation.desk import Desk
from bot.escalation.errors import StoreError
from bot.escalation.intake import Intake
from bot.escalation.receipt import Receipt

_MOST = 10


@dataclass(frozen=True, slots=True)
class Lists:
    """Shows lists, each of a tenant's schools alone."""

    asking: Asking
    desk: Desk
    intake: Intake

    async def named(self, where: Where, word: str) -> Sequence[Rendered] | None:
        """Return what stands under a word; None for a word that names no list."""
        lists: Mapping[str, Callable[[Where], Awaitable[Sequence[Rendered]]]] = {
            WAITING_COMMAND: self._waiting,
            RAISED_COMMAND: self._raised,
            SCHOOL_COMMAND: self._schools,
        }
        shown = lists.get(word.casefold().strip(" ?.!"))
        if shown is None:
            return None
        try:
            return await shown(where)
        except StoreError:
            return (note(told.NOT_WRITTEN),)

    async def _waiting(self, where: Where) -> Sequence[Rendered]:
        """Return the cards of what is open, for whoever may act on it."""
        person = await self.asking.people.person(where.home, where.user)
        found = [one for school in self._there(where) for one in await self.desk.inbox(person, school)]
        still = [one for one in found if one.escalation.resolution is None]
        own = self._own_id(where)
        return _as_many([desk_card(one, own) for one in still], in_teams.NOTHING_WAITS)

    async def _raised(self, where: Where) -> Sequence[Rendered]:
        """Return the receipts of what somebody raised, the latest last."""
        found: list[Receipt] = []
        for school in self._there(where):
            found += await self.intake.receipts(await self.asking.asker(where, school), school)
        own = self._own_id(where)
        return _as_many([render_receipt(one, own) for one in found][-_MOST:], in_teams.NOTHING_RAISED)

    async def _schools(self, where: Where) -> Sequence[Rendered]:
        """Ask for another school from now on."""
        named = [self.asking.office.school(one) for one in self.asking.own_schools.to_choose(where.home, where.user)]
        if len(named) == 1:
            return (note(in_teams.only_school(named[0].name)),)
        return (self.asking.which_school(named, "", are_all=self.asking.own_schools.are_all_served()),)

    def _own_id(self, where: Where) -> Sequence[str]:
        """Return for whom these cards are fetched anew when they are looked at again."""
        return to_refresh((self.asking.channel.member_id(where.tenant, where.user),))

    def _there(self, where: Where) -> Sequence[str]:
        return self.asking.own_schools.belonging.schools_in(where.home)


def _as_many(shown: Sequence[Rendered], nothing: str) -> Sequence[Rendered]:
    if not shown:
        return (note(nothing),)
    more = len(shown) - _MOST
    return (*shown[:_MOST], note(in_teams.more_of_them(more))) if more > 0 else shown
