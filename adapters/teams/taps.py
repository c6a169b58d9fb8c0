"""The taps on replies in Teams: what they come to is posted in the asker's own chat, and said where they tapped."""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace

from adapters.chat import taps as chat
from adapters.chat import wording
from adapters.chat.later import Posted
from adapters.chat.taps import Tap
from adapters.teams import wording as in_teams
from adapters.teams.answers import render_answer
from adapters.teams.asking import Asking, Where, pointer
from adapters.teams.cards import render_receipt
from adapters.teams.connection import Json
from adapters.teams.notes import note
from adapters.teams.offers import render_offer
from adapters.teams.rendered import Rendered
from adapters.teams.tapped import Tapped, id_in
from bot.errors import BotError
from bot.escalation import wording as told
from bot.escalation.errors import EscalationError
from bot.escalation.receipt import Receipt
from bot.types import Action, Offer
from knowledge.model import Contact


def tap_of(found: Tapped) -> Tap:
    """Read a tap on a reply."""
    seal, option = id_in(found.given, "s"), found.given.get("c", "")
    return Tap(found.act, id_in(found.given, "r"), seal, option or None)


@dataclass(frozen=True, slots=True)
class Taps(chat.Taps[Where, Rendered]):
    """Takes the taps of those who ask. `settled` holds the card that stands from now on where somebody tapped."""

    asking: Asking
    settled: list[Json] = field(default_factory=list)

    async def tapped(self, where: Where, tap: Tap, key: str | None) -> Json | str:
        """Take a tap; returns the card that stands there now, or a sentence."""
        said: list[Rendered] = []

        async def say(*shown: Rendered) -> None:
            said.extend(shown)

        once = replace(self, settled=[])
        await once.take(where, tap, key, say)
        if not (where.is_direct or where.window) and [one.said for one in said] == [told.GONE]:
            return in_teams.NOT_THEIR_ANSWER
        return await self._shown(where, said, next(iter(once.settled), None), key)

    async def choose_school(self, where: Where, school: str, pending: str) -> Json | str:
        """Take the school that somebody asks for; what waited for it is answered in their own chat."""
        said: list[Rendered] = []

        async def say(*shown: Rendered) -> None:
            said.extend(shown)

        await self.asking.chosen(where, school, say, pending=pending)
        if not said:
            return in_teams.SCHOOL_UNKNOWN
        if said[0].said == told.NOT_WRITTEN:
            return told.NOT_WRITTEN
        rendered = self.asking.your_school(where, school)
        await self._stays(where, rendered)
        return await self._shown(where, said[1:], rendered.card, None)

    async def _shown(self, where: Where, said: Sequence[Rendered], card: Json | None, key: str | None) -> Json | str:
        """Show what a tap has come to, as one card in its place or one sentence; the rest in their own chat."""
        if len(said) == 1 and (said[0].said or (card is None and where.window)):
            return card or said[0].said or said[0].card
        if not said:
            return card or in_teams.BELOW
        posted = await self.asking.say_privately(where, *said, key=f"{key} tapped" if key else None)
        if card is not None or (where.is_direct and posted is Posted.ARRIVED):
            return card or in_teams.BELOW
        # What was done is done, also where their own chat cannot be opened.
        return " ".join(filter(None, (said[0].said, pointer(posted))))

    def offer(self, reply: str, offer: Offer, phone: Sequence[Contact] = ()) -> tuple[Rendered, ...]:
        """Return the next offer of a reply."""
        return render_offer(reply, offer, phone)

    def receipt(self, receipt: Receipt) -> Rendered:
        """Return a receipt."""
        return render_receipt(receipt)

    async def settle(self, where: Where, tap: Tap, now: str) -> None:
        """Take the offer out of the card on which it was taken, for good, as far as that can be shown again."""
        if tap.name == Action.ASK_A_PERSON and not where.is_direct:  # nothing of it stands below
            now = f"{told.ASKED_A_PERSON} {in_teams.RECEIPT_IN_OWN_CHAT}"
        rendered = note(now) if where.window else await self._settled(where, tap, now)
        if rendered is None:
            return
        self.settled.append(rendered.card)
        await self._stays(where, rendered)

    async def _stays(self, where: Where, rendered: Rendered) -> None:
        """Let something stand for good in place of the card that was tapped, where nobody else reads that."""
        if where.card and where.is_direct:
            known = f"{where.conversation}|{where.card}"
            await self.asking.later.post(lambda: self.asking.channel.edit(where.tenant, known, rendered))

    async def _settled(self, where: Where, tap: Tap, now: str) -> Rendered | None:
        """Return the reply with what is true now where its offer stood; None where it needs several messages."""
        office = self.asking.office
        with suppress(BotError, EscalationError, KeyError):
            turn = await office.store.recall(tap.reply, office.clock.now())
            if turn is None:
                return note(now)
            if tap.name == Action.INVOLVED:  # whom it says to tell may be the one who is involved
                return note(f"{wording.EMERGENCY} {now}")
            asker = await self.asking.asker(where, turn.school)
            reply = await self.asking.service.again(self.intake, asker, tap.reply)
            if turn.category and reply.escalation is None:  # it was a concern because they said so
                return note(now)
            shown = render_answer(reply, settled=now, school=self.asking.named(where, turn.school))
            return shown[0] if len(shown) == 1 else None
        return note(now)
