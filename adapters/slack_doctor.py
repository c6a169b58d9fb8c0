"""Looks over, from the command line, how Signpost is set up in Slack: tokens, workspace, scopes, people, channels."""

import asyncio
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from slack_sdk.web.async_client import AsyncWebClient

from adapters.chat import admin_wording as says
from adapters.findings import Finding
from adapters.settings import Settings, faults_of_slack
from adapters.slack import checkup_wording as in_slack
from adapters.slack.admin_words import SLACK
from adapters.slack.calls import translated
from adapters.slack.gate import fault_of
from adapters.slack.manifest import REDIRECT_PATH, REQUEST_PATH, missing_scopes
from adapters.slack.people import PLATFORM
from adapters.slack.quiet import quiet_logger
from adapters.slack.workspaces import teams_named
from bot.escalation.errors import EscalationError, UndeliverableError
from knowledge.model import School

_TIMEOUT_S = 8
_UNSEEN = frozenset({"channel_not_found", "not_in_channel"})
_NO_SCOPE = "missing_scope"
_NOT_INSIDE = "Signpost is not in it, or there is no such channel: type /invite @Signpost in it"
_NOBODY = frozenset({"user_not_found", "users_not_found", "user_not_visible"})
_NOT_HEARD = (
    "it belongs to a Slack workspace, but no token reaches Signpost, so it does not listen to Slack; set "
    "SLACK_BOT_TOKEN_FILE and SLACK_APP_TOKEN_FILE to the files with the two tokens, in the terminal or service that "
    "starts Signpost"
)
_ADMIN = f"{PLATFORM}:"
_MEND_ADMIN = "write the member id of one of your people under admins"


def look_at_slack(settings: Settings, schools: Sequence[School], unread: Sequence[str] = ()) -> Iterator[Finding]:
    """Tell what is wrong, and how to mend it. `unread` are the ids of the schools whose files cannot be read.

    Nothing is told where Slack is not set up and no school belongs to a workspace.
    """
    faults = faults_of_slack(settings)
    yield from ((False, fault) for fault in faults)
    if settings.slack_mode is None and not faults:
        yield from ((False, f"school {school.id}: {_NOT_HEARD}") for school in schools if teams_named(school))
    if (settings.public_url or "").endswith((REQUEST_PATH, REDIRECT_PATH)):
        yield False, "public_url has the path in it, which Signpost adds itself: end it with the name of the computer"
    if settings.slack_mode == "http" and not faults:
        yield True, f"Signpost listens to Slack over HTTP, on {settings.listen_host}:{settings.listen_port}"
    if settings.slack_mode and settings.slack_bot_token and not faults:
        yield from asyncio.run(_asked(settings, schools, unread))


@dataclass(frozen=True, slots=True)
class _Named:
    """A member id that the settings or a school name: whose it is, and what to do where it is wrong."""

    member: str
    who: str
    mend: str


async def _asked(settings: Settings, schools: Sequence[School], unread: Sequence[str]) -> list[Finding]:
    client = AsyncWebClient(
        token=settings.slack_bot_token,
        base_url=settings.slack_api_url,
        timeout=_TIMEOUT_S,
        retry_handlers=[],
        logger=quiet_logger(),
    )
    found, here = await _workspace(client, schools, unread)
    if settings.slack_app_token:
        found.append(await _socket(client, settings.slack_app_token))
    if here:
        found += await _as_far_as_slack_tells("people", _people(client, here, settings.admins))
        found += await _as_far_as_slack_tells("channels", _channels(client, here))
    return found


async def _as_far_as_slack_tells(what: str, asked: AsyncIterator[Finding]) -> list[Finding]:
    """Return what was found before Slack had enough of questions, and that it had."""
    found = []
    try:
        async for finding in asked:
            found.append(finding)
    except EscalationError as error:
        found.append((False, f"the {what} could not all be looked at ({error}); try again"))
    return found


async def _workspace(
    client: AsyncWebClient, schools: Sequence[School], unread: Sequence[str]
) -> tuple[list[Finding], list[School]]:
    """Return what is found of the bot's token, and the schools of its workspace."""
    try:
        with translated():
            answer = await client.auth_test()
    except UndeliverableError as refused:
        told = (
            f"Slack refuses SLACK_BOT_TOKEN ({refused}); copy the Bot User OAuth Token anew from your app's page "
            '"OAuth & Permissions"'
        )
        return [(False, told)], []
    except EscalationError as error:
        told = f"{error}; look whether this computer reaches slack.com on port 443, and try again"
        return [(False, told)], []
    team, named = str(answer.get("team_id") or ""), str(answer.get("team") or "")
    here = [school for school in schools if team in teams_named(school)]
    known = f"Slack knows Signpost in the workspace {named} ({team}), "
    if here:
        found = [(True, f"{known}which is that of {', '.join(school.id for school in here)}")]
    else:
        found = [(False, f"{known}but no school belongs to it; {_belonging(team, schools, unread)}")]
    return [*found, *_scopes(answer.headers)], here


def _belonging(team: str, schools: Sequence[School], unread: Sequence[str]) -> str:
    """Say how a school comes to belong to a workspace."""
    if unread:
        return f"mend {', '.join(unread)} first, whose school.yaml may say so"
    instead = dict.fromkeys(other for school in schools for other in teams_named(school))
    there = f", in place of {', '.join(instead)}" if instead else ""
    return f"write `belongs: [{{slack_team: {team}}}]` into your school.yaml{there}"


def _scopes(headers: Mapping[str, Any]) -> Iterator[Finding]:
    """Say which scopes the token lacks, as far as Slack says which it has."""
    missing = missing_scopes(headers)
    if missing:
        yield False, f"{in_slack.scopes_missing(missing)} {in_slack.MEND_SCOPES}"


async def _socket(client: AsyncWebClient, token: str) -> Finding:
    try:
        with translated():
            await client.apps_connections_open(app_token=token)
    except UndeliverableError as refused:
        return False, (
            f"Slack refuses SLACK_APP_TOKEN ({refused}); make a new app-level token with the scope connections:write "
            "on your app's page, under Basic Information"
        )
    except EscalationError as error:
        return False, f"Socket Mode cannot connect just now: {error}; try again"
    return True, "Socket Mode can connect"


# ---- What the schools name -------------------------------------------------------------------------------------------


async def _people(client: AsyncWebClient, schools: Sequence[School], admins: Sequence[str]) -> AsyncIterator[Finding]:
    """Say which member ids are nobody's. Slack is asked once about each. Raises EscalationError."""
    named = [one for school in schools for one in _named(school)]
    named += [
        _Named(one.removeprefix(_ADMIN), f"{one} of the settings", _MEND_ADMIN) for one in admins if _ADMIN in one
    ]
    faults: dict[str, str | None] = {}
    for one in named:
        if one.member not in faults:
            faults[one.member] = await _fault_of_member(client, one.member)
        if faults[one.member]:
            yield False, f"{one.who}: {one.member} {faults[one.member]}. {one.mend}"
    if named and not any(faults.values()):
        yield True, "everybody whom the school.yaml names by a Slack id is in the workspace"


def _named(school: School) -> Iterator[_Named]:
    for contact in school.contacts.values():
        ids = [reach.value for reach in contact.reach if reach.kind == PLATFORM]
        yield from (_Named(one, f"{school.id}, {contact.title}", says.mend_holder(SLACK, contact.role)) for one in ids)
    ids = [admin[PLATFORM] for admin in school.admins if PLATFORM in admin]
    yield from (_Named(one, f"{school.id}, admins", _MEND_ADMIN) for one in ids)


async def _fault_of_member(client: AsyncWebClient, member: str) -> str | None:
    """Say why a member id is nobody who can be told; None where it is somebody."""
    try:
        with translated():
            user = (await client.users_info(user=member)).get("user") or {}
    except UndeliverableError as error:
        if str(error) not in _NOBODY:
            raise
        return "is nobody in this workspace"
    if user.get("deleted"):
        return "is an account that has been closed"
    return "is an app, not a person" if user.get("is_bot") else None


async def _channels(client: AsyncWebClient, schools: Sequence[School]) -> AsyncIterator[Finding]:
    """Say which channels of the school.yaml would not be used, and why. Slack is asked once about each.

    Raises EscalationError.
    """
    faults: dict[str, str | None] = {}
    for school in schools:
        for name, route in school.routes.items():
            place = (route.place or {}).get(PLATFORM)
            if place is None:
                continue
            if place not in faults:
                faults[place] = await _fault_of_channel(client, place)
            fault = faults[place]
            told = says.place_fine(name)
            if fault:
                told = f"{says.place_at_fault(name, fault)} {says.mend_channel(SLACK, fault)}"
            yield fault is None, f"{school.id}, {place}: {told}"


async def _fault_of_channel(client: AsyncWebClient, place: str) -> str | None:
    try:
        with translated():
            return fault_of((await client.conversations_info(channel=place)).get("channel") or {})
    except UndeliverableError as error:
        if str(error) in _UNSEEN:
            return _NOT_INSIDE
        if str(error) == _NO_SCOPE:
            return fault_of({})  # Signpost may look at private channels alone
        raise
