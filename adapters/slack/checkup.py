"""Looks over what a school has set up in Slack: the token, its scopes, the channels, the people, the user groups."""

import asyncio
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from adapters.chat import admin_wording as says
from adapters.chat.bindings import Bindings
from adapters.chat.reports import Finding
from adapters.chat.route_findings import route_findings, unreachable
from adapters.slack import checkup_wording as in_slack
from adapters.slack.admin_words import SLACK
from adapters.slack.calls import translated
from adapters.slack.manifest import missing_scopes
from adapters.slack.people import PLATFORM
from adapters.slack.workspaces import Workspaces, teams_named
from bot.escalation.errors import EscalationError, UndeliverableError
from bot.escalation.office import Office
from knowledge.model import Contact, School

_NOBODY = frozenset({"user_not_found", "users_not_found", "user_not_visible"})


@dataclass(frozen=True, slots=True)
class Checkup:
    """Looks a school over."""

    office: Office
    workspaces: Workspaces
    bindings: Bindings

    async def look(self, school_id: str) -> Sequence[Finding]:
        """Return what was looked at, in order or not. Raises KeyError where the school is not served."""
        school = self.office.school(school_id)
        installed = self.workspaces.homes_of(school_id)
        looked = await asyncio.gather(*(self._workspace(team) for team in installed))
        sound = [team for team, (works, _) in zip(installed, looked, strict=True) if works]
        found = [*self._missing(school, installed), *(one for _, findings in looked for one in findings)]
        if not sound:
            return found  # nothing more can be asked
        routes, holders, groups = await asyncio.gather(
            self.bindings.look(school), self._holders(school, sound), self._groups(school, sound)
        )
        nobody_told = unreachable(SLACK, self.office.register(school_id, PLATFORM))
        return [*found, *route_findings(SLACK, routes), *nobody_told, *holders, *groups]

    # ---- The workspace ---------------------------------------------------------------------------------------------

    def _missing(self, school: School, installed: Sequence[str]) -> Iterator[Finding]:
        for team in teams_named(school):
            if team not in installed:
                yield Finding(says.not_installed(SLACK, team), says.mend_install(SLACK))

    async def _workspace(self, team: str) -> tuple[bool, list[Finding]]:
        """Return whether a workspace's token works, and what was found."""
        try:
            with translated():
                answer = await self.workspaces.client(team).auth_test()
        except UndeliverableError as error:
            return False, [Finding(in_slack.token_refused(team, str(error)), in_slack.MEND_INSTALLED)]
        except EscalationError:
            return False, [Finding(in_slack.workspace_silent(team), says.TRY_AGAIN)]
        return True, [Finding(in_slack.token_fine(team)), *self._scopes(answer.headers)]

    def _scopes(self, headers: Mapping[str, Any]) -> Iterator[Finding]:
        """Say which scopes the token lacks, as far as Slack says which it has."""
        missing = missing_scopes(headers)
        if missing is not None:
            lacking = in_slack.scopes_missing(missing)
            yield Finding(lacking, in_slack.MEND_SCOPES) if missing else Finding(in_slack.SCOPES_FINE)

    # ---- The people ------------------------------------------------------------------------------------------------

    async def _holders(self, school: School, teams: Sequence[str]) -> Sequence[Finding]:
        known = [contact for contact in school.contacts.values() if self._member(contact)]
        return await asyncio.gather(*(self._holder(contact, teams) for contact in known))

    async def _holder(self, contact: Contact, teams: Sequence[str]) -> Finding:
        """Say whether the holder of a role is in one of the workspaces."""
        member, mend = self._member(contact) or "", says.mend_holder(SLACK, contact.role)
        for team in teams:
            try:
                with translated():
                    answer = await self.workspaces.client(team).users_info(user=member)
            except UndeliverableError as error:
                if str(error) in _NOBODY:
                    continue
                return Finding(says.holder_unknown(contact.title), _mend(error))
            except EscalationError:
                return Finding(says.holder_unknown(contact.title), says.TRY_AGAIN)
            return _as_found(contact, answer.get("user") or {}, mend)
        return Finding(says.holder_missing(SLACK, contact.title), mend)

    def _member(self, contact: Contact) -> str | None:
        return self.office.channels[PLATFORM].address(contact)

    # ---- The user groups -------------------------------------------------------------------------------------------

    async def _groups(self, school: School, teams: Sequence[str]) -> Sequence[Finding]:
        wanted = (school.asks.get(PLATFORM) or {}).get("user_groups", ())
        if not wanted:
            return ()
        there: dict[str, int] = {}
        for team in teams:
            try:
                with translated():
                    answer = await self.workspaces.client(team).usergroups_list(include_count=True)
            except EscalationError as error:
                return [Finding(in_slack.group_unknown(group), _mend(error)) for group in wanted]
            there |= {str(one["id"]): int(one.get("user_count") or 0) for one in answer.get("usergroups") or ()}
        return [_group_finding(group, there) for group in wanted]


def _mend(error: EscalationError) -> str:
    """Say what to do about something that Slack does not tell."""
    return in_slack.MEND_SCOPES if str(error) == "missing_scope" else says.TRY_AGAIN


def _as_found(contact: Contact, user: Mapping[str, Any], mend: str) -> Finding:
    if user.get("deleted"):
        return Finding(says.holder_gone(SLACK, contact.title), mend)
    if user.get("is_bot"):
        return Finding(says.holder_bot(SLACK, contact.title), mend)
    return Finding(says.holder_fine(SLACK, contact.title))


def _group_finding(group: str, there: Mapping[str, int]) -> Finding:
    if group not in there:
        return Finding(in_slack.group_missing(group), in_slack.MEND_GROUP)
    if not there[group]:
        return Finding(in_slack.group_empty(group), in_slack.MEND_GROUP)
    return Finding(in_slack.group_fine(group))
