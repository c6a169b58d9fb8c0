"""What admins do in chat. Whether somebody is one is asked anew of the register for every command."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from adapters.chat import admin_wording as says
from adapters.chat import reports
from adapters.chat.admin_wording import Platform
from adapters.chat.admins import Admins
from adapters.chat.bindings import Bindings, Typed
from adapters.chat.own_schools import OwnSchools
from adapters.chat.reports import Delivering, Finding, Report
from bot.errors import BotError
from bot.escalation import wording as told
from bot.escalation.errors import RefusedError, StoreError
from bot.escalation.model import Escalation, State
from bot.escalation.office import Office
from bot.escalation.ports import Alarm, Wanted
from knowledge.faults import Fault

_BIND, _UNBIND, _CONFIRM = "bind", "unbind", "confirm"


class Reloading(Protocol):
    """Checks a school's files, and takes them; what came of that stands in the state of each school."""

    async def reload(self, schools: Iterable[str] | None) -> None:
        """Reload some schools."""
        ...

    async def check(self, school: str) -> Sequence[Fault]:
        """Return everything that is wrong with its files as they are now, or with the catalogue that they need."""
        ...


class Checkup(Protocol):
    """Looks over what a school has set up on the platform."""

    async def look(self, school_id: str) -> Sequence[Finding]:
        """Return what was looked at, in order or not. Raises KeyError where the school is not served."""
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
    """Answers the admin command."""

    admins: Admins
    own_schools: OwnSchools
    office: Office
    bindings: Bindings
    checkup: Checkup
    reloading: Reloading
    alarms: LatestAlarms

    @property
    def platform(self) -> Platform:
        """The platform, in the words of its admins."""
        return self.bindings.platform

    async def command(self, where: Typed, text: str) -> Report:
        """Answer what stands after the command; whatever it comes to is said."""
        schools = self.admins.schools(where.home, where.user)
        if not schools:
            return Report(says.NOT_ADMIN)
        verb, *rest = text.split() or ["help"]
        try:
            return await self._answer(where, schools, verb.lower(), [word.lower() for word in rest])
        except BotError as refused:
            return Report(str(refused))
        except StoreError:
            return Report(told.NOT_WRITTEN)
        except KeyError:
            return Report(says.PACK_GONE)  # it was taken out while the command ran

    async def _answer(self, where: Typed, schools: Sequence[str], verb: str, rest: Sequence[str]) -> Report:
        if verb == "routes":
            return await self._routes(where, schools, rest)
        answers = {"status": self._status, "check": self._check, "reload": self._reload, "doctor": self._doctor}
        if verb not in answers or len(rest) > 1:
            return reports.help_report(self.platform, understood=verb == "help")
        return await answers[verb](await self._school(where, schools, rest))

    # ---- The commands ----------------------------------------------------------------------------------------------

    async def _status(self, school: str) -> Report:
        pack, delivering = await self.admins.pack(school), await self._delivering(school)
        return reports.status_report(self.platform, pack, delivering, self.office.clock.now())

    async def _check(self, school: str) -> Report:
        return reports.check_report(self.platform, self.office.school(school), await self.reloading.check(school))

    async def _reload(self, school: str) -> Report:
        """Reload one school, and say what became of it."""
        known, before = self.office.school(school), self.admins.state(school)
        await self.reloading.reload([school])
        after = self.admins.state(school)
        if before is None or after is None:
            return reports.reload_report(known, says.PACK_GONE)
        if after.tried_at == before.tried_at:
            return reports.reload_report(known, says.NOT_TRIED)
        if not after.ok:
            return reports.reload_report(known, says.LAST_GOOD, after.faults)
        version = after.school.version if after.school else ""
        same = before.taken_at == after.taken_at
        return reports.reload_report(known, says.unchanged(version) if same else says.taken(version), after.faults)

    async def _doctor(self, school: str) -> Report:
        return reports.doctor_report(self.office.school(school), await self.checkup.look(school))

    async def _routes(self, where: Typed, schools: Sequence[str], rest: Sequence[str]) -> Report:
        """List the routes, or bind one to the channel in which the command was typed."""
        if rest and rest[0] in {_BIND, _UNBIND}:
            return await self._binding(where, schools, rest[0], rest[1:])
        if len(rest) > 1:
            return reports.help_report(self.platform, understood=False)
        school = self.office.school(await self._school(where, schools, rest))
        return reports.routes_report(self.platform, school, await self.bindings.look(school), where.channel)

    async def _binding(self, where: Typed, schools: Sequence[str], verb: str, words: Sequence[str]) -> Report:
        """Bind a route, or take its binding away: its name, then the word that confirms, and the school, if any."""
        named = [word for word in words if word != _CONFIRM]
        is_confirmed = len(named) < len(words)
        if is_confirmed and (verb == _UNBIND or self.bindings.confirms is None):
            return reports.help_report(self.platform, understood=False)
        if not 1 <= len(named) <= 2:
            return Report(says.bind_which(self.platform))
        school = await self._school(where, schools, named[1:])
        if verb == _UNBIND:
            return Report(await self.bindings.unbind(where, school, named[0]))
        return Report(await self.bindings.bind(where, school, named[0], confirmed=is_confirmed))

    # ---- What they need --------------------------------------------------------------------------------------------

    async def _school(self, where: Typed, schools: Sequence[str], named: Sequence[str]) -> str:
        """Return the school that is meant: the one named, else the one they ask for, of those they look after."""
        if named:
            if named[0] in schools:
                return named[0]
            raise RefusedError(says.which_school(schools))  # nobody learns here which others there are
        own = await self.own_schools.school(where.home, where.user, where.place)
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
