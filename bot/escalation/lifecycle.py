"""The steps of an escalation's life, each a pure function from what is to the change that is written.

recorded -> delivered -> acknowledged -> resolved; passed on and reopened ones wait again until somebody takes them.
A step tells everybody whom it concerns: the asker by a receipt, those who have the card by an update of it. What
becomes of the deliveries themselves is told in settling.py.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from types import MappingProxyType

from bot.escalation import wording
from bot.escalation.errors import RefusedError
from bot.escalation.hours import Timetable
from bot.escalation.model import (
    Address,
    Change,
    Delivery,
    DeliveryKind,
    Entry,
    EntryKind,
    Escalation,
    Event,
    Person,
    Resolution,
    Sight,
    State,
)
from bot.escalation.ports import Ids
from bot.escalation.routing import Plan

# design.md, section 9.
FIRST_CHASE = timedelta(minutes=5)
STALE_AFTER = timedelta(hours=4)
NEXT_CONTACT = timedelta(minutes=15)  # RS-54
WAITING = frozenset({State.RECORDED, State.DELIVERED})
# What wakes nobody up, and may come at any hour: edits of a card, and what the asker waits for.
QUIET = frozenset({DeliveryKind.UPDATE, DeliveryKind.RECEIPT, DeliveryKind.REPLY})
# What a new step makes pointless: cards and receipts that would tell the old state, and reminders.
_RETOLD = frozenset({DeliveryKind.UPDATE, DeliveryKind.RECEIPT})
_OVERTAKEN = _RETOLD | {DeliveryKind.CHASE, DeliveryKind.STALE}


@dataclass(frozen=True, slots=True)
class Moment:
    """When a step is taken, the school's hours, and where new ids come from."""

    at: datetime
    timetable: Timetable
    ids: Ids


@dataclass(frozen=True, slots=True)
class Opening:
    """What is recorded when an escalation opens.

    `asker_key` is the asker's pseudonym, `platform` that of those who are told; `source` see Escalation.
    """

    source: str
    school: str
    category: str
    certainty: str
    urgent: bool
    text: str
    asker: Person
    asker_key: str
    platform: str
    staff: bool = True
    excluded: tuple[str, ...] = ()
    event_key: str | None = None


@dataclass(frozen=True, slots=True)
class Actor:
    """Who takes a step: their pseudonymous key, the role they take it in, and who they are."""

    key: str
    role: str
    person: Person


def opened(opening: Opening, plan: Plan, moment: Moment) -> Change:
    """Record an escalation and queue its first notice: at once if urgent or in hours, else for the next opening."""
    at, ids = moment.at, moment.ids
    escalation = Escalation(
        id=ids.new(),
        reference=ids.reference(),
        source=opening.source,
        school=opening.school,
        category=opening.category,
        certainty=opening.certainty,
        urgent=opening.urgent,
        route=plan.route,
        platform=opening.platform,
        asker=opening.asker_key,
        opened_at=at,
        staff=opening.staff,
        excluded=opening.excluded,
        waiting_since=at,
        entries=1,
        next_at=at + FIRST_CHASE if opening.urgent else _next_contact(moment),
    )
    told = tuple(dict.fromkeys((plan.rungs[0], *plan.beside)))
    return Change(
        before=None,
        after=replace(escalation, told=told),
        events=(_first_event(escalation),),
        entries=(Entry(EntryKind.OPENING, opening.asker_key, opening.text, at, number=1),),
        deliveries=tuple(delivery(escalation, DeliveryKind.NOTICE, one, moment) for one in told),
        people=(opening.asker,),
        event_key=opening.event_key,
    )


def _first_event(escalation: Escalation) -> Event:
    return event(
        "opened",
        escalation.opened_at,
        category=escalation.category,
        certainty=escalation.certainty,
        urgent=escalation.urgent,
        route=str(escalation.route),
        staff=escalation.staff,
        by=escalation.asker,
    )


def seen(escalation: Escalation, actor: Actor, asker: Address | None, moment: Moment) -> Change:
    """Note that somebody opened the words; the asker is told the first time a role does.

    Whoever wrote them has not thereby been heard by anybody: that is on record, and counts as seen by nobody.
    """
    note = event("words-opened", moment.at, role=actor.role, by=actor.key)
    if actor.key == escalation.asker or actor.role in {sight.role for sight in sights(escalation)}:
        return Change(escalation, escalation, events=(note,), people=(actor.person,))
    after = replace(escalation, seen=(*escalation.seen, Sight(actor.role, moment.at)))
    return replace(_told(escalation, after, note, asker, moment, actor), withdrawn=_RETOLD)


def sights(escalation: Escalation) -> tuple[Sight, ...]:
    """Return who opened the words in the present wait; who had opened them before it may not know of it."""
    since = escalation.waiting_since
    return tuple(sight for sight in escalation.seen if since is None or sight.at >= since)


def acknowledged(
    escalation: Escalation, actor: Actor, asker: Address | None, moment: Moment, holder_title: str | None = None
) -> Change:
    """Somebody has it: the chase ends. Whoever has it already says that it is still with them.

    Raises RefusedError where another has it, whose role is called `holder_title`, or where it is resolved.
    """
    if escalation.state is State.RESOLVED:
        raise RefusedError(wording.RESOLVED_ALREADY)
    if escalation.state is State.ACKNOWLEDGED and escalation.holder != actor.key:
        raise RefusedError(wording.taken_already(holder_title))
    note = event("acknowledged", moment.at, role=actor.role, by=actor.key)
    if escalation.state is State.ACKNOWLEDGED:
        still = _progressed(escalation, moment)
        return Change(escalation, still, (note,), withdrawn=frozenset({DeliveryKind.STALE}), people=(actor.person,))
    after = replace(
        escalation,
        state=State.ACKNOWLEDGED,
        holder=actor.key,
        holder_role=actor.role,
        acknowledged_at=moment.at,
        delivered_at=escalation.delivered_at or moment.at,
        waiting_since=None,
    )
    return _told(escalation, _progressed(after, moment), note, asker, moment, actor)


def passed_on(escalation: Escalation, actor: Actor, to: Address, asker: Address | None, moment: Moment) -> Change:
    """Hand it to another role, who is told at once and must take it; until then it is chased like a new one."""
    if escalation.state is State.RESOLVED:
        raise RefusedError(wording.RESOLVED_ALREADY)
    after = replace(
        _waiting(escalation, moment),
        holder_role=to.role,
        progress_at=moment.at,
        told=(*escalation.told, *untold(escalation, [to])),
    )
    note = event("passed-on", moment.at, role=actor.role, by=actor.key, to=to.role)
    change = _told(escalation, after, note, asker, moment, actor)
    return replace(change, deliveries=(delivery(after, DeliveryKind.NOTICE, to, moment), *change.deliveries))


def replied(escalation: Escalation, actor: Actor, text: str, asker: Address | None, moment: Moment) -> Change:
    """Answer the asker through Signpost. Whoever replies to one that nobody has yet, takes it."""
    taken = escalation
    events: tuple[Event, ...] = ()
    if escalation.state in {State.RECORDED, State.DELIVERED}:
        first = acknowledged(escalation, actor, None, moment)
        taken, events = first.after, first.events
    number = escalation.entries + 1
    after = replace(taken, entries=number, replied_role=actor.role, replied_at=moment.at)
    if after.state is State.ACKNOWLEDGED:
        after = _progressed(after, moment)
    # One that was not taken by it says nothing in a receipt that the reply itself does not say.
    has_news = after.state is not escalation.state
    note = event("replied", moment.at, role=actor.role, by=actor.key)
    change = _told(escalation, after, note, asker if has_news else None, moment, actor)
    brought = [delivery(after, DeliveryKind.REPLY, asker, moment, entry=number)] if asker else []
    return replace(
        change,
        events=(*events, *change.events),
        entries=(Entry(EntryKind.REPLY, actor.key, text, moment.at, number, actor.role),),
        deliveries=(*brought, *change.deliveries),
        withdrawn=change.withdrawn if has_news else change.withdrawn - {DeliveryKind.RECEIPT},
    )


def answered(
    escalation: Escalation, text: str, to: Iterable[Address], moment: Moment, asker: Address | None = None
) -> Change:
    """The asker writes again. On a resolved one that opens it anew: nothing a worried person adds may lie unread.

    They are told that it is open again, where `asker` says where they read that.
    """
    number = escalation.entries + 1
    after = replace(escalation, entries=number)
    events, news = [event("answered", moment.at, by=escalation.asker)], list[Delivery]()
    if escalation.state is State.RESOLVED:
        after = _waiting(after, moment)
        events.append(event("reopened", moment.at, by=escalation.asker))
        news = receipts(after, asker, moment)
    brought = tuple(delivery(after, DeliveryKind.ANSWER, one, moment, entry=number) for one in dict.fromkeys(to))
    return Change(
        escalation,
        after,
        events=tuple(events),
        entries=(Entry(EntryKind.ANSWER, escalation.asker, text, moment.at, number),),
        deliveries=(*brought, *news, *updates(after, moment)),
        withdrawn=_RETOLD if news else frozenset({DeliveryKind.UPDATE}),
    )


def resolved(
    escalation: Escalation, actor: Actor, resolution: Resolution, asker: Address | None, moment: Moment
) -> Change:
    """Close it with a category; the story belongs in the school's own record. Raises RefusedError if it is closed."""
    if escalation.state is State.RESOLVED:
        raise RefusedError(wording.RESOLVED_ALREADY)
    after = replace(
        escalation,
        state=State.RESOLVED,
        resolution=resolution,
        progress_at=moment.at,
        resolved_at=moment.at,
        delivered_at=escalation.delivered_at or moment.at,
        acknowledged_at=escalation.acknowledged_at or moment.at,
        holder=escalation.holder or actor.key,
        holder_role=escalation.holder_role if escalation.holder else actor.role,
        waiting_since=None,
        next_at=None,
    )
    note = event("resolved", moment.at, role=actor.role, by=actor.key, resolution=str(resolution))
    return _told(escalation, after, note, asker, moment, actor)


def reopened(escalation: Escalation, actor: Actor, asker: Address | None, moment: Moment) -> Change:
    """Open a resolved one anew; it waits to be taken again. Raises RefusedError where it is open."""
    if escalation.state is not State.RESOLVED:
        raise RefusedError(wording.NOT_RESOLVED)
    after = _waiting(escalation, moment)
    return _told(escalation, after, event("reopened", moment.at, role=actor.role, by=actor.key), asker, moment, actor)


def event(kind: str, at: datetime, **data: str | int | bool | None) -> Event:
    """Return a line for the log."""
    return Event(kind, at, MappingProxyType(data))


def delivery(
    escalation: Escalation,
    kind: DeliveryKind,
    to: Address,
    moment: Moment,
    *,
    entry: int | None = None,
) -> Delivery:
    """Return a new pending delivery of an escalation. What is not urgent wakes nobody up out of hours."""
    at_once = escalation.urgent or kind in QUIET
    return Delivery(
        id=moment.ids.new(),
        escalation=escalation.id,
        school=escalation.school,
        address=to,
        kind=kind,
        urgent=escalation.urgent,
        created_at=moment.at,
        not_before=moment.at if at_once else moment.timetable.opening_from(moment.at),
        entry=entry,
    )


def untold(escalation: Escalation, addresses: Iterable[Address]) -> list[Address]:
    """List the addresses that have not been told, each once."""
    known = {address.lane for address in escalation.told}
    return [address for lane, address in {one.lane: one for one in addresses}.items() if lane not in known]


def carded(escalation: Escalation) -> list[Address]:
    """List the addresses that have a card."""
    return [card.address for card in escalation.cards]


def _progressed(escalation: Escalation, moment: Moment) -> Escalation:
    return replace(
        escalation,
        progress_at=moment.at,
        asked_again=0,
        next_at=moment.timetable.after_open_time(moment.at, STALE_AFTER),
    )


def _waiting(escalation: Escalation, moment: Moment) -> Escalation:
    return replace(
        escalation,
        state=State.DELIVERED,
        delivered_at=escalation.delivered_at or moment.at,
        holder=None,
        holder_role=None,
        resolution=None,
        resolved_at=None,
        acknowledged_at=None,
        waiting_since=moment.at,
        chased=0,
        asked_again=0,
        warned=False,
        next_at=moment.at + FIRST_CHASE if escalation.urgent else moment.timetable.next_morning(moment.at),
    )


def _next_contact(moment: Moment) -> datetime:
    """Return when another person is told of what is not urgent, where it has reached nobody by then."""
    due = moment.timetable.opening_from(moment.at)
    return moment.timetable.opening_from(due + NEXT_CONTACT)


def _told(
    before: Escalation, after: Escalation, note: Event, asker: Address | None, moment: Moment, actor: Actor
) -> Change:
    return Change(
        before,
        after,
        events=(note,),
        deliveries=(*receipts(after, asker, moment), *updates(after, moment)),
        withdrawn=_OVERTAKEN,
        people=(actor.person,),
    )


def receipts(escalation: Escalation, asker: Address | None, moment: Moment) -> list[Delivery]:
    """Return the receipt that tells the asker where it stands; none where they cannot be told."""
    return [delivery(escalation, DeliveryKind.RECEIPT, asker, moment)] if asker else []


def updates(escalation: Escalation, moment: Moment) -> list[Delivery]:
    """Return what brings every card up to date."""
    return [delivery(escalation, DeliveryKind.UPDATE, address, moment) for address in carded(escalation)]
