"""/policy-admin: what admins do in Slack. Whether somebody is one is asked anew of the register for every command."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from adapters.chat.own_schools import OwnSchools
from adapters.slack import admin_views as views
from adapters.slack import home_wording as says
from adapters.slack.admin_views import Delivering
from adapters.slack.admins import Admins
from adapters.slack.asking import Where
from adapters.slack.bindings import Bindings
from adapters.slack.checkup import Checkup
from adapters.slack.notes import note
from adapters.slack.rendered import Rendered
from bot.errors import BotError
from bot.escalation import wording as told
from bot.escalation.errors import RefusedError, StoreError
from bot.escalation.model import Escalation, State
from bot.escalation.office import Office
from bot.escalation.ports import Alarm, Wanted
from knowledge.faults import Fault

_BINDING = ("bind", "unbind")


class Reloading(Protocol):
    """Checks a school's files, and takes them; what came of that stands in the state of each school."""

    async def reload(self, schools: Iterable[str] | None) -> None:
        """Reload some schools."""
        ...

    async def check(self, school: str) -> Sequence[Fault]:
        """Return everything that is wrong with its files as they are now, or with the catalogue that they need."""
        ...


class Rung(Protocol):
    """The latest alarms."""

    def rung(self) -> Sequence[tuple[datetime, Alarm]]:
        """List them, oldest first."""
        ...


@dataclass(frozen=True, slots=True)
class LatestAlarms:
    """The latest alarms, and how each is put into words."""

    bell: Rung
    says: Callable[[Alarm], str]

    def of(self, school: str) -> tuple[tuple[datetime, str], ...]:
        """Return the alarms of a school, and those that concern all; none of another school's."""
        return tuple((at, self.says(alarm)) for at, alarm in self.bell.rung() if alarm.school in {school, ""})


@dataclass(frozen=True, slots=True)
class Administering:
    """Answers /policy-admin."""

    admins: Admins
    own_schools: OwnSchools
    office: Office
    bindings: Bindings
    checkup: Checkup
    reloading: Reloading
    alarms: LatestAlarms

    async def command(self, where: Where, text: str) -> Rendered:
        """Answer a command; whatever it comes to is said."""
        schools = self.admins.schools(where.team, where.user)
        if not schools:
            return note(says.NOT_ADMIN)
        verb, *rest = text.split() or ["help"]
        try:
            return await self._answer(where, schools, verb.lower(), [word.lower() for word in rest])
        except BotError as refused:
            return note(str(refused))
        except StoreError:
            return note(told.NOT_WRITTEN)
        except KeyError:
            return note(says.PACK_GONE)  # it was taken out while the command ran

    async def _answer(self, where: Where, schools: Sequence[str], verb: str, rest: Sequence[str]) -> Rendered:
        if verb == "routes":
            return await self._routes(where, schools, rest)
        answers = {"status": self._status, "check": self._check, "reload": self._reload, "doctor": self._doctor}
        if verb not in answers or len(rest) > 1:
            return views.help_report(understood=verb == "help")
        return await answers[verb](await self._school(where, schools, rest))

    # ---- The commands ----------------------------------------------------------------------------------------------

    async def _status(self, school: str) -> Rendered:
        pack, delivering = await self.admins.pack(school), await self._delivering(school)
        return views.status_report(pack, delivering, self.office.clock.now())

    async def _check(self, school: str) -> Rendered:
        return views.check_report(self.office.school(school), await self.reloading.check(school))

    async def _reload(self, school: str) -> Rendered:
        """Reload one school, and say what became of it."""
        known, before = self.office.school(school), self.admins.state(school)
        await self.reloading.reload([school])
        after = self.admins.state(school)
        if before is None or after is None:
            return views.reload_report(known, says.PACK_GONE)
        if after.tried_at == before.tried_at:
            return views.reload_report(known, says.NOT_TRIED)
        if not after.ok:
            return views.reload_report(known, says.LAST_GOOD, after.faults)
        version = after.school.version if after.school else ""
        same = before.taken_at == after.taken_at
        return views.reload_report(known, says.unchanged(version) if same else says.taken(version), after.faults)

    async def _doctor(self, school: str) -> Rendered:
        return views.doctor_report(self.office.school(school), await self.checkup.look(school))

    async def _routes(self, where: Where, schools: Sequence[str], rest: Sequence[str]) -> Rendered:
        """List the routes, or bind one to the channel in which the command was typed."""
        if not rest or rest[0] not in _BINDING:
            if len(rest) > 1:
                return views.help_report(understood=False)
            school = self.office.school(await self._school(where, schools, rest))
            return views.routes_report(school, await self.bindings.look(school), where.channel)
        verb, *named = rest
        if not 1 <= len(named) <= 2:
            return note(says.BIND_WHICH)
        step = self.bindings.bind if verb == "bind" else self.bindings.unbind
        return note(await step(where, await self._school(where, schools, named[1:]), named[0]))

    # ---- What they need --------------------------------------------------------------------------------------------

    async def _school(self, where: Where, schools: Sequence[str], named: Sequence[str]) -> str:
        """Return the school that is meant: the one named, else the one they ask for, of those they look after."""
        if named:
            if named[0] in schools:
                return named[0]
            raise RefusedError(says.which_school(schools))  # nobody learns here which others there are
        own = await self.own_schools.school(where.team, where.user, where.channel)
        if own in schools:
            return str(own)
        if len(schools) == 1:
            return schools[0]
        raise RefusedError(says.which_school(schools))

    async def _delivering(self, school: str) -> Delivering | None:
        """Say how delivering fares for a school; None where the store cannot be read."""
        try:
            found = await self.office.store.escalations(Wanted(school=school, open_only=True))
        except StoreError:
            return None
        now = self.office.clock.now()
        lying = [one for one in found if one.urgent and one.state is State.RECORDED]
        waiting = sum(1 for one in found if one.state is not State.ACKNOWLEDGED)
        return Delivering(len(found), waiting, len(lying), _oldest(lying, now), self.alarms.of(school))


def _oldest(lying: Sequence[Escalation], now: datetime) -> timedelta:
    return max((now - one.opened_at for one in lying), default=timedelta())
