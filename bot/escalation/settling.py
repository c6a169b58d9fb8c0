"""What becomes of a delivery, each a pure function: it arrived, it never will, or it does not matter any more.

`told` of an escalation names those who were told or will be. Who turns out to have been missed leaves it again, so
that the chase comes back to them.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime

from bot.escalation.lifecycle import WAITING, Moment, carded, delivery, event, receipts, untold, updates
from bot.escalation.model import (
    MAIL,
    Address,
    Card,
    Change,
    Delivery,
    DeliveryKind,
    DeliveryState,
    Escalation,
    Event,
    Resolution,
    State,
)
from bot.escalation.routing import Plan

_REMINDERS = frozenset({DeliveryKind.CHASE, DeliveryKind.STALE})
# What tells somebody in school something; where it cannot arrive, somebody else must be told.
_TELLS = _REMINDERS | {DeliveryKind.NOTICE, DeliveryKind.DIGEST, DeliveryKind.ANSWER}


def still_matters(found: Delivery, escalation: Escalation) -> bool:
    """Tell whether a message is still worth sending: nobody is rung for what another has taken meanwhile."""
    match found.kind:
        case DeliveryKind.NOTICE if found.address.kind == "person":
            return escalation.state in WAITING or _is_stale(escalation)
        case DeliveryKind.CHASE:
            return escalation.state in WAITING
        case DeliveryKind.STALE:
            return _is_stale(escalation)
        case DeliveryKind.UPDATE:
            return found.address.lane in {address.lane for address in carded(escalation)}
        case _:
            return True


def arrived(escalation: Escalation, sent: Delivery, shown: Escalation, asker: Address | None, moment: Moment) -> Change:
    """Note that a delivery arrived; the first that tells somebody of the escalation makes it delivered.

    `shown` is the escalation as the message told it: a card that tells an old state already is updated at once.
    """
    settled = replace(sent, state=DeliveryState.SENT, settled_at=moment.at, lease_until=None, fault=None)
    if sent.kind is not DeliveryKind.NOTICE:
        events = (_noted(str(sent.kind), sent, moment),) if sent.kind in _REMINDERS else ()
        return Change(escalation, escalation, events=events, settled=(settled,))
    after, deliveries = escalation, list[Delivery]()
    if sent.address.platform != MAIL:  # a mail cannot be edited, and nobody is chased by mail
        others = tuple(card for card in escalation.cards if card.address.lane != sent.address.lane)
        after = replace(after, cards=(*others, Card(sent.address, sent.message_id or sent.id)))
        stale = _face(shown) != _face(escalation)
        deliveries += [delivery(after, DeliveryKind.UPDATE, sent.address, moment)] if stale else []
    if escalation.state is State.RECORDED:
        after = replace(after, state=State.DELIVERED, delivered_at=moment.at)
        if not escalation.urgent:
            after = replace(after, next_at=moment.timetable.next_morning(moment.at))
        deliveries += receipts(after, asker, moment)
    return Change(
        escalation,
        after,
        events=(_noted("delivered", sent, moment),),
        deliveries=tuple(deliveries),
        settled=(settled,),
        withdrawn=frozenset({DeliveryKind.RECEIPT}) if after.state is not escalation.state else frozenset(),
    )


def aside(
    escalation: Escalation,
    failed: Delivery,
    instead: Sequence[Address],
    moment: Moment,
    asker: Address | None = None,
) -> Change:
    """Set a delivery aside that will never arrive, and send what it brought to other addresses instead.

    A reply goes to nobody else: the cards say that it never reached its asker, so that somebody speaks to them. Where
    nobody is left to tell, `asker` is where the asker learns that, once: from then on it is for them to tell somebody.
    """
    after = _missed(escalation, failed)
    kind, entry = DeliveryKind.NOTICE, None
    if failed.kind is DeliveryKind.ANSWER:
        kind, entry = DeliveryKind.ANSWER, failed.entry
    else:
        after = replace(after, told=(*after.told, *untold(after, instead)))
    retold = updates(after, moment) if failed.kind is DeliveryKind.REPLY else []
    warns = asker is not None and after.state is State.RECORDED and not after.warned
    after = replace(after, warned=after.warned or warns)
    retold += receipts(after, asker, moment) if warns else []
    return Change(
        escalation,
        after,
        events=(event("undeliverable", moment.at, to=_whom(failed.address), brought=str(failed.kind)),),
        deliveries=(*(delivery(after, kind, address, moment, entry=entry) for address in instead), *retold),
        settled=(replace(failed, state=DeliveryState.ASIDE, settled_at=moment.at, lease_until=None),),
        withdrawn=frozenset(one.kind for one in retold),
    )


def reply_lost_at(known: Iterable[Delivery]) -> datetime | None:
    """Return when the latest reply was written that will never reach its asker; None where none was lost."""
    lost = [one for one in known if one.kind is DeliveryKind.REPLY and one.state is DeliveryState.ASIDE]
    return max((one.created_at for one in lost), default=None)


def instead_of(
    failed: Delivery, escalation: Escalation, plan: Plan | None, mail: Iterable[Address], known: Iterable[Delivery]
) -> list[Address]:
    """Say who gets what a delivery brought that will never arrive: the next people of the route, then mail.

    `known` are all deliveries of the escalation: an address that has failed before is left to the chase. What the
    asker added goes to everybody with a card.
    """
    dead = {one.address.lane for one in known if one.state is DeliveryState.ASIDE} | {failed.address.lane}
    rungs = [rung for rung in (plan.rungs if plan else ()) if rung.lane not in dead]
    if failed.kind not in _TELLS:
        return []
    if failed.kind is DeliveryKind.ANSWER:
        return [address for address in carded(escalation) if address.lane not in dead] or rungs[:1]
    people = untold(escalation, rungs)
    further = people[:2] if failed.address.kind == "place" else people[:1]
    return further or [address for address in untold(escalation, mail) if address.lane not in dead]


def nobody_left(failed: Delivery, instead: Sequence[Address], known: Iterable[Delivery]) -> bool:
    """Tell whether nobody has been told of an escalation, and nobody else is about to be."""
    hopes = {DeliveryState.PENDING, DeliveryState.SENT}
    others = [one for one in known if one.kind is DeliveryKind.NOTICE and one.state in hopes and one.id != failed.id]
    return failed.kind is DeliveryKind.NOTICE and not instead and not others


def withdrawn(escalation: Escalation, found: Delivery, moment: Moment) -> Change:
    """Withdraw a delivery that does not matter any more."""
    settled = replace(found, state=DeliveryState.WITHDRAWN, settled_at=moment.at, lease_until=None)
    return Change(escalation, _missed(escalation, found), settled=(settled,))


def _missed(escalation: Escalation, found: Delivery) -> Escalation:
    """Return the escalation without an address that was never told of it after all."""
    if found.kind is not DeliveryKind.NOTICE or found.address in carded(escalation):
        return escalation
    return replace(escalation, told=tuple(one for one in escalation.told if one.lane != found.address.lane))


def _is_stale(escalation: Escalation) -> bool:
    return escalation.state is State.ACKNOWLEDGED and escalation.asked_again > 0


_Face = tuple[State | None, str | None, int, datetime | None, Resolution | None]


def _face(escalation: Escalation) -> _Face:
    """Return what a card shows of how far an escalation has come."""
    state = None if escalation.state in WAITING else escalation.state
    return (state, escalation.holder_role, len(escalation.seen), escalation.replied_at, escalation.resolution)


def _noted(kind: str, sent: Delivery, moment: Moment) -> Event:
    return event(kind, moment.at, to=_whom(sent.address), again=sent.in_doubt)


def _whom(address: Address) -> str:
    return address.role or address.kind
