"""The asker's side: what is recorded at once, what waits for a tap, and what becomes of each tap."""

import asyncio
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace

from bot.escalation import lifecycle, wording
from bot.escalation.authority import Standing
from bot.escalation.desk import Said, said_in, worth_saying
from bot.escalation.errors import RefusedError, StaleError, StoreError
from bot.escalation.model import MAIL, QUESTION, Address, Escalation, Person, State, Turn
from bot.escalation.offering import (
    ON_EVERY_ANSWER,
    actions_on,
    goes_at_once,
    joined,
    recorded,
    showing,
    with_problem,
)
from bot.escalation.office import Office
from bot.escalation.ports import Wanted
from bot.escalation.raising import Raising
from bot.escalation.receipt import Receipt
from bot.escalation.routing import NoRoute, Plan
from bot.escalation.turns import Turns
from bot.types import Action, Asker, Offer, Outcome, Reply, Utterance
from knowledge.model import Contact, RouteName

_TRIES = 5
# Whoever writes waits for it; a platform sends its event again after 30 s, when the lease of its key has run out.
ATTEND_TIMEOUT_S = 10


class ReadersChangedError(RefusedError):
    """Others would read it than its asker has seen. `offer` lists them, to be shown and tapped in its place."""

    def __init__(self, offer: Offer) -> None:
        super().__init__(wording.READERS_CHANGED)
        self.offer = replace(offer, says=f"{wording.NEW_LIST} {offer.says or ''}".strip())


@dataclass(frozen=True, slots=True)
class Thread:
    """A receipt with the words of its thread, for the one who raised it. `note` says why there are none."""

    receipt: Receipt
    said: tuple[Said, ...]
    note: str | None = None


@dataclass(frozen=True, slots=True)
class Intake:
    """What happens to a reply before its asker reads it, and what they can do with it.

    Every tap raises RefusedError where it does not fit, with words for the asker; where the store fails StoreError
    comes through, and nothing has been done (`wording.NOT_RECORDED` is what to say). `seal` is that of the offer which
    was tapped; where it is given, a tap on a list of readers that has changed since is not taken.

    `known` tells whether a word may stand in a kept question. `wake` tells the courier that there is something to do.
    A reply that has not been attended to after `patience_s` goes out as it is. `concern_in` returns the concern that a
    text holds at a school, if any.
    """

    office: Office
    known: Callable[[str], bool]
    wake: Callable[[], None] = lambda: None
    patience_s: float = ATTEND_TIMEOUT_S
    concern_in: Callable[[str, str], Offer | None] = lambda _school, _text: None

    # ---- What happens to a reply -----------------------------------------------------------------------------------

    async def attend(self, utterance: Utterance, asker: Asker, reply: Reply) -> Reply:
        """Return the reply with what was recorded, or what can be: never fails, whatever goes wrong.

        Once a concern has been recorded nothing is done that could fail, so that it is never called lost. Of somebody
        who cannot be told from staff just now a concern is taken like one of staff, and a question is not answered.
        """
        kind = _to_outsider(reply) if asker.standing is Standing.OUTSIDER else None
        if asker.standing is Standing.UNKNOWN and reply.escalation is None:
            return _without_policies(reply, wording.NOT_CHECKED)
        try:
            if kind is None and reply.escalation is not None:
                return await self._concern(utterance, asker, reply)
            async with asyncio.timeout(self.patience_s):
                if kind:
                    return await self._outsider(utterance, asker, reply, kind)
                return await self._answer(utterance, asker, reply)
        except Exception:  # noqa: BLE001 - the advice, and whom to phone, reach the asker in any case
            if kind is not None:
                return _lost(kind) if _is_certain(reply) else kind
            return self._unrecorded(utterance, asker, reply) if reply.escalation else reply

    async def instead(self, turn: Turn, asker: Asker, reply: Reply) -> Reply:
        """Return what is offered in place of a reply that missed, remembered under its own id.

        What was seen as a concern can be handed to nobody from there: its words never go the way of questions.
        """
        if turn.category is not None:
            return replace(reply, contacts=self._raising.fit_to_show(turn, asker, reply.contacts))
        if not await self._turns.keep(self._turns.following(turn, reply)):
            return reply
        return replace(reply, actions=ON_EVERY_ANSWER if reply.options else (Action.ASK_A_PERSON,))

    # ---- Taps ------------------------------------------------------------------------------------------------------

    async def tell(self, asker: Asker, reply_id: str, seal: str | None = None) -> Receipt:
        """Pass a concern on: its asker has seen who will read it, and tapped."""
        turn = await self._turns.recall_concern(asker, reply_id)
        found = await self._raising.plan(turn, asker)
        if isinstance(found, NoRoute):
            raise RefusedError(wording.told_nobody(found.reason, found.phone))
        if self._raising.is_other(found, seal) and not await self._raising.is_raised(turn, asker):
            raise ReadersChangedError(self._raising.offer(turn, found))
        return self.office.receipt(await self._raising.open(turn, asker, found))

    async def involved(self, asker: Asker, reply_id: str, seal: str | None = None) -> tuple[Offer, tuple[Contact, ...]]:
        """Move on to the next safe route; returns the new offer, and whom to phone where no safe route is left.

        Nobody is asked who it is. A second tap on the same list does not move on again. What has been sent already is
        told to none of them from now on who has not been told of it.
        """
        turn = await self._turns.recall_concern(asker, reply_id)
        found = await self._raising.plan(turn, asker)
        if isinstance(found, Plan) and not self._raising.is_other(found, seal):
            found, turn = await self._raising.plan_without(turn, found, asker)
            await self.office.store.remember(turn)
        before = await self._raising.narrow(turn, asker)
        phone = found.phone if isinstance(found, NoRoute) else ()
        return self._raising.offer(turn, found, before), phone

    async def ask_a_person(self, asker: Asker, reply_id: str) -> Receipt:
        """Hand a policy question to people; never to the place for concerns, and never what may be a concern."""
        turn = await self._turns.recall(asker, reply_id)
        if turn.category is not None:
            raise RefusedError(wording.NOT_A_QUESTION)
        question = replace(turn, category=QUESTION, certainty="certain", route=str(RouteName.QUESTION))
        found = await self._raising.plan(question, asker)
        if isinstance(found, NoRoute):
            raise RefusedError(wording.NO_QUESTION_ROUTE)
        return self.office.receipt(await self._raising.open(question, asker, found))

    async def helped(self, asker: Asker, reply_id: str) -> str:
        """Note that a reply helped."""
        await self._turns.note(await self._turns.recall(asker, reply_id), "helped")
        return wording.HELPED

    async def not_meant(self, asker: Asker, reply_id: str) -> Turn:
        """Note that a reply missed the question; returns what was asked, so that something nearer can be offered."""
        turn = await self._turns.recall(asker, reply_id)
        await self._turns.note(turn, "not-helpful")
        return turn

    async def recalled(self, asker: Asker, reply_id: str) -> Turn:
        """Return what is remembered of a reply to its asker. Raises RefusedError and StoreError."""
        return await self._turns.recall(asker, reply_id)

    # ---- What was asked before -------------------------------------------------------------------------------------

    async def before(self, utterance: Utterance, asker: Asker) -> str | None:
        """Return what the same person asked last in a thread, a day ago at most; None where that was a concern."""
        with suppress(StoreError):
            turn = await self.office.store.recall(self._thread_key(utterance, asker), self.office.clock.now())
            return turn.text if turn and turn.school == utterance.school and turn.category is None else None
        return None

    async def keep_in_thread(self, utterance: Utterance, asker: Asker, reply: Reply) -> None:
        """Remember what was asked last in a thread, and of a concern only the id of its reply; never fails."""
        if utterance.thread is None or reply.outcome is Outcome.HELP or asker.standing is not Standing.STAFF:
            return
        turn = self._turns.of(utterance, asker, reply)
        if turn.category is not None:
            turn = replace(turn, text=reply.id)
        elif await self.raised_in(utterance, asker):
            return
        await self._kept(replace(turn, reply=self._thread_key(utterance, asker)))

    async def raised_in(self, utterance: Utterance, asker: Asker) -> Escalation | None:
        """Return what a person raised in a thread, a day ago at most; None where they raised nothing there."""
        with suppress(StoreError):
            turn = await self.office.store.recall(self._thread_key(utterance, asker), self.office.clock.now())
            if turn and turn.category is not None and turn.school == utterance.school:
                return next(reversed(await self._raising.sent(replace(turn, reply=turn.text), asker)), None)
        return None

    def _thread_key(self, utterance: Utterance, asker: Asker) -> str:
        return self.office.pseudonyms.key(f"thread:{asker.person.platform}:{asker.person.id}:{utterance.thread}")

    # ---- Threads ---------------------------------------------------------------------------------------------------

    async def receipts(self, asker: Asker, school: str | None = None) -> Sequence[Receipt]:
        """List what a person has raised at schools that are served, the latest last."""
        found = await self.office.store.escalations(Wanted(asker=self.office.key(asker.person), school=school))
        latest_last = sorted(found, key=lambda one: one.opened_at)
        return [self.office.receipt(one) for one in latest_last if self.office.serves(one.school)]

    async def thread(self, asker: Asker, escalation_id: str) -> Thread:
        """Return the receipt and thread of something the person raised."""
        one = await self._own(asker, escalation_id)
        said = await said_in(self.office, one)
        return Thread(self.office.receipt(one), said, None if said else wording.PURGED)

    async def answer(self, asker: Asker, escalation_id: str, text: str, event_key: str | None = None) -> Thread:
        """Add to something the person raised: it goes to whoever has it, else to everybody who was told.

        Once it is written nothing is read any more: what was added is never reported as lost. A concern for others than
        those who read it is refused. `event_key` is the platform's, done in the same step: a repeat adds nothing.
        """
        said = worth_saying(text)
        for _ in range(_TRIES):
            one = await self._own(asker, escalation_id)
            if not self.is_for_its_readers(one, said):
                raise RefusedError(wording.FOR_OTHERS)
            to = await self._readers(one)
            if not to:
                raise RefusedError(wording.NOBODY_LEFT)
            before = await said_in(self.office, one)
            asker_at = await self.office.asker_address(one)
            change = lifecycle.answered(one, said, to, self.office.moment(one.school), asker_at)
            try:
                after = await self.office.store.commit(replace(change, event_key=event_key))
            except StaleError:
                continue
            self.wake()
            added = [Said(entry, asker.person.name) for entry in change.entries]
            return Thread(self.office.receipt(after), (*before, *added))
        raise RefusedError(wording.CHANGED_MEANWHILE)

    def is_for_its_readers(self, one: Escalation, text: str) -> bool:
        """Tell whether what its asker adds is for those who read it.

        A concern that another route leads away from them, that is more urgent, or that has come up beneath a policy
        question is raised by itself: they may be whom it is about, and nobody would be chased.
        """
        found = self.concern_in(one.school, text)
        if found is None:
            return True
        return not one.is_question and found.route == one.route and (one.urgent or not found.urgent)

    # ---- Steps -----------------------------------------------------------------------------------------------------

    @property
    def _turns(self) -> Turns:
        return Turns(self.office, self.known)

    @property
    def _raising(self) -> Raising:
        return Raising(self.office, self.wake)

    async def _answer(self, utterance: Utterance, asker: Asker, reply: Reply) -> Reply:
        """Keep a question for a day, so that its buttons work; a greeting has none, and is not kept."""
        turn = self._turns.of(utterance, asker, reply)
        if reply.outcome is Outcome.HELP or not await self._turns.keep(turn):
            return reply
        if reply.outcome is Outcome.NO_MATCH:
            with suppress(StoreError):
                await self._turns.note(turn, "unanswered")
        return replace(reply, actions=ON_EVERY_ANSWER)

    async def _concern(self, utterance: Utterance, asker: Asker, reply: Reply) -> Reply:
        async with asyncio.timeout(self.patience_s):
            fresh = self._turns.of(utterance, asker, reply)
            turn = await self._turns.as_kept(fresh)
            before = await self._raising.narrow(turn, asker) if turn.excluded != fresh.excluded else None
            found = await self._raising.plan(turn, asker)
            offer = self._raising.offer(turn, found, before)
            contacts = self._raising.fit_to_show(turn, asker, reply.contacts)
            is_open = self._raising.is_open(turn.school)
            if isinstance(found, Plan) and goes_at_once(offer):
                offer = await self._at_once(turn, asker, found, offer, utterance.event_key)
        actions = actions_on(offer)
        if not await self._kept(turn):
            actions = ()
            offer = offer if offer.id or offer.problem else with_problem(offer, wording.NOT_RECORDED)
        if offer.problem or not is_open:
            contacts = joined(contacts, found.phone)
        return showing(replace(reply, contacts=contacts, actions=actions), offer)

    async def _kept(self, turn: Turn) -> bool:
        """Remember a turn; False where that fails in whatever way: what was recorded does not depend on its buttons."""
        try:
            async with asyncio.timeout(self.patience_s):
                return await self._turns.keep(turn)
        except Exception:  # noqa: BLE001 - see above
            return False

    async def _at_once(self, turn: Turn, asker: Asker, found: Plan, offer: Offer, event_key: str | None) -> Offer:
        try:
            return recorded(offer, await self._raising.open(turn, asker, found, event_key), found.unnamed)
        except Exception:  # noqa: BLE001 - whatever kept it from being recorded, the asker must know
            return with_problem(offer, wording.NOT_RECORDED)

    def _unrecorded(self, utterance: Utterance, asker: Asker, reply: Reply) -> Reply:
        """Return the reply to a concern of which nothing could be recorded, with those it is fit to name."""
        if reply.escalation is None:
            return reply
        contacts = reply.contacts
        with suppress(Exception):  # the school may have left, or have no chat, in this very moment
            contacts = self._raising.fit_to_show(self._turns.of(utterance, asker, reply), asker, contacts)
        return showing(replace(reply, contacts=contacts), with_problem(reply.escalation, wording.NOT_RECORDED))

    async def _outsider(self, utterance: Utterance, asker: Asker, reply: Reply, kind: Reply) -> Reply:
        """Open a certain concern, marked as not from staff, and say so; else answer kindly, and claim nothing."""
        if not _is_certain(reply):
            return kind
        turn = self._turns.of(utterance, asker, reply)
        found = await self._raising.plan(turn, asker)
        if isinstance(found, NoRoute):
            return _lost(kind)
        is_open = self._raising.is_open(turn.school)
        opened = await self._raising.open(turn, asker, found, utterance.event_key)
        told = wording.NOT_STAFF_TOLD if opened.urgent or is_open else wording.NOT_STAFF_WAITS
        return replace(kind, notices=(told,))

    async def _own(self, asker: Asker, escalation_id: str) -> Escalation:
        one = await self.office.store.escalation(escalation_id)
        if one is None or one.asker != self.office.key(asker.person) or not self.office.serves(one.school):
            raise RefusedError(wording.GONE)
        return one

    async def _readers(self, one: Escalation) -> list[Address]:
        """Return who reads the asker's answer: whoever has it, else those with the card, as far as they still may."""
        holder = await self.office.store.person(one.holder) if one.holder and one.state is State.ACKNOWLEDGED else None
        if holder and await self.office.role_of(holder, one):
            return [Address(holder.platform, holder.id, role=one.holder_role)]
        found = await self.office.plan_for(one)
        rungs = found.rungs if found else ()
        told = [card.address for card in one.cards] or list(one.told)
        return [at for at in told if await self._may_still(at, one, rungs)] or list(rungs)

    async def _may_still(self, at: Address, one: Escalation, rungs: Sequence[Address]) -> bool:
        if at.kind == "place" or at.platform == MAIL:
            return at.platform == MAIL or at in rungs
        return await self.office.role_of(Person(at.platform, at.id, ""), one) is not None


def _to_outsider(reply: Reply) -> Reply:
    """Return the kind reply to somebody who is not staff."""
    return _without_policies(reply, wording.NOT_STAFF_REPLY)


def _is_certain(reply: Reply) -> bool:
    return reply.escalation is not None and reply.escalation.certainty == "certain"


def _lost(kind: Reply) -> Reply:
    """Say to somebody who is not staff that what they wrote reached nobody: they may be the child."""
    return replace(kind, notices=(wording.NOT_STAFF_LOST,))


def _without_policies(reply: Reply, message: str) -> Reply:
    """Return a reply that has nothing of the policies."""
    return Reply(
        id=reply.id,
        school=reply.school,
        question=reply.question,
        outcome=Outcome.HELP,
        confidence=0.0,
        message=message,
    )
