"""What the command line says about escalations, their log and their database: roles and times, never words or names."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from bot.escalation import wording
from bot.escalation.hours import LONDON
from bot.escalation.model import Delivery, DeliveryKind, DeliveryState, Escalation, LoggedEvent, Resolution, State
from bot.escalation.routing import Plan
from bot.wording import contact_name
from knowledge.model import Contact

WORDS_ELSEWHERE = (
    "What was written, and who wrote it, can be read in the chat only, by those who were told. Times are British time."
)
NO_CONCERN = "There is nothing in this to pass on, so nothing was recorded and nobody has been told."
NO_SERVER = (
    "No server runs here, so nobody has been told yet: it is recorded, and is delivered when the server runs. "
    "Tell the person yourself now."
)
EVERYBODY_IN_THE_PLACE = "Everybody who reads the private channel will read it."
NOTE_THE_DIGEST = (
    "Note the digest and the time outside this machine: it changes with every event, so one that you noted earlier and "
    "that comes back after a later one shows that the database was put back to that older state."
)
_HEADINGS = ("REFERENCE", "STATE", "OPENED", "WAITING", "ROUTE", "WITH", "SCHOOL", "WHAT")
# What may be told of an event; the keys that stand for people are not among it.
_TOLD = (
    *("category", "certainty", "urgent", "route", "staff", "role", "to", "again", "brought"),
    *("step", "told", "times", "resolution"),
)
_HAPPENED = {
    "opened": "recorded",
    "delivered": "delivered to {to}",
    "chase": "reminder delivered to {to}",
    "stale": "{to} was asked whether it is still with them",
    "undeliverable": "could not be delivered to {to}",
    "words-opened": "read by {role}",
    "acknowledged": "taken by {role}",
    "passed-on": "passed on by {role} to {to}",
    "replied": "{role} answered the person who raised it",
    "answered": "the person who raised it wrote again",
    "reopened": "reopened by {role}",
    "resolved": "resolved by {role}: {resolution}",
    "chased": "nobody had taken it: step {step} of the chase",
    "narrowed": "somebody named for it is involved: those named who had not been told are left out",
    "asked-again": "nothing had happened since it was taken: asked again ({times})",
}
_WHOM = {"place": "the private channel", "person": "a person"}
_BRINGS = {
    DeliveryKind.NOTICE: "card",
    DeliveryKind.CHASE: "reminder",
    DeliveryKind.STALE: "question whether it is still with them",
    DeliveryKind.DIGEST: "digest of open questions",
    DeliveryKind.UPDATE: "update of the card",
    DeliveryKind.RECEIPT: "receipt",
    DeliveryKind.REPLY: "answer",
    DeliveryKind.ANSWER: "what the person who raised it wrote again",
}
_TO_ASKER = {DeliveryKind.RECEIPT, DeliveryKind.REPLY}
_STATES = {
    DeliveryState.PENDING: "waiting to be sent",
    DeliveryState.SENT: "sent",
    DeliveryState.ASIDE: "given up; the server's log says why",
    DeliveryState.WITHDRAWN: "no longer needed",
}
_ERASED = {
    "event_keys": "keys of platform events",
    "turns": "last questions of conversations",
    "words": "words of questions without an answer",
    "entries": "messages of escalations",
    "escalations": "escalations with their log",
    "names": "names",
}


def clock(at: datetime) -> str:
    """Say a time as the clock in school shows it."""
    return f"{at.astimezone(LONDON):%Y-%m-%d %H:%M}"


def span(time: timedelta) -> str:
    """Say how long something took."""
    minutes = max(0, int(time.total_seconds() // 60))
    if minutes < 60:
        return f"{minutes} min"
    hours = minutes // 60
    return f"{hours} h {minutes % 60} min" if hours < 48 else f"{hours // 24} days"


# ---- Lists -----------------------------------------------------------------------------------------------------------


def with_whom(one: Escalation) -> str:
    """Say which role has an escalation."""
    if one.holder_role is None:
        return "nobody yet" if one.state is not State.RESOLVED else ""
    waits = one.state in {State.RECORDED, State.DELIVERED}
    return f"{one.holder_role}, not taken yet" if waits else one.holder_role


def list_text(found: Sequence[Escalation], titles: Mapping[str, str], now: datetime, *, open_only: bool) -> str:
    """Return escalations as a table, in the order given."""
    kind = "open escalation" if open_only else "escalation"
    if not found:
        return f"There is no {kind}."
    rows = [_HEADINGS, *(_list_row(one, titles, now) for one in found)]
    widths = [max(len(row[column]) for row in rows) for column in range(len(_HEADINGS))]
    lines = ["  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows]
    urgent = sum(one.urgent for one in found)
    counted = f"1 {kind}" if len(found) == 1 else f"{len(found)} {kind}s"
    return "\n".join([*lines, "", f"{counted}, {urgent} of them urgent. {WORDS_ELSEWHERE}"])


def _list_row(one: Escalation, titles: Mapping[str, str], now: datetime) -> tuple[str, ...]:
    waiting = span(now - one.waiting_since) if one.waiting_since else "-"
    title = f"{'Urgent: ' if one.urgent else ''}{titles.get(one.category, one.category)}"
    opened = clock(one.opened_at)
    return (one.reference, str(one.state), opened, waiting, str(one.route), with_whom(one), one.school, title)


def as_json(one: Escalation, titles: Mapping[str, str], now: datetime) -> dict[str, Any]:
    """Return an escalation as a JSON object, without anything that stands for a person."""
    return {
        "reference": one.reference,
        "school": one.school,
        "category": one.category,
        "title": titles.get(one.category, one.category),
        "certainty": one.certainty,
        "urgent": one.urgent,
        "route": str(one.route),
        "staff": one.staff,
        "state": str(one.state),
        "holder_role": one.holder_role,
        "seen_by_roles": [sight.role for sight in one.seen],
        "opened": one.opened_at.isoformat(),
        "delivered": _iso(one.delivered_at),
        "acknowledged": _iso(one.acknowledged_at),
        "resolved": _iso(one.resolved_at),
        "resolution": str(one.resolution) if one.resolution else None,
        "waiting_minutes": _minutes(now - one.waiting_since) if one.waiting_since else None,
    }


# ---- One escalation --------------------------------------------------------------------------------------------------


def story_text(
    one: Escalation,
    title: str,
    events: Sequence[LoggedEvent],
    deliveries: Sequence[Delivery],
    now: datetime,
) -> str:
    """Tell what has happened to an escalation, and what was sent."""
    urgency = "urgent" if one.urgent else "not urgent"
    waiting = f", waiting for {span(now - one.waiting_since)}" if one.waiting_since else ""
    return "\n".join(
        [
            f"{one.reference}: {title}",
            f"School {one.school}, route {one.route}, {urgency}, {one.certainty}.",
            f"State: {one.state}{waiting}. With: {with_whom(one) or 'nobody'}.",
            *(() if one.staff else (wording.NOT_STAFF,)),
            "",
            "What has happened:",
            *(f"  {clock(logged.event.at)}  {_happened(logged)}" for logged in events),
            "",
            "What was sent:",
            *(f"  {clock(sent.created_at)}  {_delivery(sent)}" for sent in deliveries),
            "",
            WORDS_ELSEWHERE,
        ]
    )


def story_json(
    one: Escalation, titles: Mapping[str, str], events: Sequence[LoggedEvent], sent: Sequence[Delivery], now: datetime
) -> dict[str, Any]:
    """Return the same as a JSON object."""
    return as_json(one, titles, now) | {
        "events": [_event_json(logged) for logged in events],
        "deliveries": [_delivery_json(one) for one in sent],
    }


def _event_json(logged: LoggedEvent) -> dict[str, Any]:
    data = {name: logged.event.data[name] for name in _TOLD if name in logged.event.data}
    return {"seq": logged.seq, "at": logged.event.at.isoformat(), "kind": logged.event.kind} | data


def _happened(logged: LoggedEvent) -> str:
    event = logged.event
    told = {name: event.data.get(name) for name in _TOLD}
    told |= {"to": _whom(str(told["to"])), "role": told["role"] or "the person who raised it"}
    if told["resolution"] in set(Resolution):
        told["resolution"] = wording.resolution(Resolution(str(told["resolution"])))
    said = _HAPPENED.get(event.kind, event.kind).format(**told)
    return f"{said}, marked as sent again" if told["again"] else said


def _delivery(sent: Delivery) -> str:
    attempts = "1 attempt" if sent.attempts == 1 else f"{sent.attempts} attempts"
    doubt = ", may have arrived twice" if sent.in_doubt else ""
    whom = _to(sent)
    return f"{_BRINGS[sent.kind]} to {whom} ({sent.address.platform}): {_STATES[sent.state]}, {attempts}{doubt}"


def _delivery_json(sent: Delivery) -> dict[str, Any]:
    return {
        "kind": str(sent.kind),
        "to": "asker" if sent.kind in _TO_ASKER else sent.address.role or sent.address.kind,
        "platform": sent.address.platform,
        "state": str(sent.state),
        "attempts": sent.attempts,
        "in_doubt": sent.in_doubt,
        "created": sent.created_at.isoformat(),
        "settled": _iso(sent.settled_at),
    }


def _to(sent: Delivery) -> str:
    return "the person who raised it" if sent.kind in _TO_ASKER else _whom(sent.address.role or sent.address.kind)


def _whom(to: str) -> str:
    return _WHOM.get(to, to)


def _iso(at: datetime | None) -> str | None:
    return at.isoformat() if at else None


def _minutes(time: timedelta) -> float:
    return max(0.0, round(time.total_seconds() / 60, 1))


# ---- The log and the database ----------------------------------------------------------------------------------------


def verified(chains: int, events: int, digest: str, faults: Sequence[str]) -> str:
    """Say what a check of the logs found."""
    looked = f"Logs checked: {chains}, with {events} events."
    found = [f"  {fault}" for fault in faults]
    verdict = f"Faults: {len(faults)}." if faults else "Nothing was changed, added or taken out."
    return "\n".join([looked, verdict, *found, f"Digest: {digest}", NOTE_THE_DIGEST])


def upgraded(before: str | None, after: str) -> str:
    """Say what an upgrade did."""
    if before is None:
        return f"A new database was made, at revision {after}."
    if before == after:
        return f"The database is at revision {after} already; nothing was changed."
    return f"The database was brought from revision {before} to {after}."


def purged(counted: Mapping[str, int], *, dry_run: bool) -> str:
    """Say what a purge erased."""
    head = "This would be erased; nothing was:" if dry_run else "Erased:"
    return "\n".join([head, *(f"  {_ERASED[name]}: {count}" for name, count in counted.items())])


# ---- Passing on ------------------------------------------------------------------------------------------------------


def readers(plan: Plan) -> str:
    """List who will read what is passed on, before it is."""
    lines = [wording.will_read(plan.readers)] if plan.readers else []
    if plan.unnamed is None:
        lines.append(EVERYBODY_IN_THE_PLACE)
    elif plan.unnamed:
        lines.append(f"In the private channel {plan.unnamed} more will read it, who have no role here.")
    return " ".join(lines) or wording.will_read(plan.people)


def passed_on(reference: str, state: str, warning: str | None) -> str:
    """Say under which reference it was recorded, and where it stands."""
    return "\n".join(filter(None, (f"Reference {reference}: {state}.", warning)))


def not_passed_on(problem: str, phone: Sequence[Contact], reason: str | None = None) -> str:
    """Say that nobody has been told, why, and whom to phone."""
    why = [f"Why: {reason}."] if reason else []
    return "\n".join([problem, *why, *phone_lines(phone)])


def phone_lines(contacts: Sequence[Contact]) -> Iterator[str]:
    """List whom to phone or go to."""
    for contact in contacts:
        ways = [f"{reach.kind} {reach.value}" for reach in contact.reach if reach.kind in {"phone", "email", "room"}]
        yield f"  {contact_name(contact)}{': ' if ways else ''}{', '.join(ways)}"
