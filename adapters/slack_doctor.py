"""Looks over, from the command line, how Signpost is set up in Slack: settings, tokens, whose workspace it is."""

import asyncio
from collections.abc import Iterator, Mapping

from slack_sdk.web.async_client import AsyncWebClient

from adapters.settings import Settings, faults_of_slack
from adapters.slack.calls import translated
from bot.escalation.errors import EscalationError, UndeliverableError

Finding = tuple[bool, str]
_TIMEOUT_S = 8


def look_at_slack(settings: Settings, teams: Mapping[str, str]) -> Iterator[Finding]:
    """Tell what is wrong, and how to mend it. `teams` names the school of each workspace that a school belongs to.

    Nothing is told where Slack is not set up.
    """
    faults = faults_of_slack(settings)
    yield from ((False, fault) for fault in faults)
    if settings.slack_mode and settings.slack_bot_token and not faults:
        yield from asyncio.run(_asked(settings, teams))


async def _asked(settings: Settings, teams: Mapping[str, str]) -> list[Finding]:
    client = AsyncWebClient(base_url=settings.slack_api_url, timeout=_TIMEOUT_S, retry_handlers=[])
    found = [await _workspace(client, settings, teams)]
    if settings.slack_app_token:
        found.append(await _socket(client, settings.slack_app_token))
    return found


async def _workspace(client: AsyncWebClient, settings: Settings, teams: Mapping[str, str]) -> Finding:
    try:
        with translated():
            answer = await client.auth_test(token=settings.slack_bot_token)
    except UndeliverableError as refused:
        return False, (
            f"Slack refuses SLACK_BOT_TOKEN ({refused}); copy the Bot User OAuth Token anew from your app's page "
            '"OAuth & Permissions"'
        )
    except EscalationError:
        return False, "Slack does not answer; look whether this computer reaches slack.com on port 443, and try again"
    team, named = str(answer.get("team_id") or ""), str(answer.get("team") or "")
    if team in teams:
        return True, f"Slack knows Signpost in the workspace {named} ({team}), which is that of {teams[team]}"
    return False, (
        f"Slack knows Signpost in the workspace {named} ({team}), but no school belongs to it; write "
        f"`belongs: [{{slack_team: {team}}}]` into your school.yaml"
    )


async def _socket(client: AsyncWebClient, token: str) -> Finding:
    try:
        with translated():
            await client.apps_connections_open(app_token=token)
    except UndeliverableError as refused:
        return False, (
            f"Slack refuses SLACK_APP_TOKEN ({refused}); make a new app-level token with the scope connections:write "
            "on your app's page, under Basic Information"
        )
    except EscalationError:
        return False, "Slack opens no connection just now; try again"
    return True, "Socket Mode can connect"
