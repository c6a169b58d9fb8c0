"""Looks over, from the command line, how Signpost is set up in Teams: credentials, address, tenant, people, places."""

import asyncio
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from adapters.chat.belonging import homes_named
from adapters.findings import Finding, warning
from adapters.outside import what_is_amiss
from adapters.settings import Settings, faults_of_teams, is_teams_id, warnings_of_teams
from adapters.settings_values import GUID
from adapters.teams.manifest import PRIVACY_PATH, REQUEST_PATH
from adapters.teams.tokens import Tokens
from bot.escalation.errors import EscalationError, UndeliverableError
from knowledge.model import School

_PLATFORM, _TENANT, _TEAM = "teams", "teams_tenant", "teams_team"
_THREAD = re.compile(r"19:[A-Za-z0-9_-]+@thread\.(?:tacv2|skype|v2)")
_ASKERS = frozenset({"groups", "people"})
_NOT_HEARD = (
    "it belongs to a tenant of Teams, but no credentials reach Signpost, so it does not listen to Teams; set "
    "TEAMS_APP_ID, TEAMS_TENANT_ID and TEAMS_APP_PASSWORD_FILE, in the terminal or service that starts Signpost"
)
_MEND_ID = "in the Entra admin centre, open the person under Users, copy the Object ID, and write it"
_MEND_TEAM = "in Teams, open the team's menu, choose Get link to team, and copy what stands behind groupId="
_BIND = "type @Signpost policy-admin routes bind {route} in a private channel"


@dataclass(frozen=True, slots=True)
class _Named:
    """An id that a school names: whose it is, and where it stands."""

    id: str
    who: str
    where: str


def look_at_teams(
    settings: Settings,
    schools: Sequence[School],
    unread: Sequence[str] = (),
    tokens: Callable[[str, str, str], Tokens] = Tokens,
) -> Iterator[Finding]:
    """Tell what is wrong, and how to mend it. `unread` are the ids of the schools whose files cannot be read.

    Nothing is told where Teams is not set up and no school belongs to a tenant. `tokens` are got for the app's id, its
    password and the tenant.
    """
    faults = faults_of_teams(settings)
    yield from ((False, fault) for fault in faults)
    on_teams = [school for school in schools if homes_named(school, _TENANT)]
    if settings.teams_mode is None and not faults:
        yield from ((False, f"school {school.id}: {_NOT_HEARD}") for school in on_teams)
    if settings.teams_mode == "unauthenticated":
        yield warning(_open_to_all(settings))
    if settings.teams_mode == "authenticated" and not faults:
        yield from _address(settings)
        yield _token(tokens(settings.teams_app_id or "", settings.teams_app_password or "", _tenant(settings)))
        yield from _tenants(_tenant(settings), schools, unread)
        on_teams = [school for school in on_teams if _tenant(settings) in homes_named(school, _TENANT)]
    if settings.teams_mode and not faults:
        yield from _people(on_teams)
        for school in on_teams:
            yield from (*_askers(school), *_places(school))


def _tenant(settings: Settings) -> str:
    return settings.teams_tenant_id or ""


def _open_to_all(settings: Settings) -> str:
    return (
        f"teams.dangerously_allow_unauthenticated is true: WHOEVER REACHES {settings.listen_host}, PORT "
        f"{settings.listen_port}, CAN POSE AS ANYBODY, the DSL included. Try it out with made-up concerns alone, and "
        "take the setting away before anybody at your school uses Signpost"
    )


# ---- The way in and out ----------------------------------------------------------------------------------------------


def _address(settings: Settings) -> Iterator[Finding]:
    yield True, f"Signpost listens to Teams on {settings.listen_host}:{settings.listen_port}, path {REQUEST_PATH}"
    yield from map(warning, warnings_of_teams(settings))
    url = settings.public_url
    if url and url.endswith((REQUEST_PATH, PRIVACY_PATH)):
        yield False, "public_url has the path in it, which Signpost adds itself: end it with the name of the computer"
    elif url and url.startswith("https://"):
        amiss = asyncio.run(what_is_amiss(url, REQUEST_PATH, PRIVACY_PATH))
        if amiss:
            yield warning(f"{url} could not be seen to lead to Signpost: {amiss}")
        else:
            yield True, f"{url} leads to Signpost; the bot's messaging endpoint in Azure must be {url}{REQUEST_PATH}"


def _token(source: Tokens) -> Finding:
    try:
        asyncio.run(_asked(source))
    except UndeliverableError as refused:
        return False, f"Entra refuses Signpost: {refused}"
    except EscalationError as error:
        told = f"{error}; look whether this computer reaches login.microsoftonline.com on port 443, and try again"
        return False, told
    return True, "Entra knows Signpost, and lets it act in Teams"


async def _asked(source: Tokens) -> None:
    await source.get()


# ---- What the schools say --------------------------------------------------------------------------------------------


def _tenants(tenant: str, schools: Sequence[School], unread: Sequence[str]) -> Iterator[Finding]:
    """Say which schools are in the tenant, and which name another one."""
    here = [school.id for school in schools if tenant in homes_named(school, _TENANT)]
    if not here:
        yield False, f"no school belongs to the tenant of TEAMS_TENANT_ID; {_belonging(tenant, schools, unread)}"
        return
    yield True, f"the tenant of TEAMS_TENANT_ID is that of {', '.join(here)}"
    for school in schools:
        named = homes_named(school, _TENANT)
        yield from ((False, _other_tenant(school, one, tenant)) for one in named if one != tenant)
        if not named and homes_named(school, _TEAM):
            yield False, f"school {school.id}: belongs names a team and no tenant; add {{{_TENANT}: {tenant}}} to it"


def _belonging(tenant: str, schools: Sequence[School], unread: Sequence[str]) -> str:
    """Say how a school comes to belong to the tenant."""
    if unread:
        return f"mend {', '.join(unread)} first, whose school.yaml may say so"
    instead = dict.fromkeys(other for school in schools for other in homes_named(school, _TENANT))
    there = f", in place of {', '.join(instead)}" if instead else ""
    return f"write `belongs: [{{{_TENANT}: {tenant}}}]` into your school.yaml{there}"


def _other_tenant(school: School, named: str, tenant: str) -> str:
    if named.lower() == tenant:
        return f"school {school.id}: the tenant under belongs has capital letters; write {tenant}"
    return (
        f"school {school.id}: it belongs to the tenant {named}, and Signpost answers {tenant} alone; mend what is wrong"
    )


# ---- Who and where ---------------------------------------------------------------------------------------------------


def _people(schools: Sequence[School]) -> Iterator[Finding]:
    """Say which ids can be nobody's; whether somebody has one that can be, only Teams knows."""
    named = [one for school in schools for one in _named(school)]
    wrong = [(one, fault) for one in named if (fault := _fault_of_id(one.id))]
    for one, fault in wrong:
        yield False, f"{one.who}: {one.id} {fault}; {_MEND_ID} {one.where}"
    for school in schools:
        yield from _mixed_up(school)
    if named and not wrong:
        yield True, "every Teams id of a person could be one; policy-admin doctor, typed in Teams, says whose they are"


def _named(school: School) -> Iterator[_Named]:
    for contact in school.contacts.values():
        where = f"under contacts, {contact.role}, as {{kind: teams, value: THE-ID}}"
        ids = [reach.value for reach in contact.reach if reach.kind == _PLATFORM]
        yield from (_Named(one, f"{school.id}, {contact.title}", where) for one in ids)
    ids = [admin[_PLATFORM] for admin in school.admins if _PLATFORM in admin]
    yield from (_Named(one, f"{school.id}, admins", "under admins, as {teams: THE-ID}") for one in ids)
    people = (school.asks.get(_PLATFORM) or {}).get("people", ())
    yield from (_Named(one, f"{school.id}, asks", "under asks, as {teams: {people: [THE-ID]}}") for one in people)


def _fault_of_id(one: str) -> str | None:
    if GUID.fullmatch(one.lower()) and one != one.lower():
        return "has capital letters, and Entra writes none"
    if is_teams_id(one):
        return None
    if "#ext#" in one.lower():
        return "is a guest from another organisation"
    return "is neither an object id nor a user principal name"


def _mixed_up(school: School) -> Iterator[Finding]:
    """Say of which roles two people have one id: one of the two would never be told. Their names stand in no log."""
    holders: dict[str, dict[str, str]] = {}
    for contact in school.contacts.values():
        for reach in contact.reach:
            if reach.kind == _PLATFORM and contact.name:
                holders.setdefault(reach.value.lower(), {})[contact.name] = contact.title
    for titles in (" and ".join(found.values()) for found in holders.values() if len(found) > 1):
        yield warning(f"{school.id}: {titles} have the same Teams id and different names; mend the one that is wrong")


def _askers(school: School) -> Iterator[Finding]:
    """Say whether everybody in the tenant may ask, pupils included, and what of `asks` names no team."""
    asks = school.asks.get(_PLATFORM)
    if asks is None:
        yield warning(
            f"{school.id}: everybody with an account in the tenant may ask, and pupils have one; write `asks: {{teams: "
            "{groups: [ID-OF-A-TEAM]}}` with a team that only your staff are in"
        )
        return
    for kind in asks:
        if kind not in _ASKERS:
            yield False, f"{school.id}: Teams knows no {kind}; write `groups` or `people` under asks, teams"
    for group in asks.get("groups", ()):
        if not _is_team(group):
            yield False, f"{school.id}, asks: {group} is no id of a team; {_MEND_TEAM}"


def _places(school: School) -> Iterator[Finding]:
    """Say which places have no id, and of which route nobody can be told in Teams, as the school.yaml has it."""
    for team in homes_named(school, _TEAM):
        if not _is_team(team):
            yield False, f"{school.id}, belongs: {team} is no id of a team; {_MEND_TEAM}"
    for name, route in school.routes.items():
        place, bind = (route.place or {}).get(_PLATFORM), _BIND.format(route=name)
        holders = [reach for role in route.people for reach in school.contact(role).reach if reach.kind == _PLATFORM]
        if place and not _THREAD.fullmatch(place):
            yield False, f"{school.id}: {place} is no id of a channel; take it out, and {bind}"
        elif not place and not holders:
            yield warning(
                f"{school.id}: the school.yaml names nobody of the route {name} in Teams; write a Teams id at each of "
                f"its people, or {bind}, which is not seen from here"
            )


def _is_team(one: str) -> bool:
    return bool(GUID.fullmatch(one) or _THREAD.fullmatch(one))
