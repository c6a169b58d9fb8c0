"""Questions that wait until their asker has said which school they ask for: all of them are answered then."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field

from bot.escalation.model import Turn
from bot.escalation.office import Office

_OUTCOME = "school"
_MOST = 20


@dataclass(frozen=True, slots=True)
class Waiting:
    """Keeps them for a day, as the words of any reply are kept. `owner` is the pseudonymous key of their asker."""

    office: Office
    _turn: asyncio.Lock = field(default_factory=asyncio.Lock)

    async def keep(self, owner: str, pending: str, text: str) -> None:
        """Keep a question under the id `pending`. Raises StoreError."""
        async with self._turn:
            before = [one for one in await self._listed(owner) if one != pending]
            await self._write(owner, pending, text)
            await self._write(owner, self._list(owner), " ".join([*before, pending][-_MOST:]))

    async def those_of(self, owner: str, pending: str) -> Sequence[Turn]:
        """Return those that wait, oldest first, with the one under `pending`, also where it is answered already.

        Raises StoreError.
        """
        ids = dict.fromkeys([*await self._listed(owner), *([pending] if pending else [])])
        found = [await self.office.store.recall(one, self.office.clock.now()) for one in ids]
        return [turn for turn in found if turn and turn.conversation == owner and turn.outcome == _OUTCOME]

    async def answered(self, owner: str, pending: str) -> None:
        """Let one wait no more. Raises StoreError."""
        async with self._turn:
            left = [one for one in await self._listed(owner) if one != pending]
            await self._write(owner, self._list(owner), " ".join(left))

    async def _listed(self, owner: str) -> Sequence[str]:
        turn = await self.office.store.recall(self._list(owner), self.office.clock.now())
        return turn.text.split() if turn else ()

    async def _write(self, owner: str, reply: str, text: str) -> None:
        await self.office.store.remember(Turn(reply, owner, "", text, _OUTCOME, self.office.clock.now()))

    def _list(self, owner: str) -> str:
        return self.office.pseudonyms.key(f"waiting:{owner}")
