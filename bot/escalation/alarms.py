"""Alarms, so that an operator hears of each thing once, again once it broke anew, and is reminded of what lasts."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from bot.escalation.model import Address
from bot.escalation.ports import Alarm, Bell, Clock

REMIND_AFTER = timedelta(hours=1)
_MOST = 1_000  # what is known of alarms is bounded; beyond it the oldest may ring once more


@dataclass(slots=True)
class Alarms:
    """What has been rung for, and when. Each thing that can be wrong is a kind, an escalation or school, and a lane."""

    bell: Bell
    clock: Clock
    _rung: dict[tuple[str, str, str], datetime] = field(default_factory=dict)

    def ring(self, kind: str, school: str = "", reference: str = "", to: Address | None = None, **detail: str) -> None:
        """Raise an alarm, unless it was raised within the hour and has not been mended since."""
        now, thing = self.clock.now(), (kind, reference or school, to.lane if to else "")
        last = self._rung.get(thing)
        if last is not None and last <= now < last + REMIND_AFTER:
            return
        self._rung.pop(thing, None)
        self._rung[thing] = now
        while len(self._rung) > _MOST:
            del self._rung[next(iter(self._rung))]
        self.bell.ring(Alarm(kind, school, reference, ({"to": _place_or_role(to)} if to else {}) | detail))

    def arrived_at(self, address: Address) -> None:
        """Forget what was wrong with an address: a message has arrived there."""
        self._forget(lambda thing: thing[2] == address.lane)

    def told(self, reference: str) -> None:
        """Forget what was wrong with an escalation: somebody in school has been told of it."""
        self._forget(lambda thing: thing[1] == reference and not thing[2])

    def mended(self, kind: str) -> None:
        """Forget a kind of alarm: what was wrong works again."""
        self._forget(lambda thing: thing[0] == kind)

    def _forget(self, is_over: Callable[[tuple[str, str, str]], bool]) -> None:
        self._rung = {thing: at for thing, at in self._rung.items() if not is_over(thing)}


def _place_or_role(address: Address) -> str:
    """Name an address without the id of a person, which can be a mail address or a name."""
    return address.lane if address.kind == "place" else f"{address.platform} {address.role or address.kind}"
