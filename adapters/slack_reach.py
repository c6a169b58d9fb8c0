"""Opens the way to Slack, before anything that reaches people through it."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime

import aiohttp

from adapters.chat.belonging import Served
from adapters.settings import Settings
from adapters.slack.channel import SlackChannel
from adapters.slack.gate import Gate
from adapters.slack.workspaces import TIMEOUT_S, Workspaces


@dataclass(frozen=True, slots=True)
class SlackReach:
    """How people are reached in Slack: made before anything that reaches them."""

    workspaces: Workspaces
    gate: Gate
    channel: SlackChannel
    session: aiohttp.ClientSession


@asynccontextmanager
async def slack_reach(
    settings: Settings, knowledge: Served, now: Callable[[], datetime]
) -> AsyncIterator[SlackReach | None]:
    """Open the way to Slack for as long as it is needed; None where Slack is not set up."""
    if settings.slack_mode is None:
        yield None
        return
    # The SDK keeps its own time limit only for sessions that it makes itself.
    async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=TIMEOUT_S)) as session:
        workspaces = Workspaces(settings.slack_api_url, session, knowledge)
        gate = Gate(workspaces, now)
        yield SlackReach(workspaces, gate, SlackChannel(workspaces, gate, now), session)
