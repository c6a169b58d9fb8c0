"""Looks over what a school has set up in Teams: its tenant, the teams, the people, who may ask, the channels."""

import asyncio
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from adapters.chat import admin_wording as says
from adapters.chat.bindings import Bindings
from adapters.chat.reports import Finding
from adapters.chat.route_findings import route_findings, unreachable
from adapters.teams import checkup_wording as in_teams
from adapters.teams.admin_words import TEAMS
from adapters.teams.people import PLATFORM, People
from adapters.teams.tenants import Tenants, tenants_named
from bot.escalation.errors import EscalationError
from bot.escalation.office import Office
from bot.escalation.register import Register
from knowledge.model import School


@dataclass(frozen=True, slots=True)
class Checkup:
    """Looks a school over."""

    office: Office
    tenants: Tenants
    people: People
    bindings: Bindings

    async def look(self, school_id: str) -> Sequence[Finding]:
        """Return what was looked at, in order or not. Raises KeyError where the school is not served."""
        school = self.office.school(school_id)
        known = self.tenants.homes_of(school_id)
        found = [*self._homes(school, known)]
        if not known:
            return found  # nothing more can be asked
        routes, groups = await asyncio.gather(self.bindings.look(school), self._groups(school, known))
        register = self.office.register(school_id, PLATFORM)
        unmet = list(_unmet(register))
        nobody_told = [one for one in unreachable(TEAMS, register) if one.says not in {said for said, _ in unmet}]
        return [*found, *route_findings(TEAMS, routes), *nobody_told, *(finding for _, finding in unmet), *groups]

    def _homes(self, school: School, known: Sequence[str]) -> Iterator[Finding]:
        for tenant in tenants_named(school):
            if tenant.lower() not in known:
                yield Finding(says.not_installed(TEAMS, tenant), in_teams.MEND_SILENT)
                continue
            yield Finding(in_teams.tenant_known(tenant))
            if not self.tenants.places.teams(tenant.lower()):
                yield Finding(in_teams.NO_TEAM, in_teams.MEND_NO_TEAM)

    async def _groups(self, school: School, tenants: Sequence[str]) -> Sequence[Finding]:
        """Say whether those who may ask can be told: every pupil has an account in the same tenant."""
        asks = school.asks.get(PLATFORM)
        if asks is None:
            return [Finding(in_teams.EVERYBODY_ASKS, in_teams.MEND_EVERYBODY)]
        return [await self._group(group, tenants) for group in asks.get("groups", ())]

    async def _group(self, group: str, tenants: Sequence[str]) -> Finding:
        teams = [self.tenants.places.team(tenant, group) for tenant in tenants]
        team = next(filter(None, teams), None)
        if team is None:
            return Finding(in_teams.group_unknown(group), in_teams.MEND_GROUP)
        try:
            roster = await self.people.roster(team)
        except EscalationError:
            return Finding(in_teams.group_silent(group), says.TRY_AGAIN)
        return Finding(in_teams.group_fine(group, len(roster)))


def _unmet(register: Register) -> Iterator[tuple[str, Finding]]:
    """Say who of a route is named by a sign-in name that Signpost has not met, and what it stands in place of."""
    school = register.school
    for role in dict.fromkeys(role for route in school.routes.values() for role in route.people):
        contact = school.contact(role)
        named = [reach.value for reach in contact.reach if reach.kind == PLATFORM and "@" in reach.value]
        if named and register.book.address(contact) is None:
            found = Finding(in_teams.not_met(contact.title, named[0]), in_teams.MEND_NOT_MET)
            yield says.holder_without_id(TEAMS, contact.title), found
