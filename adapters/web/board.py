"""What one role finds in its inbox, as the page shows it: live cards, reminders, and the digest of questions."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from adapters.web.card import people
from adapters.web.channel import PLATFORM, WebChannel
from bot.escalation import wording
from bot.escalation.desk import Desk, Listed, Said
from bot.escalation.errors import StoreError
from bot.escalation.message import Act
from bot.escalation.model import (
    Address,
    Delivery,
    DeliveryKind,
    DeliveryState,
    Escalation,
    Person,
    State,
)
from bot.escalation.ports import Wanted
from bot.escalation.render import listed_in, render
from knowledge.model import School

_RESOLVED_SHOWN = 20
_LOOKED_BACK = 200


@dataclass(frozen=True, slots=True)
class Board:
    """The inbox of one role of a school: the person who is played, and what reached them."""

    desk: Desk
    channel: WebChannel
    school: School
    person: Person

    async def cards(self) -> list[dict[str, Any]]:
        """List what reached this person, open ones first, urgent before others; resolved ones latest first."""
        inboxes = await self.channel.inboxes(self.school, self.person.id)
        listed = await self.desk.inbox(self.person, self.school.id)
        here = [one for one in listed if await self._reached(one.escalation, inboxes)]
        still_open = [one for one in here if one.escalation.state is not State.RESOLVED]
        resolved = [one for one in here if one.escalation.state is State.RESOLVED]
        resolved.sort(key=lambda one: one.escalation.resolved_at or one.escalation.opened_at, reverse=True)
        return [await self.card(one) for one in (*still_open, *resolved[:_RESOLVED_SHOWN])]

    async def card(self, listed: Listed) -> dict[str, Any]:
        """Return a card. A concern's words are not on it, unless the school has said otherwise."""
        one = listed.escalation
        sent = await self._sent(one, await self.channel.inboxes(self.school, self.person.id))
        return self._bare(listed) | {
            "quoted": await self._quoted(one, sent),
            "reminders": self._reminders(one, sent),
            "answered": self._answered(sent),
            "others": await self._others(one),
        }

    async def card_after(self, listed: Listed) -> dict[str, Any]:
        """Return the card after a step: where it cannot be read whole just now, at least that the step was taken."""
        try:
            return await self.card(listed)
        except StoreError:
            return self._bare(listed)

    def _bare(self, listed: Listed) -> dict[str, Any]:
        """Return what a card shows of the escalation itself, for which nothing has to be read."""
        one, own = listed.escalation, self._own_roles
        return {
            "id": one.id,
            "reference": one.reference,
            "title": listed.title,
            "urgent": one.urgent,
            "question": one.is_question,
            "state": str(one.state),
            "lines": list(listed.lines),
            "quoted": None,
            "reminders": [],
            "answered": None,
            "acts": [str(act) for act in self._acts(listed)],
            "others": [],
            "opened": any(sight.role in own for sight in one.seen),
            "entries": one.entries,
            "version": one.version,
        }

    async def elsewhere(self) -> list[dict[str, Any]]:
        """Count what waits to be taken in the inboxes of other roles and cannot be seen in this one."""
        office = self.desk.office
        own = await self.channel.inboxes(self.school, self.person.id)
        found = await office.store.escalations(Wanted(school=self.school.id, open_only=True))
        open_ones = [one for one in found if one.state is not State.ACKNOWLEDGED]
        waiting = [one for one in open_ones if not await self._reached(one, own)]
        counted = []
        for played in roles_as_json(self.school, self.channel, self.desk):
            inbox = self.channel.address(self.school.contact(played["role"]))
            theirs = await self.channel.inboxes(self.school, inbox) if inbox else frozenset[str]()
            count = sum([await self._reached(one, theirs) for one in waiting])
            counted += [played | {"waiting": count}] if count else []
        return counted

    async def digest(self) -> dict[str, Any] | None:
        """Return the latest digest as it would read now; none where no question of it is open any more."""
        office = self.desk.office
        inboxes = await self.channel.inboxes(self.school, self.person.id)
        lanes = [await office.store.delivered_to(Address(PLATFORM, one).lane, _LOOKED_BACK) for one in inboxes]
        sent = [
            one for lane in lanes for one in lane if one.kind is DeliveryKind.DIGEST and one.school == self.school.id
        ]
        latest = max(sent, key=lambda one: one.settled_at or one.created_at, default=None)
        brought_by = await office.store.escalation(latest.escalation) if latest else None
        if latest is None or brought_by is None:
            return None
        scene = await office.scene(brought_by, latest)
        message = render(latest, scene)
        listed = listed_in(latest.address.lane, scene)
        return {"title": message.title, "lines": list(message.lines)} if listed else None

    def said(self, thread: Sequence[Said]) -> list[dict[str, Any]]:
        """Return a thread as JSON."""
        return [said_as_json(said, self.school, self.desk) for said in thread]

    async def _reached(self, one: Escalation, inboxes: Collection[str]) -> bool:
        """Tell whether a card stands in one of the inboxes, or is being put there."""
        if any(card.address.id in inboxes for card in one.cards):
            return True
        return any(sent.kind is DeliveryKind.NOTICE for sent in await self._sent(one, inboxes))

    async def _sent(self, one: Escalation, inboxes: Collection[str]) -> list[Delivery]:
        """List what was sent to some inboxes, or is being sent: the page is told of it before it is written down."""
        found = await self.desk.office.store.deliveries(one.id)
        return [sent for sent in found if sent.address.id in inboxes and _was_sent(sent)]

    async def _quoted(self, one: Escalation, sent: Sequence[Delivery]) -> str | None:
        """Return the words that the notice itself shows: a question's, a concern's only where its school says so."""
        if not one.is_question and not self.school.words_in_notices:
            return None
        notice = next((found for found in sent if found.kind is DeliveryKind.NOTICE), None)
        return render(notice, await self.desk.office.scene(one, notice)).quoted if notice else None

    def _acts(self, listed: Listed) -> tuple[Act, ...]:
        """Return the buttons; whoever has been asked whether it is still with them can say so by taking it again."""
        one = listed.escalation
        asked = one.asked_again > 0 and one.holder == self.desk.office.key(self.person)
        return (*listed.acts, Act.ACKNOWLEDGE) if asked and one.state is State.ACKNOWLEDGED else listed.acts

    def _reminders(self, one: Escalation, sent: Sequence[Delivery]) -> list[str]:
        """Say when this inbox was last asked again, as long as that still matters."""
        chased, stale = self._last(sent, DeliveryKind.CHASE), self._last(sent, DeliveryKind.STALE)
        if chased and one.state is State.DELIVERED and one.chased:
            return [wording.asked_again_at(chased)]
        if stale and one.state is State.ACKNOWLEDGED and one.asked_again:
            return [wording.still_yours_at(stale)]
        return []

    def _answered(self, sent: Sequence[Delivery]) -> str | None:
        """Say when the asker last wrote again."""
        at = self._last(sent, DeliveryKind.ANSWER)
        return wording.answered_at(at) if at else None

    def _last(self, sent: Sequence[Delivery], kind: DeliveryKind) -> str | None:
        now = self.desk.office.clock.now()
        times = [one.settled_at or now for one in sent if one.kind is kind]
        return wording.clock(max(times), now) if times else None

    @property
    def _own_roles(self) -> frozenset[str]:
        return self.desk.office.register(self.school.id, PLATFORM).roles_of(self.person.id)

    async def _others(self, one: Escalation) -> list[dict[str, Any]]:
        found = await self.desk.office.plan_for(one)
        own = self._own_roles
        roles = [rung.role for rung in (found.rungs if found else ()) if rung.role and rung.role not in own]
        return people([self.school.contact(role) for role in roles])


def said_as_json(said: Said, school: School, desk: Desk) -> dict[str, Any]:
    """Return one piece of a thread: who said it, in which role, when, and the words."""
    entry = said.entry
    return {
        "kind": str(entry.kind),
        "by": said.by,
        "title": school.contact(entry.role).title if entry.role else None,
        "at": wording.clock(entry.at, desk.office.clock.now()),
        "text": entry.text,
    }


def roles_as_json(school: School, channel: WebChannel, desk: Desk) -> list[dict[str, Any]]:
    """List who can be played: everybody on a route of the school who has an inbox, in the order of the routes."""
    register = desk.office.register(school.id, PLATFORM)
    roles = dict.fromkeys(role for route in school.routes.values() for role in route.people)
    return people([school.contact(role) for role in roles if register.address(school.contact(role))])


def _was_sent(delivery: Delivery) -> bool:
    begun = delivery.state is DeliveryState.PENDING and delivery.attempts > 0
    return begun or delivery.state is DeliveryState.SENT
