"""The chase: who is told again, and who is told next, while nobody has taken an escalation.

Urgent ones climb a ladder: again after 5 minutes, the deputy at 15, the next person at 30, then hourly, day and night.
Others are asked again on the next school morning, then daily; open questions come together in one digest a day. One
that was taken and then left is asked about again after 4 school hours (design.md, section 9).
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from bot.escalation.lifecycle import STALE_AFTER, WAITING, Moment, carded, delivery, event, receipts, sights, untold
from bot.escalation.model import MAIL, Address, Change, Delivery, DeliveryKind, Escalation, State
from bot.escalation.routing import Plan

WARN_AFTER = timedelta(minutes=15)
HOURLY = timedelta(hours=1)
_MINUTES = (5, 15, 30)
_DEPUTY_STEP = 2
_REMINDERS = frozenset({DeliveryKind.CHASE, DeliveryKind.STALE, DeliveryKind.DIGEST})


def chase(
    escalation: Escalation,
    plan: Plan | None,
    asker: Address | None,
    moment: Moment,
    *,
    digest: Collection[Address] = (),
    mail: Sequence[Address] = (),
) -> Change:
    """Take the steps that are due. `plan` is who may be told today; None where no safe route is left any more.

    `digest` holds the addresses to which this open question brings the day's digest of all that are open there. `mail`
    are the mail addresses of those who may be told, used where no chat has reached anybody after 15 minutes.

    Steps that were missed while nothing ran are taken together: everybody who should have been told is told, and
    nobody is told twice for it. A reminder that is still on its way makes room for the new one.
    """
    if escalation.state is State.ACKNOWLEDGED:
        return _stale(escalation, plan, moment)
    if escalation.urgent:
        return _urgent(escalation, plan, asker, moment, mail)
    return _calm(escalation, plan, asker, moment, digest, mail)


def step_at(waiting: timedelta) -> int:
    """Return how many steps are due after so long a wait: 1 at 5 minutes, 2 at 15, 3 at 30, then one an hour."""
    passed = sum(1 for minutes in _MINUTES if waiting >= timedelta(minutes=minutes))
    if passed < len(_MINUTES):
        return passed
    return passed + (waiting - timedelta(minutes=_MINUTES[-1])) // HOURLY


def _time_of(step: int) -> timedelta:
    """Return how long after the wait began a step is due; steps count from 1."""
    if step <= len(_MINUTES):
        return timedelta(minutes=_MINUTES[step - 1])
    return timedelta(minutes=_MINUTES[-1]) + (step - len(_MINUTES)) * HOURLY


def _urgent(
    escalation: Escalation, plan: Plan | None, asker: Address | None, moment: Moment, mail: Sequence[Address]
) -> Change:
    since = escalation.waiting_since or escalation.opened_at
    # A clock that was set back must not stop the chase: what the store brings is due, whatever the clock says.
    step = max(step_at(moment.at - since), escalation.chased + 1)
    further = _further(escalation, plan, step)
    if escalation.state is State.RECORDED and step >= _DEPUTY_STEP:
        further += untold(escalation, mail)
    warns = escalation.chased < _DEPUTY_STEP <= step and not sights(escalation)
    after = replace(
        escalation,
        told=(*escalation.told, *further),
        chased=step,
        warned=escalation.warned or warns,
        next_at=_next_step(since, step, moment.at),
    )
    # One whose first notice is still on its way has no card, and is not told again before it.
    return _chased(
        Change(escalation, after, events=(event("chased", moment.at, step=step, told=len(after.told)),)),
        deliveries=[
            *_each(after, DeliveryKind.NOTICE, further, moment),
            *_each(after, DeliveryKind.CHASE, carded(escalation), moment),
            *(receipts(after, asker, moment) if warns else ()),
        ],
    )


def _next_step(since: datetime, step: int, now: datetime) -> datetime:
    """Return when the step after this one is due; never further off than the two lie apart, whatever the clock did."""
    planned, apart = since + _time_of(step + 1), _time_of(step + 1) - _time_of(step)
    return planned if now < planned <= now + apart else now + apart


def _further(escalation: Escalation, plan: Plan | None, step: int) -> list[Address]:
    """List who is told now for the first time.

    At the first step that is the place, where it was missed, and whoever leads the route, in person; each later step
    adds the next person of the route.
    """
    rungs = plan.rungs if plan else ()
    places = [address for address in rungs if address.kind == "place"]
    people = [address for address in rungs if address.kind == "person"]
    return untold(escalation, [*places, *people[:step]])


def _calm(
    escalation: Escalation,
    plan: Plan | None,
    asker: Address | None,
    moment: Moment,
    digest: Collection[Address],
    mail: Iterable[Address],
) -> Change:
    step, rungs, beside = escalation.chased + 1, plan.rungs if plan else (), plan.beside if plan else ()
    if escalation.state is State.RECORDED:  # it has reached nobody yet: the next contact, then another every hour
        further = untold(escalation, [*rungs[: step + 1], *beside, *mail])
        next_at = moment.timetable.opening_from(moment.at + HOURLY)
        news = receipts(escalation, asker, moment)
    else:
        further = untold(escalation, [*rungs[:1], *beside])
        next_at = moment.timetable.next_morning(moment.at)
        news = []
    after = replace(
        escalation,
        told=(*escalation.told, *further),
        chased=step,
        warned=escalation.warned or bool(news),
        next_at=next_at,
    )
    kind, again = DeliveryKind.CHASE, carded(escalation)
    if escalation.is_question:
        kind, again = DeliveryKind.DIGEST, [address for address in again if address in digest]
    return _chased(
        Change(escalation, after, events=(event("chased", moment.at, step=step, told=len(after.told)),)),
        deliveries=[
            *_each(after, DeliveryKind.NOTICE, further, moment),
            *_each(after, kind, again, moment),
            *news,
        ],
    )


def _stale(escalation: Escalation, plan: Plan | None, moment: Moment) -> Change:
    """Ask whoever has it; from the second time on everybody who was told, and one more person of the route."""
    times, rungs = escalation.asked_again + 1, plan.rungs if plan else ()
    known = (
        carded(escalation) or [address for address in escalation.told if address.platform != MAIL] or list(rungs[:1])
    )
    own = [address for address in known if address.role == escalation.holder_role or address.kind == "place"]
    further = untold(escalation, rungs)[:1] if times > 1 else []
    after = replace(
        escalation,
        asked_again=times,
        told=(*escalation.told, *further),
        next_at=moment.timetable.after_open_time(moment.at, STALE_AFTER),
    )
    return _chased(
        Change(escalation, after, events=(event("asked-again", moment.at, times=times),)),
        deliveries=[
            *_each(after, DeliveryKind.STALE, own if own and times == 1 else known, moment),
            *_each(after, DeliveryKind.NOTICE, further, moment),
        ],
    )


def _each(after: Escalation, kind: DeliveryKind, addresses: Iterable[Address], moment: Moment) -> list[Delivery]:
    return [delivery(after, kind, address, moment) for address in addresses]


def _chased(change: Change, deliveries: Sequence[Delivery]) -> Change:
    new = {one.kind for one in deliveries}
    overtaken = (new & _REMINDERS) | ({DeliveryKind.RECEIPT} & new)
    return replace(change, deliveries=tuple(deliveries), withdrawn=frozenset(overtaken))


def is_unseen(escalation: Escalation, now: datetime) -> bool:
    """Tell whether the asker is to read "not seen yet": urgent, and nobody opened or took it for 15 minutes.

    Sooner where they have been warned, as nobody was left to deliver it to.
    """
    waits = escalation.urgent and escalation.state in WAITING and not sights(escalation)
    long = now - (escalation.waiting_since or escalation.opened_at) >= WARN_AFTER
    return waits and (long or escalation.warned)
