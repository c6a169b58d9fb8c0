"""Opens the way to Teams, before anything that reaches people through it."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial

import aiohttp

from adapters.chat.belonging import Served
from adapters.settings import Settings
from adapters.teams.channel import TeamsChannel, bot_id
from adapters.teams.gate import Confirmed, Gate
from adapters.teams.keys import METADATA_URL, Keys
from adapters.teams.people import Names, People
from adapters.teams.sdk import Access, BotFramework
from adapters.teams.service_urls import ServiceUrls
from adapters.teams.tenants import Places, Tenants, tenants
from adapters.teams.tokens import NoTokens, Tokens, TokenSource
from bot.escalation.ports import Kept
from bot.ports import Knowledge

_NOBODY = "signpost"


@dataclass(frozen=True, slots=True)
class Network:
    """How Microsoft is reached: for the Bot Connector and its keys, and for the tokens (a client of msal's)."""

    session: Callable[[], aiohttp.ClientSession] = field(default=partial(aiohttp.ClientSession, trust_env=True))
    msal: Callable[[], object] | None = None


@dataclass(frozen=True, slots=True)
class TeamsReach:
    """How people are reached in Teams: made before anything that reaches them. `keys` is None without any."""

    framework: BotFramework
    urls: ServiceUrls
    keys: Keys | None
    tokens: TokenSource
    tenants: Tenants
    people: People
    names: Names
    confirmed: Confirmed
    gate: Gate
    channel: TeamsChannel


@asynccontextmanager
async def teams_reach(
    settings: Settings, knowledge: Served, bound: Knowledge, kept: Kept, now: Callable[[], datetime], network: Network
) -> AsyncIterator[TeamsReach | None]:
    """Open the way to Teams for as long as it is needed; None where Teams is not set up. Raises StoreError.

    `bound` is the knowledge with the channels that admins have bound in it.
    """
    mode = settings.teams_mode
    if mode is None:
        yield None
        return
    app, tenant = settings.teams_app_id or _NOBODY, settings.teams_tenant_id or ""
    urls = ServiceUrls(settings.teams_service_hosts, loopback=mode == "unauthenticated")
    async with network.session() as session:
        keys: Keys | None = None
        tokens: TokenSource = NoTokens()
        if mode == "authenticated":
            keys = Keys(session, METADATA_URL, now)
            tokens = Tokens(app, settings.teams_app_password or "", tenant, now=now, http_client=network.msal)
        framework = BotFramework(Access(app, tenant), keys, tokens, urls, session)
        places, names, confirmed = Places(kept), Names(kept), Confirmed(kept)
        for one in (places, names, confirmed):
            await one.load()
        there = tenants(knowledge, places)
        people = People(framework, places, names, now)
        gate = Gate(framework, places, people, confirmed, now)
        channel = TeamsChannel(framework, there, people, gate, bound, bot=bot_id(app))
        try:
            yield TeamsReach(framework, urls, keys, tokens, there, people, names, confirmed, gate, channel)
        finally:
            if keys is not None:
                await keys.close()
            if isinstance(tokens, Tokens):
                await tokens.close()
