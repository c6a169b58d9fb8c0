"""Alarms: what an operator must look at, in the log and in the status. They never hold words or names."""

import logging
from collections import deque
from collections.abc import Sequence
from datetime import UTC, datetime

from bot.escalation.ports import Alarm

_LOG = logging.getLogger("signpost.alarm")
_KEPT = 50

SENTENCES = {
    "store": "The store cannot be written or read: nothing is recorded or delivered. Look at the disk and database.",
    "undelivered": "An escalation has reached nobody for 5 minutes. Phone the people of its route.",
    "delayed": "A channel has not taken messages for minutes. They are kept, and sent when it answers again.",
    "no-answer": "It cannot be found out who reads a place. What is to go there waits until it can.",
    "not-chased": "An escalation could not be chased: a fault of ours. Look at it in the chat, and report it.",
    "courier": "The courier met a fault of ours and goes on. Report the fault.",
    "undeliverable": "An address takes no messages. Look whether the channel or the person is still there.",
    "nobody-reachable": "Nobody of a route can be reached here. Phone them, and mend the route.",
    "no-safe-route": "There is nobody left who may be told of an escalation. Mend the school's routes.",
    "channel-unsafe": "A channel of a route must not be used: people are told one by one instead. Mend it, or bind "
    "another private channel in chat, with policy-admin routes bind.",
    "unserved": "A workspace or tenant has no school that is served: nobody there is answered. Mend or add a pack.",
    "school-gone": "An escalation belongs to a school that is not served any more. Bring its pack back.",
}


def says(alarm: Alarm) -> str:
    """Say what is wrong and what to do."""
    said, fault = SENTENCES.get(alarm.kind, alarm.kind), alarm.detail.get("fault")
    return f"{said} What is wrong: {fault}." if fault else said


class LogBell:
    """Writes alarms to the log, and keeps the latest for the status."""

    def __init__(self) -> None:
        self._rung: deque[tuple[datetime, Alarm]] = deque(maxlen=_KEPT)

    def ring(self, alarm: Alarm) -> None:
        """Raise an alarm."""
        self._rung.append((datetime.now(UTC), alarm))
        told = " ".join(f"{name}={value}" for name, value in sorted(alarm.detail.items()) if name != "fault")
        where = " ".join(part for part in (alarm.school, alarm.reference, told) if part)
        _LOG.error("%s [%s] %s", says(alarm), alarm.kind, where)

    def rung(self) -> Sequence[tuple[datetime, Alarm]]:
        """List the latest alarms, oldest first."""
        return list(self._rung)
