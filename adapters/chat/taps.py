"""What becomes of each tap on a reply: pass it on, somebody is involved, ask a person, it helped, it was not meant."""

from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Generic

from adapters.chat import wording
from adapters.chat.asking import Asking, Say, Shown, Where
from bot.errors import BotError
from bot.escalation import wording as told
from bot.escalation.errors import StoreError
from bot.escalation.intake import Intake, ReadersChangedError
from bot.escalation.model import Turn
from bot.escalation.receipt import Receipt
from bot.types import Action, Asker, Offer
from knowledge.model import Contact

_PASSING_ON = (Action.TELL, Action.ASK_A_PERSON)


@dataclass(frozen=True, slots=True)
class Tap:
    """A tap on a reply: which button, on which reply, and what came with it: the seal of a list, an option."""

    name: str
    reply: str
    seal: str | None = None
    option: str | None = None


@dataclass(frozen=True, slots=True)
class Taps(ABC, Generic[Where, Shown]):
    """Takes the taps of those who ask."""

    asking: Asking[Where, Shown]
    intake: Intake

    @abstractmethod
    def offer(self, reply: str, offer: Offer, phone: Sequence[Contact] = ()) -> tuple[Shown, ...]:
        """Return the next offer of a reply, and whom to phone where nobody can be told."""

    @abstractmethod
    def receipt(self, receipt: Receipt) -> Shown:
        """Return a receipt."""

    @abstractmethod
    async def settle(self, where: Where, tap: Tap, now: str) -> None:
        """Take the offer out of the card on which it was taken, and say what is true now in its place."""

    async def take(self, where: Where, tap: Tap, key: str | None, say: Say[Shown]) -> None:
        """Take one tap; whatever it comes to is said."""
        try:
            await self._take(where, tap, key, say)
        except BotError as error:
            await say(self.asking.note(str(error)))
        except (StoreError, KeyError):
            await say(self.asking.note(told.NOT_RECORDED if tap.name in _PASSING_ON else told.NOT_WRITTEN))

    async def _take(self, where: Where, tap: Tap, key: str | None, say: Say[Shown]) -> None:
        turn = await self._turn(tap.reply)
        if turn is None:
            gone = told.OFFER_GONE if tap.name in {Action.TELL, Action.INVOLVED} else told.GONE
            await say(self.asking.note(gone))
            return
        asker = await self.asking.asker(where, turn.school)
        match tap.name:
            case Action.TELL:
                await self._tell(where, tap, asker, say)
            case Action.INVOLVED:
                offer, phone = await self.intake.involved(asker, tap.reply, tap.seal)
                await say(*self.offer(tap.reply, offer, phone))
                await self.settle(where, tap, wording.INVOLVED_BELOW)
            case Action.ASK_A_PERSON:
                receipt = await self.intake.ask_a_person(asker, tap.reply)
                await say(self.asking.note(told.ASKED_A_PERSON), self.receipt(receipt))
                await self.settle(where, tap, wording.handed_on(receipt.reference))
            case Action.HELPED:
                thanks = await self.intake.helped(asker, tap.reply)
                await say(self.asking.note(thanks))
                await self.settle(where, tap, thanks)
            case Action.NOT_MEANT:
                await self.asking.show(where, await self.asking.service.not_meant(self.intake, asker, tap.reply), say)
            case "choose" if tap.option:
                asked = await self.intake.recalled(asker, tap.reply)
                await self.asking.answer(where, asked.school, asked.text, key, say, choice=tap.option)
            case _:
                await self.other(where, tap, asker, say)

    async def other(self, where: Where, tap: Tap, asker: Asker, say: Say[Shown]) -> None:
        """Take a tap that this platform alone has."""

    async def _tell(self, where: Where, tap: Tap, asker: Asker, say: Say[Shown]) -> None:
        """Pass a concern on; where others would read it than they have seen, show those to tap on."""
        try:
            receipt = await self.intake.tell(asker, tap.reply, tap.seal)
        except ReadersChangedError as changed:
            await say(*self.offer(tap.reply, changed.offer))
            await self.settle(where, tap, wording.LIST_BELOW)
            return
        await say(self.receipt(receipt))
        await self.settle(where, tap, wording.handed_on(receipt.reference))

    async def _turn(self, reply: str) -> Turn | None:
        """Return what is remembered of a reply; who may tap on it is checked by the intake."""
        office = self.asking.office
        turn = await office.store.recall(reply, office.clock.now())
        return turn if turn and office.serves(turn.school) else None
