"""Raising a concern in two steps: what happened, then what to do now and who will read it before anything is sent."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Generic, Protocol, TypeVar

from adapters.chat.asking import Asking, Where
from adapters.chat.taps import Tap
from bot.errors import BotError
from bot.escalation import wording as told
from bot.escalation.authority import Standing
from bot.escalation.errors import StoreError
from bot.escalation.intake import Intake, ReadersChangedError
from bot.escalation.receipt import Receipt
from bot.types import Offer, Reply, Utterance
from knowledge.model import ConcernKind, Contact, School

NOT_SURE = "not-sure"
Form = TypeVar("Form")
Form_co = TypeVar("Form_co", covariant=True)


class Forms(Protocol[Form_co]):
    """The steps as a platform shows them; the second has what tells them."""

    def begin(self, kinds: Sequence[ConcernKind], schools: Sequence[School]) -> Form_co:
        """Return the first step. `schools` are those to choose from; none where theirs is known."""
        ...

    def tell(self, reply: Reply) -> Form_co:
        """Return the second step."""
        ...

    def next_offer(self, reply: str, offer: Offer, phone: Sequence[Contact] = ()) -> Form_co:
        """Return the second step again, for other readers."""
        ...

    def receipt(self, receipt: Receipt) -> Form_co:
        """Return the last step."""
        ...

    def said(self, text: str) -> Form_co:
        """Return a sentence, where there is nothing to fill in."""
        ...


@dataclass(frozen=True, slots=True)
class Described:
    """What was filled into the first step. `school` is "" where theirs is known."""

    text: str
    category: str
    school: str = ""


@dataclass(frozen=True, slots=True)
class RaisingAConcern(Generic[Where, Form]):
    """The form. Nothing is kept or sent before its second step. `no_school` says that theirs is not known yet."""

    asking: Asking[Where, Any]
    intake: Intake
    forms: Forms[Form]
    no_school: str

    async def begin(self, where: Where) -> Form:
        """Return the first step."""
        office = self.asking.office
        own = await self.asking.own_schools.school(where.home, where.user)
        there = [] if own else self.asking.own_schools.to_choose(where.home, where.user)
        return self.forms.begin(list(office.kinds.values()), [office.school(school) for school in there])

    async def describe(self, where: Where, key: str | None, described: Described) -> Form:
        """Return the second step for what was written in the first."""
        school = described.school or await self.asking.own_schools.school(where.home, where.user) or ""
        if school not in self.asking.own_schools.belonging.schools_in(where.home):
            return self.forms.said(self.no_school)
        asker = await self.asking.asker(where, school)
        asked = Utterance(self.asking.reply_id(key), school, described.text, asker=asker, event_key=key)
        category = None if described.category == NOT_SURE else described.category
        try:
            reply = await self.asking.service.raised(asked, category)
        except BotError as error:
            return self.forms.said(str(error))
        if asker.standing is Standing.OUTSIDER:
            return self.forms.said("\n\n".join([*reply.notices, reply.message]))
        return self.forms.tell(reply)

    async def tell(self, where: Where, tap: Tap) -> Form:
        """Pass it on, and return the last step; the receipt stands in their direct messages too."""
        try:
            turn = await self.intake.office.store.recall(tap.reply, self.intake.office.clock.now())
            if turn is None:
                return self.forms.said(told.OFFER_GONE)
            receipt = await self.intake.tell(await self.asking.asker(where, turn.school), tap.reply, tap.seal)
        except ReadersChangedError as changed:
            return self.forms.next_offer(tap.reply, changed.offer)
        except BotError as error:
            return self.forms.said(str(error))
        except (StoreError, KeyError):
            return self.forms.said(told.NOT_RECORDED)
        return self.forms.receipt(receipt)

    async def involved(self, where: Where, tap: Tap) -> Form:
        """Return the second step for the next safe route."""
        try:
            turn = await self.intake.office.store.recall(tap.reply, self.intake.office.clock.now())
            if turn is None:
                return self.forms.said(told.OFFER_GONE)
            asker = await self.asking.asker(where, turn.school)
            offer, phone = await self.intake.involved(asker, tap.reply, tap.seal)
        except BotError as error:
            return self.forms.said(str(error))
        except (StoreError, KeyError):
            return self.forms.said(told.NOT_WRITTEN)
        return self.forms.next_offer(tap.reply, offer, phone)
